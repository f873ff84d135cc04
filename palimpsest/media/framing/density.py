"""How fine a file says that its picture is: dots per inch, read from its head alone."""

from __future__ import annotations

import io
import math
from typing import cast

from PIL import ExifTags, Image

from palimpsest.media.formats import format_in
from palimpsest.media.orientation import orientation_of
from palimpsest.media.quiet import no_chatter, no_warnings
from palimpsest.media.refusal import DECODER_FAULTS

_PER_INCH = {2: 1.0, 3: 2.54}
"""EXIF 2.32, ResolutionUnit: inches, centimetres."""
_TURNED = 5
"""Orientations from here on lay the picture on its side."""


def dots_per_inch(data: bytes) -> tuple[float, float] | None:
    """Return the dots per inch across and down the upright picture; None where the file does not say it."""
    kind = format_in(data)
    if kind is None:
        return None
    try:
        with no_warnings(), no_chatter():
            image = cast("Image.Image", Image.OPEN[kind.name][0](io.BytesIO(data), ""))
            found = _stated(image)
            turned = orientation_of(image) >= _TURNED
    except DECODER_FAULTS:
        return None
    if found is None or not all(math.isfinite(each) and each > 0 for each in found):
        return None
    return (found[1], found[0]) if turned else found


def _stated(image: Image.Image) -> tuple[float, float] | None:
    stated = image.info.get("dpi")
    if stated is None:
        exif = image.getexif()
        per_inch = _PER_INCH.get(exif.get(ExifTags.Base.ResolutionUnit, 2), 0.0)
        across, down = exif.get(ExifTags.Base.XResolution), exif.get(ExifTags.Base.YResolution)
        stated = (float(across) * per_inch, float(down) * per_inch) if across and down else None
    return (float(stated[0]), float(stated[1])) if stated else None
