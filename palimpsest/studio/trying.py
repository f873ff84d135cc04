"""Trying a recipe out: a small picture of what it would give, at once and without a trace."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from palimpsest.craft.progress import Progress
from palimpsest.media.inspection import thumbnail
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.studio.performing import plan, raster_of
from palimpsest.studio.studio import Studio


@dataclass(frozen=True)
class Attempt:
    """A picture (WebP) of what a recipe would give, and in how many seconds it was made."""

    picture: bytes
    seconds: float


def attempt(
    studio: Studio,
    technique: str,
    inputs: Mapping[str, Sequence[str]],
    parameters: Mapping[str, object] | None = None,
    *,
    seed: int | None = None,
    longest: int = 384,
    progress: Progress | None = None,
) -> Attempt:
    """Compute a recipe on inputs of at most `longest` pixels a side, so that a slider can be watched; nothing is recorded.

    What counts in pixels looks coarser than it will. It needs the same permits as the act itself.

    Raises:
        As `perform` does.
    """
    planned = plan(studio, technique, inputs, parameters, seed=seed)
    began = time.perf_counter()
    chosen = planned.technique
    given: dict[str, Raster | tuple[Raster, ...]] = {}
    for role in chosen.roles:
        rasters = tuple(_small(studio, work, longest) for work in planned.recipe.inputs.get(role.name, ()))
        if role.many:
            given[role.name] = rasters
        elif rasters:
            given[role.name] = rasters[0]
    engines = studio.machines.bind(chosen.ports.values())
    values = planned.recipe.parameters if chosen.roles else _smaller(planned.recipe.parameters, longest)
    outcome = chosen.run(given, values, engines=engines, seed=planned.recipe.seed, progress=progress or Progress())
    return Attempt(thumbnail(outcome.made[0].raster, longest), time.perf_counter() - began)


_seen: dict[tuple[Path, str, int], Raster] = {}
"""What was made small lately: a slider asks for the same works again and again."""
_MOST_SEEN = 16


def _small(studio: Studio, work: str, longest: int) -> Raster:
    key = (studio.folder, work, longest)
    if key not in _seen:
        while len(_seen) >= _MOST_SEEN:
            del _seen[next(iter(_seen))]
        raster = raster_of(studio, work)
        _seen[key] = resize_raster(raster, *_within(raster.width, raster.height, longest))
    return _seen[key]


def _smaller(parameters: Mapping[str, JsonValue], longest: int) -> dict[str, JsonValue]:
    """Bring the size that a study is asked for down, in its proportions."""
    width, height = parameters.get("width"), parameters.get("height")
    if not (isinstance(width, int) and isinstance(height, int)):
        return dict(parameters)
    size = _within(width, height, longest)
    return {**parameters, "width": size[0], "height": size[1]}


def _within(width: int, height: int, longest: int) -> tuple[int, int]:
    shrink = min(1.0, longest / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))
