"""Noise belongs to the picture's plane, and not to its pixels."""

from __future__ import annotations

import numpy as np
import pytest

from palimpsest.drawing.noise import Noise, pixel_centres
from palimpsest.errors import ParameterRefused


def test_noise_is_the_same_field_at_every_resolution() -> None:
    noise = Noise.drawn(np.random.default_rng(1), 5, 3)
    coarse, fine = (noise.grid(*pixel_centres(side, side)) for side in (64, 128))
    np.testing.assert_allclose(coarse, fine.reshape(64, 2, 64, 2).mean(axis=(1, 3)), atol=0.05)
    assert abs(float(noise.with_cells(60).grid(*pixel_centres(200, 200)).std()) - 1) < 0.1


def test_noise_finer_than_the_pixels_is_averaged_and_not_picked() -> None:
    noise = Noise.drawn(np.random.default_rng(2), 2000)
    seen_from_afar = noise.grid(*pixel_centres(4000, 4000)).reshape(200, 20, 200, 20).mean(axis=(1, 3))
    assert abs(float(noise.grid(*pixel_centres(200, 200)).std() / seen_from_afar.std()) - 1) < 0.6


def test_a_field_of_fewer_octaves_is_drawn_from_the_same_numbers() -> None:
    noise, xs, ys = Noise.drawn(np.random.default_rng(3), octaves=4), *pixel_centres(20, 20)
    np.testing.assert_array_equal(
        noise.with_cells(6, 2).grid(xs, ys), Noise.drawn(np.random.default_rng(3), 6, 2).grid(xs, ys)
    )
    with pytest.raises(ParameterRefused):
        noise.with_cells(6, 5)


def test_uneven_places_lose_detail_only_where_they_lie_far_apart() -> None:
    noise, xs = Noise.drawn(np.random.default_rng(5), 40, 3), np.linspace(0, 1, 400)
    ys = np.concatenate([np.linspace(0, 1, 400), np.linspace(2, 300, 400)])
    field = noise.grid(xs, ys)
    np.testing.assert_allclose(field[:399], noise.grid(xs, ys[:400])[:399], atol=1e-4)
    assert field[450:].std() < 0.4 * field[:390].std()


def test_noise_on_a_grid_and_at_scattered_places_agree() -> None:
    noise = Noise.drawn(np.random.default_rng(4), 3, 2)
    xs, ys = pixel_centres(40, 30)
    x, y = np.meshgrid(xs, ys)
    np.testing.assert_allclose(noise.grid(xs, ys), noise.at(x, y), atol=1e-4)


def test_noise_without_cells_is_refused() -> None:
    with pytest.raises(ParameterRefused):
        Noise.drawn(np.random.default_rng(0), 0)
