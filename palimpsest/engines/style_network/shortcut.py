"""One rewrite that leaves what the painting network computes, to rounding, and takes a fifth of its time away.

The last convolution looks at 9×9 pixels of 8 channels and gives 3, which leaves most of a processor's lanes empty. Made for a
square of 2×2 pixels at once, with stride 2, it gives 12, and the squares are then laid out in space.
"""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, helper, numpy_helper

from palimpsest.engines.style_network.layers import EXPANSIONS, raw
from palimpsest.media.raster import Floats


def shortened(model: ModelProto) -> ModelProto:
    """Return the painting network with its last convolution made for four pixels at once; sides must be even."""
    short = ModelProto()
    short.CopyFrom(model)
    nodes = short.graph.node
    place = next(index for index, node in enumerate(nodes) if node.output[0] == raw(EXPANSIONS[-1]))
    last = nodes[place]
    weights = {each.name: each for each in short.graph.initializer}
    kernel, bias = (numpy_helper.to_array(weights[name]) for name in last.input[1:])
    four = _four_at_once(kernel)
    names = [f"{name}_four" for name in (*last.input[1:], last.output[0])]
    made = (four, np.tile(bias, 4))
    short.graph.initializer.extend(
        numpy_helper.from_array(each, name) for each, name in zip(made, names[:2], strict=True)
    )
    together = helper.make_node(
        "Conv", [last.input[0], *names[:2]], names[2:], kernel_shape=four.shape[2:], strides=[2, 2]
    )
    apart = helper.make_node("DepthToSpace", names[2:], list(last.output), blocksize=2, mode="DCR")
    before, after = list(nodes[:place]), list(nodes[place + 1 :])
    del nodes[:]
    nodes.extend([*before, together, apart, *after])
    return short


def _four_at_once(kernel: Floats) -> Floats:
    """Return the kernel (4·out, in, rows + 1, columns + 1) that gives a square of 2×2 pixels as channels."""
    out, into, rows, columns = kernel.shape
    four = np.zeros((2, 2, out, into, rows + 1, columns + 1), np.float32)
    for y, x in np.ndindex(2, 2):
        four[y, x, :, :, y : y + rows, x : x + columns] = kernel
    return four.reshape(4 * out, into, rows + 1, columns + 1)
