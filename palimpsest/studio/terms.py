"""The terms of a work or a collection: what holds now, by whose word, until when, and what came of it already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from palimpsest.errors import NotFound, TermsRefused
from palimpsest.ethics import consent
from palimpsest.ethics.consent import Standing, Statement, Wish, ended, judge, owing
from palimpsest.library import queries
from palimpsest.lineage.records import CollectionTerms, Description, Grant, Owed, Permit, Terms, Use
from palimpsest.studio.saying import Said, check_name, say, say_of_collection
from palimpsest.studio.standing import collection_terms, standing
from palimpsest.studio.studio import Studio

_GIVEN = (Grant.ALLOWED, Grant.CREDIT)
_WORDS = {
    Grant.ALLOWED: "allowed",
    Grant.CREDIT: "with credit",
    Grant.REFUSED: "refused",
    Grant.UNSTATED: "at home only",
}


@dataclass(frozen=True)
class Holding:
    """What holds for one use: the gate's answer, why, and the statement it rests on, if one speaks of it."""

    use: Use
    grant: Grant
    reason: str
    statement: Statement | None
    withdrawn: bool
    """Whether it was allowed at some time, and is not any more."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        said = self.statement
        return {
            "grant": self.grant.value,
            "reason": self.reason,
            "licence": said.licence if said else "",
            "basis": said.basis if said else "",
            "collection": said.collection if isinstance(said, CollectionTerms) else "",
            "until": said.until if said else "",
            "withdrawn": self.withdrawn,
        }


@dataclass(frozen=True)
class InForce:
    """The terms of a work, or of a collection."""

    work: str
    collection: str
    title: str
    holdings: tuple[Holding, ...]
    owed: tuple[Owed, ...]
    history: tuple[Statement, ...]
    members: tuple[str, ...]
    """Of a collection: its works. Its terms hold for each as far as it has none of its own."""
    made_from_it: tuple[str, ...]
    titles: dict[str, str]
    day: str

    @property
    def withdrawn(self) -> tuple[Use, ...]:
        """The uses that were allowed at some time and are not any more."""
        return tuple(each.use for each in self.holdings if each.withdrawn)

    @property
    def owed_in_words(self) -> str:
        """What follows from the work and from all that is behind it, in one line."""
        return consent.in_words(self.owed)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        about = {"work": self.work} if self.work else {"members": [self._named(work) for work in self.members]}
        return about | {
            "collection": self.collection,
            "title": self.title,
            "uses": {each.use.value: each.as_json() for each in self.holdings},
            "owed": [each.model_dump(mode="json") | {"title": self.titles.get(each.work, "")} for each in self.owed],
            "withdrawn": [use.value for use in self.withdrawn],
            "made_from_it": [self._named(work) for work in self.made_from_it],
            "history": [each.model_dump(mode="json") for each in self.history],
        }

    def _named(self, work: str) -> dict[str, str]:
        return {"id": work, "title": self.titles.get(work, "")}

    def lines(self) -> list[str]:
        """Say it in lines for a person."""
        head = f"{self.title}  {self.work[:12]}" if self.work else f"Collection {self.collection}"
        lines = [head, *([f"  collection {self.collection}"] if self.work and self.collection else [])]
        for each in self.holdings:
            until = f", until {each.statement.until}" if each.statement and _lasts(each.statement, self.day) else ""
            lines.append(f"  {each.use.value:<9} {_WORDS[each.grant]:<12} {_short(each.reason)}{until}")
        for owed in self.owed:
            under = f" under {owed.licence}" if owed.licence else ""
            whose = (
                "" if owed.work == self.work else f", to {self.titles.get(owed.work) or 'untitled'} ({owed.work[:12]})"
            )
            lines.append(f"  owed      {owed.obligation.value}{under}{whose}")
        if not self.work:
            lines.append(f"  holds for {len(self.members)} works, as far as they have no terms of their own")
        lines += self._descendants()
        lines += ["  history"] if self.history else ["  history   nobody has stated terms"]
        return lines + [f"    {each.at[:10]}  {_statement(each, self.day)}" for each in self.history]

    def _descendants(self) -> list[str]:
        made = [f"    {work[:12]}  {self.titles.get(work) or 'untitled'}" for work in self.made_from_it[:_LISTED]]
        if len(self.made_from_it) > _LISTED:
            made.append(f"    … {len(self.made_from_it) - _LISTED} more: --json lists all")
        lines = [f"  made from it: {len(self.made_from_it)} works", *made]
        if self.withdrawn and made:
            uses = ", ".join(use.value for use in self.withdrawn)
            lines.append(
                f"  No longer allowed: {uses}. What was made keeps its permit; from now on the use is refused."
            )
        return lines


_LISTED = 20


def terms_in_force(studio: Studio, work: str) -> InForce:
    """Return what holds for a work now, by whose word, what follows from it, and what was made from it.

    Raises:
        NotFound: the work is not known.
    """
    about, day = _standing_now(studio, work)
    made = tuple(queries.descendants(studio.library, work))
    owed = {each for use in Use for each in owing(about, use, day)}
    said = queries.descriptions_of(studio.library, work)
    return InForce(
        work=work,
        collection=said[-1].collection if said else "",
        title=about.title or "untitled",
        holdings=tuple(_holding(about, use, day) for use in Use),
        owed=tuple(sorted(owed, key=lambda each: (each.obligation, each.licence, each.work))),
        history=tuple(sorted(about.statements, key=lambda each: (each.at, each.digest))),
        members=(),
        made_from_it=made,
        titles=_titles(studio, [*made, *(each.work for each in owed)]),
        day=day,
    )


def collection_terms_in_force(studio: Studio, name: str) -> InForce:
    """Return what holds for the works of a collection as far as they have no terms of their own, and what was made from them.

    Raises:
        NotFound: no work belongs to it, and nobody has stated its terms.
        ParameterRefused: its name is no text.
    """
    check_name(name)
    members = tuple(queries.works_in_collection(studio.library, name))
    history = collection_terms(studio, [name])
    if not members and not history:
        raise NotFound("collection", name, "`palimpsest add FILE --collection NAME` makes one.")
    latest = tuple(reversed(history))
    about = Standing("", name, (), latest[0] if latest else None, False, (), latest[1:])
    day = studio.now()[:10]
    made = tuple(dict.fromkeys(made for work in members for made in queries.descendants(studio.library, work)))
    return InForce(
        work="",
        collection=name,
        title=name,
        holdings=tuple(_stated(about, use, day) for use in Use),
        owed=(),
        history=tuple(history),
        members=members,
        made_from_it=made,
        titles=_titles(studio, [*members, *made]),
        day=day,
    )


def state_terms(studio: Studio, work: str, said: Said) -> InForce:
    """Record what a person says of a work's terms, and return what holds then.

    Raises:
        ParameterRefused, UsageRefused: it cannot be recorded.
    """
    say(studio, work, said)
    return terms_in_force(studio, work)


def state_collection_terms(studio: Studio, name: str, said: Said) -> InForce:
    """Record what a person says of the terms of a collection, and return what holds then.

    Raises:
        ParameterRefused, UsageRefused: it cannot be recorded.
    """
    say_of_collection(studio, name, said)
    return collection_terms_in_force(studio, name)


def in_words(permit: Permit) -> str:
    """Say in one line what a permit obliges to: 'credit, share-alike (CC-BY-SA-4.0)'; empty where nothing is owed."""
    return consent.in_words(permit.owed, permit.obligations)


def in_one_line(found: InForce) -> str:
    """Say the terms in force in one line, for `show`."""
    stated = [each for each in found.holdings if each.statement and each.use in each.statement.uses]
    if not stated:
        return "none stated"
    licences = dict.fromkeys(each.statement.licence for each in stated if each.statement and each.statement.licence)
    shared = any(isinstance(each.statement, CollectionTerms) for each in stated)
    whose = f" (of the collection {found.collection})" if shared else ""
    uses = ", ".join(f"{each.use.value} {each.grant.value}" for each in stated)
    return f"{', '.join(licences) or 'stated by use'}{whose}: {uses}"


def _standing_now(studio: Studio, work: str) -> tuple[Standing, str]:
    return standing(studio, work, queries.latest_moment(studio.library)), studio.now()[:10]


def _holding(about: Standing, use: Use, day: str) -> Holding:
    """Ask the gate, which asks the works behind this one as well."""
    said = _stated(about, use, day)
    try:
        permission = judge([Wish("work", use, about)], at=day).permissions[0]
    except TermsRefused as refusal:
        where = "" if refusal.work == about.work else f"{refusal.title} ({refusal.work[:12]}): "
        return Holding(use, Grant.REFUSED, f"{where}{refusal.reason}", said.statement, said.withdrawn)
    return Holding(use, permission.grant, permission.reason, said.statement, said.withdrawn)


def _stated(about: Standing, use: Use, day: str) -> Holding:
    """Tell what the statements themselves say to a use."""
    answer = about.answer(use, day)
    speaks = answer.statement if answer.statement and use in answer.statement.uses else None
    given = answer.over or any(
        each.uses.get(use) in _GIVEN for each in about.statements if speaks and each.at < speaks.at
    )
    reason = f"{speaks.basis}: {speaks.licence or answer.grant.value}" if speaks else "nothing stated"
    if answer.over and speaks:
        reason = f"{speaks.basis}: allowed until {speaks.until}, which is over"
    return Holding(use, answer.grant, reason, speaks, given and answer.grant not in _GIVEN)


def _statement(each: Statement, day: str) -> str:
    uses = ", ".join(f"{use.value} {grant.value}" for use, grant in each.uses.items())
    over = " (over)" if ended(each, day) else ""
    until = f", until {each.until}{over}" if each.until else ""
    shared = (
        "" if isinstance(each, Terms) or each.collection in each.basis else f" for the collection {each.collection}"
    )
    return f"{each.basis}{shared}: {each.licence or 'by use'}: {uses}{until}"


def _lasts(each: Statement, day: str) -> bool:
    """Tell whether a statement has a last day that is still to come; of one that is over, the reason names it."""
    return bool(each.until) and not ended(each, day)


def _short(reason: str) -> str:
    return reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST]}…"


_LONGEST = 150
"""The history says it whole."""


def _titles(studio: Studio, works: Sequence[str]) -> dict[str, str]:
    said: dict[str, Description] = queries.descriptions_in_force(studio.library, dict.fromkeys(works))
    return {work: said[work].title for work in works if work in said}
