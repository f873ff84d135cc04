"""Stylize: paint a work anew in the manner of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import gaussian_filter

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import StyleNetwork
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import LUMA, cover_of, from_oklab, to_oklab
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.resample import resize

Numbers = NDArray[np.float64]

_CANVAS = 1024
"""The longer side, in pixels, of the picture on which strokes are laid when `detail` is 1: there they look like brush strokes."""
_SAMPLES = 256
"""Colours are measured on a lattice of about this many rows and columns."""
_QUANTILES = 33
_AREAS = 160
"""Tones are anchored in areas of which about this many lie along the longer side."""
_ANCHOR = 0.7
"""How far large areas are moved to the tone that is wanted there."""
_BAND = 64
_LEAST_GAIN, _MOST_GAIN = 0.6, 1.8
_METHOD = (
    "half of a picture is its form, which is the content's, and half its matter, split by how far the picture's own style vector "
    "has moved from the content's to the styles' and by the strength, the styles' part by their weights and the area that the "
    "mask leaves them"
)


@technique(version=1)
def stylize(
    content: Annotated[Raster, Role(Use.ALTER, "the work to paint anew")],
    styles: Annotated[Sequence[Raster], Role(Use.IMITATE, "the works whose style it takes")],
    network: StyleNetwork,
    *,
    strength: Annotated[
        float, Field(ge=0, le=1, description="how far the style goes: 0 keeps the content's own, 1 is the styles'")
    ] = 1.0,
    weights: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6)], ...],
        Field(description="how much each style counts, in their order; none means all alike"),
    ] = (),
    detail: Annotated[
        float,
        Field(
            ge=0.25,
            le=4,
            description="how fine the strokes are against the picture: 0.25 broad, 1 as usual, 4 very fine",
        ),
    ] = 1.0,
    keep_colour: Annotated[bool, Field(description="keep the content's own colours and take only the strokes")] = False,
    mask: Annotated[Raster | None, Role(Use.ALTER, "a mask of the content's size, white where the style goes")] = None,
    progress: Progress,
) -> Outcome:
    """Paint a work anew in the style of one or several others.

    The content keeps its size, depth and transparency. Strokes keep their width against the picture, however large it is: they
    are laid on a canvas of 1024 pixels times `detail`, and a larger picture takes its finer lines from a second painting at its
    own size. Styles are blended as the weighted mean of their style vectors. Colours are then moved so that their mean and
    their spread are those of the styles, and large dark and light areas to the tones that the styles have at their rank: a style
    network alone reaches neither. Below a strength of 0.5 the painting fades into the content, which a strength of 0 gives back.

    Raises:
        ParameterRefused: there are not as many weights as styles, or all are 0.
        RoleRefused: the mask has another size than the content.
        Cancelled: `progress` was told to stop.

    The network is Ghiasi et al., "Exploring the structure of a real-time, arbitrary neural artistic stylization network", 2017;
    averaging shifted paintings against its lattice is the cycle spinning of Coifman and Donoho, "Translation-invariant
    de-noising", 1995; the colours follow Pitié and Kokaram, "The linear Monge-Kantorovitch linear colour mapping", 2007, with
    bounded gains.
    """
    shares = _shares(weights, len(styles))
    _check_mask(mask, content)
    colours = content.rgb()
    with ThreadPoolExecutor(2) as pool:  # describing is too small a task to fill two cores by itself
        own, *manners = pool.map(lambda rgb: _Manner.of(rgb, network), (colours, *(each.over() for each in styles)))
    style = _Manner.blend(manners, shares)
    goal = own.towards(style, strength)
    painted = _painted(colours, goal.vector, detail, network, progress.part(0, 0.9))
    _recolour(painted, own if keep_colour else goal)
    _anchor_tones(painted, colours, own.tones, own.tones if keep_colour else goal.tones)
    if keep_colour:
        _take_colours(painted, colours)
    _fade(painted, colours, min(1.0, 2 * strength))
    part = 0.5 * strength * _moved(network.describe(painted), own.vector, style.vector)
    if mask is not None:
        part *= _keep_outside(painted, colours, mask)
    progress(1.0)
    return Outcome.of(
        Raster.from_floats(painted, content.alpha(), content.bits),
        _METHOD,
        {"content": [1 - part], "styles": [part * share for share in shares]},
    )


@dataclass(frozen=True)
class _Manner:
    """What is taken from a work: its style vector (100,), the mean (3,) and covariance (3, 3) of its sRGB colours, and its
    tones: the quantiles (33,) of its luma, from the darkest to the lightest."""  # noqa: D205, D209

    vector: Floats
    mean: Numbers
    covariance: Numbers
    tones: Numbers

    @classmethod
    def of(cls, rgb: Floats, network: StyleNetwork) -> _Manner:
        sample = _sample(rgb)
        tones: Numbers = np.quantile(_luma(sample).astype(np.float64), np.linspace(0, 1, _QUANTILES))
        return cls(network.describe(rgb), *_colours(sample), tones)

    @classmethod
    def blend(cls, manners: Sequence[_Manner], shares: Sequence[float]) -> _Manner:
        blended = cls(np.zeros(100, np.float32), np.zeros(3), np.zeros((3, 3)), np.zeros(_QUANTILES))
        for manner, share in zip(manners, shares, strict=True):
            blended = cls(
                blended.vector + np.float32(share) * manner.vector,
                blended.mean + share * manner.mean,
                blended.covariance + share * manner.covariance,
                blended.tones + share * manner.tones,
            )
        return blended

    def towards(self, other: _Manner, share: float) -> _Manner:
        return self.blend((self, other), (1 - share, share))


def _shares(weights: Sequence[float], count: int) -> list[float]:
    if weights and len(weights) != count:
        raise ParameterRefused(
            "stylize weights", f"{count} numbers, one for each style", tuple(weights), "Or give none: all count alike."
        )
    if weights and not sum(weights):
        raise ParameterRefused("stylize weights", "at least one above 0", tuple(weights))
    return [weight / sum(weights) for weight in weights] or [1 / count] * count


def _check_mask(mask: Raster | None, content: Raster) -> None:
    if mask is not None and (mask.width, mask.height) != (content.width, content.height):
        raise RoleRefused(
            "stylize mask",
            f"a mask of the content's size, {content.width}×{content.height}",
            f"{mask.width}×{mask.height}",
            "Resize the mask, or draw it on the content.",
        )


def _painted(content: Floats, style: Floats, detail: float, network: StyleNetwork, progress: Progress) -> Floats:
    """Paint on a canvas that gives the strokes their width, and bring the result to the content's size."""
    height, width = content.shape[:2]
    scale = min(1.0, _CANVAS / max(height, width)) * detail
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    if (rows, columns) == (height, width):
        return network.paint(content, style, progress)
    canvas = np.clip(resize(content, columns, rows), 0, 1)
    if scale > 1:
        return resize(network.paint(canvas, style, progress), width, height)
    share = 2 * scale**2 / (2 * scale**2 + 1)
    broad = _painted_twice(canvas, style, network, progress.part(0, share))
    fine = network.paint(content, style, progress.part(share, 1))
    broad -= resize(fine, columns, rows)
    for channel in range(3):
        fine[..., channel] += resize(broad[..., channel], width, height)
    return fine


