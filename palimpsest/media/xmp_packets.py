"""What an XMP packet says of rights, read with every entity off: no document type, nothing fetched, nothing that grows.

Sources: the XMP specification (ISO 16684-1), the IPTC Photo Metadata Standard with the PLUS vocabulary of data mining, the
TDM Reservation Protocol, and the ccREL of Creative Commons. Only the properties named here are kept.
"""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

Claims = list[tuple[str, str]]
"""Fields and what they hold, in the order of the file: ('dc:rights', '© Grace')."""

LARGEST_PARSED = 8 * 2**20
"""Packets of real files are below 100 kB; a larger one is only searched for opt-outs."""
LONGEST_VALUE = 500
MOST_VALUES = 8
"""Of one field; more are a mistake or an attack, and none may crowd out the others."""
DEEPEST = 64

_NAMESPACES = {
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://ns.adobe.com/xap/1.0/rights": "xmpRights",
    "http://creativecommons.org/ns": "cc",
    "http://web.resource.org/cc": "cc",
    "http://ns.useplus.org/ldf/xmp/1.0": "plus",
    "http://www.w3.org/ns/tdmrep": "tdm",
    "http://www.w3.org/2022/tdmrep": "tdm",
}
_WANTED = {
    "dc": ("rights", "creator"),
    "dcterms": ("license", "rights"),
    "xmpRights": ("WebStatement", "Marked", "UsageTerms"),
    "cc": ("license",),
    "plus": ("DataMining", "OtherConstraints"),
    "tdm": ("reservation", "policy"),
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ROOT, _RESOURCE = f"{_RDF} RDF", f"{_RDF} resource"
_START = re.compile(r"<(?![?!])")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,80}encoding=["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""How the encoding shows in the first bytes: by a mark, or by how wide its first sign is."""
_OPT_OUTS = (
    (re.compile(rb"\bDMI-PROHIBITED[A-Z-]*"), "plus:DataMining"),
    (re.compile(rb"\btdm:reservation[\s=>\"']{1,20}1\b"), "tdm:reservation"),
)


def read_packet(packet: bytes) -> Claims:
    """Return what one packet says of rights; what cannot be read is searched for opt-outs, and said to be unreadable."""
    if len(packet) > LARGEST_PARSED:
        return [("XMP", f"larger than {LARGEST_PARSED // 2**20} MB; only searched for opt-outs"), *_searched(packet)]
    text = _decoded(packet)
    start, end = _START.search(text), text.rfind(">")
    if start is None or end < 0:
        return [("XMP", "cannot be read"), *_searched(packet)] if packet.strip(b"\0 \t\r\n") else []
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return [("XMP", "declares entities and is not read"), *_searched(packet)]
    reader = _Reader()
    whole = reader.read(text[start.start() : end + 1])
    return reader.claims if whole else [*reader.claims, ("XMP", "is damaged"), *_searched(packet)]


def _searched(packet: bytes) -> Claims:
    """Find opt-outs in bytes that do not parse: a wish to be left out counts however it is written."""
    narrow = packet.replace(b"\0", b"")
    found = ((pattern.search(narrow), field) for pattern, field in _OPT_OUTS)
    return [(field, "1" if field.startswith("tdm") else hit[0].decode()) for hit, field in found if hit]


def _decoded(packet: bytes) -> str:
    for mark, encoding in _MARKS:
        if packet.startswith(mark):
            return packet.decode(encoding, "replace").lstrip("\ufeff")
    declared = _DECLARED.search(packet[:1000])
    for encoding in ("utf-8", declared[1].decode() if declared else "cp1252"):
        try:
            return packet.decode(encoding)
        except (LookupError, ValueError):
            continue
    return packet.decode("latin-1")


class _Reader:
    """Collects the wanted properties of every top-level description."""

    def __init__(self) -> None:
        self.claims: Claims = []
        self._stack: list[str] = []
        self._root = 0  # how deep the RDF element lies, once it is found
        self._field: str | None = None
        self._text: list[str] = []
        self._length = 0

    def read(self, text: str) -> bool:
        """Parse; tells whether it was well-formed to the end."""
        parser = expat.ParserCreate("UTF-8", " ")
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._say
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except (expat.ExpatError, _TooDeepError):
            return False
        return True

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._stack.append(name)
        depth = len(self._stack)
        if depth > DEEPEST:
            raise _TooDeepError
        if name == _ROOT and not self._root:
            self._root = depth
        if not self._root:
            return
        if depth == self._root + 1:
            for attribute, value in attributes.items():
                self._claim(_known(attribute), value)
        elif depth == self._root + 2:
            self._field = _known(name)
        if depth >= self._root + 2:
            self._text, self._length = [], 0
            self._claim(self._field, attributes.get(_RESOURCE, ""))

    def _close(self, name: str) -> None:
        if self._root and len(self._stack) >= self._root + 2:
            self._claim(self._field, "".join(self._text))
            self._text, self._length = [], 0
        if self._root and len(self._stack) == self._root + 2:
            self._field = None
        if self._root and len(self._stack) == self._root:
            self._root = 0
        del name
        self._stack.pop()

    def _say(self, text: str) -> None:
        if self._field and self._length <= LONGEST_VALUE:
            self._text.append(text)
            self._length += len(text)

    def _claim(self, field: str | None, value: str) -> None:
        words = " ".join(value[: LONGEST_VALUE + 1].split())
        if field and words:
            keep(self.claims, field, words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]}…")


def keep(claims: Claims, field: str, words: str) -> None:
    """Add a claim that is not there yet, unless its field has said enough."""
    if (field, words) not in claims and sum(each == field for each, _ in claims) < MOST_VALUES:
        claims.append((field, words))


class _TooDeepError(Exception):
    """More levels than any packet has."""


def _known(name: str) -> str | None:
    """Return the usual short name of a property that is wanted, whatever prefix the packet gives its namespace."""
    space, _, local = name.rpartition(" ")
    prefix = _NAMESPACES.get(space.lower().replace("https://", "http://").rstrip("/#"), "")
    return f"{prefix}:{local}" if local in _WANTED.get(prefix, ()) else None
