"""Image files whose metadata speaks of rights, written for the tests: XMP, EXIF and IPTC in every place a format has for them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from tests.media.makers import chunk, drawing, saved

SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    'xmlns:cc="http://creativecommons.org/ns#" xmlns:tdm="http://www.w3.org/ns/tdmrep/"'
)
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"


def packet(elements: str = "", attributes: str = "") -> bytes:
    """An XMP packet with these properties."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {SPACES}><rdf:Description rdf:about="" {attributes}>{elements}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def exif(artist: str = "", copyright: str = "") -> Image.Exif:
    block = Image.Exif()
    for tag, text in ((315, artist), (33432, copyright)):
        if text:
            block[tag] = text
    return block


def iim(*sets: tuple[int, int, bytes]) -> bytes:
    """IPTC data sets: record, number, value."""
    return b"".join(b"\x1c" + struct.pack(">BBH", record, number, len(value)) + value for record, number, value in sets)


def resources(block: bytes) -> bytes:
    """Photoshop's image resources with an IPTC record, after one that we do not read."""
    other = b"8BIM\x03\xed\x03abc" + struct.pack(">I", 3) + b"xyz\0"
    return other + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment right after its beginning."""
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def picture(kind: str, xmp: bytes = b"", artist: str = "", copyright: str = "") -> bytes:
    """A small picture of one kind with an XMP packet and EXIF, in the places where that kind keeps them."""
    image, block = Image.fromarray(drawing()), exif(artist, copyright)
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        if xmp:
            info.add_itxt("XML:com.adobe.xmp", xmp.decode("utf-8", "surrogateescape"), zip=True)
        return saved(image, kind, pnginfo=info, exif=block)
    if kind == "TIFF":
        tags: dict[int, object] = {700: xmp} if xmp else {}
        return saved(image, kind, tiffinfo=tags | dict(block.items()))
    if kind == "GIF":
        data = saved(image, kind)
        end = data.rindex(b";")
        trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0\0"
        return data[:end] + (b"\x21\xff\x0bXMP DataXMP" + xmp + trailer if xmp else b"") + data[end:]
    options = {"xmp": xmp} if xmp else {}
    return saved(image, kind, exif=block.tobytes(), **options)


def text_chunk(png: bytes, name: bytes, keyword: bytes, value: bytes) -> bytes:
    """A PNG with one more text after its head."""
    body = keyword + b"\0" + (b"\0" + zlib.compress(value) if name == b"zTXt" else value)
    return png[:33] + chunk(name, body) + png[33:]


def pixels_of(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").tobytes()
