"""Credits of random studios: the same in whatever order records came in, exactly 1 by work, person and collection."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palimpsest.errors import Damaged, NotFound, ParameterRefused
from palimpsest.lineage.records import (
    Act,
    AnyRecord,
    Choice,
    Description,
    Erasure,
    Evidence,
    Grade,
    Grant,
    Hand,
    Output,
    Permission,
    Permit,
    Recipe,
    Use,
    Work,
)
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.captions import caption
from palimpsest.studio.checking import check
from palimpsest.studio.choosing import choices_in_force, choose
from palimpsest.studio.credit_page import credit_page
from palimpsest.studio.crediting import NO_COLLECTION, credits, credits_csv, credits_json, credits_text
from palimpsest.studio.forgetting import forget, plan_works
from palimpsest.studio.handwork import hands_of_call
from palimpsest.studio.performing import perform
from palimpsest.studio.saying import Said
from palimpsest.studio.statement import statement
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import ERASED, lineage_svg, lineage_text, tell
from tests.lineage.test_graph import name
from tests.lineage.test_shares import Weights, deep
from tests.studio.conftest import picture

Parents = dict[int, list[int]]


def moment(number: int) -> str:
    return f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.000000Z"


def recipe_of(work: int, parents: Sequence[int], form: int = 0) -> Recipe:
    inputs = {f"role{place}": (name(parent),) for place, parent in enumerate(parents)}
    return Recipe(technique="t", version=1, parameters={"n": work, "form": form}, inputs=inputs)


def work_of(number: int, recipe: Recipe | None, at: str) -> Work:
    return Work(
        id=name(number),
        pixels=name(number),
        media_type="image/png",
        width=1,
        height=1,
        bits=8,
        alpha=False,
        recipe=recipe.digest if recipe else None,
        at=at,
    )


def act_of(number: int, recipe: Recipe, weights: Sequence[int], at: str, person: str = "ada") -> Act:
    permissions = tuple(
        Permission(work=work, role=role, use=Use.ALTER, grant=Grant.ALLOWED, reason="")
        for role, works in recipe.inputs.items()
        for work in works
    )
    shares = [{"work": work, "weight": weight} for work, weight in zip(recipe.works, weights, strict=False)]
    evidence = Evidence.model_validate({"method": "", "contributions": shares})
    return Act(
        recipe=recipe,
        person=person,
        at=at,
        permit=Permit(policy=1, permissions=permissions),
        outputs=(Output(work=name(number), pixels=name(number), evidence=evidence),),
        grade=Grade.EXACT,
        seconds=0,
        software="",
        hands=(Hand(doing="typed", what="n"),) if number % 2 else (),
    )


@st.composite
def studios(draw: st.DrawFn) -> tuple[list[AnyRecord], str]:
    """Draw all records of a studio: descriptions, tombstones, choices, and works that several acts and recipes made."""
    parents, weights, last = draw(deep())
    numbers = sorted({*parents, *(each for made in parents.values() for each in made)})
    records = [record for each in numbers for record in _of_one(draw, each, parents, weights)]
    return records, name(last)


def _of_one(draw: st.DrawFn, number: int, parents: Parents, weights: Weights) -> Iterator[AnyRecord]:
    made = parents.get(number)
    recipe = recipe_of(number, made) if made else None
    yield work_of(number, recipe, moment(number))
    if recipe and made:
        measured = [weights[number, parent] for parent in made] if draw(st.booleans()) else []
        yield act_of(number, recipe, measured, moment(number))
        if draw(st.booleans()):  # performed again, by another, who measured otherwise
            yield act_of(number, recipe, [1] * len(made), moment(number + 100), "grace")
        if draw(st.booleans()):  # and once more from other works, to the very same pixels
            other = recipe_of(number, made[:1], form=1)
            yield work_of(number, other, moment(number + 200))
            yield act_of(number, other, [3], moment(number + 200), "emmy")
    for place in range(draw(st.integers(0, 2))):
        makers = tuple(draw(st.lists(st.sampled_from(["Ada", "Grace", "Emmy"]), max_size=3)))
        collection = draw(st.sampled_from(["", "Louvre", "Prado"]))
        yield Description(work=name(number), makers=makers, collection=collection, by="ada", at=moment(number + place))
    if draw(st.integers(0, 3)) == 0:
        yield Erasure(work=name(number), by="ada", at=moment(number + 300))
    if draw(st.integers(0, 3)) == 0:
        yield Choice(work=name(number), kept=draw(st.booleans()), by="ada", at=moment(number + 400))


@given(studios(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_records_in_any_order_give_the_same_credits(drawn: tuple[list[AnyRecord], str], lot: random.Random) -> None:
    records, work = drawn
    first, second = (_answer(lot.sample(records, len(records)), work, parts) for parts in (1, 4))
    assert first == second
    assert {sum(Fraction(share) for share in shares.values()) for shares in first["exact"].values()} == {1}
    assert {each["name"] for each in first["collections"]} <= {"Louvre", "Prado", NO_COLLECTION}
    assert set(first["performed"][0]) == {"name", "acts"}


def _answer(records: Sequence[AnyRecord], work: str, parts: int) -> Any:  # noqa: ANN401 - any JSON
    with tempfile.TemporaryDirectory() as folder, Studio.create(Path(folder) / "s", "Ada", Settings()) as studio:
        for part in range(parts):
            if records[part::parts]:
                studio.library.append(records[part::parts])
        told = tell(studio, work)
        found = credits(studio, told)
        assert credits_csv(told, found)
        assert credits_text(told, found)
        assert {each.person for each in found.deeds} == {"ada"}, "of several acts the first counts"
        return json.loads(json.dumps(credits_json(told, found)))


def test_records_of_one_moment_are_taken_in_the_same_order_however_they_came(tmp_path: Path) -> None:
    recipes = [recipe_of(1, [0], form) for form in (0, 1)]
    records: list[AnyRecord] = [work_of(0, None, moment(0))]
    for recipe in recipes:
        records += [work_of(1, recipe, moment(1)), act_of(1, recipe, [1], moment(1))]
    told = []
    for place, order in enumerate((records, records[::-1])):
        with Studio.create(tmp_path / str(place), "Ada", Settings()) as studio:
            for record in order:
                studio.library.append([record])
            told.append(tell(studio, name(1)).lineage.acts[name(1)].recipe)
    assert told[0] == told[1]


def test_an_erased_work_keeps_its_share_and_shows_nothing_of_itself(studio: Studio) -> None:
    recipe = recipe_of(2, [0, 1])
    studio.library.append(
        [
            *(work_of(each, None, moment(0)) for each in (0, 1)),
            *(work_of(2, recipe, moment(1)), act_of(2, recipe, [3, 1], moment(1))),
            Erasure(work=name(0), by="ada", at=moment(2)),
        ]
    )
    told = tell(studio, name(2))
    found = credits(studio, told)
    assert found.works == {name(0): Fraction(3, 4), name(1): Fraction(1, 4)}
    assert told.titles[name(0)] == ERASED
    assert credits_json(told, found)["erased"] == [name(0)]
    for shown in ("\n".join(lineage_text(told)), lineage_svg(studio, told), credit_page(studio, told, found)):
        assert ERASED in shown
    assert "erased" in statement(studio, name(2))


def test_what_is_forgotten_on_the_way_keeps_its_place_in_credits_caption_and_statement(studio: Studio) -> None:
    said = Said(title="The sea", makers=("Grace",), licence="CC0-1.0")
    sea, cup = (add_bytes(studio, picture(seed), "a.png", said)[0] for seed in (0, 1))
    middle = perform(studio, "blend", {"base": [sea], "top": [cup]}, {"opacity": 0.25}).works[0].id
    last = perform(studio, "crop", {"work": [middle]}, {"left": 0.25}).works[0].id
    before = credits(studio, tell(studio, last))
    forget(studio, plan_works(studio, [sea, middle]))
    told = tell(studio, last)
    after = credits(studio, told)
    assert (after.works, after.people) == (before.works, before.people)
    assert set(after.works) == {sea, cup}
    assert "(erased)" in credit_page(studio, told, after)
    assert "no picture is kept" in statement(studio, middle)
    assert caption(told, after).lines()


def test_the_record_of_an_erased_work_may_be_gone_but_of_no_other(studio: Studio) -> None:
    recipe = recipe_of(2, [0])
    studio.library.append([work_of(2, recipe, moment(1)), act_of(2, recipe, [1], moment(1))])
    with pytest.raises(Damaged, match=name(0)[:12]):
        tell(studio, name(2))
    studio.library.append([Erasure(work=name(0), by="ada", at=moment(2))])
    told = tell(studio, name(2))
    assert credits(studio, told).works == {name(0): 1}
    assert "erased" in statement(studio, name(2))


def test_a_work_whose_act_is_lost_is_damage(studio: Studio) -> None:
    studio.library.append([work_of(2, recipe_of(2, [0]), moment(1)), work_of(0, None, moment(0))])
    with pytest.raises(Damaged, match="the act that made this work"):
        tell(studio, name(2))


def test_a_circle_from_outside_is_damage_for_every_question(studio: Studio) -> None:
    one, other = recipe_of(0, [1]), recipe_of(1, [0])
    studio.library.append(
        [
            *(work_of(0, one, moment(0)), work_of(1, other, moment(0))),
            *(act_of(0, one, [1], moment(0)), act_of(1, other, [1], moment(0))),
        ]
    )
    with pytest.raises(Damaged, match="comes from itself"):
        tell(studio, name(0))
    with pytest.raises(Damaged):
        statement(studio, name(1))
    assert any("comes from itself, over 2 acts" in line for line in check(studio).damage)


def test_hands_are_on_record_also_of_a_recipe_performed_again(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(0), "a.png")
    hands = (Hand(doing="typed", what="left", seconds=12.5), Hand(doing="drew", what="mask", seconds=95))
    first = perform(studio, "crop", {"work": [work]}, {"left": 0.25}, hands=hands)
    assert first.act.hands == hands
    assert perform(studio, "crop", {"work": [work]}, {"left": 0.25}).act.hands == ()
    [deed] = credits(studio, tell(studio, first.works[0].id)).deeds
    assert deed.line == "Ada: typed 1 of 4 parameters (12 s), drew the mask (2 min); machine: crop 1"


def test_what_a_call_tells_of_hands_is_never_more_than_is_known(studio: Studio) -> None:
    """A mask that a technique made, or that another drew, is no work of this person's hand."""
    photo, mine, unnamed, theirs = (
        add_bytes(studio, picture(seed), "a.png", Said(makers=makers))[0]
        for seed, makers in enumerate([("Grace",), ("Ada",), (), ("Grace",)])
    )
    made = perform(studio, "crop", {"work": [mine]}).works[0].id
    blend, render = studio.catalogue.get("blend"), studio.catalogue.get("render")

    def told(technique: Any, role: str, work: str, given: Sequence[str] = ()) -> list[tuple[str, str]]:  # noqa: ANN401
        inputs = {"base": [photo], "top": [photo], role: [work]}
        return [(hand.doing, hand.what) for hand in hands_of_call(studio, technique, inputs, given)]

    assert told(blend, "mask", mine, ["mode", "opacity"]) == [
        ("typed", "opacity"),
        ("typed", "mode"),
        ("masked", "mask"),
    ]
    assert told(blend, "mask", unnamed) == [("masked", "mask")]
    assert told(blend, "mask", theirs) == told(render, "sketch", theirs) == told(render, "sketch", unnamed) == []
    assert told(render, "sketch", mine, ["seed"]) == [("typed", "seed"), ("drew", "sketch")]
    if made != mine:
        assert told(blend, "mask", made) == []


def test_what_is_chosen_last_holds(studio: Studio) -> None:
    works = [add_bytes(studio, picture(seed), "a.png")[0] for seed in range(4)]
    choose(studio, works[0], among=[*works, works[1]], seconds=30)
    assert choices_in_force(studio, works)[works[0]].words == "chosen by Ada among 4, looked at for 30 s"
    choose(studio, works[0], kept=False)
    assert choices_in_force(studio, works)[works[0]].words == "set aside by Ada"
    for seconds in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ParameterRefused):
            choose(studio, works[0], seconds=seconds)
    for wrong in ({"work": name(7)}, {"work": works[0], "among": [name(7)]}):
        with pytest.raises(NotFound):
            choose(studio, **wrong)
