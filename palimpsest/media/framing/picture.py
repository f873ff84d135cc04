"""The picture of a framed work: the bytes of its file where a model may hold them, else another file of it, and why."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from PIL import Image

from palimpsest.media import deep
from palimpsest.media.codecs import encode, shallow
from palimpsest.media.formats import format_in
from palimpsest.media.framing.stripping import jpeg_frame, picture_alone
from palimpsest.media.orientation import orientation_of
from palimpsest.media.profiles import is_srgb
from palimpsest.media.quiet import no_chatter, no_warnings
from palimpsest.media.raster import Raster
from palimpsest.media.refusal import DECODER_FAULTS
from palimpsest.media.xmp import Facts

PNG, JPEG = "image/png", "image/jpeg"
_LOSSY = (b"VP8 ",)
MOST_PIXELS = 8192
"""Longest side that most telephones show; beyond it the picture is made smaller there, or not shown."""


@dataclass(frozen=True)
class Picture:
    """A PNG or JPEG file, and what was done to it in words; nothing where its bytes are those of the work."""

    data: bytes
    media_type: str
    done: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """How a file of it ends."""
        return ".png" if self.media_type == PNG else ".jpg"


def picture_of(data: bytes, raster: Callable[[], Raster], *, grey: bool = True, facts: Facts | None = None) -> Picture:
    """Return the picture of a work's file. It is decoded, by `raster`, only when its bytes cannot be passed on.

    With `grey` a file of one channel may stay one. `facts` go into a file that is written anew.
    """
    why = _hindrance(data, grey=grey)
    if not why:
        stripped = _stripped(data)
        if stripped is not None:
            return stripped
        why = "its parts are not in order"
    return converted(raster(), data, why, facts)


def converted(raster: Raster, data: bytes, why: str, facts: Facts | None = None) -> Picture:
    """Write a raster anew: as JPEG where the work's file lost something before, else as PNG, which loses nothing but depth.

    What shows through is laid over white paper.
    """
    solid, laid = _solid(raster)
    media_type = JPEG if _is_lossy(data) and not solid.has_alpha else PNG
    kind = "a JPEG of quality 95" if media_type == JPEG else "PNG"
    done = [f"written anew as {kind}, in sRGB, because {why}"]
    if laid:
        done.append("what was transparent is white")
    return Picture(encode(Raster(shallow(solid)), media_type, facts=facts), media_type, tuple(done))


def _solid(raster: Raster) -> tuple[Raster, bool]:
    """Lay a raster over white, and tell whether that changed anything."""
    if not raster.has_alpha:
        return raster, False
    opaque = 2**raster.bits - 1
    if int(raster.pixels[:, :, 3].min()) == opaque:
        return Raster(raster.pixels[:, :, :3]), False
    return Raster.from_floats(raster.over(), bits=raster.bits), True


def _stripped(data: bytes) -> Picture | None:
    media_type = JPEG if data.startswith(b"\xff\xd8") else PNG
    try:
        alone = picture_alone(data)
    except ValueError:
        return None
    picture = Picture(alone, media_type)
    note = "what its file holds beside the picture was left out; every byte of the picture is as it was"
    return picture if alone is data else replace(picture, done=(note,))


def _hindrance(data: bytes, *, grey: bool) -> str:
    """Say why the bytes of a file cannot be passed on, from its head alone; nothing where they can."""
    kind = format_in(data)
    if kind is None or kind.name not in ("PNG", "JPEG"):
        return f"a framed work holds PNG or JPEG, and this is {kind.name if kind else 'neither'}"
    try:
        with no_warnings(), no_chatter():
            image = cast("Image.Image", Image.OPEN[kind.name][0](io.BytesIO(data), ""))
            return _of_head(image, grey=grey) or _of_frame(data)
    except DECODER_FAULTS:
        return "its head does not read"


def _of_head(image: Image.Image, *, grey: bool) -> str:
    profile = image.info.get("icc_profile")
    return next(
        (
            why
            for hinders, why in (
                (deep.is_deep(image), "it has more than eight bits a channel"),
                (image.mode in ("CMYK", "YCCK"), "it is in inks (CMYK)"),
                (isinstance(profile, bytes) and not is_srgb(profile), "its colour profile is not sRGB"),
                (orientation_of(image) != 1, "it was taken turned"),
                (image.has_transparency_data, "it has transparency"),
                (image.mode in ("1", "L") and not grey, "a grey file may show red there"),
            )
            if hinders
        ),
        "",
    )


def _of_frame(data: bytes) -> str:
    """Say so of a JPEG that is neither sequential nor progressive, as nearly all are: lossless, or with arithmetic coding."""
    odd = data.startswith(b"\xff\xd8") and jpeg_frame(data) not in _USUAL_FRAMES
    return "not every viewer reads its kind of JPEG" if odd else ""


_USUAL_FRAMES = (0xC0, 0xC1, 0xC2)


def _is_lossy(data: bytes) -> bool:
    kind = format_in(data)
    return kind is not None and (
        kind.name in ("JPEG", "AVIF") or (kind.name == "WEBP" and any(each in data[:64] for each in _LOSSY))
    )
