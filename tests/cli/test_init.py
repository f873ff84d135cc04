"""Making a studio: anew, again, and after it was stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from palimpsest.cli import main
from palimpsest.errors import Cancelled
from palimpsest.studio import starter, starter_museum
from tests.cli.conftest import Palimpsest


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make the starter collection small."""
    monkeypatch.setattr(starter_museum, "FOLDER", tmp_path / "no works of art")
    monkeypatch.setattr(starter, "studies", lambda _: ["study-weave"])
    monkeypatch.setattr(starter, "STUDY_SIZE", 64)


@pytest.mark.usefixtures("_short")
def test_init_goes_on_where_it_was_stopped_and_leaves_what_a_person_said(palimpsest: Palimpsest, studio: Path) -> None:
    photograph = starter.photograph_folder() / starter.PHOTOGRAPHS[0].file
    work = palimpsest("add", photograph, "--title", "Mine", "--refuse", "imitate").out.split()[0]
    filled = palimpsest("--json", "init", studio)
    assert filled.status == 0
    assert not filled.json["new"]
    assert len(filled.json["works"]) == len(starter.PHOTOGRAPHS) + 1
    assert {"id": work, "title": "Mine"} in filled.json["works"]
    again = palimpsest("init", studio)
    assert again.out.startswith(f"A studio was in {studio} already, and Ada works there; the 7 works")
    shown = palimpsest("--json", "show", work).json
    assert len(shown["terms_history"]) == 1
    assert palimpsest("--json", "works").json["total"] == 7
    assert palimpsest("check").status == 0
    assert "it stays as it is" in palimpsest("init", studio, "--empty").out


def test_a_folder_that_holds_other_things_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert main(["init", str(tmp_path)]) == 2
    assert "holds something" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="a process group is interrupted as a terminal does it")
@pytest.mark.parametrize("seconds", [0.0, 2.0])
def test_an_interrupt_of_many_processes_prints_one_line(seconds: float, tmp_path: Path) -> None:
    """The interrupt reaches the whole group, as Ctrl-C in a terminal: early, while workers import, and at work."""
    script = (
        "import os, sys; from palimpsest.cli import main; from palimpsest.studio import starter, workers\n"
        "os.cpu_count = lambda: 3\n"
        "starter.studies = lambda _: ['study-marbling', 'study-mosaic', 'study-impasto'] * 5\n"
        "starter.add_photographs = lambda _: (print('begun', flush=True), [])[1]\n"
        "sys.exit(main(['init', sys.argv[1]]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "studio")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3 + seconds)
    os.killpg(process.pid, signal.SIGINT)
    began = time.monotonic()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert [line for line in err.splitlines() if line and not line.startswith("made ")] == [str(Cancelled())]
    assert time.monotonic() - began < 30
    assert main(["--studio", str(tmp_path / "studio"), "check"]) == 0
