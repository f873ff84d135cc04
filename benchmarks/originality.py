"""How surely copies are found again, how rarely others are taken for copies, and how fast: `python -m benchmarks.originality`.

The collection is `../shared/art/dev`; where that folder is absent there is nothing to measure. Edits are planted as files that
the collection does not hold, and the works that they were made from have to come back. Then every work is held against
all the others: what is called a copy there is looked at by eye (`SAME` names the pairs that are one work in two pictures).
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.harness import Row, table
from palimpsest.craft.catalogue import Catalogue
from palimpsest.engines import style_network, synthesis
from palimpsest.ethics.originality import Verdict
from palimpsest.library.library import Library
from palimpsest.library.vectors import Shelf, imprints
from palimpsest.media.raster import Raster
from palimpsest.perception.imprint import SHORT, Asked, Imprint, ask, imprint
from palimpsest.perception.reduction import reduced
from palimpsest.studio.originality import Likeness, compare, nearest

ART = Path(__file__).resolve().parents[2] / "shared" / "art" / "dev"
EVERY, QUICKLY = 6, 72
"""Each of so many works is edited; with `--quick`, each of the second number."""
RESTYLED = 8
SAME: frozenset[tuple[int, int]] = frozenset()
"""Pairs of numbers in the collection that show one work twice."""
MANY = 10_000
TARGETS = {
    "plain edits found as a copy": "≥ 0.97",
    "false copies in 10,000 pairs": "≤ 1",
    "a question to 10,000 works, the picture measured before": "< 300",
    "the whole, with measuring": "told apart",
}
Pixels = NDArray[np.uint8]
Draw = np.random.Generator


def cropped(work: Pixels, draw: Draw) -> Pixels:
    """Keep 60 % of the area, anywhere."""
    height, width = (round(side * 0.6**0.5) for side in work.shape[:2])
    top, left = draw.integers(0, work.shape[0] - height + 1), draw.integers(0, work.shape[1] - width + 1)
    return work[top : top + height, left : left + width]


def flipped(work: Pixels, _: Draw) -> Pixels:
    return work[:, ::-1]


def turned(work: Pixels, _: Draw) -> Pixels:
    height, width = work.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 10, 1)
    return np.asarray(cv2.warpAffine(work, turn, (width, height), borderValue=(255, 255, 255)), np.uint8)


def rescaled(work: Pixels, _: Draw) -> Pixels:
    return np.asarray(cv2.resize(work, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA), np.uint8)


def pressed(work: Pixels, _: Draw) -> Pixels:
    file = io.BytesIO()
    Image.fromarray(work).save(file, "JPEG", quality=40)
    return np.asarray(Image.open(file))


def recoloured(work: Pixels, _: Draw) -> Pixels:
    """Turn every hue by 60° and strengthen it by a third."""
    hue = cv2.cvtColor(work, cv2.COLOR_RGB2HSV).astype(np.int64)
    hue[:, :, 0] = (hue[:, :, 0] + 30) % 180
    hue[:, :, 1] = np.minimum(hue[:, :, 1] * 4 // 3, 255)
    return np.asarray(cv2.cvtColor(hue.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)


def bordered(work: Pixels, _: Draw) -> Pixels:
    side = round(0.12 * min(work.shape[:2]))
    return np.asarray(
        cv2.copyMakeBorder(work, side, side, side, side, cv2.BORDER_CONSTANT, value=(240, 235, 220)), np.uint8
    )


def captioned(work: Pixels, _: Draw) -> Pixels:
    height = work.shape[0]
    band = work.copy()
    band[round(0.82 * height) :] = 20
    image = Image.fromarray(band)
    ImageDraw.Draw(image).text(
        (10, round(0.86 * height)), "A caption over it", "white", font_size=max(12, height // 14)
    )
    return np.asarray(image)


def in_perspective(work: Pixels, _: Draw) -> Pixels:
    height, width = work.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array([[0.08, 0.08], [-0.024, 0], [0, 0], [0, -0.08]], np.float32) * (width, height)
    lies = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.asarray(cv2.warpPerspective(work, lies, (width, height), borderValue=(128, 128, 128)), np.uint8)


EDITS: dict[str, Callable[[Pixels, Draw], Pixels]] = {
    "crop to 60 %": cropped,
    "flip": flipped,
    "rotate 10°": turned,
    "rescale ×0.4": rescaled,
    "JPEG q40": pressed,
    "colour shift": recoloured,
    "border": bordered,
    "caption": captioned,
    "perspective": in_perspective,
}


class Collection:
    """The works, measured, and asked as the studio asks them."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files
        self.imprints = {str(number): imprint(opened(file)) for number, file in enumerate(files)}
        self.shelf = Shelf(tuple(self.imprints), np.concatenate([each.short for each in self.imprints.values()]))

    def answer(self, asked: Asked, without: set[str]) -> list[Likeness]:
        near = nearest(asked, self.shelf, without)
        return [compare(asked, self.imprints[each], each) for each in near]

    def verdict(self, picture: Raster, number: int) -> Verdict:
        """Say what the studio says of a picture and the work that it was made from; nothing when it does not come up."""
        found = {each.work: each.judgement.verdict for each in self.answer(ask(picture), set())}
        return found.get(str(number), Verdict.NONE)


