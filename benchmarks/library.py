"""How the library fares with a large collection: 100,000 works and 500,000 acts, no images.

Times are wall time; where other work shares the machine, the
processor time beside them is the figure to compare.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.harness import Row
from palimpsest.library import queries
from palimpsest.library.library import Library
from palimpsest.lineage.records import (
    Act,
    AnyRecord,
    Contribution,
    Description,
    Evidence,
    Grade,
    Grant,
    Output,
    Permission,
    Permit,
    Person,
    Recipe,
    Use,
    Work,
)
from palimpsest.settings import Settings
from palimpsest.studio.crediting import credits
from palimpsest.studio.finding import list_works
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import tell

WORKS = 100_000
ACTS = 500_000
DEPTH = 50
OUTSIDE = 5
"""Works come in blocks: a chain of `DEPTH` made works, and a fifth as many from outside that they are made from."""
BLOCK = DEPTH + DEPTH // OUTSIDE
BATCH = 1000
TARGETS = {"lineage": "< 50 ms", "search": "< 100 ms"}
WORDS = ("sea", "mountain", "cat", "harbour", "woman", "garden", "night", "bridge", "storm", "village", "apple")


def run(quick: bool = False) -> list[Row]:
    """Fill a library and ask it things; quickly, with a fiftieth of the records."""
    scale = 0.02 if quick else 1.0
    folder = Path(tempfile.mkdtemp(prefix="palimpsest-bench-"))
    try:
        return list(_rows(folder / "studio", int(WORKS * scale), int(ACTS * scale)))
    finally:
        shutil.rmtree(folder)


def _rows(root: Path, works: int, acts: int) -> Iterator[Row]:
    library = Library.create(root, {"person": "p"})
    library.append([Person(id="p", name="Ada", at=_moment(0))])
    yield _batched(library, works, acts)
    library.close()
    with Studio.open(root, Settings()) as studio:
        last = _id(works - works % BLOCK - 1)
        yield _timed(f"lineage, depth {DEPTH}", "ms", lambda: queries.lineage(studio.library, last), 20)
        yield _timed(f"credits, depth {DEPTH}", "ms", lambda: credits(studio, tell(studio, last)), 10)
        yield _timed("search, a rare word", "ms", lambda: list_works(studio, "painting 77", 50), 20)
        yield _timed("search, a word of every eleventh work", "ms", lambda: list_works(studio, "storm", 50), 20)
        yield _timed("search, a word of every work", "ms", lambda: list_works(studio, "painting", 50), 10)
        yield _timed("the newest 50", "ms", lambda: list_works(studio, "", 50), 20)
        yield _timed("everything made from one work", "ms", lambda: queries.descendants(studio.library, _id(0)), 10)
        yield _timed("rebuild the index", "s", studio.library.rebuild, 1)
    yield Row("size on disk", _size(root) / 2**20, "MB", "records and index")
    index = round(_size(root / "index") / 2**20)
    yield Row("size of the index", index, "MB", "can be made anew")


def _batched(library: Library, works: int, acts: int) -> Row:
    """Fill the library; making the synthetic records themselves is left out of the time."""
    count, made, wall, cpu = 0, 0, 0.0, 0.0
    for records in _batches(works, acts):
        began = time.perf_counter(), time.process_time()
        library.append(records)
        wall += time.perf_counter() - began[0]
        cpu += time.process_time() - began[1]
        count += len(records)
        made += sum(isinstance(each, Act) for each in records)
    note = f"{works:,} works, {made:,} acts, {count:,} records; {count / cpu:.0f} by processor time"
    return Row("records added in batches", count / wall, "a second", note, "≥ 2000")


def _batches(works: int, acts: int) -> Iterator[list[AnyRecord]]:
    again = acts // works
    batch: list[AnyRecord] = []
    for number in range(works):
        batch += _records(number, again)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _records(number: int, again: int) -> Iterator[AnyRecord]:
    """A work with its description; one that is made has its act, performed several times over."""
    outside = number % BLOCK < DEPTH // OUTSIDE
    recipe = None if outside else _recipe(number)
    yield Work(
        id=_id(number),
        pixels=_hash("pixels", number),
        media_type="image/png",
        width=800,
        height=600,
        bits=8,
        alpha=False,
        recipe=recipe.digest if recipe else None,
        at=_moment(number),
    )
    title = f"Painting {number} of the {WORDS[number % len(WORDS)]}"
    yield Description(work=_id(number), title=title, makers=(f"Maker {number % 97}",), by="p", at=_moment(number))
    for time_again in range(again + 1 if recipe else 0):
        if recipe:
            yield _act(recipe, number, time_again)


def _recipe(number: int) -> Recipe:
    """Blend the work before with one from outside: chains of `DEPTH`."""
    top = number - number % BLOCK + number % (DEPTH // OUTSIDE)
    inputs = {"base": (_id(number - 1),), "top": (_id(top),)}
    return Recipe(technique="blend", version=1, parameters={"opacity": 0.5, "number": number}, inputs=inputs)


def _act(recipe: Recipe, number: int, time_again: int) -> Act:
    permissions = tuple(
        Permission(work=work, role=role, use=Use.ALTER, grant=Grant.ALLOWED, reason="the artist's own work")
        for role, (work,) in recipe.inputs.items()
    )
    shares = tuple(Contribution(work=work, weight=500_000_000) for work in recipe.works)
    made = Output(work=_id(number), pixels=_hash("pixels", number), evidence=Evidence(method="", contributions=shares))
    return Act(
        recipe=recipe,
        person="p",
        at=_moment(number, time_again),
        permit=Permit(policy=1, permissions=permissions),
        outputs=(made,),
        grade=Grade.EXACT,
        seconds=0.5,
        reused=time_again > 0,
        software="bench",
    )


def _timed(name: str, unit: str, call: Callable[[], object], times: int) -> Row:
    """Measure a call after one to warm up (none for one that is called once); the median, and the slowest."""
    if times > 1:
        call()
    walls, cpus = [], []
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        call()
        walls.append(time.perf_counter() - began[0])
        cpus.append(time.process_time() - began[1])
    factor = 1000 if unit == "ms" else 1
    note = f"slowest of {times}: {max(walls) * factor:.1f}; processor time {_median(cpus) * factor:.1f}"
    return Row(name, _median(walls) * factor, unit, note, TARGETS.get(name.split(",", maxsplit=1)[0], ""))


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _id(number: int) -> str:
    return _hash("work", number)


def _hash(kind: str, number: int) -> str:
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()


def _moment(number: int, part: int = 0) -> str:
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"2026-01-{days + 1:02d}T{hours:02d}:{minutes:02d}:{seconds:02d}.{part:06d}Z"
