"""lineage, sources, replay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import ParameterRefused, UsageRefused
from palimpsest.studio.finding import check_place, work_named
from palimpsest.studio.replaying import Replay
from palimpsest.studio.replaying import replay as replay_work
from palimpsest.studio.source_chart import chart
from palimpsest.studio.sourcing import Origin, Point, Sources, origins, sources_json, trace
from palimpsest.studio.sourcing import sources as sources_of
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import lineage_json, lineage_svg, lineage_text, tell
from palimpsest.studio.writing import write_picture


@click.command()
@click.argument("work")
@click.option("--format", "form", type=click.Choice(["text", "json", "svg"]), default="text", show_default=True)
@pass_call
def lineage(call: Call, work: str, form: str) -> None:
    """Show what WORK was made from, back to its roots."""
    call = call.answering_in(form)
    with opened(call) as studio:
        told = tell(studio, work_named(studio, work))
        if form == "svg":
            click.echo(lineage_svg(studio, told))
        else:
            call.answer(lineage_json(told), lineage_text(told))


@click.command()
@click.argument("work")
@click.option(
    "--at", "points", multiple=True, metavar="X,Y", help="A pixel to ask about, from the upper left; repeatable."
)
@click.option("--deep", is_flag=True, help="Follow each pixel back through everything that it was copied from.")
@click.option("-o", "--output", metavar="FILE", help="Draw the map beside the work, with a legend, into a picture.")
@pass_call
def sources(call: Call, work: str, points: tuple[str, ...], deep: bool, output: str | None) -> None:
    """Show which works the pixels of WORK were copied from, and of a pixel, from where.

    Leaves with 4 when WORK has no source map.
    """
    asked = [_point(point) for point in points]
    if deep and not asked:
        raise UsageRefused("Expected --deep together with --at, but got no pixel.", "Add --at X,Y.")
    if output:
        check_place(Path(output))
    with opened(call) as studio:
        found = sources_of(studio, work_named(studio, work))
        ways = _ways(studio, found, asked, deep)
        answer = sources_json(studio, found)
        lines = _source_lines(answer) + [line for way in ways for line in _way_lines(*way)]
        if ways:
            answer["at"] = [{"x": x, "y": y, "from": [asdict(each) for each in way]} for (x, y), way in ways]
        if output:
            write_picture(Path(output), chart(studio, found))
            answer["file"] = output
            lines += ["", output]
        call.answer(answer, lines)


@click.command()
@click.argument("work")
@pass_call
def replay(call: Call, work: str) -> None:
    """Perform the act that made WORK again, and compare the pixels."""
    with opened(call) as studio:
        done = replay_work(studio, work_named(studio, work))
        call.answer(_replay_json(done), _replay_lines(done))


def _point(text: str) -> Point:
    """Read 'X,Y'."""
    try:
        x, y = (int(part) for part in text.split(","))
    except ValueError:
        raise ParameterRefused("--at", "two whole numbers, as in 120,80", text) from None
    return x, y


def _ways(studio: Studio, found: Sources, points: Sequence[Point], deep: bool) -> list[tuple[Point, Sequence[Origin]]]:
    """Return for each pixel where it was copied from, and with `deep` all the way back."""
    if deep:
        return [(point, trace(studio, found.work, *point)[1:]) for point in points]
    return [(point, [each]) for point, each in zip(points, origins(studio, found, points), strict=True)]


def _source_lines(answer: Mapping[str, Any]) -> list[str]:
    lines = [f"{answer['title']}  {answer['technique']}, {answer['width']}×{answer['height']}", ""]
    lines += [
        f"  {each['share']:7.2%}  {each['title']} — {', '.join(each['makers'])}  ({each['work'][:12]})"
        for each in answer["sources"]
    ]
    return [*lines, "", f"  {answer['method']}"]


def _way_lines(point: Point, way: Sequence[Origin]) -> list[str]:
    lines = ["", f"{point[0]},{point[1]}"]
    for depth, each in enumerate(way):
        end = f"  [{each.end}]" if each.end else ""
        makers = ", ".join(each.makers)
        lines.append(
            f"{'  ' * depth}  ← {each.x},{each.y} of {each.title} — {makers}  ({each.work[:12]})  {each.colour}{end}"
        )
    return lines


def _replay_json(done: Replay) -> dict[str, object]:
    return {
        "work": done.work,
        "technique": done.technique,
        "grade": done.promised.value,
        "same": done.same,
        "same_sources": done.same_sources,
        "mean_distance": done.mean_distance,
        "largest_distance": done.largest_distance,
        "upgraded": done.upgraded,
        "seconds": round(done.seconds, 3),
        "act": done.act,
    }


def _replay_lines(done: Replay) -> list[str]:
    if done.same:
        from_there = {None: "", True: ", each from the same place", False: ", but not from the same places"}
        verdict = f"the same pixels{from_there[done.same_sources]}"
    else:
        verdict = f"not the same: mean distance {done.mean_distance:.3f} of 255, largest {done.largest_distance:.1f}"
    lifted = " (its recipe was lifted to today's version)" if done.upgraded else ""
    return [
        f"{done.work[:12]}  {done.technique}{lifted}: {verdict}; promised: {done.promised.value}; {done.seconds:.1f} s"
    ]
