"""What a file says of its rights is found wherever its format keeps it, and nothing in it does harm."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from palimpsest.media.codecs import encode
from palimpsest.media.guard import Guard
from palimpsest.media.raster import Raster
from palimpsest.media.rights import read_rights
from palimpsest.media.tiff_tags import tags
from palimpsest.media.xmp_packets import LARGEST_PARSED, LONGEST_VALUE, MOST_VALUES, read_packet
from palimpsest.settings import Settings
from tests.media.makers import drawing, mutants
from tests.media.packets import SPACES, VOCABULARY, iim, packet, picture, resources, text_chunk, with_segment

PLAIN = packet(
    "<dc:creator><rdf:Seq><rdf:li>Grace</rdf:li><rdf:li>Ада</rdf:li></rdf:Seq></dc:creator>"
    '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Grace</rdf:li></rdf:Alt></dc:rights>'
    '<cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/>',
    f'plus:DataMining="{VOCABULARY}DMI-PROHIBITED" tdm:reservation="1" xmpRights:Marked="True"',
)
SAID = [
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED"),
    ("tdm:reservation", "1"),
    ("xmpRights:Marked", "True"),
    ("dc:creator", "Grace"),
    ("dc:creator", "Ада"),
    ("dc:rights", "© Grace"),
    ("cc:license", "http://creativecommons.org/licenses/by/4.0/"),
]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
def test_a_packet_is_found_in_every_format(kind: str) -> None:
    found = read_rights(picture(kind, PLAIN, artist="Grace Hopper", copyright="(c) 1999"))
    assert [claim for claim in found if ":" in claim[0]] == SAID
    if kind != "GIF":
        assert ("EXIF Artist", "Grace Hopper") in found
        assert ("EXIF Copyright", "(c) 1999") in found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF", "BMP"])
def test_a_file_that_says_nothing(kind: str) -> None:
    assert read_rights(encode(Raster(drawing()), f"image/{kind.lower()}")) == ()


def test_the_guard_brings_it_from_its_own_process() -> None:
    with Guard(Settings(decode_seconds=20)) as guard:
        assert guard.inspect(picture("JPEG", PLAIN), "it").rights == tuple(SAID)
        assert guard.inspect(picture("PNG"), "it").rights == ()


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
)
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    assert read_packet(PLAIN.decode().encode(encoding)) == SAID


@pytest.mark.parametrize(
    ("encoding", "name"), [("iso-8859-1", "Zoë"), ("koi8-r", "Ада"), ("shift_jis", "北斎"), ("cp1252", "Zoë")]
)
def test_what_declares_an_old_encoding_is_read_in_it(encoding: str, name: str) -> None:
    body = f"<rdf:RDF {SPACES}><rdf:Description><dc:creator>{name}</dc:creator></rdf:Description></rdf:RDF>"
    assert read_packet(f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding)) == [("dc:creator", name)]


@pytest.mark.parametrize("encoding", ["no-such", "zlib", "hex", "idna", "utf-7"])
def test_a_declared_encoding_that_is_none_does_no_harm(encoding: str) -> None:
    body = f'<rdf:RDF {SPACES}><rdf:Description tdm:reservation="1" dc:rights="\xff"/></rdf:RDF>'.encode("latin-1")
    found = read_packet(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body)
    assert ("tdm:reservation", "1") in found


def test_an_extended_packet_is_put_together() -> None:
    jpeg = picture("JPEG")
    half = len(PLAIN) // 2
    for start, part in ((0, PLAIN[:half]), (half, PLAIN[half:])):
        head = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">II", len(PLAIN), start)
        jpeg = with_segment(jpeg, 0xE1, head + part)
    assert list(read_rights(jpeg)) == SAID


@pytest.mark.parametrize(("charset", "name"), [(b"\x1b%G", "Ада"), (b"", "Zoë")])
def test_iptc_is_found_in_either_encoding(charset: bytes, name: str) -> None:
    encoding = "utf-8" if charset else "cp1252"
    block = iim((1, 90, charset), (2, 80, name.encode(encoding)), (2, 116, "© Nemo".encode(encoding)))
    said = [("IPTC By-line", name), ("IPTC Copyright Notice", "© Nemo")]
    jpeg = with_segment(picture("JPEG"), 0xED, b"Photoshop 3.0\0" + resources(block))
    assert list(read_rights(jpeg)) == said
    raw = b"\niptc\n" + b"%8d\n" % len(block) + resources(block).hex().encode()
    assert list(read_rights(text_chunk(picture("PNG"), b"zTXt", b"Raw profile type iptc", raw))) == said


def test_texts_of_a_png_are_read() -> None:
    png = text_chunk(picture("PNG"), b"tEXt", b"Author", "Zoë".encode("latin-1"))
    assert read_rights(text_chunk(png, b"zTXt", b"Copyright", b"all mine")) == (
        ("PNG Copyright", "all mine"),
        ("PNG Author", "Zoë"),
    )


def test_only_the_top_level_speaks_for_the_file() -> None:
    nested = '<rdf:Description tdm:reservation="1"><dc:rights>x</dc:rights></rdf:Description>'
    assert read_packet(packet(f'<other:part xmlns:other="urn:x">{nested}</other:part>')) == []


def test_entities_are_not_even_looked_at(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    head = (
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}"><!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    )
    text = head + PLAIN.decode().split("?>", 1)[1].replace("Grace", "&a;&c;")
    found = read_packet(text.encode())
    assert found[0] == ("XMP", "declares entities and is not read")
    assert ("plus:DataMining", "DMI-PROHIBITED") in found, "an opt-out counts however it is written"
    assert "secret" not in str(found)
    assert "bbbb" not in str(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_packet_of_50_megabytes_is_searched_and_no_more(encoding: str) -> None:
    huge = PLAIN.decode().encode(encoding) + " ".encode(encoding) * (50 * 2**20 // len(" ".encode(encoding)))
    start = time.perf_counter()
    found = read_packet(huge)
    assert time.perf_counter() - start < 5
    assert found == [
        ("XMP", f"larger than {LARGEST_PARSED // 2**20} MB; only searched for opt-outs"),
        ("plus:DataMining", "DMI-PROHIBITED"),
        ("tdm:reservation", "1"),
    ]


def test_values_are_kept_short_and_none_crowds_out_the_others() -> None:
    many = "".join(f"<dc:creator>{number} {'x' * 5000}</dc:creator>" for number in range(200))
    found = read_packet(packet(many + "<plus:DataMining>DMI-PROHIBITED</plus:DataMining>"))
    assert [field for field, _ in found] == ["dc:creator"] * MOST_VALUES + ["plus:DataMining"]
    assert all(len(words) <= LONGEST_VALUE + 1 for _, words in found)


@pytest.mark.parametrize(
    "damaged",
    [
        b"nonsense tdm:reservation='1'",
        PLAIN[:-90],
        b"<a>" * 100_000 + b'tdm:reservation="1"',
        b"<x:xmpmeta tdm:reservation >1< >",
    ],
)
def test_a_damaged_packet_is_said_to_be_damaged_and_its_opt_out_counts(damaged: bytes) -> None:
    found = read_packet(damaged)
    assert "XMP" in dict(found)
    assert dict(found)["tdm:reservation"] == "1"


def test_nothing_is_made_of_an_empty_packet() -> None:
    for data in (b"", b"\0\0\0", b"   \n", packet()):
        assert read_packet(data) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
def test_no_damage_to_a_file_is_more_than_a_missing_word(kind: str) -> None:
    rng = np.random.default_rng(7)
    whole = picture(kind, PLAIN, artist="Grace")
    for mutant in mutants(whole, rng, 400):
        for field, words in read_rights(mutant):
            assert field
            assert words.strip()


def test_a_tag_table_that_turns_in_a_circle_ends() -> None:
    head = b"II*\0" + struct.pack("<I", 8)
    table = (
        struct.pack("<H", 1)
        + struct.pack("<HHII", 315, 2, 4, int.from_bytes(b"abc\0", "little"))
        + struct.pack("<I", 8)
    )
    assert list(tags(head + table, {315})) == [(315, b"abc\0")]
    assert list(tags(b"II*\0\xff\xff\xff\xff", {315})) == []
    assert list(tags(b"MM", {315})) == []


def test_files_with_credentials_of_others_are_read(shared: Path) -> None:
    folder = shared / "hostile" / "c2pa" / "image" / "jpeg"
    files = sorted(path for path in folder.iterdir() if path.suffix in (".jpg", ".jpeg"))
    assert len(files) > 20
    for path in files:
        for field, words in read_rights(path.read_bytes()):
            assert field.isprintable()
            assert words.isprintable()


def test_reading_needs_no_network_module() -> None:
    listing = "import sys, palimpsest.media.rights; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    assert not {"socket", "ssl", "urllib.request", "http.client"} & set(loaded)


def test_a_bomb_of_texts_in_a_png_ends_in_time() -> None:
    png = picture("PNG")
    bomb = io.BytesIO()
    for _ in range(40):
        bomb.write(text_chunk(png, b"zTXt", b"XML:com.adobe.xmp", bytes(2**24))[33 : -len(png[33:])])
    start = time.perf_counter()
    assert read_rights(png[:33] + bomb.getvalue() + png[33:]) == (
        ("XMP", f"larger than {LARGEST_PARSED // 2**20} MB; only searched for opt-outs"),
    )
    assert time.perf_counter() - start < 20
