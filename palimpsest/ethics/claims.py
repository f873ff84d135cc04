"""Our own rules for what credentials claim: they catch what the validating library lets pass.

Measured with c2pa-rs 0.91.3: two parents, a creation that has a parent, a part that was never placed, a source type that does not
exist, and a child of a tampered parent all pass as valid there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from palimpsest.ethics.source_types import is_known, name_of

_HARMLESS = ("signingCredential.untrusted", "manifest.inaccessible", "timeStamp.untrusted", "signingCredential.ocsp")
"""Beginnings of codes that say what is not known, not that something was changed."""
_OPENING = ("c2pa.created", "c2pa.opened")

Manifest = Mapping[str, Any]


def contradictions(store: Mapping[str, Any]) -> list[str]:
    """List in words what a file's manifests claim against the rules, or admit of their own sources.

    Every manifest that is carried along is looked at. Those of the older claims (version 1) knew fewer rules.
    """
    found: dict[str, None] = {}
    active = store.get("active_manifest")
    for label, each in _manifests(store).items():
        of = "" if label == active else f" (in the credentials of {_title(each)})"
        for sentence in (*_broken_rules(each), *_damaged_sources(each)):
            found[f"{sentence}{of}."] = None
    return list(found)


def _manifests(store: Mapping[str, Any]) -> Mapping[str, Manifest]:
    held = store.get("manifests")
    return {label: each for label, each in held.items() if isinstance(each, dict)} if isinstance(held, dict) else {}


def actions(manifest: Manifest) -> list[Mapping[str, Any]]:
    """Return the actions of a manifest, in order."""
    found: list[Mapping[str, Any]] = []
    for assertion in _list(manifest.get("assertions")):
        data = assertion.get("data")
        if str(assertion.get("label", "")).startswith("c2pa.actions") and isinstance(data, dict):
            found += _list(data.get("actions"))
    return found


def ingredients(manifest: Manifest) -> list[Mapping[str, Any]]:
    """Return what a manifest declares as its sources."""
    return _list(manifest.get("ingredients"))


def _list(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _broken_rules(manifest: Manifest) -> Iterator[str]:
    steps, sources = actions(manifest), ingredients(manifest)
    kinds = [str(each.get("relationship", "")) for each in sources]
    names = [str(each.get("action", "")) for each in steps]
    for step in steps:
        address = step.get("digitalSourceType")
        if address is not None and not is_known(str(address)):
            yield f"It names a kind of source that does not exist: {name_of(str(address))[:60]}"
    if kinds.count("parentOf") > 1:
        yield f"It claims {kinds.count('parentOf')} parents, and a picture is opened from one at most"
    if "c2pa.created" in names and "parentOf" in kinds:
        yield "It claims to have been created from nothing and to have a parent as well"
    if sum(name in _OPENING for name in names) > 1:
        yield "It claims to have begun more than once"
    if _is_old(manifest):
        return
    placed = _placed(steps)
    for source in sources:
        if source.get("relationship") == "componentOf" and source.get("label") not in placed:
            yield f"It claims {_title(source)} as a part of it, but nothing says that it was placed"


def _is_old(manifest: Manifest) -> bool:
    return manifest.get("claim_version") == 1


def _placed(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the labels of the ingredients that an action placed."""
    placed = set()
    for step in steps:
        parameters = step.get("parameters")
        if step.get("action") == "c2pa.placed" and isinstance(parameters, dict):
            single = parameters.get("ingredient")
            named = _list(parameters.get("ingredients")) + ([single] if isinstance(single, dict) else [])
            placed |= {name_of(str(each.get("url", ""))) for each in named}
    return placed


def _damaged_sources(manifest: Manifest) -> Iterator[str]:
    for source in ingredients(manifest):
        codes = [code for code in _failures(source) if not code.startswith(_HARMLESS)]
        if codes:
            yield f"Its source {_title(source)} was not intact when it was used: {meaning(codes[-1])}"


def _failures(source: Mapping[str, Any]) -> list[str]:
    results = source.get("validation_results")
    active = results.get("activeManifest") if isinstance(results, dict) else None
    listed = _list(active.get("failure")) if isinstance(active, dict) else []
    return [str(each.get("code", "")) for each in (*listed, *_list(source.get("validation_status")))]


def _title(thing: Mapping[str, Any]) -> str:
    return f"'{thing.get('title') or 'untitled'}'"


def meaning(code: str) -> str:
    """Say in words what a code of the library means."""
    return next((words for start, words in _MEANINGS.items() if code.startswith(start)), code)


_MEANINGS: Mapping[str, str] = {
    "assertion.dataHash.mismatch": "the file is not the one that was signed",
    "assertion.hashedURI.mismatch": "a statement was changed after it was signed",
    "assertion.missing": "a statement was taken away after it was signed",
    "assertion": "a statement does not hold",
    "claimSignature.mismatch": "the signature does not fit",
    "claimSignature": "the signature does not hold",
    "claim": "the claim does not hold",
    "ingredient.manifest.missing": "the credentials of a source were taken away",
    "ingredient": "what is said of a source does not hold",
    "manifest.inaccessible": "its credentials lie elsewhere and were not fetched",
    "signingCredential.untrusted": "nobody that this computer knows vouches for the signer",
    "signingCredential.expired": "the signer's certificate has run out",
    "signingCredential.revoked": "the signer's certificate was revoked",
    "signingCredential": "the signer's certificate cannot sign this",
    "timeStamp": "the stamp of the time does not fit",
    "org.palimpsest.box": "a part of the credentials says that it is something else than it is",
    "general": "the credentials do not hold together",
}
