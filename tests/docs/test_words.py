"""The examples of the pages on words are run, in the little studio that their first page makes."""

from __future__ import annotations

import doctest
import io
import json
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from palimpsest.cli import main
from palimpsest.lineage.records import Evidence, read_record, recipe_from
from tests.docs.fences import DOCS, blocks, commands, keeps

WORDS = sorted(page for page in (DOCS / "words").glob("*.md") if page.stem != "index")


def _run(page: Path, names: dict[str, Any]) -> None:
    """Run every Python example of a page; what it defines is added to the names."""
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    said = io.StringIO()
    for block in blocks(page, "pycon"):
        test = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), 0)
        runner.run(test, out=said.write, clear_globs=False)
        names.update(test.globs)
    assert runner.failures == 0, said.getvalue()


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Make the little studio, and go where it is."""
    patch = pytest.MonkeyPatch()
    patch.chdir(tmp_path_factory.mktemp("words"))
    names: dict[str, Any] = {"__name__": "__main__"}
    _run(DOCS / "words" / "index.md", names)
    yield names
    names["studio"].close()
    patch.undo()


@pytest.fixture
def names(little: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Give each page a copy of the little studio, so that no page depends on another."""
    here = Path.cwd()
    shutil.copytree(here, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    monkeypatch.setenv("PALIMPSEST_STUDIO", "little-studio")
    studio = type(little["studio"]).open(Path("little-studio"))
    with studio:
        yield {**little, "studio": studio}


@pytest.mark.parametrize("page", WORDS, ids=lambda page: page.stem)
def test_examples_do_what_they_say(page: Path, names: dict[str, Any]) -> None:
    _run(page, names)
    for each in commands(page):
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            status = main(shlex.split(each.line)[1:])
        assert status == 0, said.getvalue()
        assert keeps(each.promised, said.getvalue()), f"$ {each.line}\n{said.getvalue()}"


@pytest.mark.parametrize("page", WORDS, ids=lambda page: page.stem)
def test_records_that_are_shown_are_records(page: Path) -> None:
    for text in blocks(page, "json"):
        value = json.loads(text)
        if "technique" in value:
            record: BaseModel = recipe_from(value)
        elif "kind" in value:
            record = read_record(text)
        else:
            record = Evidence.model_validate(value)
        kept = record.model_dump(mode="json", exclude_defaults=True)
        assert kept == {key: each for key, each in value.items() if key != "kind"}, "packs leave defaults out"
