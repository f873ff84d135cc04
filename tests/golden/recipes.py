"""What a reference image is made from: a recipe in JSON, its inputs named, nothing of it downloaded.

`astronaut/4` is the astronaut of scikit-image, each 4×4 pixels averaged to one in whole numbers, so that it is the same on
every machine; `disc` is a white disc on black.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import skimage.data
from PIL import Image

from palimpsest.craft.technique import Technique
from palimpsest.media.raster import Raster
from tests.laws.table import NEEDS, mask

FOLDER = Path(__file__).parent
PHOTOGRAPHS = Path(skimage.data.__file__).parent
USUAL = ("astronaut/4", "coffee/4", "chelsea/4")
"""What the roles get, in their order, when no recipe says otherwise."""


class Golden(TypedDict):
    """A recipe as it stands in the JSON file."""

    technique: str
    version: int
    parameters: dict[str, Any]
    seed: int | None
    inputs: dict[str, list[str]]


def recipe(technique: Technique) -> Golden:
    """Return the recipe on file with today's version, or a usual one for a technique that has none."""
    stored = read(technique.name)
    given = stored["parameters"] if stored else usual_parameters(technique)
    return {
        "technique": technique.name,
        "version": technique.version,
        "parameters": technique.resolve(technique.upgrade(given, stored["version"]) if stored else given),
        "seed": (stored["seed"] if stored else 1) if technique.seeded else None,
        "inputs": stored["inputs"] if stored else usual_inputs(technique),
    }


def usual_parameters(technique: Technique) -> dict[str, Any]:
    """Return parameters for a small picture."""
    sides = {"width": 144, "height": 108}
    names = technique.parameters.model_fields
    size = {} if technique.roles else {name: side for name, side in sides.items() if name in names}
    return {**size, **NEEDS.get(technique.name, {})}


def usual_inputs(technique: Technique) -> dict[str, list[str]]:
    """Return a photograph for each role that must be filled, a disc for one called a mask."""
    roles = [role for role in technique.roles if not role.optional]
    named = {role.name: [USUAL[number % 3]] for number, role in enumerate(roles)}
    for role in roles:
        if "mask" in role.name:
            named[role.name] = ["disc"]
        elif role.many:
            named[role.name] = [each for each in USUAL if [each] not in named.values()] + named[role.name]
    return named


def works(technique: Technique, golden: Golden) -> dict[str, Raster | list[Raster]]:
    """Open or draw the inputs that a recipe names."""
    many = {role.name for role in technique.roles if role.many}
    opened = {role: [work(name) for name in names] for role, names in golden["inputs"].items()}
    return {role: rasters if role in many else rasters[0] for role, rasters in opened.items()}


def work(name: str) -> Raster:
    """Open a photograph of scikit-image, made smaller, or draw a mask."""
    if name == "disc":
        return mask(128, 128)
    stem, _, size = name.partition("/")
    step = int(size)
    with Image.open(PHOTOGRAPHS / f"{stem}.png") as image:
        pixels = np.asarray(image.convert("RGB"), np.uint32)
    height, width = pixels.shape[0] // step, pixels.shape[1] // step
    blocks = pixels[: height * step, : width * step].reshape(height, step, width, step, 3)
    return Raster(((blocks.sum(axis=(1, 3)) + step * step // 2) // (step * step)).astype(np.uint8))


def read(name: str) -> Golden | None:
    """Return the recipe on file, if there is one."""
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def write(golden: Golden) -> None:
    """Put a recipe on file."""
    text = json.dumps(golden, indent=2, ensure_ascii=False)
    (FOLDER / f"{golden['technique']}.json").write_text(f"{text}\n", encoding="utf-8")


def readme(goldens: Iterable[Golden]) -> str:
    """Say how each reference image was made."""
    rows = [
        f"| `{each['technique']}.png` | {each['technique']} {each['version']} | {_inputs(each)} | {_parameters(each)} |\n"
        for each in sorted(goldens, key=lambda golden: golden["technique"])
    ]
    return _INTRODUCTION + "".join(rows)


def _inputs(golden: Golden) -> str:
    return "; ".join(f"{role}: {', '.join(names)}" for role, names in golden["inputs"].items()) or "none"


def _parameters(golden: Golden) -> str:
    chosen = [f"{name} {value}" for name, value in golden["parameters"].items() if value not in (None, "", [])]
    return ", ".join(chosen + ([] if golden["seed"] is None else [f"seed {golden['seed']}"]))


_INTRODUCTION = """# Reference images

One small picture for each technique, as a person looked at it and found it good. `NAME.json` is the recipe it was made by and
`NAME.png` the result; the test performs the recipe and compares. A photograph named `astronaut/4` is the one that comes with
scikit-image, each 4×4 pixels averaged to one; `disc` is a white disc on black.

How near is near enough follows from what the technique and its engines promise: *exact*, every pixel is the same;
*same-device*, another processor may round otherwise and flip a level here and there, so the mean difference is below one level
of 255; *perceptual*, below eight levels.

To make one: `pytest tests/golden --record -k NAME`; look at it; commit both files and this page. To choose other inputs or
parameters, edit the JSON first. This page is written by `--record`; do not edit it.

| image | technique | inputs | parameters |
|---|---|---|---|
"""
