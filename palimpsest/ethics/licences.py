"""What the usual licences say to each use.

Sources: the licence texts of Creative Commons (creativecommons.org), the statements of rightsstatements.org, the SPDX list.
A licence speaks of copying and adapting, not of styles; where it lets anybody adapt a work, we read `imitate` as permitted
with the same obligations, and where it forbids adaptations, as refused. This is a studio's cautious reading, not law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from palimpsest.errors import ParameterRefused
from palimpsest.lineage.records import Grant, Obligation, Use


@dataclass(frozen=True)
class Licence:
    """A licence: its SPDX or usual name, what it says to each use, and the obligations it carries along."""

    name: str
    uses: Mapping[Use, Grant]
    obligations: tuple[Obligation, ...] = ()


def _all(grant: Grant) -> dict[Use, Grant]:
    return dict.fromkeys(Use, grant)


_CREDIT = Obligation.CREDIT
_NO_DERIVATIVES_SHARED = Obligation.NO_DERIVATIVES
_ADAPT_REFUSED = {Use.SAMPLE: Grant.REFUSED, Use.IMITATE: Grant.REFUSED, Use.LEARN: Grant.REFUSED}
_NO_DERIVATIVES = _all(Grant.CREDIT) | _ADAPT_REFUSED
_IN_COPYRIGHT = _all(Grant.REFUSED) | {Use.ALTER: Grant.UNSTATED}

LICENCES: Mapping[str, Licence] = {
    licence.name: licence
    for licence in (
        Licence("CC0-1.0", _all(Grant.ALLOWED)),
        Licence("public domain", _all(Grant.ALLOWED)),
        Licence("own work", _all(Grant.ALLOWED)),
        Licence("CC-BY-4.0", _all(Grant.CREDIT), (_CREDIT,)),
        Licence("CC-BY-SA-4.0", _all(Grant.CREDIT), (_CREDIT, Obligation.SHARE_ALIKE)),
        Licence("CC-BY-NC-4.0", _all(Grant.CREDIT), (_CREDIT, Obligation.NON_COMMERCIAL)),
        Licence(
            "CC-BY-NC-SA-4.0",
            _all(Grant.CREDIT),
            (_CREDIT, Obligation.SHARE_ALIKE, Obligation.NON_COMMERCIAL),
        ),
        Licence("CC-BY-ND-4.0", _NO_DERIVATIVES, (_CREDIT, _NO_DERIVATIVES_SHARED)),
        Licence("CC-BY-NC-ND-4.0", _NO_DERIVATIVES, (_CREDIT, Obligation.NON_COMMERCIAL, _NO_DERIVATIVES_SHARED)),
        Licence("MIT", _all(Grant.CREDIT), (_CREDIT,)),
        Licence("Apache-2.0", _all(Grant.CREDIT), (_CREDIT,)),
        Licence("BSD-3-Clause", _all(Grant.CREDIT), (_CREDIT,)),
        Licence("all rights reserved", _IN_COPYRIGHT),
    )
}

_SAME = {
    "cc0": "CC0-1.0",
    "cc-zero": "CC0-1.0",
    "publicdomain": "public domain",
    "public-domain-mark": "public domain",
    "pdm": "public domain",
    "pd": "public domain",
    "noc-us": "public domain",
    "nkc": "public domain",
    "own": "own work",
    "mine": "own work",
    "arr": "all rights reserved",
    "copyrighted": "all rights reserved",
    "inc": "all rights reserved",
    "inc-edu": "all rights reserved",
    "inc-nc": "all rights reserved",
    "inc-ow-eu": "all rights reserved",
    "inc-ruu": "all rights reserved",
}


def licence_called(text: str) -> Licence:
    """Find a licence by its SPDX name, its usual name, or its address at Creative Commons or rightsstatements.org.

    Raises:
        ParameterRefused: it is not known; nothing is guessed.
    """
    key = _key(text)
    by_key = {_key(name): licence for name, licence in LICENCES.items()}
    if key in _SAME:
        return LICENCES[_SAME[key]]
    if key in by_key:
        return by_key[key]
    unversioned = {re.sub(r"-\d.*$", "", name): licence for name, licence in by_key.items()}
    found = unversioned.get(re.sub(r"-\d.*$", "", key))
    if found is None:
        raise ParameterRefused(
            "licence", f"one of {', '.join(LICENCES)}", text, "Or say it by use: --allow imitate --refuse publish."
        )
    versioned = key.startswith("cc-") and re.search(r"\d", key)
    name = key.upper() if versioned else text if re.search(r"\d", text) and "/" not in text else found.name
    return Licence(name, found.uses, found.obligations)


def _key(text: str) -> str:
    """Bring the ways to write a licence to one: 'CC BY 4.0', 'cc-by-4.0' and its address are the same."""
    key = text.strip().lower()
    address = re.search(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/(\d[\d.]*))?", key)
    if address:
        key = {"zero": "cc0", "mark": "public-domain-mark"}.get(address[1], f"cc-{address[1]}-{address[2] or '4.0'}")
    statement = re.search(r"rightsstatements\.org/(?:vocab|page)/([a-z-]+)", key)
    return re.sub(r"[\s_]+", "-", statement[1] if statement else key)
