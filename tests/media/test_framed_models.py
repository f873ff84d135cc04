"""GLB and USDZ of framed works: true size, closed frames, the picture's own bytes, and nothing that a reader would refuse."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from palimpsest.errors import ParameterRefused
from palimpsest.media.framing.framed import Facts, Framed, moulding_called
from palimpsest.media.framing.geometry import Part, shape_of
from palimpsest.media.framing.glb import glb
from palimpsest.media.framing.mouldings import MOULDINGS
from palimpsest.media.framing.picture import Picture
from palimpsest.media.framing.usdz import SCENE, usdz
from tests.studio.conftest import picture

FACTS = Facts('A "quoted" \\ title\n{é 海}', ("Ada", "Grace"), "© Ada", "palimpsest", {"sources": ("x, by y",)})


def framed(frame: str = "gallery", width: float = 920, height: float = 730, data: bytes = b"") -> Framed:
    held = Picture(data or picture(1), "image/png")
    return Framed(held, width, height, MOULDINGS[frame], FACTS)


def opened(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Read a GLB by its specification: its JSON and its binary chunk."""
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert kind == b"JSON"
    assert size % 4 == 0
    rest, other = struct.unpack_from("<I4s", data, 20 + size)
    assert other == b"BIN\0"
    assert rest % 4 == 0
    assert 28 + size + rest == len(data)
    return json.loads(data[20 : 20 + size]), data[28 + size :]


def values(document: dict[str, Any], binary: bytes, number: int) -> NDArray[Any]:
    accessor = document["accessors"][number]
    view = document["bufferViews"][accessor["bufferView"]]
    width = {"SCALAR": 1, "VEC2": 2, "VEC3": 3}[accessor["type"]]
    kind = {5126: "<f4", 5125: "<u4"}[accessor["componentType"]]
    read = np.frombuffer(binary, kind, accessor["count"] * width, view["byteOffset"])
    return read.reshape(-1, width) if width > 1 else read


def corners(part: Part) -> NDArray[np.float64]:
    return part.positions[part.triangles].astype(np.float64)


@pytest.mark.parametrize("frame", MOULDINGS)
@pytest.mark.parametrize(("width", "height"), [(920, 730), (60, 60), (300, 3000), (8000, 2500)])
def test_the_picture_has_its_true_size_and_the_frame_goes_around_it(frame: str, width: float, height: float) -> None:
    shape = framed(frame, width, height).shape
    positions = shape.parts[0].positions
    face = positions[positions[:, 2] == positions[:, 2].max()]
    assert np.allclose(np.ptp(face, axis=0)[:2] * 1000, (width, height), rtol=1e-6)
    everything = np.concatenate([part.positions for part in shape.parts])
    assert np.allclose(np.ptp(everything, axis=0), shape.size, rtol=1e-5)
    assert everything[:, 2].min() == 0
    assert np.allclose(everything.min(axis=0)[:2], -everything.max(axis=0)[:2])


@pytest.mark.parametrize("frame", MOULDINGS)
def test_every_face_looks_the_way_its_normals_say(frame: str) -> None:
    for part in framed(frame).shape.parts:
        assert np.allclose(np.linalg.norm(part.normals, axis=1), 1, atol=1e-6)
        a, b, c = corners(part).transpose(1, 0, 2)
        looks = np.cross(b - a, c - a)
        assert (np.linalg.norm(looks, axis=1) > 0).all(), "no triangle is a line"
        assert ((looks[:, None, :] * part.normals[part.triangles]).sum(axis=2) > 0).all()


@pytest.mark.parametrize("frame", MOULDINGS)
def test_nobody_sees_through_it_to_the_wall(frame: str) -> None:
    """Every line from the front within the outline meets a face that looks at whoever stands there."""
    parts = framed(frame).shape.parts
    triangles = np.concatenate([corners(part) for part in parts])
    shape = framed(frame).shape
    rng = np.random.default_rng(4)
    points = (rng.random((400, 2)) - 0.5) * np.array(shape.size[:2]) * 0.999
    assert all(_met(triangles, point) for point in points)


def _met(triangles: NDArray[np.float64], point: NDArray[np.float64]) -> bool:
    a, b, c = (triangles[:, number, :2] - point for number in range(3))
    sides = [one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0] for one, two in ((a, b), (b, c), (c, a))]
    return bool(((sides[0] >= 0) & (sides[1] >= 0) & (sides[2] >= 0) & (sum(sides) > 0)).any())


