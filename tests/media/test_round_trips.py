"""What is written comes back: exactly where the format can, nearly where it is lossy."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from palimpsest.errors import ParameterRefused, UsageRefused
from palimpsest.media.codecs import FORMATS, decode, encode, media_type_in, media_type_of, suffix_of
from palimpsest.media.raster import Raster
from tests.media.makers import drawing, random_raster

LIMIT = 10**6
EXACT = [("image/png", 16), ("image/tiff", 16), ("image/png", 8), ("image/tiff", 8), ("image/webp", 8)]
MEDIA_TYPES = [each.media_type for each in FORMATS]


@pytest.mark.parametrize(("media_type", "bits"), EXACT)
@given(st.integers(0, 2**32), st.tuples(st.integers(1, 40), st.integers(1, 40)), st.sampled_from([3, 4]))
def test_lossless_formats_keep_every_pixel(
    media_type: str, bits: int, seed: int, size: tuple[int, int], channels: int
) -> None:
    raster = random_raster(np.random.default_rng(seed), *size, channels, bits)
    assert decode(encode(raster, media_type), "it", LIMIT) == raster


def test_bmp_keeps_every_opaque_pixel() -> None:
    raster = Raster(drawing())
    assert decode(encode(raster, "image/bmp"), "it", LIMIT) == raster


@pytest.mark.parametrize(("media_type", "most"), [("image/jpeg", 3), ("image/avif", 4), ("image/gif", 24)])
def test_lossy_formats_stay_near(media_type: str, most: float) -> None:
    pixels = drawing()
    back = decode(encode(Raster(pixels), media_type), "it", LIMIT)
    assert np.abs(back.pixels.astype(int) - pixels).mean() <= most


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/bmp"])
@pytest.mark.parametrize("scale", [1, 257])
def test_formats_without_alpha_show_white_where_nothing_is(media_type: str, scale: int) -> None:
    pixels = np.zeros((16, 16, 4), np.uint16 if scale == 257 else np.uint8)
    pixels[:, 8:, 3] = 255 * scale
    back = decode(encode(Raster(pixels), media_type), "it", LIMIT)
    assert not back.has_alpha
    assert (back.pixels[:, :6] > 250).all()
    assert (back.pixels[:, 10:] < 5).all()


@pytest.mark.parametrize("media_type", ["image/png", "image/webp", "image/tiff", "image/avif", "image/gif"])
def test_formats_with_alpha_keep_what_is_transparent(media_type: str) -> None:
    pixels = drawing(channels=4)
    back = decode(encode(Raster(pixels), media_type), "it", LIMIT)
    assert back.has_alpha
    assert np.abs(back.pixels[:, :, 3].astype(int) - pixels[:, :, 3]).max() <= 8


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp", "image/gif", "image/bmp", "image/avif"])
def test_formats_of_eight_bits_round_sixteen(media_type: str) -> None:
    exact = drawing().astype(np.uint16) * 257
    fine = Raster(np.where(exact < 65_000, exact + 100, exact - 100).astype(np.uint16))
    assert encode(fine, media_type) == encode(Raster(drawing()), media_type)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("bits", [8, 16])
def test_the_same_raster_gives_the_same_bytes(media_type: str, bits: int) -> None:
    raster = random_raster(np.random.default_rng(5), 33, 21, 4, bits)
    assert encode(raster, media_type) == encode(Raster(raster.pixels.copy()), media_type)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_the_bytes_are_of_the_format_that_was_asked_for(media_type: str) -> None:
    data = encode(Raster(drawing()), media_type)
    assert media_type_in(data) == media_type
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (48, 32)
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(image.info)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_raster_of_one_pixel_can_be_written(media_type: str) -> None:
    assert decode(encode(Raster(np.zeros((1, 1, 4), np.uint8)), media_type), "it", LIMIT).width == 1


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp", "image/avif"])
def test_quality_makes_files_larger(media_type: str) -> None:
    raster = random_raster(np.random.default_rng(5), 64, 64, 3, 8)
    assert len(encode(raster, media_type, quality=20)) < len(encode(raster, media_type, quality=90))


@pytest.mark.parametrize("quality", [0, 101, -5])
def test_a_quality_out_of_range_is_refused(quality: int) -> None:
    with pytest.raises(ParameterRefused, match="quality: expected a whole number from 1 to 100"):
        encode(Raster(drawing()), "image/jpeg", quality)


def test_a_raster_too_long_for_its_format_is_refused() -> None:
    with pytest.raises(UsageRefused, match="WEBP: expected at most 16383 pixels a side"):
        encode(Raster(np.zeros((1, 16_384, 3), np.uint8)), "image/webp")


@pytest.mark.parametrize(
    ("suffix", "media_type"), [(".JPG", "image/jpeg"), (".jpeg", "image/jpeg"), (".tif", "image/tiff")]
)
def test_suffixes_name_their_media_type(suffix: str, media_type: str) -> None:
    assert media_type_of(suffix) == media_type


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_each_media_type_has_a_suffix_that_leads_back(media_type: str) -> None:
    assert media_type_of(suffix_of(media_type)) == media_type


def test_what_is_no_format_of_ours_is_refused() -> None:
    for suffix in (".svg", "", ".png ", "png"):
        with pytest.raises(UsageRefused, match="expected an image format"):
            media_type_of(suffix)
    with pytest.raises(UsageRefused, match="image/svg"):
        encode(Raster(drawing()), "image/svg+xml")
    with pytest.raises(UsageRefused):
        suffix_of("text/html")
