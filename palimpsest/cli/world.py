"""export, verify, identity."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.errors import Damaged, NotFound, UsageRefused
from palimpsest.studio.exporting import export as export_work
from palimpsest.studio.finding import home_studio, studio_folder, work_named
from palimpsest.studio.identity import (
    Keeping,
    closed,
    new_identity,
    passphrase_in,
    show_identity,
    take_identity,
)
from palimpsest.studio.previewing import preview as preview_export
from palimpsest.studio.stating import SHOWN, Wish
from palimpsest.studio.studio import Studio
from palimpsest.studio.terms import in_words
from palimpsest.studio.verifying import verify as verify_file


@click.command()
@click.argument("work")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; the suffix says which format.")
@click.option(
    "--show",
    type=click.Choice(list(SHOWN)),
    default="sources",
    show_default=True,
    help="Which works behind it are named: none, those from outside, or all, with small pictures.",
)
@click.option("--name", default="", metavar="NAME", help="Names you as its maker; else nobody who works here is named.")
@click.option("--commercial", is_flag=True, help="It is to be sold: terms that forbid that hold it back.")
@click.option("--preview", is_flag=True, help="Say what would be revealed and what left out, and write nothing.")
@pass_call
def export(call: Call, work: str, output: str, show: str, name: str, commercial: bool, preview: bool) -> None:
    """Write WORK for the world: pixels without metadata, signed, and beside them a statement of its lineage and credits."""
    with opened(call) as studio:
        wish = Wish(SHOWN[show], name.strip(), commercial, None if preview else _passphrase(Keeping.usual()))
        if preview:
            _previewed(call, studio, work_named(studio, work), Path(output), wish)
        else:
            _exported(call, studio, work_named(studio, work), Path(output), wish)


def _exported(call: Call, studio: Studio, work: str, file: Path, wish: Wish) -> None:
    done = export_work(studio, work, file, wish)
    owed = [each.value for each in done.permit.obligations]
    beside = [done.credentials] if done.credentials else []
    lines = [str(each) for each in (done.file, done.sidecar, *beside)]
    lines += [f"  owed to the sources: {in_words(done.permit)}"] if owed else []
    lines += [f"  left out: {each}" for each in done.removed]
    lines += [f"  {each}" for each in done.notes]
    value = {
        "file": str(done.file),
        "sidecar": str(done.sidecar),
        "credentials": str(done.credentials) if done.credentials else None,
        "obligations": owed,
        "signer": done.signer,
        "marked": done.marked,
        "removed": list(done.removed),
        "notes": list(done.notes),
    }
    call.answer(value, lines)


def _previewed(call: Call, studio: Studio, work: str, file: Path, wish: Wish) -> None:
    found = preview_export(studio, work, file, wish)
    owed = [each.value for each in found.permit.obligations]
    lines = ["It would reveal", *(f"  {each}" for each in found.reveals), "It would leave out"]
    lines += [f"  {each}" for each in found.strips] or ["  nothing: there is nothing to leave out"]
    lines += [f"  owed to the sources: {in_words(found.permit)}"] if owed else []
    lines.append("Nothing was written.")
    call.answer({"reveals": list(found.reveals), "strips": list(found.strips), "obligations": owed}, lines)


@click.command()
@click.argument("file")
@click.option("--of", "beside", metavar="WORK", help="Look for the mark of this work in a part or a turned copy of it.")
@pass_call
def verify(call: Call, file: str, beside: str | None) -> int:
    """Say what FILE's credentials and the statement beside it claim, whether they hold, and whether the studio knows it.

    Leaves with 5 when FILE is not what was signed or stated, or when its credentials contradict themselves.
    """
    with _studio_if_there(call) or nullcontext() as studio:
        if beside and studio is None:
            raise NotFound("studio", str(home_studio()), "`--of` needs the studio that the work is in: --studio DIR.")
        work = work_named(studio, beside) if beside and studio else None
        verdict = verify_file(studio, Path(file), beside=work)
        call.answer(verdict.as_json(), verdict.sentences)
        return Damaged.exit_status if verdict.sound is False else 0


@click.command()
@click.option("--new", is_flag=True, help="Make another identity; the one before it is kept aside.")
@click.option("--name", default="", metavar="NAME", help="With --new: the name on the certificate, for all to see.")
@click.option("--certificate", metavar="FILE", help="Take your own certificate, with whoever issued it (PEM).")
@click.option("--key", metavar="FILE", help="The private key of that certificate (PEM).")
@pass_call
def identity(call: Call, new: bool, name: str, certificate: str | None, key: str | None) -> None:
    """Show who signs your exports, or change it.

    PALIMPSEST_PASSPHRASE closes the private key of a new identity, and opens it again.
    """
    keeping = Keeping.usual()
    if (certificate is None) is not (key is None):
        raise UsageRefused("Expected a certificate and its key, but got only one of them.", "Give both files.")
    if (new and certificate) or (name and not new):
        raise UsageRefused("Expected --new (with --name), or --certificate with --key, but got a mixture.")
    if new:
        shown = new_identity(keeping, name, passphrase_in(os.environ))
    elif certificate and key:
        shown = take_identity(keeping, Path(certificate), Path(key), passphrase_in(os.environ))
    else:
        shown = show_identity(keeping)
    value = {**vars(shown), "folder": str(keeping.own), "closed": closed(keeping)}
    lines = [
        f"{shown.name}, vouched for by: {shown.issuer}; until {shown.until}",
        f"SHA-256 {shown.fingerprint}",
        f"{keeping.own}{' (closed by a passphrase)' if closed(keeping) else ''}",
    ]
    call.answer(value, lines)


def _passphrase(keeping: Keeping) -> str | None:
    """Return what opens the private key: from the environment, or asked for on a terminal."""
    given = passphrase_in(os.environ)
    if given or not closed(keeping) or not sys.stdin.isatty():
        return given
    asked: str = click.prompt("Passphrase of your private key", hide_input=True, err=True)
    return asked


def _studio_if_there(call: Call) -> Studio | None:
    """Open the studio that is meant; asking about a file is no reason to make one in the home folder."""
    folder = studio_folder(call.studio, os.environ, Path.cwd())
    try:
        return Studio.open(folder)
    except NotFound:
        if folder != home_studio():
            raise
        return None
