"""The invisible mark: what it survives, what it does not, and that it is seen by nobody else."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from palimpsest.media.raster import Raster
from palimpsest.perception.mark import BITS, ENOUGH, LEAST_SIDE, embed, payload_of, read, read_beside

WORK = "0123456789abcdef" * 4
KEY = b"a key"


def painting(number: int = 0, width: int = 900, height: int = 640, bits: int = 8, *, alpha: bool = False) -> Raster:
    """Return a picture with large forms, small ones, and grain."""
    rng = np.random.default_rng(number)
    coarse = Image.fromarray(rng.integers(30, 226, (7, 9, 3), np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    pen = ImageDraw.Draw(coarse)
    for left, top, size in rng.uniform(0, 1, (120, 3)):
        box = (left * width, top * height, left * width + 12 + size * 60, top * height + 10 + size * 40)
        pen.ellipse(box, fill=tuple(int(each) for each in rng.integers(30, 226, 3)))
    grain = rng.normal(0, 6, (height, width, 1))
    rgb = np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.float32) / 255
    return Raster.from_floats(
        rgb, np.full((height, width), 0.5, np.float32) if alpha else None, 16 if bits == 16 else 8
    )


def _image(raster: Raster) -> Image.Image:
    return Image.fromarray(np.asarray(raster.pixels))


def _raster(image: Image.Image) -> Raster:
    return Raster(np.asarray(image.convert("RGB")))


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue()))


def _marked(raster: Raster) -> Raster:
    marked = embed(raster, WORK, KEY)
    assert marked is not None
    return marked


SURVIVED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda image: image,
    "jpeg 50": lambda image: _jpeg(image, 50),
    "jpeg 30": lambda image: _jpeg(image, 30),
    "halved": lambda image: image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS),
    "halved, then jpeg 75": lambda image: _jpeg(image.resize((image.width // 2, image.height // 2)), 75),
    "doubled": lambda image: image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC),
    "grey": lambda image: image.convert("L"),
    "brighter": lambda image: image.point(lambda value: min(255, value + 20)),
    "stretched": lambda image: image.resize((image.width, image.height // 2)),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
}


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("change", SURVIVED)
def test_a_whole_copy_is_read_exactly(change: str, number: int) -> None:
    copy = SURVIVED[change](_image(_marked(painting(number))))
    found = read(_raster(copy), KEY)
    assert found.work == WORK[:12]
    assert found.agreement(WORK) == BITS


@pytest.mark.parametrize("number", range(3))
def test_it_is_not_seen(number: int) -> None:
    raster = painting(number)
    error = _marked(raster).pixels.astype(np.float64) - raster.pixels
    assert 10 * np.log10(255**2 / np.mean(error**2)) >= 44


def test_nothing_is_read_where_nothing_was_written_or_with_another_key() -> None:
    agreements = [read(painting(number), KEY).agreement(WORK) for number in range(12)]
    assert max(agreements) < ENOUGH
    assert all(read(painting(number), KEY).work is None for number in range(12))
    marked = _marked(painting())
    assert read(marked, b"another key").work is None
    assert read(marked, b"another key").agreement(WORK) < ENOUGH


TURNED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "a part of it": lambda image: image.crop((100, 60, 800, 580)),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "turned and recompressed": lambda image: _jpeg(image.rotate(5, Image.Resampling.BICUBIC), 75),
}


@pytest.mark.parametrize("change", TURNED)
def test_a_part_or_a_turned_copy_is_read_beside_the_original_only(change: str) -> None:
    raster = painting()
    copy = _raster(TURNED[change](_image(_marked(raster))))
    assert read(copy, KEY).work is None
    found = read_beside(copy, raster, KEY)
    assert found is not None
    assert found.agreement(WORK) >= ENOUGH
    unmarked = read_beside(_raster(TURNED[change](_image(raster))), raster, KEY)
    assert unmarked is None or unmarked.agreement(WORK) < ENOUGH


def test_a_picture_that_has_nothing_to_do_with_it_is_not_laid_on_it() -> None:
    found = read_beside(painting(5), painting(), KEY)
    assert found is None or found.agreement(WORK) < ENOUGH


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("alpha", [False, True])
def test_depth_and_transparency_are_kept(bits: int, alpha: bool) -> None:
    raster = painting(bits=bits, alpha=alpha)
    marked = _marked(raster)
    assert (marked.bits, marked.has_alpha) == (raster.bits, raster.has_alpha)
    if alpha:
        assert np.array_equal(marked.pixels[:, :, 3], raster.pixels[:, :, 3])


def test_the_same_picture_gets_the_same_mark() -> None:
    assert _marked(painting()) == _marked(painting())
    before = painting()
    embed(before, WORK, KEY)
    assert before == painting(), "what was given is not written into"


def test_what_is_too_small_gets_none() -> None:
    assert embed(painting(width=LEAST_SIDE - 1), WORK, KEY) is None
    assert embed(painting(width=LEAST_SIDE, height=LEAST_SIDE), WORK, KEY) is not None


def test_half_of_the_payload_cannot_be_made_up() -> None:
    assert payload_of(WORK, KEY)[:6].hex() == WORK[:12]
    assert payload_of(WORK, KEY) != payload_of(WORK, b"another key")
