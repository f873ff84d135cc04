"""Erasing: taking files out of a library so that a crash leaves all of it as it was, or all of it done.

What shall happen is written down first (`erasing/intent.json`); whoever opens the library next carries out what was left. The
packs that take the place of others lie beside the intent until then, so that no index is ever made from both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from palimpsest.errors import Damaged, FileRefused
from palimpsest.library.files import Files
from palimpsest.library.objects import Name, Objects
from palimpsest.library.packs import SUFFIX, pack_of
from palimpsest.lineage.records import AnyRecord

FOLDER = "erasing"
INTENT = "intent.json"


@dataclass(frozen=True)
class Intent:
    """What is being erased: packs that come (digests) and go, other files that go (names), works whose thumbnails go."""

    packs_come: tuple[str, ...]
    packs_go: tuple[str, ...]
    files_go: tuple[str, ...]
    works: tuple[str, ...]


def intend(objects: Objects, come: Sequence[Sequence[AnyRecord]], go: Sequence[Name], works: Sequence[str]) -> Intent:
    """Write down what shall be erased; when this returns it will be, whatever happens.

    Raises:
        FileRefused: the disk does not let us; nothing has changed.
    """
    folder, files = objects.root / FOLDER, objects.files
    files.make_folder(folder)
    files.sync_folder(objects.root)
    packs = [pack_of(records) for records in come]
    for name, data in packs:
        _write(files, folder / str(name), objects.sealed(name, data))
    intent = Intent(
        tuple(name.digest for name, _ in packs),
        tuple(name.digest for name in go if name.suffix == SUFFIX),
        tuple(str(name) for name in go if name.suffix != SUFFIX),
        tuple(works),
    )
    draft = folder / f"{INTENT}.draft"
    _write(files, draft, json.dumps(asdict(intent)).encode())
    files.sync_folder(folder)
    files.rename(draft, folder / INTENT)
    files.sync_folder(folder)
    return intent


def intended(root: Path) -> Intent | None:
    """Return what was begun and is not finished.

    Raises:
        Damaged: the intent does not read.
    """
    file = root / FOLDER / INTENT
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
        return Intent(**{name: tuple(each) for name, each in value.items()})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        raise Damaged(
            f"{file}: expected to read what was being erased, but it does not read.",
            "Bring the studio back from a backup, or move this file away: what was erased by then stays so.",
        ) from fault


def carry_out(objects: Objects, intent: Intent) -> None:
    """Move the new packs to their place, then take away what goes; may be repeated from any point.

    Raises:
        FileRefused: a file cannot be taken away; the rest can be carried out later.
    """
    files = objects.files
    for digest in intent.packs_come:
        waiting, target = (objects.root / FOLDER / f"{digest}{SUFFIX}", objects.path(Name(digest, SUFFIX)))
        if waiting.is_file():
            files.rename(waiting, target)
        files.sync_folder(target.parent)
    gone = [Name(digest, SUFFIX) for digest in intent.packs_go if digest not in intent.packs_come]
    gone += [Name(text[:64], text[64:]) for text in intent.files_go]
    for name in gone:
        path = objects.path(name)
        files.discard(path)
        if path.exists():
            raise FileRefused(
                str(path), "expected to erase it, but the system refused", "Look at the folder's permissions."
            )
        files.sync_folder(path.parent)


def done(objects: Objects) -> None:
    """Forget the intent, and what an attempt that died before it was whole has left behind."""
    folder, files = objects.root / FOLDER, objects.files
    if not folder.is_dir():
        return
    files.discard(folder / INTENT)
    files.sync_folder(folder)
    for path in sorted(folder.iterdir()):
        files.discard(path)


def _write(files: Files, path: Path, data: bytes) -> None:
    files.discard(path)
    files.write(path, data)
    files.sync(path)
