"""Consent: whether the terms of the works permit what a technique would do with them.

The policy, version 1. What a maker has stated holds. Where nothing is stated:
- one's own work may be used for anything;
- altering a work and copying from it, at home, are the artist's own affair;
- a style is imitated only if it is nobody's that we know of: once a maker is named, their word is needed;
- learning from a work and publishing what came of it need a statement.
A work that was made here answers for the works it was made from as well as for itself: whatever is stated about it, it
gives nobody more than its sources do. A licence without derivatives lets one share the work, and nothing made from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palimpsest.errors import TermsRefused
from palimpsest.lineage.records import Grant, Obligation, Permission, Permit, Terms, Use

POLICY = 1


@dataclass(frozen=True)
class Standing:
    """What is known of a work's rights. `sources` are the works that one made here answers for."""

    work: str
    title: str
    makers: tuple[str, ...]
    terms: Terms | None
    own: bool
    sources: tuple[Standing, ...] = ()


@dataclass(frozen=True)
class Wish:
    """One use of one work in one role."""

    role: str
    use: Use
    standing: Standing


def judge(wishes: Sequence[Wish], asof: str = "") -> Permit:
    """Return the permit for all wishes together; `asof` says up to which moment the standings hold what was known.

    Raises:
        TermsRefused: the terms of a work, or of one behind it, do not permit a use.
    """
    permissions = tuple(_permission(wish) for wish in wishes)
    owed = {duty for wish in wishes for duty in obligations(wish.standing, wish.use)}
    return Permit(asof=asof, policy=POLICY, permissions=permissions, obligations=tuple(sorted(owed)))


def obligations(standing: Standing, use: Use) -> set[Obligation]:
    """Return what follows from using a work: its own obligations and those of the works it answers for."""
    owed = {duty for source in standing.sources for duty in obligations(source, use)}
    if standing.terms is None or standing.own:
        return owed
    credit = {Obligation.CREDIT} if standing.terms.grant(use) is Grant.CREDIT else set()
    return owed | credit | set(standing.terms.obligations)


def _permission(wish: Wish) -> Permission:
    standing = wish.standing
    itself = () if standing.sources and standing.terms is None else (standing,)
    verdicts = [_verdict(each, wish.use) for each in (*standing.sources, *itself)]
    if wish.use is Use.PUBLISH:
        _refuse_derivatives(standing)
    grant, reason = min(verdicts, key=lambda verdict: _STRICTEST.index(verdict[0]))
    terms = standing.terms.digest if standing.terms else None
    return Permission(work=standing.work, role=wish.role, use=wish.use, grant=grant, terms=terms, reason=reason)


def _refuse_derivatives(standing: Standing) -> None:
    for source in standing.sources:
        if source.terms and Obligation.NO_DERIVATIVES in source.terms.obligations:
            raise _refusal(source, Use.PUBLISH, f"{_whose(source)} do not allow to share what was made from it")


_STRICTEST = (Grant.REFUSED, Grant.CREDIT, Grant.UNSTATED, Grant.ALLOWED)


def _verdict(standing: Standing, use: Use) -> tuple[Grant, str]:
    """Judge one work that answers for itself."""
    stated = standing.terms.grant(use) if standing.terms else Grant.UNSTATED
    if stated is Grant.REFUSED:
        raise _refusal(standing, use, f"{_whose(standing)} do not allow to {use.meaning}")
    if stated is not Grant.UNSTATED and standing.terms:
        return stated, f"{standing.terms.basis}: {standing.terms.licence or stated.value}"
    if standing.own:
        return Grant.ALLOWED, "the artist's own work"
    if use in (Use.ALTER, Use.SAMPLE):
        return Grant.UNSTATED, f"nothing stated; to {use.meaning} at home is the artist's own affair"
    if use is Use.IMITATE and not standing.makers:
        return Grant.UNSTATED, "nothing stated and no maker named; for study at home"
    raise _refusal(standing, use, f"nobody has stated its terms, and to {use.meaning} needs a statement")


def _refusal(standing: Standing, use: Use, reason: str) -> TermsRefused:
    work = standing.work[:12]
    remedy = f"If you have the right, state it: palimpsest add {work} --licence LICENCE, or --allow {use.value}."
    return TermsRefused(standing.work, standing.title or "untitled", use.value, reason, remedy)


def _whose(standing: Standing) -> str:
    licence = f" ({standing.terms.licence})" if standing.terms and standing.terms.licence else ""
    return f"the terms of {', '.join(standing.makers) or 'its maker'}{licence}"
