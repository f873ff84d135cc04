"""terms."""

from __future__ import annotations

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import UsageRefused
from palimpsest.lineage.records import Use
from palimpsest.studio.finding import work_named
from palimpsest.studio.saying import Said
from palimpsest.studio.terms import (
    collection_terms_in_force,
    state_collection_terms,
    state_terms,
    terms_in_force,
)

USES = click.Choice([use.value for use in Use])


@click.command()
@click.argument("work", required=False)
@click.option("--collection", default="", metavar="NAME", help="The terms of a collection, in place of a work's.")
@click.option("--licence", "--license", default="", help="CC-BY-SA-4.0, public domain, InC, own work, …")
@click.option("--allow", multiple=True, type=USES, help="A use that the maker allows.")
@click.option("--refuse", multiple=True, type=USES, help="A use that the maker refuses, or does not allow any more.")
@click.option("--until", default="", metavar="DAY", help="The last day on which this holds: 2027-01-31.")
@pass_call
def terms(
    call: Call,
    /,
    work: str | None,
    collection: str,
    licence: str,
    allow: tuple[str, ...],
    refuse: tuple[str, ...],
    until: str,
) -> None:
    """Show the terms of WORK, by whose word they hold and what came of it; or state them.

    Statements are added, and the history keeps them all. What is stated with --until speaks of the uses it names; when a
    permission ends, the use is refused; when a refusal ends, what was stated before it holds again. An opt-out in the file
    itself stays until its use is allowed by name.
    """
    said = Said(licence=licence, allow=tuple(map(Use, allow)), refuse=tuple(map(Use, refuse)), until=until.strip())
    if bool(work) == bool(collection):
        raise UsageRefused(
            "terms: expected a work, or --collection NAME, and one of them.", "`palimpsest works` lists all works."
        )
    said.check()
    with opened(call) as studio:
        if work:
            id = work_named(studio, work)
            found = state_terms(studio, id, said) if said.states_terms else terms_in_force(studio, id)
        elif said.states_terms:
            found = state_collection_terms(studio, collection, said)
        else:
            found = collection_terms_in_force(studio, collection)
        call.answer(found.as_json(), found.lines())
