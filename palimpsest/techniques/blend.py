"""Blend: lay one work over another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.resample import resize_raster

Mode = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "soft-light",
    "hard-light",
    "darken",
    "lighten",
    "difference",
    "colour",
    "luminosity",
]
Fit = Literal["cover", "contain", "stretch"]

_BAND = 1 << 16
"""Pixels worked on at once: few enough to stay in the cache."""
_SEEN = np.float32(1e-6)
"""Less opacity than this is none."""


@technique(version=1)
def blend(
    base: Annotated[Raster, Role(Use.ALTER, "the work below, whose size and depth the result has")],
    top: Annotated[Raster, Role(Use.SAMPLE, "the work laid over it")],
    *,
    mask: Annotated[
        Raster | None, Role(Use.ALTER, "a mask of the base's size: white shows the top, black hides it")
    ] = None,
    opacity: Annotated[float, Field(ge=0, le=1, description="how much of the top shows")] = 0.5,
    mode: Annotated[Mode, Field(description="how the colours of both come together")] = "normal",
    fit: Annotated[
        Fit,
        Field(description="how a top of another shape is fitted: cut to cover, whole within, or stretched"),
    ] = "cover",
    progress: Progress,
) -> Outcome:
    """Lay one work over another, as layers of paint, film or light.

    Formulas and alpha compositing are those of W3C Compositing and Blending Level 1, on sRGB-encoded values. The top is
    centred; a mask counts by its brightness, its transparent parts hide. The shares are summed over all pixels by
    opacity: in normal mode each work counts by how much of it shows; in the others, where both show they count half each.

    Raises:
        RoleRefused: the mask has another size than the base.
    """
    _check_mask(mask, base)
    over = _fitted(top, base.width, base.height, fit)
    pixels = np.empty_like(base.pixels)
    below = above = 0.0
    rows = max(1, _BAND // base.width)
    for start in range(0, base.height, rows):
        band = slice(start, min(start + rows, base.height))
        colours, ground = _planes(base, band)
        paint, cover = _placed(over, band, base.width)
        cover = cover * np.float32(opacity) * _shown(mask, band)
        rgb, alpha = _composited(colours, ground, paint, cover, mode)
        pixels[band] = Raster.from_floats(np.moveaxis(rgb, 0, -1), alpha if base.has_alpha else None, base.bits).pixels
        shown, both = ground * (1 - cover), ground * cover
        hidden = 0.0 if mode == "normal" else float(both.sum(dtype=np.float64)) / 2
        below += float(shown.sum(dtype=np.float64)) + hidden
        above += float(cover.sum(dtype=np.float64)) - hidden
        progress(band.stop / base.height)
    return Outcome.of(Raster(pixels), _METHOD[mode == "normal"], _shares(below, above))


_METHOD = {
    True: "by how much of each work shows at each pixel, its opacity counted",
    False: "by opacity at each pixel; where both works show, they count half each",
}


def _check_mask(mask: Raster | None, base: Raster) -> None:
    if mask is not None and (mask.width, mask.height) != (base.width, base.height):
        raise RoleRefused(
            "blend mask",
            f"a mask of the base's size, {base.width}×{base.height}",
            f"{mask.width}×{mask.height}",
            "Resize the mask, or draw it on the base.",
        )


@dataclass(frozen=True)
class _Layer:
    """The top in its new size, and where its corner lies on the base."""

    raster: Raster
    left: int
    upper: int


def _fitted(top: Raster, width: int, height: int, fit: Fit) -> _Layer:
    if fit == "cover":
        # Cut first and resize after, so that a narrow top never becomes a huge one.
        columns = min(top.width, max(1, round(top.height * width / height)))
        rows = min(top.height, max(1, round(top.width * height / width)))
        left, upper = (top.width - columns) // 2, (top.height - rows) // 2
        top = Raster(top.pixels[upper : upper + rows, left : left + columns])
    if fit == "contain":
        scale = min(width / top.width, height / top.height)
        columns, rows = max(1, round(top.width * scale)), max(1, round(top.height * scale))
        return _Layer(resize_raster(top, columns, rows), (width - columns) // 2, (height - rows) // 2)
    return _Layer(resize_raster(top, width, height), 0, 0)


def _placed(layer: _Layer, band: slice, width: int) -> tuple[Floats, Floats]:
    """Return the top's colours (3, rows, width) and opacity (rows, width) in a band of the base; nothing beside it."""
    raster = layer.raster
    colours = np.zeros((3, band.stop - band.start, width), np.float32)
    cover = np.zeros(colours.shape[1:], np.float32)
    first, last = max(band.start, layer.upper), min(band.stop, layer.upper + raster.height)
    if first < last:
        here = np.s_[first - band.start : last - band.start, layer.left : layer.left + raster.width]
        planes, opacity = _planes(raster, slice(first - layer.upper, last - layer.upper))
        colours[:, *here], cover[here] = planes, opacity
    return colours, cover