@pytest.mark.parametrize("frame", MOULDINGS)
def test_the_picture_lies_upright_on_its_front_and_mirrored_on_the_edges(frame: str) -> None:
    part = framed(frame).shape.parts[0]
    assert part.at is not None
    assert part.at[:4].tolist() == [[0, 1], [1, 1], [1, 0], [0, 0]]
    assert part.at.min() == 0
    assert part.at.max() == 1
    assert (len(part.positions) > 4) is bool(MOULDINGS[frame].wrapped)
    if frame == "none":
        below = part.at[4:8]
        assert below[2:, 1].tolist() == [1, 1]
        assert 0.9 < below[0, 1] < 1


@pytest.mark.parametrize("frame", MOULDINGS)
def test_a_glb_holds_the_picture_byte_for_byte_and_what_is_said_of_it(frame: str) -> None:
    held = framed(frame)
    document, binary = opened(glb(held))
    (image,) = document["images"]
    view = document["bufferViews"][image["bufferView"]]
    assert binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]] == held.picture.data
    assert document["asset"]["extras"] == {"title": FACTS.title, "makers": ["Ada", "Grace"], "sources": ["x, by y"]}
    assert document["asset"]["copyright"] == "© Ada"
    for primitive, part in zip(document["meshes"][0]["primitives"], held.shape.parts, strict=True):
        read = values(document, binary, primitive["attributes"]["POSITION"])
        assert np.array_equal(read, part.positions)
        bounds = document["accessors"][primitive["attributes"]["POSITION"]]
        assert (bounds["min"], bounds["max"]) == (read.min(axis=0).tolist(), read.max(axis=0).tolist())
        assert np.array_equal(values(document, binary, primitive["indices"]), part.triangles.reshape(-1))
    assert all(each["byteOffset"] % 4 == 0 for each in document["bufferViews"])
    assert "extensionsUsed" not in document


@pytest.mark.parametrize("frame", MOULDINGS)
@pytest.mark.parametrize("extra", range(0, 64, 7))
def test_a_usdz_is_not_compressed_and_each_file_lies_on_a_boundary(frame: str, extra: int) -> None:
    held = framed(frame, data=picture(extra) + bytes(extra))
    made = usdz(Framed(held.picture, 920, 730, held.moulding, Facts("T" * extra)))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
        assert [each.filename for each in entries] == [SCENE, "picture.png"]
        for each in entries:
            name, more = struct.unpack_from("<HH", made, each.header_offset + 26)
            start = each.header_offset + 30 + name + more
            assert start % 64 == 0
            assert each.compress_type == zipfile.ZIP_STORED
            assert made[start : start + each.file_size] == archive.read(each)
        assert archive.read("picture.png") == held.picture.data


@pytest.mark.parametrize("frame", MOULDINGS)
def test_the_scene_of_a_usdz_says_the_same_as_the_shape(frame: str) -> None:
    held = framed(frame)
    with zipfile.ZipFile(io.BytesIO(usdz(held))) as archive:
        scene = archive.read(SCENE).decode()
    assert scene.startswith("#usda 1.0\n(")
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', scene)
    assert [bare.count(one) for one in "({["] == [bare.count(one) for one in ")}]"]
    assert r'string title = "A \"quoted\" \\ title\n{é 海}"' in scene
    assert 'string[] makers = ["Ada", "Grace"]' in scene
    assert "metersPerUnit = 1" in scene
    assert 'upAxis = "Y"' in scene
    assert scene.count("@picture.png@") == 1
    found = re.findall(r"point3f\[\] points = \[(.*)\]", scene)
    for text, part in zip(found, held.shape.parts, strict=True):
        read = np.array(re.findall(r"[-\d.e]+", text), np.float64).reshape(-1, 3)
        assert np.allclose(read, part.positions, atol=1e-6)


def test_the_same_work_gives_the_same_bytes() -> None:
    assert glb(framed()) == glb(framed())
    assert usdz(framed()) == usdz(framed())


def test_a_larger_work_has_a_larger_frame_within_reason() -> None:
    wide = [shape_of(MOULDINGS["classic"], side, side).size[0] - side for side in (0.05, 0.7, 2.0, 20.0)]
    assert wide == sorted(wide)
    assert 0.1 < wide[1] < 0.2
    assert wide[3] < 0.4


def test_a_frame_that_there_is_not_is_refused() -> None:
    with pytest.raises(ParameterRefused, match="gallery"):
        moulding_called("baroque")


def test_a_large_picture_is_only_copied(tmp_path: Path) -> None:
    data = bytes(30 * 2**20)
    file = tmp_path / "large.glb"
    file.write_bytes(glb(framed(data=data)))
    assert len(data) < file.stat().st_size < len(data) + 50_000
