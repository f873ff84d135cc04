"""Consent: nobody gives away more than they were given, what is owed flows down, and a refusal says what would help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palimpsest.errors import Damaged, TermsRefused
from palimpsest.ethics.consent import Standing, Wish, in_words, judge, obligations
from palimpsest.ethics.licences import licence_called
from palimpsest.lineage.records import CollectionTerms, Grant, Obligation, Owed, Terms, Use

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


def under(name: str, work: str = "0" * 64, **words: str) -> Standing:
    licence = licence_called(name)
    stated = Terms(
        work=work,
        licence=licence.name,
        uses=dict(licence.uses),
        obligations=licence.obligations,
        basis="stated",
        by="p",
        at=MOMENT,
        **words,
    )
    return Standing(work, name, ("Grace",), stated, own=False)


def test_a_permission_ends_with_its_last_day_and_is_then_a_refusal() -> None:
    standing = under("CC-BY-4.0", until="2026-06-30")
    wish = [Wish("work", Use.SAMPLE, standing)]
    for at in ("", "2026-01-01T00:00:00.000000Z", "2026-06-30T23:59:59.999999Z"):
        assert judge(wish, at=at).permissions[0].grant is Grant.CREDIT
    with pytest.raises(TermsRefused, match="until 2026-06-30, which is over") as refused:
        judge(wish, at="2026-07-01T00:00:00.000000Z")
    assert "--allow sample" in refused.value.remedy


def test_a_refusal_that_ends_gives_back_what_was_stated_before() -> None:
    before = terms("0" * 64, {Use.PUBLISH: Grant.ALLOWED})
    held_back = Terms(
        work="0" * 64, uses={Use.PUBLISH: Grant.REFUSED}, until="2026-06-30", basis="stated", by="p", at=MOMENT
    )
    standing = Standing("0" * 64, "Sea", ("Grace",), held_back, False, (), (before,))
    wish = [Wish("work", Use.PUBLISH, standing)]
    with pytest.raises(TermsRefused):
        judge(wish, at="2026-06-30T12:00:00.000000Z")
    assert judge(wish, at="2026-07-01T12:00:00.000000Z").permissions[0].terms == before.digest


def test_a_collection_answers_where_the_work_is_silent() -> None:
    shared = CollectionTerms(
        collection="Prints",
        licence="CC-BY-SA-4.0",
        uses=dict.fromkeys(Use, Grant.CREDIT),
        obligations=(Obligation.CREDIT, Obligation.SHARE_ALIKE),
        basis="stated for Prints",
        by="p",
        at=MOMENT,
    )
    own = terms("0" * 64, {Use.LEARN: Grant.REFUSED})
    standing = Standing("0" * 64, "Sea", ("Grace",), own, False, (), (shared,))
    permit = judge([Wish("work", Use.IMITATE, standing)])
    assert permit.permissions[0].terms == shared.digest
    assert in_words(permit.owed) == "credit, share-alike (CC-BY-SA-4.0)"
    assert answer(standing, Use.LEARN) is Grant.REFUSED
    alone = Standing("0" * 64, "Sea", ("Grace",), None, False, (), (shared,))
    assert answer(alone, Use.PUBLISH) is Grant.CREDIT


def test_each_obligation_names_the_work_it_is_owed_to() -> None:
    one, two = under("CC-BY-SA-3.0", "1" * 64), under("CC-BY-SA-4.0", "2" * 64)
    permit = judge([Wish("base", Use.ALTER, one), Wish("top", Use.SAMPLE, two)])
    assert permit.obligations == (Obligation.CREDIT, Obligation.SHARE_ALIKE)
    assert Owed(obligation=Obligation.SHARE_ALIKE, licence="CC-BY-SA-3.0", work="1" * 64) in permit.owed
    assert len(permit.owed) == 4
    assert in_words(permit.owed) == "credit, share-alike (CC-BY-SA-3.0, CC-BY-SA-4.0)"


@pytest.mark.parametrize(
    ("one", "other"),
    [("CC-BY-ND-4.0", "CC-BY-SA-4.0"), ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"), ("CC-BY-NC-4.0", "CC-BY-SA-4.0")],
)
def test_what_cannot_be_met_together_is_refused_before_work_starts(one: str, other: str) -> None:
    wishes = [Wish("base", Use.ALTER, under(one, "1" * 64)), Wish("top", Use.SAMPLE, under(other, "2" * 64))]
    with pytest.raises(TermsRefused) as refused:
        judge(wishes)
    assert refused.value.exit_status == 3
    for name in (one, other):
        assert name in refused.value.reason
    assert "Leave one of the two out" in refused.value.remedy
    assert judge(wishes, policy=1).policy == 1, "an old permit is judged as it was"
    assert judge(wishes, policy=1).owed == ()


def test_terms_that_contradict_themselves_are_named() -> None:
    both = terms("0" * 64, dict.fromkeys(Use, Grant.CREDIT), (Obligation.SHARE_ALIKE, Obligation.NO_DERIVATIVES))
    standing = Standing("0" * 64, "Sea", (), both, own=False)
    with pytest.raises(TermsRefused, match="contradict themselves"):
        judge([Wish("work", Use.ALTER, standing)])
    assert judge([Wish("work", Use.PUBLISH, standing)]), "the work itself can be shared as it is"


def test_what_is_reserved_for_use_without_sale_is_not_sold() -> None:
    source = under("CC-BY-NC-4.0", "1" * 64)
    made = Standing("2" * 64, "Crop", ("Ada",), None, True, (source,))
    for standing in (source, made):
        assert judge([Wish("work", Use.PUBLISH, standing)])
        with pytest.raises(TermsRefused, match="do not allow to sell") as refused:
            judge([Wish("work", Use.PUBLISH, standing)], commercial=True)
        assert refused.value.work == "1" * 64
        assert "--commercial" in refused.value.remedy
    assert judge([Wish("work", Use.PUBLISH, under("CC-BY-4.0"))], commercial=True)
    mine = Standing("1" * 64, "Sea", ("Ada",), source.terms, own=True)
    assert judge([Wish("work", Use.PUBLISH, mine)], commercial=True), "one's own work may be sold by oneself"


def test_a_policy_that_nobody_knows_is_no_policy() -> None:
    with pytest.raises(Damaged, match="policy 1 or 2"):
        judge([], policy=99)
