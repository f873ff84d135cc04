"""export, verify."""

from __future__ import annotations

from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.studio.exporting import export as export_work
from palimpsest.studio.exporting import verify as verify_file
from palimpsest.studio.finding import work_named


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
def verify(call: Call, file: str) -> None:
    """Say what the statement beside FILE claims, whether FILE is still what it speaks of, and whether the studio knows it."""
    with opened(call) as studio:
        verdict = verify_file(studio, Path(file))
        call.answer(verdict.as_json(), verdict.sentences)
