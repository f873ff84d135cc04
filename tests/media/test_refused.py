"""What is damaged, cut short, or lies about itself is refused with one clear line, and nothing else happens."""

from __future__ import annotations

import io
import os
import struct
import time
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile, PngImagePlugin

from palimpsest.errors import ImageRefused, ImageTooLarge, InputRefused
from palimpsest.media.codecs import FORMATS, decode, encode
from palimpsest.media.raster import Raster
from tests.media.makers import chunk, drawing, mutants, png, random_raster, saved

LIMIT = 10**6
MEDIA_TYPES = [each.media_type for each in FORMATS]


def refusal(data: bytes, limit: int = LIMIT) -> ImageRefused:
    with pytest.raises(ImageRefused) as caught:
        decode(data, "it.png", limit)
    assert str(caught.value).startswith("it.png: expected a readable PNG")
    assert str(caught.value).count("\n") == 1
    assert str(caught.value).replace("\n", "").isprintable()
    return caught.value


def either(data: bytes) -> bool:
    """Whether it was opened; anything but a raster or a refusal is a fault."""
    try:
        raster = decode(data, "it", LIMIT)
    except InputRefused:
        return False
    assert isinstance(raster, Raster)
    return True


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"hello, this is not an image", "it is not an image"),
        (bytes(5000), "it is not an image"),
        (b"\x89PNG\r\n\x1a\n", "its PNG data is damaged or incomplete"),
        (b"\xff\xd8\xff", "its JPEG data is damaged or incomplete"),
        (b"%PDF-1.7 and so on", "it is a PDF"),
        (b"8BPS\0\1 and so on", "it is a Photoshop file"),
        (b"\0\0\0\x18ftypheic and so on", "it is a HEIC photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is an SVG drawing"),
    ],
)
def test_the_reason_says_what_it_is(data: bytes, reason: str) -> None:
    assert refusal(data).reason == reason


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_what_ends_too_early_is_refused(media_type: str, share: float) -> None:
    data = encode(random_raster(np.random.default_rng(3), 90, 70, 3, 8), media_type)
    reason = refusal(data[: int(len(data) * share)]).reason
    assert reason.endswith(("it ends too early", "is damaged or incomplete"))


@pytest.mark.parametrize("media_type", ["image/png", "image/tiff"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_sixteen_bits_that_end_too_early_are_refused(media_type: str, share: float) -> None:
    data = encode(random_raster(np.random.default_rng(3), 90, 70, 3, 16), media_type)
    refusal(data[: int(len(data) * share)])


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_what_is_larger_than_the_limit_is_refused_and_says_how_large(media_type: str) -> None:
    data = encode(Raster(drawing(48, 32)), media_type)
    with pytest.raises(ImageTooLarge) as caught:
        decode(data, "it", 48 * 32 - 1)
    assert (caught.value.width, caught.value.height, caught.value.limit) == (48, 32, 48 * 32 - 1)
    assert decode(data, "it", 48 * 32).width == 48


def bombs() -> dict[str, bytes]:
    """Small files that claim to be very large, each with data that could be decoded for long."""
    side = 60_000
    webp = b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (16_382).to_bytes(3, "little") * 2 + b"VP8 \0\0\0\0"
    tags = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (279, 4, 100)]
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags))
    tiff += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags) + bytes(200)
    head = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
    jpeg = bytearray(saved(Image.fromarray(drawing()), "JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    gif = bytearray(saved(Image.fromarray(drawing()), "GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    return {
        "png": png(side, side, bytes(5_000_000)),
        "png of 16 bits": png(side, side, bytes(5_000_000), bits=16, colour=6),
        "webp": webp,
        "tiff": tiff,
        "bmp": b"BM" + struct.pack("<IHHI", 10**6, 0, 0, 54) + head + bytes(100),
        "jpeg": bytes(jpeg),
        "gif": bytes(gif),
    }


@pytest.mark.parametrize("kind", bombs())
def test_a_bomb_is_refused_at_once_and_takes_no_memory(kind: str) -> None:
    data = bombs()[kind]
    start = time.process_time()
    tracemalloc.start()
    with pytest.raises(ImageTooLarge):
        decode(data, "it", 200_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - start < 1
    assert peak < 50_000_000


def test_a_size_that_the_data_does_not_fill_is_refused() -> None:
    assert refusal(png(900, 900, bytes(10_000))).reason == "it ends too early"


def test_metadata_that_unpacks_to_hundreds_of_megabytes_is_not_unpacked() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("comment", "a" * 60_000_000, zip=True)
    data = saved(Image.fromarray(drawing()), "PNG", pnginfo=note)
    tracemalloc.start()
    either(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_much_metadata_is_no_reason_to_refuse() -> None:
    note = chunk(b"tEXt", b"comment\0" + b"a" * 3_000_000)
    assert decode(png(2, 1, b"\0" + bytes(6), extra=note), "it", LIMIT).width == 2
    exif = Image.Exif()
    exif[0x010E] = "a" * 60_000
    assert decode(saved(Image.fromarray(drawing()), "JPEG", exif=exif), "it", LIMIT).width == 48


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_thousands_of_frames_cost_no_more_than_one(kind: str) -> None:
    frames = [
        Image.fromarray(np.full((4, 4, 3), index % 251, np.uint8)) for index in range(200 if kind == "TIFF" else 2000)
    ]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    start = time.process_time()
    decode(data, "it", LIMIT)
    assert time.process_time() - start < 0.5


@given(
    st.binary(max_size=300), st.sampled_from([b"", *(encode(Raster(drawing(8, 8)), each)[:40] for each in MEDIA_TYPES)])
)
def test_any_bytes_are_opened_or_refused(data: bytes, head: bytes) -> None:
    either(head + data)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("kind", [(3, 8), (4, 8), (3, 16)])
def test_damaged_files_are_opened_or_refused(media_type: str, kind: tuple[int, int]) -> None:
    rng = np.random.default_rng(11)
    data = encode(random_raster(rng, 23, 17, *kind), media_type)
    opened = [either(mutant) for mutant in mutants(data, rng, 120)]
    assert not all(opened)


def test_decoding_leaves_pillow_and_the_warnings_as_they_were() -> None:
    def state() -> tuple[object, ...]:
        return Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters), os.fstat(2).st_ino

    before = state()
    files = [encode(Raster(drawing()), each) for each in MEDIA_TYPES] + [b"", b"II*\0", png(9, 9, b"")]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(either, files * 8))
    assert state() == before


@pytest.mark.parametrize("media_type", ["image/png", "image/tiff"])
def test_nothing_is_printed(media_type: str, capfd: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(4)
    for mutant in mutants(encode(random_raster(rng, 23, 17, 4, 16), media_type), rng, 300):
        either(mutant)
    assert capfd.readouterr() == ("", "")


def test_odd_metadata_gives_no_warning_and_no_refusal() -> None:
    exif = b"Exif\0\0II*\0\xff\xff\xff\x7f" + bytes(20)
    assert either(saved(Image.fromarray(drawing()), "JPEG", exif=exif))


def test_a_file_of_another_suffix_is_judged_by_its_content() -> None:
    assert decode(saved(Image.fromarray(drawing()), "GIF"), "photo.jpg", LIMIT).width == 48


def test_formats_beyond_the_list_are_never_opened() -> None:
    for kind in ("PPM", "TGA", "ICO", "PCX", "SGI", "JPEG2000"):
        file = io.BytesIO()
        Image.fromarray(drawing()).save(file, kind)
        refusal(file.getvalue())
