"""What a file holds beside its pixels, in plain words; none of it goes into an export."""

from __future__ import annotations

import io

from PIL import ExifTags, Image, UnidentifiedImageError

from palimpsest.media.formats import format_in
from palimpsest.media.quiet import no_chatter, no_warnings
from palimpsest.media.refusal import DECODER_FAULTS

_EXIF = {
    ExifTags.Base.Make: "camera",
    ExifTags.Base.Model: "camera",
    ExifTags.Base.Software: "software",
    ExifTags.Base.DateTime: "date and time",
    ExifTags.Base.Artist: "name of a person",
    ExifTags.Base.Copyright: "copyright notice",
    ExifTags.Base.ImageDescription: "description",
    ExifTags.Base.XPAuthor: "name of a person",
    ExifTags.Base.XPComment: "comment",
    ExifTags.Base.XPTitle: "description",
}
_EXIF_DETAIL = {
    ExifTags.Base.DateTimeOriginal: "date and time",
    ExifTags.Base.BodySerialNumber: "serial number of the camera",
    ExifTags.Base.LensModel: "lens",
    ExifTags.Base.LensSerialNumber: "serial number of the lens",
    ExifTags.Base.CameraOwnerName: "name of a person",
    ExifTags.Base.UserComment: "comment",
    ExifTags.Base.MakerNote: "notes of the camera's maker",
}
_INFO = {
    "xmp": "XMP",
    "XML:com.adobe.xmp": "XMP",
    "photoshop": "IPTC and Photoshop fields",
    "comment": "comment",
    "icc_profile": "colour profile (applied)",
    "exif": "EXIF",
    "mp": "further pictures",
}
_PLAIN = {
    *(
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "dpi",
        "gamma",
        "transparency",
        "interlace",
        "loop",
        "background",
    ),
    *("duration", "timestamp", "compression", "resolution", "adobe", "adobe_transform", "progressive", "progression"),
    *("srgb", "chromaticity", "version", "extension", "default_image", "aspect", "bit_depth", "disposal"),
}


def metadata_in(data: bytes) -> tuple[str, ...]:
    """List what a file holds beside its pixels, each kind once: 'camera', 'XMP' and so on."""
    kind = format_in(data)
    if kind is None:
        return ()
    found: dict[str, None] = {}
    try:
        with no_warnings(), no_chatter():
            image = Image.open(io.BytesIO(data), formats=[kind.name])
            for name, value in image.info.items():
                if value and str(name) not in _PLAIN:
                    found[_INFO.get(str(name), f"text '{str(name)[:40]}'")] = None
            found |= dict.fromkeys(_exif(image))
    except (*DECODER_FAULTS, UnidentifiedImageError):
        found["metadata that does not read"] = None
    return tuple(found)


def _exif(image: Image.Image) -> list[str]:
    exif = image.getexif()
    found = [words for tag, words in _EXIF.items() if exif.get(tag)]
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    found += [words for tag, words in _EXIF_DETAIL.items() if detail.get(tag)]
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        found.insert(0, "place where it was taken")
    if exif.get_ifd(ExifTags.IFD.IFD1):
        found.append("small preview picture")
    return found
