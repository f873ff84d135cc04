"""Looking for faces in a work: what a detector is shown of it."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from palimpsest.craft.ports import Bytes, Face, FaceDetector
from palimpsest.craft.progress import Progress
from palimpsest.media.raster import Raster

CERTAINTY = 0.35
"""How sure a detector must be that a person is asked about a face. From 0.5 on it is seldom wrong, and misses more."""
Certainty = Annotated[
    float, Field(gt=0, le=1, description="how sure the detector must be; lower finds more, and more that is no face")
]


def faces_in(work: Raster, detector: FaceDetector, certainty: float, progress: Progress) -> tuple[Face, ...]:
    """Find the faces in a work, the surest first.

    Raises:
        Cancelled: `progress` was told to stop.
    """
    return detector.find(shown(work), certainty, progress)


def shown(work: Raster) -> Bytes:
    """Return a work as sRGB of 8 bits (height, width, 3), what is transparent over white."""
    if work.bits == 8 and not work.has_alpha:
        plain: Bytes = work.pixels.astype(np.uint8, copy=False)
        return plain
    seen: Bytes = np.rint(work.over() * np.float32(255)).astype(np.uint8)
    return seen
