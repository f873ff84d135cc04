"""The painting network, run stage by stage over a whole picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from palimpsest.craft.progress import Progress
from palimpsest.engines.style_network.layers import BLOCKS, EXPANSIONS
from palimpsest.engines.style_network.stages import Affine, Moments, Stage
from palimpsest.media.raster import Floats

CONTRACT, COLOUR = "contract", "colour"


class Painter:
    """Paints with stages by name: `CONTRACT`, each residual layer, each expansion, `COLOUR`. `tile` is a side in pixels."""

    def __init__(self, stages: Mapping[str, Stage], tile: int) -> None:
        self._stages = stages
        self._tile = tile

    def paint(self, content: Floats, styles: Mapping[str, Affine], progress: Progress) -> Floats:
        """Paint a content (height, width, 3) whose sides are multiples of 4 and at least 8.

        `styles` has the style's factor and summand for every normalized layer. The last expansion but one has the largest maps;
        it is measured, forgotten, and made again for the last, so that memory stays low.
        """
        run = _Run(self._stages, self._tile, styles, progress)
        maps = run.over(CONTRACT, content[None].transpose(0, 3, 1, 2))
        for block in BLOCKS:
            first, affine = run.measured(f"{block}/conv1", maps)
            second, affine = run.measured(f"{block}/conv2", first, *affine)
            _add(maps, second, affine)
        maps, affine = run.measured(EXPANSIONS[0], maps)
        for layer in EXPANSIONS[1:]:
            maps, affine = run.measured(layer, maps, *affine)
        painted = np.empty(content.shape, np.float32)
        run.over(COLOUR, maps, *affine, into=painted[None].transpose(0, 3, 1, 2))
        return painted


class _Run:
    """One picture's way through the stages."""

    def __init__(
        self, stages: Mapping[str, Stage], tile: int, styles: Mapping[str, Affine], progress: Progress
    ) -> None:
        self._stages = stages
        self._tile = tile
        self._styles = styles
        self._progress = progress
        self._done = 0.0

    def measured(self, name: str, maps: Floats, *affine: Floats) -> tuple[Floats, Affine]:
        """Run a normalized layer; return its raw maps and the affine that normalizes and styles them."""
        moments = Moments(self._stages[name].channels)
        made = self.over(name, maps, *affine, moments=moments)
        return made, moments.affine(self._styles[name])

    def over(
        self, name: str, maps: Floats, *affine: Floats, moments: Moments | None = None, into: Floats | None = None
    ) -> Floats:
        """Run a stage over all tiles of its input."""
        stage = self._stages[name]
        height, width = maps.shape[2:]
        if into is None:
            into = np.empty((1, stage.channels, stage.scaled(height), stage.scaled(width)), np.float32)
        tiles = list(stage.tiles(height, width, self._tile))
        for rows, columns in tiles:
            made = stage.run(maps[:, :, rows.read, columns.read], *affine)[:, :, rows.keep, columns.keep]
            into[:, :, rows.place, columns.place] = made
            if moments:
                moments.add(made)
            self._done += stage.cost / len(tiles)
            self._progress(min(self._done, 1.0))
        return into


def _add(maps: Floats, more: Floats, affine: Affine) -> None:
    """Normalize maps and add them to others, both in place, channel by channel."""
    factors, summands = (each.ravel() for each in affine)
    for index in range(maps.shape[1]):
        more[0, index] *= factors[index]
        more[0, index] += summands[index]
        maps[0, index] += more[0, index]
