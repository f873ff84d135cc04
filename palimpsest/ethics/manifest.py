"""What an export states about itself: a manifest of Content Credentials, built from records and from nothing else.

The shape follows the C2PA specification 2.2: one parent that was opened, or a creation; parts that were placed; whatever was
looked at as input to a step; then the steps. Which of the sources may be seen is the person's choice.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from palimpsest.ethics.source_types import VOCABULARY, givers, of_act, of_work
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Act, Grant, Use

MARK_ALGORITHM = "org.palimpsest.ac-qim.1"
LONGEST_TITLE = 100
_ACTIONS = {"crop": "c2pa.cropped", "resize": "c2pa.resized", "adjust": "c2pa.color_adjustments"}
_WORDS = {Grant.REFUSED: "notAllowed", Grant.CREDIT: "constrained", Grant.ALLOWED: "allowed"}
_ENTRIES = {
    "cawg.ai_training": Use.LEARN,
    "cawg.ai_generative_training": Use.LEARN,
    "cawg.data_mining": Use.LEARN,
    "cawg.ai_inference": Use.IMITATE,
}
"""Which of our uses answers each question about training and mining."""


class Show(StrEnum):
    """Which works of the lineage an export names."""

    NONE = "none"
    SOURCES = "sources"
    ALL = "all"


@dataclass(frozen=True)
class Statement:
    """All that a manifest is built from."""

    lineage: Lineage
    titles: Mapping[str, str]
    makers: Mapping[str, tuple[str, ...]]
    licences: Mapping[str, str] = field(default_factory=dict)
    show: Show = Show.SOURCES
    creators: tuple[str, ...] = ()
    """Who is named as maker of the work itself; the person at work only if they want it."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """Source types that files from outside state of themselves."""
    grants: Mapping[Use, Grant] = field(default_factory=dict)
    """What the work's terms, and those of everything behind it, say to each use."""
    mark: bytes = b""
    """What the invisible mark says, if there is one."""

    @property
    def source_type(self) -> str | None:
        """The IPTC digital source type of the work."""
        return of_work(self.lineage, self.stated)


@dataclass(frozen=True)
class Declared:
    """One work that the manifest declares as an ingredient. `open` says that it may be seen: title, makers, its own file."""

    work: str
    relationship: str
    open: bool
    thumbnail: bool
    declared: Mapping[str, Any]


_FOLDERS = re.compile(
    r"(?:(?<=\s)|^)(?:(?:file:/?|[A-Za-z]:|~|\.{1,2})[/\\]+|/(?=[^\s/]+/)|\\\\)(?:[^\s/\\]+[/\\]+)*", re.IGNORECASE
)
"""The folders of a path that begins at a root, a drive or a home: 'AC/DC' and '1/3' are titles."""


