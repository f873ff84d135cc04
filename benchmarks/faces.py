"""`python -m benchmarks.faces` measures the face detector.

It looks at crowds made of one head, at faces of 25 pixels, at pictures without a face, and at works of the shared collection in
which one person counted the clear faces by eye.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from PIL import Image

from palimpsest.craft.ports import Bytes, Face
from palimpsest.craft.progress import Progress
from palimpsest.engines.faces import load
from palimpsest.engines.faces.detector import CenterFace

ART = Path(__file__).resolve().parents[2] / "shared" / "art" / "dev" / "images"
SIZES = (12, 16, 20, 24, 32, 48, 64, 96)
"""Heights of the faces in a crowd, in pixels."""
EACH = 15
FACELESS = (
    "coffee",
    "chelsea",
    "rocket",
    "brick",
    "grass",
    "gravel",
    "moon",
    "hubble_deep_field",
    "immunohistochemistry",
    "page",
)
CLEAR = {
    4: 1, 12: 0, 28: 0, 36: 0, 44: 0, 60: 2, 76: 2, 84: 2, 92: 1, 100: 0, 116: 0, 132: 1, 140: 0, 148: 2, 156: 1, 164: 3,
    172: 0, 180: 1, 196: 1, 204: 0, 212: 0, 220: 6, 228: 0, 236: 0, 244: 1, 252: 1, 268: 0, 276: 1, 284: 1, 292: 3, 316: 0,
}  # fmt: skip
"""Clear faces by eye, by the number of the work: every eighth of the first 320, without nine in which figures are too small or
too many to count (20, 52, 68, 108, 124, 188, 260, 300, 308)."""


def main() -> None:
    """Measure and print."""
    detector = load()
    for certainty in (0.35, 0.5):
        print(f"certainty {certainty}")
        for line in (*crowds(detector, certainty), *faceless(detector, certainty), *small_faces(detector, certainty)):
            print(f"  {line}")
        for line in paintings(detector, certainty):
            print(f"  {line}")


def crowds(detector: CenterFace, certainty: float) -> Iterator[str]:
    """Paste scikit-image's astronaut 120 times: eight sizes, turned by up to 15°, darker and lighter, mirrored or not."""
    rng = np.random.default_rng(7)
    found, alarms, seconds = dict.fromkeys(SIZES, 0), 0, 0.0
    for background in FACELESS[:5]:
        picture, truth = _crowd(_sized(background), rng)
        began = time.perf_counter()
        faces = detector.find(picture, certainty, Progress())
        seconds += time.perf_counter() - began
        for x, y, size in truth:
            found[size] += any(_covers(face, x, y, size) for face in faces)
        alarms += sum(not any(_covers(face, x, y, size) for x, y, size in truth) for face in faces)
    total = EACH * len(SIZES)
    yield f"crowds: {sum(found.values())}/{total} found, false alarms {alarms}, {seconds / 5 * 1000:.0f} ms for 1280×854 pixels"
    yield "  by height of the face: " + ", ".join(f"{size} px {count}/{EACH}" for size, count in found.items())


def faceless(detector: CenterFace, certainty: float) -> Iterator[str]:
    """Look at pictures of scikit-image that show no face."""
    found = {name: len(detector.find(_sized(name), certainty, Progress())) for name in FACELESS}
    yield f"without a face: boxes in {sum(map(bool, found.values()))} of {len(found)} pictures, {sum(found.values())} in all"


def small_faces(detector: CenterFace, certainty: float) -> Iterator[str]:
    """Look at the 100 faces and 100 other cuts of scikit-image's part of Labeled Faces in the Wild, grey, 25 pixels, enlarged."""
    cuts = (skimage.data.lfw_subset() * 255).astype(np.uint8)
    seen = [bool(detector.find(_framed(cut), certainty, Progress())) for cut in cuts]
    yield f"25 px cuts enlarged: {sum(seen[:100])} of 100 faces, {sum(seen[100:])} of 100 others"


def paintings(detector: CenterFace, certainty: float) -> Iterator[str]:
    """Count boxes against the faces that a person sees; what is above their number counts as false."""
    if not ART.is_dir():
        yield "paintings: skipped, the shared folder is not there"
        return
    found = false = in_faceless = 0
    for number, clear in CLEAR.items():
        with Image.open(ART / f"dev_{number:04d}.jpg") as image:
            boxes = len(detector.find(np.asarray(image.convert("RGB")), certainty, Progress()))
        found += min(boxes, clear)
        false += max(0, boxes - clear)
        in_faceless += bool(boxes and not clear)
    none = sum(not clear for clear in CLEAR.values())
    yield (
        f"works of art: {found}/{sum(CLEAR.values())} clear faces, {false} boxes too many, of them in {in_faceless} of the "
        f"{none} works without a face"
    )


def _crowd(picture: Bytes, rng: np.random.Generator) -> tuple[Bytes, list[tuple[float, float, int]]]:
    """Paste heads on a grid with room between them; returns the middles of the faces and their heights."""
    made, truth = picture.copy(), []
    head, mask = skimage.data.astronaut()[30:210, 130:310], np.zeros((180, 180), np.float32)
    cv2.ellipse(mask, (95, 85), (62, 80), 0, 0, 360, (1.0,), -1)
    places = rng.permutation(40)
    sizes = rng.permutation(np.repeat(SIZES, EACH // 5))
    for place, size in zip(places, sizes, strict=False):
        scale = size / 120
        x, y = 80 + (place % 8) * 160, 80 + (place // 8) * 170
        turn = cv2.getRotationMatrix2D((96, 88), float(rng.uniform(-15, 15)), scale)
        turn[:, 2] += (x - 96, y - 88)
        size_of = (made.shape[1], made.shape[0])
        light = np.clip(head.astype(np.float32) * rng.uniform(0.6, 1.3), 0, 255)
        laid = cv2.warpAffine(light, turn, size_of, flags=cv2.INTER_AREA)
        cover = cv2.warpAffine(mask, turn, size_of, flags=cv2.INTER_AREA)[..., None]
        made = np.rint(made * (1 - cover) + laid * cover).astype(np.uint8)
        truth.append((float(x), float(y), int(size)))
    return made, truth


def _covers(face: Face, x: float, y: float, size: int) -> bool:
    inside = face.left <= x <= face.left + face.width and face.top <= y <= face.top + face.height
    return inside and 0.4 * size <= face.height <= 2.5 * size


def _sized(name: str) -> Bytes:
    pixels = getattr(skimage.data, name)()
    colours = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels[..., :3]
    sized: Bytes = cv2.resize(np.ascontiguousarray(colours), (1280, 854), interpolation=cv2.INTER_LINEAR)
    return sized


def _framed(cut: Bytes) -> Bytes:
    framed = np.full((256, 256, 3), 128, np.uint8)
    framed[64:192, 64:192] = cv2.resize(cut, (128, 128), interpolation=cv2.INTER_CUBIC)[..., None]
    return framed


if __name__ == "__main__":
    main()
