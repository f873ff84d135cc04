"""Who signs: the person's own certificate and key, made when they are first needed.

They lie in the person's configuration folder, not in a studio: a studio may be copied, lent or handed to a gallery, and a
private key must never travel with it. One person with several studios is one signer.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from palimpsest.errors import FileRefused, IdentityRefused, NotFound
from palimpsest.library.files import refusal

if TYPE_CHECKING:
    from palimpsest.ethics.certificates import Shown, Signing

CHAIN, ROOT, KEY = "certificate.pem", "root.pem", "key.pem"
PASSPHRASE = "PALIMPSEST_PASSPHRASE"
"""The variable of the environment that opens a key which is closed by a passphrase."""
_LARGEST = 1 << 20


@dataclass(frozen=True)
class Keeping:
    """Where identities are kept. `own` holds the one in force, `earlier` those that it replaced."""

    folder: Path

    @classmethod
    def usual(cls) -> Keeping:
        """Return the place in the person's configuration folder."""
        return cls(Path(platformdirs.user_config_dir("palimpsest", appauthor=False)) / "identity")

    @property
    def own(self) -> Path:
        """The folder of the identity in force."""
        return self.folder / "own"

    @property
    def earlier(self) -> Path:
        """The folder of those that were replaced; what they signed is still known as one's own."""
        return self.folder / "earlier"

    @property
    def exists(self) -> bool:
        """Whether there is an identity."""
        return (self.own / CHAIN).is_file()


def show_identity(keeping: Keeping) -> Shown:
    """Say who one is.

    Raises:
        NotFound: there is no identity yet.
        IdentityRefused: its certificate does not read.
    """
    from palimpsest.ethics import certificates  # noqa: PLC0415 - loads `cryptography`: a fifth of a second

    if not keeping.exists:
        raise NotFound("identity", str(keeping.own), "`palimpsest identity --new` makes one; so does the first export.")
    return certificates.show(_read(keeping.own / CHAIN))


def new_identity(keeping: Keeping, name: str = "", passphrase: str | None = None) -> Shown:
    """Make an identity of this name, or of one that says nothing about the person; the one before it is kept aside.

    Raises:
        IdentityRefused: the name does not fit into a certificate.
        FileRefused: the folder cannot be written.
    """
    from palimpsest.ethics import certificates  # noqa: PLC0415 - as above

    made = certificates.make(name or f"an artist ({secrets.token_hex(3)})", passphrase or None)
    _install(keeping, {CHAIN: made.chain, ROOT: made.root, KEY: made.key}, replaces=True)
    return certificates.show(made.chain)


def take_identity(keeping: Keeping, certificate: Path, key: Path, passphrase: str | None = None) -> Shown:
    """Take somebody's own certificate and key, once they are known to sign together; the one before it is kept aside.

    Raises:
        NotFound, FileRefused: a file is not there, or may not be read.
        IdentityRefused: the certificate cannot sign, or the key is not its own, or stays closed.
    """
    from palimpsest.ethics import certificates  # noqa: PLC0415 - as above

    chain, secret = _read(certificate), _read(key)
    certificates.signing(chain, certificates.read_key(secret, passphrase))
    _install(keeping, {CHAIN: chain, ROOT: chain, KEY: secret}, replaces=True)
    return certificates.show(chain)


def signing(keeping: Keeping, passphrase: str | None = None) -> Signing:
    """Return what signs; an identity is made where there is none yet.

    Raises:
        IdentityRefused: the certificate has run out or cannot sign, or the key is missing, closed, another's or open to others.
    """
    from palimpsest.ethics import certificates  # noqa: PLC0415 - as above

    if not keeping.exists:
        made = certificates.make(f"an artist ({secrets.token_hex(3)})", passphrase or None)
        _install(keeping, {CHAIN: made.chain, ROOT: made.root, KEY: made.key}, replaces=False)
    file = keeping.own / KEY
    if not file.is_file():
        raise IdentityRefused(
            f"{file}: expected the private key of your certificate, but it is missing.",
            "Bring it back from a backup, or make a new identity: `palimpsest identity --new`.",
        )
    _refuse_open(file)
    return certificates.signing(_read(keeping.own / CHAIN), certificates.read_key(_read(file), passphrase))


def anchors(keeping: Keeping) -> str:
    """Return the certificates by which one's own signatures are known, of now and of before, as PEM."""
    files = [keeping.own / ROOT, *sorted(keeping.earlier.glob(f"*/{ROOT}"))]
    return "".join(_read(file).decode("ascii", "ignore") for file in files if file.is_file())


def is_own(keeping: Keeping, serial_number: str) -> bool:
    """Tell whether a certificate of this number is one's own, now or before."""
    from palimpsest.ethics import certificates  # noqa: PLC0415 - as above

    files = [keeping.own / CHAIN, *keeping.earlier.glob(f"*/{CHAIN}")]
    return any(certificates.serial_number(_read(file)) == serial_number for file in files if file.is_file())


def closed(keeping: Keeping) -> bool:
    """Tell whether a passphrase is needed to sign."""
    file = keeping.own / KEY
    return file.is_file() and b"ENCRYPTED" in _read(file)


def passphrase_in(environment: Mapping[str, str]) -> str | None:
    """Return the passphrase that the environment gives, if any."""
    return environment.get(PASSPHRASE) or None


def _install(keeping: Keeping, files: Mapping[str, bytes], *, replaces: bool) -> None:
    """Put an identity in its place, whole or not at all; the key is never, not even for a moment, readable by others."""
    draft = keeping.folder / f".{secrets.token_hex(6)}.part"
    try:
        draft.mkdir(parents=True, mode=0o700)
        for name, data in files.items():
            _write_private(draft / name, data)
        if replaces and keeping.own.exists():
            keeping.earlier.mkdir(mode=0o700, exist_ok=True)
            keeping.own.rename(_free(keeping.earlier))
        draft.rename(keeping.own)
    except OSError as fault:
        if not replaces and keeping.exists:  # another process made one in this very moment; it is the one
            return
        raise refusal(keeping.folder, fault) from fault
    finally:
        _sweep(draft)


def _free(folder: Path) -> Path:
    return next(path for path in (folder / f"{number:04d}" for number in _numbers()) if not path.exists())


def _numbers() -> Iterator[int]:
    yield from range(1, 10_000)


def _write_private(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sweep(draft: Path) -> None:
    with suppress(OSError):
        for file in draft.iterdir():
            file.unlink()
        draft.rmdir()


def _refuse_open(file: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise IdentityRefused(
            f"{file}: expected a private key that only you may read, but others on this computer may.",
            f"chmod 600 {file}",
        )


def _read(file: Path) -> bytes:
    try:
        if not file.is_file():
            if file.exists():
                raise FileRefused(str(file), "expected a file, but it is a folder, a device or a pipe", "Name a file.")
            raise NotFound("file", str(file), "Look at the name.")
        if file.stat().st_size > _LARGEST:
            raise FileRefused(str(file), "expected a certificate or a key, but it is larger than any")
        return file.read_bytes()
    except OSError as fault:
        raise refusal(file, fault) from fault
