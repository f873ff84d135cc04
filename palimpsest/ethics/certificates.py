"""Certificates for signing: making a chain of one's own, reading somebody's, and saying what is wrong with it.

A chain as Content Credentials ask for it (C2PA specification 2.2, section 14): a root, an issuing authority below it, and the
leaf that signs, with the key usage `digitalSignature` and the extended usage `emailProtection`. No file is touched here.
This module loads `cryptography`; import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from palimpsest.errors import IdentityRefused

Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
YEARS = 10
"""How long a leaf made here is valid. Without a stamp of the time from outside, a file's signature ends with the leaf."""
_ORGANISATION = "made on the artist's own computer with Palimpsest"
_LONGEST_NAME = 64
"""What X.520 allows a common name to have."""
_CURVES = {"secp256r1": ("es256", hashes.SHA256()), "secp384r1": ("es384", hashes.SHA384())}


@dataclass(frozen=True)
class Made:
    """A new identity as PEM: the leaf with its issuing authority, the root to trust it by, and the leaf's key."""

    chain: bytes
    root: bytes
    key: bytes


@dataclass(frozen=True)
class Signing:
    """What is needed to sign: the chain as PEM, the algorithm's name, and a function from bytes to a signature."""

    chain: str
    algorithm: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Shown:
    """What a certificate says about itself. `until` is a day."""

    name: str
    issuer: str
    fingerprint: str
    until: str


def make(name: str, passphrase: str | None = None, now: datetime | None = None) -> Made:
    """Make a root, an issuing authority and a leaf of this name. The keys of the first two are forgotten at once.

    Nobody can then issue a second leaf under this root, not even whoever steals the leaf's key.

    Raises:
        IdentityRefused: the name is longer than a certificate takes.
    """
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise IdentityRefused(f"name: expected 1 to {_LONGEST_NAME} characters, but got {len(name.strip())}.")
    start = (now or datetime.now(UTC)) - timedelta(days=1)
    root = _issue("Palimpsest local root", None, start, authority=1)
    issuing = _issue("Palimpsest local issuing authority", root, start, authority=0)
    leaf = _issue(name.strip(), issuing, start, authority=None)
    closed = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    key = leaf[1].private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, closed)
    return Made(_pem(leaf[0]) + _pem(issuing[0]), _pem(root[0]), key)


_Issued = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _issue(name: str, issuer: _Issued | None, start: datetime, *, authority: int | None) -> _Issued:
    """Issue one certificate; `authority` is how many authorities may stand below it, None for a leaf."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
        ]
    )
    signer = issuer[1] if issuer else key
    over = authority is not None
    usage = x509.KeyUsage(
        digital_signature=not over,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=over,
        crl_sign=over,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * YEARS + (30 if over else 0)))
        .add_extension(x509.BasicConstraints(over, authority), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if not over:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return made.sign(signer, hashes.SHA256()), key


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def read_chain(data: bytes) -> list[x509.Certificate]:
    """Read a chain of certificates in PEM, the leaf first.

    Raises:
        IdentityRefused: there is none in it.
    """
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as fault:
        raise IdentityRefused(
            "Expected certificates as PEM, the signer's first, but the file holds none.",
            "A .p12 or .pfx file is turned into PEM with: openssl pkcs12 -in FILE -out FILE.pem",
        ) from fault


def read_key(data: bytes, passphrase: str | None) -> Key:
    """Read a private key in PEM.

    Raises:
        IdentityRefused: it is none, it is of a kind that cannot sign here, or the passphrase is missing or wrong.
    """
    try:
        key = serialization.load_pem_private_key(data, passphrase.encode() if passphrase else None)
    except TypeError as fault:
        if passphrase:  # a passphrase for a key that has none: the key is open, and that is what counts
            return read_key(data, None)
        raise IdentityRefused(
            "The private key is protected by a passphrase, and none was given.", "Give it as PALIMPSEST_PASSPHRASE."
        ) from fault
    except ValueError as fault:
        closed = b"ENCRYPTED" in data
        problem = "The passphrase does not open the private key." if closed else "Expected a private key as PEM."
        raise IdentityRefused(problem, "Look at PALIMPSEST_PASSPHRASE and at the key's file.") from fault
    if not isinstance(key, (ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey, rsa.RSAPrivateKey)):
        raise IdentityRefused(f"Expected an elliptic, Ed25519 or RSA key, but got {type(key).__name__}.")
    return key


def show(data: bytes) -> Shown:
    """Say whose a chain is."""
    leaf = read_chain(data)[0]
    return Shown(
        _common_name(leaf.subject),
        _common_name(leaf.issuer),
        leaf.fingerprint(hashes.SHA256()).hex(),
        leaf.not_valid_after_utc.date().isoformat(),
    )


def serial_number(data: bytes) -> str:
    """Return the signer's serial number, as readers of credentials write it."""
    return str(read_chain(data)[0].serial_number)


