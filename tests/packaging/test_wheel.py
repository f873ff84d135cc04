"""What is packed: a source distribution that carries the pages, and from it, without Node and npm, the wheel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from hatch_build import ART, PAGES, npm_here

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 5_000_000
NOWHERE = {"npm_config_registry": "http://127.0.0.1:9", "npm_config_fetch_retries": "0"}
ASK = "import hatchling.build as build; print(build.get_requires_for_build_wheel())"


@dataclass(frozen=True)
class Packed:
    """The two files that were built, and what pip was asked to install for building the second."""

    sdist: Path
    wheel: Path
    wanted: str

    @property
    def in_sdist(self) -> list[str]:
        with tarfile.open(self.sdist) as file:
            return [name.partition("/")[2] for name in file.getnames()]

    @property
    def in_wheel(self) -> list[str]:
        return zipfile.ZipFile(self.wheel).namelist()


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """Build from what git knows, as a fresh clone would hold it."""
    _skip_without_npm()
    place = tmp_path_factory.mktemp("packed")
    clone, out = place / "clone", place / "out"
    _copy(_in_git(), clone)
    _run(["-m", "hatchling", "build", "-t", "sdist", "-d", str(out)], clone)
    sdist = next(out.glob("*.tar.gz"))
    shutil.unpack_archive(sdist, place, filter="data")
    unpacked = place / sdist.name.removesuffix(".tar.gz")
    without_node = {"PATH": _path_without_node(place / "bin"), **NOWHERE}
    wanted = _run(["-c", ASK], unpacked, without_node)
    _run(["-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], unpacked, without_node)
    return Packed(sdist, next(out.glob("*.whl")), wanted.strip())


@pytest.mark.slow
def test_the_source_distribution_carries_sources_and_pages(packed: Packed) -> None:
    names = packed.in_sdist
    for name in (
        "frontend/package-lock.json",
        "frontend/.npmrc",
        "hatch_build.py",
        f"{PAGES}/index.html",
        f"{ART}/works.json",
    ):
        assert name in names
    assert [name for name in names if "node_modules" in name] == []


@pytest.mark.slow
def test_who_installs_a_source_distribution_needs_no_node(packed: Packed) -> None:
    assert packed.wanted == "[]"
    made = [name for name in packed.in_sdist if name.startswith((PAGES, ART))]
    assert sorted(name for name in packed.in_wheel if name.startswith((PAGES, ART))) == sorted(
        name for name in made if not _is_folder(packed.sdist, name)
    )


@pytest.mark.slow
def test_the_wheel_holds_pages_art_and_their_licences_and_is_small(packed: Packed) -> None:
    names = packed.in_wheel
    for name in (f"{PAGES}/index.html", f"{PAGES}/licenses.md", f"{ART}/LICENSE"):
        assert name in names
    assert [name for name in names if name.startswith(f"{PAGES}/assets/")]
    assert [name for name in names if "node_modules" in name or name.startswith("frontend")] == []
    assert packed.wheel.stat().st_size < LARGEST


@pytest.mark.slow
def test_the_installed_wheel_finds_its_works_of_art(packed: Packed, tmp_path: Path) -> None:
    _run(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(tmp_path), str(packed.wheel)])
    ask = (
        "import json; from palimpsest.studio import starter_museum as museum; "
        "print(json.dumps([[each.title, (museum.FOLDER / each.file).stat().st_size] for each in museum.museum_works()]))"
    )
    found = json.loads(_run(["-c", ask], tmp_path, {"PYTHONPATH": str(tmp_path)}))
    assert len(found) == 47
    assert min(size for _, size in found) > 5_000


def test_the_lock_file_names_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert [name for name, each in packages.items() if "resolved" in each] == []
    assert [name for name, each in packages.items() if not each.get("integrity") and not each.get("inBundle")] == []


def _skip_without_npm() -> None:
    npm = npm_here()
    if npm is None:
        pytest.skip("no Node that fits is here")
    asked = subprocess.run(
        [npm, "view", "svelte", "version", "--fetch-retries=0"], capture_output=True, check=False, timeout=120
    )
    if asked.returncode:
        pytest.skip("npm does not reach its registry")


def _in_git() -> Sequence[str]:
    """Name every file that git knows or would take, and that is there."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is no git clone")
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def _copy(names: Sequence[str], folder: Path) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def _run(words: list[str], folder: Path = ROOT, more: dict[str, str] | None = None) -> str:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}
    ran = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


def _path_without_node(folder: Path) -> str:
    """Make a search path that holds what this one holds, but Node and what comes with it."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in sorted(Path(place).iterdir()) if Path(place).is_dir() else ():
            link = folder / program.name
            if program.stem not in ("node", "nodejs", "npm", "npx", "corepack") and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


def _is_folder(sdist: Path, name: str) -> bool:
    with tarfile.open(sdist) as file:
        return file.getmember(f"{sdist.name.removesuffix('.tar.gz')}/{name}").isdir()
