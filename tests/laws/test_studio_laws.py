"""Laws that hold between a technique and the studio: permitted, recorded, the same from every side, replayable."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from palimpsest.cli import main
from palimpsest.craft.technique import Technique
from palimpsest.lineage.records import Grant
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.crediting import credits
from palimpsest.studio.performing import Performance, perform
from palimpsest.studio.replaying import replay
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import tell
from tests.laws.table import inputs, small

Works = dict[str, list[str]]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with Studio.create(tmp_path_factory.mktemp("laws") / "studio", "Ada") as studio:
        yield studio


def works(studio: Studio, technique: Technique) -> Works:
    """Put the pictures for a technique's roles into the studio."""
    given: Works = {}
    for role, rasters in inputs(technique).items():
        several = [rasters] if isinstance(rasters, Raster) else rasters
        files = [encode(raster, "image/png") for raster in several]
        said = Said(title=role, licence="CC0-1.0")
        given[role] = [add_bytes(studio, data, f"{role} {place}.png", said)[0] for place, data in enumerate(files)]
    return given


def performed(studio: Studio, technique: Technique) -> Performance:
    return perform(studio, technique.name, works(studio, technique), small(technique))


def test_every_use_of_every_input_is_permitted_on_record(runnable: Technique, studio: Studio) -> None:
    act = performed(studio, runnable).act
    uses = {role.name: role.use for role in runnable.roles}
    recorded = {(each.role, each.work, each.use) for each in act.permit.permissions}
    assert recorded == {(role, work, uses[role]) for role, ids in act.recipe.inputs.items() for work in ids}
    assert all(each.grant is Grant.ALLOWED for each in act.permit.permissions)


def test_credits_sum_to_exactly_one(runnable: Technique, studio: Studio) -> None:
    told = tell(studio, performed(studio, runnable).works[0].id)
    found = credits(studio, told)
    assert sum(found.works.values()) == 1
    assert sum(found.people.values()) == 1
    assert len(found.engines) == len(runnable.ports)


def test_the_same_recipe_is_reused(runnable: Technique, studio: Studio) -> None:
    first, second = performed(studio, runnable), performed(studio, runnable)
    assert second.act.reused
    assert second.works == first.works
    assert second.act.digest != first.act.digest


def test_a_replay_gives_the_same_pixels(runnable: Technique, studio: Studio) -> None:
    done = replay(studio, performed(studio, runnable).works[0].id)
    assert done.same, f"mean distance {done.mean_distance}"
    assert done.act


def test_the_command_line_makes_the_same_recipe(
    runnable: Technique, studio: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    done = performed(studio, runnable)
    given = works(studio, runnable)
    roles = sorted((role for role in runnable.roles if role.name in given), key=lambda role: role.many)
    words = [work for role in roles for work in given[role.name]]
    for name, value in small(runnable).items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    capsys.readouterr()
    assert main(["--studio", str(studio.folder), "--json", runnable.name, *words]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["recipe"] == done.act.recipe.digest
    assert [each["id"] for each in answer["works"]] == [each.id for each in done.works]
    assert answer["reused"]


def test_help_names_every_parameter_and_role(technique: Technique, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([technique.name, "--help"]) == 0
    said = capsys.readouterr().out
    assert technique.summary in " ".join(said.split())
    for name in technique.parameters.model_fields:
        assert f"--{name.replace('_', '-')}" in said
    for role in technique.roles:
        assert role.name.upper() in said or f"--{role.name.replace('_', '-')}" in said


def test_every_technique_replays_in_a_fresh_process(studio: Studio) -> None:
    made = [performed(studio, technique).works[0].id for technique in studio.catalogue]
    said = subprocess.run(
        [sys.executable, "-c", REPLAY, str(studio.folder), *made], capture_output=True, text=True, check=True
    ).stdout.split()
    assert said == ["True"] * len(made)


def test_the_studio_of_all_laws_is_whole(studio: Studio) -> None:
    for technique in studio.catalogue:
        performed(studio, technique)
    report = check(studio)
    assert report.damage == []
    assert report.acts >= len(studio.catalogue.names)


REPLAY = """
import sys
from pathlib import Path
from palimpsest.studio.replaying import replay
from palimpsest.studio.studio import Studio
with Studio.open(Path(sys.argv[1])) as studio:
    print(*[replay(studio, work).same for work in sys.argv[2:]])
"""
