"""The reference pages: errors, settings, commands, engines."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from docs.markdown import block, code, page, running, sentence, table
from docs.rights_pages import uses_and_licences
from docs.technique_pages import CATALOGUE, PROMISES, cards
from palimpsest import errors
from palimpsest.cli.entry import VERBS, palimpsest
from palimpsest.craft.ports import Card
from palimpsest.errors import PalimpsestError
from palimpsest.settings import PREFIX, settings

FOLDER = "reference"
Fault = type[PalimpsestError]


def reference_pages() -> Iterator[tuple[str, str]]:
    """Yield the path of each page below docs/, and its text."""
    yield f"{FOLDER}/errors.md", _errors()
    yield f"{FOLDER}/settings.md", _settings()
    yield f"{FOLDER}/commands.md", _commands()
    yield f"{FOLDER}/engines.md", _engines()
    yield f"{FOLDER}/uses-and-licences.md", uses_and_licences()


def kinds_of(fault: Fault) -> list[Fault]:
    """Return the errors that are directly of a kind, as they stand in the file."""
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__bases__ == (fault,)]


def _errors() -> str:
    found = [fault for _, fault in _drawn(PalimpsestError)]
    drawn = [
        f"{branch}{fault.__name__:<{28 - len(branch)}}{fault.exit_status:>3}"
        for branch, fault in _drawn(PalimpsestError)
    ]
    rows = [
        (
            code(fault.__name__),
            str(fault.exit_status),
            str(fault.http_status),
            sentence(fault.__doc__ or ""),
            _carries(fault),
        )
        for fault in found
    ]
    return page(
        "Errors",
        "An error is one or two lines: what was expected, what came, and what to do about it. The command line prints them "
        "and leaves with the exit status. `problem` and `remedy` hold the two lines in Python.",
        block("text", f"{'':<27}exit", *drawn),
        table(("error", "exit", "HTTP", "meaning", "carries"), rows),
        "Exit status 0 means done. Where a command does several things, as `add` does with several files, the highest "
        "status of them is its own.",
    )


def _drawn(fault: Fault, branch: str = "", below: str = "") -> Iterator[tuple[str, Fault]]:
    """Yield the tree's branches as they are drawn, each with its error."""
    yield branch, fault
    kinds = kinds_of(fault)
    for kind in kinds:
        last = kind is kinds[-1]
        lead = f"{below}{'└── ' if last else '├── '}"
        yield from _drawn(kind, lead, f"{below}{'    ' if last else '│   '}")


def _carries(fault: Fault) -> str:
    own = inspect.signature(fault.__init__).parameters if "__init__" in vars(fault) else {}
    return ", ".join(code(name) for name in own if name != "self")


def _settings() -> str:
    rows = [
        (code(each.name), code(PREFIX + each.name.upper()), str(each.default), str(each.least), each.help)
        for each in settings()
    ]
    return page(
        "Settings",
        "Whole numbers, read from the environment when a command starts. In Python: "
        "`Studio.open(folder, Settings(threads=2))`.",
        table(("setting", "in the environment", "default", "least", "what it does"), rows),
        "`PALIMPSEST_STUDIO` names the studio that is meant when `--studio` does not.",
    )


def _commands() -> str:
    return page(
        "Commands",
        "A WORK is an id, its first six or more digits, or an image file, which is then added. `--studio DIR` and `--json` "
        "may stand anywhere: the one says which studio, the other asks for one JSON document.",
        *(part for verb in VERBS for part in _verb(verb)),
        "## The techniques",
        "Each technique is a command of its own name; its page says what it takes.",
        "\n".join(f"- [{name}](../techniques/{name}.md): {CATALOGUE.summary(name)}" for name in CATALOGUE.names),
    )


def _verb(verb: str) -> list[str]:
    with click.Context(palimpsest, info_name="palimpsest") as above:
        command = _command(verb, above)
        with click.Context(command, info_name=verb, parent=above) as context:
            usage = f"{context.command_path} {' '.join(command.collect_usage_pieces(context))}"
            options = [each for each in command.params if isinstance(each, click.Option)]
            rows = [(code((each.get_help_record(context) or ("",))[0]), _meaning(each)) for each in options]
    words = running(inspect.cleandoc(command.help or ""))
    return [f"## {verb}", words, block("text", usage), table(("option", "meaning"), rows)]


def _command(verb: str, above: click.Context) -> click.Command:
    assert isinstance(palimpsest, click.Group)
    command = palimpsest.get_command(above, verb)
    assert command is not None
    return command


def _meaning(option: click.Option) -> str:
    default = f"Default: {option.default}." if option.show_default else ""
    needed = "Must be given." if option.required else ""
    words = sentence(option.help or f"The work's {option.name}.")
    return " ".join(part for part in (words, default, needed) if part)


def _engines() -> str:
    return page(
        "Engines",
        "An [engine](../words/engine.md) is a model or a numerical machine that a technique may ask for. "
        "`palimpsest engines` prints these cards.",
        *(part for card in cards().values() for part in _card(card)),
    )


def _card(card: Card) -> list[str]:
    rows = [
        ("port", code(card.port)),
        ("version", str(card.version)),
        ("licence", card.licence),
        ("source", card.source),
        ("trained on", card.trained_on),
        ("replay", f"{card.grade.value}: {PROMISES[card.grade]}"),
        *((f"weights {code(file)}", f"SHA-256 {code(digest)}") for file, digest in card.weights),
    ]
    return [f"## {card.name}", card.summary, table(("", ""), rows)]
