"""What is damaged is named; what can be made anew is; and what was recorded once is read for ever."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palimpsest.errors import Damaged, PalimpsestError
from palimpsest.library import queries
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.crediting import credits, credits_json
from palimpsest.studio.finding import list_works, show, thumbnail_file
from palimpsest.studio.performing import perform
from palimpsest.studio.saying import Said, say
from palimpsest.studio.studio import Studio, rebuild
from palimpsest.studio.telling import lineage_json, tell
from tests.studio.conftest import palimpsest, picture

VERSION_1 = Path(__file__).parents[1] / "studios" / "v1"


def answers(studio: Studio) -> dict[str, Any]:
    """All that a studio says of its works."""
    listed = list_works(studio)
    found: dict[str, Any] = {"works": listed, "search": [each["id"] for each in list_works(studio, "sea")]}
    for each in listed:
        told = tell(studio, each["id"])
        found[each["id"]] = {
            "show": {key: value for key, value in show(studio, each["id"]).as_json().items() if key != "file"},
            "lineage": lineage_json(told),
            "credits": credits_json(told, credits(studio, told)),
        }
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def fill(studio: Studio, count: int = 3) -> list[str]:
    """Pictures, and what is made of them: a chain, a fork, a picture said anew, a recipe performed twice."""
    said = Said(title="The sea", makers=("Grace",), licence="CC-BY-SA-4.0")
    works = [add_bytes(studio, picture(seed), f"{seed}.png", said)[0] for seed in range(count)]
    first = perform(studio, "crop", {"work": works[:1]}, {"left": 0.25}).works[0].id
    second = perform(studio, "blend", {"base": [first], "top": works[1:2]}).works[0].id
    perform(studio, "blend", {"base": [second], "top": [first]}, {"opacity": 0.25})
    perform(studio, "crop", {"work": works[:1]}, {"left": 0.25})
    say(studio, works[2], Said(title="Été à Łódź — 海", date="1888"))
    return works


def test_every_kind_of_rot_is_named_and_leaves_with_5(studio: Studio) -> None:
    fill(studio, 8)
    rng = random.Random(3)
    files = sorted(path for path in (studio.folder / "objects").rglob("*") if path.is_file())
    spoiled = rng.sample([path for path in files if path.suffix == ".png"], 6)
    spoiled += rng.sample([path for path in files if path.suffix == ".jsonl"], 3)
    for place, path in enumerate(spoiled):
        data = bytearray(path.read_bytes())
        if place % 3 == 0:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            path.write_bytes(data)
        elif place % 3 == 1:
            path.write_bytes(data[: len(data) // 2])
        else:
            path.unlink()
    report = check(studio)
    for path in spoiled:
        assert any(path.stem[:12] in line for line in report.damage), path
    done = palimpsest(studio.folder, "check")
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    for path in (path for path in spoiled if path.suffix == ".png"):
        with pytest.raises((Damaged, PalimpsestError)):
            studio.library.image(queries.work(studio.library, path.stem))


def test_reading_a_damaged_work_says_so_and_adding_its_file_again_mends_it(studio: Studio) -> None:
    kinds: tuple[Callable[[bytes], bytes | None], ...] = (
        lambda data: data[:-9],
        lambda data: bytes(len(data)),
        lambda _: None,
    )
    for seed, spoil in enumerate(kinds):
        work, _ = add_bytes(studio, picture(seed), "a.png")
        path = studio.library.image_path(queries.work(studio.library, work))
        spoiled = spoil(path.read_bytes())
        if spoiled is None:
            path.unlink()
        else:
            path.write_bytes(spoiled)
        with pytest.raises(Damaged):
            perform(studio, "crop", {"work": [work]}, {"left": 0.5})
        assert add_bytes(studio, picture(seed), "a.png") == (work, True)
        assert perform(studio, "crop", {"work": [work]}, {"left": 0.5})
    assert check(studio).whole


def _gone(index: Path) -> None:
    shutil.rmtree(index)


def _no_thumbnails(index: Path) -> None:
    shutil.rmtree(index / "thumbnails")


def _another_version(index: Path) -> None:
    with sqlite3.connect(index / "ledger.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()


def _no_tables(index: Path) -> None:
    with sqlite3.connect(index / "ledger.sqlite3") as connection:
        for table in ("recipe_inputs", "descriptions", "search"):
            connection.execute(f"DROP TABLE {table}")
    connection.close()


def _garbage(index: Path) -> None:
    for path in index.glob("ledger*"):
        path.unlink()
    (index / "ledger.sqlite3").write_bytes(b"garbage" * 999)


def _torn_pages(index: Path) -> None:
    path = index / "ledger.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = random.Random(1).randbytes(len(data) - 4096 * 2)
    path.write_bytes(data)


@pytest.mark.parametrize("spoil", [_gone, _no_thumbnails, _another_version, _no_tables, _garbage, _torn_pages])
def test_an_index_that_is_lost_or_damaged_comes_back_with_the_same_answers(spoil: Any, tmp_path: Path) -> None:  # noqa: ANN401
    folder = tmp_path / "studio"
    with Studio.create(folder, "Ada", Settings()) as studio:
        works = fill(studio)
        before = answers(studio)
        with studio.library.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(folder / "index")
    try:
        with Studio.open(folder, Settings()) as studio:
            assert answers(studio) == before
            assert check(studio).whole
            assert thumbnail_file(studio, works[0]).is_file()
    except Damaged as error:
        assert "palimpsest rebuild" in error.remedy  # noqa: PT017
        rebuild(folder)
    with Studio.open(folder, Settings()) as studio:
        assert answers(studio) == before
        assert check(studio).whole


def test_a_rotten_pack_does_not_lock_anybody_out(studio: Studio) -> None:
    """The index is made from all the others; `check` names the one, and bringing it back brings back all."""
    works = fill(studio)
    before = answers(studio)
    studio.close()
    [pack] = [
        path
        for path in (studio.folder / "objects").rglob("*.jsonl")
        if works[2].encode() in path.read_bytes() and b'"kind":"work"' in path.read_bytes()
    ]
    data = pack.read_bytes()
    pack.write_bytes(data[:-5])
    shutil.rmtree(studio.folder / "index")
    with Studio.open(studio.folder, Settings()) as opened:
        assert queries.has_work(opened.library, works[0])
        assert not queries.has_work(opened.library, works[2])
        assert any(pack.stem[:12] in line for line in check(opened).damage)
    done = palimpsest(studio.folder, "rebuild")
    assert (done.returncode, len(done.stderr.splitlines())) == (5, 2)
    pack.write_bytes(data)
    rebuild(studio.folder)
    with Studio.open(studio.folder, Settings()) as opened:
        assert answers(opened) == before


@pytest.mark.parametrize(
    ("mark", "status"), [("", 5), ("[]", 5), ('{"format": "x"}', 5), ('{"format": 99}', 5), ('{"format": null}', 5)]
)
def test_a_mark_that_cannot_be_read_is_one_clear_error(mark: str, status: int, tmp_path: Path) -> None:
    Studio.create(tmp_path / "s").close()
    (tmp_path / "s" / "studio.json").write_text(mark)
    done = palimpsest(tmp_path / "s", "works")
    assert done.returncode == status
    assert 1 <= len(done.stderr.splitlines()) <= 2


def test_a_studio_of_version_1_opens_and_says_what_it_has_always_said(tmp_path: Path) -> None:
    shutil.copytree(VERSION_1 / "studio", tmp_path / "studio")
    for folder in ("unfinished", *(f"objects/{number:02x}" for number in range(256))):
        (tmp_path / "studio" / folder).mkdir(exist_ok=True)  # version control keeps no empty folders
    with Studio.open(tmp_path / "studio", Settings()) as studio:
        said = json.loads((VERSION_1 / "answers.json").read_text(encoding="utf-8"))
        assert _what_of(answers(studio), said) == said
        assert check(studio).damage == []
        again = perform(studio, "crop", {"work": [list_works(studio, "grace")[0]["id"]]}, {"left": 0.125})
        assert queries.has_work(studio.library, again.works[0].id)


def _what_of(answer: Any, asked: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out of an answer what a newer version says beside what was asked of the older one."""
    if isinstance(answer, dict) and isinstance(asked, dict):
        return {name: _what_of(answer[name], asked[name]) for name in asked if name in answer}
    if isinstance(answer, list) and isinstance(asked, list) and len(answer) == len(asked):
        return [_what_of(each, other) for each, other in zip(answer, asked, strict=True)]
    return answer


def test_what_is_said_last_holds_though_the_clock_was_put_back(tmp_path: Path) -> None:
    with Studio.create(tmp_path / "s", "Ada", Settings()) as studio:
        work, _ = add_bytes(studio, picture(0), "a.png", Said(title="first", makers=("Grace",), allow=()))
    yesterday = Studio.open(tmp_path / "s", Settings())
    with Studio(
        yesterday.library,
        yesterday.settings,
        yesterday.catalogue,
        yesterday.machines,
        yesterday.guard,
        lambda: "2001-01-01T00:00:00.000000Z",
    ) as studio:
        say(studio, work, Said(title="second", licence="all rights reserved"))
        assert show(studio, work).as_json()["title"] == "second"
        assert perform(studio, "crop", {"work": [work]}, {"left": 0.5})
        say(studio, work, Said(licence="CC0-1.0"))
        assert perform(studio, "crop", {"work": [work]}, {"left": 0.5}).act.reused
        assert check(studio).damage == []
