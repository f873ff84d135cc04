"""What is known of a work's rights: its own terms, and those of everything that it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from palimpsest.craft.technique import RoleSpec
from palimpsest.ethics.consent import Standing, Wish, judge
from palimpsest.library import queries
from palimpsest.lineage.records import Description, Permit, Terms, Use, Work
from palimpsest.studio.studio import Studio


def wishes(studio: Studio, roles: Iterable[RoleSpec], inputs: Mapping[str, Sequence[str]], asof: str) -> list[Wish]:
    """Say what a technique would do with each of its inputs, with what was known of their rights at a moment."""
    return [
        Wish(role.name, role.use, standing(studio, work, asof)) for role in roles for work in inputs.get(role.name, ())
    ]


def permit_to(studio: Studio, use: Use, work: str) -> Permit:
    """Ask whether one work may be used so, by itself: to export it, say.

    Raises:
        TermsRefused: somebody's terms do not permit it.
    """
    asof = queries.latest_moment(studio.library)
    return judge([Wish("work", use, standing(studio, work, asof))], asof)


def standing(studio: Studio, work: str, asof: str) -> Standing:
    """Return what was known of a work's rights when the record of the moment `asof` was the latest.

    A work answers for every work from outside that it was made from, by whichever recipe, and for every one on the way
    whose maker has stated terms.

    Raises:
        NotFound: the work is not known.
    """
    itself = queries.work(studio.library, work)
    behind = queries.ancestors(studio.library, work, asof)
    ids = [work, *behind]
    known = {each.id: each for each in queries.works_of(studio.library, behind)}
    terms = queries.terms_of(studio.library, ids, asof)
    said = queries.descriptions_in_force(studio.library, ids, asof)
    sources = tuple(
        _standing(studio, known[each], terms.get(each), said.get(each))
        for each in behind
        if known[each].recipe is None or each in terms
    )
    return _standing(studio, itself, terms.get(work), said.get(work), sources)


def _standing(
    studio: Studio, work: Work, terms: Terms | None, said: Description | None, sources: tuple[Standing, ...] = ()
) -> Standing:
    makers = said.makers if said else ()
    own = work.recipe is not None or makers == (studio.person.name,)
    return Standing(work.id, said.title if said else "", makers, terms, own, sources)
