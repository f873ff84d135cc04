"""Charts of representation as SVG: a dot for what is here, a line for its interval, a diamond for the reference.

Places along a line are given in per cent, so that a chart fills its column at any width and nothing is stretched. Shapes differ
as well as colours, and every number drawn stands in the table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from palimpsest.ethics.representation import Apart, Interval
from palimpsest.ethics.trends import Trend

_NICE = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def top_of(values: Sequence[float]) -> float:
    """Return the right end of a scale on which these shares find room: a round number up to 1."""
    most = max(values, default=1.0)
    return next((nice for nice in _NICE if most <= nice), 1.0)


def scale(top: float, form: str = "") -> str:
    """Draw the marks above a column of rows: shares, or numbers in a form of their own."""
    marks = "".join(
        f'<span style="left:{part * 100:.0f}%">{form.format(part * top) if form else _percent(part * top)}</span>'
        for part in (0.0, 0.5, 1.0)
    )
    return f'<span class="scale" aria-hidden="true">{marks}</span>'


def row(share: float, interval: Interval, reference: float | None, top: float) -> str:
    """Draw one group."""
    low, high, here = (_place(value, top) for value in (*interval, share))
    drawn = [
        _grid(),
        f'<line class="stem" x1="0%" x2="{here}" y1="13" y2="13"/>' if share else "",
        f'<line class="range" x1="{low}" x2="{high}" y1="13" y2="13"/>',
        _diamond(_place(reference, top)) if reference is not None else "",
        f'<circle class="{"here" if share else "none"}" cx="{here}" cy="13" r="4.5"/>',
    ]
    return _svg(26, drawn)


def strip(apart: Apart) -> str:
    """Draw how far some units are from their reference, over what chance would do to a fair draw of as many."""
    drawn = [
        _grid(),
        f'<rect class="fair" x="0%" width="{_place(apart.fair_upper, 1)}" y="4" height="18" rx="2"/>',
        f'<circle class="here" cx="{_place(apart.distance, 1)}" cy="13" r="4.5"/>',
    ]
    return _svg(26, drawn)


def effective_row(value: float, interval: Interval | None, possible: float, top: float) -> str:
    """Draw an effective number of groups, on a line from 0 to `top`; the diamond is what the reference would have."""
    low, high = interval or (value, value)
    drawn = [
        _grid(),
        f'<line class="range" x1="{_place(low, top)}" x2="{_place(high, top)}" y1="13" y2="13"/>',
        _diamond(_place(possible, top)) if possible else "",
        f'<circle class="here" cx="{_place(value, top)}" cy="13" r="4.5"/>',
    ]
    return _svg(26, drawn)


WIDTH, HEIGHT = 360, 130
_LEFT, _LOWER = 34, 104


def trend_chart(trend: Trend, group: str) -> str:
    """Draw one group's share through time, a dot and its interval for each span."""
    step = (WIDTH - _LEFT - 16) / max(1, len(trend.spans) - 1)
    top = top_of([span.shares[group][1][1] for span in trend.spans if span.placed] or [1.0])
    lines = [_level(part, top) for part in (0.0, 0.5, 1.0)]
    points: list[str] = []
    for place, span in enumerate(trend.spans):
        if span.placed:
            across = _LEFT + 8 + place * step
            share, (low, high) = span.shares[group]
            lines.append(
                f'<line class="range" x1="{across:.1f}" x2="{across:.1f}" y1="{_up(low, top)}" y2="{_up(high, top)}"/>'
            )
            lines.append(f'<circle class="here" cx="{across:.1f}" cy="{_up(share, top)}" r="4"/>')
            points.append(f"{across:.1f},{_up(share, top)}")
    for place, across, anchor in ((0, _LEFT, "start"), (-1, WIDTH - 8, "end")):
        name = trend.spans[place].name
        lines.append(f'<text x="{across}" y="{HEIGHT - 6}" text-anchor="{anchor}">{name}</text>')
    way = f'<polyline class="way" points="{" ".join(points)}"/>'
    return f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{way}{"".join(lines)}</svg>'


def _level(part: float, top: float) -> str:
    upper = _up(part * top, top)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH}" y1="{upper}" y2="{upper}"/>'
        f'<text x="{_LEFT - 6}" y="{upper + 4:.1f}" text-anchor="end">{_percent(part * top)}</text>'
    )


def _up(share: float, top: float) -> float:
    return round(_LOWER - 92 * min(1.0, share / top), 1)


def _grid() -> str:
    return "".join(f'<line class="grid" x1="{x}%" x2="{x}%" y1="0" y2="26"/>' for x in (0, 25, 50, 75, 100))


def _diamond(place: str) -> str:
    return f'<svg x="{place}" y="13" class="point"><path class="reference" d="M0-7 6 0 0 7-6 0Z"/></svg>'


def _svg(height: int, drawn: Sequence[str]) -> str:
    return f'<svg class="row" height="{height}" width="100%" aria-hidden="true">{"".join(drawn)}</svg>'


def _place(value: float, top: float) -> str:
    return f"{100 * min(1.0, max(0.0, value / top)) if math.isfinite(value) else 100:.2f}%"


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %" if share else "0"
