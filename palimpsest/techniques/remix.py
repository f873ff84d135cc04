"""Remix: the structure of one work in the matter of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from PIL import Image
from pydantic import Field

from palimpsest.craft.outcome import Made, Outcome
from palimpsest.craft.ports import Bytes, Canvas, Copied, Habits, Mask, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of, from_oklab, to_oklab
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.correspondence import Correspondence, corresponding
from palimpsest.patchwork.holes import holds_a_patch
from palimpsest.patchwork.laying import Laid, eight_bits, finished, lay
from palimpsest.patchwork.margins import usable_area
from palimpsest.patchwork.shares import shares_asked
from palimpsest.patchwork.tone import through

_METHOD = {
    "exemplar": "every pixel is copied from an exemplar; its share is the part of the picture that came from it, and the content "
    "lends its form alone",
    "content": "every pixel is copied from an exemplar, whose share is the part of the picture that came from it, and then takes "
    "light and colour from the content",
}
_LARGEST = 4_000_000
"""Pixels of a result; a larger content gives one of its shape."""
_ROOM = 24_000_000
"""Pixels of all exemplars together, as they are laid out."""
_ENLARGED = 1.5
"""Without `scale`, an exemplar is enlarged no further than this: its strokes would blur."""
_LEAST_SIDE = 32
_PATCH = 7
_KEPT = 2.0
"""How strictly several exemplars keep to their parts of the picture."""
_FIDELITIES = (0.0, 0.5, 1.0)
_STROKES = (9.0, 5.0, 1.2)
"""For each fidelity, the radius over which an exemplar's light and dark count: what is finer is its own affair."""
_LIGHT, _HUES = (0.4, 3.0, 8.0), (0.3, 1.0, 1.5)
"""For each fidelity, what lightness and each hue count against a channel of colour."""
_COARSEST = (18.0, 72.0, 140.0)
_FADE = (0.8, 1.0, 1.0)


