"""`python -m benchmarks` measures everything; `--quick` a part of it, `--write` into docs/benchmarks.md as well."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import credentials, library, originality, representation, startup, stylize, synthesis
from benchmarks.harness import surroundings, table

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true", help="smaller collections, smaller pictures")
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = options.parse_args()
    lines = ["# Benchmarks", "", f"Measured on {datetime.now(UTC):%Y-%m-%d}: {surroundings()}.", "", INTRODUCTION, ""]
    parts = (
        ("Restyling", stylize.run),
        ("Synthesis", synthesis.run),
        ("Originality", originality.run),
        ("The library", library.run),
        ("Representation", representation.run),
        ("Content Credentials and the invisible mark", credentials.run),
        ("Start", startup.run),
    )
    for title, run in parts:
        lines += table(title, run(given.quick))
        print("\n".join(table(title, [])[:1]), "done", flush=True)
    print("\n".join(lines))
    if given.write:
        PAGE.write_text("\n".join(lines), encoding="utf-8")


INTRODUCTION = """\
Written by `make bench ARGS=--write`. Medians of several runs after a warm-up; what is compared runs in turns and is given as a
ratio, because ratios travel between machines and seconds do not. The peer of restyling, `styletransfer-lite`, runs in the
same process; those of synthesis run in processes of their own, where the environment names them (benchmarks/peers.py).
What we lose is here as well."""


if __name__ == "__main__":
    main()
