"""Uses, licences and the policy of consent, asked of the code that judges."""

from __future__ import annotations

from docs.markdown import page, sentence, table
from palimpsest.errors import TermsRefused
from palimpsest.ethics.consent import POLICY, Standing, Wish, judge
from palimpsest.ethics.licences import LICENCES, Licence
from palimpsest.lineage.records import Grant, Obligation, Use

_NOWHERE = "0" * 64

UNSTATED = {
    "one's own": Standing(_NOWHERE, "", (), None, own=True),
    "somebody's, no maker named": Standing(_NOWHERE, "", (), None, own=False),
    "somebody's, maker named": Standing(_NOWHERE, "", ("a maker",), None, own=False),
}
"""Works of which nobody has stated terms."""

_SAID = {
    Grant.ALLOWED: "allowed",
    Grant.CREDIT: "with credit",
    Grant.REFUSED: "refused",
    Grant.UNSTATED: "not said",
}
_DUTIES = {
    Obligation.CREDIT: "name the maker",
    Obligation.SHARE_ALIKE: "give what comes of it under the same licence",
    Obligation.NON_COMMERCIAL: "do not sell what comes of it",
    Obligation.NO_DERIVATIVES: "do not share what comes of it; the work itself may be shared",
}


def uses_and_licences() -> str:
    """Return the page on what may be done with a work."""
    heads = [use.value for use in Use]
    return page(
        "Uses, licences and consent",
        "Every technique says what it does with each work it is given: its *use*. Before anything is computed, the terms of "
        "the works are asked. Where they refuse, nothing is written, and the command leaves with exit status 3.",
        "## The five uses",
        table(("use", "meaning"), [(use.value, sentence(use.meaning)) for use in Use]),
        "## What a licence says",
        table(("licence", *heads, "obligations"), [_licence_row(each) for each in LICENCES.values()]),
        "Licences can be named by their SPDX name, in the usual words, or by their address at creativecommons.org or "
        "rightsstatements.org. Every version and port of the Creative Commons licences is known; it says what its family says "
        "here. One that is not known is refused; nothing is guessed. `--allow USE` and `--refuse USE` go "
        "before what the licence says. A licence speaks of copying and adapting, not of styles; the column *imitate* is a "
        "careful reading of ours, not law.",
        "## What follows",
        table(("obligation", "meaning"), [(duty.value, sentence(_DUTIES[duty])) for duty in Obligation]),
        "Obligations flow down the lineage to everything that is made from a work. `palimpsest show` and `palimpsest export` "
        "name them.",
        "## Where nobody has said anything",
        f"This is policy {POLICY}; every permit names the policy by which it was judged.",
        table(("whose work", *heads), [(whose, *_verdicts(each)) for whose, each in UNSTATED.items()]),
        _POLICY_IN_WORDS,
    )


_POLICY_IN_WORDS = """\
- What a maker has stated holds, whether it allows or refuses. Of several statements the latest holds; one that names no
  licence changes the uses that it names, and the rest stays as it was. Where a work's own terms are silent, those of its
  collection answer.
- A permission ends with its last day, and is then a refusal. A refusal that ends gives back what was stated before. An act is
  judged by the day on which it was done.
- What a file says of itself holds until somebody states otherwise; where its words contradict each other, the strictest. An
  opt-out from mining or training refuses *learn*, and *imitate* unless it speaks of nothing but training; a licence stated
  later does not lift it, the use allowed by name does.
- A work of your own may be used for anything. It is your own when it was made here from numbers alone, or when
  you alone are named as its maker; your name among several does not speak for the others.
- To alter a work, or to copy from it, at home, is your own affair: *not said* does not stop it.
- A style may be imitated at home when no maker is named. Once a maker is named, their word is needed.
- To learn from a work, and to publish what came of it, always needs a statement.
- A work that was made here answers for every work it was made from, by whichever recipe: it gives nobody more than they do.
  Where its own terms, or those of a work on the way, are stricter, they hold.
- Nothing that was made from a work whose licence allows no derivatives is published.
- Works whose obligations no result could meet together are refused before any work starts: share-alike beside no-derivatives,
  beside another share-alike licence that has no way in common with it, or beside a reservation of sales that it does not make.
- What is non-commercial anywhere behind a work is not exported with `--commercial`.
- `palimpsest check` judges every act again by what was known at its moment, and names each whose permit does not hold.

Palimpsest believes what you state. It cannot know whether you had the right to state it, and none of this is legal advice."""


def _licence_row(licence: Licence) -> tuple[str, ...]:
    said = (_SAID[licence.uses.get(use, Grant.UNSTATED)] for use in Use)
    return (licence.name, *said, ", ".join(duty.value for duty in licence.obligations) or "none")


def _verdicts(standing: Standing) -> list[str]:
    return [verdict(standing, use) for use in Use]


def verdict(standing: Standing, use: Use) -> str:
    """Return what the policy says to one use of one work."""
    try:
        permit = judge([Wish("work", use, standing)])
    except TermsRefused:
        return "refused"
    return "at home" if permit.permissions[0].grant is Grant.UNSTATED else "allowed"
