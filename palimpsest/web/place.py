"""What every route works with: the open studio, the jobs and the bell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request

from palimpsest.studio.finding import work_with_id
from palimpsest.studio.studio import Studio
from palimpsest.web.bell import Bell
from palimpsest.web.jobs import Jobs

ID = r"^[0-9a-f]{6,64}$"


@dataclass(frozen=True)
class Place:
    """One studio, served."""

    studio: Studio
    jobs: Jobs
    bell: Bell

    def changed(self) -> None:
        """Tell every page that the works have changed."""
        self.bell.ring({"type": "changed"})


def _place(request: Request) -> Place:
    place = request.app.state.place
    assert isinstance(place, Place)
    return place


Here = Annotated[Place, Depends(_place)]


def _known(
    place: Here, work: Annotated[str, Path(pattern=ID, description="A work's id, or its first 6 digits.")]
) -> str:
    return work_with_id(place.studio, work)


Known = Annotated[str, Depends(_known)]
"""The id of a work that is there; a text from outside never names a file of this computer."""
