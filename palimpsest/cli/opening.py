"""Opening the studio that a call means."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from palimpsest.cli.call import Call
from palimpsest.studio.finding import open_studio, studio_folder
from palimpsest.studio.locking import locked
from palimpsest.studio.studio import PASSPHRASE, Studio


@contextmanager
def opened(call: Call) -> Iterator[Studio]:
    """Open the studio for one command, and close it whatever happens; ask for the passphrase of an encrypted one."""
    ask_passphrase(studio_folder(call.studio, os.environ, Path.cwd()))
    studio, new = open_studio(call.studio, os.environ, Path.cwd())
    with studio:
        if new:
            call.note(f"Made your studio in {studio.folder}")
        yield studio


def ask_passphrase(folder: Path) -> None:
    """Ask for a passphrase where one is needed and somebody is there; what is typed is kept for this process and its children."""
    if locked(folder) and PASSPHRASE not in os.environ and sys.stdin.isatty():
        os.environ[PASSPHRASE] = str(click.prompt("Passphrase", hide_input=True, err=True))
