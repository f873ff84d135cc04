"""A model of power loss.

A `Recorder` does every operation on the real disk and writes it down. From any prefix of what was written down, `images`
builds what a disk may hold when the power fails there: a file's content is certain only after it was synced, a name only
after its folder was. What is not certain may be there, be lost, be half there or be garbage.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from palimpsest.library.files import Disk

FEW = 3
"""Of so many of the latest uncertain names, every combination is tried."""
FATES = ("whole", "empty", "half", "garbage")
"""What may become of content that was not synced."""


@dataclass(frozen=True)
class Step:
    """One operation, or a note: `row` when the index has committed a pack, `ack` when a caller was told that it is done."""

    kind: str
    path: Path
    data: bytes = b""
    target: Path = Path()


@dataclass
class Recorder(Disk):
    """The disk, with a memory."""

    steps: list[Step] = field(default_factory=list)

    def make_folder(self, folder: Path) -> None:
        self.steps.append(Step("folder", folder))
        super().make_folder(folder)

    def write(self, path: Path, data: bytes) -> None:
        self.steps.append(Step("write", path, data))
        super().write(path, data)

    def sync(self, path: Path) -> None:
        self.steps.append(Step("sync", path))

    def rename(self, path: Path, target: Path) -> None:
        self.steps.append(Step("rename", path, target=target))
        super().rename(path, target)

    def sync_folder(self, folder: Path) -> None:
        self.steps.append(Step("sync_folder", folder))

    def discard(self, path: Path) -> None:
        self.steps.append(Step("discard", path))
        super().discard(path)

    def note(self, kind: str, path: Path = Path(), data: bytes = b"") -> None:
        self.steps.append(Step(kind, path, data))


@dataclass(frozen=True)
class Change:
    """A name in a folder now points to a content, to a folder (None), or to nothing any more (GONE)."""

    path: str
    points_to: int | None

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


GONE = -1


@dataclass(frozen=True)
class Image:
    """What a disk may hold after the power has failed. `gone` are folders that were made and whose names are lost."""

    names: Mapping[str, int]
    contents: Mapping[int, bytes]
    folders: frozenset[str]
    gone: frozenset[str]

    def has_folders(self, paths: frozenset[str]) -> bool:
        return paths <= self.folders and not any(self._lost(path) for path in paths if self.gone)

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes; None when it is not there."""
        if path not in self.names or (self.gone and self._lost(path)):
            return None
        return self.contents[self.names[path]]

    def files(self) -> Iterator[tuple[str, bytes]]:
        for path in self.names:
            data = self.read(path)
            if data is not None:
                yield path, data

    def _lost(self, path: str) -> bool:
        return path in self.gone or any(path.startswith(f"{folder}/") for folder in self.gone)


class Machine:
    """What is certain and what is not, after each step."""

    def __init__(self) -> None:
        self.certain: dict[str, int] = {}
        self.uncertain: list[Change] = []
        self.folders: set[str] = set()
        self.contents: dict[int, bytes] = {}
        self.synced: set[int] = set()

    def do(self, step: Step) -> None:
        path = str(step.path)
        if step.kind == "folder" and path not in self.folders:
            self.folders.add(path)
            self.uncertain.append(Change(path, None))
        elif step.kind == "write":
            number = len(self.contents)
            self.contents[number] = step.data
            self.uncertain.append(Change(path, number))
        elif step.kind == "sync":
            self.synced.add(self._content(path))
        elif step.kind == "rename":
            self.uncertain += [Change(str(step.target), self._content(path)), Change(path, GONE)]
        elif step.kind == "discard":
            self.uncertain.append(Change(path, GONE))
        elif step.kind == "sync_folder":
            self._settle(path)

    def images(self, rng: random.Random) -> Iterator[Image]:
        loose = [number for number in self.contents if number not in self.synced]
        folders = frozenset(self.folders)
        for kept in self._choices(rng):
            names, gone = dict(self.certain), set()
            for change, keep in zip(self.uncertain, kept, strict=True):
                if keep and change.points_to is not None:
                    names[change.path] = change.points_to
                elif not keep and change.points_to is None:
                    gone.add(change.path)
            there = {path: number for path, number in names.items() if number != GONE}
            for fate in FATES if not set(loose).isdisjoint(there.values()) else FATES[:1]:
                lost = {number: _spoiled(self.contents[number], fate, rng) for number in loose}
                yield Image(there, self.contents | lost, folders, frozenset(gone))

    def _settle(self, folder: str) -> None:
        for change in [change for change in self.uncertain if change.folder == folder]:
            if change.points_to is not None:
                self.certain[change.path] = change.points_to
            self.uncertain.remove(change)

    def _choices(self, rng: random.Random) -> Iterator[tuple[bool, ...]]:
        """Choose which uncertain names are there: the last few in every combination, those before all, none or some."""
        older = max(0, len(self.uncertain) - FEW)
        before = [(True,) * older] if not older else [(True,) * older, (False,) * older, _drawn(rng, older)]
        for first in before:
            for last in product((False, True), repeat=len(self.uncertain) - older):
                yield (*first, *last)

    def _content(self, path: str) -> int:
        found = [change.points_to for change in self.uncertain if change.path == path]
        number = found[-1] if found else self.certain[path]
        assert number is not None
        return number


def _drawn(rng: random.Random, count: int) -> tuple[bool, ...]:
    return tuple(rng.random() < 0.5 for _ in range(count))


def _spoiled(data: bytes, fate: str, rng: random.Random) -> bytes:
    if fate == "empty":
        return b""
    if fate == "half":
        return data[: len(data) // 2]
    return rng.randbytes(len(data)) if fate == "garbage" else data


def crashes(steps: Sequence[Step], seed: int = 0) -> Iterator[tuple[list[Step], Image]]:
    """Let the power fail after every step; yields the notes up to there, and an image of the disk."""
    rng = random.Random(seed)
    machine, notes = Machine(), []
    for step in steps:
        if step.kind in ("row", "ack"):
            notes.append(step)
        else:
            machine.do(step)
        for image in machine.images(rng):
            yield list(notes), image
