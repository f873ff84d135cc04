"""What a person says of a work: a description and terms. Statements are added, never changed; the latest holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from palimpsest.ethics.licences import licence_called
from palimpsest.library import queries
from palimpsest.lineage.records import AnyRecord, Description, Grant, Terms, Use
from palimpsest.studio.studio import Studio

DESCRIBED = ("title", "makers", "date", "culture", "style", "medium", "source")


@dataclass(frozen=True)
class Said:
    """What a person says of works as they add them: a description, and terms."""

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

    @property
    def describes(self) -> bool:
        """Whether anything is said but terms."""
        return any(getattr(self, name) for name in DESCRIBED)

    @property
    def states_terms(self) -> bool:
        """Whether terms are stated."""
        return bool(self.licence or self.allow or self.refuse)

    def entitled(self, title: str) -> Said:
        """Return the same with this title, if none was said."""
        return self if self.title else replace(self, title=title)


NOTHING = Said()


def say(studio: Studio, work: str, said: Said) -> None:
    """Record what a person says of a work that is there; what they leave out stays as it was."""
    before = queries.descriptions_of(studio.library, work)
    if said.describes and before:
        said = replace(said, **{name: getattr(said, name) or getattr(before[-1], name) for name in DESCRIBED})
    records = statements(studio, work, said, studio.now())
    if records:
        studio.library.append(records)


def statements(studio: Studio, work: str, said: Said, now: str) -> list[AnyRecord]:
    """Write the records of what a person says.

    Raises:
        ParameterRefused: the licence is not known.
    """
    records: list[AnyRecord] = []
    if said.describes:
        words = {name: getattr(said, name) for name in DESCRIBED}
        records.append(Description(work=work, **words, by=studio.person.id, at=now))
    if said.states_terms:
        before = queries.terms_history(studio.library, work)
        records.append(terms_said(work, said, studio.person.id, now, before[-1] if before else None))
    return records


def terms_said(work: str, said: Said, by: str, now: str, before: Terms | None = None) -> Terms:
    """Turn what a person says into terms: a licence's uses or what was stated before, and over them each use they name.

    Raises:
        ParameterRefused: the licence is not known.
    """
    licence = licence_called(said.licence) if said.licence else None
    ground = licence or before
    uses = dict(ground.uses) if ground else {}
    uses |= dict.fromkeys(said.allow, Grant.ALLOWED) | dict.fromkeys(said.refuse, Grant.REFUSED)
    return Terms(
        work=work,
        licence=licence.name if licence else before.licence if before else "",
        uses=uses,
        obligations=ground.obligations if ground else (),
        basis="stated by a person",
        by=by,
        at=now,
    )
