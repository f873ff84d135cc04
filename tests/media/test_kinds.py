"""Every kind of pixel that files hold: orientation, profiles, CMYK, palettes, grey, sixteen bits, floats, frames."""

from __future__ import annotations

import io
import struct
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from palimpsest.media.codecs import decode
from palimpsest.media.raster import Raster
from tests.media.makers import chunk, drawing, png, profile, saved

LIMIT = 10**6


def opened(data: bytes) -> Raster:
    return decode(data, "it", LIMIT)


def apart(first: NDArray[np.generic], second: NDArray[np.generic]) -> int:
    return int(np.abs(first.astype(np.int64) - second.astype(np.int64)).max())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "JPEG", "AVIF"])
def test_every_orientation_stands_upright(orientation: int, kind: str) -> None:
    image = Image.fromarray(drawing())
    exif = Image.Exif()
    exif[0x0112] = orientation
    finest: dict[str, Any] = {"JPEG": {"quality": 100, "subsampling": 0}, "AVIF": {"quality": 100}}
    data = saved(image, kind, exif=exif, **finest.get(kind, {"lossless": True}))
    with Image.open(io.BytesIO(data)) as plain:
        upright = np.asarray(ImageOps.exif_transpose(plain).convert("RGB"))
    assert opened(data).pixels.shape == upright.shape
    assert apart(opened(data).pixels, upright) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_sixteen_bits_stands_upright(orientation: int) -> None:
    pixels = drawing(48, 32).astype(np.uint16) * 256 + 77
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="rgb", extratags=[(274, 3, 1, orientation, True)], metadata=None)
    eight = Image.fromarray((pixels >> 8).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = opened(saved(eight, "PNG", exif=exif)).pixels
    raster = opened(file.getvalue())
    assert raster.bits == 16
    assert np.array_equal(raster.pixels, upright.astype(np.uint16) * 256 + 77)


def test_an_orientation_that_does_not_exist_changes_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 99
    assert np.array_equal(opened(saved(Image.fromarray(drawing()), "PNG", exif=exif)).pixels, drawing())


@pytest.mark.parametrize("parametric", [False, True])
def test_a_wide_gamut_profile_is_converted(parametric: bool) -> None:
    pixels = np.full((8, 8, 3), (180, 120, 90), np.uint8)
    raster = opened(saved(Image.fromarray(pixels), "PNG", icc_profile=profile(parametric=parametric)))
    # (180, 120, 90) in Adobe RGB is (199, 121, 88) in sRGB, computed from the matrices of the two standards
    assert apart(raster.pixels[0, 0], np.array([199, 121, 88])) <= 1


@pytest.mark.parametrize("parametric", [False, True])
@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bits_are_converted_as_eight_are_and_stay_sixteen(parametric: bool, channels: int) -> None:
    icc = profile(parametric=parametric)
    pixels = drawing(channels=channels)
    eight = opened(saved(Image.fromarray(pixels), "PNG", icc_profile=icc))
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        pixels.astype(np.uint16) * 257,
        photometric="rgb",
        extrasamples=["unassalpha"] if channels == 4 else None,
        iccprofile=icc,
        metadata=None,
    )
    sixteen = opened(file.getvalue())
    assert sixteen.bits == 16
    assert np.abs(sixteen.pixels / 257 - eight.pixels).max() <= 1.1


def test_a_profile_that_is_srgb_leaves_the_pixels_alone() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for alpha in (3, 4):
        image = Image.fromarray(drawing(channels=alpha))
        assert np.array_equal(opened(saved(image, "PNG", icc_profile=srgb)).pixels, drawing(channels=alpha))


@pytest.mark.parametrize("icc", [b"", b"no profile", profile()[:150], bytes(4000), profile(space=b"GRAY")])
def test_a_profile_that_is_broken_or_of_another_kind_is_ignored(icc: bytes) -> None:
    assert np.array_equal(opened(saved(Image.fromarray(drawing()), "PNG", icc_profile=icc)).pixels, drawing())


def test_a_profile_for_grey_is_converted_with_alpha_kept() -> None:
    grey = Image.fromarray(drawing()).convert("L")
    icc = profile(space=b"GRAY", gamma=1.0)
    with_alpha = grey.copy()
    with_alpha.putalpha(Image.fromarray(drawing(channels=4)[:, :, 3]))
    plain, transparent = opened(saved(grey, "PNG", icc_profile=icc)), opened(saved(with_alpha, "PNG", icc_profile=icc))
    linear = np.asarray(grey, np.float64) / 255
    expected = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055) * 255
    assert np.abs(plain.pixels[:, :, 1] - expected).max() <= 1.5
    assert np.array_equal(transparent.pixels[:, :, :3], plain.pixels)
    assert np.array_equal(transparent.pixels[:, :, 3], drawing(channels=4)[:, :, 3])
    sixteen = opened(saved(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257), "PNG", icc_profile=icc))
    assert sixteen.bits == 16
    assert np.abs(sixteen.pixels[:, :, 0] / 257 - expected).max() <= 0.51


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_comes_out_in_the_colours_it_means(kind: str) -> None:
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[:, 8:, 1:3] = 255  # magenta and yellow make red, no ink is white
    raster = opened(saved(Image.fromarray(inks, "CMYK"), kind))
    assert not raster.has_alpha
    assert (raster.pixels[:, :6] > 240).all()
    assert (raster.pixels[:, 10:, 0] > 200).all()
    assert (raster.pixels[:, 10:, 1:] < 60).all()