def pixels(file: Path) -> Pixels:
    return np.asarray(Image.open(file).convert("RGB"))


def opened(file: Path) -> Raster:
    return Raster(pixels(file))


def plain(works: Collection, every: int) -> list[Row]:
    draw = np.random.default_rng(4)
    chosen = range(0, len(works.files), every)
    rows, copies, found = [], 0, 0
    for name, edit in EDITS.items():
        said = [
            works.verdict(Raster(np.ascontiguousarray(edit(pixels(works.files[number]), draw))), number)
            for number in chosen
        ]
        some = sum(verdict is Verdict.COPY for verdict in said)
        rows.append(_row(f"found as a copy: {name}", some / len(said), "", _others(said)))
        copies, found = copies + some, found + sum(verdict in (Verdict.COPY, Verdict.PART) for verdict in said)
    number = len(EDITS) * len(chosen)
    head = _row("plain edits found as a copy", copies / number, "", f"{number} edits of {len(chosen)} works")
    return [head, _row("plain edits found as a copy or a part", found / number, ""), *rows]


def _others(said: Sequence[Verdict]) -> str:
    counted = {verdict: said.count(verdict) for verdict in Verdict if verdict is not Verdict.COPY}
    return ", ".join(f"{count} {verdict.value}" for verdict, count in counted.items() if count) or "all"


def restyled(works: Collection, number: int) -> list[Row]:
    """Restyle works by our own techniques, and report what is said of each and the work that it began with."""
    engines = {"style-network": style_network.load(1), "patch-synthesizer": synthesis.load(1)}
    catalogue, draw = Catalogue(), np.random.default_rng(11)
    said: dict[str, list[Verdict]] = defaultdict(list)
    for chosen in np.linspace(1, len(works.files) - 2, number).astype(int).tolist():
        other = int(draw.integers(0, len(works.files)))
        content, style = (Raster(reduced(opened(works.files[each]), 512)) for each in (chosen, other))
        calls: list[tuple[str, Mapping[str, Raster | Sequence[Raster]], Mapping[str, object]]] = [
            ("adjust", {"work": content}, {"exposure": 0.7, "contrast": 0.4, "temperature": 0.5, "saturation": 0.4}),
            ("stylize", {"content": content, "styles": [style]}, {}),
            ("remix", {"content": content, "exemplars": [style]}, {}),
            ("vary", {"works": [content]}, {}),
            ("blend", {"base": content, "top": style}, {}),
            ("extend", {"work": content}, {}),
        ]
        for name, inputs, parameters in calls:
            technique = catalogue.get(name)
            bound = {port: engines[port] for port in technique.ports.values()}
            made = technique.run(inputs, parameters, engines=bound, seed=0 if technique.seeded else None).made[0]
            said[name].append(works.verdict(made.raster, chosen))
    kinds = (Verdict.COPY, Verdict.PART, Verdict.COMPOSITION)
    return [
        _row(
            f"recognized after {name}",
            sum(verdict in kinds for verdict in some) / len(some),
            "",
            ", ".join(f"{some.count(verdict)} {verdict.value}" for verdict in Verdict if verdict in some),
        )
        for name, some in said.items()
    ]


