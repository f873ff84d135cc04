"""Skin tone of a face on the Monk scale, as a range: what the pixels say, and how little they say of the person.

The scale: Monk, E. (2019), the Monk Skin Tone scale, ten tones with sRGB values published by Google (skintone.google), CC BY 4.0.
A picture's colours come of skin, light, camera and print, or of a painter's brush. Nobody's tone can be read from one picture;
so every pixel is read under several assumptions about the light, and the answer is how often each tone came nearest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.errors import ParameterRefused
from palimpsest.media.colour import LUMA, hex_to_rgb, linear_to_oklab, to_linear, to_oklab
from palimpsest.media.raster import Floats, Raster

MONK = (
    "#f6ede4",
    "#f3e7db",
    "#f7ead0",
    "#eadaba",
    "#d7bd96",
    "#a07e56",
    "#825c43",
    "#604134",
    "#3a312a",
    "#292420",
)
"""The ten tones, from the lightest, in sRGB."""
SMALLEST = 24
"""A face narrower or lower than so many pixels is not read."""
GREY, FAR = 0.012, 0.13
"""In OKLab: below the first chroma a face has no colour; beyond the second distance it is like none of the tones."""
HELD = 0.9
"""The range holds so much of the readings."""

_PATCHES = ((0.16, 0.50, 0.36, 0.72), (0.64, 0.50, 0.84, 0.72), (0.36, 0.12, 0.64, 0.26))
"""Both cheeks and the forehead: left, top, right, bottom in parts of the box."""
_EXPOSURES = (0.5, 0.71, 1.0, 1.41, 2.0)
_CORRECTIONS = (0.0, 0.5, 1.0)
_SAMPLED = 4000
_TONES: Floats = to_oklab(np.array([hex_to_rgb(tone) for tone in MONK], np.float32))

Face = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True)
class Tone:
    """How often each of the ten tones came nearest, and the range of tones (1..10) that holds nine tenths of that."""

    shares: tuple[float, ...]
    lightest: int
    darkest: int
    pixels: int


@dataclass(frozen=True)
class NotRead:
    """Why a face's tone was not read."""

    reason: str


def skin_tone(raster: Raster, face: Face) -> Tone | NotRead:
    """Read the tone of a face as shares of the ten Monk tones.

    Pixels of both cheeks and the forehead, without the brightest and the darkest, are each held against the tones in OKLab
    under fifteen lights: as they are, half and wholly corrected for the colour of the light (shades of grey, Finlayson and
    Trezzi 2004), each from a stop darker to a stop brighter. Spread over the face and doubt of the light are thus in one number.

    Raises:
        ParameterRefused: the box lies outside the picture.
    """
    left, top, width, height = face
    if left >= raster.width or top >= raster.height or left + width <= 0 or top + height <= 0:
        raise ParameterRefused("face", f"a box within {raster.width}×{raster.height} pixels", face)
    if min(width, height) < SMALLEST:
        return NotRead(f"smaller than {SMALLEST} pixels")
    pixels = _skin(raster, face)
    if len(pixels) < 20:
        return NotRead("hardly within the picture")
    lab = linear_to_oklab(pixels)
    if np.median(np.hypot(lab[:, 1], lab[:, 2])) < GREY:
        return NotRead("without colour")
    if np.median(_distances(lab).min(axis=1)) > FAR:
        return NotRead("unlike any of the tones")
    light = _light(raster)
    counts = np.zeros(len(MONK))
    for gain in _gains(light):
        nearest = _distances(linear_to_oklab(np.clip(pixels * gain, 0, 1))).argmin(axis=1)
        counts += np.bincount(nearest, minlength=len(MONK))
    shares = counts / counts.sum()
    lightest, darkest = _range(shares)
    return Tone(tuple(shares.tolist()), lightest, darkest, len(pixels))


def _skin(raster: Raster, face: Face) -> Floats:
    """Return pixels of cheeks and forehead in linear light (n, 3), at most a few thousand, evenly taken."""
    left, top, width, height = face
    found: list[Floats] = []
    step = max(1, int(np.sqrt(width * height * 0.05 / _SAMPLED)))
    for x0, y0, x1, y1 in _PATCHES:
        rows = slice(max(0, round(top + y0 * height)), max(0, round(top + y1 * height)))
        columns = slice(max(0, round(left + x0 * width)), max(0, round(left + x1 * width)))
        patch = raster.pixels[rows, columns, :3][::step, ::step].reshape(-1, 3)
        found.append(_without_extremes(to_linear(patch * np.float32(1 / (2**raster.bits - 1)))))
    return np.asarray(np.concatenate(found), np.float32)


def _without_extremes(pixels: Floats) -> Floats:
    """Leave out the darkest tenth and the brightest twentieth of a patch: hair, shadow, shine."""
    if len(pixels) < 10:
        return pixels
    bright = (pixels * LUMA).sum(axis=1)
    low, high = np.quantile(bright, [0.1, 0.95])
    return np.asarray(pixels[(bright >= low) & (bright <= high)], np.float32)


def _light(raster: Raster) -> Floats:
    """Estimate the colour of the light, with a mean of 1: shades of grey with the sixth norm over the whole picture."""
    step = max(1, max(raster.width, raster.height) // 256)
    sample = raster.pixels[::step, ::step, :3].reshape(-1, 3) * np.float32(1 / (2**raster.bits - 1))
    norm = np.power(np.power(to_linear(sample).astype(np.float64), 6).mean(axis=0), 1 / 6)
    norm = np.maximum(norm, 1e-6)
    return np.asarray(norm / norm.mean(), np.float32)


def _gains(light: Floats) -> Iterator[Floats]:
    """Yield what linear light is multiplied with, for each assumption about its colour and strength."""
    for part in _CORRECTIONS:
        colour = np.power(light, -part)
        colour = colour / (colour * LUMA).sum()  # so that white keeps its brightness
        for exposure in _EXPOSURES:
            yield (colour * exposure).astype(np.float32)


def _distances(lab: Floats) -> NDArray[np.floating]:
    return np.asarray(np.sqrt(np.square(lab[:, None, :] - _TONES[None]).sum(axis=2)))


def _range(shares: Sequence[float] | NDArray[np.floating]) -> tuple[int, int]:
    """Return the narrowest run of tones that holds nine tenths; of equally narrow ones, the fullest."""
    runs = [
        (end - start, -float(np.sum(shares[start:end])), start, end)
        for start in range(len(MONK))
        for end in range(start + 1, len(MONK) + 1)
        if np.sum(shares[start:end]) >= HELD
    ]
    _, _, start, end = min(runs)
    return start + 1, end
