"""Adjust: light, colour and sharpness of a work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.lineage.records import Use
from palimpsest.media import colour
from palimpsest.media.raster import Floats, Raster

Amount = Annotated[float, Field(ge=-1, le=1)]
Film = Literal["off", "plain", "red-filter", "yellow-filter", "green-filter", "blue-filter"]

_FILMS: dict[Film, tuple[float, float, float]] = {
    "plain": (0.2126, 0.7152, 0.0722),
    "red-filter": (0.80, 0.18, 0.02),
    "yellow-filter": (0.50, 0.48, 0.02),
    "green-filter": (0.15, 0.80, 0.05),
    "blue-filter": (0.05, 0.25, 0.70),
}
_BAND = 1 << 15
"""Pixels worked on at once: few enough to stay in the cache."""
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_DARK = np.float32(1e-4)
_LIFT, _RECOVERY, _FILL = 1.5, 0.9, 2.5
"""Stops that `highlights` adds or takes away at most, and `shadows` either way."""
_MIDDLE = 0.18
"""Linear light of the middle grey that contrast turns about."""


@technique(version=1)
def adjust(
    work: Annotated[Raster, Role(Use.ALTER, "the work to adjust")],
    *,
    exposure: Annotated[
        float, Field(ge=-5, le=5, description="light added or taken away, as a camera would"), Unit("stops")
    ] = 0.0,
    contrast: Annotated[Amount, Field(description="how far light and dark are driven apart")] = 0.0,
    highlights: Annotated[Amount, Field(description="lighter or darker bright areas, their detail kept")] = 0.0,
    shadows: Annotated[Amount, Field(description="lighter or darker dark areas, their detail kept")] = 0.0,
    temperature: Annotated[Amount, Field(description="cooler (blue) or warmer (amber) light")] = 0.0,
    tint: Annotated[Amount, Field(description="light more green or more magenta")] = 0.0,
    saturation: Annotated[Amount, Field(description="how colourful; -1 leaves only grey")] = 0.0,
    vibrance: Annotated[Amount, Field(description="how colourful, acting most on muted colours")] = 0.0,
    hue: Annotated[float, Field(ge=-180, le=180, description="turns every colour about the circle"), Unit("°")] = 0.0,
    black_and_white: Annotated[Film, Field(description="black-and-white film, behind a filter of this colour")] = "off",
    blur: Annotated[float, Field(ge=0, le=0.1, description="how far out of focus"), Unit("of the shorter side")] = 0.0,
    sharpen: Annotated[float, Field(ge=0, le=2, description="how much fine detail is strengthened")] = 0.0,
    progress: Progress,
) -> Outcome:
    """Change a work's light, colour and sharpness.

    Light is worked on as light: exposure, temperature, tint and blur in linear light, saturation and hue in OKLab (Ottosson
    2020). What grows too bright rolls off softly instead of being cut (an extended Reinhard shoulder, 2002), its hue kept.
    Highlights and shadows act on areas, found by a guided filter (He and others 2013) at a small size, so that detail inside
    them stays crisp. With every control at rest the pixels come back as they were. Alpha and depth are kept; blur spreads
    alpha too.
    """
    matrix = _light(exposure, temperature, tint)
    look = _Look(
        matrix=matrix,
        headroom=max(1.0, *(sum(row) for row in matrix)) * 2.0 ** (_LIFT * max(highlights, 0.0)),
        contrast=contrast,
        highlights=highlights,
        shadows=shadows,
        saturation=saturation,
        vibrance=vibrance,
        hue=hue,
        film=black_and_white,
        sharpen=sharpen,
    )
    source = _blurred(work, blur, progress.part(0, 0.4)) if blur else work
    made = source if look == _Look() else _developed(source, look, work.bits, progress.part(0.4 if blur else 0, 1))
    progress(1)
    return Outcome.of(made, "every pixel is made from the one in its place", {"work": [1.0]})


@dataclass(frozen=True)
class _Look:
    """All that is done to each pixel. The default does nothing."""

    matrix: tuple[tuple[float, ...], ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    headroom: float = 1.0
    contrast: float = 0.0
    highlights: float = 0.0
    shadows: float = 0.0
    saturation: float = 0.0
    vibrance: float = 0.0
    hue: float = 0.0
    film: Film = "off"
    sharpen: float = 0.0


def _developed(work: Raster, look: _Look, bits: Literal[8, 16], progress: Progress) -> Raster:
    """Apply a look band by band; colours are held as three planes, which is much faster than pixel by pixel."""
    decode = _decoding(work.bits)
    gain = _local_gain(work, decode, look)
    matrix = np.array(look.matrix, np.float32)
    pixels = np.empty(work.pixels.shape, np.uint8 if bits == 8 else np.uint16)
    for around, band, inner in _bands(work, 4 if look.sharpen else 0):
        linear = _planes(decode, work, around)
        linear = _mixed(linear, matrix) if look.matrix != _Look.matrix else linear
        if gain:
            linear *= gain(linear, around)
        planes = _finished(_encoded(_toned(linear, look)), look)[:, inner]
        alpha = work.pixels[band, :, 3] * np.float32(1 / (2**work.bits - 1)) if work.has_alpha else None
        pixels[band] = Raster.from_floats(np.moveaxis(planes, 0, -1), alpha, bits).pixels
        progress(band.stop / work.height)
    return Raster(pixels)


def _toned(linear: Floats, look: _Look) -> Floats:
    """Film, shoulder and colour, in linear light."""
    if look.film != "off":
        linear = np.repeat(_weighed(linear, _FILMS[look.film])[None], 3, axis=0)
    if look.headroom > 1:
        linear = _keeping_hue(linear, lambda light: _shoulder(light, look.headroom))
    return _coloured(linear, look) if look.saturation or look.vibrance or look.hue else linear


def _finished(planes: Floats, look: _Look) -> Floats:
    """Contrast and sharpness, in sRGB."""
    if look.contrast:
        planes = _keeping_hue(planes, lambda light: _steeper(light, look.contrast))
    if look.sharpen:
        luma = _weighed(planes, colour.LUMA)
        detail = luma - ndimage.gaussian_filter(luma, 1.0, mode="nearest", truncate=4.0)
        planes = planes + np.float32(look.sharpen) * detail / (1 + 3 * np.abs(detail))  # strong edges least: no halos
    return planes


def _coloured(planes: Floats, look: _Look) -> Floats:
    """Scale and turn chroma in OKLab, from linear light to linear light."""
    lab = colour.linear_to_oklab(np.moveaxis(planes, 0, -1))
    lightness, green_red, blue_yellow = (np.ascontiguousarray(lab[..., channel]) for channel in range(3))
    square = green_red * green_red + blue_yellow * blue_yellow
    grey = np.clip(lightness * lightness * lightness, 0, 1)
    wish = (1 + look.saturation) * (1 + look.vibrance / (1 + square / 0.01)) - 1
    # The nearer to the gamut's edge, the less a colour grows, so that its shades stay apart and its hue stays true.
    room = np.maximum(_room(planes, grey) - 1, 1e-6)
    factor = 1 + np.where(wish > 0, wish * room / (room + np.maximum(wish, 1e-6)), wish)
    green_red, blue_yellow = green_red * factor, blue_yellow * factor
    cosine, sine = np.float32(np.cos(np.radians(look.hue))), np.float32(np.sin(np.radians(look.hue)))
    turned = (lightness, green_red * cosine - blue_yellow * sine, green_red * sine + blue_yellow * cosine)
    vivid = np.ascontiguousarray(np.moveaxis(colour.oklab_to_linear(np.stack(turned, axis=-1)), -1, 0))
    share = np.float32(0) if look.saturation == -1 else np.minimum(_room(vivid, grey), 1)
    coloured: Floats = grey + (vivid - grey) * share
    return coloured


def _room(planes: Floats, grey: Floats) -> Floats:
    """Return how many times further from the grey of its lightness a colour could go before it leaves 0..1."""
    above = (1 - grey) / np.maximum(planes.max(axis=0) - grey, 1e-6)
    below = grey / np.maximum(grey - planes.min(axis=0), 1e-6)
    share: Floats = np.minimum(above, below)
    return share


def _keeping_hue(planes: Floats, curve: Callable[[Floats], Floats]) -> Floats:
    """Apply a curve to the largest and smallest channel; the middle one keeps its place between them, and so the hue."""
    low, high = planes.min(axis=0), planes.max(axis=0)
    new_low = curve(low)
    slope = (curve(high) - new_low) / np.maximum(high - low, 1e-6)
    curved: Floats = new_low + (planes - low) * slope
    return curved


def _shoulder(light: Floats, headroom: float) -> Floats:
    """Leave light below a knee alone and bend the rest so that `headroom` lands on 1."""
    knee = np.float32(0.35)
    top = np.float32((headroom - knee) / (1 - knee))
    over = np.maximum(light - knee, 0) / (1 - knee)
    bent: Floats = np.minimum(light, knee) + (1 - knee) * over * (1 + over / top**2) / (1 + over)
    return bent


def _steeper(light: Floats, contrast: float) -> Floats:
    """Bend sRGB values about middle grey; black, middle grey and white stay."""
    middle = float(colour.to_srgb(np.array(_MIDDLE)))
    bend = contrast if contrast > 0 else 0.7 * contrast  # at -1 the middle tones would lose all difference
    light = np.clip(light, 0, 1)
    dark, bright = np.minimum(light / middle, 1), np.minimum((1 - light) / (1 - middle), 1)
    dark, bright = dark * (1 - bend * (1 - dark)), bright * (1 - bend * (1 - bright))
    bent: Floats = (middle * dark + (1 - middle) * (1 - bright)).astype(np.float32, copy=False)
    return bent


def _local_gain(work: Raster, decode: Floats, look: _Look) -> Callable[[Floats, slice], Floats] | None:
    """Return what multiplies the light at each place of a band, so that areas change and their detail stays."""
    if not (look.highlights or look.shadows):
        return None
    small = np.ascontiguousarray(np.moveaxis(_thumbnail(work, decode), -1, 0))
    guide = _perceived(_mixed(small, np.array(look.matrix, np.float32)))
    slope, offset = _guided(guide, radius=max(1, max(guide.shape) // 24))

    def gain(linear: Floats, rows: slice) -> Floats:
        area = _enlarged(slope, work, rows) * _perceived(linear) + _enlarged(offset, work, rows)
        dark, bright = 1 - _smooth(area / 0.7), _smooth((area - 0.4) / 0.6)
        if look.highlights < 0:
            bright = bright * (1 - 0.4 * _smooth((area - 0.8) / 0.2))  # paper white must not turn grey
        most = _LIFT if look.highlights > 0 else _RECOVERY
        stops = _FILL * look.shadows * dark + most * look.highlights * bright
        return np.exp2(stops).astype(np.float32, copy=False)

    return gain


def _guided(guide: Floats, radius: int) -> tuple[Floats, Floats]:
    """Guided filter of a picture by itself: per place, slope and offset that smooth it between its edges."""
    size = 2 * radius + 1
    mean = ndimage.uniform_filter(guide, size, mode="nearest")
    variance = np.maximum(ndimage.uniform_filter(guide * guide, size, mode="nearest") - mean * mean, 0)
    slope = variance / (variance + 0.01)
    offset = mean - slope * mean
    return ndimage.uniform_filter(slope, size, mode="nearest"), ndimage.uniform_filter(offset, size, mode="nearest")


def _thumbnail(work: Raster, decode: Floats, side: int = 384) -> Floats:
    """Every n-th pixel's neighbourhood in linear light, averaged over rows: at most `side` px a side."""
    step = max(1, -(-max(work.width, work.height) // side))
    columns = np.arange(0, work.width, step)
    rows = []
    for top in range(0, work.height, step):
        band = decode[work.pixels[top : top + step, :, :3]].mean(axis=0)
        counts = np.diff(np.append(columns, work.width))
        rows.append(np.add.reduceat(band, columns, axis=0) / counts[:, None].astype(np.float32))
    return np.stack(rows).astype(np.float32, copy=False)


def _enlarged(small: Floats, work: Raster, rows: slice) -> Floats:
    """Interpolate the rows of a small map at the places of the work's pixels."""
    y, above, below = _between(np.arange(rows.start, rows.stop), work.height, small.shape[0])
    x, left, right = _between(np.arange(work.width), work.width, small.shape[1])
    tall = small[above] + (small[below] - small[above]) * y[:, None]
    wide: Floats = tall[:, left] + (tall[:, right] - tall[:, left]) * x
    return wide


def _between(places: NDArray[Any], length: int, small: int) -> tuple[Floats, NDArray[Any], NDArray[Any]]:
    step = max(1, -(-length // small))
    exact = np.clip((places + 0.5) / step - 0.5, 0, small - 1)
    first = np.floor(exact).astype(np.intp)
    return (exact - first).astype(np.float32), first, np.minimum(first + 1, small - 1)


def _blurred(work: Raster, blur: float, progress: Progress) -> Raster:
    """Blur in linear light, alpha weighted, channel by channel; 16 bits, so that nothing is lost before the look."""
    sigma = blur * min(work.width, work.height) / 2
    decode = _decoding(work.bits)
    alpha = work.alpha()
    spread = None if alpha is None else _soft(alpha, sigma)
    pixels = np.empty(work.pixels.shape, np.uint16)
    for channel in range(3):
        light: Floats = decode[work.pixels[:, :, channel]]
        light = _soft(light if alpha is None else light * alpha, sigma)
        if spread is not None:
            np.divide(light, np.maximum(spread, _DARK), out=light)
        for top in range(0, work.height, 256):
            band = slice(top, top + 256)
            pixels[band, :, channel] = np.clip(_encoded(light[band]) * 65535 + 0.5, 0, 65535)
        progress((channel + 1) / 3)
    if spread is not None:
        pixels[:, :, 3] = np.clip(spread * 65535 + 0.5, 0, 65535)
    return Raster(pixels)


def _soft(channel: Floats, sigma: float) -> Floats:
    """Gaussian blur; a wide one as three box blurs, whose time does not grow with the width (Wells 1986)."""
    if sigma < 3:
        return ndimage.gaussian_filter(channel, sigma, mode="nearest")
    width = round((np.sqrt(4 * sigma * sigma + 1) - 1) / 2) * 2 + 1
    soft = ndimage.uniform_filter(channel, width, mode="nearest")
    for _ in range(2):
        ndimage.uniform_filter(soft, width, mode="nearest", output=soft)
    return soft


def _bands(work: Raster, halo: int) -> Iterator[tuple[slice, slice, slice]]:
    """Rows with a halo, the same without, and where these stand in those."""
    rows = max(1, _BAND // work.width)
    for top in range(0, work.height, rows):
        stop = min(top + rows, work.height)
        first = max(0, top - halo)
        yield slice(first, min(stop + halo, work.height)), slice(top, stop), slice(top - first, stop - first)


def _light(exposure: float, temperature: float, tint: float) -> tuple[tuple[float, ...], ...]:
    """Return the matrix on linear RGB that changes the light's amount and colour (Bradford adaptation)."""
    gain = 2.0**exposure
    if not (temperature or tint):
        return tuple(tuple(gain * each for each in row) for row in _Look.matrix)
    cones = _BRADFORD @ _TO_XYZ
    ratio = (_BRADFORD @ _white(temperature, tint)) / (_BRADFORD @ _white(0, 0))
    matrix = gain * np.linalg.inv(cones) @ (ratio[:, None] * cones)
    return tuple(tuple(float(each) for each in row) for row in matrix)


def _white(temperature: float, tint: float) -> NDArray[np.float64]:
    """XYZ of a white light: along the Planckian locus from 14000 K to 3600 K, and across it by tint.

    The locus in CIE 1960 uv is Krystek's rational fit (1985).
    """
    kelvin = 1e6 / (154 + (124 if temperature > 0 else 82) * temperature)
    u = (0.860117757 + 1.54118254e-4 * kelvin + 1.28641212e-7 * kelvin**2) / (
        1 + 8.42420235e-4 * kelvin + 7.08145163e-7 * kelvin**2
    )
    v = (0.317398726 + 4.22806245e-5 * kelvin + 4.20481691e-8 * kelvin**2) / (
        1 - 2.89741816e-5 * kelvin + 1.61456053e-7 * kelvin**2
    )
    v -= 0.02 * tint
    x, y = 3 * u / (2 * u - 8 * v + 4), 2 * v / (2 * u - 8 * v + 4)
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _decoding(bits: int) -> Floats:
    """Linear light of every value that a channel can have."""
    return colour.to_linear(np.arange(2**bits) / (2**bits - 1))


def _encoded(linear: Floats) -> Floats:
    """Encode as sRGB; by logarithms, twice as fast as by powers and right to 1/100 of a 16-bit step."""
    curved = 1.055 * np.exp(np.log(np.maximum(linear, _DARK)) * np.float32(1 / 2.4)) - np.float32(0.055)
    encoded: Floats = np.where(linear <= 0.0031308, linear * np.float32(12.92), curved)
    return encoded


def _planes(decode: Floats, work: Raster, rows: slice) -> Floats:
    return np.stack([decode[work.pixels[rows, :, channel]] for channel in range(3)])


def _mixed(planes: Floats, matrix: Floats) -> Floats:
    return np.stack([_weighed(planes, row) for row in matrix])


def _weighed(planes: Floats, weights: Sequence[float] | Floats) -> Floats:
    """Return the weighted sum of three planes."""
    red, green, blue = (np.float32(weight) for weight in weights)
    weighed: Floats = red * planes[0] + green * planes[1] + blue * planes[2]
    return weighed


def _perceived(linear: Floats) -> Floats:
    """Lightness, 0..1, as the cube root of luminance."""
    light: Floats = np.exp(np.log(np.maximum(_weighed(linear, colour.LUMA), np.float32(1e-6))) / 3)
    return light


def _smooth(share: Floats) -> Floats:
    share = np.clip(share, 0, 1)
    smooth: Floats = share * share * (3 - 2 * share)
    return smooth
