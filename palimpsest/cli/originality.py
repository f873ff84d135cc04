"""originality."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bar

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.craft.progress import Progress
from palimpsest.studio.finding import check_place
from palimpsest.studio.originality import Likeness, Originality, as_json
from palimpsest.studio.originality import originality as originality_of
from palimpsest.studio.overlap_chart import figures, overlap_chart, region_words, sentence
from palimpsest.studio.writing import write_picture


@click.command()
@click.argument("work", metavar="WORK|FILE")
@click.option("-o", "--output", metavar="FILE", help="Draw what is shared, side by side, into a picture.")
@pass_call
def originality(call: Call, work: str, output: str | None) -> None:
    """Hold WORK against its own sources and the whole studio: what is copied, what is contained, what is merely alike.

    A FILE that is no work of the studio is asked about without being added. What was never measured is measured first.
    """
    if output:
        check_place(Path(output), [Path(work)])
    with opened(call) as studio:
        with _progress(call) as progress:
            found = originality_of(studio, work, progress)
        answer, lines = as_json(found), _lines(found)
        if output:
            write_picture(Path(output), overlap_chart(studio, found))
            answer["file_drawn"] = output
            lines += ["", output]
        call.answer(answer, lines)


def _lines(found: Originality) -> list[str]:
    lines = [found.said[found.work].title if found.work else f"{found.name} (not added)"]
    for relation, heading in _HEADINGS.items():
        some = [each for each in found.likenesses if each.relation == relation]
        lines += ["", f"  {heading}"] if some else []
        lines += [line for each in some for line in _likeness_lines(found, each)]
    lines += _region_lines(found)
    if not found.telling or found.marks < 12:
        lines += [
            "",
            f"  The picture is even ({found.marks} marks): little in it can be found again, so silence proves little.",
        ]
    if found.unread:
        lines += [
            "",
            f"  {len(found.unread)} works could not be opened and were left out; `palimpsest check` lists them.",
        ]
    searching, looking = found.seconds["searching"], found.seconds["looking"]
    lines += [
        "",
        f"  {found.compared} works compared in {searching:.2f} s, after {looking:.2f} s of measuring the picture.",
        "  Same source, same scene, copy or chance: figures cannot tell these apart. A human decides.",
    ]
    return lines


_HEADINGS = {
    "source": "among its own sources",
    "made from it": "among what was made from it",
    "in the studio": "in the rest of the studio",
}


def _likeness_lines(found: Originality, each: Likeness) -> list[str]:
    said = found.said[each.work]
    sure = "" if each.judgement.certain or each.judgement.verdict.value == "nothing alike" else " (not certain)"
    shared = sentence(each)
    why = each.judgement.why
    return [
        f"    {each.judgement.verdict.value}{sure}  {said.title} — {', '.join(said.makers)}  ({each.work[:12]})",
        *([f"      {shared}: {why}" if shared else f"      {why}"] if why else []),
        f"      {figures(each)}",
    ]


def _region_lines(found: Originality) -> list[str]:
    if not found.regions:
        return []
    lines = ["", "  longest verbatim regions, by its source map"]
    for region in found.regions:
        source = found.said[region.source]
        resized = ", resized" if region.resized else ""
        left, top = region.origin[:2]
        lines.append(f"    {region_words(region)} ← {left},{top} of {source.title}{resized}  ({region.source[:12]})")
    return lines


@contextmanager
def _progress(call: Call) -> Iterator[Progress]:
    """Show a bar while works are measured, on a terminal; in a pipe nothing."""
    if call.json or not sys.stderr.isatty():
        yield Progress()
        return
    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("measuring", total=1.0, visible=False)
        yield Progress(
            lambda fraction: bar.update(task, completed=fraction, visible=fraction < 1), say=bar.console.print
        )
