"""How long it takes to read what a file says of its rights, and how many real files say anything: python -m benchmarks.rights."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.harness import Row, measure, surroundings, table
from palimpsest.ethics.file_terms import stated_by
from palimpsest.media.rights import read_rights
from palimpsest.media.xmp_packets import read_packet

SIDE = 2048
PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED" dc:rights="all rights reserved"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
ART = Path(__file__).resolve().parents[2] / "shared" / "art" / "dev" / "images"


def reading() -> list[Row]:
    """Time the reading of metadata in a large file of each format, and of a packet of 50 MB."""
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    image, rows = Image.fromarray(noise), []
    kinds = {"JPEG": {"xmp": PACKET}, "WEBP": {"xmp": PACKET, "quality": 50}, "TIFF": {"tiffinfo": {700: PACKET}}}
    for kind, options in kinds.items():
        file = io.BytesIO()
        image.save(file, kind, **options)  # type: ignore[arg-type]
        data = file.getvalue()
        timing = measure(lambda data=data: read_rights(data))  # type: ignore[misc]
        rows.append(Row(f"{kind} of {SIDE}²", timing.median * 1e3, "ms", timing.spread))
    huge = PACKET + b" " * (50 * 2**20)
    timing = measure(lambda: read_packet(huge), runs=3, warmup=1)
    rows.append(
        Row("a packet of 50 MB", timing.median * 1e3, "ms", f"{timing.spread}; {dict(read_packet(huge))['XMP']}")
    )
    return rows


def speaking() -> list[Row]:
    """Count the pictures of the development set whose files say anything."""
    files = sorted(ART.iterdir()) if ART.is_dir() else []
    found = [read_rights(file.read_bytes()) for file in files]
    of = f"of {len(files)} pictures in the development set"
    return [
        Row("files that hold any field on rights", sum(map(bool, found)), "files", of),
        Row("files from which terms follow", sum(bool(stated_by(each).basis) for each in found), "files", of),
    ]


def main() -> None:
    """Print the figures."""
    print(surroundings(), "", *table("What files say of their rights", [*reading(), *speaking()]), sep="\n")


if __name__ == "__main__":
    main()
