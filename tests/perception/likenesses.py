"""Pictures with much to see in them, drawn anew for each seed, and edits of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from palimpsest.media.raster import Raster

Pixels = NDArray[np.uint8]


def drawn(seed: int, width: int = 400, height: int = 300) -> Pixels:
    """Strokes and spots of many sizes on a ground that changes from side to side."""
    draw = np.random.default_rng(seed)
    across = np.linspace(0, 1, width)[None, :, None]
    ends = draw.integers(40, 216, (2, 1, 1, 3))
    ground = np.broadcast_to(ends[0] * (1 - across) + ends[1] * across, (height, width, 3))
    image = Image.fromarray(ground.astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(160):
        x, y = int(draw.integers(0, width)), int(draw.integers(0, height))
        wide, high = draw.integers(4, 50, 2).tolist()
        colour = tuple(draw.integers(0, 256, 3).tolist())
        if draw.random() < 0.5:
            pen.ellipse((x, y, x + wide, y + high), fill=colour)
        else:
            pen.line((x, y, x + wide - 25, y + high - 25), fill=colour, width=int(draw.integers(1, 7)))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)))


def raster(pixels: Pixels) -> Raster:
    return Raster(np.ascontiguousarray(pixels))


def turned(pixels: Pixels, degrees: float) -> Pixels:
    return np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).rotate(degrees, Image.Resampling.BICUBIC))


def sized(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).resize((width, height), Image.Resampling.LANCZOS))
