"""init, add, works, show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import InputRefused, NotFound
from palimpsest.lineage.records import Erasure, Use
from palimpsest.studio.adding import Added
from palimpsest.studio.adding import add as add_works
from palimpsest.studio.finding import Shown, count_works, list_works, work_named
from palimpsest.studio.finding import show as show_work
from palimpsest.studio.saying import Said
from palimpsest.studio.sizing import size_from, size_in_words
from palimpsest.studio.starter import fill
from palimpsest.studio.studio import UNNAMED, Studio
from palimpsest.studio.terms import InForce, in_one_line, terms_in_force

USES = click.Choice([use.value for use in Use])


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--artist", default=UNNAMED, show_default=True, help="Your name, for acts and credits.")
@click.option("--empty", is_flag=True, help="Without the starter collection.")
@pass_call
def init(call: Call, folder: str | None, artist: str, empty: bool) -> None:
    """Make a studio in a new or empty folder (this one, if none is named), with the starter collection.

    In a folder that is a studio already, what is missing of the starter collection is filled in.
    """
    studio, new = _created(Path(folder) if folder else call.studio or Path.cwd(), artist)
    with studio:
        listed = [] if empty else fill(studio, call.note if not call.json else lambda _: None)
        works = [{"id": work, "title": title} for work, title in listed]
        line = f"A studio in {studio.folder} with {len(listed)} works."
        if not new:
            rest = "it stays as it is" if empty else f"the {len(listed)} works of its starter collection are all there"
            line = f"A studio was in {studio.folder} already, and {studio.person.name} works there; {rest}."
        call.answer(
            {"studio": str(studio.folder), "new": new, "works": works},
            [line, "Go on: palimpsest works; palimpsest stylize PHOTO PAINTING; palimpsest --help"],
        )


def _created(place: Path, artist: str) -> tuple[Studio, bool]:
    """Make a studio, or open the one that is there, as after an `init` that was stopped; tells whether it is new."""
    try:
        return Studio.create(place, artist), True
    except InputRefused as refused:
        try:
            return Studio.open(place), False
        except NotFound:
            raise refused from None


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@click.option("--title", default="", help="What it is called; otherwise the file's name.")
@click.option("--maker", "makers", multiple=True, metavar="NAME", help="Who made it; repeat for several.")
@click.option("--date", default="", help="When, in any words: 1888, about 1500, Ming.")
@click.option("--culture", default="")
@click.option("--style", default="")
@click.option("--medium", default="", help="Oil on canvas, woodblock print, …")
@click.option(
    "--size", default="", metavar="HxWcm", help="Height and width of the picture itself: 73x92cm, 28.75x36in."
)
@click.option("--source", default="", help="Where the file comes from.")
@click.option("--collection", default="", metavar="NAME", help="The collection it belongs to, whose terms it shares.")
@click.option(
    "--licence", "--license", default="", help="CC0-1.0, public domain, CC-BY-4.0, own work, all rights reserved, …"
)
@click.option("--allow", multiple=True, type=USES, help="A use that the maker allows.")
@click.option("--refuse", multiple=True, type=USES, help="A use that the maker refuses.")
@pass_call
def add(
    call: Call,
    /,
    paths: tuple[str, ...],
    size: str,
    allow: tuple[str, ...],
    refuse: tuple[str, ...],
    **words: Any,  # noqa: ANN401
) -> int:
    """Add works from files or folders; prints each one's id as soon as it is safe on disk.

    Said of a work that is there already (a file, or its id), title, makers and terms are recorded as the latest word.
    """
    measured = size_from(size) if size else None
    said = Said(**words, allow=tuple(map(Use, allow)), refuse=tuple(map(Use, refuse)), size_mm=measured)
    added: list[Added] = []
    with opened(call) as studio:
        for each in add_works(studio, paths, said):
            added.append(each)
            _tell(call, each)
    works = [
        {"id": each.work, "file": str(each.path), "known": each.known, "file_says": each.file_says}
        for each in added
        if each.work
    ]
    refused = [{"file": str(each.path), "error": str(each.error)} for each in added if each.error]
    if call.json:
        call.answer({"works": works, "refused": refused}, [])
    return max((each.error.exit_status for each in added if each.error), default=0)


def _tell(call: Call, each: Added) -> None:
    """Say what became of one file, at once: whoever reads the id may rely on the work being safe."""
    if each.error:
        call.note(each.error.problem)
        if each.error.remedy:
            call.note(each.error.remedy)
    elif not call.json:
        call.answer(None, [f"{each.work}  {each.path}{'  (known)' if each.known else ''}"])
        if each.file_says:
            call.note(f"  {each.file_says}")


@click.command()
@click.argument("query", nargs=-1)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(0), help="At most so many; 0 for all.")
@pass_call
def works(call: Call, query: tuple[str, ...], limit: int) -> None:
    """List the works, the newest first, or those that hold all the words of QUERY."""
    with opened(call) as studio:
        found = list_works(studio, " ".join(query), limit or None)
        lines = [f"{each['id'][:12]}  {_label(each)}" for each in found]
        total = count_works(studio)
        if not found:
            lines = ["Nothing holds these words."] if query else ["No works yet: palimpsest add FILE"]
        elif not query and total > len(found):
            lines.append(f"… {total - len(found)} more: --limit 0 lists all")
        call.answer({"works": found, "total": total}, lines)


@click.command()
@click.argument("work")
@pass_call
def show(call: Call, work: str) -> None:
    """Show all that is known of WORK: what it is, its terms, how it came to be."""
    with opened(call) as studio:
        shown = show_work(studio, work_named(studio, work))
        held = terms_in_force(studio, shown.work.id)
        in_force = {name: held.as_json()[name] for name in ("uses", "owed")}
        call.answer(shown.as_json() | {"terms_in_force": in_force}, _shown(shown, held))


def _label(each: dict[str, Any]) -> str:
    size = f"{each['width']}×{each['height']}"
    title = each["title"] or ("" if each["erased"] else "untitled")
    gone = "erased" if each["erased"] else ""
    parts = (title, gone, each["makers"], each["date"], each["collection"], size)
    return "  ·  ".join(part for part in parts if part)


def _gone(erased: Erasure) -> str:
    return f"on {erased.at[:10]}{f': {erased.reason}' if erased.reason else ''}"


def _shown(shown: Shown, held: InForce) -> list[str]:
    work, said, origin = shown.work, shown.description, shown.origin
    depth = f"{work.bits} bits{', with alpha' if work.alpha else ''}"
    lines = [
        (said.title if said else "") or "untitled",
        f"  id        {work.id}",
        f"  image     {work.width}×{work.height}, {depth}, {work.media_type}",
        f"  file      {shown.file}" if shown.erased is None else f"  erased    {_gone(shown.erased)}",
    ]
    for name in ("makers", "date", "culture", "style", "medium", "source", "collection"):
        value = getattr(said, name, "") if said else ""
        if value:
            lines.append(f"  {name:<9} {', '.join(value) if isinstance(value, tuple) else value}")
    lines += [f"  size      {size_in_words(said.size_mm)}"] if said and said.size_mm else []
    lines.append(f"  terms     {in_one_line(held)}")
    lines += [f"  owed      {held.owed_in_words}"] if held.owed else []
    if origin:
        given = ", ".join(f"{name}={value}" for name, value in origin.recipe.parameters.items())
        lines.append(f"  made by   {origin.recipe.technique} ({given})")
        lines.append(f"  recipe    {origin.recipe.digest}, replay: {origin.grade.value}")
        lines.append(f"  evidence  {next(o.evidence.method for o in origin.outputs if o.work == work.id)}")
    lines += [f"  choice    {shown.chosen.words}, {shown.chosen.at[:10]}"] if shown.chosen else []
    lines.append(f"  used in   {shown.made_from_it} works")
    return lines
