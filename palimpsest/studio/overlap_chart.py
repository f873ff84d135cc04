"""The chart of an overlap: a picture beside each work that it is like, what they share left bright and outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from palimpsest.ethics.originality import NEAR_BITS, Verdict
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.studio.lettering import lettered
from palimpsest.studio.originality import Likeness, Originality
from palimpsest.studio.performing import raster_of
from palimpsest.studio.source_chart import INK, PAPER, QUIET, RULE
from palimpsest.studio.studio import Studio
from palimpsest.studio.verbatim import Region

_MARGIN, _GAP, _HEAD, _WORDS = 56, 40, 118, 122
_PANEL = (760, 620)
_MOST_ROWS = 3
_OUTLINE = (214, 64, 38)
_HALO = (250, 247, 240)
_REGION_COLOURS = ((214, 64, 38), (24, 110, 150), (60, 130, 60), (150, 80, 160), (190, 130, 20))
_FADED = 0.68
_SMOOTH = 1.2
_LETTERS = "abcd"
_SHOWN = (Verdict.COPY, Verdict.PART, Verdict.COMPOSITION)

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Row:
    """Two panels and what is written below them: a headline, and a line or two of figures."""

    left: Picture
    right: Picture
    headline: str
    lines: tuple[str, ...]


def overlap_chart(studio: Studio, found: Originality) -> Raster:
    """Draw the picture beside the works that it is most like, and beside those that its longest verbatim regions come from.

    Raises:
        Damaged: one of these works cannot be opened.
    """
    alike = [each for each in found.likenesses if each.judgement.verdict in _SHOWN] or list(found.likenesses[:1])
    rows = [_likeness_row(studio, found, each) for each in alike[:_MOST_ROWS]]
    rows += _region_rows(studio, found)
    if not rows:
        rows = [Row(_fitted(found.raster), np.full((200, 200, 3), 247, np.uint8), "Nothing to compare with", ())]
    width = 2 * _MARGIN + _GAP + 2 * _PANEL[0]
    heights = [max(row.left.shape[0], row.right.shape[0]) + _WORDS + _GAP for row in rows]
    sheet = Image.new("RGB", (width, _HEAD + _MARGIN + sum(heights) + _MARGIN), PAPER)
    _head(sheet, found)
    top = _MARGIN + _HEAD
    for row, height in zip(rows, heights, strict=True):
        _lay(sheet, row, top)
        top += height
    foot = "The same source, the same scene, a copy or chance: figures cannot tell these apart. A human decides."
    _write(sheet, (_MARGIN, sheet.height - _MARGIN - 6), foot, 20, width - 2 * _MARGIN, colour=QUIET, italic=True)
    return Raster(np.asarray(sheet))


def sentence(each: Likeness) -> str:
    """Say in a few words how much two pictures share."""
    verdict = each.judgement.verdict
    if verdict is Verdict.STYLE or verdict is Verdict.NONE:
        return ""
    if verdict is Verdict.COMPOSITION and not each.figures.share:
        return "the same layout"
    turned = ", mirrored" if each.mirrored else ""
    return f"{each.figures.share:.0%} of the picture is {each.figures.contained:.0%} of it{turned}"


def figures(each: Likeness) -> str:
    """Write the figures behind a verdict on one line."""
    found = each.figures
    bits = f"PDQ {found.pdq}/256, pHash {found.phash}/64" if found.telling else "too even for fingerprints"
    if found.telling and found.inverted <= NEAR_BITS:
        bits += f", as a negative {found.inverted}/256"
    said = [
        f"{found.places} places agree ({found.agreeing:.0%} of the marks there)" if found.places else "no marks agree"
    ]
    said += [bits, *([f"light {found.alike:.2f}"] if each.judgement.verdict in _SHOWN else [])]
    return "; ".join([*said, f"layout {found.layout:.2f}", f"style apart {found.style:.2f}"])


def _likeness_row(studio: Studio, found: Originality, each: Likeness) -> Row:
    left, right = _fitted(found.raster), _fitted(raster_of(studio, each.work))
    said = found.said[each.work]
    if each.judgement.verdict in _SHOWN and each.overlap.mask.any():
        left, right = _both_outlined(left, right, each)
    sure = "" if each.judgement.certain else " (not certain)"
    shared = sentence(each)
    return Row(
        left,
        right,
        f"{each.judgement.verdict.value.capitalize()}{sure}: {said.title}, {', '.join(said.makers)}",
        (f"{shared}: {each.judgement.why}" if shared else each.judgement.why, figures(each)),
    )


def _both_outlined(left: Picture, right: Picture, each: Likeness) -> tuple[Picture, Picture]:
    """Outline what two pictures share in both, and letter the same four places in both."""
    mask = _grown(each.overlap.mask, left)
    light = each.overlap.mask.shape[1], each.overlap.mask.shape[0]
    to_left = np.diag([left.shape[1] / light[0], left.shape[0] / light[1], 1.0])
    lies = np.vstack([each.lies, [0, 0, 1]])
    to_right = _right_scale(right, each)
    between = to_left @ lies @ np.linalg.inv(to_right)
    size = right.shape[1], right.shape[0]
    back = cv2.warpAffine(mask.astype(np.float32), np.linalg.inv(between)[:2], size, flags=cv2.INTER_LINEAR) > 0.5
    places = _corners(mask)
    there = places @ np.linalg.inv(between)[:2, :2].T + np.linalg.inv(between)[:2, 2]
    return _lettered(_outlined(left, mask), places), _lettered(_outlined(right, back), there)


def _right_scale(right: Picture, each: Likeness) -> NDArray[np.float64]:
    return np.diag([right.shape[1] / each.light[0], right.shape[0] / each.light[1], 1.0])


def _grown(mask: Mask, onto: Picture) -> Mask:
    """Enlarge a mask to a picture, with smooth edges."""
    size = onto.shape[1], onto.shape[0]
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), _SMOOTH, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC) > 0.5)


def _outlined(picture: Picture, mask: Mask, colour: tuple[int, int, int] = _OUTLINE) -> Picture:
    """Let everything outside a mask fade into the paper, and draw a line around it."""
    paper = np.array(Image.new("RGB", (1, 1), PAPER))[0, 0].astype(np.float32)
    faded = picture + (paper - picture) * np.float32(_FADED)
    drawn = np.where(mask[:, :, None], picture, faded).astype(np.uint8)
    lines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for width, shade in ((7, _HALO), (3, colour)):
        cv2.drawContours(drawn, [line for line in lines if len(line) > 8], -1, shade, width, cv2.LINE_AA)
    return drawn


def _corners(mask: Mask) -> NDArray[np.float64]:
    """Return four places well inside a mask, towards its corners, (4, 2), clockwise from the upper left."""
    inner = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    deep = np.argwhere(inner >= min(26.0, 0.6 * float(inner.max())))
    ways = np.array([(-1, -1), (-1, 1), (1, 1), (1, -1)])
    return np.array([deep[np.argmax(deep @ way)][::-1] for way in ways], np.float64)


def _lettered(picture: Picture, places: NDArray[np.float64]) -> Picture:
    """Write a, b, c, d in small discs at four places, so that a turn or a mirroring can be followed."""
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for letter, (x, y) in zip(_LETTERS, places.tolist(), strict=True):
        _disc(draw, image.size, (x, y), letter, _OUTLINE)
    return np.asarray(image)


def _disc(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    place: tuple[float, float],
    sign: str,
    colour: tuple[int, int, int],
) -> None:
    """Draw a sign in a small disc, whole inside the picture."""
    x, y = (min(max(each, 15), side - 16) for each, side in zip(place, size, strict=True))
    draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill=colour, outline=_HALO, width=2)
    _, font = lettered(sign, 20, 40)
    draw.text((x, y - 1), sign, fill=_HALO, font=font, anchor="mm")


def _region_rows(studio: Studio, found: Originality) -> list[Row]:
    """Draw the longest verbatim regions: in the picture, and in the one work that the longest of them comes from."""
    if not found.regions:
        return []
    source = found.regions[0].source
    own = [region for region in found.regions if region.source == source]
    numbered = list(zip(range(1, len(own) + 1), own, strict=True))
    there = raster_of(studio, source)
    left = _boxed(found.raster, [(number, region.box) for number, region in numbered])
    right = _boxed(there, [(number, region.origin) for number, region in numbered])
    longest = own[0]
    words = f"Verbatim from {found.said[source].title}, {', '.join(found.said[source].makers)}"
    lines = "; ".join(f"{number}: {region_words(region)}" for number, region in numbered[:3])
    return [Row(left, right, words, (f"The longest is {longest.share:.1%} of the picture, by its source map.", lines))]


def region_words(region: Region) -> str:
    """Say how large a region is, and where."""
    return f"{region.pixels:,} px ({region.share:.1%}) in {region.box[2]}×{region.box[3]} at {region.box[0]},{region.box[1]}"


def _boxed(raster: Raster, boxes: Sequence[tuple[int, tuple[int, int, int, int]]]) -> Picture:
    picture = _fitted(raster)
    scale = picture.shape[1] / raster.width
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for number, box in reversed(boxes):
        colour = _REGION_COLOURS[(number - 1) % len(_REGION_COLOURS)]
        left, top = box[0] * scale, box[1] * scale
        edges = (left, top, max(left + 2, left + box[2] * scale - 1), max(top + 2, top + box[3] * scale - 1))
        draw.rectangle((edges[0] - 2, edges[1] - 2, edges[2] + 2, edges[3] + 2), outline=_HALO, width=7)
        draw.rectangle(edges, outline=colour, width=3)
        _disc(draw, image.size, (left + 17, top + 17), str(number), colour)
    return np.asarray(image)


def _fitted(raster: Raster) -> Picture:
    """Fit a picture into a panel; one of few pixels is enlarged in squares."""
    scale = min(_PANEL[0] / raster.width, _PANEL[1] / raster.height)
    size = max(1, round(raster.width * scale)), max(1, round(raster.height * scale))
    if scale > 3:
        whole = Image.fromarray(np.rint(raster.over() * 255).astype(np.uint8))
        return np.asarray(whole.resize(size, Image.Resampling.NEAREST))
    return np.rint(resize_raster(raster, *size).over() * 255).astype(np.uint8)


def _head(sheet: Image.Image, found: Originality) -> None:
    title = found.said[found.work].title if found.work else found.name
    room = sheet.width - 2 * _MARGIN
    _write(sheet, (_MARGIN, _MARGIN - 10), f"What {title} shares with other works", 38, room)
    line = f"Held against {found.compared} works. What is the same stays bright and is outlined; letters mark the same places."
    _write(sheet, (_MARGIN, _MARGIN + 46), line, 20, room, colour=QUIET, italic=True)


def _lay(sheet: Image.Image, row: Row, top: int) -> None:
    """Lay a row on the sheet, each panel in the middle of its half."""
    high = max(row.left.shape[0], row.right.shape[0])
    for place, panel in enumerate((row.left, row.right)):
        left = _MARGIN + place * (_PANEL[0] + _GAP) + (_PANEL[0] - panel.shape[1]) // 2
        sheet.paste(Image.fromarray(panel), (left, top + (high - panel.shape[0]) // 2))
    room = sheet.width - 2 * _MARGIN
    _write(sheet, (_MARGIN, top + high + 18), row.headline, 26, room)
    for number, line in enumerate(row.lines):
        _write(sheet, (_MARGIN, top + high + 54 + 26 * number), line, 18, room, colour=QUIET)
    ImageDraw.Draw(sheet).line((_MARGIN, top + high + _WORDS, sheet.width - _MARGIN, top + high + _WORDS), fill=RULE)


def _write(
    sheet: Image.Image,
    place: tuple[int, int],
    text: str,
    size: int,
    width: int,
    *,
    colour: str = INK,
    italic: bool = False,
) -> None:
    words, font = lettered(text, size, width, italic=italic)
    ImageDraw.Draw(sheet).text(place, words, fill=colour, font=font)
