"""The raster: an image in memory, immutable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from palimpsest.errors import ParameterRefused

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Raster:
    """An image: `pixels` of shape (height, width, 3 or 4), uint8 or uint16, sRGB-encoded, alpha straight, read-only.

    Grey images are held as RGB. Two rasters are equal when size, depth and every pixel are.
    """

    pixels: NDArray[np.uint8] | NDArray[np.uint16]

    def __post_init__(self) -> None:
        """Refuse what is not an image and make the pixels read-only."""
        pixels = self.pixels
        fits = pixels.ndim == 3 and pixels.shape[2] in (3, 4) and pixels.dtype in (np.uint8, np.uint16) and pixels.size
        if not fits:
            raise ParameterRefused(
                "raster", "uint8 or uint16 of shape (height, width, 3 or 4)", f"{pixels.dtype} {pixels.shape}"
            )
        view = np.ascontiguousarray(pixels).view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    @classmethod
    def from_floats(
        cls, rgb: NDArray[np.floating], alpha: NDArray[np.floating] | None = None, bits: Literal[8, 16] = 8
    ) -> Self:
        """Round floats in 0..1 to a raster; `rgb` (height, width, 3) sRGB-encoded, `alpha` (height, width).

        Values outside 0..1 are cut off: that is the gamut's edge, not an input error. NaN is refused.

        Raises:
            ParameterRefused: the shapes do not fit, or a value is not finite.
        """
        height, width = rgb.shape[:2]
        scale = 2**bits - 1
        pixels = np.empty((height, width, 3 if alpha is None else 4), np.uint8 if bits == 8 else np.uint16)
        for top in range(0, height, 512):  # in bands, so that the copies in float stay small
            band = slice(top, top + 512)
            pixels[band, :, :3] = _rounded(rgb[band], scale)
            if alpha is not None:
                pixels[band, :, 3] = _rounded(alpha[band], scale)
        return cls(pixels)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])

    @property
    def bits(self) -> Literal[8, 16]:
        """Bits of each channel."""
        return 8 if self.pixels.dtype == np.uint8 else 16

    @property
    def has_alpha(self) -> bool:
        """Whether the image has a transparency channel."""
        return bool(self.pixels.shape[2] == 4)

    def rgb(self) -> Floats:
        """Return the colours as float32 (height, width, 3) in 0..1, sRGB-encoded; the caller's own copy."""
        return self.pixels[:, :, :3] * np.float32(1 / (2**self.bits - 1))

    def alpha(self) -> Floats | None:
        """Return the opacity as float32 (height, width) in 0..1, or None when there is none."""
        return self.pixels[:, :, 3] * np.float32(1 / (2**self.bits - 1)) if self.has_alpha else None

    def over(self, background: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Floats:
        """Return the colours laid over a background: float32 (height, width, 3) in 0..1, sRGB-encoded."""
        rgb, alpha = self.rgb(), self.alpha()
        if alpha is None:
            return rgb
        ground = np.array(background, np.float32)
        return ground + (rgb - ground) * alpha[:, :, None]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over size, channels, depth and pixels, the same on every machine."""
        height, width, channels = self.pixels.shape
        hasher = hashlib.sha256(f"palimpsest-pixels {width}x{height}x{channels} {self.bits}\n".encode())
        hasher.update(self.pixels.astype(f"<u{self.bits // 8}", copy=False).data)
        return hasher.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Raster) and self.bits == other.bits and np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Raster({self.width}×{self.height}, {'RGBA' if self.has_alpha else 'RGB'}, {self.bits} bits)"


def _rounded(values: NDArray[np.floating], scale: int) -> NDArray[np.floating]:
    """Return what a cast to whole numbers cuts down to the nearest one."""
    scaled: NDArray[np.floating] = np.clip(values, 0, 1)
    if np.isnan(scaled.sum()):
        raise ParameterRefused("raster", "finite numbers", "NaN")
    scaled *= scaled.dtype.type(scale)
    scaled += scaled.dtype.type(0.5)
    return scaled
