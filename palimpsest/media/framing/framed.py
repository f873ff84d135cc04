"""A framed work, ready to be written as a model: its picture, its true size, its frame, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from palimpsest.errors import ParameterRefused
from palimpsest.media.framing.geometry import Shape, shape_of
from palimpsest.media.framing.mouldings import MOULDINGS, Moulding
from palimpsest.media.framing.picture import Picture


@dataclass(frozen=True)
class Facts:
    """What a model says of the work it shows. Empty fields are left out."""

    title: str = ""
    makers: tuple[str, ...] = ()
    copyright: str = ""
    software: str = ""
    more: Mapping[str, str | tuple[str, ...]] | None = None

    def words(self) -> dict[str, str | tuple[str, ...]]:
        """Return all of it but copyright and software, which models have a place of their own for."""
        said: dict[str, str | tuple[str, ...]] = {"title": self.title, "makers": self.makers, **(self.more or {})}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Framed:
    """A picture in a frame; width and height are the picture's own, in millimetres."""

    picture: Picture
    width_mm: float
    height_mm: float
    moulding: Moulding
    facts: Facts = Facts()

    @cached_property
    def shape(self) -> Shape:
        """The shape of it, in metres."""
        return shape_of(self.moulding, self.width_mm / 1000, self.height_mm / 1000)


def moulding_called(name: str) -> Moulding:
    """Find a frame by the word for it.

    Raises:
        ParameterRefused: there is none.
    """
    if name not in MOULDINGS:
        raise ParameterRefused("frame", f"one of {', '.join(MOULDINGS)}", name)
    return MOULDINGS[name]
