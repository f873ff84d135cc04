"""Reading what stands in fences: commands with the output they promise, and other blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_FENCE = re.compile(r"^```([a-z]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Command:
    """A command of a console block, and the lines it promises."""

    line: str
    promised: list[str] = field(default_factory=list)


def blocks(page: Path, language: str) -> list[str]:
    """Return the blocks of one language, in order."""
    return [text for name, text in _FENCE.findall(page.read_text(encoding="utf-8")) if name == language]


def commands(page: Path) -> list[Command]:
    """Return the commands of a page's console blocks, in order."""
    found: list[Command] = []
    for block in blocks(page, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Command(line[2:]))
            else:
                found[-1].promised.append(line)
    return found


def keeps(promised: Sequence[str], came: str) -> bool:
    """Tell whether output is as promised: … stands for anything in a line, and alone on a line for any lines."""
    parts = [r"(?:.*\n)*?" if line == "…" else f"{re.escape(line).replace('…', '.*')}\n" for line in promised]
    lines = "".join(f"{line.rstrip()}\n" for line in came.splitlines())
    return re.fullmatch("".join(parts), lines) is not None
