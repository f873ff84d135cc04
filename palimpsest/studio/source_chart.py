"""The chart of a source map: a work, beside it where each pixel came from, and below a legend of the sources."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from palimpsest.media.codecs import decode
from palimpsest.media.colour import from_oklab
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import SourceMap, bands
from palimpsest.studio.finding import thumbnail_of
from palimpsest.studio.lettering import lettered, wrapped
from palimpsest.studio.performing import raster_of
from palimpsest.studio.sourcing import Caption, Sources, captions
from palimpsest.studio.studio import Studio

PAPER, INK, QUIET, RULE = "#f7f4ee", "#26221d", "#7d756a", "#d9d2c4"
_MARGIN = 56
_HEAD = 104
_GAP = 32
_PANEL = 940
_NARROWEST = 1180
_CARD = (520, 112)
_THUMBNAIL = (132, 112)
_MOST_CARDS = 24
_ENLARGED = 3.0  # beyond this, pixels are shown as squares

_CHROMA = 0.105  # nearly the most that sRGB has at every hue

Box = tuple[int, int]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Hue:
    """The colour of one source: where it stands on the circle, how light it is, and how far its places spread around it."""

    angle: float
    lightness: float
    spread: float

    def of(self, across: NDArray[Any], down: NDArray[Any]) -> Floats:
        """Return the OKLab colours of places inside the source, each given as a share of the width and of the height.

        To the right the hue turns, downwards it darkens, so that what hangs together looks so.
        """
        angle = np.deg2rad(self.angle + (2 * across - 1) * self.spread)
        lightness = self.lightness + 0.15 * (1 - 2 * down)
        return np.stack([lightness, _CHROMA * np.cos(angle), _CHROMA * np.sin(angle)], axis=-1).astype(np.float32)


@dataclass(frozen=True)
class Entry:
    """A source in the legend."""

    work: str
    said: Caption
    share: float
    hue: Hue


def hues(number: int) -> list[Hue]:
    """Return a colour for each source, as far from each other in OKLab as can be; those that follow are far apart too.

    They stand evenly on a circle of equal chroma. When there are many, every other one is darker.
    """
    step = next(each for each in range(max(1, round(number * 0.382)), number + 2) if math.gcd(each, number) == 1)
    spread = min(75.0, 0.2 * 360 / max(1, number))
    return [
        Hue((30 + 360 * (place * step % number) / number) % 360, 0.7 if number < 8 or place % 2 else 0.58, spread)
        for place in range(number)
    ]


def chart(studio: Studio, found: Sources) -> Raster:
    """Draw the chart of a source map, at least 1300 and mostly about 2000 pixels wide.

    Raises:
        Damaged: the work or one of its sources cannot be opened.
    """
    shares = {work: share for work, share in found.shares.items() if share}
    said = captions(studio, [found.work, *shares])
    colours = dict(zip(shares, hues(len(shares)), strict=True))
    panels = _panels(studio, found, colours)
    width = max(panels.width, _NARROWEST)
    columns = (width + _GAP) // (_CARD[0] + _GAP)
    wide = (width + _GAP) // columns - _GAP
    cards = list(shares)[:_MOST_CARDS]
    below = _MARGIN + _HEAD + panels.height + 48
    legend = math.ceil(len(cards) / columns) * (_CARD[1] + _GAP)
    sheet = Image.new("RGB", (width + 2 * _MARGIN, below + legend + _MARGIN), PAPER)
    _head(sheet, said[found.work], _sentence(found, len(shares)))
    sheet.paste(panels, ((sheet.width - panels.width) // 2, _MARGIN + _HEAD))
    for place, work in enumerate(cards):
        down, across = divmod(place, columns)
        corner = (_MARGIN + across * (wide + _GAP), below + down * (_CARD[1] + _GAP))
        _card(sheet, corner, wide, _thumbnail(studio, work), Entry(work, said[work], shares[work], colours[work]))
    _foot(sheet, found, shares)
    return Raster(np.asarray(sheet))


def painted(sources: SourceMap, hue_of: Sequence[Hue], width: int, height: int) -> Raster:
    """Paint a source map at another size, the nearest pixel for each; `hue_of` gives the colour of each slot."""
    rows = (np.arange(height) * 2 + 1) * sources.height // (2 * height)
    columns = (np.arange(width) * 2 + 1) * sources.width // (2 * width)
    pixels = np.empty((height, width, 3), np.uint8)
    for band in bands(height):
        places = np.ix_(rows[band], columns)
        slot, row, column = sources.slot[places], sources.row[places], sources.column[places]
        colours = np.zeros((*slot.shape, 3), np.float32)
        for number in np.unique(slot):
            here = slot == number
            laid = sources.slots[number]
            down, across = laid.upright(row[here], column[here])
            colours[here] = hue_of[number].of((across + 0.5) / laid.width, (down + 0.5) / laid.height)
        pixels[band] = Raster.from_floats(from_oklab(colours)).pixels
    return Raster(pixels)


def _painted(found: Sources, colours: Mapping[str, Hue], side: Box) -> Image.Image:
    """Paint the map of a work; a larger one is painted at twice the size first, so that edges are smooth."""
    slots = found.map.slots
    unused = Hue(0, 0.5, 0)
    hue_of = [colours.get(found.work_of(slot.role, slot.index), unused) for slot in slots]
    fine = 2 if found.map.width > side[0] else 1
    return _picture(painted(found.map, hue_of, side[0] * fine, side[1] * fine), side)


def _panels(studio: Studio, found: Sources, colours: Mapping[str, Hue]) -> Image.Image:
    """Lay the work and its map side by side, or one above the other when they are wide."""
    work = raster_of(studio, found.work)
    scale = min(_PANEL / work.width, _PANEL / work.height)
    side = max(1, round(work.width * scale)), max(1, round(work.height * scale))
    second = (0, side[1] + _GAP) if work.width > 2 * work.height else (side[0] + _GAP, 0)
    panels = Image.new("RGB", (second[0] + side[0], second[1] + side[1]), PAPER)
    panels.paste(_picture(work, side), (0, 0))
    panels.paste(_painted(found, colours, side), second)
    return panels


def _picture(raster: Raster, side: Box) -> Image.Image:
    """Lay a picture on the paper at a size."""
    if side[0] > _ENLARGED * raster.width:
        rgb = np.rint(raster.over() * 255).astype(np.uint8)
        return Image.fromarray(rgb).resize(side, Image.Resampling.NEAREST)
    return Image.fromarray(np.rint(resize_raster(raster, *side).over() * 255).astype(np.uint8))


def _thumbnail(studio: Studio, work: str) -> Raster:
    return decode(thumbnail_of(studio, work), work[:12], studio.settings.pixel_limit)


def _sentence(found: Sources, number: int) -> str:
    works = "one work" if number == 1 else f"{number} works"
    return (
        f"Made by {found.act.recipe.technique} from {works}. Beside it, each source has its colour: "
        "it turns from left to right and darkens from top to bottom of the source."
    )


def _head(sheet: Image.Image, said: Caption, sentence: str) -> None:
    _write(sheet, (_MARGIN, _MARGIN - 10), said.title, 38, sheet.width - 2 * _MARGIN)
    _write(sheet, (_MARGIN, _MARGIN + 46), sentence, 20, sheet.width - 2 * _MARGIN, colour=QUIET, italic=True)


def _card(sheet: Image.Image, corner: Box, wide: int, picture: Raster, entry: Entry) -> None:
    """Draw one entry of the legend: the source, its colours in the same shape, title, makers, and share."""
    scale = min(_THUMBNAIL[0] / picture.width, _THUMBNAIL[1] / picture.height)
    side = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    left, top = corner
    sheet.paste(_picture(picture, side), (left, top))
    sheet.paste(_key(entry.hue, side), (left + side[0] + 6, top))
    words = left + 2 * side[0] + 24
    room = left + wide - words
    lines, font = wrapped(entry.said.title, 22, room)
    draw = ImageDraw.Draw(sheet)
    draw.text((words, top - 5), "\n".join(lines), fill=INK, font=font, spacing=3)
    makers = f"{', '.join(entry.said.makers)}, {entry.work[:8]}"
    _write(sheet, (words, top - 1 + 26 * len(lines)), makers, 17, room, colour=QUIET, italic=True)
    _write(sheet, (words, top + 82), f"{entry.share:.1%}" if entry.share >= 0.0005 else "< 0.1%", 22, room)
    bar = (words + 80, top + 92, left + wide, top + 99)
    draw.rectangle(bar, fill=RULE)
    draw.rectangle((*bar[:2], bar[0] + round(entry.share * (bar[2] - bar[0])), bar[3]), fill=_middle(entry.hue))


def _key(hue: Hue, side: Box) -> Image.Image:
    """Paint the colours of a source as they lie in it."""
    down, across = np.mgrid[0 : side[1], 0 : side[0]]
    colours = from_oklab(hue.of((across + 0.5) / side[0], (down + 0.5) / side[1]))
    return Image.fromarray(Raster.from_floats(colours).pixels)


def _middle(hue: Hue) -> Colour:
    pixel = np.asarray(_key(hue, (1, 1)))[0, 0].tolist()
    return pixel[0], pixel[1], pixel[2]


def _foot(sheet: Image.Image, found: Sources, shares: Mapping[str, float]) -> None:
    """Say what the legend has no room for."""
    rest = list(shares.values())[_MOST_CARDS:]
    said = [f"{len(rest)} more works, together {sum(rest):.1%}"] if rest else []
    unused = len(found.shares) - len(shares)
    said += [f"{unused} of the works given lent no pixel"] if unused else []
    if said:
        place = (_MARGIN, sheet.height - _MARGIN - 4)
        _write(sheet, place, "; ".join(said), 18, sheet.width - 2 * _MARGIN, colour=QUIET, italic=True)


def _write(
    sheet: Image.Image, place: Box, text: str, size: int, width: int, *, colour: str = INK, italic: bool = False
) -> None:
    words, font = lettered(text, size, width, italic=italic)
    ImageDraw.Draw(sheet).text(place, words, fill=colour, font=font)
