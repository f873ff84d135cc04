"""ICC profiles for sixteen bits a channel, which Pillow's colour management does not take: matrix and curve, in float.

Nearly every RGB profile of cameras and editors is of this kind (Adobe RGB, Display P3, ProPhoto, Rec. 2020); those that hold
tables of colours are not, and are left to the conversion with eight bits. After ICC.1:2022, sections 8.3, 10.6, 10.18, 10.31.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.colour import to_srgb as encoded
from palimpsest.media.raster import Floats

Deep = NDArray[np.uint16]

# The primaries of sRGB in XYZ, adapted to the illuminant D50 of profiles (Bradford; Lindbloom).
_SRGB_TO_XYZ = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
_ROWS = 256


def to_srgb(pixels: Deep, profile: bytes) -> Deep | None:
    """Convert pixels (height, width, 3 or 4) to sRGB; colours beyond its gamut are cut off, alpha stays.

    None when the profile is not one of matrix and curves, or is broken. A profile for grey is applied to each channel.
    """
    try:
        curves, matrix = _parse(profile)
    except (struct.error, LookupError, ValueError):
        return None
    converted = pixels.copy()
    for top in range(0, len(pixels), _ROWS):
        band = slice(top, top + _ROWS)
        light = [curve[pixels[band, :, channel]] for channel, curve in enumerate(curves)]
        for channel, row in enumerate(matrix):
            mixed = row[0] * light[0] + row[1] * light[1] + row[2] * light[2]
            levels = np.rint(encoded(np.clip(mixed, 0, 1)) * np.float32(65_535))
            converted[band, :, channel] = levels.astype(np.uint16)
    return converted


def _parse(profile: bytes) -> tuple[list[Floats], Floats]:
    """Return for each channel the light (0..1) of each of the 65,536 levels, and the matrix from it to linear sRGB."""
    count = min(struct.unpack_from(">I", profile, 128)[0], 200)
    entries = [struct.unpack_from(">4sII", profile, 132 + 12 * index) for index in range(count)]
    tags = {name: profile[start : start + size] for name, start, size in entries}
    if profile[16:20] == b"GRAY":
        return [_curve(tags[b"kTRC"])] * 3, np.eye(3, dtype=np.float32)
    if profile[16:20] != b"RGB " or b"A2B0" in tags:
        raise ValueError("not a profile of matrix and curves")
    columns = [struct.unpack_from(">3i", tags[name], 8) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    to_xyz = np.array(columns).T / 65_536
    curves = [_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return curves, np.linalg.solve(_SRGB_TO_XYZ, to_xyz).astype(np.float32)


def _curve(tag: bytes) -> Floats:
    levels = np.linspace(0, 1, 65_536)
    if tag[:4] == b"para":
        return _parametric(tag, levels)
    if tag[:4] != b"curv":
        raise ValueError("not a curve")
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return levels.astype(np.float32)
    values = np.array(struct.unpack_from(f">{count}H", tag, 12))
    light = levels ** (values[0] / 256) if count == 1 else np.interp(levels, np.linspace(0, 1, count), values / 65_535)
    return light.astype(np.float32)


def _parametric(tag: bytes, levels: NDArray[np.float64]) -> Floats:
    """Evaluate one of the five parametric curves (table 68): a power above the threshold d, a line below it."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    given = [each / 65_536 for each in struct.unpack_from(f">{(1, 3, 4, 5, 7)[kind]}i", tag, 12)]
    g, a, b, c, d, e, f = given + [0.0] * (7 - len(given))
    if kind == 0:
        a = 1.0
    if kind in (1, 2):
        c, d, e, f = 0.0, -b / a if a else 0.0, c, c
    power = np.maximum(a * levels + b, 0) ** g + e
    light: NDArray[np.float64] = np.where(levels >= d, power, c * levels + f)
    return np.clip(light, 0, 1).astype(np.float32)