def unrelated(works: Collection) -> list[Row]:
    """Hold every work against all the others: each pair is asked about from both sides."""
    seen: dict[Verdict, set[tuple[int, int]]] = defaultdict(set)
    places, bits = 0, 256
    for number, file in enumerate(works.files):
        for each in works.answer(ask(opened(file)), {str(number)}):
            pair = (min(number, int(each.work)), max(number, int(each.work)))
            if pair in SAME:
                continue
            seen[each.judgement.verdict].add(pair)
            places = max(places, each.figures.places)
            bits = min(bits, each.figures.pdq)
    pairs = len(works.files) * (len(works.files) - 1) // 2
    note = f"{pairs} pairs of different works; most places that agree: {places}, nearest PDQ: {bits}"
    rows = []
    for verdict, name in ((Verdict.COPY, "copies"), (Verdict.PART, "parts"), (Verdict.COMPOSITION, "compositions")):
        some = sorted(seen[verdict])
        listed = " ".join(f"{one + 1}/{other + 1}" for one, other in some[:12])
        rows.append(
            _row(
                f"false {name} in 10,000 pairs",
                len(some) / pairs * 10_000,
                "",
                f"{len(some)}: {listed or 'none'}; {note}",
            )
        )
        note = "as above"
    return rows


def speed(works: Collection, many: int) -> list[Row]:
    """Fill a library with the collection and made-up imprints, and ask it about edited works."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as folder:
        library = Library.create(Path(folder) / "studio", {})
        with imprints(library) as kept:
            _fill(kept.keep, list(works.imprints.values()), many)
            taken: dict[str, list[float]] = defaultdict(list)
            draw = np.random.default_rng(8)
            for number in range(0, len(works.files), max(1, len(works.files) // 12)):
                picture = Raster(np.ascontiguousarray(cropped(pixels(works.files[number]), draw)))
                began = time.perf_counter()
                asked = ask(picture)
                used, looked = time.process_time(), time.perf_counter()
                shelf = kept.shelf()
                read = time.perf_counter()
                near = nearest(asked, shelf, set())
                searched = time.perf_counter()
                found = [compare(asked, each, name) for name, each in kept.read(near).items()]
                done = time.perf_counter()
                taken["processor time of such a question"].append(1000 * (time.process_time() - used))
                assert any(each.work == f"{number:064x}" for each in found)
                for name, seconds in (
                    ("measuring the picture", looked - began),
                    ("reading the short parts", read - looked),
                    ("looking at all of them", searched - read),
                    ("comparing the nearest", done - searched),
                    (f"a question to {many:,} works, the picture measured before", done - looked),
                    ("the whole, with measuring", done - began),
                ):
                    taken[name].append(1000 * seconds)
        library.close()
    return [
        _row(name, float(np.median(some)), "ms", f"{min(some):.0f}–{max(some):.0f} ms, {len(some)} questions")
        for name, some in taken.items()
    ]


def _fill(keep: Callable[[dict[str, Imprint]], None], real: Sequence[Imprint], many: int) -> None:
    """Keep the real imprints, and others whose marks are drawn from all of them, so that words are as common as in life."""
    keep({f"{number:064x}": each for number, each in enumerate(real)})
    draw = np.random.default_rng(6)
    words = np.concatenate([each.short["words"][0, :, : int(each.short["count"][0])] for each in real], axis=1)
    for start in range(len(real), many, 500):
        batch = {}
        for number in range(start, min(many, start + 500)):
            model = real[int(draw.integers(len(real)))]
            short = np.zeros(1, SHORT)
            for name in ("quality", "count", "layout", "style"):
                short[name] = model.short[name]
            short["layout"] = draw.permutation(short["layout"][0])
            short["pdq"], short["phash"] = (draw.integers(0, 256, short[name].shape) for name in ("pdq", "phash"))
            short["words"] = words[:, draw.integers(0, words.shape[1], short["words"].shape[2])]
            short["angles"] = draw.integers(0, 256, short["angles"].shape)
            batch[f"{number:064x}"] = Imprint(short, model.marks, model.light)
        keep(batch)


def _row(name: str, value: float, unit: str, note: str = "") -> Row:
    target = next((target for key, target in TARGETS.items() if name == key), "")
    return Row(name, value, unit, note, target)


def run(quick: bool = False) -> list[Row]:
    if not ART.is_dir():
        return [_row("originality", float("nan"), "", f"{ART} is absent")]
    with (ART / "manifest.csv").open(encoding="utf-8") as manifest:
        files = [ART / row["file"] for row in csv.DictReader(manifest)]
    works = Collection(files[::12] if quick else files)
    rows = plain(works, QUICKLY // 12 if quick else EVERY) + unrelated(works)
    rows += restyled(works, 3 if quick else RESTYLED)
    return rows + speed(works, MANY)


if __name__ == "__main__":
    print("\n".join(table("Originality", run("--quick" in sys.argv))))