def test_lab_comes_out_in_the_colours_it_means() -> None:
    lab = np.full((4, 4, 3), (255, 0, 0), np.uint8)
    lab[:, 2:] = (0, 0, 0)
    raster = opened(saved(Image.fromarray(lab, "LAB"), "TIFF"))
    assert (raster.pixels[:, :2] > 245).all()
    assert (raster.pixels[:, 2:] < 10).all()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "BMP"])
def test_a_palette_becomes_its_colours(kind: str) -> None:
    image = Image.fromarray(drawing()).quantize(16)
    assert np.array_equal(opened(saved(image, kind)).pixels, np.asarray(image.convert("RGB")))


def test_a_palette_with_transparency_becomes_alpha() -> None:
    image = Image.fromarray(drawing()).quantize(8)
    one = opened(saved(image, "GIF", transparency=3))
    assert np.array_equal(one.pixels[:, :, 3] == 0, np.asarray(image) == 3)
    each = opened(saved(image, "PNG", transparency=bytes(range(0, 256, 32))))
    assert np.array_equal(each.pixels[:, :, 3], np.asarray(image) * 32)


def test_one_colour_declared_transparent_becomes_alpha() -> None:
    pixels = drawing()
    keyed = opened(saved(Image.fromarray(pixels), "PNG", transparency=tuple(int(each) for each in pixels[3, 4])))
    assert np.array_equal(keyed.pixels[:, :, 3] == 0, (pixels == pixels[3, 4]).all(axis=-1))
    grey = opened(saved(Image.fromarray(pixels[:, :, 0]), "PNG", transparency=int(pixels[0, 7, 0])))
    assert (grey.pixels[:, 7, 3] == 0).all()


def test_one_colour_declared_transparent_in_sixteen_bits_becomes_alpha() -> None:
    rows = b"".join(b"\0" + struct.pack(">6H", 1000, 2000, 3000, 1000, 2000, 3001) for _ in range(2))
    transparent = chunk(b"tRNS", struct.pack(">3H", 1000, 2000, 3000))
    raster = opened(png(2, 2, rows, bits=16, extra=transparent))
    assert raster.bits == 16
    assert raster.pixels[0].tolist() == [[1000, 2000, 3000, 0], [1000, 2000, 3001, 65_535]]


PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
TIFF_MODES = (*PNG_MODES, "PA", "I", "F", "CMYK", "YCbCr")


@pytest.mark.parametrize(("kind", "mode"), [*product(["PNG"], PNG_MODES), *product(["TIFF"], TIFF_MODES)])
def test_every_mode_that_pillow_writes_is_opened(kind: str, mode: str) -> None:
    pixels = drawing(channels=4)
    grey, opaque, transparent = (Image.fromarray(each) for each in (pixels[:, :, 0], pixels[:, :, :3], pixels))
    source = grey if mode in ("I", "F", "I;16") else opaque if mode in ("YCbCr", "CMYK", "P") else transparent
    data = saved(source.convert(mode), kind)
    raster = opened(data)
    assert (raster.width, raster.height) == (48, 32)
    assert raster.has_alpha == (mode in ("LA", "PA", "RGBA"))


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_of_another_program_are_kept(suffix: str, channels: int) -> None:
    pixels = np.random.default_rng(2).integers(0, 2**16, (20, 30, channels)).astype(np.uint16)
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    done, data = cv2.imencode(suffix, pixels[:, :, order])
    assert done
    raster = opened(bytes(data))
    assert raster.bits == 16
    assert np.array_equal(raster.pixels[:, :, :channels], pixels)


def test_grey_and_alpha_of_sixteen_bits_are_kept() -> None:
    rows = b"".join(b"\0" + struct.pack(">6H", 513, 65_535, 40_000, 32_768, 9, 0) for _ in range(2))
    raster = opened(png(3, 2, rows, bits=16, colour=4))
    assert raster.bits == 16
    assert raster.pixels[1].tolist() == [[513] * 3 + [65_535], [40_000] * 3 + [32_768], [9] * 3 + [0]]


def test_white_may_be_zero() -> None:
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="miniswhite", byteorder="<", metadata=None)
    raster = opened(file.getvalue())
    assert np.array_equal(raster.pixels[:, :, 0], 65_535 - pixels)


@pytest.mark.parametrize(
    ("top", "dtype"), [(1.0, np.float32), (255.0, np.float32), (65_535, np.int32), (200, np.int32)]
)
def test_numbers_of_thirty_two_bits_fill_the_range_they_are_meant_for(top: float, dtype: type) -> None:
    values: NDArray[Any] = np.linspace(0, top, 64).reshape(8, 8).astype(dtype)
    scale = 255 if top == 200 else top
    raster = opened(saved(Image.fromarray(values), "TIFF"))
    assert raster.bits == 16
    assert np.abs(raster.pixels[:, :, 1] - values * (65_535 / scale)).max() <= 1


def test_what_is_no_number_is_black() -> None:
    values = np.array([[np.nan, np.inf], [-3.0, 0.5]], np.float32)
    assert opened(saved(Image.fromarray(values), "TIFF")).pixels[:, :, 0].tolist() == [[0, 0], [0, 32_768]]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_several_frames_the_first_is_taken(kind: str) -> None:
    frames = [Image.fromarray(np.full((16, 16, 3), value, np.uint8)) for value in (250, 120, 10)]
    raster = opened(saved(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert apart(raster.pixels, np.full((16, 16, 3), 250)) <= 4


def test_the_oriented_pictures_of_pillow_all_show_the_same(shared: Path) -> None:
    folder = shared / "hostile" / "pillow"
    shapes = {
        kind: {opened(path.read_bytes()).pixels.shape for path in sorted(folder.glob(f"*_orientation_?.{kind}"))}
        for kind in ("jpg", "webp", "tif")
    }
    assert all(len(found) == 1 for found in shapes.values()), shapes
