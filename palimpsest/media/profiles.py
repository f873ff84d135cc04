"""ICC colour profiles: from whatever a file was made in to sRGB."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_FAULTS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)

_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""The colour spaces of the profiles that we convert, and Pillow's mode for each."""


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert an image to sRGB (mode RGB) with perceptual intent; an alpha channel is left out.

    None when the profile is broken, or does not belong to an image of this kind.
    """
    try:
        source, mode = _opened(profile)
        if not _fits(mode, image.mode):
            return None
        return ImageCms.applyTransform(image if image.mode == mode else image.convert(mode), _transform(source, mode))
    except _FAULTS:
        return None


def _opened(profile: bytes) -> tuple[ImageCms.ImageCmsProfile, str]:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return source, _MODES.get(source.profile.xcolor_space.strip(), "")


def _fits(profile_mode: str, image_mode: str) -> bool:
    """Whether a profile can be that of an image; grey images are often tagged with a profile for RGB."""
    if profile_mode == "L":
        return image_mode in ("L", "LA")
    return profile_mode == image_mode.removesuffix("A") or (profile_mode == "RGB" and image_mode != "CMYK")


@lru_cache(maxsize=8)
def is_srgb(profile: bytes) -> bool:
    """Whether a profile moves no colour by more than one level: such files keep their pixels exactly.

    A profile that cannot be read moves nothing either.
    """
    try:
        source, mode = _opened(profile)
        if mode not in ("RGB", "L"):
            return False
        colours = Image.fromarray(_probe()).convert(mode)
        before = np.asarray(colours.convert("RGB")).astype(np.int16)
        after = np.asarray(ImageCms.applyTransform(colours, _transform(source, mode)))
    except _FAULTS:
        return True
    return int(np.abs(after - before).max()) <= 1


def lab_to_srgb(image: Image.Image) -> Image.Image:
    """Convert an image in CIE L*a*b* (D50) to sRGB."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return cast("Image.Image", ImageCms.applyTransform(image, _transform(lab, "LAB")))


def _transform(source: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(source, _srgb(), mode, "RGB", ImageCms.Intent.PERCEPTUAL)


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@cache
def _probe() -> NDArray[np.uint8]:
    levels = np.arange(0, 256, 15, dtype=np.uint8)
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(len(levels), -1, 3)
