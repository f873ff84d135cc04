"""The server does what it says: to programs with its token, on a real studio, in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from websockets.sync.client import connect

from palimpsest.studio import Studio, check, plan
from palimpsest.studio.adding import add_bytes
from tests.cli.conftest import painted
from tests.web.served import Served, heard, serve


@pytest.fixture(scope="module")
def works() -> list[str]:
    return []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, works: list[str]) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "studio"
    with Studio.create(folder, "Ada") as place:
        works += [add_bytes(place, painted(number), f"work {number}.png")[0] for number in range(3)]
    with serve(folder) as running:
        yield running


def test_works_come_page_by_page(served: Served, works: list[str]) -> None:
    listed = served.get("/api/works")
    assert {each["id"] for each in listed["works"]} >= set(works)
    assert served.get("/api/works", offset=1, limit=1)["works"] == listed["works"][1:2]
    ratios = served.get("/api/works/ratios")["ratios"]
    assert ratios == [each["width"] * 100 // each["height"] for each in listed["works"]]


def test_the_bin_hides_and_erases_nothing(served: Served, works: list[str]) -> None:
    before = served.get("/api/works")["total"]
    served.post("/api/bin", {"works": works[:1], "place": "bin"})
    assert served.get("/api/works")["total"] == before - 1
    assert [each["id"] for each in served.get("/api/works", binned=True)["works"]] == works[:1]
    assert served.client.get(f"/api/works/{works[0]}/file").status_code == 200
    served.post("/api/bin", {"works": works[:1], "place": "wall"})
    assert served.get("/api/works")["total"] == before


def test_http_makes_the_recipe_that_python_makes(served: Served, works: list[str]) -> None:
    asked = {"inputs": {"work": [works[0]]}, "parameters": {"left": 0.25}, "typed": ["left"]}
    job = served.ended(served.post("/api/techniques/crop", asked, 202)["job"]["id"])
    assert job["state"] == "done", job
    with Studio.open(served.folder) as place:
        planned = plan(place, "crop", {"work": [works[0]]}, {"left": 0.25})
    assert job["result"]["recipe"] == planned.recipe.digest
    assert served.get(f"/api/works/{job['result']['works'][0]}")["origin"]["hands"] == [
        {"doing": "typed", "what": "left", "seconds": None}
    ]


def test_a_preview_leaves_no_trace(served: Served, works: list[str]) -> None:
    before = served.get("/api/works")["total"], served.get("/api/jobs")
    answer = served.client.post("/api/techniques/adjust/preview", json={"inputs": {"work": [works[0]]}, "longest": 32})
    assert answer.status_code == 200, answer.text
    assert max(Image.open(BytesIO(answer.content)).size) == 32
    assert (served.get("/api/works")["total"], served.get("/api/jobs")) == before


@pytest.mark.parametrize(
    ("technique", "asked", "status"),
    [
        ("crop", {"inputs": {"work": ["f" * 64]}}, 404),
        ("crop", {"inputs": {"work": ["/etc/passwd"]}}, 422),
        ("nothing", {"inputs": {}}, 404),
        ("crop", {"inputs": {}}, 422),
        ("crop", {"inputs": {}, "parameters": {"left": 7}}, 422),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(served: Served, technique: str, asked: object, status: int) -> None:
    error = served.post(f"/api/techniques/{technique}", asked, status)["error"]
    assert error["problem"]


def test_terms_hold_here_too(served: Served, works: list[str]) -> None:
    served.post(f"/api/works/{works[2]}/said", {"refuse": ["imitate"]})
    asked = {"inputs": {"content": [works[0]], "styles": [works[2]]}}
    for path in ("/api/techniques/stylize", "/api/techniques/stylize/preview"):
        assert "refused" in served.post(path, asked, 403)["error"]["problem"]


def test_a_page_hears_what_the_command_line_does(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "from the shell.png"
    file.write_bytes(painted(77))
    headers = {"Authorization": served.client.headers["authorization"]}
    with connect(f"ws://127.0.0.1:{served.port}/api/events", additional_headers=headers) as one:
        assert heard(one, "hello")["studio"] == "studio"
        with connect(f"ws://127.0.0.1:{served.port}/api/events", additional_headers=headers) as two:
            heard(two, "hello")
            command = [sys.executable, "-m", "palimpsest", "--studio", str(served.folder), "add", str(file)]
            subprocess.run(command, check=True, capture_output=True)
            heard(one, "changed")
            heard(two, "changed")
    assert served.get("/api/works", words="shell")["total"] == 1


def test_a_job_that_is_cancelled_writes_nothing(served: Served) -> None:
    before = served.get("/api/works")["total"]
    asked = {"parameters": {"width": 4000, "height": 4000}, "seed": 5}
    job = served.post("/api/techniques/study-watercolour", asked, 202)["job"]["id"]
    assert served.client.delete(f"/api/jobs/{job}").status_code == 200
    assert served.ended(job)["state"] in ("cancelled", "failed")
    assert served.get("/api/works")["total"] == before
    small = {"parameters": {"width": 64, "height": 64}}
    after = served.ended(served.post("/api/techniques/study-mosaic", small, 202)["job"]["id"])
    assert after["state"] == "done", after  # the lane goes on, with a new process if need be


def test_a_server_that_is_killed_leaves_a_whole_studio(tmp_path: Path) -> None:
    with Studio.create(tmp_path / "studio", "Ada"):
        pass
    with serve(tmp_path / "studio") as running:
        asked = {"parameters": {"width": 2000, "height": 2000}}
        running.post("/api/techniques/study-mosaic", asked, 202)
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait(20)
        port = running.port
    with Studio.open(tmp_path / "studio") as place:
        assert check(place).whole
    with serve(tmp_path / "studio", port) as again:
        (resumed,) = again.get("/api/jobs")["jobs"]
        assert resumed["resumed"]
        done = again.ended(resumed["id"])
        assert done["state"] == "done", done
        assert again.get("/api/studio")["works"] == 1
    with serve(tmp_path / "studio", port) as later:
        assert later.get("/api/jobs")["jobs"] == []


def test_it_listens_on_this_computer_alone(served: Served) -> None:
    others = [each for each in _addresses() if not each.startswith("127.")]
    for address in others:
        with socket.socket() as one:
            one.settimeout(2)
            assert one.connect_ex((address, served.port)) != 0, address


def _addresses() -> list[str]:
    return sorted({str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)})
