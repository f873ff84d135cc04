"""The build hook: when it makes the pages, with which Node, and what it says when it cannot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from hatch_build import CustomBuildHook, digest_of, fits, fresh, make, skipped

posix = pytest.mark.skipif(sys.platform == "win32", reason="programs are stood in for by shell scripts")

GOOD_NPM = """
case "$1" in
  ci) mkdir -p node_modules; echo "$@" > node_modules/asked ;;
  run) mkdir -p ../palimpsest/web/pages ../palimpsest/studio/starter_art
       echo page > ../palimpsest/web/pages/index.html; echo '[]' > ../palimpsest/studio/starter_art/works.json ;;
esac
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project whose pages were not made yet."""
    sources = tmp_path / "project" / "frontend"
    (sources / "src").mkdir(parents=True)
    (sources / "package.json").write_text("{}\n")
    (sources / ".npmrc").write_text("ignore-scripts=true\n")
    (sources / "src" / "main.ts").write_text("one\ntwo\n")
    return tmp_path / "project"


def hook(root: Path) -> CustomBuildHook:
    """Return the hook as hatchling makes it; of what it is given only the root matters here."""
    nothing: Any = None
    return CustomBuildHook(str(root), {}, nothing, nothing, str(root / "dist"), "wheel")


def programs(folder: Path, node: str | None, npm: str = GOOD_NPM) -> str:
    """Write a node that says this version, and an npm; returns the search path on which nothing else of the kind is."""
    folder.mkdir()
    scripts = {} if node is None else {"node": f"echo {node}", "npm": npm}
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    for name in ("sh", "mkdir", "echo"):
        found = next((place / name for place in (Path("/bin"), Path("/usr/bin")) if (place / name).is_file()), None)
        if found:
            (folder / name).symlink_to(found)
    return str(folder)


def test_the_digest_is_of_the_sources_alone(root: Path) -> None:
    sources = root / "frontend"
    before = digest_of(sources)
    for generated in ("node_modules/a/index.js", "src/node_modules/b.js", "dist/page.html"):
        (sources / generated).parent.mkdir(parents=True, exist_ok=True)
        (sources / generated).write_text("made")
    (sources / "tsconfig.tsbuildinfo").write_text("made")
    (sources / "src" / "main.ts").write_bytes(b"one\r\ntwo\r\n")
    assert digest_of(sources) == before


@pytest.mark.parametrize("change", ["src/main.ts", "src/more.ts", ".npmrc", "package.json"])
def test_whatever_changes_among_the_sources_changes_the_digest(root: Path, change: str) -> None:
    sources = root / "frontend"
    before = digest_of(sources)
    with (sources / change).open("a") as file:
        file.write("more\n")
    assert digest_of(sources) != before


def test_a_file_that_moves_changes_the_digest(root: Path) -> None:
    sources = root / "frontend"
    before = digest_of(sources)
    (sources / "src" / "main.ts").rename(sources / "main.ts")
    assert digest_of(sources) != before


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v18.20.4", False),
        ("v20.18.0", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.0.0", True),
        ("v100.0.0", True),
        ("", False),
        ("node: not found", False),
    ],
)
def test_which_node_can_build(version: str, expected: bool) -> None:
    assert fits(version) is expected


@posix
@pytest.mark.parametrize(("node", "asked"), [(None, True), ("v18.1.0", True), ("v20.19.0", False), ("v24.1.0", False)])
def test_node_is_asked_for_where_none_is_that_fits(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str | None, asked: bool
) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", node))
    assert hook(root).dependencies() == ([hatch_build.NODE] if asked else [])


@posix
def test_pages_are_made_once_and_again_when_their_sources_change(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", "v22.12.0"))
    data: dict[str, Any] = {"artifacts": []}
    hook(root).initialize("standard", data)
    assert data["artifacts"] == ["/palimpsest/web/pages/", "/palimpsest/studio/starter_art/"]
    assert fresh(root)
    monkeypatch.setenv("PATH", programs(tmp_path / "none", None))
    assert hook(root).dependencies() == []
    hook(root).initialize("standard", {"artifacts": []})  # no npm is there, and none is needed
    (root / "frontend" / "src" / "main.ts").write_text("three\n")
    assert not fresh(root)
    assert hook(root).dependencies() == [hatch_build.NODE]


@posix
@pytest.mark.parametrize(("version", "everything"), [("standard", False), ("editable", True)])
def test_the_tools_of_the_tests_are_installed_for_who_develops(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, everything: bool
) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", "v22.12.0"))
    hook(root).initialize(version, {"artifacts": []})
    asked = (root / "frontend" / "node_modules" / "asked").read_text(encoding="utf-8")
    assert ("--omit=dev" not in asked) is everything


@posix
def test_what_a_source_distribution_carries_is_taken_as_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", "v22.12.0"))
    make(root)
    (root / "PKG-INFO").write_text("Metadata-Version: 2.4\n")
    (root / "frontend" / "src" / "main.ts").unlink()
    assert fresh(root)
    (root / "palimpsest" / "web" / "pages" / "index.html").unlink()
    assert not fresh(root)


@posix
@pytest.mark.parametrize("fails", ["ci", "run"])
def test_a_build_that_fails_says_why_and_the_way_out_and_leaves_no_stamp(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", "v22.12.0"))
    make(root)
    (root / "frontend" / "src" / "main.ts").write_text("three\n")
    broken = f'if [ "$1" = {fails} ]; then exit 1; fi\n{GOOD_NPM}'
    monkeypatch.setenv("PATH", programs(tmp_path / "broken", "v22.12.0", broken))
    with pytest.raises(SystemExit) as refused:
        hook(root).initialize("standard", {"artifacts": []})
    words = str(refused.value)
    assert "\n" not in words
    assert "PALIMPSEST_WEB=skip" in words
    assert ("registry" in words) is (fails == "ci")
    assert not (root / hatch_build.STAMP).exists()


@posix
def test_a_build_without_works_of_art_is_no_build(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = "mkdir -p ../palimpsest/web/pages; echo page > ../palimpsest/web/pages/index.html"
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", "v22.12.0", npm))
    with pytest.raises(SystemExit, match=r"works\.json is not there"):
        make(root)
    assert not fresh(root)


@posix
def test_skipped_pages_are_neither_made_nor_packed(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", None))
    monkeypatch.setenv("PALIMPSEST_WEB", "skip")
    data: dict[str, Any] = {"artifacts": []}
    hook(root).initialize("standard", data)
    assert data == {"artifacts": []}
    assert hook(root).dependencies() == []
    assert skipped({"PALIMPSEST_WEB": "skip"})
    assert not skipped({"PALIMPSEST_WEB": ""})
    assert not skipped({})
