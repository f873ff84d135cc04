"""Blur faces: make the people in a work unrecognizable."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import FaceDetector
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.perception.hiding import WithoutFaces, around, blurred, hidden
from palimpsest.perception.seeing import CERTAINTY, Certainty, faces_in


@technique(version=1)
def blur_faces(
    work: Annotated[Raster, Role(Use.ALTER, "the work whose faces are blurred")],
    detector: FaceDetector,
    *,
    squares: Annotated[
        int,
        Field(ge=2, le=8, description="how many colours are left across a face; 4 leaves a head, 8 a hint of features"),
    ] = 4,
    margin: Annotated[
        float,
        Field(ge=0, le=2, description="how much further than the face is blurred on each side"),
        Unit("of the face"),
    ] = 0.3,
    certainty: Certainty = CERTAINTY,
    without_faces: WithoutFaces = "refuse",
    progress: Progress,
) -> Outcome:
    """Blur every face in a work so that nobody can be recognized.

    Of each face only a small grid of mean colours is kept, 4 × 4 unless you ask for more, and painted smoothly; nothing else of
    it enters the result, so no sharpening can bring it back. The edge of the blur lies outside the face. The detector misses some
    faces, small, turned or in shadow: look at the result, and cover what it missed with `pixelate --area`.

    Raises:
        RoleRefused: no face was found, and `without_faces` is refuse.
        Cancelled: `progress` was told to stop.
    """
    found = faces_in(work, detector, certainty, progress)
    return hidden(work, [around(each, margin, work) for each in found], squares, blurred, without_faces, "blur-faces")
