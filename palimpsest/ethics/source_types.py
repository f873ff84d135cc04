"""What kind of source a picture is, in the words of the IPTC: chosen from what is recorded, never by hand.

The vocabulary: IPTC NewsCodes, Digital Source Type, as of 2025, and the two values that C2PA adds. Whether an engine was trained
is read from its identity: one with weights was, one without is arithmetic. One that only looks, as a detector does, made nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Act, EngineIdentity, Use

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = "trainedAlgorithmicMedia"
WITH_TRAINED = "compositeWithTrainedAlgorithmicMedia"
ALGORITHMIC = "algorithmicMedia"
ALTERED = "algorithmicallyEnhanced"
COMPOSITE = "composite"
EDITED = "humanEdits"

MEANINGS: Mapping[str, str] = {
    TRAINED: "made by a trained model",
    WITH_TRAINED: "made partly by a trained model",
    ALGORITHMIC: "made by an algorithm that was trained on nothing",
    ALTERED: "changed by an algorithm that was trained on nothing",
    COMPOSITE: "put together from several pictures",
    EDITED: "changed by a person with plain tools",
    "digitalCapture": "taken by a camera",
    "computationalCapture": "taken by a camera that computes several shots into one",
    "negativeFilm": "scanned from a negative",
    "positiveFilm": "scanned from a transparency",
    "print": "scanned from paper",
    "minorHumanEdits": "taken by a camera and slightly changed by a person",
    "compositeCapture": "put together from several captures",
    "compositeSynthetic": "put together, with synthetic parts",
    "dataDrivenMedia": "drawn from data",
    "digitalCreation": "made by a person with digital tools",
    "digitalArt": "made by a person with digital tools",
    "virtualRecording": "recorded from a virtual scene",
    "screenCapture": "captured from a screen",
    "softwareImage": "drawn by software",
    "empty": "an empty page",
    "trainedAlgorithmicData": "data made by a trained model",
}
"""Every value there is, in words."""
LOOKING = ("face-detector",)
"""Ports whose engines say where something is and make no pixel of the result."""
_BY_MODELS = (TRAINED, WITH_TRAINED, "compositeSynthetic")
_ADDRESSES = {
    "http://c2pa.org/digitalsourcetype/empty",
    "http://c2pa.org/digitalsourcetype/trainedAlgorithmicData",
} | {VOCABULARY + name for name in MEANINGS if name not in ("empty", "trainedAlgorithmicData")}


def is_known(address: str) -> bool:
    """Tell whether an address is one of the vocabulary's; some write it with https."""
    return address.replace("https://", "http://", 1) in _ADDRESSES


def name_of(address: str) -> str:
    """Return the last part of an address of the vocabulary."""
    return address.rpartition("/")[2]


def is_trained(engine: EngineIdentity) -> bool:
    """Tell whether an engine was trained and makes pixels: whether it has weights and is no detector."""
    return bool(engine.weights) and engine.port not in LOOKING


def givers(act: Act, work: str) -> tuple[tuple[str, Use], ...]:
    """Return the inputs whose pixels are in a result, with what was done to them.

    They were altered or sampled, and the evidence gives them a share, or gives nobody any: a mask and a sketch have none.
    """
    shares = next(output.evidence for output in act.outputs if output.work == work).shares()
    uses = {(each.role, each.work): each.use for each in act.permit.permissions}
    found: dict[str, Use] = {}
    for role, works in act.recipe.inputs.items():
        for each in works:
            use = uses[role, each]
            if use in (Use.ALTER, Use.SAMPLE) and (each in shares or not shares):
                found.setdefault(each, use)
    return tuple(found.items())


def of_act(act: Act, work: str) -> str:
    """Choose the source type of what one act did."""
    given = len(givers(act, work))
    if any(is_trained(engine) for engine in act.recipe.engines):
        return WITH_TRAINED if given else TRAINED
    if given == 0:
        return ALGORITHMIC
    if given > 1:
        return COMPOSITE
    return ALTERED if act.recipe.engines or act.recipe.seed is not None else EDITED


def of_work(lineage: Lineage, stated: Mapping[str, str]) -> str | None:
    """Choose the source type of a work from its whole lineage; None for one from outside that says nothing of itself.

    `stated` is what files from outside say that they are, by work.
    """
    if lineage.work not in lineage.acts:
        return stated.get(lineage.work)
    roots = shown_in(lineage)
    if by_models(lineage, stated):
        alone = all(_is_of_model(lineage, root, stated) for root in roots)
        return TRAINED if alone else WITH_TRAINED
    if len(roots) > 1:
        return COMPOSITE
    if not any(root not in lineage.acts for root in roots):
        return ALGORITHMIC
    kinds = {of_act(lineage.acts[work], work) for work in lineage.order if work in lineage.acts}
    return EDITED if kinds == {EDITED} else ALTERED


def by_models(lineage: Lineage, stated: Mapping[str, str]) -> bool:
    """Tell whether a trained model took part anywhere, here or, as a file from outside states, before."""
    engines = any(is_trained(engine) for engine in lineage.engines)
    return engines or any(stated.get(work) in _BY_MODELS for work in lineage.order)


def shown_in(lineage: Lineage) -> tuple[str, ...]:
    """Return the roots whose pixels are in the work, however little of them."""
    seen: dict[str, None] = {}
    stack = [lineage.work]
    while stack:
        work = stack.pop()
        if work not in seen:
            seen[work] = None
            stack += [each for each, _ in givers(lineage.acts[work], work)] if work in lineage.acts else []
    return tuple(work for work in seen if work not in lineage.acts or not givers(lineage.acts[work], work))


def stated_in(data: bytes) -> str | None:
    """Return the source type that a file states of itself, in its XMP or its credentials; None where it states none, or several.

    Where any of them is a trained model's, that is what counts.
    """
    names = {each.decode() for each in _STATED.findall(data)} & set(MEANINGS)
    models = names & set(_BY_MODELS)
    if models:
        return TRAINED if names == {TRAINED} else WITH_TRAINED
    return names.pop() if len(names) == 1 else None


_STATED = re.compile(rb"/digitalsourcetype/([A-Za-z]+)")


def _is_of_model(lineage: Lineage, root: str, stated: Mapping[str, str]) -> bool:
    if root not in lineage.acts:
        return stated.get(root) == TRAINED
    return of_act(lineage.acts[root], root) == TRAINED
