"""Works laid out for the patch synthesizer, and the picture that comes back with its source map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from palimpsest.craft.outcome import Made
from palimpsest.craft.ports import Bytes, Copied, Mask, Matter
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Pictures, Slot, SourceMap, rebuild


@dataclass(frozen=True)
class Laid:
    """A work as it lies before the synthesizer: which it is, and what of it may be copied and by which guide it is found."""

    slot: Slot
    matter: Matter


@dataclass(frozen=True)
class Kept:
    """A work whose pixels stay where `Copied` says that nothing was copied: its upper left corner on the canvas."""

    slot: Slot
    top: int = 0
    left: int = 0


def lay(slot: Slot, work: Raster, usable: Mask | None = None, guide: Bytes | None = None, bias: float = 0.0) -> Laid:
    """Lay a work out as its slot says.

    `usable` (height, width) and `guide` (height, width, channels) are of the laid-out size. Pixels that are more clear than
    opaque are never copied.
    """
    laid = slot.lay(work)
    if laid.has_alpha:
        opaque = laid.pixels[:, :, 3] > np.iinfo(laid.pixels.dtype).max // 2
        usable = opaque if usable is None else usable & opaque
    return Laid(slot, Matter(eight_bits(laid), usable, guide, bias))


def eight_bits(work: Raster) -> Bytes:
    """Return a work's colours (height, width, 3) in 8 bits, which is what patches are compared in."""
    rgb = work.pixels[:, :, :3]
    return (rgb >> 8).astype(np.uint8) if work.bits == 16 else np.ascontiguousarray(rgb, np.uint8)


def resized(rgb: Bytes, height: int, width: int) -> Bytes:
    """Return 8-bit colours at another size; Pillow does this in whole numbers, alike on every machine."""
    return np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).resize((width, height), Image.Resampling.BICUBIC))


def finished(copied: Copied, laid: Sequence[Laid], pictures: Pictures, method: str, kept: Kept | None = None) -> Made:
    """Copy the picture together from the works themselves, at their own depth, with its source map and the shares it shows."""
    slots = [each.slot for each in laid]
    matter, row, column = copied.matter.astype(np.int32), copied.row, copied.column
    if kept is not None:
        stays = matter < 0
        rows, columns = np.nonzero(stays)
        matter, row, column = matter.copy(), row.copy(), column.copy()
        matter[stays] = len(slots)
        row[stays], column[stays] = rows - kept.top, columns - kept.left
        slots.append(kept.slot)
    sources = SourceMap(tuple(slots), matter, row, column)
    works = {role: 1 if isinstance(given, Raster) else len(given) for role, given in pictures.items()}
    return Made(rebuild(sources, pictures), method, sources.shares(works), sources)
