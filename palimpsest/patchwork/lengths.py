"""Lengths as people write them: a share of a side, as 0.3, or pixels, as 200px."""

from __future__ import annotations

import re
from fractions import Fraction

LENGTH = r"^([01]?\.[0-9]{1,4}|[012]|[0-9]{1,5}px)$"
"""The spellings that are taken: shares from 0 to 2 with up to four places, or whole pixels."""
_MEANT = "a share of the side from 0 to 2, such as 0.3, or pixels, such as 200px"


def as_text(value: object) -> object:
    """Write a share given as a number as text; anything else comes back as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:.12g}"


def plainly(text: str | None) -> str | None:
    """Give each length one spelling, so that one length gives one recipe: 0.30 becomes 0.3, and 020px 20px.

    Raises:
        ValueError: it is not a length.
    """
    if text is None:
        return None
    if re.fullmatch(r"[012]\.0{1,4}", text):
        text = text[0]
    if not re.fullmatch(LENGTH[1:-1], text, re.ASCII):
        raise ValueError(_MEANT)
    if text.endswith("px"):
        return f"{int(text[:-2])}px"
    share = Fraction(text)
    return str(int(share)) if share.denominator == 1 else f"{float(share):.4f}".rstrip("0")


def in_pixels(length: str, side: int) -> int:
    """Return a length in pixels of a side, rounded to the nearest."""
    if length.endswith("px"):
        return int(length[:-2])
    return int(Fraction(length) * side + Fraction(1, 2))
