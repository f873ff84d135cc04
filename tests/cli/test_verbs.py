"""The command line as an artist and as a script use it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from palimpsest.cli import main
from palimpsest.cli.entry import VERBS
from palimpsest.errors import Cancelled
from tests.cli.conftest import Palimpsest, painted


def test_add_prints_the_id_first_and_the_same_file_twice_is_one_work(palimpsest: Palimpsest, photo: Path) -> None:
    first, second = palimpsest("add", photo), palimpsest("add", photo)
    id = first.out.split()[0]
    assert len(id) == 64
    assert second.out.split()[0] == id
    assert palimpsest("--json", "works").json["total"] == 1


def test_what_is_said_later_holds_and_what_is_left_out_stays(palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo, "--title", "Cat", "--maker", "Ada", "--maker", "Grace", "--licence", "CC BY 4.0")
    id = palimpsest("--json", "works").json["works"][0]["id"]
    palimpsest("add", id[:8], "--title", "The cat", "--date", "1888")
    shown = palimpsest("--json", "show", id).json
    assert (shown["title"], shown["makers"], shown["date"]) == ("The cat", ["Ada", "Grace"], "1888")
    assert shown["terms"]["licence"] == "CC-BY-4.0"
    assert shown["terms"]["uses"]["imitate"] == "credit"


@pytest.mark.parametrize("query", ["katze", "KATZ", "grüne katze", "kat gru", "1888", "monet"])
def test_works_are_found_by_words_accents_and_beginnings(query: str, palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo, "--title", "Grüne Katze", "--maker", "Claude Monet", "--date", "1888")
    assert palimpsest("--json", "works", *query.split()).json["works"][0]["title"] == "Grüne Katze"
    assert palimpsest("--json", "works", "hund").json["works"] == []


def test_works_are_found_in_a_script_without_spaces(palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo, "--title", "具区林屋图")
    assert len(palimpsest("--json", "works", "林屋").json["works"]) == 1


@pytest.mark.parametrize("query", ['"', "*", "AND", "a OR b", "(", "title:x", "NEAR(a b)", "';--", "-"])
def test_words_are_never_read_as_a_query_language(query: str, palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo)
    assert palimpsest("--json", "works", "--", query).status == 0


def test_a_technique_answers_with_all_that_a_script_needs(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    answer = palimpsest("crop", photo, "--left", "0.25", "-o", out, "--json").json
    assert answer["works"][0]["file"] == str(out)
    assert out.read_bytes().startswith(b"\x89PNG")
    assert answer["contributions"] == [{"work": palimpsest("add", photo).out.split()[0], "share": 1.0}]
    assert not answer["reused"]
    assert answer["seconds"] >= 0
    assert palimpsest("crop", photo, "--left", "0.25", "--json").json["reused"]


def test_credits_lineage_and_their_forms(palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo, "--title", "Cat <3", "--maker", "Ada")
    id = palimpsest("--json", "crop", photo, "--left", "0.5").json["works"][0]["id"]
    credits = palimpsest("credits", id, "--format", "json").json
    assert credits["people"] == [{"name": "Ada", "share": 1.0}]
    assert sum(each["share"] for each in credits["works"]) == 1
    assert palimpsest("credits", id, "--format", "csv").out.splitlines()[0] == "kind,id,name,share"
    lineage = palimpsest("lineage", id, "--format", "json").json
    assert lineage["works"][0]["id"] == id
    assert lineage["depth"] == 1
    assert len(palimpsest("lineage", id).out.splitlines()) == 2
    svg = palimpsest("lineage", id, "--format", "svg").out
    assert svg.startswith("<svg")
    assert "Cat &lt;3" in svg


@pytest.mark.parametrize("words", [("lineage", "svg"), ("credits", "csv")])
def test_two_forms_at_once_are_refused(words: tuple[str, str], palimpsest: Palimpsest, photo: Path) -> None:
    said = palimpsest("--json", words[0], photo, "--format", words[1])
    assert (said.status, said.out) == (2, "")
    assert f"--json and --format {words[1]}" in said.err


def test_export_needs_a_statement_and_verify_notices_a_change(
    palimpsest: Palimpsest, photo: Path, tmp_path: Path
) -> None:
    id = palimpsest("--json", "crop", photo, "--left", "0.5").json["works"][0]["id"]
    out = tmp_path / "out.jpg"
    refused = palimpsest("export", id, "-o", out)
    assert refused.status == 3
    assert "publish" in refused.err
    assert "--licence" in refused.err
    assert not out.exists()
    palimpsest("add", photo, "--licence", "CC0")
    assert palimpsest("export", id, "-o", out).status == 0
    assert palimpsest("--json", "verify", out).json["intact"] is True
    out.write_bytes(out.read_bytes() + b" ")
    assert palimpsest("--json", "verify", out).json["intact"] is False


def test_an_exported_file_carries_no_metadata(palimpsest: Palimpsest, tmp_path: Path, shared: Path) -> None:
    tagged = next(file for file in sorted((shared / "hostile" / "pillow").iterdir()) if "exif" in file.name.lower())
    assert b"Exif" in tagged.read_bytes()
    added = palimpsest("--json", "add", tagged, "--licence", "CC0")
    out = tmp_path / "out.jpg"
    assert palimpsest("export", added.json["works"][0]["id"], "-o", out).status == 0
    assert b"Exif" not in out.read_bytes()


def test_refused_terms_stop_a_technique(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    style = tmp_path / "style.png"
    style.write_bytes(painted(5))
    palimpsest("add", style, "--title", "Mine", "--refuse", "imitate")
    said = palimpsest("stylize", photo, style)
    assert said.status == 3
    assert "Mine" in said.err
    assert "imitate" in said.err


def test_check_and_rebuild(palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("crop", photo, "--left", "0.5")
    before = [palimpsest("--json", "works").out, palimpsest("--json", "check").json["works"]]
    assert palimpsest("rebuild").status == 0
    assert [palimpsest("--json", "works").out, palimpsest("--json", "check").json["works"]] == before
    assert palimpsest("check", "--sample", "5%").status == 0


def test_techniques_and_engines_are_listed(palimpsest: Palimpsest) -> None:
    techniques = palimpsest("--json", "techniques").json["techniques"]
    assert {"crop", "stylize"} <= {each["name"] for each in techniques}
    engines = palimpsest("--json", "engines").json["engines"]
    ports = {port for each in techniques for port in each["engines"]}
    assert ports <= {each["port"] for each in engines}
    assert all(each["licence"] for each in engines)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert "Usage: palimpsest" in capsys.readouterr().out


def test_global_options_stand_anywhere(palimpsest: Palimpsest, photo: Path) -> None:
    assert json.loads(palimpsest("add", "--json", photo).out)["works"]
    assert json.loads(palimpsest("add", photo, "--json").out)["works"]


def test_importing_loads_nothing_heavy() -> None:
    script = (
        "import sys, palimpsest, palimpsest.cli\n"
        "heavy = {'numba', 'onnxruntime', 'onnx', 'cv2', 'numpy', 'sqlalchemy', 'pydantic', 'skimage', 'scipy'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


def test_the_studio_loads_no_engine_before_it_is_needed() -> None:
    script = (
        "import sys, palimpsest.studio.performing, palimpsest.studio.machines as machines\n"
        "machines.Machines().cards\n"
        "print(*sorted({'numba', 'onnxruntime', 'onnx', 'cv2'} & set(sys.modules)))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


def test_nothing_looks_for_another_machine(studio: Path, photo: Path, tmp_path: Path) -> None:
    """Every process, helpers included, dies when it so much as asks for an address or opens a connection."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "def hook(event, args):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname', 'urllib.Request'):\n"
        "        os.write(2, f'NETWORK {event} {args}'.encode()); os._exit(99)\n"
        "sys.addaudithook(hook)\n"
    )
    for words in (["stylize", photo, photo], ["study-weave", "--width", "64", "--height", "64"], ["check"], ["works"]):
        command = [sys.executable, "-m", "palimpsest", "--studio", str(studio), *map(str, words)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)},
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_leaves_the_studio_as_it_was(studio: Path) -> None:
    script = (
        f"import sys; from palimpsest.cli import main; sys.exit(main(['--studio', {str(studio)!r}, *sys.argv[1:]]))"
    )
    words = ["study-marbling", "--width", "6000", "--height", "6000"]
    process = subprocess.Popen([sys.executable, "-c", script, *words], stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    process.send_signal(2)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip() == str(Cancelled())
    assert not list((studio / "objects").rglob("*.png"))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_written_file_is_known_again_when_it_comes_back(
    suffix: str, palimpsest: Palimpsest, photo: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"out{suffix}"
    made = palimpsest("--json", "crop", photo, "--left", "0.5", "-o", out).json["works"][0]["id"]
    assert palimpsest("--json", "crop", out, "--top", "0.5").json["contributions"][0]["work"] == made
    assert palimpsest("--json", "verify", out).json["known"] == made


def test_a_fault_of_ours_is_told_calmly(palimpsest: Palimpsest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palimpsest.cli.collection.list_works", lambda *_: 1 // 0)
    said = palimpsest("works")
    assert said.status == 1
    assert said.err.startswith("A fault of ours: ZeroDivisionError")
    assert len(said.err.splitlines()) == 2


def test_a_studio_never_swallows_what_it_keeps_for_itself(palimpsest: Palimpsest, studio: Path, photo: Path) -> None:
    palimpsest("add", photo)
    (studio / "mine").mkdir()
    (studio / "mine" / "other.png").write_bytes(painted(9))
    assert palimpsest("add", studio).status == 0
    assert palimpsest("--json", "works").json["total"] == 2


def test_titles_do_not_grow_with_every_act(palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo, "--title", "The cat: a portrait")
    work = palimpsest("--json", "crop", photo, "--left", "0.1").json["works"][0]["id"]
    for _ in range(3):
        work = palimpsest("--json", "crop", work, "--left", "0.1").json["works"][0]["id"]
    assert palimpsest("--json", "show", work).json["title"] == "Crop: The cat: a portrait"


def test_the_file_one_began_with_is_not_written_over(palimpsest: Palimpsest, photo: Path) -> None:
    before = photo.read_bytes()
    said = palimpsest("crop", photo, "--left", "0.5", "-o", photo)
    assert said.status == 2
    assert "Choose another name" in said.err
    assert photo.read_bytes() == before


def test_a_strength_of_nothing_gives_the_content_back(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    style = tmp_path / "style.png"
    style.write_bytes(painted(5))
    answer = palimpsest("--json", "stylize", photo, style, "--strength", "0").json
    assert answer["contributions"] == [{"work": palimpsest("add", photo).out.split()[0], "share": 1.0}]
    assert answer["works"][0]["id"] == answer["contributions"][0]["work"]
