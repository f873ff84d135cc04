"""What the synthesizer refuses before it begins."""

from __future__ import annotations

import os
from collections.abc import Sequence

from palimpsest.craft.ports import Canvas, Habits, Matter
from palimpsest.engines.synthesis.atlas import whole_patches
from palimpsest.engines.synthesis.levels import scale_for
from palimpsest.errors import ParameterRefused

_MOST_GUIDES = 13
_BYTES_FOR_THE_PICTURE = 90
_BYTES_FOR_THE_SOURCES = 60
"""Most memory that a pixel of either has been seen to take, at four channels; measured by `benchmarks/synthesis.py`."""
_BYTES_FOR_A_CHANNEL = 12


def check(matters: Sequence[Matter], canvas: Canvas, habits: Habits) -> None:
    """Refuse what cannot be done.

    Raises:
        ParameterRefused: shapes do not fit each other, nothing is left to copy or to make, or memory would not suffice.
    """
    patch = f"at least one patch of {habits.patch}×{habits.patch} pixels"
    if min(canvas.shape) < (1 if habits.wrap else habits.patch):
        raise ParameterRefused("canvas", patch, f"{canvas.shape[1]}×{canvas.shape[0]} pixels")
    if canvas.keep is not None and canvas.keep.all():
        raise ParameterRefused("canvas", "at least one pixel to make", "only pixels to keep")
    if not any(_has_patch(each, habits.patch) for each in matters):
        sizes = ", ".join(f"{each.rgb.shape[1]}×{each.rgb.shape[0]}" for each in matters)
        raise ParameterRefused("works to copy from", f"{patch} that may be copied", f"works of {sizes} pixels")
    _check_guides(matters, canvas, habits)
    _check_memory(matters, canvas, habits)


def _has_patch(matter: Matter, patch: int) -> bool:
    if min(matter.rgb.shape[:2]) < patch:
        return False
    return matter.usable is None or bool(whole_patches(matter.usable, patch).any())


def _check_guides(matters: Sequence[Matter], canvas: Canvas, habits: Habits) -> None:
    count = len(habits.guide_weights)
    if count > _MOST_GUIDES:
        raise ParameterRefused("guides", f"at most {_MOST_GUIDES} channels", count)
    guides = [canvas.guide, *(each.guide for each in matters)]
    sizes = [canvas.shape, *(each.rgb.shape[:2] for each in matters)]
    for guide, size in zip(guides, sizes, strict=True):
        if (guide is None and count) or (guide is not None and guide.shape != (*size, count)):
            raise ParameterRefused("guide", f"one of shape {(*size, count)}", None if guide is None else guide.shape)
    if min(habits.guide_weights, default=0.0) < 0 or scale_for(habits) < 1:
        raise ParameterRefused("guide weights", "weights from 0 that sum to less than 100", habits.guide_weights)


def _check_memory(matters: Sequence[Matter], canvas: Canvas, habits: Habits) -> None:
    more = _BYTES_FOR_A_CHANNEL * max(0, len(habits.guide_weights) - 1)
    pixels = canvas.shape[0] * canvas.shape[1]
    needed = pixels * (_BYTES_FOR_THE_PICTURE + more)
    needed += sum(each.rgb.shape[0] * each.rgb.shape[1] for each in matters) * (_BYTES_FOR_THE_SOURCES + more)
    there = _memory()
    if there and needed > there:
        raise ParameterRefused(
            "size",
            f"a picture and works that fit into this machine's {there / 1e9:.1f} GB of memory",
            f"{pixels / 1e6:.1f} megapixels that need about {needed / 1e9:.1f} GB",
            "Make a smaller one, or give smaller works.",
        )


def _memory() -> int:
    """Return the machine's memory in bytes, 0 where the system does not say."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
