"""Forgetting: pictures and names go for good, what rests on them stays whole, and a kill at any moment loses nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from palimpsest.errors import Erased, NotFound
from palimpsest.library import queries, vectors
from palimpsest.library.files import Disk
from palimpsest.library.library import Library, image_name
from palimpsest.lineage.records import Act, Terms
from palimpsest.perception.imprint import imprint
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.crediting import credits
from palimpsest.studio.exporting import export
from palimpsest.studio.finding import list_works, show, thumbnail_file, thumbnail_of
from palimpsest.studio.forgetting import Receipt, forget, plan_person, plan_works, receipt_lines
from palimpsest.studio.performing import perform, raster_of
from palimpsest.studio.portraying import portray
from palimpsest.studio.replaying import replay
from palimpsest.studio.saying import Said
from palimpsest.studio.sourcing import sources
from palimpsest.studio.studio import Studio, rebuild
from palimpsest.studio.telling import tell
from tests.studio.conftest import listing, picture

NAME = "Maria Kovács"


def filled(studio: Studio) -> tuple[str, str, str]:
    """A picture of somebody, one made from it and another, and one made from that."""
    said = Said(title=f"{NAME} in the garden", makers=(NAME,), licence="CC-BY-4.0")
    photo, _ = add_bytes(studio, picture(1), "photo.png", said)
    other, _ = add_bytes(studio, picture(2), "other.png", Said(licence="CC0-1.0"))
    half = perform(studio, "crop", {"work": [photo]}, {"left": 0.5}).works[0].id
    both = perform(studio, "blend", _roles(studio, half, other)).works[0].id
    portray(studio, photo, [NAME], "refused")
    return photo, half, both


def _roles(studio: Studio, one: str, other: str) -> dict[str, list[str]]:
    roles = [role.name for role in studio.catalogue.get("blend").roles if not role.optional]
    return dict(zip(roles, ([one], [other]), strict=True))


def test_a_work_is_forgotten_and_everything_else_stays_whole(studio: Studio) -> None:
    photo, half, both = filled(studio)
    before = credits(studio, tell(studio, both))
    path = studio.library.image_path(queries.work(studio.library, photo))
    data = path.read_bytes()
    receipt = forget(studio, plan_works(studio, [photo]), "the person asked")
    assert not path.exists()
    assert [each["work"] for each in receipt.works] == [photo]
    assert {each["work"] for each in receipt.still_carry_its_pixels} == {half, both}
    assert receipt.works[0]["erased"] == {"image": 1, "thumbnail": 1}
    assert json.loads(json.dumps(receipt.as_json()))["reason"] == "the person asked"
    assert any("still carries" in line for line in receipt_lines(receipt))
    assert not any(data in each for each in listing(studio.folder).values())
    after = credits(studio, tell(studio, both))
    assert after.works == before.works
    assert sum(after.works.values()) == 1
    report = check(studio)
    assert (report.damage, report.notes) == ([], [])
    assert show(studio, photo).work.id == photo
    assert thumbnail_of(studio, photo) == thumbnail_file(studio, photo).read_bytes()
    for use in _uses(studio, photo, half):
        with pytest.raises(Erased, match="erased on"):
            use()
    assert add_bytes(studio, picture(3), "unrelated.png")[1] is False
    studio.close()
    rebuild(studio.folder)
    with Studio.open(studio.folder) as again:
        assert check(again).damage == []
        assert credits(again, tell(again, both)).works == before.works


def _uses(studio: Studio, photo: str, half: str) -> list[Callable[[], object]]:
    return [
        lambda: replay(studio, half),
        lambda: perform(studio, "crop", {"work": [photo]}, {"top": 0.5}),
        lambda: export(studio, photo, studio.folder / "out.png"),
        lambda: add_bytes(studio, picture(1), "again.png"),
    ]


def test_its_imprint_goes_along(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(1, 64, 64), "a.png", Said(licence="CC0-1.0"))
    with vectors.imprints(studio.library) as kept:
        kept.keep({work: imprint(raster_of(studio, work))})
        assert kept.shelf().works == (work,)
    forget(studio, plan_works(studio, [work]))
    with vectors.imprints(studio.library) as kept:
        assert kept.shelf().works == ()


def test_what_was_made_from_an_erased_work_can_still_be_exported(studio: Studio, tmp_path: Path) -> None:
    photo, _ = add_bytes(studio, picture(1), "photo.png", Said(title="one", licence="CC0-1.0"))
    half = perform(studio, "crop", {"work": [photo]}, {"left": 0.5}).works[0].id
    forget(studio, plan_works(studio, [photo]))
    assert export(studio, half, tmp_path / "half.png").file.is_file()


def test_descendants_go_along_when_asked_with_their_source_maps(studio: Studio) -> None:
    photo, half, both = filled(studio)
    maps = [name for name in studio.library.objects.names() if name.suffix not in (".png", ".jsonl")]
    assert maps
    receipt = forget(studio, plan_works(studio, [photo], descendants=True))
    assert {each["work"] for each in receipt.works} == {photo, half, both}
    assert receipt.still_carry_its_pixels == ()
    assert [name for name in studio.library.objects.names() if name.suffix not in (".png", ".jsonl")] == []
    with pytest.raises(Erased):
        sources(studio, half)
    with pytest.raises(Erased):
        perform(studio, "crop", {"work": [photo]}, {"left": 0.5})
    assert check(studio).damage == []


def test_a_person_is_forgotten_in_every_record(studio: Studio) -> None:
    photo, half, both = filled(studio)
    terms = {each.digest for each in queries.records_about(studio.library, None, Terms)}
    acts = {each.digest for each in queries.records_about(studio.library, None, Act)}
    before = credits(studio, tell(studio, both))
    receipt = forget(studio, plan_person(studio, NAME.upper()), f"{NAME} wrote to us")
    assert [each["work"] for each in receipt.works] == [photo]
    assert NAME not in json.dumps(receipt.as_json(), ensure_ascii=False)
    assert receipt.stands_for_the_name in receipt.reason
    assert {each.digest for each in queries.records_about(studio.library, None, Terms)} == terms, "others name them"
    assert {each.digest for each in queries.records_about(studio.library, None, Act)} == acts
    assert check(studio).damage == []
    assert list_works(studio, "Kovács") == []
    after = credits(studio, tell(studio, both))
    assert after.works == before.works
    assert after.people[receipt.stands_for_the_name] == before.people[NAME]
    studio.close()
    for spelt in (NAME, "Kovács", "kovacs"):
        assert _traces(studio.folder, spelt) == []
    rebuild(studio.folder)
    with Studio.open(studio.folder) as again:
        assert check(again).damage == []
        assert credits(again, tell(again, half)).works
        with pytest.raises(NotFound):
            plan_person(again, NAME)


def _traces(folder: Path, name: str) -> list[str]:
    """Every file, the index too, in which a name stands in any spelling that SQLite or JSON would write."""
    words = {name.encode(), name.casefold().encode(), json.dumps(name)[1:-1].encode()}
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(word in path.read_bytes() for word in words)]


def test_the_artist_may_be_forgotten_too(studio: Studio) -> None:
    _, _, both = filled(studio)
    receipt = forget(studio, plan_person(studio, "ada"))
    assert studio.person.name == receipt.stands_for_the_name
    assert check(studio).damage == [], "permits that rest on its being their own work still hold"
    assert receipt.works == ()
    assert sum(credits(studio, tell(studio, both)).people.values()) == 1


def test_only_whole_words_are_taken_out(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(1), "a.png", Said(title="Adam, Ada’s cat, ADA and Nevada", licence="CC0-1.0"))
    token = forget(studio, plan_person(studio, "Ada")).stands_for_the_name
    (found,) = [each for each in list_works(studio) if each["id"] == work]
    assert found["title"] == f"Adam, {token}’s cat, {token} and Nevada"


@pytest.mark.parametrize("name", ["", "  ", "Nobody Known", "(.*)", "a" * 5000])
def test_somebody_unknown_is_not_found(studio: Studio, name: str) -> None:
    filled(studio)
    with pytest.raises(NotFound):
        plan_person(studio, name)


def test_what_was_forgotten_cannot_be_forgotten_twice(studio: Studio) -> None:
    photo, _, _ = filled(studio)
    forget(studio, plan_works(studio, [photo]))
    with pytest.raises(NotFound, match="any more"):
        plan_works(studio, [photo])
    with pytest.raises(NotFound):
        plan_works(studio, ["0" * 64])


def test_a_picture_that_came_back_by_hand_is_reported(studio: Studio) -> None:
    photo, _, _ = filled(studio)
    forget(studio, plan_works(studio, [photo]))
    studio.library.objects.put(picture(1), ".png")
    assert check(studio).damage == [f"{photo[:12]}: was erased, but its picture is still here"]


class KilledError(BaseException):
    """The process died here."""


class Mortal(Disk):
    """A disk under a process that dies before a given step."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def _step(self) -> None:
        if self.steps == 0:
            raise KilledError
        self.steps -= 1

    def write(self, path: Path, data: bytes) -> None:
        if self.steps == 0:
            path.write_bytes(data[: len(data) // 2])
        self._step()
        super().write(path, data)

    def sync(self, path: Path) -> None:
        self._step()
        super().sync(path)

    def rename(self, path: Path, target: Path) -> None:
        self._step()
        super().rename(path, target)

    def sync_folder(self, folder: Path) -> None:
        self._step()
        super().sync_folder(folder)

    def discard(self, path: Path) -> None:
        self._step()
        super().discard(path)


@pytest.mark.parametrize("whom", ["work", "person"])
def test_a_kill_at_any_step_leaves_all_or_nothing(whom: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    with Studio.create(source, "Ada", Settings()) as studio:
        photo, _, both = filled(studio)
        shares = credits(studio, tell(studio, both)).works
    outcomes = set()
    for steps in range(200):
        folder = tmp_path / f"killed {steps}"
        shutil.copytree(source, folder)
        finished = _killed(folder, whom, photo, steps)
        with Studio.open(folder) as again:
            gone = not again.library.objects.has(image_name(queries.work(again.library, photo)))
            assert gone is (photo in queries.erased(again.library))
            report = check(again)
            assert report.damage == [], f"after {steps} steps"
            assert credits(again, tell(again, both)).works == shares
            named = bool(list_works(again, "Kovács"))
        assert not (folder / "erasing" / "intent.json").exists()
        if whom == "person":
            assert named is not gone, "the name goes with the picture, or stays with it"
            assert not gone or _traces(folder, "Kovács") == []
        outcomes.add(gone)
        shutil.rmtree(folder)
        if finished:
            break
    assert finished, "two hundred steps were too few"
    assert outcomes == {True, False}


def _killed(folder: Path, whom: str, photo: str, steps: int) -> bool:
    """Forget in a process that dies before a step; tells whether it came to its end."""
    studio = Studio.open(folder, Settings())
    try:
        plan = plan_works(studio, [photo]) if whom == "work" else plan_person(studio, NAME)
        object.__setattr__(studio.library.objects, "files", Mortal(steps))
        forget(studio, plan)
    except KilledError:
        return False
    finally:
        studio.close()
    return True


def test_an_intent_that_does_not_read_is_one_clear_error(studio: Studio) -> None:
    studio.close()
    (studio.folder / "erasing").mkdir()
    (studio.folder / "erasing" / "intent.json").write_text("{", encoding="utf-8")
    with pytest.raises(Exception, match="being erased") as fault:
        Library.open(studio.folder)
    assert getattr(fault.value, "exit_status", 0) == 5


def test_what_a_person_only_made_is_not_listed_as_showing_them(studio: Studio) -> None:
    add_bytes(studio, picture(7), "tree.png", Said(title="A tree", makers=(NAME,)))
    named, _ = add_bytes(studio, picture(8), "door.png", Said(title=f"{NAME} at the door"))
    plan = plan_person(studio, NAME)
    assert plan.named == (named,)
    (listed,) = forget(studio, plan).may_still_show_them
    assert listed["work"] == named
    assert NAME not in listed["title"]


def test_the_receipt_of_a_person_counts_records(studio: Studio) -> None:
    filled(studio)
    plan = plan_person(studio, NAME)
    receipt = forget(studio, plan)
    assert isinstance(receipt, Receipt)
    assert receipt.records == plan.records > 3
