"""audit."""

from __future__ import annotations

from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.studio.membership import DIMENSIONS, OF
from palimpsest.studio.representation import audit as audit_studio
from palimpsest.studio.representation_answers import audit_json, audit_lines
from palimpsest.studio.representation_page import write_page
from palimpsest.studio.statement import check_page


@click.command()
@click.option("--of", type=click.Choice(OF), default="collection", show_default=True, help="What to count.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(DIMENSIONS),
    help="What to count it by; repeat for several. Otherwise region, period, medium and gender.",
)
@click.option(
    "--against",
    default="even",
    show_default=True,
    metavar="NAME|FILE",
    help="even, met, tate, nga, or a CSV or JSON file of your own with groups and their shares.",
)
@click.option(
    "--genders", metavar="FILE", help="Your own table of makers: columns name and gender. It goes before Tate's."
)
@click.option("--people", is_flag=True, help="Also skin tones of the faces on record, all together, on the Monk scale.")
@click.option("-o", "--output", metavar="FILE", help="Write the whole report as one HTML page with charts.")
@pass_call
def audit(
    call: Call, of: str, by: tuple[str, ...], against: str, genders: str | None, people: bool, output: str | None
) -> None:
    """Who is in the collection, was used or suggested, and who is missing, against a reference that is named.

    Shares come with 95 % intervals; what the records do not say is counted as not placed, never guessed.
    """
    place = Path(output) if output else None
    if place:
        check_page(place)
    with opened(call) as studio:
        found = audit_studio(studio, of, by, against, Path(genders) if genders else None, people=people)
        if place:
            write_page(place, found)
        call.answer(
            audit_json(found) | ({"file": output} if output else {}),
            [*audit_lines(found), *(["", output] if output else [])],
        )
