"""The licences of Creative Commons: every version and every port that was published, by name, in words, or by address.

Sources: the licence texts and addresses at creativecommons.org; the SPDX list for the names. The licences that were given up
(sampling, developing nations) are not among them: they fit no table of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
LATEST = VERSIONS[-1]

PORTS = {
    "1.0": "fi il nl",
    "2.0": "au at be br ca cl hr fr de it jp kr nl pl za es tw uk",
    "2.1": "au ca jp es",
    "2.5": "ar au br bg ca cn co hr dk hu in il it mk my mt mx nl pe pl pt si za es se ch tw scotland",
    "3.0": "am au at az br ca cl cn cr hr cz ec eg ee fr ge de gr gt hk ie igo it lu nl nz no ph pl pt pr ro rs sg za es "
    "ch tw th ug us ve vn",
}
"""The jurisdictions that a version was adapted to; 4.0 was adapted to none, and 2.1 exists in adaptations only."""

ELEMENTS = ("by", "nc", "sa", "nd")
_SETS = ("by", "by-nc", "by-sa", "by-nd", "by-nc-sa", "by-nc-nd")
_SETS_OF_1_0 = (*_SETS, "nc", "sa", "nd", "nc-sa", "nc-nd")
"""In version 1.0 one could leave the credit out."""

_ADDRESS = re.compile(r"creativecommons\.org/licenses/([a-z+-]+)/(\d\.\d)(?:/([a-z]+))?", re.IGNORECASE)
_WORDS = (
    (r"\bcreative[\s-]*commons\b", " cc "),
    (r"\bnon-?\s?commercial\b", " nc "),
    (r"\bshare-?\s?alike\b", " sa "),
    (r"\bno-?\s?deriv(s|atives|ative\s+works)\b", " nd "),
    (r"\battribution\b", " by "),
    (r"\b(international|unported|generic|public|licen[sc]ed?)\b", " "),
)
_NAME = re.compile(r"(cc )?((?:(?:by|nc|sa|nd) )+)(\d\.\d )?([a-z]+ )?")


@dataclass(frozen=True)
class CreativeCommons:
    """One licence: its elements in their usual order, its version, and the jurisdiction it was adapted to, if any."""

    elements: str
    version: str
    port: str = ""

    @property
    def name(self) -> str:
        """The SPDX name: CC-BY-SA-3.0-DE."""
        return "-".join(part for part in ("CC", self.elements.upper(), self.version, self.port.upper()) if part)

    @property
    def exists(self) -> bool:
        """Whether it was ever published."""
        sets = _SETS_OF_1_0 if self.version == "1.0" else _SETS
        ported = self.port in PORTS.get(self.version, "").split() if self.port else self.version != "2.1"
        return self.version in VERSIONS and self.elements in sets and ported


def named(text: str) -> CreativeCommons | None:
    """Find the licence that a text is the name or the address of; without a version the latest is meant.

    None where it names none, or one that was never published.
    """
    address = _ADDRESS.search(text)
    if address:
        elements, version, port = (part or "" for part in address.groups())
        return _published(elements.lower().split("-"), version, "" if port.lower() in _PAGES else port.lower())
    words = text.lower()
    for pattern, sign in _WORDS:
        words = re.sub(pattern, sign, words)
    found = _NAME.fullmatch(f"{' '.join(re.split(r'[^a-z0-9.]+', words)).strip()} ")
    if found is None or not (found[1] or found[3]):  # "by" alone is no licence
        return None
    return _published(found[2].split(), (found[3] or LATEST).strip(), (found[4] or "").strip())


def addresses(text: str) -> list[str]:
    """Return every address of a Creative Commons licence in a text."""
    return [found[0] for found in _ADDRESS.finditer(text)]


_PAGES = ("deed", "legalcode")


def _published(elements: list[str], version: str, port: str) -> CreativeCommons | None:
    if len(set(elements)) != len(elements) or not set(elements) <= set(ELEMENTS):
        return None
    ordered = "-".join(sorted(elements, key=ELEMENTS.index))
    licence = CreativeCommons(ordered, version, port)
    return licence if licence.exists else None


def adapted_under(licence: CreativeCommons) -> frozenset[str]:
    """Return under which licences, of any port, an adaptation of a share-alike work may be shared.

    From 2.0 on: the same elements in this version or a later one; from BY-SA 4.0 also the two licences that Creative Commons
    has declared compatible. A work under 1.0 stays under 1.0.
    """
    first = VERSIONS.index(licence.version)
    versions = VERSIONS[first:] if first else VERSIONS[:1]
    ways = {CreativeCommons(licence.elements, version).name for version in versions}
    return frozenset(ways | {"LAL-1.3", "GPL-3.0"} if licence == CreativeCommons("by-sa", "4.0") else ways)
