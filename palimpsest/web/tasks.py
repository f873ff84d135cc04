"""What the worker processes do for the server: each a function of the studio, a progress and plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from palimpsest.craft.progress import Progress
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


TASKS: Mapping[str, Task] = {"perform": perform, "try": try_out, "replay": replay}
"""Every task by its name. The server names one, the worker looks it up: nothing else can be called."""
