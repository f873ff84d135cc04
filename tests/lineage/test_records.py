"""Records: one text each, read back as what they were, and nothing that they do not know."""

from __future__ import annotations

import json
import unicodedata
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from palimpsest.errors import Damaged, ParameterRefused
from palimpsest.lineage.canonical import canonical
from palimpsest.lineage.records import (
    Act,
    AnyRecord,
    Contribution,
    Description,
    EngineIdentity,
    Evidence,
    Grade,
    Grant,
    Obligation,
    Output,
    Permission,
    Permit,
    Person,
    Recipe,
    Terms,
    Use,
    Work,
    read_record,
    recipe_from,
)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
moments = st.datetimes().map(lambda moment: f"{moment:%m-%dT%H:%M:%S.%f}Z").map(lambda rest: f"2026-{rest}")
shares = st.floats(0, 1) | st.integers(-(2**53) + 1, 2**53 - 1) | text | st.booleans() | st.none()
engines = st.builds(EngineIdentity, port=text, name=text, version=st.integers(1, 99), weights=st.tuples(digests))
recipes = st.builds(
    Recipe,
    technique=text,
    version=st.integers(1, 99),
    parameters=st.dictionaries(text.map(lambda key: unicodedata.normalize("NFC", key)), shares, max_size=3),
    inputs=st.dictionaries(
        text.map(lambda key: unicodedata.normalize("NFC", key)), st.lists(digests, max_size=2).map(tuple), max_size=2
    ),
    seed=st.none() | st.integers(0, 2**53 - 1),
    engines=st.lists(engines, max_size=1).map(tuple),
)
evidence = st.builds(
    Evidence,
    method=text,
    contributions=st.lists(st.builds(Contribution, work=digests, weight=st.integers(0, 10**9)), max_size=3).map(tuple),
)


@st.composite
def acts(draw: st.DrawFn) -> Act:
    recipe = draw(recipes)
    permissions = tuple(
        Permission(work=work, role=role, use=draw(st.sampled_from(Use)), grant=Grant.ALLOWED, reason=draw(text))
        for role, works in recipe.inputs.items()
        for work in works
    )
    return Act(
        recipe=recipe,
        person=draw(text),
        at=draw(moments),
        permit=Permit(policy=1, permissions=permissions, obligations=tuple(draw(st.sets(st.sampled_from(Obligation))))),
        outputs=(Output(work=draw(digests), pixels=draw(digests), evidence=draw(evidence)),),
        grade=draw(st.sampled_from(Grade)),
        seconds=draw(st.floats(0, 1e9)),
        reused=draw(st.booleans()),
        software=draw(text),
    )


records: st.SearchStrategy[AnyRecord] = st.one_of(
    st.builds(
        Work,
        id=digests,
        pixels=digests,
        media_type=text,
        width=st.integers(1, 10**6),
        height=st.integers(1, 10**6),
        recipe=st.none() | digests,
        at=moments,
    ),
    st.builds(Description, work=digests, title=text, makers=st.lists(text, max_size=2).map(tuple), by=text, at=moments),
    st.builds(
        Terms,
        work=digests,
        licence=text,
        uses=st.dictionaries(st.sampled_from(Use), st.sampled_from(Grant)),
        obligations=st.lists(st.sampled_from(Obligation), max_size=2).map(tuple),
        basis=text,
        by=text,
        at=moments,
    ),
    st.builds(Person, id=text, name=text, at=moments),
    acts(),
)


@given(records)
def test_a_record_is_read_back_as_what_it_was(record: AnyRecord) -> None:
    again = read_record(record.canonical)
    assert again == record
    assert again.canonical == record.canonical
    assert again.digest == record.digest


@given(records)
def test_the_text_is_one_line_in_composed_form(record: AnyRecord) -> None:
    text = record.canonical.decode()
    assert len(record.canonical.splitlines()) == 1
    assert unicodedata.is_normalized("NFC", text)
    assert canonical(json.loads(text)) == record.canonical


@given(records, text.filter(bool))
def test_a_field_that_is_not_known_is_refused(record: AnyRecord, name: str) -> None:
    fields: dict[str, Any] = json.loads(record.canonical)
    fields[f"x{name}"] = 1
    with pytest.raises(Damaged):
        read_record(json.dumps(fields))


@given(records, st.data())
def test_a_field_that_is_needed_is_missed(record: AnyRecord, data: st.DataObject) -> None:
    fields: dict[str, Any] = json.loads(record.canonical)
    needed = [name for name, field in type(record).model_fields.items() if field.is_required()]
    del fields[data.draw(st.sampled_from([*needed, "kind"]))]
    with pytest.raises(Damaged):
        read_record(json.dumps(fields))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"1", b"nul", b'{"kind":"thing"}', b"\xff", b"[" * 9999])
def test_what_is_no_record_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        read_record(data)


def test_composed_and_decomposed_names_are_one_record() -> None:
    two = [Person(id="p", name=name, at="2026-01-01T00:00:00.000000Z") for name in ("Zo\u00eb", "Zoe\u0308")]
    assert two[0] == two[1]
    assert two[0].digest == two[1].digest


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=8))
def test_shares_of_evidence_sum_to_1_or_there_are_none(weights: list[int]) -> None:
    made = Evidence(
        method="m",
        contributions=tuple(
            Contribution(work=f"{place % 3:064x}", weight=weight) for place, weight in enumerate(weights)
        ),
    )
    assert sum(made.shares().values()) == (1 if any(weights) else 0)
    assert all(share > Fraction(0) for share in made.shares().values())


@given(acts())
def test_an_act_without_a_permit_for_every_input_cannot_be_built(act: Act) -> None:
    fields = act.model_dump()
    if not act.recipe.works:
        return
    fields["permit"]["permissions"] = fields["permit"]["permissions"][1:]
    missing = act.permit.permissions[0]
    if any((each.role, each.work) == (missing.role, missing.work) for each in act.permit.permissions[1:]):
        return
    with pytest.raises(ValidationError, match="permit does not cover"):
        Act.model_validate(fields)
    fields["permit"]["permissions"] = [each.model_dump() | {"grant": Grant.REFUSED} for each in act.permit.permissions]
    with pytest.raises(ValidationError, match="permit does not cover"):
        Act.model_validate(fields)
    del fields["permit"]
    with pytest.raises(ValidationError):
        Act.model_validate(fields)


def test_records_are_frozen() -> None:
    person = Person(id="p", name="Ada", at="2026-01-01T00:00:00.000000Z")
    with pytest.raises(ValidationError):
        person.name = "Eve"  # type: ignore[misc]


def test_a_recipe_from_elsewhere_is_checked() -> None:
    assert recipe_from({"technique": "crop", "version": 1}).seed is None
    with pytest.raises(ParameterRefused):
        recipe_from({"technique": "crop", "version": 0})
    with pytest.raises(ParameterRefused):
        recipe_from({"technique": "crop", "version": 1, "seed": -1})


def test_a_field_that_is_added_later_with_a_default_changes_no_digest() -> None:
    class LaterDescription(Description):
        depicted: tuple[str, ...] = ()

    now = Description(work="a" * 64, title="The sea", by="ada", at="2026-11-23T12:00:00.000000Z")
    later = LaterDescription(work="a" * 64, title="The sea", by="ada", at="2026-11-23T12:00:00.000000Z")
    assert later.digest == now.digest
    assert LaterDescription(**later.model_dump() | {"depicted": ("a boat",)}).digest != now.digest
