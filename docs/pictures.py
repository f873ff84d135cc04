"""The pictures of the technique pages: each technique performed once, on the photographs of the starter collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from docs.technique_pages import CATALOGUE
from palimpsest.craft.outcome import Made
from palimpsest.craft.ports import Bytes
from palimpsest.craft.technique import RoleSpec, Technique
from palimpsest.lineage.records import Use
from palimpsest.media.codecs import decode, encode
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.patchwork.collage import Freedom, collage
from palimpsest.patchwork.laying import eight_bits
from palimpsest.studio.machines import Machines
from palimpsest.studio.source_chart import hues, painted
from palimpsest.studio.starter import photograph_folder

LONGEST = 720
"""Longest side of a picture on a page, in pixels."""
PHOTOGRAPH = "coffee.png"
STYLES = ("study-seigaiha", "study-marbling")
"""What stands in for works that lend their style or their pixels."""

SHOWN: Mapping[str, Mapping[str, object]] = {
    "adjust": {"contrast": 0.3, "temperature": 0.5, "vibrance": 0.5},
    "blend": {"mode": "soft-light", "opacity": 0.8},
    "crop": {"left": 0.2, "right": 0.1, "top": 0.1, "bottom": 0.15},
    "resize": {"scale": 0.5},
    "retarget": {"width": 360},
}
"""Parameters for techniques whose defaults leave a work as it is, or are refused."""

SEVERAL = ("mashup",)
"""Techniques that need two works where one may do for others."""

PORTRAYED = ("blur-faces", "pixelate")
"""Techniques that are shown on a photograph of a person."""

PAINTED = ("extend", "fill")
"""Techniques that are shown on a painted landscape in place of the photograph."""


def make(folder: Path, names: Sequence[str] = ()) -> Iterator[Path]:
    """Make the pictures of these techniques, or of all; yields each file when it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    machines = Machines()
    for name in names or CATALOGUE.names:
        technique = CATALOGUE.get(name)
        inputs = {role.name: _for(name, role, machines) for role in technique.roles if not role.optional}
        engines = machines.bind(technique.ports.values())
        made = technique.run(inputs, _parameters(technique), engines=engines).made[0].raster
        file = folder / f"{name}.jpg"
        file.write_bytes(encode(_small(made), "image/jpeg"))
        yield file


def make_method(folder: Path) -> Iterator[Path]:
    """Make the pictures of the page on synthesis: what goes in, how it begins, what comes out, and where it came from."""
    machines = Machines()
    engines = machines.bind(["patch-synthesizer"])
    work, study = photograph(), _study("study-impasto", machines)
    varied = CATALOGUE.get("vary").run({"works": [work]}, {}, engines=engines, seed=1).made[0]
    sheet = collage([eight_bits(work)], work.height, work.width, Freedom(5, 0.5, 0.1), np.random.default_rng(1))
    rough = Raster(np.asarray(Image.fromarray(sheet).resize((work.width, work.height), Image.Resampling.NEAREST)))
    remixed = CATALOGUE.get("remix").run({"content": work, "exemplars": [study]}, {}, engines=engines).made[0]
    for name, panels in (
        ("vary", (work, rough, varied.raster, _mapped(varied))),
        ("remix", (work, study, remixed.raster, _mapped(remixed))),
    ):
        file = folder / f"synthesis-{name}.jpg"
        file.write_bytes(encode(_strip(panels), "image/jpeg"))
        yield file


def _mapped(made: Made) -> Raster:
    sources = made.sources
    assert sources is not None
    return painted(sources, hues(len(sources.slots)), sources.width, sources.height)


def _strip(panels: Sequence[Raster]) -> Raster:
    """Lay pictures side by side, all of one height."""
    height = 360
    sized = [resize_raster(each, round(each.width * height / each.height), height).pixels for each in panels]
    gap = np.full((height, 12, 3), 255, np.uint8)
    sheet: Bytes = np.concatenate([part for each in sized for part in (each[..., :3], gap)], axis=1, dtype=np.uint8)
    return Raster(sheet[:, :-12])


def _parameters(technique: Technique) -> Mapping[str, object]:
    if technique.name in SHOWN or technique.roles:
        return SHOWN.get(technique.name, {})
    defaults = technique.resolve({})
    width, height = (value for key in ("width", "height") if isinstance(value := defaults.get(key), int))
    scale = LONGEST / max(width, height)
    return {"width": round(width * scale), "height": round(height * scale)}


def _for(technique: str, role: RoleSpec, machines: Machines) -> Raster | Sequence[Raster]:
    if technique in PAINTED:
        study = _study("study-impasto", machines)
        return _tree(study) if "mask" in role.name else study
    if "mask" in role.name:
        return _disc(photograph())
    if role.many:
        return [_study(name, machines) for name in STYLES[: 2 if technique in SEVERAL else 1]]
    if technique in PORTRAYED:
        return photograph("astronaut.png")
    return photograph() if role.use is Use.ALTER else _study(STYLES[0], machines)


def photograph(name: str = PHOTOGRAPH) -> Raster:
    """Return the photograph that techniques are shown on."""
    file = photograph_folder() / name
    return decode(file.read_bytes(), file.name, 10**8)


def _study(name: str, machines: Machines) -> Raster:
    technique = CATALOGUE.get(name)
    engines = machines.bind(technique.ports.values())
    return technique.run({}, _parameters(technique), engines=engines).made[0].raster


def _disc(like: Raster) -> Raster:
    """Return a mask of a like size: a white disc on black."""
    y, x = np.mgrid[0 : like.height, 0 : like.width].astype(np.float32)
    inside = (x / like.width - 0.5) ** 2 + (y / like.height - 0.5) ** 2 < 0.1
    return Raster.from_floats(np.repeat(inside[..., None], 3, axis=-1).astype(np.float32))


def _tree(like: Raster) -> Raster:
    """Return a mask of a like size over the tree that stands in the study of thick paint."""
    sheet = Image.new("RGB", (like.width, like.height))
    brush = ImageDraw.Draw(sheet)
    for left, top, right, bottom in ((0.53, 0.09, 0.87, 0.43), (0.64, 0.33, 0.75, 0.48)):
        brush.ellipse((left * like.width, top * like.height, right * like.width, bottom * like.height), "white")
    return Raster(np.asarray(sheet))


def _small(raster: Raster) -> Raster:
    scale = min(1.0, LONGEST / max(raster.width, raster.height))
    return resize_raster(raster, max(1, round(raster.width * scale)), max(1, round(raster.height * scale)))
