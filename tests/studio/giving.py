"""A studio with works to give away."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from palimpsest.lineage.records import Use
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.identity import Keeping
from palimpsest.studio.performing import perform
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio


def keeping(folder: Path) -> Keeping:
    """Return a place for identities."""
    return Keeping(folder / "identity")


def photograph(number: int = 0, width: int = 320, height: int = 288) -> bytes:
    """Return a JPEG with all that a telephone writes into one."""
    rng = np.random.default_rng(number)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 10, 3), np.uint8)).resize((width, height))
    exif = Image.Exif()
    exif[Base.Make] = "Telephone"
    exif[Base.Artist] = "Grace Private"
    exif[Base.DateTime] = "2026:01:02 03:04:05"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (48.0, 12.0, 0.0)
    file = io.BytesIO()
    coarse.save(
        file, "JPEG", quality=92, exif=exif, comment=b"secret comment", xmp=b"<x:xmpmeta>secret packet</x:xmpmeta>"
    )
    return file.getvalue()


OPEN = Said(licence="CC0-1.0")


def photo(studio: Studio, number: int = 0, title: str = "A photo", said: Said | None = None) -> str:
    """Add a photograph that anybody may use."""
    chosen = said or Said(title=title, makers=("Grace",), licence="CC0-1.0")
    return add_bytes(studio, photograph(number), f"{title}.jpg", chosen)[0]


def cropped(studio: Studio, work: str) -> str:
    """Return a part of a work."""
    return perform(studio, "crop", {"work": [work]}, {"left": 0.05}).works[0].id


def restyled(studio: Studio, work: str, style: str) -> str:
    """Return a work in the style of another, by a trained model."""
    return perform(studio, "stylize", {"content": [work], "styles": [style]}).works[0].id


REFUSES_LEARNING = Said(title="Reserved", makers=("Mary",), licence="CC0-1.0", refuse=(Use.LEARN,))
