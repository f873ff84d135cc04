"""How far the figures of representation hold: coverage, wrong verdicts, real records placed, tones found again, seconds.

`python -m benchmarks.representation` prints them in about a minute. The pictures and records of `../shared/art/dev` are
mostly European and East Asian; where they are missing, their rows are left out.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, table
from palimpsest.ethics import placing
from palimpsest.ethics.placing import Placing
from palimpsest.ethics.representation import Tally, compare, hill, hill_interval, normalized, wilson
from palimpsest.library.library import Library
from palimpsest.lineage.records import AnyRecord, Description, Person, Work
from palimpsest.media.colour import hex_to_rgb, to_linear, to_srgb
from palimpsest.media.raster import Raster
from palimpsest.perception.skin_tone import MONK, Tone, skin_tone
from palimpsest.settings import Settings
from palimpsest.studio.representation import audit
from palimpsest.studio.studio import Studio

DEV = Path(__file__).resolve().parents[2] / "shared" / "art" / "dev" / "manifest.csv"
AT = "2026-01-01T00:00:00.000000Z"
SHAPES = {"11 even groups": [1.0] * 11, "28 groups, each 0.8 of the one before": [0.8**k for k in range(28)]}


def run(quick: bool = False) -> list[Row]:
    """Measure; quickly, with fewer draws and fewer works."""
    times, works = (60, 1000) if quick else (300, 10_000)
    rows = [*_coverage(times), *_verdicts(times), *_tones()]
    rows += _placed() if DEV.exists() else []
    return [*rows, *_seconds(works)]


def _coverage(times: int) -> Iterator[Row]:
    """Draw from known shares, and count how often the interval holds the known number."""
    rng = np.random.default_rng(1)
    for shape, weights in SHAPES.items():
        true = normalized({str(place): weight for place, weight in enumerate(weights)})
        aim = hill(true.values(), 1)
        for n in (20, 100, 338):
            held = wide = 0
            for _ in range(times):
                drawn = _drawn(rng, true, n)
                interval = hill_interval(drawn, 1)
                held += interval is not None and interval[0] <= aim <= interval[1]
                low, high = wilson(drawn.weights["0"], n)
                wide += low <= true["0"] <= high
            yield Row(f"effective number of {n} works, {shape}: held", 100 * held / times, "%", "95 % is said")
            yield Row(f"Wilson share of {n} works, {shape}: held", 100 * wide / times, "%", "95 % is said")


def _verdicts(times: int) -> Iterator[Row]:
    """Draw fairly from a reference, and count how many tables have a group that is called fewer or more."""
    rng = np.random.default_rng(2)
    for shape, weights in SHAPES.items():
        reference = normalized({str(place): weight for place, weight in enumerate(weights)})
        for n in (20, 338):
            wrong = sum(
                any(row.verdict in ("fewer", "more") for row in compare(_drawn(rng, reference, n), reference))
                for _ in range(times)
            )
            yield Row(
                f"tables of {n} fair works with a wrong verdict, {shape}", 100 * wrong / times, "%", "at most 5 %"
            )


def _drawn(rng: np.random.Generator, shares: dict[str, float], n: int) -> Tally:
    counts = rng.multinomial(n, list(shares.values())).astype(float).tolist()
    return Tally(dict(zip(shares, counts, strict=True)), n)


def _placed() -> Iterator[Row]:
    with DEV.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    said = [_description(each) for each in records]
    genders = placing.tate_genders()
    for name, found in (
        ("region", [placing.region(each) for each in said]),
        ("period", [placing.period(each) for each in said if each.date]),
        ("medium", [placing.medium(each) for each in said if each.medium]),
        ("gender of makers who are named", [placing.gender(each, genders) for each in said if _named(each)]),
    ):
        yield Row(f"real records placed by {name}", 100 * _whole(found), "%", f"{len(found)} that state it")
    right = sum(_agrees(each["region"], placing.region(one)) for each, one in zip(records, said, strict=True))
    seen = "the rules were written with these records at hand"
    yield Row("of these in the region that the manifest states", 100 * right / len(said), "%", seen)


def _named(said: Description) -> bool:
    return bool(said.makers) and said.makers[0] != "Anonymous"


def _agrees(stated: str, found: Placing) -> bool:
    """Tell whether the manifest's region and ours are the same; ours has the Indigenous Americas as one."""
    known = "Indigenous Americas" if "Indigenous" in stated else stated.replace("North America", "Northern America")
    return any(known.partition(" (")[0] in group for group in found.groups)


def _whole(found: list[Placing]) -> float:
    return sum(sum(each.groups.values()) for each in found) / len(found)


def _description(each: dict[str, str]) -> Description:
    words = {"date": each["year_period"], "culture": each["culture"], "medium": each["medium"]}
    return Description(work="0" * 64, makers=(each["artist"],), **words, by="bench", at=AT)


def _tones() -> Iterator[Row]:
    """Paint squares of every tone in several lights, and count how often the range holds the tone, and how wide it is."""
    held: list[bool] = []
    width: list[int] = []
    begun = time.perf_counter()
    for light in ((1.0, 1.0, 1.0), (1.15, 1.0, 0.75), (0.8, 1.0, 1.25)):
        for exposure in (0.6, 1.0, 1.4):
            for number, colour in enumerate(MONK, start=1):
                found = skin_tone(_portrait(colour, light, exposure), (60, 60, 180, 180))
                if isinstance(found, Tone):
                    held.append(found.lightest <= number <= found.darkest)
                    width.append(found.darkest - found.lightest + 1)
    seconds = (time.perf_counter() - begun) / 90
    yield Row("painted tones within their range", 100 * sum(held) / len(held), "%", "nine lights, ten tones")
    yield Row("tones in a range", float(np.mean(width)), "", "of ten; that much is open")
    yield Row("a face, with painting it", 1000 * seconds, "ms")


def _portrait(colour: str, light: tuple[float, float, float], exposure: float) -> Raster:
    rng = np.random.default_rng(0)
    picture = np.full((300, 300, 3), 0.5)
    picture[:30] = 0.95
    picture[60:240, 60:240] = hex_to_rgb(colour)
    lit = to_linear(picture) * np.linspace(0.75, 1.1, 300)[None, :, None] * np.array(light) * exposure
    return Raster.from_floats(np.clip(to_srgb(lit) + rng.normal(0, 0.02, picture.shape), 0, 1))


def _seconds(works: int) -> Iterator[Row]:
    """Time an audit of many works by everything."""
    folder = Path(tempfile.mkdtemp(prefix="palimpsest-bench-"))
    try:
        library = Library.create(folder / "studio", {"person": "p"})
        library.append([Person(id="p", name="Ada", at=AT)])
        for start in range(0, works, 1000):
            library.append([record for k in range(start, start + 1000) for record in _records(k)])
        library.close()
        with Studio.open(folder / "studio", Settings()) as studio:
            begun = time.perf_counter()
            audit(studio)
            yield Row(f"audit of {works} works", time.perf_counter() - begun, "s", "region, period, medium, gender")
    finally:
        shutil.rmtree(folder)


def _records(number: int) -> list[AnyRecord]:
    id = hashlib.sha256(str(number).encode()).hexdigest()
    culture = placing.cultures()[number % 290]
    return [
        Work(id=id, pixels=id, media_type="image/png", width=9, height=9, bits=8, alpha=False, at=AT),
        Description(work=id, culture=culture, date=str(1400 + number % 600), medium="oil on canvas", by="p", at=AT),
    ]


if __name__ == "__main__":
    print("\n".join(table("Representation", run())))