def clean_title(text: str) -> str:
    """Return a title that gives no folder away: without the path, without control characters, not too long."""
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(sign if sign.isprintable() else " " for sign in composed)
    last = _FOLDERS.sub("", shown)
    words = " ".join(last.split())
    return (words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…") or "untitled"


def ingredients(statement: Statement) -> tuple[Declared, ...]:
    """List what the manifest declares: the parent first, then parts, then what was looked at."""
    kinds = relationships(statement.lineage)
    if statement.show is Show.NONE:
        parent = [work for work, kind in kinds.items() if kind == "parentOf"]
        return tuple(_anonymous(work, 0) for work in parent)
    chosen = [work for work in kinds if statement.show is Show.ALL or work not in statement.lineage.acts]
    ordered = sorted(chosen, key=lambda work: _ORDER.index(kinds[work]))
    return tuple(_declared(statement, work, kinds[work], number) for number, work in enumerate(ordered))


_ORDER = ("parentOf", "componentOf", "inputTo")


def relationships(lineage: Lineage) -> dict[str, str]:
    """Say what each work behind this one is to it; a work from outside that is exported as it is, is its own parent.

    The parent is the one at the end of the chain of alterations, if it came from outside. Other works from outside are parts
    where their pixels are in it. Everything else was input to some step.
    """
    if lineage.work not in lineage.acts:
        return {lineage.work: "parentOf"}
    within = _within(lineage)
    kinds = {}
    for work in lineage.order[1:]:
        part = work in within and work not in lineage.acts
        kinds[work] = "componentOf" if part else "inputTo"
    last = chain(lineage)[-1]
    if last not in lineage.acts:
        kinds[last] = "parentOf"
    return kinds


def chain(lineage: Lineage) -> tuple[str, ...]:
    """Return the work, what it was altered from, what that was altered from, and so on."""
    found = [lineage.work]
    while found[-1] in lineage.acts:
        altered = [work for work, use in givers(lineage.acts[found[-1]], found[-1]) if use is Use.ALTER]
        if not altered:
            break
        found.append(altered[0])
    return tuple(found)


def steps_of(lineage: Lineage) -> list[str]:
    """Return the works whose acts count as steps, the first one first: those whose pixels are in it.

    How a work was made that was only looked at is that work's own history.
    """
    within = _within(lineage)
    return [work for work in reversed(lineage.order) if work in lineage.acts and work in within]


def _within(lineage: Lineage) -> set[str]:
    """Return the works whose pixels are in this one."""
    held = {lineage.work}
    for work in lineage.order:
        if work in held and work in lineage.acts:
            held.update(each for each, _ in givers(lineage.acts[work], work))
    return held


def _anonymous(work: str, number: int) -> Declared:
    declared = {"title": "a work that is not shown", "relationship": "parentOf", "label": _label(number)}
    return Declared(work, "parentOf", open=False, thumbnail=False, declared=declared)


def _declared(statement: Statement, work: str, kind: str, number: int) -> Declared:
    makers = ", ".join(statement.makers.get(work, ()))
    about = "; ".join(part for part in (f"by {makers}" if makers else "", statement.licences.get(work, "")) if part)
    declared = {
        "title": clean_title(statement.titles.get(work, "")),
        "relationship": kind,
        "label": _label(number),
        **({"description": about} if about else {}),
    }
    return Declared(work, kind, open=True, thumbnail=statement.show is Show.ALL, declared=declared)


def _label(number: int) -> str:
    return f"work-{number}"


def manifest(statement: Statement, media_type: str, software: tuple[str, str]) -> dict[str, Any]:
    """Build the manifest; `software` is our name and version."""
    agent = {"name": software[0], "version": software[1]}
    assertions = [
        {"label": "c2pa.actions", "data": {"actions": list(_actions(statement, agent))}},
        *_training(statement),
        *_metadata(statement),
        *_shares(statement),
    ]
    if statement.mark:
        block = {"scope": {}, "value": base64.b64encode(statement.mark).decode()}
        assertions.append({"label": "c2pa.soft-binding", "data": {"alg": MARK_ALGORITHM, "blocks": [block]}})
    return {
        "claim_generator_info": [agent],
        "title": clean_title(statement.titles.get(statement.lineage.work, "")),
        "format": media_type,
        "assertions": assertions,
    }


def _actions(statement: Statement, agent: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    lineage = statement.lineage
    declared = ingredients(statement)
    labels = {each.work: str(each.declared["label"]) for each in declared}
    kinds = {each.work: each.relationship for each in declared}
    parent = next((work for work, kind in kinds.items() if kind == "parentOf"), None)
    steps = steps_of(lineage)
    if parent is not None:
        yield {"action": "c2pa.opened", "parameters": {"ingredientIds": [labels[parent]]}, "softwareAgent": agent}
    else:
        first = chain(lineage)[-1]
        kind = of_act(lineage.acts[first], first) if first in lineage.acts else ""
        yield {"action": "c2pa.created", "digitalSourceType": VOCABULARY + kind, "softwareAgent": agent}
    if not steps:
        yield {"action": "c2pa.transcoded", "softwareAgent": agent}
    placed: set[str] = set()
    for work in steps:
        inputs = lineage.acts[work].recipe.works
        for each in inputs:
            if kinds.get(each) == "componentOf" and each not in placed:
                placed.add(each)
                yield {"action": "c2pa.placed", "parameters": {"ingredientIds": [labels[each]]}, "softwareAgent": agent}
        looked = [labels[each] for each in inputs if kinds.get(each) == "inputTo"]
        yield _step(lineage.acts[work], work, looked, agent, told=statement.show is not Show.NONE)
    if statement.mark:
        yield {"action": "c2pa.watermarked.bound", "softwareAgent": agent}


def _step(act: Act, work: str, looked: list[str], agent: Mapping[str, str], *, told: bool) -> dict[str, Any]:
    """Describe one act; with nothing shown, only what was done and by which engines."""
    recipe = act.recipe
    engines = [f"{each.name} {each.version}" for each in recipe.engines]
    parameters: dict[str, Any] = {"org.palimpsest.technique": f"{recipe.technique} {recipe.version}"}
    if engines:
        parameters["org.palimpsest.engines"] = engines
    if looked:
        parameters["ingredientIds"] = looked
    if told:
        parameters |= {"org.palimpsest.parameters": dict(recipe.parameters), "org.palimpsest.recipe": recipe.digest}
    if told and recipe.seed is not None:
        parameters["org.palimpsest.seed"] = recipe.seed
    return {
        "action": _ACTIONS.get(recipe.technique, "c2pa.edited"),
        "digitalSourceType": VOCABULARY + of_act(act, work),
        "softwareAgent": agent,
        "description": recipe.technique + (f", with {', '.join(engines)}" if engines else ""),
        "parameters": parameters,
        **({"when": act.at} if told else {}),
    }


def training(grants: Mapping[Use, Grant]) -> dict[str, dict[str, str]]:
    """Turn terms into what is said about training and mining. Where the terms say nothing, nothing is said."""
    entries = {}
    for name, use in _ENTRIES.items():
        grant = grants.get(use, Grant.UNSTATED)
        if grant in _WORDS:
            info = {"constraint_info": "with credit to the makers"} if grant is Grant.CREDIT else {}
            entries[name] = {"use": _WORDS[grant], **info}
    return entries


def _training(statement: Statement) -> list[dict[str, Any]]:
    entries = training(statement.grants)
    return [{"label": "cawg.training-mining", "data": {"entries": entries}}] if entries else []


def _metadata(statement: Statement) -> list[dict[str, Any]]:
    rights = statement.licences.get(statement.lineage.work, "")
    said = {"dc:creator": list(statement.creators), "dc:rights": rights}
    held = {name: value for name, value in said.items() if value}
    context = {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}}
    return [{"label": "cawg.metadata", "data": context | held}] if held else []


def _shares(statement: Statement) -> list[dict[str, Any]]:
    """Say which source has which share; the digests let whoever has a source recognize it."""
    if statement.show is Show.NONE or statement.lineage.work not in statement.lineage.acts:
        return []
    shares = [
        {
            "title": clean_title(statement.titles.get(work, "")),
            "makers": list(statement.makers.get(work, ())),
            "sha256": work,
            "share": round(float(share), 6),
        }
        for work, share in statement.lineage.shares.items()
    ]
    return [{"label": "org.palimpsest.credits", "data": {"depth": statement.lineage.depth, "sources": shares}}]