@technique(version=1)
def remix(
    content: Annotated[Raster, Role(Use.ALTER, "the work whose structure it keeps")],
    exemplars: Annotated[Sequence[Raster], Role(Use.SAMPLE, "the works whose matter it is made of")],
    synthesizer: PatchSynthesizer,
    *,
    weights: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6)], ...],
        Field(description="how much of the picture comes from each exemplar, in their order; none means all alike"),
    ] = (),
    fidelity: Annotated[
        float, Field(ge=0, le=1, description="from the exemplars' freedom, 0, to the content's form, 1")
    ] = 0.5,
    scale: Annotated[
        float, Field(ge=0.25, le=4, description="how large the strokes are against the picture: 1 as in the exemplar")
    ] = 1.0,
    colour: Annotated[
        Literal["exemplar", "content"],
        Field(description="whose colours the picture has; either way its strokes are real"),
    ] = "exemplar",
    masks: Annotated[
        Sequence[Raster] | None,
        Role(Use.ALTER, "for the exemplars, in their order, what may be copied: white may, black may not"),
    ] = None,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Make the picture of one work out of the strokes and the matter of others.

    The result has the content's size, up to 4 megapixels, and every pixel of it is copied from an exemplar: what is dark in the
    content is sought in what is dark there, each colour in the one that takes its place. The exemplars' tones and palette are
    used whole, so that a pale drawing does not turn a dark content into a silhouette. Where no mask is given for an exemplar, its
    margins, frames, seals and lines of writing are found and left out.

    The exemplars are laid out as large as the content, times `scale`; very small ones are not enlarged so far. The content's
    transparency is kept. With `colour` from the content the copied pixels are the exemplars' in their texture alone, and the
    source map tells where that is from.

    Raises:
        ParameterRefused: there are not as many weights as exemplars, all are 0, or `scale` makes the exemplars too large.
        RoleRefused: an exemplar is smaller than a patch of 7×7 pixels; a mask has another size than its exemplar, or marks no
            whole patch; or there are more masks than exemplars.
        Cancelled: `progress` was told to stop.

    After Hertzmann et al., "Image analogies" (2001), whose texture-by-numbers it is with light and colour for numbers, and Fišer
    et al., "StyLit" (2016), for using all of an exemplar; coarse to fine with PatchMatch (Barnes et al. 2009). Here the
    correspondence of tones and colours is computed, where theirs is given.
    """
    shares = shares_asked("remix", weights, len(exemplars))
    _check_exemplars(exemplars)
    _check_masks(exemplars, masks or ())
    content = _no_larger(content)
    laid = _laid_out(content, exemplars, shares, masks or (), scale)
    scene = _scene(content, laid, [shares[each.slot.index] for each in laid], fidelity, colour, seed)
    copied = _synthesized(scene, _habits(fidelity, len(laid)), synthesizer, seed, progress)
    made = finished(copied, laid, {"content": content, "exemplars": exemplars}, _METHOD[colour])
    return Outcome((_dressed(made, content, scene if colour == "content" else None),))


def _no_larger(content: Raster) -> Raster:
    fit = (_LARGEST / (content.width * content.height)) ** 0.5
    if fit >= 1:
        return content
    return resize_raster(content, max(1, int(content.width * fit)), max(1, int(content.height * fit)))


def _scene(
    content: Raster, laid: Sequence[Laid], shares: Sequence[float], fidelity: float, colour: str, seed: int
) -> Correspondence:
    seen, matters = eight_bits(content), [each.matter for each in laid]
    if colour == "content":
        seen, matters = _grey(seen), [replace(each, rgb=_grey(each.rgb)) for each in matters]
    return corresponding(seen, matters, shares, _at(fidelity, _STROKES), np.random.default_rng(seed))


def _at(fidelity: float, values: Sequence[float]) -> float:
    return float(np.interp(fidelity, _FIDELITIES, values))


def _habits(fidelity: float, works: int) -> Habits:
    hues = _at(fidelity, _HUES)
    return Habits(
        patch=_PATCH,
        coarsest=round(_at(fidelity, _COARSEST)),
        evenness=1.0,
        guide_weights=(_at(fidelity, _LIGHT), hues, hues, *([_KEPT] * 2 if works > 1 else [])),
        guide_fade=_at(fidelity, _FADE),
    )


def _check_exemplars(exemplars: Sequence[Raster]) -> None:
    for exemplar in exemplars:
        if min(exemplar.width, exemplar.height) < _PATCH:
            size = f"{exemplar.width}×{exemplar.height} pixels"
            raise RoleRefused("remix exemplars", "works with room for a patch of 7×7 pixels", size)


def _check_masks(exemplars: Sequence[Raster], masks: Sequence[Raster]) -> None:
    if len(masks) > len(exemplars):
        raise RoleRefused("remix masks", f"at most one for each of {len(exemplars)} exemplars", f"{len(masks)}")
    for exemplar, mask in zip(exemplars, masks, strict=False):
        if (exemplar.width, exemplar.height) != (mask.width, mask.height):
            raise RoleRefused(
                "remix masks",
                f"a mask of its exemplar's size, {exemplar.width}×{exemplar.height}",
                f"{mask.width}×{mask.height}",
                "Give the masks in the order of the exemplars.",
            )
        if not (cover_of(mask) > 0.5).any():
            raise RoleRefused("remix masks", "a mask that is white where the exemplar may be copied", "a black one")


def _laid_out(
    content: Raster, exemplars: Sequence[Raster], shares: Sequence[float], masks: Sequence[Raster], scale: float
) -> list[Laid]:
    """Lay out the exemplars that have a share."""
    slots = [_slot(exemplar, number, content, scale) for number, exemplar in enumerate(exemplars) if shares[number]]
    pixels = sum(slot.width * slot.height for slot in slots)
    if pixels > _ROOM:
        raise ParameterRefused(
            "remix scale",
            f"one with which the exemplars have no more than {_ROOM / 1e6:.0f} megapixels together",
            f"{scale:g}, which makes {pixels / 1e6:.0f}",
            "Choose a smaller scale, or a smaller content.",
        )
    return [
        _laid(exemplars[slot.index], slot, masks[slot.index] if slot.index < len(masks) else None) for slot in slots
    ]


def _slot(exemplar: Raster, number: int, content: Raster, scale: float) -> Slot:
    fit = scale * min(_ENLARGED, (content.width * content.height / (exemplar.width * exemplar.height)) ** 0.5)
    fit = max(fit, min(1.0, _LEAST_SIDE / min(exemplar.width, exemplar.height)))
    return Slot("exemplars", number, max(1, round(exemplar.width * fit)), max(1, round(exemplar.height * fit)))


def _laid(exemplar: Raster, slot: Slot, mask: Raster | None) -> Laid:
    usable: Mask = usable_area(eight_bits(exemplar)) if mask is None else cover_of(mask) > 0.5
    image = Image.fromarray(usable.astype(np.uint8) * np.uint8(255))
    whole: Mask = np.asarray(image.resize((slot.width, slot.height), Image.Resampling.BOX)) == 255
    if not holds_a_patch(whole, _PATCH):
        if mask is not None:
            raise RoleRefused("remix masks", "a mask with room for a patch of 7×7 pixels", "one that leaves none")
        whole = np.ones_like(whole)
    return lay(slot, exemplar, whole)


def _grey(rgb: Bytes) -> Bytes:
    lab = to_oklab(rgb * np.float32(1 / 255))
    lab[..., 1:] = 0
    return np.rint(np.clip(from_oklab(lab), 0, 1) * 255).astype(np.uint8)


def _synthesized(
    scene: Correspondence, habits: Habits, synthesizer: PatchSynthesizer, seed: int, progress: Progress
) -> Copied:
    """Make the picture; a canvas smaller than a patch is enlarged for it by repeating its edge."""
    canvas, size = scene.canvas, scene.canvas.shape
    room = [(0, max(0, _PATCH - side)) for side in size] + [(0, 0)]
    if max(room) > (0, 0) and canvas.guide is not None:
        canvas = Canvas(np.pad(canvas.begin, room, "edge"), guide=np.pad(canvas.guide, room, "edge"))
    copied = synthesizer.synthesize(scene.matters, canvas, habits, seed, progress)
    cut = np.s_[: size[0], : size[1]]
    return Copied(copied.matter[cut], copied.row[cut], copied.column[cut])


def _dressed(made: Made, content: Raster, scene: Correspondence | None) -> Made:
    """Give a picture the content's transparency, and the content's light and colour if its scene is given."""
    if scene is None and not content.has_alpha:
        return made
    copy = made.raster
    rgb = copy.rgb() if scene is None else _in_colours(copy, content, scene)
    picture = Raster.from_floats(rgb, content.alpha() if content.has_alpha else copy.alpha(), copy.bits)
    away = float(np.abs(picture.over() - copy.over()).mean(dtype=np.float64)) * 255
    return replace(made, raster=picture, tolerance=away)


def _in_colours(copy: Raster, content: Raster, scene: Correspondence) -> Floats:
    """Send the light of a copy back to the content's tones, and lay the content's hues over it."""
    lab = to_oklab(content.rgb())
    lab[..., 0] = through(to_oklab(copy.rgb())[..., 0], scene.curve, scene.own)
    return from_oklab(lab)
