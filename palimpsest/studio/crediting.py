"""Credits: which works, people and collections have which share in a work, and what was done by hand and by machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from palimpsest.studio.choosing import Chosen, choices_in_force
from palimpsest.studio.handwork import Deed, deeds
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import Told, plain

NO_COLLECTION = "in no collection"
"""The rest: the share of works that are said to be in none."""


@dataclass(frozen=True)
class Credits:
    """Who and what has which share in a work. The shares of works, of people, and of collections each sum to exactly 1."""

    works: dict[str, Fraction]
    people: dict[str, Fraction]
    collections: dict[str, Fraction]
    engines: tuple[str, ...]
    without_share: tuple[str, ...]
    """Works that it goes back to and that have no share: they gave a form, a place or a mask, and none of their pixels."""
    performed: dict[str, int]
    """How many acts each person performed on the way; on record beside the shares, which are measured in pixels."""
    deeds: tuple[Deed, ...]
    """Every act, the latest first: what was done by hand, and by which machines."""
    choices: tuple[Chosen, ...]
    """Which of the works on the way somebody chose, or set aside."""


def credits(studio: Studio, told: Told) -> Credits:
    """Compute credits: the evidence of every act, multiplied along the lineage; a work's makers share alike.

    Raises:
        Damaged: the lineage's evidence contradicts its recipes.
    """
    lineage = told.lineage
    shares = lineage.shares
    done = deeds(studio, lineage)
    chosen = choices_in_force(studio, lineage.order)
    return Credits(
        works=_ranked(shares),
        people=_ranked(_by_name(shares, told.makers)),
        collections=_ranked(_by_name(shares, {work: (_collection(told, work),) for work in shares})),
        engines=tuple(f"{each.name} {each.version}" for each in lineage.engines),
        without_share=tuple(work for work in lineage.roots if work not in shares),
        performed=dict(Counter(each.person for each in done)),
        deeds=done,
        choices=tuple(chosen[work] for work in lineage.order if work in chosen),
    )


def credits_json(told: Told, found: Credits) -> dict[str, Any]:
    """Write credits as plain values. Shares are numbers; under `exact` they stand as fractions, unless these are very long."""
    return {
        "work": told.work,
        "title": told.titles[told.work],
        "works": [_named(told, work) | {"share": float(share)} for work, share in found.works.items()],
        "people": [{"name": name, "share": float(share)} for name, share in found.people.items()],
        "collections": [
            {"name": name, "share": float(share), "rest": name == NO_COLLECTION}
            for name, share in found.collections.items()
        ],
        "exact": {
            "works": _exact(found.works),
            "people": _exact(found.people),
            "collections": _exact(found.collections),
        },
        "erased": [work for work in told.lineage.order if work in told.erased],
        "without_share": [_named(told, work) for work in found.without_share],
        "engines": [{"name": name} for name in found.engines],
        "performed": [{"name": name, "acts": acts} for name, acts in found.performed.items()],
        "acts": [_deed_json(each) for each in found.deeds],
        "choices": [
            {"work": each.work, "kept": each.kept, "by": each.by, "among": each.among, "seconds": each.seconds}
            for each in found.choices
        ],
    }


def credits_csv(told: Told, found: Credits) -> list[Sequence[str]]:
    """Write credits as rows of a table, the heading first."""
    rows: list[Sequence[str]] = [("kind", "id", "name", "share")]
    rows += [("work", work, _cell(told.titles[work]), _number(share)) for work, share in found.works.items()]
    rows += [("work without share", work, _cell(told.titles[work]), "0") for work in found.without_share]
    rows += [("person", "", _cell(name), _number(share)) for name, share in found.people.items()]
    rows += [("collection", "", _cell(name), _number(share)) for name, share in found.collections.items()]
    rows += [("engine", "", name, "") for name in found.engines]
    rows += [("act", each.act, _cell(f"{each.technique}: {each.line}"), "") for each in found.deeds]
    return rows + [("choice", each.work, _cell(each.words), "") for each in found.choices]


def credits_text(told: Told, found: Credits) -> list[str]:
    """Write credits as lines."""
    lines = [told.marked(told.work), ""]
    lines += [f"  {percent(share):>7}  {_label(told, work)}" for work, share in found.works.items()]
    lines += [f"   guided by  {_label(told, work)}" for work in found.without_share]
    lines += ["", *(f"  {percent(share):>7}  {name}" for name, share in found.people.items())]
    if list(found.collections) != [NO_COLLECTION]:
        lines += ["", *(f"  {percent(share):>7}  {name}" for name, share in found.collections.items())]
    acts = (f"{name} ({count} act{'s' if count > 1 else ''})" for name, count in found.performed.items())
    lines += ["", f"  performed by {', '.join(acts)}"] if found.performed else []
    lines += [f"  engines: {', '.join(found.engines)}"] if found.engines else []
    lines += ["", *(f"  {each.at[:10]}  {each.technique}  {each.line}" for each in found.deeds)] if found.deeds else []
    lines += [f"  {each.at[:10]}  {each.words}: {_label(told, each.work)}" for each in found.choices]
    return lines


def percent(share: Fraction) -> str:
    """Write a share in percent, so that what is not nothing does not look like nothing."""
    return f"{float(share):.2%}" if share >= Fraction(1, 20000) or not share else "<0.01%"


def _by_name(shares: Mapping[str, Fraction], names: Mapping[str, Sequence[str]]) -> dict[str, Fraction]:
    """Give each work's share to its names, alike."""
    found: dict[str, Fraction] = {}
    for work, share in shares.items():
        for name in names[work]:
            found[name] = found.get(name, Fraction(0)) + share / len(names[work])
    return found


def _collection(told: Told, work: str) -> str:
    return (told.said[work].collection if work in told.said else "") or NO_COLLECTION


def _named(told: Told, work: str) -> dict[str, Any]:
    return {"work": work, "title": told.titles[work], "makers": list(told.makers[work])}


def _exact(shares: Mapping[str, Fraction]) -> dict[str, str | None]:
    return {
        name: str(share) if share.denominator.bit_length() <= _EXACT_BITS else None for name, share in shares.items()
    }


_EXACT_BITS = 512


def _deed_json(each: Deed) -> dict[str, Any]:
    return {
        "act": each.act,
        "technique": each.technique,
        "person": each.person,
        "at": each.at,
        "works": list(each.works),
        "hands": [hand.model_dump(mode="json") for hand in each.hands],
        "parameters": list(each.parameters),
        "machines": list(each.machines),
        "line": each.line,
    }


def _label(told: Told, work: str) -> str:
    return f"{told.marked(work)} — {', '.join(told.makers[work])}  ({work[:12]})"


def _number(share: Fraction) -> str:
    return f"{float(share):.6f}"


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a title for a formula."""
    text = plain(text)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _ranked(shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))
