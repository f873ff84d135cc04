"""What a person may set, once: name, default, help.

Settings are read at the surface (command line, web, `Studio.open`) and passed down; nothing below fetches them.
Each can be given in the environment as `PALIMPSEST_<NAME>`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from palimpsest.errors import ParameterRefused

PREFIX = "PALIMPSEST_"


def _setting(default: int, help: str, least: int = 0) -> Any:  # noqa: ANN401 - dataclasses.field has no narrower type
    return field(default=default, metadata={"help": help, "least": least})


@dataclass(frozen=True)
class Settings:
    """The values in force."""

    pixel_limit: int = _setting(200_000_000, "Largest image that is opened, in pixels.", 1)
    decode_seconds: int = _setting(60, "Longest time that opening a file from outside may take, in seconds.", 1)
    decode_megabytes: int = _setting(4096, "Most memory that opening a file from outside may take, in MB.", 256)
    thumbnail_pixels: int = _setting(384, "Longest side of a thumbnail, in pixels.", 16)
    threads: int = _setting(0, "Processor threads for the engines; 0 takes all there are.")
    busy_seconds: int = _setting(60, "How long to wait for another process that writes to the studio, in seconds.", 1)
    mark: int = _setting(1, "Invisible mark in exports: 0 never, 1 where a trained model took part, 2 always.")
    named: int = _setting(0, "1 puts your name into what you export, as `--name` does; 0 leaves it out.")
    most_contained: int = _setting(
        100,
        "Most that an export may show of a work that is not yours, in percent of that work; 100 holds nothing back.",
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Take each setting that the environment gives, else its default.

        Raises:
            ParameterRefused: a value is not a whole number, or too small.
        """
        given = {}
        for setting in settings():
            text = environment.get(PREFIX + setting.name.upper())
            if text is not None:
                given[setting.name] = setting.parse(text)
        return cls(**given)


@dataclass(frozen=True)
class Setting:
    """One entry of the list: what it is called, what it is unless said otherwise, what it is for."""

    name: str
    default: int
    help: str
    least: int

    def parse(self, text: str) -> int:
        """Read a value from text.

        Raises:
            ParameterRefused: it is not a whole number, or too small.
        """
        try:
            value = int(text)
        except ValueError:
            value = self.least - 1
        if value < self.least:
            raise ParameterRefused(PREFIX + self.name.upper(), f"a whole number from {self.least}", text)
        return value


def settings() -> Iterator[Setting]:
    """List every setting there is."""
    for entry in dataclasses.fields(Settings):
        default = entry.default
        assert isinstance(default, int)
        yield Setting(entry.name, default, entry.metadata["help"], entry.metadata["least"])
