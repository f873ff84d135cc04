"""credits, caption, statement, keep, reject."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import UsageRefused
from palimpsest.studio.captions import Length
from palimpsest.studio.captions import caption as caption_of
from palimpsest.studio.choosing import choices_in_force, choose
from palimpsest.studio.credit_page import credit_page
from palimpsest.studio.crediting import credits as credits_of
from palimpsest.studio.crediting import credits_csv, credits_json, credits_text
from palimpsest.studio.finding import work_named
from palimpsest.studio.performing import standing_title
from palimpsest.studio.statement import check_page, write_statement
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import tell


@click.command()
@click.argument("work")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv", "html"]), default="text", show_default=True)
@pass_call
def credits(call: Call, work: str, form: str) -> None:
    """Show each work's, each person's and each collection's share in WORK, and what was done by hand and by machine.

    Shares are computed from the evidence of every act on the way.
    """
    call = call.answering_in(form)
    with opened(call) as studio:
        told = tell(studio, work_named(studio, work))
        found = credits_of(studio, told)
        if form == "csv":
            table = io.StringIO()
            csv.writer(table).writerows(credits_csv(told, found))
            click.echo(table.getvalue(), nl=False)
        elif form == "html":
            click.echo(credit_page(studio, told, found), nl=False)
        else:
            call.answer(credits_json(told, found), credits_text(told, found))


@click.command()
@click.argument("work")
@click.option("--length", type=click.Choice(["short", "full"]), default="full", show_default=True)
@pass_call
def caption(call: Call, work: str, length: Length) -> None:
    """Write the caption of WORK, as it hangs beside a picture: artist, title, year, technique, and whom it comes after."""
    with opened(call) as studio:
        told = tell(studio, work_named(studio, work))
        wall = caption_of(told, credits_of(studio, told), length)
        call.answer({**asdict(wall), "lines": wall.lines(length)}, wall.lines(length))


@click.command()
@click.argument("work")
@click.option("-o", "--output", required=True, metavar="FILE.html", help="Where to; it prints as one A4 page.")
@pass_call
def statement(call: Call, work: str, output: str) -> None:
    """Write a one-page statement of authorship of WORK for a gallery or a registrar: facts on record, and what is not known."""
    file = Path(output)
    check_page(file, ": it is one A4 page")
    with opened(call) as studio:
        named = work_named(studio, work)
        write_statement(studio, named, file)
        call.answer({"work": named, "file": output}, [output])


@click.command()
@click.argument("work")
@click.option("--among", multiple=True, metavar="WORK", help="Another that you chose it from; repeatable.")
@click.option("--seconds", type=click.FloatRange(min=0), metavar="S", help="For how long you looked.")
@pass_call
def keep(call: Call, work: str, among: tuple[str, ...], seconds: float | None) -> None:
    """Put on record that you chose WORK. What is said last holds."""
    with opened(call) as studio:
        others = [work_named(studio, each) for each in among]
        kept = work_named(studio, work)
        if kept in others:
            raise UsageRefused(
                f"--among: expected the other works that you chose it from, but {kept[:12]} is the one that you keep.",
                "Leave it out; the one that is kept is counted with the others.",
            )
        choose(studio, kept, among=others, seconds=seconds)
        _answer(call, studio, [kept])


@click.command()
@click.argument("works", metavar="WORK…", nargs=-1, required=True)
@pass_call
def reject(call: Call, works: tuple[str, ...]) -> None:
    """Put on record that you set these works aside. They stay in the studio; `keep` takes it back."""
    with opened(call) as studio:
        named = [work_named(studio, each) for each in works]
        for each in named:
            choose(studio, each, kept=False)
        _answer(call, studio, named)


def _answer(call: Call, studio: Studio, works: list[str]) -> None:
    found = choices_in_force(studio, works)
    value = [{"work": each.work, "kept": each.kept, "by": each.by, "among": each.among} for each in found.values()]
    lines = [f"{work[:12]}  {standing_title(studio, work)}: {found[work].words}" for work in dict.fromkeys(works)]
    call.answer({"choices": value}, lines)
