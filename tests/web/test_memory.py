"""Where a work came from, as pages ask for it: the source map to look up in, what a change would affect, replay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from palimpsest.studio import Studio, perform
from palimpsest.studio.adding import add_bytes
from tests.cli.conftest import painted
from tests.web.served import Served, serve


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The works by what they are."""
    return {}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, made: dict[str, str]) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("memory") / "studio"
    with Studio.create(folder, "Ada") as place:
        made["one"], made["two"] = (add_bytes(place, painted(40 + number), f"{number}.png")[0] for number in range(2))
        both = {"works": [made["one"], made["two"]]}
        made["mashup"] = perform(place, "mashup", both, {"plan": "bands"}, seed=1).works[0].id
        made["vary"] = perform(place, "vary", {"works": [made["mashup"]]}, {}, seed=1).works[0].id
        made["blend"] = perform(place, "blend", {"base": [made["vary"]], "top": [made["one"]]}, {}).works[0].id
    with serve(folder) as running:
        yield running


def small_map(served: Served, work: str, **query: int) -> tuple[dict[str, Any], NDArray[np.uint16]]:
    answer = served.client.get(f"/api/works/{work}/sources/map", params=query)
    assert answer.status_code == 200, answer.text
    length = int.from_bytes(answer.content[:4], "little")
    assert length % 4 == 0
    head = json.loads(answer.content[4 : 4 + length])
    return head, np.frombuffer(answer.content, "<u2", offset=4 + length).reshape(head["rows"], head["columns"], 3)


def test_the_small_map_says_what_the_whole_map_says(served: Served, made: dict[str, str]) -> None:
    for longest in (2048, 24):
        head, triplets = small_map(served, made["mashup"], longest=longest)
        assert {each["id"] for each in head["works"]} == {made["one"], made["two"]}
        for row, column in ((0, 0), (head["rows"] - 1, head["columns"] - 1), (head["rows"] // 2, head["columns"] // 3)):
            x = (2 * column + 1) * head["width"] // (2 * head["columns"])
            y = (2 * row + 1) * head["height"] // (2 * head["rows"])
            told = served.get(f"/api/works/{made['mashup']}/sources/at", x=x, y=y)["way"][0]
            number, across, down = triplets[row, column].tolist()
            assert (head["works"][number]["id"], across, down) == (told["work"], told["x"], told["y"])
    assert max(head["columns"], head["rows"]) == 24


def test_a_work_without_a_map_is_told_so(served: Served, made: dict[str, str]) -> None:
    answer = served.client.get(f"/api/works/{made['one']}/sources/map")
    assert answer.status_code == 404
    assert answer.json()["error"]["remedy"]


def test_what_a_change_would_affect(served: Served, made: dict[str, str]) -> None:
    graph = served.get(f"/api/works/{made['two']}/descendants/lineage")
    assert graph["total"] == 3
    assert {each["id"] for each in graph["works"]} == {made[name] for name in ("two", "mashup", "vary", "blend")}
    assert sorted(act["recipe"]["technique"] for act in graph["acts"]) == ["blend", "mashup", "vary"]
    assert set(graph["people"].values()) == {"Ada"}
    assert served.get(f"/api/works/{made['blend']}/descendants/lineage")["total"] == 0


def test_a_lineage_names_who_acted(served: Served, made: dict[str, str]) -> None:
    assert set(served.get(f"/api/works/{made['blend']}/lineage")["people"].values()) == {"Ada"}


def test_replay_says_how_near_it_came(served: Served, made: dict[str, str]) -> None:
    job = served.ended(served.post(f"/api/works/{made['mashup']}/replay", {}, 202)["job"]["id"])
    assert job["state"] == "done", job
    assert job["result"]["same"]
    assert job["result"]["same_sources"]


def test_a_work_from_outside_is_not_replayed(served: Served, made: dict[str, str]) -> None:
    answer = served.client.post(f"/api/works/{made['one']}/replay", json={})
    assert answer.status_code == 422
    assert "came from outside" in answer.json()["error"]["problem"]
