"""The command line. What is here is what `palimpsest` runs; everything heavy loads when it is first used."""

from palimpsest.cli.entry import main

__all__ = ["main"]
