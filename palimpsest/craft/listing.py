"""Which techniques there are, found without importing any of them, so that help comes at once."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from palimpsest.errors import UsageRefused

GROUP = "palimpsest.techniques"
"""The package that holds our techniques, and the entry point group by which others add theirs."""


def technique_files(package: str = GROUP) -> Mapping[str, Path]:
    """Return the file of each technique in a package, by the technique's name."""
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    files = (file for folder in folders for file in Path(folder).glob("*.py"))
    return {file.stem.replace("_", "-"): file for file in sorted(files) if not file.stem.startswith("_")}


def summary_in(file: Path) -> str:
    """Return the first line of the docstring of a file's technique; the file is read, neither run nor parsed.

    Parsing two dozen files takes longer than the rest of `palimpsest --help`; a law holds that this finds the same.
    """
    found = re.search(
        rf'^def {file.stem}\(.*?"""(.*?)(?:"""|\n)', file.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return found[1].strip() if found else ""


def packs() -> Mapping[str, EntryPoint]:
    """Return the techniques that other packages bring, by name.

    Raises:
        UsageRefused: one is not named pack/name, or two have one name.
    """
    return checked(tuple(entry_points(group=GROUP)))


def checked(entries: tuple[EntryPoint, ...]) -> Mapping[str, EntryPoint]:
    """Return entry points by name.

    Raises:
        UsageRefused: one is not named pack/name, or two have one name.
    """
    by_name: dict[str, EntryPoint] = {}
    for entry in entries:
        if "/" not in entry.name or entry.name in by_name:
            raise UsageRefused(
                f"{entry.value}: expected a technique named pack/name that is not taken, but got '{entry.name}'.",
                "Rename it in the entry points of the package that brings it.",
            )
        by_name[entry.name] = entry
    return by_name
