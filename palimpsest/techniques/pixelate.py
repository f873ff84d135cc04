"""Pixelate: cover a part of a work, or the faces in it, with squares."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import FaceDetector
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.errors import RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of
from palimpsest.media.raster import Raster
from palimpsest.perception.hiding import Place, WithoutFaces, around, hidden, marked, pixelated
from palimpsest.perception.seeing import CERTAINTY, Certainty, faces_in


@technique(version=1)
def pixelate(
    work: Annotated[Raster, Role(Use.ALTER, "the work to pixelate")],
    detector: FaceDetector,
    *,
    area: Annotated[
        Raster | None, Role(Use.ALTER, "a mask of the work's size: white is pixelated; without it, every face")
    ] = None,
    squares: Annotated[
        int,
        Field(
            ge=1, le=8, description="how many squares across the shorter side of a face, or of each part of the area"
        ),
    ] = 5,
    margin: Annotated[
        float,
        Field(ge=0, le=2, description="how much further than a face is covered on each side"),
        Unit("of the face"),
    ] = 0.2,
    certainty: Certainty = CERTAINTY,
    without_faces: WithoutFaces = "refuse",
    progress: Progress,
) -> Outcome:
    """Cover the faces in a work, or an area of it, with large squares of one colour each.

    Nothing but the mean colour of each square is kept of what lies under it, so no sharpening can bring it back. With an area,
    no faces are looked for: what the mask marks with more than half of white is covered, each connected part by itself.

    Raises:
        RoleRefused: the mask has another size or no white; or no face was found, and `without_faces` is refuse.
        Cancelled: `progress` was told to stop.
    """
    if area is not None:
        progress(0.0)
        return hidden(work, _drawn(area, work), squares, pixelated, without_faces, "pixelate")
    found = faces_in(work, detector, certainty, progress)
    return hidden(work, [around(each, margin, work) for each in found], squares, pixelated, without_faces, "pixelate")


def _drawn(area: Raster, work: Raster) -> list[Place]:
    size, came = (f"{each.width}×{each.height}" for each in (work, area))
    if size != came:
        raise RoleRefused("pixelate area", f"a mask of the work's size, {size}", came, "Draw the mask on the work.")
    places = marked(cover_of(area) > 0.5)
    if not places:
        raise RoleRefused(
            "pixelate area", "white where the work is to be covered", "no white", "Paint white what shall go."
        )
    return places
