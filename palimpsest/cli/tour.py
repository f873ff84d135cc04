"""demo."""

from __future__ import annotations

import time
from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.studio.demo import Demonstration, demonstrate
from palimpsest.studio.finding import open_or_make
from palimpsest.studio.page import page
from palimpsest.studio.writing import write_text


@click.command()
@click.argument("folder", metavar="[DIR]", default="demo")
@pass_call
def demo(call: Call, folder: str) -> None:
    """Make a studio in DIR/studio, restyle photographs, replay every act, and write DIR/demo.html."""
    began = time.perf_counter()
    place = Path(folder)
    with open_or_make(place / "studio") as studio:
        shown = demonstrate(studio, call.note)
        file = place / "demo.html"
        write_text(file, page(studio, shown))
    call.answer(_json(shown, file, time.perf_counter() - began), _lines(shown, file, time.perf_counter() - began))


def _json(shown: Demonstration, file: Path, seconds: float) -> dict[str, object]:
    return {
        "studio": str(shown.studio),
        "page": str(file),
        "works": [{"id": each.work, "title": each.remark} for each in shown.exhibits],
        "starter": list(shown.starter),
        "replays": [{"work": work, "same": each.same} for work, each in shown.replays.items()],
        "seconds": round(seconds, 1),
    }


def _lines(shown: Demonstration, file: Path, seconds: float) -> list[str]:
    return [
        f"Made {len(shown.exhibits)} pictures from {len(shown.starter)} works in {seconds:.0f} s; "
        f"{shown.same} of {len(shown.replays)} replays gave the same pixels.",
        f"Look at it:  {file.resolve()}",
        f"The studio:  {shown.studio.resolve()}",
        f"Go on:       palimpsest --studio {shown.studio} works",
        f"             palimpsest --studio {shown.studio} stylize PHOTO PAINTING -o out.png",
        f"             palimpsest --studio {shown.studio} lineage {shown.exhibits[0].work[:12]}",
    ]
