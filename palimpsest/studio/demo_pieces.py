"""What the demonstration shows: pieces made from the starter collection, with works of art where it has them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Piece:
    """One picture of the demonstration: the technique, the works by role (by title), and how.

    Before that `trim`, a share of each side, is cut off every work, as museums photograph a little more than the picture; and the
    first work is brought to `width` pixels, unless that is None, so that there is something to look at.
    """

    remark: str
    technique: str
    inputs: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, object] = field(default_factory=dict)
    width: int | None = None
    seed: int | None = None
    trim: float = 0.0

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of the works that it is made from."""
        return tuple(title for titles in self.inputs.values() for title in titles)


@dataclass(frozen=True)
class Mask:
    """A mask of a work's size: what is to be taken out of it, as ovals (left, top, right, bottom)."""

    title: str
    size: tuple[int, int]
    ovals: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Programme:
    """The pieces, in the order in which they are shown, and the mask that one of them needs."""

    pieces: tuple[Piece, ...]
    mask: Mask

    @property
    def titles(self) -> frozenset[str]:
        """Return the titles of the starter collection's works that it is made from."""
        return frozenset(title for each in self.pieces for title in each.titles) - {self.mask.title}


def programme(there: Container[str]) -> Programme:
    """Return what can be shown with the works that are there, by title: with works of art if there are any."""
    return WITH_ART if all(title in there for title in WITH_ART.titles) else WITHOUT_ART


def _restyled(remark: str, photograph: str, *styles: str, **parameters: object) -> Piece:
    return Piece(remark, "stylize", {"content": (photograph,), "styles": styles}, parameters, width=1024)


CAT, CUP, ROCKET, ASTRONAUT = (
    "Chelsea the cat",
    "A cup of coffee",
    "Falcon 9 lifts off with DSCOVR",
    "Eileen Collins, astronaut",
)
GOGH, REDON = "Bouquet of Flowers in a Vase", "Vase of Flowers (Pink Background)"
COURBET, TURNER, OHO, ZHAO = (
    "The Calm Sea",
    "Venice, from the Porch of Madonna della Salute",
    "Six Jewel Rivers",
    "Landscape",
)
CEZANNE = "Mont Sainte-Victoire and the Viaduct of the Arc River Valley"
IMPASTO, WOODCUT, MOSAIC = "Study impasto no. 0", "Study woodcut no. 0", "Study mosaic no. 0"

PORTRAIT = _restyled("A portrait in the strokes of a mosaic, in its own colours", ASTRONAUT, MOSAIC, keep_colour=True)
FIELD = Piece("A deep field that nobody has seen", "vary", {"works": ("Hubble Deep Field",)}, width=720, seed=1)

BOATS = Mask("A mask over the boats", (1072, 875), ((670, 700, 880, 822), (842, 664, 930, 736)))
WITH_ART = Programme(
    (
        Piece(
            "Van Gogh's flowers, in Redon's vase",
            "mashup",
            {"works": (GOGH, REDON)},
            trim=0.02,
            seed=1,
        ),
        Piece(
            "A cat, laid stroke for stroke in van Gogh's paint",
            "remix",
            {"content": (CAT,), "exemplars": (GOGH,)},
            width=720,
        ),
        Piece("Mountains that Zhao Yuan did not paint", "vary", {"works": (ZHAO,)}, seed=1),
        Piece("Sakai Ōho's river, flowing on to the left", "extend", {"work": (OHO,)}, {"left": "0.4"}),
        Piece("Courbet's calm sea, after the boats have gone", "fill", {"work": (COURBET,), "mask": (BOATS.title,)}),
        FIELD,
        _restyled("A launch under Turner's sky", ROCKET, TURNER),
        _restyled("A cup, in the greens of Mont Sainte-Victoire", CUP, CEZANNE),
        _restyled("A cat, three parts Ōho, seven parts Redon", CAT, OHO, REDON, weights=(0.3, 0.7)),
        PORTRAIT,
    ),
    BOATS,
)

TREE = Mask("A mask over the tree", (640, 512), ((340, 46, 552, 218), (410, 170, 480, 246)))
WITHOUT_ART = Programme(
    (
        Piece(
            "A cat, laid stroke for stroke in another picture's paint",
            "remix",
            {"content": (CAT,), "exemplars": (IMPASTO,)},
            width=720,
        ),
        FIELD,
        Piece("A field that goes on", "extend", {"work": (IMPASTO,)}, {"right": "0.5"}),
        Piece("The field without its tree", "fill", {"work": (IMPASTO,), "mask": (TREE.title,)}),
        _restyled("A launch, printed with waves", ROCKET, "Study seigaiha no. 0"),
        _restyled("A cup, in inks laid off from water", CUP, "Study marbling no. 0"),
        _restyled("A cat, three parts woodcut, seven parts thick paint", CAT, WOODCUT, IMPASTO, weights=(0.3, 0.7)),
        PORTRAIT,
    ),
    TREE,
)
