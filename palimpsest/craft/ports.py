"""The ports: what a technique may ask for that it cannot compute itself, and what an engine promises to be.

A technique names a port in its signature; the studio binds an engine that fits. Techniques never import an engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.progress import Progress
from palimpsest.lineage.records import EngineIdentity, Grade
from palimpsest.media.raster import Floats


@dataclass(frozen=True)
class Card:
    """What is known of an engine. `weights` maps each weight file to its SHA-256."""

    port: str
    name: str
    version: int
    summary: str
    licence: str
    source: str
    trained_on: str
    grade: Grade
    weights: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> EngineIdentity:
        """What of it enters a recipe."""
        return EngineIdentity(
            port=self.port,
            name=self.name,
            version=self.version,
            weights=tuple(digest for _, digest in self.weights),
        )


class Engine(Protocol):
    """A numerical machine or a wrapped model, with its card."""

    card: ClassVar[Card]


PORTS: dict[type, str] = {}
"""Every port and its name."""

_Port = TypeVar("_Port", bound=type[Any])


def port(name: str) -> Any:  # noqa: ANN401 - a class decorator that returns the class it was given
    """Declare a protocol to be a port of this name.

    Raises:
        ValueError: another port has the name.
    """

    def declare(protocol: _Port) -> _Port:
        if name in PORTS.values():
            raise ValueError(f"two ports are called {name}")
        PORTS[protocol] = name
        return protocol

    return declare


@port("style-network")
class StyleNetwork(Engine, Protocol):
    """A network that describes a style in numbers and paints a content in it."""

    def describe(self, style: Floats) -> Floats:
        """Return the style vector (100,) of sRGB colours (height, width, 3) in 0..1."""
        ...

    def paint(self, content: Floats, style: Floats, progress: Progress) -> Floats:
        """Paint a content (height, width, 3) in the style of a vector (100,); both colours sRGB in 0..1, same size out."""
        ...


@dataclass(frozen=True)
class Strokes:
    """Brush strokes to lay one over the other, in the order of the rows.

    `paths` (n, points, 2): x and y in pixels along each stroke; `widths` (n,) in pixels; `colours` (n, 3) sRGB in 0..1;
    `loads` (n,): how much paint the brush carries, 0..1; `bristles` (n,): a whole number that sets each brush's bristle pattern.
    """

    paths: Floats
    widths: Floats
    colours: Floats
    loads: Floats
    bristles: NDArray[np.int64]


@port("stroke-painter")
class StrokePainter(Engine, Protocol):
    """A machine that lays brush strokes of body paint on a canvas and keeps their relief."""

    def lay(self, canvas: Floats, height: Floats, strokes: Strokes, progress: Progress) -> tuple[Floats, Floats]:
        """Paint strokes over a canvas (height, width, 3) sRGB with relief `height` (height, width); returns both anew."""
        ...
