"""The one gate: without a permit nothing is made and nothing is written; what was made can be made again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palimpsest.craft.progress import Progress
from palimpsest.errors import Cancelled, TermsRefused
from palimpsest.library import queries
from palimpsest.lineage.records import Grant, Use
from palimpsest.studio import performing
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.crediting import credits
from palimpsest.studio.finding import show
from palimpsest.studio.performing import perform
from palimpsest.studio.replaying import replay
from palimpsest.studio.saying import Said, say
from palimpsest.studio.standing import permit_to
from palimpsest.studio.studio import Studio, rebuild
from palimpsest.studio.telling import tell
from tests.studio.conftest import listing, palimpsest, picture


def test_what_the_terms_refuse_leaves_with_3_and_writes_nothing(studio: Studio, pictures: list[Path]) -> None:
    work, _ = add_bytes(studio, pictures[0].read_bytes(), "Sea.png", Said(makers=("Grace",), refuse=(Use.ALTER,)))
    before = listing(studio.folder)
    for arguments in (["crop", work], ["export", work, "-o", str(studio.folder.parent / "out.png")]):
        done = palimpsest(studio.folder, *arguments)
        assert done.returncode == 3
        assert done.stdout == ""
        lines = done.stderr.splitlines()
        assert len(lines) == 2
        assert "Sea" in lines[0]
        assert work[:12] in lines[0]
        assert "--allow" in lines[1]
        assert listing(studio.folder) == before
    assert not (studio.folder.parent / "out.png").exists()
    remedy = palimpsest(studio.folder, "add", work, "--allow", "alter")
    assert remedy.returncode == 0
    assert palimpsest(studio.folder, "crop", work).returncode == 0


def test_what_a_source_refuses_is_refused_for_all_that_is_made_of_it(studio: Studio) -> None:
    said = Said(makers=("Grace",), licence="CC-BY-NC-SA-4.0", refuse=(Use.PUBLISH,))
    source, _ = add_bytes(studio, picture(0), "Sea.png", said)
    made = perform(studio, "crop", {"work": [source]}, {"left": 0.25})
    again = perform(studio, "crop", {"work": [made.works[0].id]}, {"top": 0.25})
    assert {each.value for each in again.act.permit.obligations} == {"credit", "share-alike", "non-commercial"}
    say(studio, again.works[0].id, Said(licence="CC0-1.0"))
    permission = performing.plan(studio, "crop", {"work": [again.works[0].id]}).permit.permissions[0]
    assert permission.grant is Grant.CREDIT  # what is said of a copy gives nobody more than the source does
    done = palimpsest(studio.folder, "export", again.works[0].id, "-o", str(studio.folder.parent / "out.png"))
    assert done.returncode == 3
    assert source[:12] in done.stderr


def test_the_same_recipe_is_one_work_and_two_acts(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(0), "Sea.png")
    first = perform(studio, "crop", {"work": [work]}, {"left": 0.25})
    images = sorted(name for name in listing(studio.folder) if name.endswith(".png"))
    second = perform(studio, "crop", {"work": [work]}, {"left": 0.25, "top": 0})
    assert not first.act.reused
    assert second.act.reused
    assert [each.id for each in second.works] == [each.id for each in first.works]
    assert sorted(name for name in listing(studio.folder) if name.endswith(".png")) == images
    assert len(queries.acts_of_recipe(studio.library, first.act.recipe.digest)) == 2
    studio.library.image_path(first.works[0]).unlink()
    third = perform(studio, "crop", {"work": [work]}, {"left": 0.25})  # a result that is lost is made again
    assert not third.act.reused
    assert check(studio).whole


def test_a_replay_in_a_fresh_process_gives_the_same_pixels(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(0), "Sea.png")
    made = perform(studio, "resize", {"work": [work]}, {"width": 7}).works[0].id
    done = palimpsest(studio.folder, "--json", "replay", made)
    assert done.returncode == 0
    assert json.loads(done.stdout)["same"] is True
    assert replay(studio, made).same
    assert show(studio, made).origin is not None


def test_stopping_in_the_middle_writes_nothing(studio: Studio) -> None:
    reached: list[float] = []

    def stop(fraction: float) -> None:
        reached.append(fraction)
        if fraction > 0.2:
            progress.cancel()

    progress = Progress(stop)
    before = listing(studio.folder)
    size = {"width": 96, "height": 96}
    with pytest.raises(Cancelled):
        perform(studio, "study-impasto", {}, size, progress=progress)
    assert reached
    assert listing(studio.folder) == before
    assert queries.count_works(studio.library) == 0
    assert check(studio).whole


def test_a_technique_that_returns_its_input_does_not_break_lineage(studio: Studio) -> None:
    outside, _ = add_bytes(studio, picture(0), "Sea.png")
    same = perform(studio, "crop", {"work": [outside]})
    assert same.works[0].id == outside
    made = perform(studio, "crop", {"work": [outside]}, {"left": 0.25}).works[0].id
    again = perform(studio, "crop", {"work": [made]})
    assert again.works[0].id == made
    for work, depth in ((outside, 0), (made, 1)):
        told = tell(studio, work)
        assert told.lineage.depth == depth
        assert sum(credits(studio, told).works.values()) == 1
        assert list(credits(studio, told).works) == [outside]
    assert queries.descendants(studio.library, outside) == [made]
    assert queries.descendants(studio.library, made) == []
    assert check(studio).whole
    studio.library.rebuild()
    assert tell(studio, made).lineage.depth == 1


def test_terms_that_change_while_a_recipe_runs_count_from_the_next_time_on(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, _ = add_bytes(studio, picture(0), "Sea.png", Said(makers=("Grace",)))
    real: Callable[..., object] = performing.run

    def slow(*given: object) -> object:
        say(studio, work, Said(refuse=(Use.ALTER,)))
        return real(*given)

    monkeypatch.setattr(performing, "run", slow)
    assert perform(studio, "crop", {"work": [work]}, {"left": 0.5})
    assert check(studio).damage == []
    with pytest.raises(TermsRefused):
        perform(studio, "crop", {"work": [work]}, {"left": 0.5})


def test_a_studio_is_whole_though_a_technique_is_not_installed_any_more(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, _ = add_bytes(studio, picture(0), "Sea.png")
    perform(studio, "crop", {"work": [work]}, {"left": 0.5})
    files = {name: file for name, file in studio.catalogue._files.items() if name != "crop"}
    monkeypatch.setitem(vars(studio.catalogue), "_files", files)
    assert "crop" not in studio.catalogue
    assert check(studio).damage == []


def licensed(studio: Studio, seed: int, **words: Any) -> str:  # noqa: ANN401 - what `Said` takes
    return add_bytes(studio, picture(seed), f"{seed}.png", Said(**words))[0]


def test_a_work_made_in_two_ways_answers_for_both(studio: Studio) -> None:
    free = licensed(studio, 1, licence="CC0")
    bound = licensed(studio, 2, licence="CC-BY-NC-SA-4.0", makers=("Grace",))
    first = perform(studio, "blend", {"base": [free], "top": [free]}, {"opacity": 0.0}).works[0].id
    again = perform(studio, "blend", {"base": [free], "top": [bound]}, {"opacity": 0.0}).works[0].id
    assert first == again, "the two recipes were to give the same picture"
    assert {each.value for each in permit_to(studio, Use.PUBLISH, again).obligations} >= {"share-alike"}
    say(studio, bound, Said(refuse=(Use.PUBLISH,)))
    with pytest.raises(TermsRefused):
        permit_to(studio, Use.PUBLISH, again)


def test_a_later_statement_keeps_what_it_does_not_name(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-NC-SA-4.0", refuse=(Use.LEARN,))
    say(studio, work, Said(allow=(Use.PUBLISH,)))
    terms = queries.terms_of(studio.library, [work])[work]
    assert terms.licence == "CC-BY-NC-SA-4.0"
    assert terms.grant(Use.LEARN) is Grant.REFUSED
    assert terms.grant(Use.PUBLISH) is Grant.ALLOWED
    assert len(terms.obligations) == 3


def test_terms_stated_on_the_way_bind_what_is_made_from_it(studio: Studio) -> None:
    part = perform(studio, "crop", {"work": [licensed(studio, 1, licence="CC0")]}, {"left": 0.5}).works[0].id
    say(studio, part, Said(refuse=(Use.PUBLISH,)))
    smaller = perform(studio, "crop", {"work": [part]}, {"top": 0.5}).works[0].id
    with pytest.raises(TermsRefused):
        permit_to(studio, Use.PUBLISH, smaller)


def test_nothing_made_from_a_work_without_derivatives_is_published(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-ND-4.0")
    assert permit_to(studio, Use.PUBLISH, work).permissions[0].grant is Grant.CREDIT
    part = perform(studio, "crop", {"work": [work]}, {"left": 0.5}).works[0].id
    with pytest.raises(TermsRefused, match="made from it"):
        permit_to(studio, Use.PUBLISH, part)


def test_one_name_among_several_does_not_waive_what_is_owed_to_the_others(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-SA-4.0", makers=(studio.person.name, "Grace"))
    assert permit_to(studio, Use.PUBLISH, work).obligations


def test_a_result_that_has_rotted_is_computed_again(studio: Studio) -> None:
    work = licensed(studio, 1)
    made = perform(studio, "crop", {"work": [work]}, {"left": 0.5}).works[0]
    file = studio.library.image_path(made)
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(data)
    again = perform(studio, "crop", {"work": [work]}, {"left": 0.5})
    assert not again.act.reused
    assert studio.library.image(made)


def test_a_rebuild_beside_a_writer_loses_nothing(studio: Studio) -> None:
    works = [licensed(studio, seed) for seed in range(5)]
    rebuild(studio.folder)
    works += [licensed(studio, seed) for seed in range(5, 10)]
    assert all(queries.has_work(studio.library, work) for work in works)
    assert check(studio).whole