def signing(chain: bytes, key: Key, now: datetime | None = None) -> Signing:
    """Bring a chain and its key together for signing.

    Raises:
        IdentityRefused: the certificate cannot sign Content Credentials, is not valid now, or is another key's.
    """
    certificates = read_chain(chain)
    _check(certificates[0], now or datetime.now(UTC))
    if certificates[0].public_key() != key.public_key():
        raise IdentityRefused(
            "The private key is not the one of the certificate.", "Name the key that was made for this certificate."
        )
    _check_order(certificates)
    algorithm, sign = _signer(key)
    return Signing(b"".join(map(_pem, certificates)).decode(), algorithm, sign)


def _check(leaf: x509.Certificate, now: datetime) -> None:
    """Refuse what a reader of credentials would refuse, before anything is signed with it."""
    if now > leaf.not_valid_after_utc:
        raise IdentityRefused(f"The certificate was valid until {leaf.not_valid_after_utc:%Y-%m-%d}.", _RENEW)
    if now < leaf.not_valid_before_utc:
        raise IdentityRefused(
            f"The certificate is valid only from {leaf.not_valid_before_utc:%Y-%m-%d}.",
            "Look at this computer's clock, or wait until then.",
        )
    for extension, holds, wanted in _RULES:
        try:
            value = leaf.extensions.get_extension_for_class(extension).value
        except x509.ExtensionNotFound:
            value = None
        if not holds(value):
            raise IdentityRefused(f"The certificate cannot sign Content Credentials: expected {wanted}.", _RENEW)


_RENEW = "`palimpsest identity --new` makes one of your own; --certificate and --key take another."
_RULES: tuple[tuple[type[x509.ExtensionType], Callable[[object], bool], str], ...] = (
    (
        x509.BasicConstraints,
        lambda value: not (isinstance(value, x509.BasicConstraints) and value.ca),
        "a signer's certificate, but it is an authority's",
    ),
    (
        x509.KeyUsage,
        lambda value: isinstance(value, x509.KeyUsage) and value.digital_signature,
        "the key usage digitalSignature",
    ),
    (
        x509.ExtendedKeyUsage,
        lambda value: isinstance(value, x509.ExtendedKeyUsage) and ExtendedKeyUsageOID.EMAIL_PROTECTION in value,
        "the extended key usage emailProtection (1.3.6.1.5.5.7.3.4)",
    ),
    (
        x509.AuthorityKeyIdentifier,
        lambda value: value is not None,
        "an authority key identifier",
    ),
)


def _check_order(certificates: list[x509.Certificate]) -> None:
    for one, above in pairwise(certificates):
        try:
            one.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as fault:
            raise IdentityRefused(
                f"The chain of certificates is broken: {_common_name(above.subject)} did not issue "
                f"{_common_name(one.subject)}.",
                "Put them in order: the signer's first, then whoever issued it, and so on.",
            ) from fault


def _signer(key: Key) -> tuple[str, Callable[[bytes], bytes]]:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519", key.sign
    if isinstance(key, rsa.RSAPrivateKey):
        salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256().digest_size)
        return "ps256", lambda data: key.sign(data, salted, hashes.SHA256())
    if key.curve.name not in _CURVES:
        raise IdentityRefused(f"Expected a key on the curve P-256 or P-384, but it is {key.curve.name}.", _RENEW)
    algorithm, digest = _CURVES[key.curve.name]
    return algorithm, lambda data: key.sign(data, ec.ECDSA(digest))


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else "no name"
