"""Words in pictures: the first font on this computer that has every letter of a text."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

from PIL import ImageFont

_SERIF = (
    *("LiberationSerif-Regular.ttf", "Georgia.ttf", "georgia.ttf", "NotoSerif-Regular.ttf", "DejaVuSerif.ttf"),
    *("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "PingFang.ttc", "msyh.ttc", "Arial Unicode.ttf"),
)
_ITALIC = ("LiberationSerif-Italic.ttf", "Georgia Italic.ttf", "georgiai.ttf", "NotoSerif-Italic.ttf")
_NO_LETTER = "\uffff"
_FOREIGN = "\0"
_RUN = re.compile("\0+( +\0+)*")
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "ß": "ss", "đ": "d"}
    | {"–": "-", "—": "-", "×": "x", "“": '"', "”": '"', "’": "'", "…": "...", "·": "-"}
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def lettered(text: str, size: int, width: float, *, italic: bool = False) -> tuple[str, Font]:
    """Return a text, shortened to a width in pixels, and the font to draw it with.

    Where no font has all its letters, accents fall away, and words in other scripts become […].
    """
    text = " ".join(text.split())
    named = (_font(name, size) for name in (*(_ITALIC if italic else ()), *_SERIF))
    fonts = [*(font for font in named if font), _default(size)]
    font = next((each for each in fonts if _has(each, text)), fonts[0])
    return _shortened(_in_letters_of(font, text), font, width), font


def _in_letters_of(font: Font, text: str) -> str:
    """Write a text with the letters that a font has."""
    kept = []
    for letter in text:
        plain = unicodedata.normalize("NFKD", letter.translate(_PLAIN))
        plain = "".join(each for each in plain if not unicodedata.combining(each))
        kept.append(letter if _has(font, letter) else plain if _has(font, plain) else _FOREIGN)
    return _RUN.sub("[...]", "".join(kept))


def wrapped(text: str, size: int, width: float) -> tuple[list[str], Font]:
    """Return a text on one or two lines, the second shortened to the width, and the font."""
    whole, font = lettered(text, size, math.inf)
    words = whole.split(" ")
    first = ""
    while words and font.getlength(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    lines = [first, " ".join(words)] if first else [whole]
    return [_shortened(line, font, width) for line in lines if line], font


def _shortened(text: str, font: Font, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(f"{text[:middle]}...") <= width else (low, middle - 1)
    return f"{text[:low].rstrip()}..."


def _has(font: Font, text: str) -> bool:
    return all(_has_letter(font, letter) for letter in set(text) if not letter.isspace())


@cache
def _has_letter(font: Font, letter: str) -> bool:
    """Tell whether a font draws a letter otherwise than one that it does not have."""
    return bytes(font.getmask(letter)) != bytes(font.getmask(_NO_LETTER))


@cache
def _font(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


@cache
def _default(size: int) -> Font:
    return ImageFont.load_default(size)
