"""Consent: nobody gives away more than they were given, what is owed flows down, and a refusal says what would help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palimpsest.errors import TermsRefused
from palimpsest.ethics.consent import Standing, Wish, judge, obligations
from palimpsest.lineage.records import Grant, Obligation, Terms, Use

MOMENT = "2026-01-01T00:00:00.000000Z"
STRICTEST = (Grant.REFUSED, Grant.CREDIT, Grant.UNSTATED, Grant.ALLOWED)
numbers = st.integers(0, 2**64).map(lambda number: f"{number:064x}")


def terms(work: str, uses: dict[Use, Grant], owed: tuple[Obligation, ...] = ()) -> Terms:
    return Terms(work=work, uses=uses, obligations=owed, basis="stated", by="p", at=MOMENT)


@st.composite
def standings(draw: st.DrawFn, deep: bool = True) -> Standing:
    work = draw(numbers)
    uses = draw(st.dictionaries(st.sampled_from(Use), st.sampled_from(Grant)))
    owed = tuple(draw(st.sets(st.sampled_from(Obligation))))
    sources = tuple(draw(st.lists(standings(deep=False), max_size=3))) if deep else ()
    return Standing(
        work=work,
        title=draw(st.sampled_from(["", "Sea"])),
        makers=draw(st.sampled_from([(), ("Grace",)])),
        terms=draw(st.none() | st.just(terms(work, uses, owed))),
        own=draw(st.booleans()) and not sources,
        sources=sources,
    )


def answer(standing: Standing, use: Use) -> Grant:
    try:
        return judge([Wish("work", use, standing)]).permissions[0].grant
    except TermsRefused:
        return Grant.REFUSED


@given(standings(), st.sampled_from(Use))
def test_a_made_work_never_grants_more_than_its_sources(standing: Standing, use: Use) -> None:
    given_by = [answer(source, use) for source in standing.sources]
    if given_by:
        assert STRICTEST.index(answer(standing, use)) <= min(map(STRICTEST.index, given_by))


@given(standings(), st.sampled_from(Use))
def test_what_is_owed_flows_down(standing: Standing, use: Use) -> None:
    owed = obligations(standing, use)
    for source in standing.sources:
        assert obligations(source, use) <= owed
        if source.terms and not source.own:
            assert set(source.terms.obligations) <= owed


@given(standings(), st.sampled_from(Use))
def test_a_refusal_names_work_use_and_remedy(standing: Standing, use: Use) -> None:
    try:
        permit = judge([Wish("work", use, standing)])
    except TermsRefused as refusal:
        assert refusal.use == use.value  # noqa: PT017
        assert refusal.work in {standing.work, *(source.work for source in standing.sources)}  # noqa: PT017
        assert refusal.work[:12] in str(refusal)  # noqa: PT017
        together = "no result can be" in refusal.reason  # what cannot be met together is no matter of one permission
        assert ("--licence" if together else f"--allow {use.value}") in refusal.remedy  # noqa: PT017
        assert len(str(refusal).splitlines()) == 2  # noqa: PT017
    else:
        assert [(each.work, each.use) for each in permit.permissions] == [(standing.work, use)]
        assert permit.permissions[0].grant is not Grant.REFUSED
        assert permit.permissions[0].reason
        assert set(permit.obligations) == obligations(standing, use)


@pytest.mark.parametrize(
    ("use", "makers", "own", "expected"),
    [
        (Use.ALTER, ("Grace",), False, Grant.UNSTATED),
        (Use.SAMPLE, ("Grace",), False, Grant.UNSTATED),
        (Use.IMITATE, (), False, Grant.UNSTATED),
        (Use.IMITATE, ("Grace",), False, Grant.REFUSED),
        (Use.LEARN, (), False, Grant.REFUSED),
        (Use.LEARN, ("Grace",), False, Grant.REFUSED),
        (Use.PUBLISH, (), False, Grant.REFUSED),
        *((use, ("Ada",), True, Grant.ALLOWED) for use in Use),
    ],
)
def test_where_nothing_is_stated(use: Use, makers: tuple[str, ...], own: bool, expected: Grant) -> None:
    assert answer(Standing("0" * 64, "Sea", makers, None, own), use) is expected


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize("stated", Grant)
def test_what_is_stated_holds_even_for_ones_own_work(use: Use, stated: Grant) -> None:
    standing = Standing("0" * 64, "Sea", ("Grace",), terms("0" * 64, {use: stated}), own=False)
    if stated is not Grant.UNSTATED:
        assert answer(standing, use) is stated
    own = Standing("0" * 64, "Sea", ("Ada",), terms("0" * 64, {use: Grant.REFUSED}), own=True)
    assert answer(own, use) is Grant.REFUSED


def test_one_refusal_among_many_refuses_all() -> None:
    free = Standing("0" * 64, "Sea", (), terms("0" * 64, dict.fromkeys(Use, Grant.ALLOWED)), own=False)
    bound = Standing("1" * 64, "Hill", ("Grace",), terms("1" * 64, {Use.SAMPLE: Grant.REFUSED}), own=False)
    with pytest.raises(TermsRefused, match="Hill") as refused:
        judge([Wish("base", Use.ALTER, free), Wish("exemplars", Use.SAMPLE, bound)])
    assert "Grace" in refused.value.reason
