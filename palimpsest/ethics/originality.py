"""What the likeness of two pictures amounts to: verdicts over figures, and nothing else.

A verdict is about pictures, not about people: two photographs of one place, or two prints from one block, are as alike as a
picture and its copy. Whether something was copied, and whether that was right, a human decides.

The limits are those at which 338 works of `../shared/art/dev` and their edits part best (`python -m benchmarks.originality`):
of 56,953 pairs of different works, none shares more than 7 places or comes nearer than 86 bits of PDQ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COPY_BITS = 31
"""Of PDQ's 256; its authors' own limit."""
COPY_PHASH_BITS = 6
NEAR_BITS = 62
SURE_PLACES = 8
FAINT_PLACES = 5
SAME_MATTER = 0.2
FEW_MARKS = 40
MOST_OF_IT = 0.5
WHOLE, FRAMED = 0.8, 0.35
"""A work that is shown whole is a copy also where a frame or a page takes more room than it."""
ALIKE = 0.5
FAINTLY_ALIKE = 0.7
ALL_OF_IT, VERY_ALIKE = 0.9, 0.9
SAME_LAYOUT = 0.85
SAME_STYLE = 0.45
NOTHING_LEFT = 100
"""The share of a foreign work, in percent, at which no export is ever held back."""


class Verdict(StrEnum):
    """What the likeness of one picture to another amounts to, from most to least."""

    COPY = "copy"
    PART = "contains part of"
    COMPOSITION = "same composition"
    STYLE = "like in style only"
    NONE = "nothing alike"


@dataclass(frozen=True)
class Figures:
    """What was measured between a picture and another one.

    `pdq`, `phash` and `inverted` are differing bits of 256, 64 and 256 (the last against the negative); `telling` whether both
    have enough in them for these to mean something. `places` are distinct places where marks agree on one map, `marks` the marks
    of the picture that has fewer, and `agreeing` the share of the marks in the common part that agree. `share` is the share of
    the picture that is the same as part of the other, `contained` the share of the other that it shows, `alike` how alike the
    light there is. `layout` is the likeness of composition (1: the same), `style` the distance in style (0: the same).
    """

    pdq: int
    phash: int
    inverted: int
    telling: bool
    places: int
    marks: int
    agreeing: float
    share: float
    contained: float
    alike: float
    layout: float
    style: float
    same_pixels: bool = False


@dataclass(frozen=True)
class Judgement:
    """A verdict, whether it is certain as far as figures go, and what it rests on."""

    verdict: Verdict
    certain: bool
    why: str


def judge(found: Figures) -> Judgement:
    """Say what the likeness of a picture to another one amounts to."""
    if found.same_pixels:
        return Judgement(Verdict.COPY, True, "the very same pixels")
    if found.places >= SURE_PLACES:
        return _by_marks(found)
    return _by_fingerprint(found) or _by_composition(found) or _by_style(found)


def _by_marks(found: Figures) -> Judgement:
    sure = found.alike >= ALIKE
    if found.agreeing < SAME_MATTER:
        if found.share >= MOST_OF_IT:
            return Judgement(Verdict.COMPOSITION, sure, "the same forms in the same places, painted anew")
        return Judgement(Verdict.PART, False, "some of its forms, painted anew")
    if found.share >= MOST_OF_IT or (found.contained >= WHOLE and found.share >= FRAMED):
        return Judgement(Verdict.COPY, sure, "marks agree all over the picture")
    return Judgement(Verdict.PART, sure, "marks agree in part of the picture")


def _by_fingerprint(found: Figures) -> Judgement | None:
    if not _same_whole(found):
        return None
    if found.share >= ALL_OF_IT and found.alike >= VERY_ALIKE:
        return Judgement(Verdict.COPY, True, "by fingerprint, and the light lies alike everywhere")
    if found.marks >= FEW_MARKS:
        return Judgement(Verdict.COMPOSITION, False, "by fingerprint alone: its marks do not agree")
    return Judgement(Verdict.COPY, found.alike >= ALIKE, "by fingerprint alone: too even for marks")


def _by_composition(found: Figures) -> Judgement | None:
    if found.places >= FAINT_PLACES and found.share >= MOST_OF_IT and found.alike >= FAINTLY_ALIKE:
        return Judgement(Verdict.COMPOSITION, False, "few marks agree, but the light lies alike")
    if found.telling and found.pdq <= NEAR_BITS:
        return Judgement(Verdict.COMPOSITION, True, "large areas lie alike")
    if found.layout >= SAME_LAYOUT:
        return Judgement(Verdict.COMPOSITION, False, "edges lie and run alike; plain layouts often do")
    return None


def _by_style(found: Figures) -> Judgement:
    if found.style <= SAME_STYLE:
        return Judgement(Verdict.STYLE, False, "colour, grain and direction are alike")
    return Judgement(Verdict.NONE, found.telling, "" if found.telling else "too even to tell")


def _same_whole(found: Figures) -> bool:
    """Tell whether the fingerprints alone say that it is the same picture; the looser one only where the light agrees."""
    if not found.telling:
        return False
    if min(found.pdq, found.inverted) <= COPY_BITS:
        return True
    return found.phash <= COPY_PHASH_BITS and found.alike >= FAINTLY_ALIKE and found.share >= MOST_OF_IT


def contained(judgement: Judgement, found: Figures) -> float:
    """Return how much of the other work a picture shows, 0 to 1: only what was found again counts, not what is merely alike."""
    if found.same_pixels:
        return 1.0
    return found.contained if judgement.verdict in (Verdict.COPY, Verdict.PART) else 0.0


def too_much(share: float, most: int) -> bool:
    """Tell whether a share of a foreign work, 0 to 1, is more than the person lets through, in percent."""
    return most < NOTHING_LEFT and share * 100 > most
