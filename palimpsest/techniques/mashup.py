"""Mashup: several works become one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import distance_transform_edt, gaussian_filter

from palimpsest.craft.outcome import Made, Outcome
from palimpsest.craft.ports import Bytes, Canvas, Copied, Habits, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.laying import Laid, finished, lay
from palimpsest.patchwork.layout import PLANS, Plan, planned, salience
from palimpsest.patchwork.margins import usable_area
from palimpsest.patchwork.windows import window_in

_METHOD = "every pixel is copied from a work; its share is the part of the picture that came from it"
Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]


@technique(version=1)
def mashup(
    works: Annotated[Sequence[Raster], Role(Use.SAMPLE, "the works to bring together; the first gives the size")],
    synthesizer: PatchSynthesizer,
    *,
    masks: Annotated[
        Sequence[Raster] | None,
        Role(Use.ALTER, "a mask for each work, or for each but the first: white is where it shows"),
    ] = None,
    plan: Annotated[
        Literal["drawn", "bands", "diagonal", "around", "patches"],
        Field(description="how works without masks are laid out; drawn: by lot, by the seed"),
    ] = "drawn",
    melding: Annotated[
        float, Field(gt=0, le=1, description="how wide the joints are made anew, as a share of the shorter side")
    ] = 0.15,
    tones: Annotated[
        float, Field(ge=0, le=1, description="how far the works' tones are brought to each other; 0 leaves them")
    ] = 0.0,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Bring several works together in one picture, so that one runs over into the other.

    Each work keeps its own pixels inside its region. Along the joints a band is made anew out of patches of all of them, so that
    forms go on from one into the next and no seam shows. Without masks the regions are planned: in waving bands, on a diagonal,
    around what stands out in the first work, or in patches; joints then move to where the works agree. The picture has the size
    of the first work, within its margins; the others are resampled to cover it.

    Raises:
        RoleRefused: there are fewer than two works, or masks that do not go with them.
        ParameterRefused: the works do not hold a whole patch.
        Cancelled: `progress` was told to stop.

    After Darabi et al., "Image Melding" (SIGGRAPH 2012), with whole pixels in place of gradients; joints as in Kwatra et al.,
    "Graphcut textures" (SIGGRAPH 2003).
    """
    if len(works) < 2:
        raise RoleRefused("mashup works", "two works or more", f"{len(works)}")
    rng = np.random.default_rng(seed)
    placed = _placed(works)
    labels = (
        _masked(masks, works, placed[0]) if masks else planned([each.shown for each in placed], _drawn(plan, rng), rng)
    )
    tuned = _tuned(placed, tones)
    shown = [each.shown for each in tuned]
    reach = max(2.0, melding * min(labels.shape) / 2)
    keep = _from_joints(labels) > reach
    begin = _faded(shown, labels, reach)
    copied = _kept_only(labels.shape)
    if not keep.all():
        habits = Habits(coarsest=min(24, *labels.shape), completeness=0.2)
        matters = [each.laid.matter for each in tuned]
        copied = synthesizer.synthesize(matters, Canvas(begin, keep), habits, seed, progress)
    made = finished(_with_kept(copied, labels, placed), [each.laid for each in placed], {"works": works}, _METHOD)
    return Outcome((_in_tune(made, tuned) if tones else made,))


@dataclass(frozen=True)
class _Placed:
    """A work as laid out, and the window of it on the canvas; `gain` and `lift` (3,) say how its colours are changed."""

    laid: Laid
    top: int
    left: int
    size: tuple[int, int]
    gain: Numbers = field(default_factory=lambda: np.ones(3))
    lift: Numbers = field(default_factory=lambda: np.zeros(3))

    @property
    def shown(self) -> Bytes:
        return self.laid.matter.rgb[self.top : self.top + self.size[0], self.left : self.left + self.size[1]]


def _placed(works: Sequence[Raster]) -> list[_Placed]:
    """Lay the works out so that each covers the canvas, which is the first one's picture within its margins."""
    placed: list[_Placed] = []
    for number, work in enumerate(works):
        own = lay(Slot("works", number, work.width, work.height), work)
        rows, columns = window_in(usable_area(own.matter.rgb))
        if placed:
            placed.append(_covering(work, number, (rows, columns), placed[0].size))
        else:
            size = rows.stop - rows.start, columns.stop - columns.start
            placed.append(_Placed(own, rows.start, columns.start, size))
    return placed


def _covering(work: Raster, number: int, window: tuple[slice, slice], size: tuple[int, int]) -> _Placed:
    """Lay a work out so that its window covers a canvas; of what is too much, that which stands out least is left out."""
    share = max(side / (each.stop - each.start) for side, each in zip(size, window, strict=True))
    slot = Slot("works", number, max(size[1], round(work.width * share)), max(size[0], round(work.height * share)))
    laid = lay(slot, work)
    starts = [
        _start(laid.matter.rgb, axis, (round(window[axis].start * share), round(window[axis].stop * share)), size[axis])
        for axis in (0, 1)
    ]
    return _Placed(laid, starts[0], starts[1], size)


