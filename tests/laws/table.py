"""The table that the laws are crossed with: every technique of the catalogue, and what the laws must know about some.

Nothing here names a technique that has nothing unusual about it.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import skimage.data

import palimpsest.engines
from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Card
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import RoleSpec, Technique
from palimpsest.media.raster import Floats, Raster

CATALOGUE = Catalogue(extras=())
NAMES = CATALOGUE.names

NEEDS: Mapping[str, Mapping[str, object]] = {
    "blur-faces": {"without_faces": "keep"},  # most pictures that the laws draw show nobody
    "pixelate": {"without_faces": "keep"},
    "resize": {"width": 24},  # a size has no sensible default
    "retarget": {"width": 36},
}
"""What must be given to a technique because its defaults alone are refused, or are too large for a test."""

FACES = "face-detector"

OPT_OUT: Mapping[tuple[str, str], str] = {}
"""Law and technique → why the law does not hold for it. Empty is best."""

Inputs = Mapping[str, Raster | Sequence[Raster]]


def small(technique: Technique) -> dict[str, object]:
    """Parameters with which a technique makes a small picture, quickly."""
    names = technique.parameters.model_fields
    size: dict[str, object] = {} if technique.roles else {name: 64 for name in ("width", "height") if name in names}
    return {**size, **NEEDS.get(technique.name, {})}


def picture(width: int, height: int, *, alpha: bool = False, bits: int = 8, number: int = 0) -> Raster:
    """Draw a picture with edges, gradients, a disc and grain: something for every technique to hold on to."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = (y + 0.5) / height, (x + 0.5) / width
    disc = ((x - 0.4 - 0.05 * number) ** 2 + (y - 0.5) ** 2 < 0.09).astype(np.float32)
    hues = rng.uniform(0.1, 0.9, (3, 3)).astype(np.float32)
    rgb = x[..., None] * hues[0] + y[..., None] * hues[1] * 0.5
    rgb = rgb * (1 - disc[..., None]) + hues[2] * disc[..., None]
    rgb += rng.normal(0, 0.03, rgb.shape).astype(np.float32)
    return Raster.from_floats(rgb, 1 - 0.8 * x * y if alpha else None, bits=16 if bits == 16 else 8)


def mask(width: int, height: int) -> Raster:
    """Draw a white disc on black."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    disc = ((x + 0.5) / width - 0.5) ** 2 + ((y + 0.5) / height - 0.5) ** 2 < 0.06
    rgb: Floats = np.repeat(disc[..., None], 3, axis=-1).astype(np.float32)
    return Raster.from_floats(rgb)


def portrait(number: int = 0) -> Raster:
    """Cut out the head of scikit-image's astronaut, a little darker for each number: a face for those who look for one."""
    return Raster(skimage.data.astronaut()[30:210:3, 130:310:3] - np.uint8(number) // np.uint8(2))


def inputs(technique: Technique, draw: Callable[[int], Raster] | None = None, *, optional: bool = False) -> Inputs:
    """Return a different picture for each role, two for one that takes several, a mask for one called so."""
    draw = draw or (portrait if FACES in technique.ports.values() else lambda number: picture(48, 40, number=number))
    chosen = [role for role in technique.roles if optional or not role.optional]
    return {role.name: _for(role, draw, 2 * number) for number, role in enumerate(chosen)}


def _for(role: RoleSpec, draw: Callable[[int], Raster], number: int) -> Raster | Sequence[Raster]:
    first = draw(number)
    if "mask" in role.name:
        first = mask(first.width, first.height)
    return (first, draw(number + 1)) if role.many else first


def perform(
    technique: Technique,
    given: Inputs | None = None,
    parameters: Mapping[str, object] | None = None,
    **rest: Any,  # noqa: ANN401 - whatever `run` takes
) -> Outcome:
    """Run a technique with the real engines on small pictures."""
    return technique.run(
        inputs(technique) if given is None else given,
        {**small(technique), **(parameters or {})},
        engines=engines_for(technique),
        **rest,
    )


@cache
def cards() -> dict[str, str]:
    """Port name → the module of the first engine that fills it."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(palimpsest.engines.__path__, "palimpsest.engines."):
        card = getattr(importlib.import_module(module.name), "CARD", None)
        if isinstance(card, Card):
            found.setdefault(card.port, module.name)
    return found


@cache
def engine(port: str) -> object:
    """Load the engine of a port, once for all laws."""
    return importlib.import_module(cards()[port]).load(threads=0)


def engines_for(technique: Technique) -> dict[str, object]:
    """Return the real engines that a technique asks for."""
    return {port: engine(port) for port in technique.ports.values()}


OTHER_SEED = 2**53 - 1
"""The largest seed that a recipe can hold."""


@cache
def performed(name: str, seed: int | None = None) -> Outcome:
    """Perform a technique once on the usual small pictures; several laws look at the result."""
    return perform(CATALOGUE.get(name), seed=seed)


@dataclass(frozen=True)
class Watched:
    """A run that was watched: all that it must not touch, before and after, and what it reported."""

    before: tuple[object, ...]
    after: tuple[object, ...]
    outcome: Outcome
    fractions: tuple[float, ...]


@cache
def watched(name: str, *, optional: bool = False) -> Watched:
    """Perform a technique a second time, with the seed that it has by default; several laws look at what happened."""
    technique = CATALOGUE.get(name)
    given = inputs(technique, optional=optional)
    fractions: list[float] = []
    before = _surroundings(given)
    outcome = perform(technique, given, seed=0, progress=Progress(fractions.append))
    return Watched(before, _surroundings(given), outcome, tuple(fractions))


def _surroundings(given: Inputs) -> tuple[object, ...]:
    rasters = chain.from_iterable([each] if isinstance(each, Raster) else each for each in given.values())
    pixels = [raster.pixels.tobytes() for raster in rasters]
    return pixels, repr(np.random.get_state()), random.getstate()  # noqa: NPY002 - to see it untouched


def digests(outcome: Outcome) -> list[str]:
    """Return the digest of each picture that was made."""
    return [made.raster.digest for made in outcome.made]
