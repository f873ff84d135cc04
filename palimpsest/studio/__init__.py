"""The verbs. This is what Python programs import, and the only folder that composes the others.

from pathlib import Path
from palimpsest import studio

with studio.Studio.open(Path("my-studio")) as place:
    photo = studio.work_named(place, "photo.jpg")
    painting = studio.work_named(place, "painting.jpg")
    done = studio.perform(place, "stylize", {"content": [photo], "styles": [painting]}, {"strength": 0.8})
    print(studio.credits(place, studio.tell(place, done.works[0].id)).people)
"""

from palimpsest.studio.adding import Added, add, add_bytes, add_file
from palimpsest.studio.checking import Report, check
from palimpsest.studio.choosing import choose
from palimpsest.studio.crediting import Credits, credits
from palimpsest.studio.exporting import Exported, export
from palimpsest.studio.finding import (
    Shown,
    count_works,
    list_works,
    open_or_make,
    open_studio,
    show,
    thumbnail_file,
    work_file,
    work_named,
)
from palimpsest.studio.performing import Performance, Plan, perform, plan, raster_of
from palimpsest.studio.previewing import Preview, preview
from palimpsest.studio.replaying import Replay, replay
from palimpsest.studio.representation import Audit, audit, groups_of
from palimpsest.studio.saying import Said, say
from palimpsest.studio.source_chart import chart
from palimpsest.studio.sourcing import Origin, Sources, origin, origins, sources, trace
from palimpsest.studio.starter import fill
from palimpsest.studio.stating import Wish
from palimpsest.studio.studio import Studio, rebuild
from palimpsest.studio.telling import Told, tell
from palimpsest.studio.terms import (
    InForce,
    collection_terms_in_force,
    state_collection_terms,
    state_terms,
    terms_in_force,
)
from palimpsest.studio.verifying import Verdict, verify
from palimpsest.studio.workers import in_processes
from palimpsest.studio.writing import write_image

__all__ = [
    "Added",
    "Audit",
    "Credits",
    "Exported",
    "InForce",
    "Origin",
    "Performance",
    "Plan",
    "Preview",
    "Replay",
    "Report",
    "Said",
    "Shown",
    "Sources",
    "Studio",
    "Told",
    "Verdict",
    "Wish",
    "add",
    "add_bytes",
    "add_file",
    "audit",
    "chart",
    "check",
    "choose",
    "collection_terms_in_force",
    "count_works",
    "credits",
    "export",
    "fill",
    "groups_of",
    "in_processes",
    "list_works",
    "open_or_make",
    "open_studio",
    "origin",
    "origins",
    "perform",
    "plan",
    "preview",
    "raster_of",
    "rebuild",
    "replay",
    "say",
    "show",
    "sources",
    "state_collection_terms",
    "state_terms",
    "tell",
    "terms_in_force",
    "thumbnail_file",
    "trace",
    "verify",
    "work_file",
    "work_named",
    "write_image",
]
