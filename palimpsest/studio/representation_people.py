"""Of the people that works show: skin tones on the Monk scale, counted over all, never said or kept of one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from palimpsest.errors import Damaged, Erased, NotFound, ParameterRefused
from palimpsest.ethics import placing
from palimpsest.ethics.references import TONES
from palimpsest.ethics.representation import Row
from palimpsest.library import queries
from palimpsest.lineage.records import Portrayal
from palimpsest.media.raster import Raster
from palimpsest.perception.skin_tone import Face, NotRead, Tone, skin_tone
from palimpsest.studio.membership import Counted, Members, Records
from palimpsest.studio.performing import raster_of
from palimpsest.studio.studio import Studio

SKIN_TONE = "skin tone"
PHOTOGRAPHED = frozenset({"photograph", "film and digital"})


@dataclass(frozen=True)
class Faces:
    """Every face on record: its moment and tones, the range of tones of each that could be read, and what to bear in mind."""

    units: tuple[tuple[str, Members], ...]
    ranges: tuple[tuple[int, int], ...]
    remarks: tuple[str, ...]


def faces(studio: Studio, records: Records, counted: Sequence[Counted]) -> Faces:
    """Read the tone of every face on record in what was counted; a work that was used several times is read once."""
    moments: dict[str, str] = {}
    for each in counted:
        for work in each.shares:
            moments.setdefault(work, each.at)
    shown = {each.work: each for each in queries.records_about(studio.library, list(moments), Portrayal)}
    read = [(moments[work], found) for work in moments if work in shown for found in _read(studio, shown[work])]
    return Faces(
        tuple((at, _members(found)) for at, found in read),
        tuple((found.lightest, found.darkest) for _, found in read if isinstance(found, Tone)),
        _remarks(records, moments, shown),
    )


def within_light(rows: Iterable[Row], ranges: Sequence[tuple[int, int]]) -> list[Row]:
    """Say of each tone how many faces are sure to have it, and how many may, by the ranges; and withdraw every verdict.

    What the light leaves open is more than what chance does, so a verdict by chance alone would say too much.
    """
    whole = max(1, len(ranges))
    bounds = {
        name: (
            sum(lightest == number == darkest for lightest, darkest in ranges) / whole,
            sum(lightest <= number <= darkest for lightest, darkest in ranges) / whole,
        )
        for number, name in enumerate(TONES, start=1)
    }
    return [replace(row, verdict="", least=bounds[row.group][0], most=bounds[row.group][1]) for row in rows]


def _read(studio: Studio, shown: Portrayal) -> list[Tone | NotRead]:
    if not shown.faces:
        return []
    try:
        raster = raster_of(studio, shown.work)
    except (Damaged, Erased, NotFound):
        return [NotRead("in a picture that cannot be read")] * len(shown.faces)
    return [_tone(raster, face) for face in shown.faces]


def _tone(raster: Raster, face: Face) -> Tone | NotRead:
    try:
        return skin_tone(raster, face)
    except ParameterRefused:  # a record from elsewhere may hold any box
        return NotRead("outside the picture")


def _members(found: Tone | NotRead) -> Members:
    if isinstance(found, NotRead):
        return {(False, f"({found.reason})"): 1.0}
    return {(True, name): share for name, share in zip(TONES, found.shares, strict=True) if share}


def _remarks(records: Records, works: Iterable[str], shown: Mapping[str, Portrayal]) -> tuple[str, ...]:
    """Say what a tone read from a picture is, and how much of it comes from paint."""
    kinds: Counter[str] = Counter()
    for work, portrayal in shown.items():
        said = records.said.get(work)
        family = next(iter(placing.medium(said).groups), "") if said else ""
        kinds["photographs" if family in PHOTOGRAPHED else "other media" if family else "no medium stated"] += len(
            portrayal.faces
        )
    unseen = sum(work not in shown for work in works)
    return (
        "The Monk Skin Tone scale (Ellis Monk 2019; sRGB values by Google, skintone.google, CC BY 4.0). Each face is read under "
        "fifteen assumptions about the light and counts in every tone that came nearest, so a tone here is a range, not a point.",
        "In a painting or a print this measures paint, not people; in a photograph skin, light, camera and print together. "
        "It is said of all together and kept of nobody.",
        "Doubt of the light blurs towards the middle, and is more than what chance leaves open: so no verdict is given, and the "
        "last column says how many faces are sure to have a tone and how many may.",
        f"Faces on record: {', '.join(f'{count} in {kind}' for kind, count in sorted(kinds.items())) or 'none'}.",
        *((f"{unseen} works have not been looked at for faces: `palimpsest privacy --scan` does.",) if unseen else ()),
    )
