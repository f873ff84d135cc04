"""lineage, credits, replay."""

from __future__ import annotations

import csv
import io

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import UsageRefused
from palimpsest.studio.finding import work_named
from palimpsest.studio.replaying import Replay
from palimpsest.studio.replaying import replay as replay_work
from palimpsest.studio.telling import (
    Credits,
    Told,
    credits_csv,
    credits_json,
    lineage_json,
    lineage_svg,
    lineage_text,
    tell,
)
from palimpsest.studio.telling import credits as credits_of


@click.command()
@click.argument("work")
@click.option("--format", "form", type=click.Choice(["text", "json", "svg"]), default="text", show_default=True)
@pass_call
def lineage(call: Call, work: str, form: str) -> None:
    """Show what WORK was made from, back to its roots."""
    call = _as(call, form)
    with opened(call) as studio:
        told = tell(studio, work_named(studio, work))
        if form == "svg":
            click.echo(lineage_svg(studio, told))
        else:
            call.answer(lineage_json(told), lineage_text(told))


@click.command()
@click.argument("work")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@pass_call
def credits(call: Call, work: str, form: str) -> None:
    """Show each work's and each person's share in WORK, computed from the evidence of every act on the way."""
    call = _as(call, form)
    with opened(call) as studio:
        told = tell(studio, work_named(studio, work))
        found = credits_of(studio, told)
        if form == "csv":
            table = io.StringIO()
            csv.writer(table).writerows(credits_csv(told, found))
            click.echo(table.getvalue(), nl=False)
        else:
            call.answer(credits_json(told, found), _credit_lines(told, found))


@click.command()
@click.argument("work")
@pass_call
def replay(call: Call, work: str) -> None:
    """Perform the act that made WORK again, and compare the pixels."""
    with opened(call) as studio:
        done = replay_work(studio, work_named(studio, work))
        call.answer(_replay_json(done), _replay_lines(done))


def _as(call: Call, form: str) -> Call:
    """Let `--format json` and `--json` mean the same, and refuse two forms at once."""
    if call.json and form not in ("text", "json"):
        raise UsageRefused(
            f"Expected one form of answer, but got two: --json and --format {form}.", "Leave one of them out."
        )
    return Call(call.studio, call.json or form == "json")


def _credit_lines(told: Told, found: Credits) -> list[str]:
    lines = [told.titles[told.lineage.work], ""]
    lines += [
        f"  {float(share):7.2%}  {told.titles[work]} — {', '.join(told.makers[work])}  ({work[:12]})"
        for work, share in found.works.items()
    ]
    lines += ["", *(f"  {float(share):7.2%}  {name}" for name, share in found.people.items())]
    acts = (f"{name} ({count} act{'s' if count > 1 else ''})" for name, count in found.performed.items())
    lines += ["", f"  performed by {', '.join(acts)}"] if found.performed else []
    return lines + ([f"  engines: {', '.join(found.engines)}"] if found.engines else [])


def _replay_json(done: Replay) -> dict[str, object]:
    return {
        "work": done.work,
        "technique": done.technique,
        "grade": done.promised.value,
        "same": done.same,
        "mean_distance": done.mean_distance,
        "largest_distance": done.largest_distance,
        "upgraded": done.upgraded,
        "seconds": round(done.seconds, 3),
        "act": done.act,
    }


def _replay_lines(done: Replay) -> list[str]:
    if done.same:
        verdict = "the same pixels"
    else:
        verdict = f"not the same: mean distance {done.mean_distance:.3f} of 255, largest {done.largest_distance:.1f}"
    lifted = " (its recipe was lifted to today's version)" if done.upgraded else ""
    return [
        f"{done.work[:12]}  {done.technique}{lifted}: {verdict}; promised: {done.promised.value}; {done.seconds:.1f} s"
    ]
