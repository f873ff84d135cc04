"""What the usual licences say to each use.

Sources: the licence texts of Creative Commons (creativecommons.org), the statements of rightsstatements.org, the SPDX list.
A licence speaks of copying and adapting, not of styles; where it lets anybody adapt a work, we read `imitate` as permitted
with the same obligations, and where it forbids adaptations, as refused. This is a studio's cautious reading, not law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from palimpsest.errors import ParameterRefused
from palimpsest.ethics import creative_commons
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
_SHARE_ALIKE = Obligation.SHARE_ALIKE
_NON_COMMERCIAL = Obligation.NON_COMMERCIAL
_ADAPT_REFUSED = {Use.SAMPLE: Grant.REFUSED, Use.IMITATE: Grant.REFUSED, Use.LEARN: Grant.REFUSED}
_IN_COPYRIGHT = _all(Grant.REFUSED) | {Use.ALTER: Grant.UNSTATED}


def _creative_commons(elements: str) -> Licence:
    """Read a Creative Commons licence from its elements: each stands for one obligation."""
    parts = elements.split("-")
    granted = _all(Grant.CREDIT if "by" in parts else Grant.ALLOWED)
    duties = {
        "by": _CREDIT,
        "sa": _SHARE_ALIKE,
        "nc": _NON_COMMERCIAL,
        "nd": Obligation.NO_DERIVATIVES,
    }
    owed = tuple(duty for part, duty in duties.items() if part in parts)
    name = creative_commons.CreativeCommons(elements, creative_commons.LATEST).name
    return Licence(name, granted | _ADAPT_REFUSED if "nd" in parts else granted, owed)


def _alike(names: str, grant: Grant, *owed: Obligation) -> list[Licence]:
    return [Licence(name, _all(grant), owed) for name in names.split()]


LICENCES: Mapping[str, Licence] = {
    licence.name: licence
    for licence in (
        Licence("CC0-1.0", _all(Grant.ALLOWED)),
        Licence("public domain", _all(Grant.ALLOWED)),
        Licence("own work", _all(Grant.ALLOWED)),
        *(_creative_commons(each) for each in ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")),
        *_alike("MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC Zlib NCSA BSL-1.0", Grant.CREDIT, _CREDIT),
        *_alike("OGL-UK-1.0 OGL-UK-2.0 OGL-UK-3.0 etalab-2.0 DL-DE-BY-2.0 ODC-By-1.0 NLOD-2.0", Grant.CREDIT, _CREDIT),
        *_alike("0BSD MIT-0 Unlicense WTFPL PDDL-1.0 DL-DE-ZERO-2.0", Grant.ALLOWED),
        *_alike("LAL-1.3 GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only", Grant.CREDIT, _CREDIT, _SHARE_ALIKE),
        *_alike("GFDL-1.3-or-later GPL-2.0-only GPL-2.0-or-later", Grant.CREDIT, _CREDIT, _SHARE_ALIKE),
        *_alike("GPL-3.0-only GPL-3.0-or-later AGPL-3.0-only", Grant.CREDIT, _CREDIT, _SHARE_ALIKE),
        *_alike("AGPL-3.0-or-later MPL-2.0 EUPL-1.2 ODbL-1.0", Grant.CREDIT, _CREDIT, _SHARE_ALIKE),
        Licence("all rights reserved", _IN_COPYRIGHT),
        *(Licence(name, _IN_COPYRIGHT) for name in ("InC", "InC-OW-EU", "InC-EDU", "InC-RUU")),
        *_alike("InC-NC NoC-NC", Grant.ALLOWED, _NON_COMMERCIAL),
        *_alike("NoC-US NKC", Grant.ALLOWED),
        *_alike("NoC-CR NoC-OKLR CNE UND", Grant.UNSTATED),
    )
}
"""Each licence once; those of Creative Commons in their latest version."""

_SAME = {
    "CC0-1.0": "cc0; cc-zero; cc0 1.0 universal; cc0 1.0 universal (cc0 1.0) public domain dedication; creative commons zero; "
    "creative commons cc0; creative commons zero (cc0); cc0 public domain designation; met open access (cc0)",
    "public domain": "publicdomain; public domain mark; public domain mark 1.0; public-domain-mark; pdm; pd; cc-pdm-1.0; "
    "cc-pddc; pd-art; pd-old; pd-old-70; pd-old-100; pd-us; pd-mark; in the public domain; not in copyright; "
    "out of copyright; no copyright; no known copyright restrictions; no known restrictions on publication; "
    "no known restrictions; this work is in the public domain; gemeinfrei; domaine public; dominio público; 公有領域",
    "own work": "own; mine; my own; my own work",
    "all rights reserved": "arr; copyright; copyrighted; ©; (c); rights managed; rights reserved; alle rechte vorbehalten; "
    "tous droits réservés; todos los derechos reservados; tutti i diritti riservati",
    "InC": "in copyright",
    "InC-OW-EU": "in copyright - eu orphan work",
    "InC-EDU": "in copyright - educational use permitted",
    "InC-NC": "in copyright - non-commercial use permitted",
    "InC-RUU": "in copyright - rights-holder(s) unlocatable or unidentifiable",
    "NoC-CR": "no copyright - contractual restrictions",
    "NoC-NC": "no copyright - non-commercial use only",
    "NoC-OKLR": "no copyright - other known legal restrictions",
    "NoC-US": "no copyright - united states",
    "CNE": "copyright not evaluated",
    "UND": "copyright undetermined",
    "NKC": "no known copyright",
    "GPL-2.0-only": "gpl-2.0; gnu gpl 2",
    "GPL-3.0-only": "gpl-3.0; gnu gpl 3",
    "AGPL-3.0-only": "agpl-3.0",
    "GFDL-1.2-only": "gfdl-1.2",
    "GFDL-1.3-only": "gfdl-1.3",
    "LAL-1.3": "free art license 1.3; licence art libre 1.3; fal-1.3",
    "OGL-UK-3.0": "open government licence v3.0; ogl v3; ogl 3",
    "Apache-2.0": "apache license 2.0; apache 2.0; apache",
    "MIT": "mit license; expat",
    "BSD-3-Clause": "bsd; new bsd",
}
"""Other ways to say it, as museums and their files do."""

_STATEMENT = re.compile(r"rightsstatements\.org/(?:vocab|page)/([a-z]+(?:-[a-z]+)*)/1\.0", re.IGNORECASE)
_DEDICATION = re.compile(r"creativecommons\.org/publicdomain/(zero|mark|certification)\b", re.IGNORECASE)
_DEDICATIONS = {"zero": "CC0-1.0", "mark": "public domain", "certification": "public domain"}


def licence_called(text: str) -> Licence:
    """Find a licence by its SPDX name, its usual name, or its address at Creative Commons or rightsstatements.org.

    Raises:
        ParameterRefused: it is not known, or several are named; nothing is guessed.
    """
    known = _by_key().get(_key(text))
    found = {each.name: each for each in ([known] if known else _at_addresses(text) or _by_elements(text))}
    if len(found) != 1:
        raise ParameterRefused(
            "licence", f"one of {', '.join(LICENCES)}", text, "Or say it by use: --allow imitate --refuse publish."
        )
    return next(iter(found.values()))


def licences_in(text: str) -> list[Licence]:
    """Find what a line of free text says: the whole of it if that is a licence, else every address, and a plain reservation."""
    known = _by_key().get(_key(text))
    if known is not None:
        return [known]
    reserved = [LICENCES["all rights reserved"]] if _RESERVED.search(text) else []
    return (_at_addresses(text) or _by_elements(text)) + reserved


_RESERVED = re.compile(
    r"\ball rights reserved\b|\balle rechte vorbehalten\b|\btous droits r[ée]serv[ée]s\b|\btodos los derechos reservados\b",
    re.IGNORECASE,
)


def outlets(name: str) -> frozenset[str]:
    """Return under which licences what is made from a work under this share-alike licence may be shared."""
    commons = creative_commons.named(name)
    if commons is not None:
        return creative_commons.adapted_under(commons)
    family = name.removesuffix("-only").removesuffix("-or-later")
    later = _LATER.get(name, ())
    return frozenset({family, *later})


_LATER = {
    "GPL-2.0-or-later": ("GPL-3.0",),
    "GFDL-1.2-or-later": ("GFDL-1.3",),
    "LAL-1.3": ("CC-BY-SA-4.0",),
}
"""Under what else a licence that is none of Creative Commons lets one share."""


def is_non_commercial(outlet: str) -> bool:
    """Tell whether a licence keeps what is shared under it from being sold."""
    commons = creative_commons.named(outlet)
    return commons is not None and "nc" in commons.elements.split("-")


def _at_addresses(text: str) -> list[Licence]:
    """Find every licence, dedication and statement whose address is in a text; unknown ones are left out."""
    statements = (_by_key().get(found[1].lower()) for found in _STATEMENT.finditer(text))
    dedications = (LICENCES[_DEDICATIONS[found[1].lower()]] for found in _DEDICATION.finditer(text))
    commons = (creative_commons.named(each) for each in creative_commons.addresses(text))
    return [*dedications, *(each for each in statements if each), *(_as_licence(each) for each in commons if each)]


def _by_elements(text: str) -> list[Licence]:
    commons = None if "://" in text else creative_commons.named(text)
    return [_as_licence(commons)] if commons else []


def _as_licence(commons: creative_commons.CreativeCommons) -> Licence:
    return replace(_creative_commons(commons.elements), name=commons.name)


@cache
def _by_key() -> dict[str, Licence]:
    ways = {_key(name): licence for name, licence in LICENCES.items()}
    said = ((way, name) for name, ways_to_say in _SAME.items() for way in ways_to_say.split(";"))
    return ways | {_key(way): LICENCES[name] for way, name in said}


def _key(text: str) -> str:
    """Bring the ways to write a licence to one: 'CC0 1.0', 'cc0-1.0' and 'CC0_1.0.' are the same."""
    return re.sub(r"[\s_–—-]+", "-", text.strip().strip(".").casefold())
