"""Whatever was acknowledged survives a power failure at any step; and writers that are broken on purpose do not pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from palimpsest.errors import FileRefused
from palimpsest.library import index
from palimpsest.library.library import MARK, Library, image_name
from palimpsest.library.objects import Name, Objects
from palimpsest.library.packs import SUFFIX, Entry
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import AnyRecord, Work, read_record
from tests.library.power import Image, Recorder, Step, crashes
from tests.library.records import description, some_bytes, work

Story = Callable[[Path, Recorder, pytest.MonkeyPatch], None]


def _note_rows(monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> None:
    """Note the moment at which the index commits a pack."""
    real = index.add_pack

    def noted(connection: object, digest: str, entries: Sequence[Entry]) -> None:
        recorder.note("row", Path(digest), b"\n".join(entry.record.canonical for entry in entries))
        real(connection, digest, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(index, "add_pack", noted)


def _add(library: Library, recorder: Recorder, seed: int) -> None:
    """Add a work as the studio does: its image, then its records, then the word that it is safe."""
    data = some_bytes(seed)
    library.put_image(data, "image/png")
    library.append([work(data), description(work(data), f"No. {seed}")])
    recorder.note("ack", Path(digest_of_bytes(data)))


def a_day_in_the_studio(root: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library.create(root, {"studio": "s"}, files=recorder)
    recorder.note("ack", root)
    _note_rows(monkeypatch, recorder)
    for seed in (*range(5), 3):
        _add(library, recorder, seed)
    library.close()


class _Killed(FileRefused):
    pass


def a_process_dies_and_another_adds_the_same(root: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second process finds the file under its final name, though nobody has synced the folder."""
    library = Library.create(root, {}, files=recorder)
    _note_rows(monkeypatch, recorder)
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "sync_folder", _killed)
        with pytest.raises(_Killed):
            library.put_image(some_bytes(1), "image/png")
    _add(library, recorder, 1)
    library.close()


def _killed(_recorder: Recorder, folder: Path) -> None:
    raise _Killed(str(folder), "killed")


def _wrong(notes: Sequence[Step], image: Image, root: Path) -> list[str]:
    objects = Objects(root)
    found = []
    committed = set()
    for note in notes:
        if note.kind == "row":
            records = [read_record(line) for line in note.data.split(b"\n")]
            committed |= {record.id for record in records if isinstance(record, Work)}
            found += [] if _good(image, objects, Name(str(note.path), SUFFIX)) else ["a row without its pack"]
            found += _without_image(image, objects, records)
        elif note.path == root:
            found += [] if image.read(str(root / MARK)) else ["a studio is gone"]
        elif str(note.path) not in committed:
            found.append("a work was acknowledged before its row")
    for path, data in image.files():
        if path.startswith(f"{root}/objects/") and digest_of_bytes(data) != Path(path).stem:
            found.append("a final name with wrong bytes")
    mark = image.read(str(root / MARK))
    if mark is not None:
        found += [] if _parses(mark) else ["a mark that does not parse"]
        folders = frozenset(f"{root}/{name}" for name in ("unfinished", *(f"objects/{no:02x}" for no in range(256))))
        found += [] if image.has_folders(folders) else ["a mark without its folders"]
    return found


def _without_image(image: Image, objects: Objects, records: Sequence[AnyRecord]) -> list[str]:
    works = [record for record in records if isinstance(record, Work)]
    return ["a row without its image" for each in works if not _good(image, objects, image_name(each))]


def _good(image: Image, objects: Objects, name: Name) -> bool:
    data = image.read(str(objects.path(name)))
    return data is not None and digest_of_bytes(data) == name.digest


def _parses(data: bytes) -> bool:
    try:
        return bool(json.loads(data)["format"] == 1)
    except ValueError:
        return False


@pytest.mark.parametrize("story", [a_day_in_the_studio, a_process_dies_and_another_adds_the_same])
def test_nothing_acknowledged_is_lost_at_any_step(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    root = tmp_path / "new" / "studio"
    story(root, recorder, monkeypatch)
    count, wrong = 0, set()
    for notes, image in crashes(recorder.steps):
        count += 1
        wrong |= set(_wrong(notes, image, root))
    assert not wrong
    assert count > 3000


def _no_file_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Recorder, "sync", lambda _self, _path: None)


def _no_folder_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Recorder, "sync_folder", lambda _self, _folder: None)


def _no_sync_of_what_stands_above(patch: pytest.MonkeyPatch) -> None:
    real = Recorder.sync_folder

    def sync(recorder: Recorder, folder: Path) -> None:
        if not any((folder / name).exists() for name in ("studio", "new")):
            real(recorder, folder)

    patch.setattr(Recorder, "sync_folder", sync)


def _row_first(patch: pytest.MonkeyPatch) -> None:
    real = Library.append

    def append(library: Library, records: Sequence[AnyRecord]) -> None:
        recorder = library.objects.files
        assert isinstance(recorder, Recorder)
        before = len(recorder.steps)
        real(library, records)
        row = next(step for step in recorder.steps[before:] if step.kind == "row")
        recorder.steps.remove(row)
        recorder.steps.insert(before, row)

    patch.setattr(Library, "append", append)


def _rename_before_the_write_is_complete(patch: pytest.MonkeyPatch) -> None:
    def write(objects: Objects, data: bytes, target: Path) -> None:
        draft = objects.root / "unfinished" / target.name
        objects.files.write(draft, data[: len(data) // 2])
        objects.files.sync(draft)
        objects.files.rename(draft, target)
        objects.files.write(target, data)
        objects.files.sync(target)

    patch.setattr(Objects, "_write", write)


def _sync_after_rename(patch: pytest.MonkeyPatch) -> None:
    def write(objects: Objects, data: bytes, target: Path) -> None:
        draft = objects.root / "unfinished" / target.name
        objects.files.write(draft, data)
        objects.files.rename(draft, target)
        objects.files.sync(target)

    patch.setattr(Objects, "_write", write)


def _mark_first(patch: pytest.MonkeyPatch) -> None:
    real = Objects.put_mark

    def put_mark(objects: Objects, path: Path, data: bytes) -> None:
        recorder = objects.files
        assert isinstance(recorder, Recorder)
        folders = [step for step in recorder.steps if step.kind == "folder" and len(step.path.name) == 2]
        recorder.steps[:] = [step for step in recorder.steps if step not in folders]
        real(objects, path, data)
        recorder.steps += folders

    patch.setattr(Objects, "put_mark", put_mark)


def _trusts_what_it_finds(patch: pytest.MonkeyPatch) -> None:
    """Skip the sync of the folder when the file is there already."""
    real = Objects.put

    def put(objects: Objects, data: bytes, suffix: str) -> Name:
        name = Name(digest_of_bytes(data), suffix)
        return name if objects.has(name) else real(objects, data, suffix)

    patch.setattr(Objects, "put", put)


@pytest.mark.parametrize(
    "broken",
    [
        _no_file_sync,
        _no_folder_sync,
        _no_sync_of_what_stands_above,
        _row_first,
        _rename_before_the_write_is_complete,
        _sync_after_rename,
        _mark_first,
        _trusts_what_it_finds,
    ],
)
def test_a_broken_writer_is_caught(
    broken: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    root = tmp_path / "new" / "studio"
    story = a_process_dies_and_another_adds_the_same if broken is _trusts_what_it_finds else a_day_in_the_studio
    recorder = Recorder()
    story(root, recorder, monkeypatch)
    assert any(_wrong(notes, image, root) for notes, image in crashes(recorder.steps))
