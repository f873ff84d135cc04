"""The ports: what a technique may ask for that it cannot compute itself, and what an engine promises to be.

A technique names a port in its signature; the studio binds an engine that fits. Techniques never import an engine.
"""

from __future__ import annotations

from collections.abc import Sequence
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


Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Matter:
    """A picture that patches are copied from.

    `rgb` (height, width, 3): sRGB of 8 bits; `usable` (height, width): what may be copied, all if None; `guide` (height, width,
    channels): what its places are told by beside their colour, compared with the canvas's guide; `bias`: how many levels of
    colour for each channel a patch of it must be better than others to be taken, negative to prefer it.
    """

    rgb: Bytes
    usable: Mask | None = None
    guide: Bytes | None = None
    bias: float = 0.0


@dataclass(frozen=True)
class Canvas:
    """The picture to make.

    `begin` (height, width, 3): what it is like at first, sRGB of 8 bits; `keep` (height, width): the pixels of `begin` that stay,
    none if None; `guide` (height, width, channels): as that of the matters.
    """

    begin: Bytes
    keep: Mask | None = None
    guide: Bytes | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Return height and width in pixels."""
        return self.begin.shape[0], self.begin.shape[1]


@dataclass(frozen=True)
class Habits:
    """How patches are looked for and laid.

    patch: side of a patch in pixels. coarsest: the shorter side, in pixels, of the picture at which it begins; what is wider than
    a patch there is taken from `begin`. noise: strength of the noise on the first picture, in standard deviations of the matter.
    completeness: from 0, where patches are taken as they fit, to 1, where every part of the matter wants to appear. evenness: how
    strongly a patch that is used more than others is avoided. guide_weights: how much each channel of the guides counts against
    a channel of colour. guide_fade: by how much the guides' weights are multiplied at each finer level. rounds: how often each
    level is gone over. wrap: the right edge meets the left and the lower the upper, as in a tile.
    """

    patch: int = 7
    coarsest: int = 28
    noise: float = 0.0
    completeness: float = 0.5
    evenness: float = 0.5
    guide_weights: tuple[float, ...] = ()
    guide_fade: float = 1.0
    rounds: int = 2
    wrap: bool = False


@dataclass(frozen=True)
class Copied:
    """Which pixel was copied to where: for each pixel of the canvas the matter (-1: it was kept), and its row and column there.

    All (height, width).
    """

    matter: NDArray[np.int16]
    row: NDArray[np.int32]
    column: NDArray[np.int32]


@port("patch-synthesizer")
class PatchSynthesizer(Engine, Protocol):
    """A machine that makes a picture out of patches of others and knows for each pixel where it was copied from."""

    def synthesize(
        self, matters: Sequence[Matter], canvas: Canvas, habits: Habits, seed: int, progress: Progress
    ) -> Copied:
        """Fill a canvas with pixels of the matters, so that every patch of it is like one of theirs."""
        ...


@dataclass(frozen=True)
class Face:
    """A place that seems to be a face, in pixels of the picture, and how sure the detector is of it, from 0 to 1."""

    left: float
    top: float
    width: float
    height: float
    certainty: float


@port("face-detector")
class FaceDetector(Engine, Protocol):
    """A network that says where in a picture there seem to be faces. It does not know whose they are."""

    def find(self, picture: Bytes, certainty: float, progress: Progress) -> tuple[Face, ...]:
        """Find faces in sRGB of 8 bits (height, width, 3), the surest first; `certainty` from 0 to 1 is the least that counts."""
        ...
