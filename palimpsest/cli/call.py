"""What every command knows of the call it belongs to, and how it speaks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from palimpsest.errors import UsageRefused


@dataclass(frozen=True)
class Call:
    """The options that every verb takes, wherever they stand: which studio, and whether to answer in JSON."""

    studio: Path | None
    json: bool

    def answer(self, value: Any, lines: Sequence[str]) -> None:  # noqa: ANN401 - any JSON value
        """Print the answer: one JSON document, or lines for a person."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        else:
            for line in lines:
                click.echo(printable(line))

    def answering_in(self, form: str) -> Call:
        """Let `--format json` and `--json` mean the same, and refuse two forms at once."""
        if self.json and form not in ("text", "json"):
            raise UsageRefused(
                f"Expected one form of answer, but got two: --json and --format {form}.", "Leave one of them out."
            )
        return Call(self.studio, self.json or form == "json")

    def note(self, line: str) -> None:
        """Say something on the side, which is no part of the answer."""
        click.echo(printable(line), err=True)


pass_call = click.make_pass_decorator(Call)


def printable(text: str) -> str:
    """Show control characters as what they are, so that a title or a file name cannot steer the terminal."""
    return "".join(sign if sign.isprintable() or sign == "\t" else repr(sign)[1:-1] for sign in text)
