"""A framed work as GLB: glTF 2.0 (Khronos, ISO/IEC 12113) in one file, with nothing in it that needs a decoder."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from palimpsest.media.framing.framed import Facts, Framed
from palimpsest.media.framing.geometry import Part

MEDIA_TYPE = "model/gltf-binary"
_FLOAT, _UINT = 5126, 5125
_VERTICES, _INDICES = 34962, 34963
_LINEAR, _MIPMAPS, _CLAMP = 9729, 9987, 33071


def glb(framed: Framed) -> bytes:
    """Write a framed work as a GLB file; the same work gives the same bytes."""
    chunks: list[bytes] = []
    document = _document(framed, chunks)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    length = sum(map(len, chunks))
    head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + length)
    return b"".join(
        (head, struct.pack("<I4s", len(text), b"JSON"), text, struct.pack("<I4s", length, b"BIN\0"), *chunks)
    )


def _document(framed: Framed, chunks: list[bytes]) -> dict[str, Any]:
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []
    parts = framed.shape.parts
    primitives = [_primitive(part, number, views, accessors, chunks) for number, part in enumerate(parts)]
    image = _view(framed.picture.data, views, chunks)
    return {
        "asset": {"version": "2.0", **_said(framed.facts)},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": framed.facts.title or "Work"}],
        "meshes": [{"primitives": primitives, "name": "Framed work"}],
        "materials": [_material(part) for part in parts],
        "textures": [{"source": 0, "sampler": 0}],
        "images": [{"bufferView": image, "mimeType": framed.picture.media_type, "name": "Picture"}],
        "samplers": [{"magFilter": _LINEAR, "minFilter": _MIPMAPS, "wrapS": _CLAMP, "wrapT": _CLAMP}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": sum(map(len, chunks))}],
    }


def _said(facts: Facts) -> dict[str, Any]:
    held = {"generator": facts.software, "copyright": facts.copyright, "extras": _plain(facts.words())}
    return {name: value for name, value in held.items() if value}


def _plain(words: Mapping[str, str | tuple[str, ...]]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in words.items()}


def _primitive(
    part: Part, number: int, views: list[dict[str, Any]], accessors: list[dict[str, Any]], chunks: list[bytes]
) -> dict[str, Any]:
    attributes = {
        "POSITION": _accessor(part.positions, "VEC3", _VERTICES, views, accessors, chunks, bounds=True),
        "NORMAL": _accessor(part.normals, "VEC3", _VERTICES, views, accessors, chunks),
    }
    if part.at is not None:
        attributes["TEXCOORD_0"] = _accessor(part.at, "VEC2", _VERTICES, views, accessors, chunks)
    indices = _accessor(part.triangles.reshape(-1), "SCALAR", _INDICES, views, accessors, chunks)
    return {"attributes": attributes, "indices": indices, "material": number}


def _accessor(
    values: np.ndarray[Any, np.dtype[Any]],
    kind: str,
    target: int,
    views: list[dict[str, Any]],
    accessors: list[dict[str, Any]],
    chunks: list[bytes],
    *,
    bounds: bool = False,
) -> int:
    view = _view(values.astype(values.dtype.newbyteorder("<")).tobytes(), views, chunks, target)
    number = _FLOAT if values.dtype.kind == "f" else _UINT
    accessor: dict[str, Any] = {"bufferView": view, "componentType": number, "count": len(values), "type": kind}
    if bounds:
        accessor |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
    accessors.append(accessor)
    return len(accessors) - 1


def _view(data: bytes, views: list[dict[str, Any]], chunks: list[bytes], target: int | None = None) -> int:
    """Put bytes into the buffer, and what fills it up to a multiple of four behind them."""
    start = sum(map(len, chunks))
    chunks += [data, b"\0" * (-len(data) % 4)]
    views.append({"buffer": 0, "byteOffset": start, "byteLength": len(data), **({"target": target} if target else {})})
    return len(views) - 1


def _material(part: Part) -> dict[str, Any]:
    if part.finish is None:
        look: dict[str, Any] = {"baseColorTexture": {"index": 0}, "metallicFactor": 0, "roughnessFactor": 0.9}
        return {"name": part.name, "pbrMetallicRoughness": look}
    return {
        "name": part.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*part.finish.linear, 1],
            "metallicFactor": part.finish.metallic,
            "roughnessFactor": part.finish.roughness,
        },
    }
