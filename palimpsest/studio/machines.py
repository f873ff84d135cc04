"""Which engine serves which port."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType

import palimpsest.engines
from palimpsest.craft.ports import Card
from palimpsest.errors import NotFound


@dataclass(frozen=True)
class Machines:
    """The engines that are installed: every module of `palimpsest.engines` with a `CARD` and a `load`.

    Listing the cards loads no engine; an engine is loaded when a technique first needs it, and kept.
    """

    threads: int = 0
    _loaded: dict[str, object] = field(default_factory=dict, repr=False)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every engine's card, by port."""
        return tuple(card for card, _ in self._known.values())

    def card(self, port: str) -> Card:
        """Return the card of the engine that serves a port.

        Raises:
            NotFound: none does.
        """
        if port not in self._known:
            raise NotFound("engine", port, "`palimpsest engines` lists those that are installed.")
        return self._known[port][0]

    def bind(self, ports: Iterable[str]) -> dict[str, object]:
        """Load the engines for these ports.

        Raises:
            NotFound: none serves a port, or its weights are missing.
            Damaged: its weights are not those of its card.
        """
        for port in ports:
            if port not in self._loaded:
                self.card(port)
                self._loaded[port] = self._known[port][1](self.threads)
        return {port: self._loaded[port] for port in ports}

    @cached_property
    def _known(self) -> dict[str, tuple[Card, Callable[[int], object]]]:
        modules = (_module(found.name) for found in pkgutil.iter_modules(palimpsest.engines.__path__))
        engines = ((module.CARD, module.load) for module in modules if hasattr(module, "CARD"))
        return {card.port: (card, load) for card, load in sorted(engines, key=lambda engine: engine[0].port)}


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"palimpsest.engines.{name}")
