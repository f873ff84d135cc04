"""What is known of a work's rights: its own terms, its collection's, and those of everything that it was made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from palimpsest.craft.technique import RoleSpec
from palimpsest.ethics.consent import Standing, Statement, Wish, judge
from palimpsest.library import queries
from palimpsest.lineage.records import CollectionTerms, Description, Permit, Terms, Use, Work
from palimpsest.studio.studio import Studio


def wishes(studio: Studio, roles: Iterable[RoleSpec], inputs: Mapping[str, Sequence[str]], asof: str) -> list[Wish]:
    """Say what a technique would do with each of its inputs, with what was known of their rights at a moment."""
    return [
        Wish(role.name, role.use, standing(studio, work, asof)) for role in roles for work in inputs.get(role.name, ())
    ]


def permit_to(studio: Studio, use: Use, work: str, *, commercial: bool = False) -> Permit:
    """Ask whether one work may be used so, by itself: to export it, say, and perhaps to sell it.

    Raises:
        TermsRefused: somebody's terms do not permit it.
    """
    at, asof = studio.now(), queries.latest_moment(studio.library)
    return judge([Wish("work", use, standing(studio, work, asof))], asof, at, commercial=commercial)


def standing(studio: Studio, work: str, asof: str) -> Standing:
    """Return what was known of a work's rights when the record of the moment `asof` was the latest.

    A work answers for every work from outside that it was made from, by whichever recipe, and for every one on the way
    of which anybody has stated terms.

    Raises:
        NotFound: the work is not known.
    """
    itself = queries.work(studio.library, work)
    behind = queries.ancestors(studio.library, work, asof)
    ids = [work, *behind]
    known = {each.id: each for each in queries.works_of(studio.library, behind)}
    said = queries.descriptions_in_force(studio.library, ids, asof)
    stated = _statements(studio, ids, said, asof)
    sources = tuple(
        _standing(studio, known[each], stated[each], said.get(each))
        for each in behind
        if each in known and (known[each].recipe is None or stated[each])
    )
    return _standing(studio, itself, stated[work], said.get(work), sources)


def collection_terms(studio: Studio, names: Iterable[str], asof: str | None = None) -> list[CollectionTerms]:
    """Return every statement about these collections, the earliest first."""
    return queries.records_about(studio.library, sorted({name for name in names if name}), CollectionTerms, asof=asof)


def _statements(
    studio: Studio, ids: Sequence[str], said: Mapping[str, Description], asof: str
) -> dict[str, list[Statement]]:
    """Return every statement that may answer for each work, the one that goes before all others first."""
    own: dict[str, list[Statement]] = defaultdict(list)
    shared: dict[str, list[Statement]] = defaultdict(list)
    for terms in queries.records_about(studio.library, ids, Terms, asof=asof):
        own[terms.work].insert(0, terms)
    for common in collection_terms(studio, (about.collection for about in said.values()), asof):
        shared[common.collection].insert(0, common)
    return {id: own[id] + (shared[said[id].collection] if id in said else []) for id in ids}


def _standing(
    studio: Studio,
    work: Work,
    statements: Sequence[Statement],
    said: Description | None,
    sources: tuple[Standing, ...] = (),
) -> Standing:
    makers = said.makers if said else ()
    own = work.recipe is not None or makers == (studio.person.name,)
    title = said.title if said else ""
    latest, earlier = (statements[0], tuple(statements[1:])) if statements else (None, ())
    return Standing(work.id, title, makers, latest, own, sources, earlier)
