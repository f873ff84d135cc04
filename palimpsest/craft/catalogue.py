"""The catalogue: every technique there is, found by being there.

A file in `palimpsest/techniques/` that declares one technique of the file's name is all that a new one takes. Other packages
add theirs by the entry point group `palimpsest.techniques`, named `pack/name`. A name that is taken is an error.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import EntryPoint
from pathlib import Path

from palimpsest.craft.listing import GROUP, checked, packs, summary_in, technique_files
from palimpsest.craft.technique import Technique
from palimpsest.errors import NotFound, UsageRefused


@dataclass(frozen=True)
class Catalogue:
    """Techniques by name. Listing names and summaries imports none of them; getting one imports just that one."""

    package: str = GROUP
    extras: tuple[EntryPoint, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every technique's name, in alphabetical order."""
        return tuple(sorted((*self._files, *self._packs)))

    def __iter__(self) -> Iterator[Technique]:
        return (self.get(name) for name in self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._files or name in self._packs

    def summary(self, name: str) -> str:
        """Return the first line of a technique's docstring; a file of ours is read, not run."""
        if name not in self._files:
            return self.get(name).summary
        return summary_in(self._files[name])

    def get(self, name: str) -> Technique:
        """Return a technique.

        Raises:
            NotFound: there is none of that name.
            UsageRefused: what stands under the name is not a technique.
        """
        if name in self._packs:
            found: object = self._packs[name].load()
        elif name in self._files:
            module = name.replace("-", "_")
            found = getattr(importlib.import_module(f"{self.package}.{module}"), module, None)
        else:
            near = get_close_matches(name, self.names, n=1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise NotFound("technique", name, f"{hint}`palimpsest techniques` lists all there are.")
        if not isinstance(found, Technique):
            raise UsageRefused(f"{name}: expected a technique, but got {type(found).__name__}.")
        return found if found.name == name else replace(found, name=name)

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        return technique_files(self.package)

    @cached_property
    def _packs(self) -> Mapping[str, EntryPoint]:
        return packs() if self.extras is None else checked(self.extras)
