"""check, rebuild."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import Damaged, ParameterRefused
from palimpsest.studio.checking import check as check_studio
from palimpsest.studio.finding import studio_folder
from palimpsest.studio.studio import rebuild as rebuild_index


@click.command()
@click.option(
    "--sample", default="100%", show_default=True, metavar="SHARE", help="Look at a part of the images only: 5%."
)
@pass_call
def check(call: Call, sample: str) -> int:
    """Re-hash every object, read every record, recompute every permit."""
    with opened(call) as studio:
        report = check_studio(studio, _share(sample))
        value = {
            "whole": report.whole,
            "works": report.works,
            "acts": report.acts,
            "objects": report.objects,
            "sqlite": report.sqlite,
            "damage": report.damage,
            "notes": report.notes,
        }
        verdict = "whole" if report.whole else f"{len(report.damage)} damaged"
        lines = [*report.damage, *(f"note: {note}" for note in report.notes)]
        lines.append(
            f"{verdict}: {report.works} works, {report.acts} acts, {report.objects} objects; SQLite {report.sqlite}"
        )
        call.answer(value, lines)
        return 0 if report.whole else Damaged.exit_status


@click.command()
@pass_call
def rebuild(call: Call) -> None:
    """Make the index anew from the records, for one that is lost or damaged."""
    folder = studio_folder(call.studio, os.environ, Path.cwd())
    packs = rebuild_index(folder)
    call.answer(
        {"studio": str(folder), "packs": packs}, [f"Made the index of {folder} anew from {packs} packs of records."]
    )


def _share(text: str) -> Fraction:
    """Read '5%' or '0.05'."""
    try:
        share = Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise ParameterRefused("--sample", "a share above 0% up to 100%", text)
    return share
