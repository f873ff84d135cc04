"""people, privacy, forget, encrypt, decrypt."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.cli.waiting import waiting
from palimpsest.errors import NotFound, UsageRefused
from palimpsest.lineage.records import Portrayal
from palimpsest.studio.finding import check_new_file, known_work, studio_folder, work_named
from palimpsest.studio.forgetting import Plan, plan_person, plan_works, receipt_lines, remedy_for_pictures
from palimpsest.studio.forgetting import forget as forget_plan
from palimpsest.studio.locking import check_is_studio, locked
from palimpsest.studio.locking import decrypt as decrypt_studio
from palimpsest.studio.locking import encrypt as encrypt_studio
from palimpsest.studio.performing import standing_title
from palimpsest.studio.portraying import CONSENTS, cannot_look, look_at, portray, portrayals, scan, shows_people
from palimpsest.studio.privacy import counted, holding, holding_json, holding_lines, write_archive
from palimpsest.studio.resembling import faces_like as works_with_faces_like
from palimpsest.studio.studio import PASSPHRASE, Studio
from palimpsest.studio.writing import write_text


@click.command()
@click.argument("work", required=False)
@click.option("--name", "names", multiple=True, metavar="NAME", help="Whom it shows; repeat for several.")
@click.option("--consent", type=click.Choice(CONSENTS), help="Whether they agreed to be shown.")
@click.option("--nobody", is_flag=True, help="It shows nobody, whatever the detector says.")
@pass_call
def people(call: Call, work: str | None, names: tuple[str, ...], consent: str | None, nobody: bool) -> None:
    """Say whom WORK shows and whether they agreed, or record it; without WORK, list the works that show people.

    A work whose people refused is not exported, nor is what still carries their pixels.
    """
    with opened(call) as studio:
        if work is None:
            if names or consent or nobody:
                raise UsageRefused("people: expected the work that this is said of, but got none.")
            marked = [each for each in portrayals(studio).values() if shows_people(each)]
        else:
            id = work_named(studio, work)
            seen = look_at(studio, id)
            if names or consent or nobody:
                seen = portray(studio, id, names, consent, nobody=nobody)
            marked = [seen] if seen else []
        lines = [_portrayed(studio, each) for each in marked]
        if cannot_look():
            lines.append(f"faces not checked: {cannot_look()}")
        call.answer(
            {
                "works": [each.model_dump(mode="json", exclude={"kind"}) for each in marked],
                "not_checked": cannot_look(),
            },
            lines or ["No work is marked as showing people. `palimpsest privacy --scan` looks for faces."],
        )


def _portrayed(studio: Studio, said: Portrayal) -> str:
    title = f"{said.work[:12]}  {standing_title(studio, said.work)}"
    if not shows_people(said):
        return f"{title}: shows nobody ({said.basis})"
    named = f", {', '.join(said.people)}" if said.people else ""
    return f"{title}: {counted(len(said.faces), 'face')} found{named}; consent {said.consent}"


@click.command()
@click.option(
    "--scan", "look", is_flag=True, help="Look for faces in works not looked at yet; may be stopped at any time."
)
@click.option("--export", "archive", metavar="FILE.zip", help="Write it all to a readable archive: JSON and pictures.")
@click.option("--person", default="", metavar="NAME", help="With --export: only what concerns this person.")
@pass_call
def privacy(call: Call, look: bool, archive: str | None, person: str) -> None:
    """List what personal data the studio holds, and where: people, faces, what stored files say of them, acts, copies."""
    if person and not archive:
        raise UsageRefused("--person: expected --export FILE.zip with it, but got none.")
    with opened(call) as studio:
        if archive:
            check_new_file(Path(archive))
            counts = write_archive(studio, Path(archive), person)
            amount = f"{counted(counts['records'], 'record')}, {counted(counts['pictures'], 'picture')}"
            call.answer({"file": archive, **counts}, [f"{archive}: {amount}. It is not encrypted."])
            return
        if look:
            with waiting(call) as progress:
                found = list(scan(studio, progress=progress))
            faces = sum(bool(each.faces) for each in found)
            call.note(
                f"Looked at {counted(len(found), 'work')}; faces in {faces}. It misses some, and sees some that are none."
            )
        with waiting(call) as progress:
            held = holding(studio, progress)
        call.answer(holding_json(held), holding_lines(held))


@click.command()
@click.argument("targets", metavar="[WORK|PERSON]…", nargs=-1)
@click.option(
    "--faces-like", metavar="WORK", help="Propose works with faces that look like those in WORK; erases nothing."
)
@click.option("--descendants", is_flag=True, help="Also erase the works that still carry pixels of what is erased.")
@click.option("--preview", is_flag=True, help="Say what would be erased, and erase nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--reason", default="", help="Why; it stands on the tombstone.")
@click.option("--receipt", metavar="FILE.json", help="Write the receipt to a file, too.")
@pass_call
def forget(
    call: Call,
    /,
    targets: tuple[str, ...],
    faces_like: str | None,
    preview: bool,
    yes: bool,
    **rest: Any,  # noqa: ANN401
) -> None:
    """Erase a work's picture and all that shows it, or a person's name and the pictures that show them, for good.

    A tombstone keeps lineage and credits whole. What still carries its pixels is listed.
    """
    receipt = Path(rest["receipt"]) if rest["receipt"] else None
    with opened(call) as studio:
        if faces_like:
            _propose(call, studio, faces_like)
            return
        if not targets:
            raise UsageRefused(
                "forget: expected a work or a person's name, but got none.",
                'Name it: palimpsest forget WORK, or palimpsest forget "NAME"; with --preview nothing is erased.',
            )
        if receipt:
            check_new_file(receipt)
        plans = [_planned(studio, each, rest["descendants"]) for each in targets]
        if preview:
            call.answer({"would_erase": [_plan_json(each) for each in plans]}, _previewed(studio, plans))
            return
        if not yes:
            _ask(call, _previewed(studio, plans))
        receipts = [forget_plan(studio, each, rest["reason"]) for each in plans]
        value = [each.as_json() for each in receipts]
        if receipt:
            write_text(receipt, json.dumps(value, indent=1, ensure_ascii=False) + "\n")
        call.answer({"receipts": value}, [line for each in receipts for line in receipt_lines(each)])


def _planned(studio: Studio, target: str, descendants: bool) -> Plan:
    """Take what is named for a work if it is one, else for a person."""
    try:
        work = known_work(studio, target)
    except NotFound:
        return plan_person(studio, target, descendants=descendants)
    if work is None:
        raise NotFound(
            "work of this studio", target, "It is a file that the studio has never seen; nothing is to be erased."
        )
    return plan_works(studio, [work], descendants=descendants)


def _previewed(studio: Studio, plans: list[Plan]) -> list[str]:
    lines: list[str] = []
    for plan in plans:
        for each in plan.works:
            files = ", ".join(counted(count, kind) for kind, count in each.files.items())
            lines.append(f"would erase {each.work[:12]}  {each.title}: {files}")
        if plan.person:
            lines.append(f"would take the name out of {counted(plan.records, 'record')}")
        lines += [f"would stay, with its pixels: {work[:12]}  {standing_title(studio, work)}" for work in plan.carriers]
        copies = {file for each in plan.works for file in each.copies}
        lines += [f"would stay elsewhere: {counted(len(copies), 'file')} written from it"] if copies else []
        lines += [f"the name would still stand in: {line}" for line in plan.kept]
        titled = [f"{work[:12]}  {standing_title(studio, work)}" for work in plan.named]
        lines += [f"the picture would stay, and may show them: {each}" for each in titled]
        lines += [remedy_for_pictures(plan.named[0])] if plan.named else []
    return lines


def _plan_json(plan: Plan) -> dict[str, Any]:
    return asdict(plan) | {"still_carry_its_pixels": list(plan.carriers)}


def _ask(call: Call, lines: list[str]) -> None:
    if not sys.stdin.isatty():
        raise UsageRefused(
            "forget: expected --yes, since nobody can be asked here.", "--preview says what would be erased."
        )
    for line in lines:
        call.note(line)
    click.confirm("Erase this for good?", abort=True, err=True)


def _propose(call: Call, studio: Studio, named: str) -> None:
    with waiting(call) as progress:
        found = works_with_faces_like(studio, work_named(studio, named), progress)
    lines = [
        f"{each.work[:12]}  {standing_title(studio, each.work)}  (distance {each.distance} of 256)" for each in found
    ]
    lines.append(
        "Nothing was erased. Faces are compared by how their pictures look, not by who it is: the same picture is found, "
        "the same person in another picture mostly not. `palimpsest forget WORK` erases one."
    )
    call.answer({"proposed": [asdict(each) for each in found], "erased": []}, lines)


@click.command()
@pass_call
def encrypt(call: Call) -> None:
    """Encrypt the stored pictures, source maps and records with a passphrase. Stopped half-way, it goes on when called again.

    The passphrase is asked for, or taken from PALIMPSEST_PASSPHRASE. The index stays readable: titles, makers, dates and
    fingerprints. Who loses the passphrase loses the pictures.
    """
    folder = studio_folder(call.studio, os.environ, Path.cwd())
    check_is_studio(folder)
    passphrase = _passphrase(confirm=not locked(folder))
    with waiting(call) as progress:
        done = encrypt_studio(folder, passphrase, progress)
    call.answer(
        {"studio": str(folder), "encrypted": done.changed, "files": done.files},
        [
            f"Encrypted {done.changed} of {done.files} stored files; thumbnails were taken away.",
            "Not encrypted: the index (titles, makers, dates, fingerprints), and what was written elsewhere.",
            "Without the passphrase nothing brings the pictures back. Keep it safe.",
        ],
    )


@click.command()
@pass_call
def decrypt(call: Call) -> None:
    """Take the encryption of the stored files back."""
    folder = studio_folder(call.studio, os.environ, Path.cwd())
    check_is_studio(folder)
    passphrase = _passphrase(confirm=False) if locked(folder) else ""
    with waiting(call) as progress:
        done = decrypt_studio(folder, passphrase, progress)
    call.answer(
        {"studio": str(folder), "decrypted": done.changed}, [f"Decrypted {done.changed} of {done.files} stored files."]
    )


def _passphrase(*, confirm: bool) -> str:
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise UsageRefused(f"Expected a passphrase in {PASSPHRASE}, since nobody can be asked here.")
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))
