"""Encryption of the stored files with a passphrase: AES-256-GCM in parts, under a key that scrypt protects.

The key that encrypts is random and lies, itself encrypted, in `encryption.json`. Each file says by its first bytes whether it is
encrypted, so that a studio half-way between is a studio all the same. A file's name goes into what is authenticated: no file can
stand in for another.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from palimpsest.errors import Damaged, InputRefused, Locked

SEAL = b"palimpsest sealed 1\n"
"""How an encrypted file begins."""
FILE = "encryption.json"
_PART = 64 * 1024 * 1024
_SALT, _NONCE, _TAG, _KEY = 16, 7, 16, 32
_COST, _BLOCK, _LANES = 2**17, 8, 1
"""scrypt: 128 MB and about half a second for each guess."""
_KEY_NAME = b"palimpsest key"
_LEAST = 8


@dataclass(frozen=True)
class Cipher:
    """The key of an open studio. `writes` says whether new files are encrypted; old ones are read either way."""

    key: bytes = field(repr=False)
    writes: bool = True

    def seal(self, data: bytes, name: str) -> bytes:
        """Encrypt a file's bytes."""
        aead = _aead(self.key)
        nonce = os.urandom(_NONCE)
        parts = [
            aead.encrypt(_nonce(nonce, number, last), part, name.encode()) for number, part, last in _parts(data, _PART)
        ]
        return b"".join([SEAL, nonce, *parts])

    def open(self, stored: bytes, name: str) -> bytes:
        """Decrypt a file's bytes.

        Raises:
            Damaged: they were changed, or are another file's, or were sealed with another key.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - costs time at every start, and few need it

        aead = _aead(self.key)
        body = memoryview(stored)[len(SEAL) :]
        nonce = bytes(body[:_NONCE])
        try:
            return b"".join(
                aead.decrypt(_nonce(nonce, number, last), part, name.encode())
                for number, part, last in _parts(body[_NONCE:], _PART + _TAG)
            )
        except (InvalidTag, ValueError):
            raise Damaged(
                f"{name[:12]}: expected the bytes that were encrypted, but they have changed.",
                "Bring the file back from a backup; `palimpsest check` lists all that is damaged.",
            ) from None


def create(passphrase: str) -> tuple[Cipher, bytes]:
    """Make a new key; returns it, and the content of `encryption.json`.

    Raises:
        InputRefused: the passphrase has fewer than 8 signs.
    """
    if len(passphrase) < _LEAST:
        raise InputRefused(
            f"Expected a passphrase of at least {_LEAST} signs, but got {len(passphrase)}.",
            "Several words that nobody would guess are good, and easy to remember.",
        )
    key, salt = os.urandom(_KEY), os.urandom(_SALT)
    kept = {
        "format": 1,
        "cipher": "AES-256-GCM",
        "kdf": {"name": "scrypt", "n": _COST, "r": _BLOCK, "p": _LANES, "salt": salt.hex()},
        "key": _wrap(_derived(passphrase, salt, _COST, _BLOCK, _LANES), key).hex(),
        "writes": True,
    }
    return Cipher(key), _written(kept)


def unlock(root: Path, passphrase: str | None) -> Cipher | None:
    """Return the key of a studio; None for one that is not encrypted.

    Raises:
        Locked: the passphrase is missing or wrong.
        Damaged: `encryption.json` does not read.
    """
    kept = _read(root)
    if kept is None:
        return None
    if passphrase is None:
        raise Locked(str(root))
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above

    try:
        kdf = kept["kdf"]
        derived = _derived(passphrase, bytes.fromhex(kdf["salt"]), int(kdf["n"]), int(kdf["r"]), int(kdf["p"]))
        wrapped = bytes.fromhex(kept["key"])
        return Cipher(_aead(derived).decrypt(wrapped[:12], wrapped[12:], _KEY_NAME), bool(kept["writes"]))
    except InvalidTag:
        raise Locked(str(root), wrong=True) from None
    except (KeyError, TypeError, ValueError, MemoryError) as fault:
        raise _unreadable(root) from fault


def is_encrypted(root: Path) -> bool:
    """Tell whether a studio has a passphrase."""
    return (root / FILE).is_file()


def turned(root: Path, *, writes: bool) -> bytes:
    """Return the content of `encryption.json` that says whether new files are encrypted.

    Raises:
        Damaged: it does not read.
    """
    kept = _read(root)
    if kept is None:
        raise _unreadable(root)
    return _written(kept | {"writes": writes})


def only_reading(cipher: Cipher) -> Cipher:
    """Return a key that opens files and encrypts no new ones."""
    return replace(cipher, writes=False)


def _read(root: Path) -> dict[str, Any] | None:
    try:
        value = json.loads((root / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        raise _unreadable(root) from fault
    if not isinstance(value, dict) or value.get("format") != 1:
        raise _unreadable(root)
    return value


def _unreadable(root: Path) -> Damaged:
    return Damaged(
        f"{root / FILE}: expected the key of an encrypted studio, but it does not read.",
        "Bring it back from a backup; without it no passphrase opens the studio.",
    )


def _written(kept: dict[str, Any]) -> bytes:
    return (json.dumps(kept, indent=2) + "\n").encode()


def _derived(passphrase: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - as above

    words = unicodedata.normalize("NFC", passphrase).encode()
    return Scrypt(salt=salt, length=_KEY, n=cost, r=block, p=lanes).derive(words)


def _wrap(derived: bytes, key: bytes) -> bytes:
    nonce = os.urandom(12)
    wrapped: bytes = _aead(derived).encrypt(nonce, key, _KEY_NAME)
    return nonce + wrapped


def _aead(key: bytes) -> Any:  # noqa: ANN401 - its type would have to be imported, too
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    return AESGCM(key)


def _parts(data: bytes | memoryview, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Cut into parts; yields number, part, and whether it is the last. There is at least one."""
    view = memoryview(data)
    count = max(1, -(-len(view) // size))
    for number in range(count):
        yield number, bytes(view[number * size : (number + 1) * size]), number == count - 1


def _nonce(start: bytes, number: int, last: bool) -> bytes:
    """Return a part's nonce: no part can be left out, moved, or taken for the last (STREAM; Hoang et al., 2015)."""
    return start + number.to_bytes(4, "big") + bytes([last])
