"""Holding back an export that shows more of somebody else's work than the person lets through."""

from __future__ import annotations

from palimpsest.craft.progress import Progress
from palimpsest.errors import HeldBack
from palimpsest.ethics.licences import LICENCES, licence_called
from palimpsest.ethics.originality import NOTHING_LEFT, too_much
from palimpsest.library import queries
from palimpsest.studio.originality import of_raster, of_sources
from palimpsest.studio.performing import raster_of
from palimpsest.studio.sourcing import captions
from palimpsest.studio.studio import Studio
from palimpsest.studio.verbatim import verbatim_regions

_WORTH_A_LINE = 0.5


def hold(studio: Studio, work: str, progress: Progress | None = None) -> str:
    """Return a line about what an export of a work would show of somebody else's work, or nothing; or hold it back.

    Without a limit (`most_contained` of 100) only the works that this one was made from are looked at, and the line warns when
    half of one is shown. With a limit, the whole studio is; the first time, that measures every work. A work that came from
    outside and is not the person's own is not held back: nobody claims it to be new, and its terms decide.

    Raises:
        HeldBack: it shows more than the person lets through.
        Cancelled: `progress` was told to stop.
    """
    if is_foreign(studio, work):
        return ""
    most = studio.settings.most_contained
    shown = _shown_of_foreign(studio, work, whole=most < NOTHING_LEFT, progress=progress or Progress())
    if not shown:
        return ""
    source = max(shown, key=lambda each: (shown[each], each))
    title = captions(studio, [source])[source].title
    if too_much(shown[source], most):
        raise HeldBack(work, source, title, shown[source], most)
    if shown[source] < _WORTH_A_LINE:
        return ""
    return f"it shows {shown[source]:.0%} of {title} ({source[:12]}); `palimpsest originality {work[:12]}` says more"


def is_foreign(studio: Studio, work: str) -> bool:
    """Tell whether a work came from outside and is not the person's own, by its makers or its licence."""
    if queries.work(studio.library, work).recipe is not None:
        return False
    said = queries.descriptions_in_force(studio.library, [work]).get(work)
    if said is not None and studio.person.name in said.makers:
        return False
    terms = queries.terms_history(studio.library, work)
    return not (terms and terms[-1].licence and licence_called(terms[-1].licence) == LICENCES["own work"])


def _shown_of_foreign(studio: Studio, work: str, *, whole: bool, progress: Progress) -> dict[str, float]:
    """Return how much of each foreign work a work shows: as it is seen, or as its source map says, whichever is more."""
    raster = raster_of(studio, work)
    likenesses = of_raster(studio, raster, work, "", progress).likenesses if whole else of_sources(studio, raster, work)
    shown = {each.work: each.contained for each in likenesses if each.contained}
    for region in verbatim_regions(studio, work) or ():
        shown[region.source] = max(shown.get(region.source, 0.0), region.of_source)
    return {other: share for other, share in shown.items() if is_foreign(studio, other)}
