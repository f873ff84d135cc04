"""What is on record of a work's sources and engines, with what it can be checked, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palimpsest.craft.ports import Card
from palimpsest.library import queries
from palimpsest.lineage.records import CollectionTerms, EngineIdentity, Terms, Use
from palimpsest.studio.crediting import Credits
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import UNKNOWN_MAKER, Told

Stated = Terms | CollectionTerms


def terms_on_record(studio: Studio, told: Told, works: Sequence[str]) -> dict[str, Stated]:
    """Return the terms in force of each of these works that has any: its own, or else those of its collection."""
    own = queries.terms_of(studio.library, works)
    names = {work: told.said[work].collection for work in works if work in told.said and told.said[work].collection}
    stated = queries.records_about(studio.library, list(names.values()), CollectionTerms)
    whole = {each.collection: each for each in stated}
    found: dict[str, Stated] = {work: whole[name] for work, name in names.items() if name in whole}
    return found | own


def terms_in_words(stated: Stated, today: str) -> str:
    """Say what terms allow, and on what they rest: 'CC-BY-4.0; stated by hand'."""
    uses = ", ".join(f"{use.value} {stated.grant(use).value}" for use in Use if use in stated.uses)
    over = f" (ended on {stated.until})" if stated.until and stated.until < today else ""
    until = f" until {stated.until}" if stated.until and not over else ""
    return f"{stated.licence or uses or 'stated'}{until}{over}; {stated.basis}"


def engines_on_record(studio: Studio, told: Told) -> list[tuple[EngineIdentity, Card | None]]:
    """Return every engine that took part with its card, if exactly this one is installed."""
    cards = {card.identity: card for card in studio.machines.cards}
    return [(each, cards.get(each)) for each in told.lineage.engines]


def checks(told: Told) -> dict[str, str]:
    """Name the digests (SHA-256) with which the work and its making can be checked."""
    work, act = told.work, told.lineage.acts.get(told.work)
    known = told.lineage.works.get(work)
    found = {"file": work, "pixels": known.pixels if known else ""}
    if act:
        found |= {"recipe": act.recipe.digest, "act": act.digest}
        found["source map"] = told.lineage.evidence(work).sources or ""
    return {name: digest for name, digest in found.items() if digest}


def unknown(told: Told, found: Credits, terms: Mapping[str, Stated], cards: Sequence[Card | None]) -> list[str]:
    """Say what the records do not know, in sentences."""
    outside = [work for work in told.lineage.roots if work not in told.lineage.acts]
    nameless = sum(told.makers[work] == (UNKNOWN_MAKER,) for work in outside)
    unstated = sum(work not in terms for work in outside)
    untouched = sum(not each.hands for each in found.deeds)
    said = [
        _of(nameless, len(outside), "work", "No maker is named of {} from outside."),
        _of(unstated, len(outside), "work", "No terms are stated of {} from outside."),
        _of(
            len(told.erased),
            len(told.lineage.order),
            "work",
            "The pixels of {} were erased; the share is kept.",
        ),
        _of(
            untouched,
            len(found.deeds),
            "act",
            "What was done by hand in {} is not on record; that need not mean that nothing was.",
        ),
        _of(
            sum(card is None for card in cards), len(cards), "engine", "The card of {} is not installed here any more."
        ),
    ]
    if outside:
        said.append(
            "What is said of works from outside (title, maker, date, terms) is as it was entered; nobody has confirmed it."
        )
    if any(card and card.weights for card in cards):
        said.append(
            "Which works were in the training data of the engines, beyond what their cards say; none of these has a share."
        )
    said.append(
        "Whether the names are those of the persons that they say, and whether a like work exists outside of this studio."
    )
    return [each for each in said if each]


def _of(number: int, total: int, what: str, sentence: str) -> str:
    """Fill in how many of how many, or say nothing where there are none: '7 of 8 acts', 'all 4 works', 'the one act'."""
    if not number:
        return ""
    several = f"all {total} {what}s" if number == total else f"{number} of {total} {what}s"
    return sentence.format(f"the one {what}" if total == 1 else several)
