"""The reference of techniques: one page for each, and a list of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import click

from docs.markdown import block, code, page, running, sentence, table
from palimpsest.cli.making import command
from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.ports import Card
from palimpsest.craft.technique import RoleSpec, Technique
from palimpsest.lineage.records import Grade
from palimpsest.studio.machines import Machines

FOLDER = "techniques"
PICTURES = "pictures"
CATALOGUE = Catalogue(extras=())
"""Our own techniques: what other packages bring is theirs to document."""

PROMISES = {
    Grade.EXACT: "the same pixels on any machine",
    Grade.SAME_DEVICE: "the same pixels on the same machine with the same libraries",
    Grade.PERCEPTUAL: "a picture that looks the same; its distance is measured",
}


def technique_pages() -> Iterator[tuple[str, str]]:
    """Yield the path of each page below docs/, and its text."""
    techniques = list(CATALOGUE)
    yield f"{FOLDER}/index.md", _index(techniques)
    for technique in techniques:
        yield f"{FOLDER}/{technique.name}.md", _page(technique)


@cache
def cards() -> Mapping[str, Card]:
    """Return the card of the engine behind each port."""
    return {card.port: card for card in Machines().cards}


def grade_of(technique: Technique) -> Grade:
    """Return what a replay of a technique can promise, its engines counted."""
    return Grade.weakest(
        [technique.grade, *(cards()[port].grade for port in technique.ports.values() if port in cards())]
    )


def _index(techniques: list[Technique]) -> str:
    studies = [each for each in techniques if each.name.startswith("study-")]
    others = [each for each in techniques if each not in studies]
    return page(
        "Techniques",
        "A [technique](../words/technique.md) is something that can be done. `palimpsest techniques` lists them too; "
        "with `--json` it gives every parameter.",
        "## On works",
        _list(others),
        "## Studies, which need no work",
        _list(studies),
        "The pictures on these pages are made by `python -m docs.build --pictures`.",
    )


def _list(techniques: list[Technique]) -> str:
    rows = [(f"[{each.name}]({each.name}.md)", each.summary, _takes(each), grade_of(each).value) for each in techniques]
    return table(("technique", "what it does", "takes", "replay"), rows)


def _takes(technique: Technique) -> str:
    return ", ".join(f"{role.name} ({role.use.value})" for role in technique.roles) or "nothing"


def _page(technique: Technique) -> str:
    return page(
        technique.name,
        f"**{technique.summary}**",
        f"![{technique.name}]({PICTURES}/{technique.name}.jpg)",
        running(technique.description),
        "## On the command line",
        block("text", _usage(technique)),
        "## In Python",
        block("python", _call(technique)),
        "## What it takes",
        _roles(technique),
        "## Parameters",
        _parameters(technique) or "None.",
        _seed(technique),
        "## What stands behind it",
        _behind(technique),
    )


def _usage(technique: Technique) -> str:
    made = command(technique.name)
    with click.Context(made, info_name=f"palimpsest {technique.name}") as context:
        return f"{context.command_path} {' '.join(made.collect_usage_pieces(context))}"


def _call(technique: Technique) -> str:
    needed = (role.name for role in technique.roles if not role.optional)
    inputs = ", ".join(f'"{name}": [{name}]' for name in needed)
    return f'done = perform(studio, "{technique.name}", {{{inputs}}})'


def _roles(technique: Technique) -> str:
    rows = [
        (code(role.name), f"[{role.use.value}](../words/use.md): {role.use.meaning}", sentence(_meaning(role)))
        for role in technique.roles
    ]
    return table(("role", "use", "what it is"), rows) or "Nothing: it makes a picture from numbers alone."


def _meaning(role: RoleSpec) -> str:
    how = "; one or several" if role.many else ""
    left = "; may be left out" if role.optional else ""
    left += f", named with `--{role.name.replace('_', '-')}`" if role.named else ""
    return f"{role.meaning}{how}{left}"


def _parameters(technique: Technique) -> str:
    rows = [
        (
            code(f"--{flag(name)}"),
            takes(about),
            default(about),
            sentence(about.get("description", "") + condition(about)),
        )
        for name, about in technique.schema["properties"].items()
    ]
    return table(("parameter", "takes", "default", "what it does"), rows)


def flag(name: str) -> str:
    """Return a parameter's name as the command line writes it."""
    return name.replace("_", "-")


def takes(about: Mapping[str, Any]) -> str:
    """Say what values a parameter takes, from its JSON Schema."""
    if "enum" in about:
        return ", ".join(code(str(each)) for each in about["enum"])
    if about.get("type") == "boolean":
        return "yes or no"
    kinds = [about, *about.get("anyOf", [])]
    types = {each.get("type") for each in kinds}
    if "array" in types:
        return "numbers with commas between them"
    if not types & {"integer", "number"}:
        return "text"
    bounds = _bounds(kinds)
    unit = f" {about['unit']}" if "unit" in about else ""
    whole = "a whole number" if "integer" in types else "a number"
    return f"{whole}{', ' if bounds else ''}{bounds}{unit}"


def _bounds(kinds: list[Mapping[str, Any]]) -> str:
    def first(key: str) -> str | None:
        return next((f"{each[key]:g}" for each in kinds if key in each), None)

    low, above = first("minimum"), first("exclusiveMinimum")
    high, below = first("maximum"), first("exclusiveMaximum")
    start = f"above {above}" if above is not None else low
    stop = f"below {below}" if below is not None else high
    if start is None or stop is None:
        return f"from {start}" if start is not None else f"up to {stop}" if stop is not None else ""
    return f"{start} to {stop}"


def default(about: Mapping[str, Any]) -> str:
    """Say what a parameter is when nothing is said."""
    value = about.get("default")
    if value is None or value in ("", []):
        return "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else code(str(value))


def condition(about: Mapping[str, Any]) -> str:
    """Say when a parameter matters, if not always."""
    return "".join(
        f"; only with `--{flag(other)}` {' or '.join(map(code, map(str, values)))}"
        for other, values in about.get("shown_when", {}).items()
    )


def _seed(technique: Technique) -> str:
    if not technique.seeded:
        return "It draws no random numbers: it takes no seed."
    return "`--seed N` chooses another picture of the same kind; the same number gives the same picture again."


def _behind(technique: Technique) -> str:
    engines = [_engine(port) for port in technique.ports.values()] or ["No engine."]
    grade = grade_of(technique)
    return "\n".join(
        f"- {line}"
        for line in (
            *engines,
            f"Replay: **{grade.value}**, {PROMISES[grade]}.",
            f"Version {technique.version}.",
        )
    )


def _engine(port: str) -> str:
    card = cards().get(port)
    filled = (
        f"[{card.name} {card.version}](../reference/engines.md#{card.name})" if card else "no engine that is installed"
    )
    return f"Engine: the port `{port}`, filled by {filled}."
