"""Certificates: what can sign, and a clear word on what cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from palimpsest.errors import IdentityRefused
from palimpsest.ethics import certificates
from palimpsest.ethics.credentials import read, sign
from tests.ethics.signing import KEYS, Pair, claim, created, own, pair, picture


def _signing(made: Pair, passphrase: str | None = None) -> certificates.Signing:
    return certificates.signing(made.chain, certificates.read_key(made.key, passphrase))


@pytest.mark.parametrize("name", KEYS)
def test_every_kind_of_key_signs_what_its_own_root_makes_trusted(name: str) -> None:
    made = pair(key=KEYS[name])
    signing = _signing(made)
    assert signing.algorithm == name
    done = sign(claim(created()), [], picture(), "image/jpeg", signing)
    assert read(done.data, "image/jpeg", made.chain.decode()).state == "Trusted"
    assert read(done.data, "image/jpeg").state == "Valid"


def test_an_identity_of_ones_own_signs_for_years_and_says_its_name() -> None:
    shown = certificates.show(own().chain)
    assert shown.name == "Ada"
    assert len(shown.fingerprint) == 64
    assert int(shown.until[:4]) >= 2035


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (lambda: pair(begins=timedelta(days=-9), ends=timedelta(days=-3)), "was valid until"),
        (lambda: pair(begins=timedelta(days=3)), "valid only from"),
        (lambda: pair(usage=[ExtendedKeyUsageOID.CODE_SIGNING]), "emailProtection"),
        (lambda: pair(usage=None), "emailProtection"),
        (lambda: pair(signature=False), "digitalSignature"),
        (lambda: pair(authority=True), "an authority's"),
        (lambda: pair(identified=False), "authority key identifier"),
        (lambda: Pair(pair().chain, pair().key), "not the one of the certificate"),
        (lambda: Pair(b"no certificate", pair().key), "holds none"),
        (lambda: Pair(pair().chain, b"no key"), "private key as PEM"),
        (lambda: Pair(pair().chain + pair().chain, b""), "private key as PEM"),
        (lambda: pair(key=lambda: ec.generate_private_key(ec.SECP256K1())), "P-256"),
    ],
)
def test_what_cannot_sign_is_told_in_a_word(made: object, word: str) -> None:
    assert callable(made)
    with pytest.raises(IdentityRefused) as told:
        _signing(made())
    assert word in str(told.value)


def test_a_chain_in_the_wrong_order_is_named() -> None:
    one, other = pair("Eve"), pair("Mallory")
    with pytest.raises(IdentityRefused, match="did not issue"):
        _signing(Pair(one.chain + other.chain, one.key))


def test_a_closed_key_wants_its_passphrase_and_an_open_one_minds_none() -> None:
    made = pair(passphrase=b"correct horse")
    with pytest.raises(IdentityRefused, match="passphrase, and none was given"):
        _signing(made)
    with pytest.raises(IdentityRefused, match="does not open"):
        _signing(made, "wrong")
    assert _signing(made, "correct horse").algorithm == "es256"
    assert _signing(pair(), "needless").algorithm == "es256"


@pytest.mark.parametrize("name", ["", "  ", "x" * 65])
def test_a_name_that_no_certificate_takes_is_refused(name: str) -> None:
    with pytest.raises(IdentityRefused, match="characters"):
        certificates.make(name)
