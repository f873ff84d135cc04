"""The way in: global options, the table of verbs, errors as one or two lines."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from palimpsest.cli.call import Call, printable
from palimpsest.craft.listing import packs, summary_in, technique_files
from palimpsest.errors import Cancelled, InputRefused, NotFound, PalimpsestError, UsageRefused

VERBS = {
    "init": ("collection", "A studio in a new folder, with the starter collection."),
    "add": ("collection", "Works from files or folders."),
    "works": ("collection", "List or search the works."),
    "show": ("collection", "A work's record, its terms, how it came to be."),
    "terms": ("rights", "What the maker allows, until when, and what came of it; or a new statement."),
    "lineage": ("memory", "What a work was made from, back to its roots."),
    "credits": ("crediting", "Each work's, person's and collection's share in a work, and what was done by hand."),
    "caption": ("crediting", "A caption that writes itself, for the wall."),
    "statement": ("crediting", "A one-page statement of authorship, for a gallery or a registrar."),
    "keep": ("crediting", "A work that you chose, among which others."),
    "reject": ("crediting", "Works that you set aside."),
    "sources": ("memory", "Which work, and which pixel of it, each pixel was copied from."),
    "originality": ("originality", "What a picture shares with its sources and with the whole studio."),
    "replay": ("memory", "Perform a work's act again and compare."),
    "export": ("world", "A work for the world: scrubbed and signed, with its statement beside it."),
    "wall": ("wall", "A work framed at true size, as a model for a telephone or a browser."),
    "verify": ("world", "What a file's credentials say, and whether they hold."),
    "identity": ("world", "Who signs your exports."),
    "audit": ("audit", "Who is in the collection, was used or suggested, and who is missing."),
    "techniques": ("catalogue", "What can be done, with every parameter."),
    "engines": ("catalogue", "The machines behind the techniques, with their cards."),
    "people": ("privacy", "Whom a work shows, and whether they agreed."),
    "privacy": ("privacy", "What personal data the studio holds, and where."),
    "forget": ("privacy", "Erase a work or a person for good, with a receipt."),
    "encrypt": ("privacy", "Encrypt the stored files with a passphrase."),
    "decrypt": ("privacy", "Take the encryption back."),
    "check": ("care", "Verify every object, record and permit."),
    "rebuild": ("care", "Make the index anew from the records."),
    "open": ("page", "The web studio, in your browser, on this computer alone."),
    "demo": ("tour", "The whole way, on real pictures."),
}
"""Every verb that is not a technique: the module of its command, and what it is for."""


class Verbs(click.Group):
    """The commands, each loaded when it is called: our verbs, then one for each technique."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List every verb."""
        del ctx
        return [*VERBS, *sorted((*technique_files(), *packs()))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a verb's command."""
        if cmd_name in VERBS:
            module = importlib.import_module(f"palimpsest.cli.{VERBS[cmd_name][0]}")
            command: click.Command = getattr(module, cmd_name, None) or getattr(
                module, f"{cmd_name}_"
            )  # open is Python's
            return command
        if cmd_name in self.list_commands(ctx):
            made: click.Command = importlib.import_module("palimpsest.cli.making").command(cmd_name)
            return made
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one may have been meant."""
        if args and args[0] not in self.list_commands(ctx):
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise NotFound("verb or technique", args[0], f"{hint}`palimpsest --help` lists all there are.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs by what they are about."""
        del ctx
        files = technique_files()
        studies = [name for name in files if name.startswith("study-")]
        others = [name for name in files if name not in studies]
        _section(formatter, "The studio", {name: summary for name, (_, summary) in VERBS.items()})
        _section(
            formatter, "Techniques", {name: summary_in(files[name]) for name in others} | dict.fromkeys(packs(), "")
        )
        _section(formatter, "Studies, which need no work", {name: summary_in(files[name]) for name in studies})


def _section(formatter: click.HelpFormatter, title: str, rows: dict[str, str]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(list(rows.items()))


@click.command(
    cls=Verbs,
    name="palimpsest",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="A WORK is an id, its first 6 or more digits, or an image file, which is then added. "
    "--studio and --json may stand anywhere.",
)
@click.option(
    "--studio", metavar="DIR", help="The studio; else $PALIMPSEST_STUDIO, a parent folder that is one, or yours."
)
@click.option("--json", is_flag=True, help="Answer with one JSON document.")
@click.version_option(package_name="palimpsest-studio", prog_name="palimpsest")
def palimpsest(studio: str | None, json: bool) -> None:
    """Make pictures that remember what they were made from."""
    del studio, json  # read by `_split`, wherever they stand; here for the help


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    try:
        call, rest = _split(sys.argv[1:] if arguments is None else list(arguments))
        status = palimpsest.main(args=rest or ["--help"], prog_name="palimpsest", standalone_mode=False, obj=call)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has heard enough
        return 0
    except (PalimpsestError, click.ClickException, click.Abort, KeyboardInterrupt, MemoryError, OSError) as error:
        return _said(error)
    except Exception as fault:
        if os.environ.get("PALIMPSEST_TRACEBACK"):
            raise
        return _said(PalimpsestError(f"A fault of ours: {type(fault).__name__}: {fault}".partition("\n")[0], _REPORT))
    # `add` and `check` answer and may still have something to complain of
    return status if isinstance(status, int) else 0


_REPORT = "Nothing was lost. PALIMPSEST_TRACEBACK=1 shows where it happened; please tell us."


def _said(error: BaseException) -> int:
    """Print an error as one or two lines and return the exit status."""
    told = _told(error)
    for line in (told.problem, told.remedy):
        if line:
            click.echo(printable(line), err=True)
    return told.exit_status


def _told(error: BaseException) -> PalimpsestError:
    """Say in our words what another library raised."""
    if isinstance(error, PalimpsestError):
        return error
    if isinstance(error, click.UsageError):
        hint = f"`{error.ctx.command_path} --help` shows how it is called." if error.ctx else ""
        return UsageRefused(error.format_message(), hint)
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return Cancelled()
    if isinstance(error, MemoryError):
        return InputRefused(
            "Expected enough memory for this picture, but there is not.", "Make it smaller and try again."
        )
    return InputRefused(f"Expected the system to do its part, but: {error}")


def _split(arguments: list[str]) -> tuple[Call, list[str]]:
    """Take --studio and --json out of the arguments, wherever they stand before a `--`."""
    studio: str | None = None
    json = False
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return Call(Path(studio) if studio else None, json), [*rest, word, *words]
        if word == "--json":
            json = True
        elif word == "--studio":
            studio = next(words, "")
        elif word.startswith("--studio="):
            studio = word.partition("=")[2]
        else:
            rest.append(word)
        if studio == "":
            raise UsageRefused("--studio: expected a folder, but got nothing.")
    return Call(Path(studio) if studio else None, json), rest
