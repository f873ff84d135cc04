"""Consent: whether the terms of the works permit what a technique would do with them.

The policy, version 2. What a maker has stated holds. Where nothing is stated:
- one's own work may be used for anything;
- altering a work and copying from it, at home, are the artist's own affair;
- a style is imitated only if it is nobody's that we know of: once a maker is named, their word is needed;
- learning from a work and publishing what came of it need a statement.
A work that was made here answers for the works it was made from as well as for itself: whatever is stated about it, it
gives nobody more than its sources do. A licence without derivatives lets one share the work, and nothing made from it.

Of several statements the latest that speaks of a use holds for that use. A permission that has ended is a refusal; a refusal
that has ended gives back what was stated before it. Obligations that no result could meet together are refused before any work
begins (`obligations.py`); that, and to whom something is owed, is what version 2 adds to version 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from palimpsest.errors import Damaged, TermsRefused
from palimpsest.ethics.obligations import conflict
from palimpsest.lineage.records import CollectionTerms, Grant, Obligation, Owed, Permission, Permit, Terms, Use

POLICY = 2
POLICIES = (1, POLICY)
"""Those by which a permit can be judged again."""

Statement = Terms | CollectionTerms


@dataclass(frozen=True)
class Standing:
    """What is known of a work's rights. `sources` are the works that one made here answers for.

    `terms` is the latest statement about the work, `earlier` are those that answer where it is silent: the ones before it, and
    those of the work's collection, the latest first.
    """

    work: str
    title: str
    makers: tuple[str, ...]
    terms: Statement | None
    own: bool
    sources: tuple[Standing, ...] = ()
    earlier: tuple[Statement, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, the one that goes before all others first."""
        return (self.terms, *self.earlier) if self.terms else self.earlier

    def answer(self, use: Use, day: str) -> Answer:
        """Return what holds for a use on a day: the first statement that speaks of it, unless it was a refusal that has ended."""
        for each in self.statements:
            if use in each.uses:
                over = ended(each, day)
                if not over:
                    return Answer(each.uses[use], each)
                if each.uses[use] in (Grant.ALLOWED, Grant.CREDIT):
                    return Answer(Grant.REFUSED, each, over=True)
        return Answer(Grant.UNSTATED, next((each for each in self.statements if not ended(each, day)), None))


@dataclass(frozen=True)
class Answer:
    """What holds for one use, by which statement, and whether that was a permission that is over."""

    grant: Grant
    statement: Statement | None
    over: bool = False


@dataclass(frozen=True)
class Wish:
    """One use of one work in one role."""

    role: str
    use: Use
    standing: Standing


def ended(statement: Statement, day: str) -> bool:
    """Tell whether a statement's last day lies before a day; without a day nothing has ended."""
    return bool(statement.until) and statement.until < day


def judge(
    wishes: Sequence[Wish], asof: str = "", at: str = "", *, commercial: bool = False, policy: int = POLICY
) -> Permit:
    """Return the permit for all wishes together.

    `asof` says up to which moment the standings hold what was known, `at` is the moment of the act, against which the last days
    of terms are held; `commercial` says that the result is to be sold; `policy` is 1 when an old permit is judged again.

    Raises:
        TermsRefused: the terms of a work, or of one behind it, do not permit a use, or what they ask for cannot be met together.
        Damaged: the policy is none that we know.
    """
    if policy not in POLICIES:
        raise Damaged(f"expected a permit of policy {' or '.join(map(str, POLICIES))}, but it says {policy}.")
    day = at[:10]
    permissions = tuple(_permission(wish, day) for wish in wishes)
    owed = tuple(sorted({each for wish in wishes for each in owing(wish.standing, wish.use, day)}, key=_order))
    duties = tuple(sorted({each.obligation for each in owed}))
    if policy == 1:
        return Permit(asof=asof, policy=policy, permissions=permissions, obligations=duties)
    _refuse_what_cannot_be_met(wishes, day)
    if commercial:
        _refuse_sale(wishes, owed)
    return Permit(asof=asof, policy=policy, permissions=permissions, obligations=duties, owed=owed)


def obligations(standing: Standing, use: Use, day: str = "") -> set[Obligation]:
    """Return what follows from using a work: its own obligations and those of the works it answers for."""
    return {each.obligation for each in owing(standing, use, day)}


def owing(standing: Standing, use: Use, day: str = "") -> set[Owed]:
    """Return what follows from using a work, and to which work each obligation is owed."""
    owed = {each for source in standing.sources for each in owing(source, use, day)}
    answer = standing.answer(use, day)
    if answer.statement is None or standing.own:
        return owed
    credit = {Obligation.CREDIT} if answer.grant is Grant.CREDIT else set()
    licence = answer.statement.licence
    own = {
        Owed(obligation=each, licence=licence, work=standing.work) for each in credit | {*answer.statement.obligations}
    }
    return owed | own


def in_words(owed: Sequence[Owed], obligations: Sequence[Obligation] = ()) -> str:
    """Say in one line what is owed: 'credit, share-alike (CC-BY-SA-4.0)'."""
    licences: dict[str, list[str]] = {each.value: [] for each in (*obligations, *(each.obligation for each in owed))}
    for each in owed:
        if each.obligation is not Obligation.CREDIT and each.licence and each.licence not in licences[each.obligation]:
            licences[each.obligation].append(each.licence)
    return ", ".join(f"{duty} ({', '.join(named)})" if named else duty for duty, named in licences.items())


