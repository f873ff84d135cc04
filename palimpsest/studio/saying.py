"""What a person says of a work: a description and terms. Statements are added, never changed; the latest holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from palimpsest.errors import ParameterRefused, UsageRefused
from palimpsest.ethics.consent import Standing, Statement, ended
from palimpsest.ethics.file_terms import FROM_FILE
from palimpsest.ethics.licences import LICENCES, Licence, licence_called
from palimpsest.library import queries
from palimpsest.lineage.records import AnyRecord, CollectionTerms, Description, Grant, Obligation, Terms, Use
from palimpsest.studio.sizing import check_size, check_turn
from palimpsest.studio.standing import collection_terms
from palimpsest.studio.studio import Studio

DESCRIBED = ("title", "makers", "date", "culture", "style", "medium", "source", "collection", "size_mm")
BY_A_PERSON = "stated by a person"


@dataclass(frozen=True)
class Said:
    """What a person says of works as they add them: a description, and terms.

    `until` is the last day on which the terms hold; `size_mm` the width and height of the picture itself, without a frame.
    """

    title: str = ""
    makers: tuple[str, ...] = ()
    date: str = ""
    culture: str = ""
    style: str = ""
    medium: str = ""
    source: str = ""
    licence: str = ""
    allow: tuple[Use, ...] = ()
    refuse: tuple[Use, ...] = ()
    collection: str = ""
    until: str = ""
    size_mm: tuple[int, int] | None = None

    @property
    def describes(self) -> bool:
        """Whether anything is said but terms."""
        return any(getattr(self, name) for name in DESCRIBED)

    @property
    def states_terms(self) -> bool:
        """Whether terms are stated."""
        return bool(self.licence or self.allow or self.refuse or self.until)

    def entitled(self, title: str) -> Said:
        """Return the same with this title, if none was said."""
        return self if self.title else replace(self, title=title)

    def check(self, day: str = "") -> None:
        """Make sure that it can be recorded on a day; without one, any last day may be.

        Raises:
            ParameterRefused: the licence is not known, the last day is no day or is over, the collection's name is no text, or
            the size is none.
            UsageRefused: one use is both allowed and refused.
        """
        if self.licence:
            licence_called(self.licence)
        if self.until:
            _check_day(self.until, day)
        check_name(self.collection)
        check_size(self.size_mm)
        both = [use.value for use in Use if use in self.allow and use in self.refuse]
        if both:
            raise UsageRefused(
                f"Expected each use to be allowed or refused, but {', '.join(both)} is said to be both.",
                "Say one of them.",
            )


NOTHING = Said()


def check_name(collection: str) -> None:
    """Make sure that the name of a collection can be recorded.

    Raises:
        ParameterRefused: it holds what is no text.
    """
    try:
        collection.encode()
    except UnicodeEncodeError:
        raise ParameterRefused("collection", "text without lone surrogates", collection) from None


def _check_day(text: str, today: str) -> None:
    try:
        known = date.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        raise ParameterRefused("until", "a day written as 2027-01-31", text)
    if text < today:
        raise ParameterRefused(
            "until", f"today ({today}, UTC) or later", text, "What is not allowed any more is stated by --refuse."
        )


def say(studio: Studio, work: str, said: Said) -> None:
    """Record what a person says of a work that is there; what they leave out stays as it was.

    Raises:
        ParameterRefused, UsageRefused: the terms cannot be recorded.
    """
    before = queries.descriptions_of(studio.library, work)
    if said.size_mm:
        known = queries.work(studio.library, work)
        check_turn(said.size_mm, known.width, known.height)
    if said.describes and before:
        said = replace(said, **{name: getattr(said, name) or getattr(before[-1], name) for name in DESCRIBED})
    collection = said.collection or (before[-1].collection if before else "")
    records = statements(studio, work, said, studio.now(), queries.terms_history(studio.library, work), collection)
    if records:
        studio.library.append(records)


def say_of_collection(studio: Studio, name: str, said: Said) -> None:
    """Record the terms of every work of a collection that has none of its own.

    Raises:
        ParameterRefused, UsageRefused: they cannot be recorded.
    """
    now = studio.now()
    said.check(now[:10])
    check_name(name)
    words = _terms_said(said, now, collection_terms(studio, [name]), ())
    basis = f"{BY_A_PERSON} for the collection {name}"
    studio.library.append([CollectionTerms(collection=name, **words, basis=basis, by=studio.person.id, at=now)])


def statements(
    studio: Studio, work: str, said: Said, now: str, history: Sequence[Terms] = (), collection: str = ""
) -> list[AnyRecord]:
    """Write the records of what a person says of a work with this history of terms, the earliest first.

    Raises:
        ParameterRefused, UsageRefused: the terms cannot be recorded.
    """
    said.check(now[:10])
    records: list[AnyRecord] = []
    if said.describes:
        words = {name: getattr(said, name) for name in DESCRIBED}
        records.append(Description(work=work, **words, by=studio.person.id, at=now))
    if said.states_terms:
        shared = collection_terms(studio, [collection])
        terms = _terms_said(said, now, history, shared)
        kept = _kept_out(said, history)
        basis = f"{BY_A_PERSON}; what the file itself refuses stays refused" if kept else BY_A_PERSON
        records.append(Terms(work=work, **terms, basis=basis, by=studio.person.id, at=now))
    return records


def opted_out(history: Iterable[Statement]) -> set[Use]:
    """Return the uses that a work's own file refuses beyond its licence, and that nobody has allowed by name since."""
    closed: set[Use] = set()
    for each in history:
        if each.basis.startswith(FROM_FILE):
            granted = licence_called(each.licence).uses if each.licence else {}
            refused = {use for use, grant in each.uses.items() if grant is Grant.REFUSED}
            closed = {use for use in refused if granted.get(use) is not Grant.REFUSED}
        else:
            closed -= {use for use, grant in each.uses.items() if grant is not Grant.REFUSED}
    return closed


