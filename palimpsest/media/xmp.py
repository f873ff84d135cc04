"""XMP: a small packet of facts about a picture, for readers that know no Content Credentials, and where each format keeps it.

Namespaces and properties: IPTC Photo Metadata Standard 2025.1, PLUS, Dublin Core. Nothing is written that is not given.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

PNG_KEYWORD = b"XML:com.adobe.xmp"
TIFF_TAG = 700
CARRIERS = ("image/jpeg", "image/png", "image/webp", "image/tiff", "image/avif")
"""The formats into which a packet is written."""
_PNG_HEAD = 33
"""Length of a PNG's signature and its first chunk."""
_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_MINING = "http://ns.useplus.org/ldf/vocab/DMI-"


@dataclass(frozen=True)
class Facts:
    """What a packet says. Empty fields are left out."""

    title: str = ""
    creators: tuple[str, ...] = ()
    rights: str = ""
    source_type: str = ""
    """An address of the IPTC's vocabulary."""
    mining: str = ""
    """The last part of a PLUS value: ALLOWED, PROHIBITED, PROHIBITED-SEECONSTRAINT …"""
    constraints: str = ""
    system: str = ""
    """Which trained models took part."""
    system_version: str = ""
    tool: str = ""


def packet(facts: Facts) -> bytes:
    """Write the packet."""
    simple: Mapping[str, str] = {
        "xmp:CreatorTool": facts.tool,
        "Iptc4xmpExt:DigitalSourceType": facts.source_type,
        "plus:DataMining": _MINING + facts.mining if facts.mining else "",
        "Iptc4xmpExt:AISystemUsed": facts.system,
        "Iptc4xmpExt:AISystemVersionUsed": facts.system_version,
    }
    said = [f"<{name}>{_text(value)}</{name}>" for name, value in simple.items() if value]
    said += [
        f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{_text(value)}</rdf:li></rdf:Alt></{name}>'
        for name, value in (
            ("dc:title", facts.title),
            ("dc:rights", facts.rights),
            ("plus:OtherConstraints", facts.constraints),
        )
        if value
    ]
    if facts.creators:
        names = "".join(f"<rdf:li>{_text(each)}</rdf:li>" for each in facts.creators)
        said.append(f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>")
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _SPACES.items())
    body = f'<rdf:Description rdf:about="" {spaces}>{"".join(said)}</rdf:Description>'
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{_SPACES["rdf"]}">{body}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _text(value: str) -> str:
    """Return text that XML can hold: control characters have no place in it, not even escaped."""
    return escape(
        "".join(sign for sign in value if sign in "\t\n" or (sign.isprintable() and sign not in "\ufffe\uffff"))
    )


def into_png(data: bytes, xmp: bytes) -> bytes:
    """Put a packet into a PNG file, after its head; the pixels are not touched (PNG specification, chunk iTXt)."""
    body = b"iTXt" + PNG_KEYWORD + b"\0\0\0\0\0" + xmp
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:_PNG_HEAD] + chunk + data[_PNG_HEAD:]
