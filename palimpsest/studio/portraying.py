"""Whom works show: faces that are found, names that are given, and whether these people agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from palimpsest.craft.ports import FaceDetector
from palimpsest.craft.progress import Progress
from palimpsest.engines import faces
from palimpsest.errors import Erased, ParameterRefused, TermsRefused
from palimpsest.library import queries
from palimpsest.lineage.records import Act, Portrayal, Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.media.sourcemap_codec import decode_map
from palimpsest.perception.seeing import CERTAINTY, faces_in
from palimpsest.studio.performing import raster_of, standing_title
from palimpsest.studio.studio import Studio

Consent = Literal["unknown", "given", "refused"]
CONSENTS: tuple[Consent, ...] = get_args(Consent)
STATED = "stated"
NOBODY = "stated: shows nobody"
BATCH = 25
"""Works that are looked at before what was found is recorded; so many are looked at again when it is stopped."""


@dataclass(frozen=True)
class Hold:
    """People whose picture a work carries. `refused` are works whose people refused, `unknown` those of whom nothing is known."""

    refused: tuple[Portrayal, ...]
    unknown: tuple[Portrayal, ...]


def portrayals(studio: Studio, works: Sequence[str] | None = None) -> dict[str, Portrayal]:
    """Return what was last said of whom each work shows; of all works if none are named."""
    return {each.work: each for each in queries.records_about(studio.library, works, Portrayal)}


def shows_people(portrayal: Portrayal | None) -> bool:
    """Tell whether a work is marked as showing people."""
    return portrayal is not None and bool(portrayal.faces or portrayal.people or portrayal.consent != "unknown")


def portray(
    studio: Studio, work: str, people: Sequence[str] = (), consent: str | None = None, *, nobody: bool = False
) -> Portrayal:
    """Record whom a work shows and whether they agreed; what is not said stays as it was. `nobody` says that it shows none.

    Raises:
        ParameterRefused: the consent is none of given, refused, unknown; or people are named and nobody is shown.
        NotFound: the work is not known.
    """
    if consent is not None and consent not in CONSENTS:
        raise ParameterRefused("consent", f"one of {', '.join(CONSENTS)}", consent)
    if nobody and (people or consent):
        raise ParameterRefused("nobody", "either people or nobody", "both", "Leave one of them out.")
    queries.work(studio.library, work)
    before = portrayals(studio, [work]).get(work)
    named = tuple(dict.fromkeys(name.strip() for name in (*(before.people if before else ()), *people) if name.strip()))
    said = Portrayal(
        work=work,
        faces=before.faces if before and not nobody else (),
        people=() if nobody else named,
        consent="unknown" if nobody else _consent(consent, before),
        basis=NOBODY if nobody else STATED,
        by=studio.person.id,
        at=studio.now(),
    )
    studio.library.append([said])
    return said


def _consent(said: str | None, before: Portrayal | None) -> Consent:
    return next((each for each in CONSENTS if each == said), before.consent if before else "unknown")


def unseen(studio: Studio) -> list[str]:
    """List the works that nobody, neither person nor detector, has looked at for faces; erased ones left out."""
    known = portrayals(studio)
    gone = queries.erased(studio.library)
    return [each.id for each in queries.list_works(studio.library) if each.id not in known and each.id not in gone]


def scan(studio: Studio, works: Sequence[str] | None = None, progress: Progress | None = None) -> Iterator[Portrayal]:
    """Look for faces in works not looked at yet, or in those named; each is recorded soon after it is yielded.

    Raises:
        NotFound: the detector is not installed.
        Cancelled: `progress` was told to stop; what was found before is recorded.
    """
    detector: Any = studio.machines.bind(["face-detector"])["face-detector"]
    wanted = unseen(studio) if works is None else list(works)
    said = progress or Progress()
    found: list[Portrayal] = []
    try:
        for number, work in enumerate(wanted):
            said(number / len(wanted))
            found.append(_looked(studio, work, detector))
            yield found[-1]
            if len(found) == BATCH:
                studio.library.append(found)
                found.clear()
        said(1.0)
    finally:
        if found:
            studio.library.append(found)


def _looked(studio: Studio, work: str, detector: FaceDetector) -> Portrayal:
    raster = raster_of(studio, work)
    seen = faces_in(raster, detector, CERTAINTY, Progress())
    before = portrayals(studio, [work]).get(work)
    return Portrayal(
        work=work,
        faces=tuple((int(f.left), int(f.top), max(1, round(f.width)), max(1, round(f.height))) for f in seen),
        people=before.people if before else (),
        consent=before.consent if before else "unknown",
        basis=f"{detector.card.name} {detector.card.version}, certainty {CERTAINTY}",
        by=studio.person.id,
        at=studio.now(),
    )


def cannot_look() -> str:
    """Say why faces cannot be looked for, or nothing when they can."""
    return faces.missing()


def look_at(studio: Studio, work: str) -> Portrayal | None:
    """Return whom a work shows, looking for faces if nobody has; None when the detector is not installed."""
    known = portrayals(studio, [work]).get(work)
    if known is not None or faces.missing():
        return known
    return next(scan(studio, [work]))


def portrayal_hold(studio: Studio, work: str) -> Hold:
    """Return whose pictures a work carries without their agreement: those it shows itself, and those of every work that it was
    made from, as far as their pixels are still in it by source maps, and by the techniques' uses where there is no map.

    Raises:
        NotFound: the work is not known.
    """  # noqa: D205
    lineage = queries.lineage(studio.library, work)
    shown = {id: each for id, each in portrayals(studio, lineage.order).items() if shows_people(each)}
    held = [
        each for id, each in shown.items() if each.consent != "given" and (id == work or carries(studio, work, each))
    ]
    refused = tuple(each for each in held if each.consent == "refused")
    return Hold(refused, tuple(each for each in held if each.consent == "unknown"))


def refuse_portrayed(studio: Studio, work: str) -> tuple[str, ...]:
    """Refuse to publish what shows people who refused; returns lines to say about people of whom nothing is known.

    Raises:
        TermsRefused: somebody who is shown has refused.
    """
    hold = portrayal_hold(studio, work)
    for each in hold.refused:
        whose = ", ".join(each.people) or "somebody who is shown"
        raise TermsRefused(
            each.work,
            standing_title(studio, each.work),
            Use.PUBLISH.value,
            f"{whose} refused to be shown",
            f"Make them unrecognizable first (palimpsest blur-faces {work[:12]}), or record that they agreed now: "
            f"palimpsest people {each.work[:12]} --consent given.",
        )
    return tuple(
        f"shows people, and whether they agreed is not known: {standing_title(studio, each.work)} ({each.work[:12]})"
        for each in hold.unknown
    )


def carries(studio: Studio, work: str, portrayal: Portrayal) -> bool:
    """Tell whether a work still has pixels of the people that another one, which it was made from, shows.

    The places of the faces (the whole picture, where none are known) are followed through the source map of each act on the way.
    An act without a map passes on what it altered or sampled as a whole. What a face was covered with is another pixel, and a
    work of which somebody has stated that it shows nobody passes no person on.
    """
    lineage = queries.lineage(studio.library, work)
    known = portrayals(studio, lineage.order) if shows_people(portrayal) else {}
    nobody = {id for id, said in known.items() if said.basis == NOBODY}
    marked: dict[str, Raster] = {portrayal.work: _marks(studio, portrayal)}
    for each in reversed(lineage.order):
        act = lineage.acts.get(each)
        if act is not None and each not in nobody | {portrayal.work}:
            made = _marks_after(studio, each, act, marked)
            if made is not None:
                marked[each] = made
    return work in marked


def carriers(studio: Studio, work: str) -> list[str]:
    """List the works made from one, directly or not, that still carry pixels of it."""
    whole = Portrayal(work=work, basis=STATED, by="", at=queries.work(studio.library, work).at)
    return [each for each in queries.descendants(studio.library, work) if carries(studio, each, whole)]


def _marks(studio: Studio, portrayal: Portrayal) -> Raster:
    """Return a picture of a work's size: white where people are."""
    size = queries.work(studio.library, portrayal.work)
    marks = np.zeros((size.height, size.width, 3), np.uint8)
    for left, top, width, height in portrayal.faces:
        marks[top : top + height, left : left + width] = 255
    return Raster(marks if portrayal.faces else ~marks)


