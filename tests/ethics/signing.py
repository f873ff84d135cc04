"""Certificates of every kind, and credentials that break a rule, for tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

from palimpsest.ethics import certificates
from palimpsest.ethics.credentials import Ingredient, Signed, sign
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster

DST = "http://cv.iptc.org/newscodes/digitalsourcetype/"
NOW = datetime.now(UTC)


@cache
def own() -> certificates.Made:
    """Return one identity for all tests of a process."""
    return certificates.make("Ada")


@cache
def signs() -> certificates.Signing:
    """Return what signs with it."""
    return certificates.signing(own().chain, certificates.read_key(own().key, None))


def picture(number: int = 0, media_type: str = "image/jpeg", side: int = 64) -> bytes:
    """Return a small picture as a file."""
    rng = np.random.default_rng(number)
    coarse = rng.integers(0, 256, (8, 8, 3), np.uint8)
    return encode(Raster(np.asarray(Image.fromarray(coarse).resize((side, side)))), media_type)


def created(kind: str = "algorithmicMedia") -> dict[str, Any]:
    """Return the action of a creation."""
    return {"action": "c2pa.created", "digitalSourceType": DST + kind}


def step(action: str, *labels: str, **more: object) -> dict[str, Any]:
    """Return an action that names ingredients."""
    return {"action": action, **({"parameters": {"ingredientIds": list(labels)}} if labels else {}), **more}


def claim(*actions: Mapping[str, Any], **more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with these actions, and further assertions by label."""
    extra = [{"label": label.replace("__", "-").replace("_", "."), "data": data} for label, data in more.items()]
    return {
        "claim_generator_info": [{"name": "test", "version": "1"}],
        "title": "a test",
        "format": "image/jpeg",
        "assertions": [{"label": "c2pa.actions", "data": {"actions": list(actions)}}, *extra],
    }


def source(label: str, relationship: str, data: bytes | None = None, media_type: str = "image/jpeg") -> Ingredient:
    """Return an ingredient; its title is its label."""
    declared = {"title": label, "relationship": relationship, "label": label}
    return Ingredient(declared, picture(9) if data is None else data, media_type)


def signed(
    *actions: Mapping[str, Any], sources: Sequence[Ingredient] = (), media_type: str = "image/jpeg", data: bytes = b""
) -> Signed:
    """Sign a small picture."""
    return sign(claim(*(actions or (created(),))), sources, data or picture(1, media_type), media_type, signs())


@dataclass(frozen=True)
class Pair:
    """A certificate with its key, as PEM."""

    chain: bytes
    key: bytes


Extension = tuple[x509.ExtensionType, bool]


def pair(
    name: str = "Eve",
    *,
    begins: timedelta = timedelta(days=-1),
    ends: timedelta = timedelta(days=100),
    usage: Sequence[x509.ObjectIdentifier] | None = (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    signature: bool = True,
    authority: bool = False,
    identified: bool = True,
    key: Callable[[], Any] = lambda: ec.generate_private_key(ec.SECP256R1()),
    passphrase: bytes = b"",
) -> Pair:
    """Make a certificate under a root of its own, right or wrong in one respect."""
    above, made = ec.generate_private_key(ec.SECP256R1()), key()
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "T")]
    )
    issuer = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"{name}'s root"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "T")]
    )
    root = _built(issuer, issuer, above, NOW - timedelta(days=2), NOW + timedelta(days=900))
    root = root.add_extension(x509.BasicConstraints(True, None), True).add_extension(
        _usage(signs=False, issues=True), True
    )
    leaf = _built(subject, issuer, made, NOW + begins, NOW + ends)
    leaf = leaf.add_extension(x509.BasicConstraints(authority, None), True)
    leaf = leaf.add_extension(_usage(signs=signature, issues=not signature), True)
    if usage is not None:
        leaf = leaf.add_extension(x509.ExtendedKeyUsage(usage), False)
    if identified:
        leaf = leaf.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), False)
    pem = serialization.Encoding.PEM
    shut = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    chain = b"".join(each.sign(above, hashes.SHA256()).public_bytes(pem) for each in (leaf, root))
    return Pair(chain, made.private_bytes(pem, serialization.PrivateFormat.PKCS8, shut))


def _built(subject: x509.Name, issuer: x509.Name, key: Any, start: datetime, end: datetime) -> x509.CertificateBuilder:  # noqa: ANN401
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    return built.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)


def _usage(*, signs: bool, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(signs, False, False, False, False, issues, issues, False, False)


KEYS: Mapping[str, Callable[[], Any]] = {
    "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ps256": lambda: rsa.generate_private_key(65537, 2048),
}


def with_xmp(data: bytes, text: str) -> bytes:
    """Return a JPEG with a packet of XMP."""
    file = io.BytesIO()
    Image.open(io.BytesIO(data)).save(file, "JPEG", quality=95, xmp=text.encode())
    return file.getvalue()