def _planes(raster: Raster, band: slice) -> tuple[Floats, Floats]:
    """Return colours (3, rows, width) and opacity (rows, width) of a band, in 0..1."""
    scale = np.float32(1 / (2**raster.bits - 1))
    planes: Floats = np.ascontiguousarray(np.moveaxis(raster.pixels[band], -1, 0)).astype(np.float32) * scale
    return planes[:3], planes[3] if raster.has_alpha else np.ones(planes.shape[1:], np.float32)


def _shown(mask: Raster | None, band: slice) -> Floats | np.float32:
    return np.float32(1) if mask is None else cover_of(Raster(mask.pixels[band]))


def _composited(base: Floats, ground: Floats, top: Floats, cover: Floats, mode: Mode) -> tuple[Floats, Floats]:
    """Lay `top` with opacity `cover` over `base` with opacity `ground`; colours straight, before and after."""
    mixed = top if mode == "normal" else top + ground * (_MODES[mode](base, top) - top)
    alpha = cover + ground * (1 - cover)
    weight = np.where(alpha > _SEEN, cover / np.maximum(alpha, _SEEN), 0)
    return base + weight * (mixed - base), alpha


def _shares(below: float, above: float) -> dict[str, list[float]]:
    total = below + above
    share = above / total if total > 0 else 0.0
    return {"base": [1 - share], "top": [share]}


def _hard_light(base: Floats, top: Floats) -> Floats:
    return np.where(top <= 0.5, base * 2 * top, _screen(base, 2 * top - 1))


def _screen(base: Floats, top: Floats) -> Floats:
    return base + top - base * top


def _soft_light(base: Floats, top: Floats) -> Floats:
    bent = np.where(base <= 0.25, ((16 * base - 12) * base + 4) * base, np.sqrt(base))
    lift = np.where(top <= 0.5, base * (1 - base), bent - base)
    return base + (2 * top - 1) * lift


def _with_luminosity(colours: Floats, luminosity: Floats) -> Floats:
    """Give colours another luminosity; what leaves 0..1 is drawn towards the grey of it."""
    shifted = colours + (luminosity - _luminosity(colours))
    low, high = shifted.min(axis=0), shifted.max(axis=0)
    above = (1 - luminosity) / np.maximum(high - luminosity, _SEEN)
    below = luminosity / np.maximum(luminosity - low, _SEEN)
    share = np.minimum(np.minimum(np.where(high > 1, above, 1), np.where(low < 0, below, 1)), 1)
    clipped: Floats = luminosity + (shifted - luminosity) * share
    return clipped


def _luminosity(colours: Floats) -> Floats:
    luminosity: Floats = np.float32(0.3) * colours[0] + np.float32(0.59) * colours[1] + np.float32(0.11) * colours[2]
    return luminosity


_MODES: Mapping[Mode, Callable[[Floats, Floats], Floats]] = {
    "multiply": lambda base, top: base * top,
    "screen": _screen,
    "overlay": lambda base, top: _hard_light(top, base),
    "soft-light": _soft_light,
    "hard-light": _hard_light,
    "darken": np.minimum,
    "lighten": np.maximum,
    "difference": lambda base, top: np.abs(base - top),
    "colour": lambda base, top: _with_luminosity(top, _luminosity(base)),
    "luminosity": lambda base, top: _with_luminosity(base, _luminosity(top)),
}
