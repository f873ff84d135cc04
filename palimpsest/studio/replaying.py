"""Replay: performing an act again, and measuring how near the result comes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palimpsest.craft.outcome import Made
from palimpsest.craft.progress import Progress
from palimpsest.errors import UsageRefused
from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Act, Grade, Output
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import SourceMap
from palimpsest.media.sourcemap_codec import decode_map, encode_map
from palimpsest.studio.performing import act_of, plan, raster_of, run
from palimpsest.studio.studio import Studio


@dataclass(frozen=True)
class Replay:
    """How a replay went. Distances are between 8-bit values of the two pictures, from 0 (same pixels) to 255."""

    work: str
    technique: str
    promised: Grade
    same: bool
    same_sources: bool | None
    """Whether every pixel came from the same place; None when no source map was kept."""
    mean_distance: float
    largest_distance: float
    upgraded: bool
    seconds: float
    act: str | None
    """The digest of the new act, recorded when pixels and sources are the same; otherwise nothing is written."""


def replay(studio: Studio, work: str, progress: Progress | None = None) -> Replay:
    """Perform the act that made a work again and compare. A recipe of an older version is lifted first.

    Raises:
        UsageRefused: the work came from outside; there is nothing to replay.
        TermsRefused: the terms of a source have changed and no longer permit it.
    """
    origin = origin_of(studio, work)
    recipe = origin.recipe
    technique = studio.catalogue.get(recipe.technique)
    parameters = technique.upgrade(recipe.parameters, recipe.version)
    planned = plan(studio, recipe.technique, recipe.inputs, parameters, seed=recipe.seed)
    began = time.perf_counter()
    made = run(studio, planned, progress or Progress())
    seconds = time.perf_counter() - began
    place = [output.work for output in origin.outputs].index(work)
    result, before = made[place].raster, raster_of(studio, work)
    same = [each.raster.digest for each in made] == [output.pixels for output in origin.outputs]
    mean, largest = distance(result, before)
    same_sources = _same_sources(studio, origin.outputs, made) if same else None
    act = None
    if same and same_sources is not False:
        outputs = tuple(Output(work=each.work, pixels=each.pixels, evidence=each.evidence) for each in origin.outputs)
        again = act_of(studio, planned, outputs, seconds, reused=False)
        studio.library.append([again])
        act = again.digest
    upgraded = planned.recipe.digest != recipe.digest
    return Replay(work, recipe.technique, planned.grade, same, same_sources, mean, largest, upgraded, seconds, act)


def _same_sources(studio: Studio, before: Sequence[Output], made: Sequence[Made]) -> bool | None:
    """Compare source maps of pictures that have the same pixels."""
    compared = [
        each.sources is not None and _is_map(studio, output.evidence.sources, each.sources)
        for output, each in zip(before, made, strict=True)
        if output.evidence.sources
    ]
    return all(compared) if compared else None


def _is_map(studio: Studio, digest: str, sources: SourceMap) -> bool:
    """Compare a map with the one that was stored; by their files first, which another zlib would have written otherwise."""
    if digest_of_bytes(encode_map(sources)) == digest:
        return True
    return decode_map(studio.library.sources(digest), sources.width, sources.height) == sources


def origin_of(studio: Studio, work: str) -> Act:
    """Return the act that first made a work; for one from outside, the first act that came to the very same image.

    Raises:
        UsageRefused: no act did.
    """
    lineage = queries.lineage(studio.library, work)
    if work in lineage.acts:
        return lineage.acts[work]
    recipes = queries.recipes_that_made(studio.library, work)
    acts = [act for recipe in recipes for act in queries.acts_of_recipe(studio.library, recipe)]
    if not acts:
        raise UsageRefused(
            f"{work[:12]}: expected a work that was made here, but it came from outside: nothing to replay."
        )
    return min(acts, key=lambda act: act.at)


def distance(one: Raster, other: Raster) -> tuple[float, float]:
    """Return the mean and the largest difference of two rasters, in 8-bit steps; 255 when their sizes differ."""
    if one.pixels.shape[:2] != other.pixels.shape[:2]:
        return 255.0, 255.0
    difference = np.abs(one.over() - other.over())
    return float(difference.mean()) * 255, float(difference.max()) * 255
