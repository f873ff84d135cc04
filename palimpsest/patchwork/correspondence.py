"""Which part of some works stands for which part of a content: by light and dark at the scale of the strokes, and by colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter

from palimpsest.craft.ports import Bytes, Canvas, Mask, Matter
from palimpsest.media.colour import from_oklab, to_oklab
from palimpsest.media.raster import Floats
from palimpsest.media.resample import resize
from palimpsest.patchwork.laying import resized
from palimpsest.patchwork.palette import Numbers, exchanged, palette
from palimpsest.patchwork.shares import codes, divided, enlarged
from palimpsest.patchwork.tone import brought_out, extent, through, tone_curve, tones

_SAMPLES = 40_000
"""Colours of all works together from which tones and palette are taken."""
_EVENLY = 0.5
_BROUGHT_OUT, _AROUND = 0.6, 0.04
"""How much the content's local contrast is raised, and over which share of its shorter side."""
_UNIT = 640.0
_FINER = 0.25
"""The content's own light counts over this part of a stroke, so that its lines stay lines."""
_OWN = 0.5
"""How much of the lightness in the first picture is that of the curve; the rest is that of the exchanged colours."""
_SPREAD = 3.0
"""Standard deviations from their mean at which the guides of the hues end."""


@dataclass(frozen=True)
class Correspondence:
    """Matters and a canvas whose guides say which part stands for which: lightness first, then the two hues of OKLab.

    `own` and `curve` (129,) are the content's tones and those of the matters that stand for them.
    """

    matters: tuple[Matter, ...]
    canvas: Canvas
    own: Numbers
    curve: Numbers


def corresponding(
    content: Bytes, matters: Sequence[Matter], shares: Sequence[float], stroke: float, rng: np.random.Generator
) -> Correspondence:
    """Compare a content (height, width, 3) with matters that shall have these shares in the picture.

    `stroke`: the radius over which light and dark count, in pixels where a matter has the area of a square of 640 a side. The
    guides have 3 channels, and 2 more that keep several matters to their parts of the picture.
    """
    looks = [_Look.of(each, stroke) for each in matters]
    palettes = [look.colours(share) for look, share in zip(looks, shares, strict=True)]
    colours = np.concatenate(palettes)
    lab = _lab(content)
    light = brought_out(lab[..., 0], _AROUND * min(lab.shape[:2]), _BROUGHT_OUT)
    light = gaussian_filter(light, _FINER * min(look.radius for look in looks))
    own, goal = tones(light), tones(colours[:, 3])
    full = tones(colours[:, 0])  # a stroke averages light and dark: the guide compares averages, the picture has both
    sheet = _begun(lab, through(light, own, tone_curve(own, full, _EVENLY)), colours[:, :3], rng)
    begin = resized(_levels(from_oklab(sheet)), *lab.shape[:2])
    hues = gaussian_filter(_lab(begin)[..., 1:], (*[looks[0].radius * _FINER] * 2, 0))
    frame = _Frame.of(goal, colours)
    guides = [frame.guide(look.light, look.hues) for look in looks]
    guide = frame.guide(through(light, own, tone_curve(own, goal, _EVENLY)), hues)
    if len(matters) > 1:
        parts = divided(sheet, [each[:, :3] for each in palettes], shares)
        guide = np.dstack([guide, codes(len(matters))[enlarged(parts, *lab.shape[:2])]])
        guides = [_told(each, code) for each, code in zip(guides, codes(len(matters)), strict=True)]
    guided = [replace(each, guide=own_guide) for each, own_guide in zip(matters, guides, strict=True)]
    return Correspondence(tuple(guided), Canvas(begin, guide=guide), own, tone_curve(own, full, _EVENLY))


def _told(guide: Bytes, code: Bytes) -> Bytes:
    """Add a matter's code to its guide, the same everywhere."""
    return np.dstack([guide, np.broadcast_to(code, (*guide.shape[:2], 2))])


@dataclass(frozen=True)
class _Look:
    """A matter in OKLab, its lightness and hues averaged over a stroke of this radius in pixels."""

    lab: Floats
    light: Floats
    hues: Floats
    radius: float
    usable: Mask | None

    @classmethod
    def of(cls, matter: Matter, stroke: float) -> _Look:
        lab = _lab(matter.rgb)
        radius = stroke * (lab.shape[0] * lab.shape[1]) ** 0.5 / _UNIT
        smooth = gaussian_filter(lab, (radius, radius, 0))
        return cls(lab, smooth[..., 0], smooth[..., 1:], radius, matter.usable)

    def colours(self, share: float) -> Numbers:
        """Return some of its colours and their averaged lightness (n, 4), as many as its share asks for."""
        return palette(np.dstack([self.lab, self.light]), self.usable, round(share * _SAMPLES))


@dataclass(frozen=True)
class _Frame:
    """The range of lightness and of hues that the guides' 256 levels span."""

    low: float
    high: float
    mean: Numbers
    spread: float

    @classmethod
    def of(cls, goal: Numbers, colours: Numbers) -> _Frame:
        hues = colours[:, 1:3]
        return cls(*extent(goal), hues.mean(axis=0), _SPREAD * float(hues.std(axis=0).mean()) + 0.01)

    def guide(self, light: Floats, hues: Floats) -> Bytes:
        """Return lightness (height, width) and hues (height, width, 2) in 256 levels each."""
        guide = np.empty((*light.shape, 3), np.uint8)
        guide[..., 0] = _levels((light - self.low) / max(self.high - self.low, 1e-3))
        for axis in (0, 1):
            guide[..., 1 + axis] = _levels(0.5 + (hues[..., axis] - self.mean[axis]) / (2 * self.spread))
        return guide


def _begun(lab: Floats, light: Floats, colours: Numbers, rng: np.random.Generator) -> Floats:
    """Return the content in the works' colours (OKLab), small: it is what the picture is at the coarsest level."""
    sheet = exchanged(lab, colours, rng)
    height, width = sheet.shape[:2]
    sheet[..., 0] = (1 - _OWN) * sheet[..., 0] + _OWN * resize(light, width, height)
    return sheet


def _lab(rgb: Bytes) -> Floats:
    return to_oklab(rgb * np.float32(1 / 255))


def _levels(values: Floats) -> Bytes:
    levels: Bytes = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return levels
