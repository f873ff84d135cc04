"""Performs every technique in a process of its own and prints what came out: `python -m tests.laws.fresh`."""

from __future__ import annotations

import json

from tests.laws.table import CATALOGUE, cards, digests, performed


def main() -> None:
    """Print {name: digests} as JSON, for the techniques whose engines are there."""
    runnable = [each.name for each in CATALOGUE if set(each.ports.values()) <= set(cards())]
    print(json.dumps({name: digests(performed(name)) for name in runnable}))


if __name__ == "__main__":
    main()
