"""Write the generated pages: `python -m docs.build`, or verify them (--check), or make their pictures (--pictures)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs import pictures
from docs.licence_pages import licence_pages
from docs.markdown import WRITTEN
from docs.reference_pages import reference_pages
from docs.technique_pages import technique_pages

DOCS = Path(__file__).parent


def pages() -> dict[str, str]:
    """Return every generated page: its path below docs/, and its text."""
    return {**dict(technique_pages()), **dict(reference_pages()), **dict(licence_pages())}


def written(folder: Path = DOCS) -> Iterator[str]:
    """Yield the path of every generated page that is there, current or not."""
    for file in sorted(folder.rglob("*.md")):
        if file.read_text(encoding="utf-8").startswith(WRITTEN):
            yield file.relative_to(folder).as_posix()


def outdated(wanted: Mapping[str, str], folder: Path = DOCS) -> list[str]:
    """Name the pages that are missing, not as they would be written now, or about something that is gone."""
    changed = [path for path, text in wanted.items() if not _is(folder / path, text)]
    return sorted({*changed, *(path for path in written(folder) if path not in wanted)})


def write(wanted: Mapping[str, str], folder: Path = DOCS) -> list[str]:
    """Bring the pages up to date; returns those that were not."""
    paths = outdated(wanted, folder)
    for path in paths:
        file = folder / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            file.unlink()
    return paths


def main(arguments: list[str]) -> int:
    """Run; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; leave with 1 when a page is out of date")
    parser.add_argument("--pictures", action="store_true", help="make the pictures of the technique pages too")
    parser.add_argument("names", nargs="*", help="with --pictures: these techniques only")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        return _complain(outdated(pages()))
    for path in write(pages()):
        print(f"docs/{path}")
    if chosen.pictures:
        folder = DOCS / "techniques" / "pictures"
        for file in (*pictures.make(folder, chosen.names), *(() if chosen.names else pictures.make_method(folder))):
            print(file)
    return 0


def _complain(paths: list[str]) -> int:
    for path in paths:
        print(f"docs/{path} is out of date", file=sys.stderr)
    if paths:
        print("`python -m docs.build` writes them anew.", file=sys.stderr)
    return 1 if paths else 0


def _is(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
