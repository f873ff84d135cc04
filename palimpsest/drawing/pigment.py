"""Colours written as '#rrggbb', ramps of them, and how one colour is laid on others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.colour import hex_to_rgb, to_oklab
from palimpsest.media.raster import Floats


def palette(*colours: str) -> Floats:
    """Return colours written as '#rrggbb' as an array (n, 3), sRGB in 0..1."""
    return np.array([hex_to_rgb(text) for text in colours], np.float32)


def oklab_ramps(written: Mapping[str, str]) -> dict[str, Floats]:
    """Return ramps written as '#rrggbb #rrggbb …' as OKLab colours (n, 3)."""
    return {name: to_oklab(palette(*text.split())) for name, text in written.items()}


def along(ramp: Floats, t: NDArray[np.floating]) -> Floats:
    """Return the colours of a ramp (n, 3) at places `t` from 0 to 1, in straight lines from one to the next."""
    place = np.clip(t, 0, 1) * (len(ramp) - 1)
    lower = np.minimum(place.astype(np.int64), max(len(ramp) - 2, 0))
    part = (place - lower)[..., None]
    return np.asarray(ramp[lower] * (1 - part) + ramp[np.minimum(lower + 1, len(ramp) - 1)] * part, np.float32)


def lay(ground: Floats, colour: Sequence[float] | Floats, cover: Floats) -> None:
    """Lay a colour over the ground (h, w, 3), in place, as opaque as `cover` (h, w) says."""
    ground += (np.asarray(colour, np.float32) - ground) * cover[:, :, None]


def blend(under: NDArray[np.floating], over: NDArray[np.floating] | tuple[float, ...], mask: Floats) -> Floats:
    """Lay colours `over` on colours `under` (rows, columns, 3) where `mask` (rows, columns) is 1."""
    laid: Floats = (under + (np.asarray(over, np.float32) - under) * mask[..., None]).astype(np.float32, copy=False)
    return laid
