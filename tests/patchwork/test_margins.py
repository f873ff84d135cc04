from __future__ import annotations

import numpy as np
import pytest

from palimpsest.craft.ports import Bytes, Mask
from palimpsest.patchwork.margins import usable_area


def painting(height: int = 200, width: int = 260) -> Bytes:
    """Brushwork: no line of it has one colour."""
    rng = np.random.default_rng(5)
    blocks = rng.integers(20, 220, (height // 10, width // 10, 3))
    grain = rng.integers(-12, 13, (height, width, 3))
    picture: Bytes = np.clip(blocks.repeat(10, 0).repeat(10, 1) + grain, 0, 255).astype(np.uint8)
    return picture


def framed(picture: Bytes, widths: tuple[int, int, int, int], colour: tuple[int, int, int]) -> Bytes:
    top, right, bottom, left = widths
    sheet = np.empty((picture.shape[0] + top + bottom, picture.shape[1] + left + right, 3), np.uint8)
    sheet[:] = colour
    sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return sheet


def inside(sheet: Bytes, widths: tuple[int, int, int, int]) -> Mask:
    top, right, bottom, left = widths
    mask = np.zeros(sheet.shape[:2], np.bool_)
    mask[top : sheet.shape[0] - bottom, left : sheet.shape[1] - right] = True
    return mask


@pytest.mark.parametrize("colour", [(250, 248, 240), (0, 0, 0), (150, 150, 155)])
@pytest.mark.parametrize("widths", [(20, 20, 20, 20), (0, 0, 30, 0), (0, 25, 0, 8)])
def test_leaves_a_margin_out_and_keeps_the_picture(
    colour: tuple[int, int, int], widths: tuple[int, int, int, int]
) -> None:
    sheet = framed(painting(), widths, colour)
    usable, picture = usable_area(sheet), inside(sheet, widths)
    assert not usable[~picture].any(), "nothing of the margin is copied"
    assert usable[picture].mean() > 0.93, "hardly anything of the picture is lost"


def test_finds_a_frame_within_a_margin() -> None:
    black = framed(painting(), (6, 6, 6, 6), (10, 10, 10))
    sheet = framed(black, (24, 24, 24, 24), (245, 240, 225))
    usable, picture = usable_area(sheet), inside(sheet, (30, 30, 30, 30))
    assert not usable[~picture].any()
    assert usable[picture].mean() > 0.9


def test_leaves_the_ground_around_an_oval_out() -> None:
    picture = painting()
    y, x = np.mgrid[0:200, 0:260]
    oval = ((y - 100) / 95) ** 2 + ((x - 130) / 120) ** 2 < 1
    picture[~oval] = (235, 235, 235)
    usable = usable_area(picture)
    assert not usable[~oval].any()
    assert usable[oval].mean() > 0.9


def test_keeps_a_sky_and_a_dark_corner() -> None:
    picture = painting()
    fade = np.linspace(0, 1, 90)[:, None, None]
    picture[:90] = np.rint(np.array([120, 170, 230]) * (1 - fade) + picture[:90] * fade).astype(np.uint8)
    picture[140:, :80] //= 12
    assert usable_area(picture).all()


def test_leaves_writing_beside_a_picture_out() -> None:
    sheet = np.full((240, 320, 3), (235, 228, 205), np.uint8)
    sheet[90:200, 90:300] = painting(110, 210)
    for row in range(20, 80, 10):
        sheet[row : row + 6, 20:26] = 20
        sheet[row : row + 6 : 2, 20:26:2] = 200
    usable = usable_area(sheet)
    assert not usable[20:76, 20:26].any()
    assert usable[110:190, 110:290].all()


def test_keeps_a_page_that_is_all_writing() -> None:
    sheet = np.full((240, 320, 3), (235, 228, 205), np.uint8)
    for row in range(12, 228, 12):
        for column in range(20, 300, 14):
            sheet[row : row + 7, column : column + 6] = 20
    assert usable_area(sheet)[12:228, 20:300].all()


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (7, 9), (40, 16), (16, 400)])
def test_takes_works_of_any_size(size: tuple[int, int]) -> None:
    for picture in (painting(400, 400)[: size[0], : size[1]], np.zeros((*size, 3), np.uint8)):
        usable = usable_area(picture)
        assert usable.shape == size
        assert usable.any()
