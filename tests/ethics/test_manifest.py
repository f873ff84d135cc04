"""What an export states is built from the lineage and from nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from palimpsest.craft.ports import Card
from palimpsest.craft.technique import Technique
from palimpsest.ethics.manifest import (
    Show,
    Statement,
    chain,
    clean_title,
    ingredients,
    manifest,
    relationships,
    training,
)
from palimpsest.ethics.source_types import (
    ALGORITHMIC,
    ALTERED,
    COMPOSITE,
    EDITED,
    LOOKING,
    MEANINGS,
    TRAINED,
    WITH_TRAINED,
    by_models,
    is_trained,
    of_act,
    of_work,
    stated_in,
)
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import (
    Act,
    Contribution,
    EngineIdentity,
    Evidence,
    Grade,
    Grant,
    Output,
    Permission,
    Permit,
    Recipe,
    Use,
    Work,
)
from palimpsest.studio.machines import Machines
from tests.laws.table import CATALOGUE, NAMES, inputs, performed

AT = "2026-01-01T00:00:00.000000Z"
MODEL = EngineIdentity(port="style-network", name="model", version=1, weights=("0" * 64,))
PATCHES = EngineIdentity(port="patch-synthesizer", name="patches", version=1)
Input = tuple[str, Use, int]
"""A work, what is done with it, and its weight in the evidence."""


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def act(result: str, *given: Input, engines: Sequence[EngineIdentity] = (), seed: int | None = None) -> Act:
    """Return an act that made a work of others."""
    roles = {f"role{number}": (digest(name),) for number, (name, _, _) in enumerate(given)}
    permissions = tuple(
        Permission(work=digest(name), role=f"role{number}", use=use, grant=Grant.ALLOWED, reason="")
        for number, (name, use, _) in enumerate(given)
    )
    weights = tuple(Contribution(work=digest(name), weight=weight) for name, _, weight in given if weight)
    recipe = Recipe(technique=f"make-{result}", version=1, inputs=roles, engines=tuple(engines), seed=seed)
    output = Output(work=digest(result), pixels=digest(result), evidence=Evidence(method="", contributions=weights))
    permit = Permit(policy=2, permissions=permissions)
    return Act(
        recipe=recipe,
        person="p",
        at=AT,
        permit=permit,
        outputs=(output,),
        grade=Grade.EXACT,
        seconds=0,
        software="palimpsest 1",
    )


def lineage(result: str, **acts: Act) -> Lineage:
    """Return the lineage of a work; every other name is one from outside."""
    made = {digest(name): each for name, each in acts.items()}
    every = {digest(result), *made, *(work for each in made.values() for work in each.recipe.works)}
    works = {
        work: Work(id=work, pixels=work, media_type="image/png", width=1, height=1, bits=8, alpha=False, at=AT)
        for work in every
    }
    return Lineage(digest(result), works, made)


CROPPED = lineage("b", b=act("b", ("a", Use.ALTER, 1)))
STUDY = lineage("a", a=act("a", seed=1))
REMIX = lineage("c", c=act("c", ("a", Use.SAMPLE, 1), ("b", Use.SAMPLE, 1), engines=[PATCHES], seed=1))
STYLED = lineage("c", c=act("c", ("a", Use.ALTER, 1), ("b", Use.IMITATE, 1), engines=[MODEL]))


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (CROPPED, EDITED),
        (STUDY, ALGORITHMIC),
        (REMIX, COMPOSITE),
        (STYLED, WITH_TRAINED),
        (lineage("b", b=act("b", ("a", Use.SAMPLE, 1), engines=[PATCHES], seed=3)), ALTERED),
        (lineage("a", a=act("a", engines=[MODEL], seed=3)), TRAINED),
        (lineage("b", a=act("a", engines=[MODEL]), b=act("b", ("a", Use.ALTER, 1))), TRAINED),
        (lineage("b", a=act("a", seed=1), b=act("b", ("a", Use.ALTER, 1))), ALGORITHMIC),
        (lineage("c", b=act("b", ("a", Use.ALTER, 1), engines=[MODEL]), c=act("c", ("b", Use.ALTER, 1))), WITH_TRAINED),
        (lineage("b", b=act("b", ("a", Use.ALTER, 1), ("mask", Use.ALTER, 0))), EDITED),
        (lineage("a"), None),
    ],
)
def test_the_kind_of_source_follows_from_the_lineage(told: Lineage, kind: str | None) -> None:
    assert of_work(told, {}) == kind


def test_what_files_from_outside_state_of_themselves_counts() -> None:
    stated = {digest("a"): TRAINED}
    assert by_models(CROPPED, stated)
    assert of_work(CROPPED, stated) == TRAINED
    assert of_work(REMIX, stated) == WITH_TRAINED
    assert of_work(lineage("a"), {digest("a"): "digitalCapture"}) == "digitalCapture"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"nothing", None),
        (b"http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", "digitalCapture"),
        (b"/digitalsourcetype/trainedAlgorithmicMedia", TRAINED),
        (b"/digitalsourcetype/trainedAlgorithmicMedia /digitalsourcetype/humanEdits", WITH_TRAINED),
        (b"/digitalsourcetype/humanEdits /digitalsourcetype/digitalCapture", None),
        (b"/digitalsourcetype/madeUp", None),
    ],
)
def test_a_file_is_heard_on_what_it_is(text: bytes, kind: str | None) -> None:
    assert stated_in(text) == kind


def test_a_detector_makes_nothing() -> None:
    assert not is_trained(EngineIdentity(port=LOOKING[0], name="faces", version=1, weights=("0" * 64,)))


@pytest.mark.parametrize("card", Machines().cards, ids=lambda card: card.name)
def test_an_engine_with_weights_says_on_what_it_was_trained_and_one_without_that_it_was_not(card: Card) -> None:
    assert bool(card.weights) is not card.trained_on.startswith("nothing")


@pytest.mark.parametrize("name", NAMES)
def test_every_technique_of_the_catalogue_gets_a_kind_that_fits_its_engines(name: str) -> None:
    technique = CATALOGUE.get(name)
    kind = of_act(_performed(technique), digest("result"))
    cards = [Machines().card(port) for port in technique.ports.values()]
    assert kind in MEANINGS
    assert (kind in (TRAINED, WITH_TRAINED)) is any(is_trained(card.identity) for card in cards)
    if not technique.roles:
        assert kind in (ALGORITHMIC, TRAINED)


def _performed(technique: Technique) -> Act:
    """Return the act of a technique as the studio would record it, with the shares that it really measured."""
    given = inputs(technique)
    made = performed(technique.name).made[0]
    uses = {role.name: role.use for role in technique.roles}
    each: list[Input] = []
    for role, rasters in given.items():
        count = len(rasters) if isinstance(rasters, Sequence) else 1
        shares = list(made.shares.get(role, ())) or [0.0] * count
        each += [(f"{role} {number}", uses[role], round(share * 1000)) for number, share in enumerate(shares)]
    cards = [Machines().card(port).identity for port in technique.ports.values()]
    return act("result", *each, engines=cards, seed=0 if technique.seeded else None)


def test_one_parent_at_most_however_many_were_altered() -> None:
    told = lineage("c", c=act("c", ("a", Use.ALTER, 1), ("b", Use.ALTER, 1)))
    assert relationships(told) == {digest("a"): "parentOf", digest("b"): "componentOf"}
    assert chain(told) == (digest("c"), digest("a"))


def test_a_mask_and_a_style_were_looked_at_and_are_no_part() -> None:
    told = lineage(
        "c", c=act("c", ("a", Use.ALTER, 1), ("mask", Use.ALTER, 0), ("style", Use.IMITATE, 1), engines=[MODEL])
    )
    kinds = relationships(told)
    assert (kinds[digest("mask")], kinds[digest("style")]) == ("inputTo", "inputTo")


def test_what_was_made_from_numbers_was_created_and_has_no_parent() -> None:
    told = lineage("b", a=act("a", seed=1), b=act("b", ("a", Use.ALTER, 1)))
    assert _actions(told) == ["c2pa.created", "c2pa.edited", "c2pa.edited"]
    assert ingredients(_statement(told)) == ()


def _statement(told: Lineage, show: Show = Show.SOURCES) -> Statement:
    return Statement(told, dict.fromkeys(told.order, "t"), dict.fromkeys(told.order, ("m",)), show=show)


def _actions(told: Lineage, show: Show = Show.SOURCES) -> list[str]:
    stated = manifest(_statement(told, show), "image/png", ("Palimpsest", "1"))
    return [each["action"] for each in stated["assertions"][0]["data"]["actions"]]


@pytest.mark.parametrize("show", Show)
def test_parts_are_placed_before_the_step_that_used_them(show: Show) -> None:
    placed = [] if show is Show.NONE else ["c2pa.placed", "c2pa.placed"]
    assert _actions(REMIX, show) == ["c2pa.created", *placed, "c2pa.edited"]


def test_how_a_style_was_made_is_no_step_of_the_work() -> None:
    told = lineage("c", b=act("b", seed=1), c=act("c", ("a", Use.ALTER, 1), ("b", Use.IMITATE, 1), engines=[MODEL]))
    assert _actions(told) == ["c2pa.opened", "c2pa.edited"]


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Waves", "Waves"),
        ("/home/ada/secret/waves.png", "waves.png"),
        ("C:\\Users\\Ada\\waves", "waves"),
        ("file:///home/ada/waves", "waves"),
        ("Stylize: /home/ada/a photo, Waves", "Stylize: a photo, Waves"),
        ("a\x1b[31mb\n\tc", "a [31mb c"),
        ("", "untitled"),
        ("\x00", "untitled"),
        ("x" * 300, "x" * 99 + "…"),
        ("e\u0301", "é"),
        ("Black / White", "Black / White"),
        ("50/50", "50/50"),
        ("Untitled (1/3), AC/DC", "Untitled (1/3), AC/DC"),
        ('Orig <b>ital</b> & "q"', 'Orig <b>ital</b> & "q"'),
        ("~/pictures/cat", "cat"),
        ("../shared/cat", "cat"),
        ("\\\\server\\share\\cat", "cat"),
    ],
)
def test_a_title_gives_no_folder_away(title: str, clean: str) -> None:
    assert clean_title(title) == clean


@pytest.mark.parametrize(
    ("grant", "word"), [(Grant.REFUSED, "notAllowed"), (Grant.CREDIT, "constrained"), (Grant.ALLOWED, "allowed")]
)
def test_terms_become_what_is_said_of_training(grant: Grant, word: str) -> None:
    entries = training({Use.LEARN: grant})
    assert {name: each["use"] for name, each in entries.items()} == dict.fromkeys(
        ("cawg.ai_training", "cawg.ai_generative_training", "cawg.data_mining"), word
    )
    assert training({}) == {}
