"""Rights over the wire: credits as files, an export taken apart and verified, originality, and the framed work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from palimpsest.studio import Studio
from palimpsest.studio.adding import add_bytes
from tests.cli.conftest import painted
from tests.web.served import Served, serve


@pytest.fixture(scope="module")
def works() -> list[str]:
    return []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, works: list[str]) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("rights") / "studio"
    with Studio.create(folder, "Ada") as place:
        works += [add_bytes(place, painted(number), f"=work {number}.png")[0] for number in range(3)]
    with serve(folder) as running:
        running.post(f"/api/works/{works[0]}/said", {"licence": "CC-BY-SA-4.0"})
        running.post(f"/api/works/{works[2]}/said", {"refuse": ["publish"]})
        yield running


@pytest.mark.parametrize(
    ("form", "begins"), [("text", "=work 0"), ("json", "{"), ("csv", "kind,"), ("html", "<!doctype")]
)
def test_credits_are_files_to_save(served: Served, works: list[str], form: str, begins: str) -> None:
    answer = served.client.get(f"/api/works/{works[0]}/credits/file", params={"form": form})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="work-0-credits.')
    assert answer.text.lower().startswith(begins.lower())


def test_terms_have_a_last_day(served: Served, works: list[str]) -> None:
    served.post(f"/api/works/{works[1]}/said", {"allow": ["learn"], "until": "2999-12-31"})
    found = served.get(f"/api/works/{works[1]}/terms")
    assert (found["uses"]["learn"]["grant"], found["uses"]["learn"]["until"]) == ("allowed", "2999-12-31")
    assert found["history"][-1]["until"] == "2999-12-31"


def test_an_export_is_what_its_preview_said_and_verifies(served: Served, works: list[str]) -> None:
    wanted = {"format": "png", "name": "Ada Lind"}
    told = served.post(f"/api/works/{works[0]}/export/preview", wanted)
    assert "maker: Ada Lind" in told["reveals"]
    parts = _parts(served, works[0], wanted)
    file, statement = parts["file"], parts["statement"]
    assert json.loads(parts["about"])["owed"] == told["owed"]
    said = _verified(served, file + statement, name="back.png", statement=len(statement))
    assert (said["file"], said["intact"], said["sound"], said["known"]) == ("back.png", True, True, works[0])
    assert "not the file" not in " ".join(said["sentences"])


def test_a_changed_file_is_told_from_the_signed_one(served: Served, works: list[str]) -> None:
    file = bytearray(_parts(served, works[0], {"format": "jpg"})["file"])
    file[-200] ^= 1
    assert _verified(served, bytes(file), name="changed.jpg")["sound"] is False


def test_more_statement_than_came_is_refused_in_words(served: Served) -> None:
    answer = served.client.post("/api/verify", params={"statement": 10}, content=b"short")
    assert answer.status_code < 500
    assert "more than came" in answer.json()["error"]["problem"]


def test_a_refused_export_says_why_before_and_when_it_is_asked_for(served: Served, works: list[str]) -> None:
    assert "publish" in served.post(f"/api/works/{works[2]}/export/preview", {})["refused"]["problem"]
    answer = served.client.post(f"/api/works/{works[2]}/export", json={})
    assert 400 <= answer.status_code < 500
    assert "publish" in answer.json()["error"]["problem"]


def test_originality_is_said_in_words_and_drawn(served: Served, works: list[str]) -> None:
    job = served.ended(served.post(f"/api/works/{works[0]}/originality", {}, 202)["job"]["id"])
    assert job["state"] == "done", job
    assert job["result"]["compared"] == len(works) - 1
    assert all(each["in_figures"] for each in job["result"]["likenesses"])
    drawn = served.client.get(f"/api/works/{works[0]}/overlap")
    assert (drawn.headers["content-type"], drawn.content[8:12]) == ("image/webp", b"WEBP")


@pytest.mark.parametrize(("kind", "begins"), [("glb", b"glTF"), ("usdz", b"PK\x03\x04")])
def test_a_work_is_framed_at_the_size_that_was_asked(
    served: Served, works: list[str], kind: str, begins: bytes
) -> None:
    shown = served.client.get(f"/api/works/{works[0]}/wall.{kind}", params={"frame": "thin", "width_mm": 300})
    about = json.loads(shown.headers["x-model"])
    assert (about["width_mm"], about["basis"]) == (300, "asked")
    assert shown.content.startswith(begins)
    assert about["outer_m"][0] > 0.3
    sent = served.client.post(f"/api/works/{works[0]}/wall", params={"kind": kind, "frame": "thin", "width_mm": 300})
    assert sent.content == shown.content


def test_nothing_is_left_of_what_was_verified(served: Served, tmp_path: Path) -> None:
    before = served.get("/api/works")["total"]
    _verified(served, painted(9), name="../../escape.png")
    assert served.get("/api/works")["total"] == before
    assert not list(tmp_path.parent.rglob("escape.png"))


def _verified(served: Served, body: bytes, **query: str | int) -> Any:  # noqa: ANN401 - JSON
    headers = {"content-type": "application/octet-stream"}
    answer = served.client.post("/api/verify", params=query, content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _parts(served: Served, work: str, wanted: dict[str, Any]) -> dict[str, bytes]:
    answer = served.client.post(f"/api/works/{work}/export", json=wanted)
    assert answer.status_code == 200, answer.text
    whole = message_from_bytes(b"content-type: " + answer.headers["content-type"].encode() + b"\r\n\r\n")
    border = whole.get_boundary() or ""
    parts = {}
    for piece in answer.content.split(f"--{border}".encode())[1:-1]:
        head, _, body = piece.partition(b"\r\n\r\n")
        parts[head.split(b'name="')[1].split(b'"')[0].decode()] = body.removesuffix(b"\r\n")
    return parts
