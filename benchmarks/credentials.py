"""Signing, verifying, and what the invisible mark survives. `python -m benchmarks.credentials` measures these alone."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.harness import Row, measure, table
from palimpsest.ethics import certificates
from palimpsest.ethics.credentials import Ingredient, read, sign
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.perception import mark

ART = Path(__file__).resolve().parents[2] / "shared" / "art" / "dev" / "images"
KEY, WORK = b"benchmark", "0123456789abcdef" * 4
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"


def run(quick: bool) -> list[Row]:
    """Measure signing at 2048 × 2048, and the mark on twelve works of the shared collection, where they are."""
    rows = list(_signing(5 if quick else 15))
    files = sorted(ART.glob("*.jpg"))[:: 112 if quick else 28] if ART.is_dir() else []
    return rows + (
        list(_marking([Raster(np.asarray(Image.open(each).convert("RGB"))) for each in files])) if files else []
    )


def _signing(runs: int) -> Iterator[Row]:
    made = certificates.make("benchmark")
    signs = certificates.signing(made.chain, certificates.read_key(made.key, None))
    raster = _picture(2048)
    data = encode(raster, "image/jpeg")
    manifest = _manifest()
    sources = [_source(number) for number in range(3)]
    encoding = measure(lambda: encode(raster, "image/jpeg"), runs)
    yield Row("encoding a JPEG of 2048²", encoding.median * 1000, "ms", encoding.spread)
    for name, given in (("signing it", []), ("signing it with 3 sources", sources)):
        claim = _manifest([each.declared["label"] for each in given]) if given else manifest
        timing = measure(lambda given=given, claim=claim: sign(claim, given, data, "image/jpeg", signs), runs)  # type: ignore[misc]
        yield Row(name, timing.median * 1000, "ms", timing.spread, "< 40 ms beyond encoding")
    signed = sign(manifest, [], data, "image/jpeg", signs)
    timing = measure(lambda: read(signed.data, "image/jpeg", made.root.decode()), runs)
    yield Row("verifying it", timing.median * 1000, "ms", timing.spread)


def _picture(side: int) -> Raster:
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    return Raster(np.asarray(coarse))


def _source(number: int) -> Ingredient:
    declared = {"title": f"source {number}", "relationship": "inputTo", "label": f"source-{number}"}
    return Ingredient(declared, encode(_picture(256), "image/jpeg"), "image/jpeg")


def _manifest(labels: list[str] | None = None) -> dict[str, object]:
    step = {"action": "c2pa.edited", "parameters": {"ingredientIds": labels}} if labels else {"action": "c2pa.edited"}
    actions = [{"action": "c2pa.created", "digitalSourceType": _SOURCE}, step]
    return {
        "claim_generator_info": [{"name": "benchmark", "version": "1"}],
        "title": "benchmark",
        "format": "image/jpeg",
        "assertions": [{"label": "c2pa.actions", "data": {"actions": actions}}],
    }


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")


def _scaled(image: Image.Image, share: float) -> Image.Image:
    return image.resize(
        (max(1, round(image.width * share)), max(1, round(image.height * share))), Image.Resampling.LANCZOS
    )


def _noisy(image: Image.Image) -> Image.Image:
    noise = np.random.default_rng(1).normal(0, 5, (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def _part(image: Image.Image, share: float) -> Image.Image:
    left, top = round(image.width * (1 - share) / 2), round(image.height * (1 - share) / 2)
    return image.crop((left, top, image.width - left, image.height - top))


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG 50": lambda image: _jpeg(image, 50),
    "JPEG 30": lambda image: _jpeg(image, 30),
    "JPEG 15": lambda image: _jpeg(image, 15),
    "half the size": lambda image: _scaled(image, 0.5),
    "half the size, JPEG 75": lambda image: _jpeg(_scaled(image, 0.5), 75),
    "a quarter of the size": lambda image: _scaled(image, 0.25),
    "grey": lambda image: image.convert("L").convert("RGB"),
    "20 steps brighter": lambda image: image.point(lambda value: min(255, value + 20)),
    "gamma 0.8": lambda image: image.point(lambda value: round(255 * (value / 255) ** 0.8)),
    "blurred by 1.5 pixels": lambda image: image.filter(ImageFilter.GaussianBlur(1.5)),
    "noise of 5 steps": _noisy,
    "cropped to 95 %": lambda image: _part(image, 0.95),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "turned by 5°": lambda image: image.rotate(5, Image.Resampling.BICUBIC),
}
BESIDE: dict[str, Callable[[Image.Image], Image.Image]] = {
    "cropped to 75 %, the original at hand": lambda image: _part(image, 0.75),
    "cropped to 50 %, JPEG 60, the original at hand": lambda image: _jpeg(_part(image, 0.5), 60),
    "mirrored, the original at hand": CHANGES["mirrored"],
    "turned by 5°, JPEG 75, the original at hand": lambda image: _jpeg(image.rotate(5, Image.Resampling.BICUBIC), 75),
}


def _marking(rasters: list[Raster]) -> Iterator[Row]:
    began = time.perf_counter()
    marked = [found for raster in rasters if (found := mark.embed(raster, WORK, KEY)) is not None]
    seconds = (time.perf_counter() - began) / len(rasters)
    yield Row("marking a work of 768 pixels", seconds * 1000, "ms", f"{len(marked)} of {len(rasters)} works took one")
    distances = [_decibels(one, other) for one, other in zip(marked, rasters, strict=True)]
    yield Row(
        "distance of the marked work",
        min(distances),
        "dB",
        f"the least; the median is {statistics.median(distances):.1f}",
        "≥ 44 dB",
    )
    chance = [mark.read(raster, KEY).agreement(WORK) for raster in rasters]
    yield Row("bits that agree without a mark", max(chance), "of 64", "the most; 56 are needed")
    images = [Image.fromarray(each.pixels) for each in marked]
    for name, change in CHANGES.items():
        readings = [mark.read(Raster(np.asarray(change(image))), KEY) for image in images]
        yield _read(f"mark read: {name}", readings)
    for name, change in BESIDE.items():
        beside = [
            mark.read_beside(Raster(np.asarray(change(image))), raster, KEY)
            for image, raster in zip(images, rasters, strict=True)
        ]
        yield _read(f"mark read: {name}", beside)


def _read(name: str, readings: Sequence[mark.Reading | None]) -> Row:
    agreeing = [reading.agreement(WORK) if reading else 0 for reading in readings]
    exact = sum(each == mark.BITS for each in agreeing)
    wanted = "100 %" if name.endswith((": JPEG 50", ": half the size", ": grey")) else ""
    enough = sum(each >= mark.ENOUGH for each in agreeing) / len(agreeing)
    note = f"all 64 bits; {enough:.0%} have 56 or more, which are enough; the least has {min(agreeing)}"
    return Row(name, 100 * exact / len(agreeing), "%", note, wanted)


def _decibels(one: Raster, other: Raster) -> float:
    error = np.mean((one.pixels.astype(np.float64) - other.pixels) ** 2)
    return float(10 * np.log10(255**2 / error))


if __name__ == "__main__":
    print("\n".join(table("Content Credentials and the invisible mark", run(quick=False))))