def _kept_out(said: Said, history: Sequence[Statement]) -> set[Use]:
    """Return what a licence does not open again: an opt-out is lifted by name, or by the maker of the work."""
    own = bool(said.licence) and licence_called(said.licence) == LICENCES["own work"]
    return set() if own or not said.licence else opted_out(history) - {*said.allow, *said.refuse}


def _terms_said(said: Said, now: str, history: Sequence[Statement], shared: Sequence[Statement]) -> dict[str, object]:
    """Turn what a person says into terms: a licence's uses, or what was stated before, and over them each use they name.

    What has a last day speaks of the named uses only, so that the others outlive it; a last day alone is set to all that holds.
    A permission that is over stays over, until its use is allowed again by name or by a licence.
    """
    standing = _in_order(history, shared)
    day = now[:10]
    licence: Licence | None = None
    if said.licence:
        licence = licence_called(said.licence)
        uses = dict(licence.uses) | dict.fromkeys(_kept_out(said, history), Grant.REFUSED)
    elif not said.until:
        uses = _lasting(standing, history)
    elif said.allow or said.refuse:
        uses = {}
    else:
        uses = _holding(standing, day)
    uses |= dict.fromkeys(said.allow, Grant.ALLOWED) | dict.fromkeys(said.refuse, Grant.REFUSED)
    ground = next((each for each in standing.statements if not ended(each, day)), None)
    return {
        "licence": licence.name if licence else ground.licence if ground else "",
        "uses": uses,
        "obligations": _owed(licence, ground),
        "until": said.until,
    }


def _in_order(history: Sequence[Statement], shared: Sequence[Statement]) -> Standing:
    """Put statements into the order in which they hold."""
    first = [*reversed(history), *reversed(shared)]
    return Standing("", "", (), first[0] if first else None, False, (), tuple(first[1:]))


def _lasting(standing: Standing, history: Sequence[Statement]) -> dict[Use, Grant]:
    """Return what the work's own statements say without a last day, of each use of which nothing with one goes before."""
    heard = {use: next((each for each in standing.statements if use in each.uses), None) for use in Use}
    return {use: each.uses[use] for use, each in heard.items() if each and not each.until and each in history}


def _holding(standing: Standing, day: str) -> dict[Use, Grant]:
    answers = {use: standing.answer(use, day) for use in Use}
    over = {use: each.statement.until for use, each in answers.items() if each.over and each.statement}
    held: dict[Use, Grant] = {
        use: each.grant for use, each in answers.items() if use not in over and each.grant is not Grant.UNSTATED
    }
    if over and not held:
        uses = ", ".join(use.value for use in over)
        raise UsageRefused(
            f"--until: expected terms that still hold, but what was allowed ({uses}) ended on {max(over.values())}.",
            f"Allow it again with the new day: {' '.join(f'--allow {use.value}' for use in over)} --until DAY.",
        )
    if not held:
        raise UsageRefused(
            "--until: expected terms that can end, but none are stated.", "Say them with it: --allow, --licence."
        )
    return held


def _owed(licence: Licence | None, ground: Statement | None) -> tuple[Obligation, ...]:
    if licence is not None:
        return licence.obligations
    return ground.obligations if ground else ()