def _marks_after(studio: Studio, work: str, act: Act, marked: dict[str, Raster]) -> Raster | None:
    """Follow the marks of an act's inputs to its result; None when nothing of them is in it."""
    uses = {(each.work, each.role): each.use for each in act.permit.permissions}
    copied = {
        role: ids
        for role, ids in act.recipe.inputs.items()
        if any(id in marked and uses.get((id, role)) in (Use.ALTER, Use.SAMPLE) for id in ids)
    }
    if not copied:
        return None
    known = queries.work(studio.library, work)
    digest = next(output.evidence.sources for output in act.outputs if output.work == work)
    blank = np.zeros((known.height, known.width, 3), np.uint8)
    if digest is None:
        return Raster(~blank)
    sources = decode_map(studio.library.sources(digest), known.width, known.height)
    pictures = {role: [marked.get(id) or _nothing(studio, id) for id in ids] for role, ids in act.recipe.inputs.items()}
    here = rebuild(sources, pictures).pixels[..., 0] > 127
    if act.recipe.technique in HIDING:
        here = here & _unchanged(studio, work, act, here)
    return Raster(np.where(here[..., None], np.uint8(255), blank)) if here.any() else None


HIDING = ("blur-faces", "pixelate")
_LEFT = 0.05


def _unchanged(studio: Studio, work: str, act: Act, marks: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:  # noqa: ANN401
    """Return the pixels that a covering left as they were; none, if that is less than a twentieth of those that are marked."""
    try:
        before, after = raster_of(studio, act.recipe.inputs["work"][0]), raster_of(studio, work)
    except Erased:
        return marks
    same = (before.pixels == after.pixels).all(axis=2)
    return same if (same & marks).sum() > _LEFT * marks.sum() else np.zeros_like(same)


def _nothing(studio: Studio, work: str) -> Raster:
    size = queries.work(studio.library, work)
    return Raster(np.zeros((size.height, size.width, 3), np.uint8))
