"""Processes that are killed at any moment, and many that write at once, lose nothing that was acknowledged."""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.settings import Settings
from palimpsest.studio.checking import check
from palimpsest.studio.studio import Studio
from tests.studio.conftest import COMMAND, palimpsest, picture

KILLS = int(os.environ.get("PALIMPSEST_TEST_KILLS", "8"))
"""Read when the file is imported: the test run itself clears our variables."""

DRIVER = """
import sys
from pathlib import Path
from palimpsest.settings import Settings
from palimpsest.studio.performing import perform
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.studio import Studio
from tests.studio.conftest import picture
first = int(sys.argv[2])
with Studio.open(Path(sys.argv[1]), Settings()) as studio:
    for seed in range(first, first + 40):
        work, _ = add_bytes(studio, picture(seed), f"{seed}.png")
        print(work, flush=True)
        made = perform(studio, "crop", {"work": [work]}, {"left": 0.25})
        print(made.works[0].id, flush=True)
        print(perform(studio, "blend", {"base": [work], "top": [made.works[0].id]}).works[0].id, flush=True)
"""


def _killed(command: list[str], rng: random.Random) -> list[str]:
    """Run a command, read its acknowledgements, kill it a random while after the first; returns what it acknowledged."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        first = process.stdout.readline()
        time.sleep(rng.random() * 0.25)
        process.kill()
        lines = (first + process.stdout.read()).splitlines(keepends=True)
    return [line.split()[0] for line in lines if line.endswith("\n")]


@pytest.mark.slow
def test_a_process_that_is_killed_loses_nothing_it_has_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "studio"
    Studio.create(folder, "Ada").close()
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    rng = random.Random(1)
    told: list[str] = []
    for number in range(KILLS):
        seed = 100 * number
        if number % 2:
            for each in range(seed, seed + 40):
                (pictures / f"{each}.png").write_bytes(picture(each))
            files = [str(pictures / f"{each}.png") for each in range(seed, seed + 40)]
            told += _killed([*COMMAND, "--studio", str(folder), "add", *files], rng)
        else:
            told += _killed([COMMAND[0], "-c", DRIVER, str(folder), str(seed)], rng)
    assert len(told) >= KILLS
    with Studio.open(folder, Settings()) as studio:
        for work in told:
            assert digest_of_bytes(studio.library.image(queries.work(studio.library, work))) == work
        report = check(studio)
        assert report.damage == []
        assert report.works >= len(set(told))
    assert palimpsest(folder, "rebuild").returncode == 0
    with Studio.open(folder, Settings()) as studio:
        assert all(queries.has_work(studio.library, work) for work in told)
        assert check(studio).whole
    assert palimpsest(folder, "crop", told[0], "--left", "0.5").returncode == 0


WRITER = """
import sys
from pathlib import Path
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.performing import perform
from palimpsest.studio.studio import Studio
from tests.studio.conftest import picture
number, count = int(sys.argv[2]), int(sys.argv[3])
with Studio.open(Path(sys.argv[1]), Settings()) as studio:
    for place in range(count):
        seed = place if place % 2 else 1000 * (number + 1) + place
        work, _ = add_bytes(studio, picture(seed), "a.png")
        perform(studio, "crop", {"work": [work]}, {"left": 0.5})
"""


@pytest.mark.slow
def test_many_processes_write_at_once(tmp_path: Path) -> None:
    """Half of what they add is the same; the index is missing at first, so that all of them want to make it."""
    processes, count = 8, 6
    folder = tmp_path / "studio"
    Studio.create(folder, "Ada").close()
    for path in (folder / "index").glob("ledger*"):
        path.unlink()
    running = [
        subprocess.Popen(
            [COMMAND[0], "-c", WRITER, str(folder), str(number), str(count)], stderr=subprocess.PIPE, text=True
        )
        for number in range(processes)
    ]
    with Studio.open(folder, Settings()) as studio, studio.library.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM works").scalar()
        ends = [(process.communicate(timeout=200)[1], process.returncode) for process in running]
        assert connection.exec_driver_sql("SELECT count(*) FROM works").scalar() == before  # one snapshot
    assert ends == [("", 0)] * processes
    shared, own = count // 2, processes * (count - count // 2)
    with Studio.open(folder, Settings()) as studio:
        report = check(studio)
        assert report.damage == []
        assert queries.count_works(studio.library) == 2 * (shared + own)
        assert report.acts == processes * count
        with studio.library.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        wal = folder / "index" / "ledger.sqlite3-wal"
        assert not wal.exists() or wal.stat().st_size < 64 * 2**20