def _painted_twice(canvas: Floats, style: Floats, network: StyleNetwork, progress: Progress) -> Floats:
    """Paint as it is and moved by half the network's lattice of 4 pixels, so that the lattice does not show when enlarged."""
    first = network.paint(canvas, style, progress.part(0, 0.5))
    moved = np.pad(canvas, [(2, 2), (2, 2), (0, 0)], mode="reflect")
    first += network.paint(moved, style, progress.part(0.5, 1))[2:-2, 2:-2]
    first *= np.float32(0.5)
    return first


def _sample(rgb: Floats) -> Floats:
    step = [max(1, side // _SAMPLES) for side in rgb.shape[:2]]
    return rgb[:: step[0], :: step[1]].reshape(-1, 3)


def _colours(sample: Floats) -> tuple[Numbers, Numbers]:
    mean = sample.mean(axis=0, dtype=np.float64)
    apart = (sample - mean).T
    covariance = [[float((one * other).mean()) for other in apart] for one in apart]
    return mean, np.array(covariance)


def _recolour(painted: Floats, goal: _Manner) -> None:
    """Move colours, in place, so that mean and covariance become the goal's."""
    mean, covariance = _colours(_sample(painted))
    matrix = _transport(covariance, goal.covariance).astype(np.float32)
    offset = (goal.mean - matrix @ mean).astype(np.float32)
    for band in _bands(painted):
        red, green, blue = (band[..., each].copy() for each in range(3))
        for each in range(3):
            band[..., each] = matrix[each, 0] * red + matrix[each, 1] * green + matrix[each, 2] * blue + offset[each]


def _luma(rgb: Floats) -> Floats:
    weighted: Floats = rgb[..., 0] * LUMA[0] + rgb[..., 1] * LUMA[1] + rgb[..., 2] * LUMA[2]
    return weighted


def _anchor_tones(painted: Floats, content: Floats, own: Numbers, goal: Numbers) -> None:
    """Bring large dark and light areas, in place, towards the tones that stand at their rank in the goal.

    The network normalizes every picture and forgets what was black; strokes keep their contrast, because only areas that are
    wide against them are moved.
    """
    height, width = painted.shape[:2]
    wanted = np.interp(_areas(content), own, goal)
    lacking = (wanted - np.clip(_areas(painted), 0, 1)).astype(np.float32)
    moved = resize(gaussian_filter(lacking, 1.0) * np.float32(_ANCHOR), width, height)
    for channel in range(3):
        painted[..., channel] += moved


def _areas(rgb: Floats) -> Numbers:
    """Return the mean luma of square areas, `_AREAS` of them along the longer side; the last ones may be narrower.

    Of a large picture every second pixel is looked at, which is enough for a mean.
    """
    sparse = rgb[::2, ::2] if max(rgb.shape) >= 4 * _AREAS else rgb
    luma = _luma(sparse)
    step = max(1, max(luma.shape) // _AREAS)
    edges = [np.arange(0, side, step) for side in luma.shape]
    sums = np.add.reduceat(np.add.reduceat(luma, edges[0], axis=0), edges[1], axis=1)
    sides = [np.diff(np.append(edge, side)) for edge, side in zip(edges, luma.shape, strict=True)]
    means: Numbers = sums / (sides[0][:, None] * sides[1])
    return means


def _fade(painted: Floats, content: Floats, share: float) -> None:
    """Lay the painting over the content, in place; at a share of 0 the content's own pixels come back exactly."""
    if share < 1:
        for band, own in zip(_bands(painted), _bands(content), strict=True):
            band[:] = own + (band - own) * np.float32(share)


def _transport(source: Numbers, target: Numbers) -> Numbers:
    """Return the matrix (3, 3) that turns one covariance into another and moves colours least, with bounded gains."""
    root = _power(source, 0.5)
    inverse = _power(source, -0.5)
    gains, axes = np.linalg.eigh(inverse @ _power(root @ target @ root, 0.5) @ inverse)
    return _from_axes(np.clip(gains, _LEAST_GAIN, _MOST_GAIN), axes)


def _power(covariance: Numbers, exponent: float) -> Numbers:
    values, axes = np.linalg.eigh(covariance)
    return _from_axes(np.maximum(values, 1e-7) ** exponent, axes)


def _from_axes(values: Numbers, axes: Numbers) -> Numbers:
    matrix: Numbers = (axes * values) @ axes.T
    return matrix


def _take_colours(painted: Floats, content: Floats) -> None:
    """Keep the painted lightness and take the content's own a and b of OKLab, in place."""
    for band, own in zip(_bands(painted), _bands(content), strict=True):
        lab = to_oklab(own)
        lab[..., 0] = to_oklab(np.clip(band, 0, 1))[..., 0]
        band[:] = from_oklab(lab)


def _keep_outside(painted: Floats, content: Floats, mask: Raster) -> float:
    """Put the content back where the mask is dark, in place; return the mean of the mask. Clear counts as black."""
    cover = cover_of(mask)
    for band, own, share in zip(_bands(painted), _bands(content), _bands(cover), strict=True):
        band[:] = own + (np.clip(band, 0, 1) - own) * share[..., None]
    return float(cover.mean(dtype=np.float64))


def _bands(array: Floats) -> Iterator[Floats]:
    return (array[top : top + _BAND] for top in range(0, len(array), _BAND))


def _moved(result: Floats, content: Floats, style: Floats) -> float:
    """Return how far the result's style lies from the content's towards the style's, 0 to 1."""
    left, ahead = (float(np.sqrt(np.square(result - each).sum())) for each in (content, style))
    return left / (left + ahead) if left + ahead > 0 else 0.0
