"""What of a picture's file goes into a framed work: its bytes where that can be, without metadata, else another file of it."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import Base
from PIL.PngImagePlugin import PngInfo

from palimpsest.media.codecs import decode, encode
from palimpsest.media.framing.density import dots_per_inch
from palimpsest.media.framing.picture import JPEG, PNG, Picture, picture_of
from palimpsest.media.framing.stripping import picture_alone
from palimpsest.media.raster import Raster
from tests.studio.giving import photograph

PRIVATE = (b"Telephone", b"Grace Private", b"secret", b"2026:01:02", b"Exif", b"trailer")
SMOOTH = Image.fromarray(np.random.default_rng(2).integers(0, 256, (6, 8, 3), np.uint8)).resize((96, 64))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def raster(data: bytes) -> Raster:
    return decode(data, "x", 10**7)


def never() -> Raster:
    raise AssertionError("it was decoded")


def taken(data: bytes, *, grey: bool = True) -> Picture:
    return picture_of(data, lambda: raster(data), grey=grey)


@pytest.mark.parametrize(
    "data",
    [
        saved(SMOOTH, "JPEG"),
        saved(SMOOTH, "JPEG", progressive=True, quality=90),
        saved(SMOOTH, "JPEG", restart_marker_blocks=2),
        saved(SMOOTH.convert("L"), "JPEG"),
        saved(SMOOTH, "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        saved(SMOOTH, "PNG", dpi=(300, 300)),
        saved(SMOOTH.convert("P"), "PNG"),
        saved(SMOOTH.convert("L"), "PNG"),
    ],
)
def test_a_plain_jpeg_or_png_is_passed_on_byte_for_byte_and_not_decoded(data: bytes) -> None:
    found = picture_of(data, never)
    assert found.data is data
    assert found.done == ()
    assert found.media_type == (JPEG if data[:2] == b"\xff\xd8" else PNG)


def test_what_a_telephone_writes_beside_a_picture_is_left_out_and_the_picture_stays() -> None:
    data = photograph() + b"trailer of a moving picture"
    found = picture_of(data, never)
    assert not [word for word in PRIVATE if word in found.data]
    assert raster(found.data) == raster(data)
    assert len(found.done) == 1
    kept = found.data[found.data.index(b"\xff\xdb") :]
    assert kept in data, "tables and scan are the same bytes"


def test_texts_of_a_png_are_left_out() -> None:
    texts = PngInfo()
    texts.add_text("Author", "Grace Private")
    texts.add_itxt("Comment", "secret")
    data = saved(SMOOTH, "PNG", pnginfo=texts, exif=_exif()) + b"trailer"
    found = picture_of(data, never)
    assert not [word for word in (*PRIVATE, b"eXIf") if word in found.data]
    assert raster(found.data) == raster(data)


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Artist] = "Grace Private"
    exif[Base.Orientation] = orientation
    return exif


def _wide_profile() -> bytes:
    """An sRGB profile with red and blue exchanged: it moves colours far."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return plain.replace(b"rXYZ", b"tmpX", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"tmpX", b"bXYZ", 1)


@pytest.mark.parametrize(
    ("data", "media_type", "why"),
    [
        (saved(SMOOTH, "WEBP", lossless=True), PNG, "WEBP"),
        (saved(SMOOTH, "WEBP"), JPEG, "WEBP"),
        (saved(SMOOTH, "TIFF"), PNG, "TIFF"),
        (saved(SMOOTH, "AVIF"), JPEG, "AVIF"),
        (saved(SMOOTH, "BMP"), PNG, "BMP"),
        (saved(SMOOTH, "GIF"), PNG, "GIF"),
        (saved(SMOOTH.convert("CMYK"), "JPEG"), JPEG, "CMYK"),
        (saved(SMOOTH, "JPEG", exif=_exif(6)), JPEG, "turned"),
        (saved(SMOOTH, "JPEG", icc_profile=_wide_profile()), JPEG, "profile"),
        (saved(SMOOTH, "PNG", icc_profile=_wide_profile()), PNG, "profile"),
        (saved(Image.fromarray(np.full((5, 6), 40_000, np.uint16)), "PNG"), PNG, "eight bits"),
    ],
)
def test_what_no_model_holds_is_written_anew_upright_and_in_srgb(data: bytes, media_type: str, why: str) -> None:
    found = taken(data)
    assert found.media_type == media_type
    assert why in found.done[0]
    before, after = raster(data), raster(found.data)
    assert (after.width, after.height, after.bits) == (before.width, before.height, 8)
    assert np.abs(after.rgb() - before.rgb()).mean() < 0.02
    assert b"Grace" not in found.data


def test_what_shows_through_is_laid_over_white() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[4:, :, 3] = 255
    found = taken(encode(Raster(pixels), "image/png"))
    seen = raster(found.data)
    assert not seen.has_alpha
    assert (seen.pixels[:4] == 255).all()
    assert (seen.pixels[4:] == 0).all()
    assert found.done[1] == "what was transparent is white"


def test_an_alpha_channel_that_hides_nothing_is_dropped_without_a_word() -> None:
    pixels = np.full((8, 8, 4), 255, np.uint8)
    pixels[:, :, 0] = 7
    found = taken(encode(Raster(pixels), "image/png"))
    assert np.array_equal(raster(found.data).pixels, pixels[:, :, :3])
    assert len(found.done) == 1


def test_a_grey_file_gets_colours_where_asked() -> None:
    data = saved(SMOOTH.convert("L"), "JPEG")
    found = taken(data, grey=False)
    assert Image.open(io.BytesIO(found.data)).mode == "RGB"
    assert "grey" in found.done[0]


@pytest.mark.parametrize("data", [photograph(), saved(SMOOTH, "PNG"), saved(SMOOTH, "JPEG", progressive=True)])
def test_a_damaged_file_is_refused_or_stripped_and_never_loops(data: bytes) -> None:
    rng = random.Random(5)
    for _ in range(300):
        broken = bytearray(data[: rng.randrange(2, len(data))] if rng.random() < 0.5 else data)
        for _ in range(rng.randrange(4)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        if broken[:2] == data[:2]:
            with suppress(ValueError):
                assert len(picture_alone(bytes(broken))) <= len(broken)


@pytest.mark.parametrize("orientation", [1, 6])
def test_resolution_is_read_across_and_down_the_upright_picture(orientation: int) -> None:
    data = saved(SMOOTH, "JPEG", dpi=(150, 300), exif=_exif(orientation))
    assert dots_per_inch(data) == ((150, 300) if orientation == 1 else (300, 150))


def test_where_no_resolution_is_stated_there_is_none() -> None:
    assert dots_per_inch(saved(SMOOTH, "PNG")) is None
    assert dots_per_inch(b"no picture") is None
    tiff = dots_per_inch(saved(SMOOTH, "TIFF", dpi=(300, 300)))
    assert tiff is not None
    assert tiff[0] == pytest.approx(300)


@pytest.mark.slow
def test_real_pictures_pass_unchanged(shared: Path) -> None:
    files = sorted((shared / "art" / "dev" / "images").glob("*.jpg"))[::20]
    for file in files:
        data = file.read_bytes()
        found = picture_of(data, never)
        assert raster(found.data) == raster(data)
