"""Writing Markdown: tables, running text, code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WRITTEN = "<!-- Written by `python -m docs.build`. Changes by hand are lost. -->"


def page(title: str, *parts: str) -> str:
    """Return a generated page: its title, and its parts with an empty line between them; empty parts are left out."""
    return "\n\n".join([WRITTEN, f"# {title}", *(part.strip() for part in parts if part.strip())]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing when it has no rows."""
    lines = [_row(row) for row in rows]
    return "\n".join([_row(heads), _row(["---"] * len(heads)), *lines]) if lines else ""


def running(text: str) -> str:
    """Return text whose paragraphs are one line each; what a docstring says of errors is left out."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    return "\n\n".join(each for each in paragraphs if each and not each.startswith("Raises:"))


def sentence(text: str) -> str:
    """Return text that begins with a capital and ends with a full stop."""
    text = " ".join(text.split())
    stop = "" if not text or text.endswith((".", "…")) else "."
    return f"{text[:1].upper()}{text[1:]}{stop}"


def code(text: str) -> str:
    """Return text set as code."""
    return f"`{text}`"


def block(language: str, *lines: str) -> str:
    """Return lines as a block of code."""
    return "\n".join([f"```{language}", *lines, "```"])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
