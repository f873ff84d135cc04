"""From a date in words to years: "1833-34", "c. 1500", "late 15th century", "Southern Song", "500 BCE"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

Years = tuple[int, int]
"""The first and the last year; years before our era are negative."""
LATEST = 2100
_SEARCHED = 400
"""So many signs of a date are read."""

_BCE = r"b\.?c\.?(?:e\.?)?(?![a-z])"
_CE = r"(?:a\.?d\.?|c\.?e\.?)(?![a-z])"
_ABOUT = re.compile(r"(?<![a-z])(?:c|ca|circa|about|around|approximately|probably)\.? *$")
_ISO = re.compile(r"(?<!\d)(\d{4})-\d\d-\d\d(?!\d)")
_YEARS = re.compile(
    r"(?<![\d.,])(?P<before>a\.?d\.? *)?(?P<first>\d{1,5})(?P<decade>s)?"
    rf"(?: *(?:(?P<bce>{_BCE})|{_CE}))?"
    rf"(?: *(?:-|to|until|and) *(?:{_CE} *|(?P<about>(?:c|ca|circa|about)\.? *))?(?P<last>\d{{1,5}})(?P<decade2>s)?"
    rf"(?: *(?:(?P<bce2>{_BCE})|(?P<ce2>{_CE})))?)?"
    r"(?!\d|[.,]\d)"
)
_CENTURIES = re.compile(
    r"(?:(?P<part>early|mid|middle|late|first half|second half)(?: of the)?[ -]*)?"
    r"(?<!\d)(?P<first>\d{1,2})(?:st|nd|rd|th)?"
    r"(?: *(?:-|to|or) *(?:(?:early|mid|late)[ -]*)?(?P<last>\d{1,2})(?:st|nd|rd|th)?)?"
    rf"[ -]*(?P<unit>century|centuries|millennium)(?: *(?P<bce>{_BCE}))?"
)
_PARTS = {"early": (0, 0.34), "first half": (0, 0.5), "mid": (0.33, 0.67), "middle": (0.33, 0.67)} | {
    "late": (0.66, 1),
    "second half": (0.5, 1),
}


@lru_cache(maxsize=4096)
def years_of(text: str) -> Years | None:
    """Return the narrowest span of years that a date in words states, or None when it states none.

    Where it says "or", the span of all that it names. Numbers that contradict a period named beside them are no date.
    """
    plain = re.sub("[‐-―−/]", "-", text.casefold()[:_SEARCHED])
    names = list(_named(plain))
    numbers = sorted(_numbers(plain), key=_width)
    if names and re.search(r"(?<![a-z])or(?![a-z])", plain):
        every = [*names, *numbers]
        return min(years[0] for years in every), max(years[1] for years in every)
    named = min(names, key=_width, default=None)
    if named is None:
        return numbers[0] if numbers else None
    within = [years for years in numbers if years[0] <= named[1] and years[1] >= named[0]]
    if numbers and not within:
        return None
    best = min([named, *within], key=_width)
    return max(best[0], named[0]), min(best[1], named[1])


def _width(years: Years) -> int:
    return years[1] - years[0]


def _numbers(plain: str) -> Iterator[Years]:
    """Find every span that is told in numbers."""
    dated = list(_ISO.finditer(plain))
    yield from ((int(each[1]), int(each[1])) for each in dated)
    plain = _ISO.sub(" ", plain)
    for each in _CENTURIES.finditer(plain):
        found = _century(each)
        if found:
            yield found
    for each in _YEARS.finditer(_CENTURIES.sub(" ", plain)):
        found = _span(each)
        if found and -200_000 <= found[0] <= found[1] <= LATEST:
            yield found


def _century(each: re.Match[str]) -> Years | None:
    first, last = int(each["first"]), int(each["last"] or each["first"])
    long = 1000 if each["unit"] == "millennium" else 100
    if not first or not last or max(first, last) * long > LATEST:
        return None
    if each["bce"]:
        start, end = -max(first, last) * long, -(min(first, last) - 1) * long - 1
    else:
        start, end = (min(first, last) - 1) * long, max(first, last) * long - 1
    low, high = _PARTS.get(each["part"] or "", (0, 1)) if first == last else (0, 1)
    whole = end - start + 1
    return start + round(low * whole), start + round(high * whole) - 1


def _span(each: re.Match[str]) -> Years | None:
    """Read "1833-34", "1610/25", "1880s", "300-200 BCE"; numbers of fewer than four digits need their era said."""
    first, last = each["first"], each["last"]
    if not _is_year(each):
        return None
    start = int(first)
    end = start + (0 if not each["decade"] else 9 if start % 100 else 99)
    if last:
        end = int(first[: len(first) - len(last)] + last) if len(last) < len(first) and not each["bce2"] else int(last)
        end += 9 if each["decade2"] else 0
    if each["bce2"]:
        start, end = -start, -end
    elif each["bce"]:
        start, end = -start, int(last) if last else -start
    about = _about() if each["about"] or _ABOUT.search(each.string[: each.start()]) else 0
    return start - about, (end if end >= start else start) + about


def _is_year(each: re.Match[str]) -> bool:
    era = each["before"] or each["bce"] or each["bce2"] or each["ce2"] or re.search(_CE, each[0])
    return bool(era) or len(each["first"]) == 4 or (len(each["first"]) == 3 and len(each["last"] or "") in (3, 4))


def _named(plain: str) -> Iterator[Years]:
    """Find every period that is called by its name; of names that begin at one place, the longest."""
    listed = _rules()["named"]
    for each in _names().finditer(plain):
        first, last = listed[each[0]]
        yield int(first), int(last)


@cache
def _names() -> re.Pattern[str]:
    longest_first = sorted(_rules()["named"], key=lambda name: -len(name))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, longest_first))})(?![^\W_])")


def _about() -> int:
    return int(_rules()["about"])


@cache
def _rules() -> dict[str, Any]:
    text = files("palimpsest.ethics").joinpath("facts", "periods.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