def _order(owed: Owed) -> tuple[str, str, str]:
    return owed.obligation, owed.licence, owed.work


def _permission(wish: Wish, day: str) -> Permission:
    standing = wish.standing
    itself = () if standing.sources and not standing.statements else (standing,)
    verdicts = [_verdict(each, wish.use, day) for each in (*standing.sources, *itself)]
    if wish.use is Use.PUBLISH:
        _refuse_derivatives(standing, day)
    grant, reason = min(verdicts, key=lambda verdict: _STRICTEST.index(verdict[0]))
    statement = standing.answer(wish.use, day).statement
    terms = statement.digest if statement else None
    return Permission(work=standing.work, role=wish.role, use=wish.use, grant=grant, terms=terms, reason=reason)


def _refuse_derivatives(standing: Standing, day: str) -> None:
    for source in standing.sources:
        answer = source.answer(Use.PUBLISH, day)
        if answer.statement and Obligation.NO_DERIVATIVES in answer.statement.obligations:
            whose = _whose(source, answer.statement)
            raise _refusal(source, Use.PUBLISH, f"{whose} do not allow to share what was made from it")


_STRICTEST = (Grant.REFUSED, Grant.CREDIT, Grant.UNSTATED, Grant.ALLOWED)


def _verdict(standing: Standing, use: Use, day: str) -> tuple[Grant, str]:
    """Judge one work that answers for itself."""
    answer = standing.answer(use, day)
    if answer.statement and answer.over:
        reason = f"{_whose(standing, answer.statement)} allowed to {use.meaning} until {answer.statement.until}, which is over"
        raise _refusal(standing, use, reason)
    if answer.statement and answer.grant is Grant.REFUSED:
        raise _refusal(standing, use, f"{_whose(standing, answer.statement)} do not allow to {use.meaning}")
    if answer.statement and answer.grant is not Grant.UNSTATED:
        return answer.grant, f"{answer.statement.basis}: {answer.statement.licence or answer.grant.value}"
    if standing.own:
        return Grant.ALLOWED, "the artist's own work"
    if use in (Use.ALTER, Use.SAMPLE):
        return Grant.UNSTATED, f"nothing stated; to {use.meaning} at home is the artist's own affair"
    if use is Use.IMITATE and not standing.makers:
        return Grant.UNSTATED, "nothing stated and no maker named; for study at home"
    raise _refusal(standing, use, f"nobody has stated its terms, and to {use.meaning} needs a statement")


def _refuse_what_cannot_be_met(wishes: Sequence[Wish], day: str) -> None:
    """Refuse works whose obligations no result could meet together; a work that is shared as it is has only its own."""
    owed = {each for wish in wishes for part in _parts(wish) for each in owing(part, wish.use, day)}
    clash = conflict(owed)
    if clash is None:
        return
    wish, standing = _holder(wishes, clash.work)
    if clash.other == clash.work:
        reason = f"its terms contradict themselves: {clash.first} and {clash.second}, which no result can be at once"
    else:
        other = _named(_holder(wishes, clash.other)[1])
        reason = f"it is {clash.first}, and {other} is {clash.second}: no result can be both"
    remedy = (
        "Leave one of the two out; or, if its maker gives you another licence, state it: "
        f"palimpsest terms {standing.work[:12]} --licence LICENCE."
    )
    raise TermsRefused(standing.work, standing.title or "untitled", wish.use.value, reason, remedy)


def _parts(wish: Wish) -> tuple[Standing, ...]:
    return wish.standing.sources if wish.use is Use.PUBLISH else (wish.standing,)


def _refuse_sale(wishes: Sequence[Wish], owed: Sequence[Owed]) -> None:
    for each in owed:
        if each.obligation is Obligation.NON_COMMERCIAL:
            wish, standing = _holder(wishes, each.work)
            terms = f"its terms ({each.licence})" if each.licence else "its terms"
            remedy = "Export it without --commercial, leave that work out, or ask its maker for another licence."
            reason = f"{terms} do not allow to sell what comes of it"
            raise TermsRefused(standing.work, standing.title or "untitled", wish.use.value, reason, remedy)


def _holder(wishes: Sequence[Wish], work: str) -> tuple[Wish, Standing]:
    """Find the wish that brings a work in, and what is known of that work."""
    return next((wish, each) for wish in wishes for each in _everything(wish.standing) if each.work == work)


def _everything(standing: Standing) -> Iterator[Standing]:
    yield standing
    for source in standing.sources:
        yield from _everything(source)


def _named(standing: Standing) -> str:
    return f"{standing.title or 'untitled'} ({standing.work[:12]})"


def _refusal(standing: Standing, use: Use, reason: str) -> TermsRefused:
    work = standing.work[:12]
    remedy = f"If you have the right, state it: palimpsest terms {work} --allow {use.value}, or --licence LICENCE."
    return TermsRefused(standing.work, standing.title or "untitled", use.value, reason, remedy)


def _whose(standing: Standing, statement: Statement) -> str:
    basis = statement.basis if len(statement.basis) <= _LONGEST_BASIS else f"{statement.basis[:_LONGEST_BASIS]}…"
    said = ", ".join(part for part in (statement.licence, basis) if part)
    return f"the terms of {', '.join(standing.makers) or 'its maker'} ({said})"


_LONGEST_BASIS = 120
