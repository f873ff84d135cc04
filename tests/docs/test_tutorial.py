"""The tutorial is true: its commands are run in order, with the real command line, in a new folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.docs.fences import DOCS, Command, commands, keeps

MARK = "~~~ done: "


def _script(told: list[Command]) -> str:
    """Run each command in one shell, print how it ended, and leave `$?` as the command left it."""
    return "\n".join(f"{each.line}\nstatus=$?; echo; echo '{MARK}'$status; (exit $status)" for each in told)


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    noise = np.random.default_rng(7).integers(0, 255, (90, 120, 3), np.uint8)
    Image.fromarray(noise).resize((480, 360)).save(tmp_path / "mine.jpg")
    told = commands(DOCS / "tutorial.md")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-c", _script(told)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=900,
    )
    assert ran.stdout.count(MARK) == len(told), ran.stdout[-2000:]
    assert "\n".join(_broken(told, ran.stdout)) == ""


def _broken(told: list[Command], output: str) -> Iterator[str]:
    """Yield every command that answers otherwise than the page says, or fails where the page does not look at `$?`."""
    for place, each in enumerate(told):
        came, _, output = output.partition(f"\n{MARK}")
        status, _, output = output.partition("\n")
        looked_at = place + 1 < len(told) and told[place + 1].line == "echo $?"
        if not keeps(each.promised, came) or (status != "0" and not looked_at):
            yield f"$ {each.line}\n{came}"
