"""What a file's own words mean for its terms: the strictest of them holds, and an opt-out goes before any permission.

Opt-outs speak of machines that mine a work or learn from it. Which uses of ours they close:
- every one closes `learn`;
- those that name all mining, generative training, or inference close `imitate` as well: to take a style is to mine a work for it
  with a network, and to generate by it. Only an opt-out from training as such (`ai_training`) leaves `imitate` as it is;
- `alter`, `sample` and `publish` are not theirs; the licence speaks of those.
A value that the vocabularies do not know, but that begins as a prohibition does, is read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from palimpsest.ethics.licences import LICENCES, Licence, licences_in
from palimpsest.lineage.records import Grant, Obligation, Use

FROM_FILE = "the file: "
"""How the basis of terms begins that were read in a file."""

LICENCE_FIELDS = ("cc:license", "dcterms:license", "xmpRights:WebStatement", "xmpRights:UsageTerms")
NOTICE_FIELDS = ("dc:rights", "dcterms:rights", "EXIF Copyright", "IPTC Copyright Notice", "PNG Copyright")
CREATOR_FIELDS = ("dc:creator", "IPTC By-line", "EXIF Artist", "PNG Author")
MINING = (Use.LEARN, Use.IMITATE)
_CREDENTIALS = {
    "ai_training": (Use.LEARN,),
    "ai_generative_training": MINING,
    "data_mining": MINING,
    "ai_inference": (Use.IMITATE,),
}
"""The entries of the C2PA and CAWG assertions on training and mining, and the uses that each closes."""
_STRICTEST = (Grant.REFUSED, Grant.UNSTATED, Grant.CREDIT, Grant.ALLOWED)
_FREE = (LICENCES["public domain"].name, LICENCES["CC0-1.0"].name)


@dataclass(frozen=True)
class FileTerms:
    """What a file states of itself. `basis` names each field; `makers` are those it names."""

    licence: str = ""
    uses: Mapping[Use, Grant] = field(default_factory=dict)
    obligations: tuple[Obligation, ...] = ()
    basis: str = ""
    makers: tuple[str, ...] = ()


def stated_by(claims: Sequence[tuple[str, str]], credentials: Mapping[str, str] | None = None) -> FileTerms:
    """Read the fields of a file, and what its Content Credentials say of training and mining.

    `claims` are pairs of field and words, `credentials` entries such as `ai_training` with "allowed", "notAllowed" or
    "constrained". A file that says nothing of terms gets no basis.
    """
    named = [(name, words, licence) for name, words in claims for licence in _licences(name, words)]
    licence = _strictest([each for _, _, each in named])
    uses = dict(licence.uses) if licence else {}
    allowed, refused, signs = _mining(claims, credentials or {})
    uses |= {use: Grant.ALLOWED for use in allowed if use not in refused and use not in uses}
    uses |= dict.fromkeys(refused, Grant.REFUSED)
    contradictory = len({_meaning(each) for _, _, each in named}) > 1
    managed = _is_managed(claims) and licence is not None and licence.name in _FREE
    if managed:
        uses = {use: grant for use, grant in uses.items() if grant is Grant.REFUSED}
    said = [*signs, *(_field(name, words) for name, words, _ in named)]
    said += [_field(*claim) for claim in claims if _is_remark(*claim, managed=managed)]
    words = "; ".join(dict.fromkeys(said))
    if contradictory or managed:
        words += "; these contradict each other, and the strictest holds"
    return FileTerms(
        licence=licence.name if licence and not managed else "",
        uses=uses,
        obligations=licence.obligations if licence and not managed else (),
        basis=f"{FROM_FILE}{words}" if words else "",
        makers=_makers(claims),
    )


def _licences(name: str, words: str) -> list[Licence]:
    if name in (*LICENCE_FIELDS, *NOTICE_FIELDS):
        return licences_in(words)
    if name == "xmpRights:Marked" and words.casefold() == "false":  # XMP: not rights-managed, that is public domain
        return [LICENCES["public domain"]]
    return []


def _is_managed(claims: Iterable[tuple[str, str]]) -> bool:
    return any(name == "xmpRights:Marked" and words.casefold() == "true" for name, words in claims)


def _is_remark(name: str, words: str, *, managed: bool) -> bool:
    """Tell what is worth naming although no permission follows from it."""
    reserved = name == "xmpRights:Marked" and words.casefold() == "true" and managed
    return reserved or name in ("XMP", "plus:OtherConstraints", "tdm:policy")


def _strictest(licences: Sequence[Licence]) -> Licence | None:
    """Put several licences together: of each use the strictest grant, and every obligation; named for the strictest of them."""
    if not licences:
        return None
    first = min(licences, key=lambda each: (_ranks(each), -len(each.obligations), each.name))
    uses = {use: min((each.uses[use] for each in licences), key=_STRICTEST.index) for use in Use}
    owed = dict.fromkeys(duty for each in (first, *licences) for duty in each.obligations)
    return Licence(first.name, uses, tuple(owed))


def _ranks(licence: Licence) -> list[int]:
    return sorted(_STRICTEST.index(grant) for grant in licence.uses.values())


def _meaning(licence: Licence) -> tuple[object, ...]:
    return tuple(licence.uses[use] for use in Use), frozenset(licence.obligations)


def _mining(claims: Iterable[tuple[str, str]], credentials: Mapping[str, str]) -> tuple[set[Use], set[Use], list[str]]:
    """Return the uses that are allowed to machines and those that are refused, and the fields that say so, refusals first."""
    allowed: set[Use] = set()
    refused: set[Use] = set()
    said: list[tuple[bool, str]] = []
    for name, words in claims:
        value = words.rpartition("/")[2].upper() if name == "plus:DataMining" else words.strip()
        if (name == "plus:DataMining" and _PROHIBITED.match(value)) or (name, value) == ("tdm:reservation", "1"):
            refused.update(MINING)
            said.append((False, _field(name, value)))
        elif name == "plus:DataMining" and value in ("DMI-ALLOWED", "ALLOWED"):
            allowed.add(Use.LEARN)
            said.append((True, _field(name, value)))
    for entry, word in credentials.items():
        if word in ("notAllowed", "constrained"):
            refused.update(_CREDENTIALS.get(entry, MINING))
            said.append((False, _field(f"Content Credentials, {entry}", word)))
    return allowed, refused, [words for _, words in sorted(said, key=lambda each: each[0])]


_PROHIBITED = re.compile(r"(DMI-)?PROHIBITED")


def _makers(claims: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return those whom the file names as its makers: by the first of the fields that names any."""
    found: dict[str, list[str]] = {}
    for name, words in claims:
        if name in CREATOR_FIELDS:
            found.setdefault(name, []).extend(part.strip() for part in re.split(r"\s*[;·]\s*", words) if part.strip())
    return tuple(next((dict.fromkeys(found[name]) for name in CREATOR_FIELDS if found.get(name)), ()))


def _field(name: str, words: str) -> str:
    return f"{name} = {words if len(words) <= _LONGEST else f'{words[:_LONGEST]}…'}"


_LONGEST = 160
