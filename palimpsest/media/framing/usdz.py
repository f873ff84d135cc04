"""A framed work as USDZ (OpenUSD): an archive that is not compressed, each file on a boundary of 64 bytes, the scene first."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.framing.framed import Facts, Framed
from palimpsest.media.framing.geometry import Part

MEDIA_TYPE = "model/vnd.usdz+zip"
SCENE = "work.usda"
_BOUNDARY = 64
_LOCAL_HEAD = 30
_FILLER = 0x1986
"""The kind of extra field that fills the space before a file."""
_ROUGH_PICTURE = 0.9


def usdz(framed: Framed) -> bytes:
    """Write a framed work as a USDZ file; the same work gives the same bytes."""
    picture = f"picture{framed.picture.suffix}"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in ((SCENE, scene(framed, picture).encode()), (picture, framed.picture.data)):
            archive.writestr(_placed(name, file.tell()), data)
    return file.getvalue()


def _placed(name: str, start: int) -> zipfile.ZipInfo:
    """Return an entry whose data begin on the boundary; without a time, so that the same work gives the same file."""
    entry = zipfile.ZipInfo(name)
    space = -(start + _LOCAL_HEAD + len(name)) % _BOUNDARY
    if space:
        space += _BOUNDARY if space < 4 else 0  # an extra field takes four bytes at least
        entry.extra = struct.pack("<HH", _FILLER, space - 4) + bytes(space - 4)
    return entry


def scene(framed: Framed, picture: str) -> str:
    """Write the scene as text; `picture` is the name of the image file beside it."""
    return "\n".join(
        (
            "#usda 1.0",
            "(",
            *_indented(_metadata(framed.facts)),
            ")",
            "",
            'def Xform "Work" (',
            '    kind = "component"',
            ")",
            "{",
            *_indented(line for part in framed.shape.parts for line in _mesh(part)),
            '    def Scope "Looks"',
            "    {",
            *_indented((line for part in framed.shape.parts for line in _look(part, picture)), 2),
            "    }",
            "}",
            "",
        )
    )


def _metadata(facts: Facts) -> Iterator[str]:
    words = {**facts.words(), "copyright": facts.copyright, "software": facts.software}
    yield "customLayerData = {"
    for name, value in words.items():
        if isinstance(value, tuple):
            yield f"    string[] {name} = [{', '.join(map(_text, value))}]"
        elif value:
            yield f"    string {name} = {_text(value)}"
    yield "}"
    yield 'defaultPrim = "Work"'
    yield "metersPerUnit = 1"
    yield 'upAxis = "Y"'


def _mesh(part: Part) -> Iterator[str]:
    yield f'def Mesh "{part.name}" ('
    yield '    prepend apiSchemas = ["MaterialBindingAPI"]'
    yield ")"
    yield "{"
    yield f"    float3[] extent = {_tuples(np.stack([part.positions.min(axis=0), part.positions.max(axis=0)]))}"
    yield f"    int[] faceVertexCounts = [{', '.join(['3'] * len(part.triangles))}]"
    yield f"    int[] faceVertexIndices = [{', '.join(map(str, part.triangles.reshape(-1).tolist()))}]"
    yield f"    rel material:binding = </Work/Looks/{part.name}>"
    yield f"    normal3f[] normals = {_tuples(part.normals)} ("
    yield '        interpolation = "vertex"'
    yield "    )"
    yield f"    point3f[] points = {_tuples(part.positions)}"
    if part.at is not None:
        upwards = np.stack([part.at[:, 0], 1 - part.at[:, 1]], axis=1)
        yield f"    texCoord2f[] primvars:st = {_tuples(upwards)} ("
        yield '        interpolation = "vertex"'
        yield "    )"
    yield '    uniform token subdivisionScheme = "none"'
    yield "}"
    yield ""


def _look(part: Part, picture: str) -> Iterator[str]:
    here = f"/Work/Looks/{part.name}"
    yield f'def Material "{part.name}"'
    yield "{"
    yield f"    token outputs:surface.connect = <{here}/Surface.outputs:surface>"
    yield ""
    if part.finish is None:
        colour = f"inputs:diffuseColor.connect = <{here}/Image.outputs:rgb>"
        yield from _indented(_surface(colour, 0.0, _ROUGH_PICTURE))
        yield from _indented(_image(here, picture))
    else:
        colour = f"inputs:diffuseColor = {_tuple(part.finish.linear)}"
        yield from _indented(_surface(colour, part.finish.metallic, part.finish.roughness))
    yield "}"
    yield ""


def _surface(colour: str, metallic: float, roughness: float) -> Iterator[str]:
    yield 'def Shader "Surface"'
    yield "{"
    yield '    uniform token info:id = "UsdPreviewSurface"'
    yield f"    color3f {colour}"
    yield f"    float inputs:metallic = {_number(metallic)}"
    yield f"    float inputs:roughness = {_number(roughness)}"
    yield "    token outputs:surface"
    yield "}"


def _image(here: str, picture: str) -> Iterator[str]:
    yield ""
    yield 'def Shader "Image"'
    yield "{"
    yield '    uniform token info:id = "UsdUVTexture"'
    yield f"    asset inputs:file = @{picture}@"
    yield '    token inputs:sourceColorSpace = "sRGB"'
    yield f"    float2 inputs:st.connect = <{here}/Place.outputs:result>"
    yield '    token inputs:wrapS = "clamp"'
    yield '    token inputs:wrapT = "clamp"'
    yield "    float3 outputs:rgb"
    yield "}"
    yield ""
    yield 'def Shader "Place"'
    yield "{"
    yield '    uniform token info:id = "UsdPrimvarReader_float2"'
    yield '    string inputs:varname = "st"'
    yield "    float2 outputs:result"
    yield "}"


def _indented(lines: Iterable[str], times: int = 1) -> Iterator[str]:
    return (f"{'    ' * times}{line}".rstrip() for line in lines)


def _tuples(rows: NDArray[Any]) -> str:
    return f"[{', '.join(map(_tuple, rows.tolist()))}]"


def _tuple(values: Sequence[float]) -> str:
    return f"({', '.join(map(_number, values))})"


def _number(value: float) -> str:
    """Write a number with all that a float of 32 bits holds, and no more."""
    return f"{value:.7g}".replace("-0", "0") if value == 0 else f"{value:.7g}"


def _text(words: str) -> str:
    """Write text so that it ends where it ends: quotes and line breaks escaped, other control characters left out."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{"".join(sign for sign in escaped if sign.isprintable())}"'