def _start(rgb: Bytes, axis: int, window: tuple[int, int], side: int) -> int:
    """Return where a stretch of `side` pixels begins that holds most of what stands out within a window."""
    first, last = min(window[0], int(rgb.shape[axis]) - side), min(window[1], int(rgb.shape[axis]))
    if last - first <= side:
        return first
    step = max(1, max(rgb.shape[:2]) // 96)
    there = salience(rgb[::step, ::step]).sum(axis=1 - axis)
    sums = np.concatenate([[0.0], np.cumsum(np.repeat(there, step)[: rgb.shape[axis]])])
    sums = np.concatenate([sums, np.full(max(0, rgb.shape[axis] + 1 - len(sums)), sums[-1])])
    starts = np.arange(first, last - side + 1)
    return first + int(np.argmax(sums[starts + side] - sums[starts]))


def _drawn(plan: str, rng: np.random.Generator) -> Plan:
    drawn = PLANS[int(rng.integers(len(PLANS)))]
    return next((each for each in PLANS if each == plan), drawn)


def _masked(masks: Sequence[Raster], works: Sequence[Raster], first: _Placed) -> Whole:
    """Return which work shows where, of the canvas's size: the one whose mask lets most through, else the first."""
    if len(masks) not in (len(works), len(works) - 1):
        raise RoleRefused(
            "mashup masks", f"a mask for each of {len(works)} works, or for each but the first", f"{len(masks)}"
        )
    size = works[0].width, works[0].height
    for mask in masks:
        if (mask.width, mask.height) != size:
            raise RoleRefused(
                "mashup masks", f"masks of the first work's size, {size[0]}×{size[1]}", f"{mask.width}×{mask.height}"
            )
    covers = [cover_of(each)[first.top :, first.left :][: first.size[0], : first.size[1]] for each in masks]
    if len(masks) < len(works):
        covers = [np.full(first.size, 0.5, np.float32), *covers]
    labels: Whole = np.argmax(np.stack(covers), axis=0)
    return labels


def _from_joints(labels: Whole) -> Numbers:
    """Return how far each pixel is from the nearest one of another region, at 1 next to it; infinitely far if there is none."""
    edge = np.zeros(labels.shape, np.bool_)
    for axis in (0, 1):
        differs = np.diff(labels, axis=axis) != 0
        edge |= np.pad(differs, [(0, 1) if each == axis else (0, 0) for each in (0, 1)])
        edge |= np.pad(differs, [(1, 0) if each == axis else (0, 0) for each in (0, 1)])
    if not edge.any():
        return np.full(labels.shape, np.inf)
    distance: Numbers = distance_transform_edt(~edge)
    return distance + 1


def _faded(shown: Sequence[Bytes], labels: Whole, reach: float) -> Bytes:
    """Lay the works side by side, each fading into the next along the joints: so joints begin in colours between theirs."""
    rgb = np.zeros((*labels.shape, 3), np.float32)
    for number, each in enumerate(shown):
        cover = gaussian_filter((labels == number).astype(np.float32), reach / 2, truncate=2.0)
        rgb += each * cover[..., None]
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def _kept_only(shape: tuple[int, ...]) -> Copied:
    nowhere = np.zeros(shape, np.int32)
    return Copied(np.full(shape, -1, np.int16), nowhere, nowhere)


def _with_kept(copied: Copied, labels: Whole, placed: Sequence[_Placed]) -> Copied:
    """Say of the pixels that stayed which work's they are, and where in it they lie."""
    matter, row, column = copied.matter.copy(), copied.row.copy(), copied.column.copy()
    for number, each in enumerate(placed):
        rows, columns = np.nonzero((copied.matter < 0) & (labels == number))
        matter[rows, columns] = number
        row[rows, columns], column[rows, columns] = rows + each.top, columns + each.left
    return Copied(matter, row, column)


def _tuned(placed: Sequence[_Placed], tones: float) -> list[_Placed]:
    """Bring mean and spread of each work's colours towards those of all of them."""
    if not tones:
        return list(placed)
    means = [each.shown.reshape(-1, 3).mean(axis=0, dtype=np.float64) for each in placed]
    spreads = [np.maximum(each.shown.reshape(-1, 3).std(axis=0, dtype=np.float64), 4.0) for each in placed]
    mean, spread = np.mean(means, axis=0), np.mean(spreads, axis=0)
    tuned = []
    for each, own, deviation in zip(placed, means, spreads, strict=True):
        gain = 1 + tones * (spread / deviation - 1)
        lift = own + tones * (mean - own) - own * gain
        rgb = np.clip(np.rint(each.laid.matter.rgb * gain + lift), 0, 255).astype(np.uint8)
        laid = Laid(each.laid.slot, replace(each.laid.matter, rgb=rgb))
        tuned.append(replace(each, laid=laid, gain=gain, lift=lift))
    return tuned


def _in_tune(made: Made, tuned: Sequence[_Placed]) -> Made:
    """Change the colours of a finished picture, for each pixel as for the work that it came from."""
    assert made.sources is not None
    pixels = made.raster.pixels.copy()
    depth = np.iinfo(pixels.dtype).max / 255
    for number, each in enumerate(tuned):
        there = made.sources.slot == number
        changed = np.rint(pixels[there][:, :3] * each.gain + each.lift * depth)
        pixels[there, :3] = np.clip(changed, 0, np.iinfo(pixels.dtype).max).astype(pixels.dtype)
    off = np.abs(pixels[..., :3].astype(np.float64) - made.raster.pixels[..., :3]).mean() / depth
    return replace(made, raster=Raster(pixels), tolerance=math.ceil(off * 1000 + 1) / 1000)
