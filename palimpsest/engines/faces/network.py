"""The network itself, run with OpenCV, and the reading of what it answers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.ports import Bytes, Face

OUTPUTS = ("537", "538", "539", "540")
"""Heat, sizes, offsets and landmarks, as the tensors are called in the file."""
STRIDE = 4
"""Pixels of the picture to one place of the answer."""
SIDE = 32
"""The network takes sides that are multiples of this."""
_HEAT, _HIGHEST = 1e-6, 12.0


class Network:
    """CenterFace: for each place the heat of a face's middle, its size and how far the middle is from the place."""

    def __init__(self, weights: bytes) -> None:
        self._network = cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8))

    def find(self, picture: Bytes, certainty: float) -> list[Face]:
        """Find faces in sRGB of 8 bits (height, width, 3); they may overlap, and reach over the edge."""
        height, width = picture.shape[:2]
        rows, columns = (max(SIDE, side + -side % SIDE) for side in (height, width))
        padded = np.zeros((rows, columns, 3), np.float32)
        padded[:height, :width] = picture
        self._network.setInput(padded.transpose(2, 0, 1)[None].copy())
        heat, size, offset, _ = self._network.forward(OUTPUTS)
        return _faces(heat[0, 0], size[0], offset[0], max(certainty, _HEAT))


def _faces(
    heat: NDArray[np.float32], size: NDArray[np.float32], offset: NDArray[np.float32], certainty: float
) -> list[Face]:
    """Read the places that are hot enough."""
    row, column = np.nonzero(heat >= certainty)
    height, width = (np.exp(np.minimum(size[axis, row, column], _HIGHEST)) * STRIDE for axis in (0, 1))
    middle_y = (row + offset[0, row, column] + 0.5) * STRIDE
    middle_x = (column + offset[1, row, column] + 0.5) * STRIDE
    boxes = np.stack([middle_x - width / 2, middle_y - height / 2, width, height], axis=1)
    return [
        Face(float(box[0]), float(box[1]), float(box[2]), float(box[3]), float(min(1.0, certain)))
        for box, certain in zip(boxes, heat[row, column], strict=True)
    ]
