"""How far two patches are apart: the one loop in which synthesis spends its time, written for the vector units.

A compiler left alone adds such short sums one number at a time. Here the addition is spelled out in LLVM's portable vector
operations, which become the widest that a processor has. Everything is whole numbers, so the sum is the same on all of them.
"""

# What numba hands over has no types, and the arguments of a compiled function are looked at by place:
# ruff: noqa: ANN401, ARG001

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

_LANES = 16
_SHORT, _LONG = ir.IntType(16), ir.IntType(32)


@intrinsic  # type: ignore[untyped-decorator]
def apart(
    context: Any, a: Any, at: Any, a_row: Any, b: Any, to: Any, b_row: Any, patch: Any, channels: Any, enough: Any
) -> Any:
    """Sum the squared differences of a patch of `a` and one of `b`: whole numbers of 16 bits, row by row, channels together.

    `at` and `to` are the numbers of the patches' first pixels, `a_row` and `b_row` the pixels in a row. The lengths of the tuples
    `patch` and `channels` are the patch's side and the channels of a pixel. Once the sum reaches `enough` it may stop. The arrays
    must go on for 16 numbers after the last patch.
    """
    side, depth = len(patch), len(channels)

    def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        first, second = (make_array(signature.args[place])(target, builder, values[place]).data for place in (0, 3))
        return _sum(builder, first, values[1], values[2], second, values[4], values[5], side, depth, values[8])

    signature = types.int32(a, types.int64, types.int64, b, types.int64, types.int64, patch, channels, types.int32)
    return signature, generate


def _sum(
    builder: Any, a: Any, at: Any, a_row: Any, b: Any, to: Any, b_row: Any, side: int, depth: int, enough: Any
) -> Any:
    """Emit the rows, with a way out after each second one."""
    end = builder.append_basic_block("apart.end")
    lanes = ir.VectorType(_LONG, _LANES // 2)
    reduce = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(_LONG, [lanes]), f"llvm.vector.reduce.add.v{_LANES // 2}i32"
    )
    total, leaves = ir.Constant(lanes, None), []
    for row in range(side):
        first = [
            _pointer(builder, start, index, step, row, depth) for start, index, step in ((a, at, a_row), (b, to, b_row))
        ]
        for lane in range(0, side * depth, _LANES):
            total = builder.add(total, _squares(builder, first[0], first[1], lane, side * depth - lane))
        if row == side - 1 or row % 2:
            so_far = builder.call(reduce, [total])
            leaves.append((so_far, builder.block))
            if row == side - 1:
                builder.branch(end)
            else:
                on = builder.append_basic_block("apart.on")
                builder.cbranch(builder.icmp_signed(">=", so_far, enough), end, on)
                builder.position_at_end(on)
    builder.position_at_end(end)
    found = builder.phi(_LONG)
    for value, block in leaves:
        found.add_incoming(value, block)
    return found


def _pointer(builder: Any, start: Any, index: Any, step: Any, row: int, depth: int) -> Any:
    whole = ir.IntType(64)
    pixel = builder.add(index, builder.mul(step, ir.Constant(whole, row)))
    return builder.gep(start, [builder.mul(pixel, ir.Constant(whole, depth))])


def _squares(builder: Any, a: Any, b: Any, lane: int, left: int) -> Any:
    """Emit the sum of neighbouring squared differences of 16 numbers, of which only the first `left` count."""
    wide = ir.VectorType(_SHORT, _LANES)
    loaded = []
    for pointer in (a, b):
        place = builder.bitcast(builder.gep(pointer, [ir.Constant(ir.IntType(64), lane)]), wide.as_pointer())
        loaded.append(builder.load(place, align=2))
    step = builder.sub(*loaded)
    if left < _LANES:
        step = builder.and_(step, ir.Constant(wide, [-1] * left + [0] * (_LANES - left)))
    longer = builder.sext(step, ir.VectorType(_LONG, _LANES))
    square = builder.mul(longer, longer)
    pairs = [
        builder.shuffle_vector(square, ir.Constant(square.type, ir.Undefined), _indices(range(parity, _LANES, 2)))
        for parity in (0, 1)
    ]
    return builder.add(*pairs)


def _indices(numbers: range) -> Any:
    return ir.Constant(ir.VectorType(_LONG, len(numbers)), list(numbers))
