"""What was made from a work: the works that a change of it would affect, and the acts between them."""

from __future__ import annotations

from typing import Any

from palimpsest.studio.finding import made_from
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import lineage_json, tell

MOST = 200


def affected_json(studio: Studio, work: str, most: int = MOST) -> dict[str, Any]:
    """Write the graph from a work to all that was made from it as plain values, in the words of a lineage.

    Of very many works only some are drawn; `total` says how many there are. Works from elsewhere that took part are left out.

    Raises:
        NotFound: the work is not known.
    """
    below = set(made_from(studio, work))
    works: dict[str, dict[str, Any]] = {}
    acts: dict[str, dict[str, Any]] = {}
    for each in [work, *sorted(below)]:
        if each in works or len(works) > most:
            continue
        graph = lineage_json(tell(studio, each))
        works |= {found["id"]: found for found in graph["works"] if found["id"] in below or found["id"] == work}
        acts |= {act["id"]: act for act in graph["acts"]}
    shown = {found["act"] for found in works.values()}
    return {
        "work": work,
        "total": len(below),
        "works": list(works.values()),
        "acts": [act for digest, act in acts.items() if digest in shown],
    }
