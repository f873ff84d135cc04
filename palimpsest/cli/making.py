"""One command for each technique, made from its declaration."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from palimpsest.cli.call import Call
from palimpsest.cli.opening import opened
from palimpsest.cli.waiting import waiting
from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.technique import RoleSpec, Technique
from palimpsest.studio.finding import check_place, known_work, work_file, work_named
from palimpsest.studio.handwork import SEED, hands_of_call
from palimpsest.studio.performing import Performance, perform, permit_for, seed_for, standing_title
from palimpsest.studio.studio import Studio
from palimpsest.studio.terms import in_words
from palimpsest.studio.writing import write_image


def command(name: str) -> click.Command:
    """Return the command of a technique: roles by position, the one that takes several works last; parameters by name."""
    technique = Catalogue().get(name)
    wanted = [role for role in technique.roles if not role.named]
    wanted.sort(key=lambda role: (role.optional, role.many))
    params: list[click.Parameter] = [_argument(role) for role in wanted]
    params += [_role_option(role) for role in technique.roles if role.named]
    params += [_option(name, about) for name, about in technique.schema["properties"].items()]
    if technique.seeded:
        params.append(click.Option(["--seed"], metavar="N", help="Another number, another picture.  [default: 0]"))
    params.append(click.Option(["-o", "--output"], metavar="FILE", help="Also write the result to this file."))
    return click.Command(name, params=params, callback=_callback(technique), help=_help(technique, wanted))


def _argument(role: RoleSpec) -> click.Argument:
    label = role.name.upper()
    if role.many:
        label = f"{label.removesuffix('S')}…"
    label = f"[{label}]" if role.optional else label
    return click.Argument([role.name], metavar=label, nargs=-1 if role.many else 1, required=not role.optional)


def _role_option(role: RoleSpec) -> click.Option:
    names, meaning = [f"--{role.name.replace('_', '-')}", role.name], role.meaning
    if role.many:
        meaning = f"{meaning}; may be given several times"
    return click.Option(names, metavar="WORK", multiple=role.many, help=_sentence(meaning))


def _option(name: str, about: Mapping[str, Any]) -> click.Option:
    flag = name.replace("_", "-")
    unit = f" ({about['unit']})" if "unit" in about else ""
    condition = "".join(
        f", with --{other.replace('_', '-')} {' or '.join(map(str, values))}"
        for other, values in about.get("shown_when", {}).items()
    )
    default = _default(about.get("default"))
    words = f"{_sentence(about.get('description', ''))[:-1]}{unit}{condition}.{default}"
    if about.get("type") == "boolean":
        return click.Option([f"--{flag}/--no-{flag}", name], default=None, help=words)
    return click.Option([f"--{flag}", name], metavar=_range(about), help=words)


def _default(value: object) -> str:
    if value is None or value in ("", []):
        return ""
    shown = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return f"  [default: {shown}]"


def _range(about: Mapping[str, Any]) -> str:
    """Say in a few signs what a parameter takes: 0..1, a|b|c, N, TEXT."""
    if "enum" in about:
        return "|".join(map(str, about["enum"]))
    kinds = [about, *about.get("anyOf", [])]
    low = next((str(each[key]) for each in kinds for key in ("minimum", "exclusiveMinimum") if key in each), "")
    high = next((str(each[key]) for each in kinds for key in ("maximum", "exclusiveMaximum") if key in each), "")
    if low or high:
        return f"{low}..{high}"
    numeric = any(each.get("type") in ("number", "integer") for each in kinds)
    return "N" if numeric else "N,N,…" if any(each.get("type") == "array" for each in kinds) else "TEXT"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".removesuffix(".") + "."


def _help(technique: Technique, wanted: list[RoleSpec]) -> str:
    roles = "\n".join(f"{role.name.upper()}: {role.meaning} (use: {role.use.value})" for role in wanted)
    roles = f"\n\n\b\n{roles}" if roles else ""
    told = itertools.takewhile(
        lambda part: not part.startswith(("Raises:", "Returns")), technique.description.split("\n\n")
    )
    return "\n\n".join([f"{technique.summary}{roles}", *told])


def _callback(technique: Technique) -> Callable[..., None]:
    @click.pass_obj
    def perform_it(call: Call, /, output: str | None, seed: str | None = None, **words: Any) -> None:  # noqa: ANN401
        given = {name: value for name, value in words.items() if value not in (None, ())}
        named = {role.name: _listed(given.pop(role.name)) for role in technique.roles if role.name in given}
        technique.resolve(given)
        chosen = seed_for(technique, _number(seed))
        if output is not None:
            check_place(Path(output), [Path(each) for names in named.values() for each in names])
        with opened(call) as studio:
            inputs = _admitted(studio, technique, named)
            with waiting(call) as progress:
                stated = [*given, *([SEED] if seed is not None else [])]
                hands = hands_of_call(studio, technique, inputs, stated)
                done = perform(studio, technique.name, inputs, given, seed=chosen, progress=progress, hands=hands)
            _answer(call, studio, done, _written(studio, done, output))

    return perform_it


def _listed(named: str | tuple[str, ...]) -> tuple[str, ...]:
    return (named,) if isinstance(named, str) else named


def _admitted(studio: Studio, technique: Technique, named: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Find the works, and add the files that are new; but only when nothing forbids the use of those that are known."""
    found = {role: [known_work(studio, each) for each in names] for role, names in named.items()}
    permit_for(studio, technique, {role: [work for work in works if work] for role, works in found.items()})
    return {role: [work_named(studio, each) for each in names] for role, names in named.items()}


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise click.BadParameter(f"expected a whole number, but got {text!r}.", param_hint="--seed") from None


def _written(studio: Studio, done: Performance, output: str | None) -> list[Path]:
    """Write the results to the file that was asked for; several are numbered."""
    if output is None:
        return [work_file(studio, work) for work in done.works]
    file = Path(output)
    files = (
        [file]
        if len(done.works) == 1
        else [file.with_stem(f"{file.stem}-{number}") for number in range(1, len(done.works) + 1)]
    )
    for work, each in zip(done.works, files, strict=True):
        write_image(studio, work.id, each)
    return files


def _answer(call: Call, studio: Studio, done: Performance, files: list[Path]) -> None:
    act, shares = done.act, done.shares
    value: dict[str, object] = {
        "works": [{"id": work.id, "file": str(file)} for work, file in zip(done.works, files, strict=True)],
        "act": act.digest,
        "recipe": act.recipe.digest,
        "technique": act.recipe.technique,
        "parameters": act.recipe.parameters,
        "seed": act.recipe.seed,
        "seconds": act.seconds,
        "reused": act.reused,
        "contributions": [{"work": work, "share": float(share)} for work, share in shares.items()],
        "obligations": [each.value for each in act.permit.obligations],
        "owed": [each.model_dump(mode="json") for each in act.permit.owed],
    }
    lines = []
    for work, file in zip(done.works, files, strict=True):
        lines += [f"{work.id[:12]}  {standing_title(studio, work.id)}", f"  {file}"]
    came = "  ·  ".join(f"{float(share):.0%} {standing_title(studio, work)}" for work, share in shares.items())
    lines += [f"  from {came}"] if came else []
    owed = in_words(act.permit)
    lines += [f"  owed to the sources: {owed}"] if owed else []
    took = "made before, not computed again" if act.reused else f"{act.seconds:.1f} s"
    lines.append(f"  {took}; recipe {act.recipe.digest[:12]}")
    call.answer(value, lines)
