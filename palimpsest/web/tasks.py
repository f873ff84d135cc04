"""What the worker processes do for the server: each a function of the studio, a progress and plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from palimpsest.craft.progress import Progress
from palimpsest.media.inspection import thumbnail
from palimpsest.studio.handwork import hands_of_call
from palimpsest.studio.performing import perform as perform_recipe
from palimpsest.studio.replaying import replay as replay_work
from palimpsest.studio.studio import Studio
from palimpsest.studio.trying import attempt

Task = Callable[..., Any]


def perform(
    studio: Studio,
    progress: Progress,
    technique: str,
    inputs: Mapping[str, Sequence[str]],
    parameters: Mapping[str, object],
    seed: int | None,
    typed: Sequence[str],
) -> dict[str, Any]:
    """Perform a technique and record it, with what the person did by hand."""
    hands = hands_of_call(studio, studio.catalogue.get(technique), inputs, typed)
    done = perform_recipe(studio, technique, inputs, parameters, seed=seed, progress=progress, hands=hands)
    return {
        "works": [work.id for work in done.works],
        "act": done.act.digest,
        "recipe": done.act.recipe.digest,
        "seconds": done.act.seconds,
        "reused": done.act.reused,
        "contributions": [{"work": work, "share": float(share)} for work, share in done.shares.items()],
    }


def try_out(
    studio: Studio,
    progress: Progress,
    technique: str,
    inputs: Mapping[str, Sequence[str]],
    parameters: Mapping[str, object],
    seed: int | None,
    longest: int,
) -> dict[str, Any]:
    """Compute a small picture of what a recipe would give; nothing is recorded."""
    return asdict(attempt(studio, technique, inputs, parameters, seed=seed, longest=longest, progress=progress))


def replay(studio: Studio, progress: Progress, work: str) -> dict[str, Any]:
    """Perform a work's act again and compare."""
    return asdict(replay_work(studio, work, progress))


def originality(studio: Studio, progress: Progress, work: str) -> dict[str, Any]:
    """Hold a work against its sources and the whole studio, and say in words what came of it."""
    from palimpsest.studio.originality import as_json, originality  # noqa: PLC0415 - what compares pictures loads OpenCV
    from palimpsest.studio.overlap_chart import figures, region_words, sentence  # noqa: PLC0415 - so does this

    found = originality(studio, work, progress)
    said: dict[str, Any] = as_json(found)
    likenesses = [
        value | {"shared": sentence(each), "in_figures": figures(each)}
        for value, each in zip(said["likenesses"], found.likenesses, strict=True)
    ]
    regions = [
        {"source": each.source, "title": found.said[each.source].title, "words": region_words(each)}
        for each in found.regions or ()
    ]
    return said | {"likenesses": likenesses, "regions": regions}


def overlap(studio: Studio, progress: Progress, work: str) -> bytes:
    """Draw what a work shares with those that it is most like, as WebP."""
    from palimpsest.studio.originality import originality  # noqa: PLC0415 - what compares pictures loads OpenCV
    from palimpsest.studio.overlap_chart import overlap_chart  # noqa: PLC0415 - so does this

    return thumbnail(overlap_chart(studio, originality(studio, work, progress)), _CHART)


_CHART = 8000
"""Higher than any chart is: its letters stay sharp."""

TASKS: Mapping[str, Task] = {
    "perform": perform,
    "try": try_out,
    "replay": replay,
    "originality": originality,
    "overlap": overlap,
}
"""Every task by its name. The server names one, the worker looks it up: nothing else can be called."""
