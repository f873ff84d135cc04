"""Performs every technique in a process of its own and prints what came out: `python -m tests.laws.fresh`."""

from __future__ import annotations

import json
import traceback

from tests.laws.table import CATALOGUE, NAMES, cards, digests, performed


def main() -> None:
    """Print {name: digests} as JSON, for the techniques whose engines are there; one that fails says how."""
    runnable = [name for name in NAMES if set(CATALOGUE.get(name).ports.values()) <= set(cards())]
    print(json.dumps({name: _digests(name) for name in runnable}))


def _digests(name: str) -> list[str]:
    try:
        return digests(performed(name))
    except Exception:
        return [traceback.format_exc()]


if __name__ == "__main__":
    main()
