"""export, verify."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import Damaged, NotFound
from palimpsest.studio.exporting import export as export_work
from palimpsest.studio.exporting import verify as verify_file
from palimpsest.studio.finding import home_studio, studio_folder, work_named
from palimpsest.studio.studio import Studio


@click.command()
@click.argument("work")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; the suffix says which format.")
@pass_call
def export(call: Call, work: str, output: str) -> None:
    """Write WORK for the world: pixels without metadata, and beside them a statement of its lineage and credits."""
    with opened(call) as studio:
        done = export_work(studio, work_named(studio, work), Path(output))
        owed = [each.value for each in done.permit.obligations]
        lines = [f"{done.file}", f"{done.sidecar}", *(["  owed to the sources: " + ", ".join(owed)] if owed else [])]
        call.answer({"file": str(done.file), "sidecar": str(done.sidecar), "obligations": owed}, lines)


@click.command()
@click.argument("file")
@pass_call
def verify(call: Call, file: str) -> int:
    """Say what the statement beside FILE claims, whether FILE is still what it speaks of, and whether the studio knows it.

    Leaves with 5 when FILE is not what its statement speaks of.
    """
    with _studio_if_there(call) or nullcontext() as studio:
        verdict = verify_file(studio, Path(file))
        call.answer(verdict.as_json(), verdict.sentences)
        return Damaged.exit_status if verdict.intact is False else 0


def _studio_if_there(call: Call) -> Studio | None:
    """Open the studio that is meant; asking about a file is no reason to make one in the home folder."""
    folder = studio_folder(call.studio, os.environ, Path.cwd())
    try:
        return Studio.open(folder)
    except NotFound:
        if folder != home_studio():
            raise
        return None
