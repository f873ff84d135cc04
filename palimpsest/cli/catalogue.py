"""techniques, engines."""

from __future__ import annotations

from typing import Any

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.ports import Card
from palimpsest.craft.technique import Technique
from palimpsest.studio.machines import Machines


@click.command()
@pass_call
def techniques(call: Call) -> None:
    """List what can be done; with --json every parameter too."""
    listed = list(Catalogue())
    lines = [f"{each.name:<20} {each.summary}" for each in listed]
    call.answer({"techniques": [_technique(each) for each in listed]}, lines)


@click.command()
@pass_call
def engines(call: Call) -> None:
    """List the machines behind the techniques: version, licence, what they were trained on, what they promise."""
    cards = Machines().cards
    call.answer({"engines": [_card(each) for each in cards]}, [line for each in cards for line in _card_lines(each)])


def _technique(each: Technique) -> dict[str, Any]:
    return {
        "name": each.name,
        "version": each.version,
        "summary": each.summary,
        "description": each.description,
        "roles": [
            {
                "name": role.name,
                "use": role.use.value,
                "meaning": role.meaning,
                "many": role.many,
                "optional": role.optional,
            }
            for role in each.roles
        ],
        "engines": list(each.ports.values()),
        "seeded": each.seeded,
        "grade": each.grade.value,
        "parameters": each.schema,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "port": card.port,
        "name": card.name,
        "version": card.version,
        "summary": card.summary,
        "licence": card.licence,
        "source": card.source,
        "trained_on": card.trained_on,
        "grade": card.grade.value,
        "weights": dict(card.weights),
    }


def _card_lines(card: Card) -> list[str]:
    return [
        f"{card.name} {card.version}  ({card.port})",
        f"  {card.summary}",
        f"  licence     {card.licence}",
        f"  source      {card.source}",
        f"  trained on  {card.trained_on}",
        f"  replay      {card.grade.value}",
        *(f"  weights     {file}  {digest[:16]}…" for file, digest in card.weights),
    ]
