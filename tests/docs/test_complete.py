"""Everything that can be named has its place in the documentation, and the generated pages are current."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import pytest

from docs import build
from docs.build import outdated, pages, write
from docs.licence_pages import packages
from docs.technique_pages import CATALOGUE, cards
from palimpsest import errors
from palimpsest.cli.entry import VERBS
from palimpsest.errors import PalimpsestError
from palimpsest.ethics.licences import LICENCES
from palimpsest.lineage.records import Obligation, Use
from palimpsest.settings import PREFIX, settings
from tests.docs.fences import DOCS

README = DOCS.parent / "README.md"
PAGES = sorted(DOCS.rglob("*.md"))
WORDS = (
    *("work", "technique", "engine", "recipe", "act", "evidence", "source-map"),
    *("terms", "use", "permit", "lineage", "credits", "profile"),
)
FAULTS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PalimpsestError)]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def _text(path: str) -> str:
    return (DOCS / path).read_text(encoding="utf-8")


@cache
def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@cache
def _wanted() -> dict[str, str]:
    return pages()


def test_the_generated_pages_are_current() -> None:
    assert outdated(_wanted()) == [], "python -m docs.build writes them anew"


def test_a_page_that_is_out_of_date_is_named_and_written_anew(tmp_path: Path) -> None:
    write(_wanted(), tmp_path)
    assert outdated(_wanted(), tmp_path) == []
    (tmp_path / "licences.md").write_text("old", encoding="utf-8")
    gone = tmp_path / "techniques" / "gone.md"
    gone.write_text(_wanted()["techniques/crop.md"], encoding="utf-8")
    assert outdated(_wanted(), tmp_path) == ["licences.md", "techniques/gone.md"]
    assert write(_wanted(), tmp_path) == ["licences.md", "techniques/gone.md"]
    assert not gone.exists()


def test_check_complains_by_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(build, "pages", lambda: {**_wanted(), "techniques/new.md": "new"})
    assert build.main(["--check"]) == 1
    assert "docs/techniques/new.md is out of date" in capsys.readouterr().err


@pytest.mark.parametrize("name", CATALOGUE.names)
def test_a_technique_has_its_page(name: str) -> None:
    technique = CATALOGUE.get(name)
    text = _text(f"techniques/{name}.md")
    assert technique.summary in text
    for parameter in technique.parameters.model_fields:
        assert f"`--{parameter.replace('_', '-')}`" in text
    for role in technique.roles:
        assert f"`{role.name}`" in text
    assert f"({name}.md)" in _text("techniques/index.md")
    assert f"(../techniques/{name}.md)" in _text("reference/commands.md")


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_its_place(verb: str) -> None:
    assert f"\n## {verb}\n" in _text("reference/commands.md")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_error_has_its_place(fault: type[PalimpsestError]) -> None:
    assert f"| `{fault.__name__}` | {fault.exit_status} | {fault.http_status} |" in _text("reference/errors.md")


def test_the_tree_of_errors_is_the_one_that_the_code_draws() -> None:
    assert _names(errors.__doc__ or "") == _names(_text("reference/errors.md").partition("| error")[0])


def _names(drawing: str) -> list[str]:
    known = {fault.__name__ for fault in FAULTS}
    return [word for line in drawing.splitlines() for word in re.findall(r"^[│├└─\s]*(\w+)", line) if word in known]


def test_every_setting_has_its_place() -> None:
    for setting in settings():
        assert f"`{PREFIX}{setting.name.upper()}` | {setting.default}" in _text("reference/settings.md")


def test_every_licence_use_and_obligation_has_its_place() -> None:
    text = _text("reference/uses-and-licences.md")
    for name in (*LICENCES, *Use, *Obligation):
        assert f"\n| {name} |" in text


def test_every_engine_has_its_card_and_every_weight_its_licence() -> None:
    for card in cards().values():
        assert f"## {card.name}\n" in _text("reference/engines.md")
        for field in dataclasses.fields(card):
            value = getattr(card, field.name)
            assert not isinstance(value, str) or value in _text("reference/engines.md")
        assert all(f"`{file}`" in _text("licences.md") for file, _ in card.weights)


def test_every_package_that_is_needed_states_its_licence() -> None:
    found = packages()
    assert {"numpy", "pydantic", "pydantic-core"} <= {each.name for each in found}
    assert [each.name for each in found if each.licence == "not stated"] == []
    assert "pytest" not in {each.name for each in found}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_has_its_page(word: str) -> None:
    text = _text(f"words/{word}.md")
    assert text.startswith(f"# {word.replace('-', ' ').capitalize()}\n")
    assert f"({word}.md)" in _text("words/index.md")
    if word != "profile":
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["In the folder", "In Python", "On the command line"]


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    notes = sorted((DOCS / "decisions").glob("20*.md"))
    assert len(notes) >= 12
    for note in notes:
        text = note.read_text(encoding="utf-8")
        assert f"]({note.name})" in _text("decisions/index.md")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), note.name


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda page: page.relative_to(DOCS.parent).as_posix())
def test_every_relative_link_resolves(page: Path) -> None:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert not anchor or anchor in _anchors(target), link


def test_every_page_can_be_reached_from_the_first() -> None:
    seen: set[Path] = set()
    waiting = [README]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        links = (
            each.partition("#")[0] for each in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in each
        )
        waiting += [(page.parent / link).resolve() for link in links if link]
    assert sorted(seen - {README}) == PAGES
