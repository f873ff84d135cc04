"""How a long technique says how far it is."""

from __future__ import annotations

import pytest

from palimpsest.craft.progress import Progress
from palimpsest.errors import Cancelled


def test_parts_of_parts_report_within_the_whole() -> None:
    fractions: list[float] = []
    whole = Progress(fractions.append)
    second_half = whole.part(0.5, 1)
    whole(0)
    second_half(0)
    second_half.part(0, 0.5)(1)
    second_half(1)
    assert fractions == pytest.approx([0, 0.5, 0.75, 1])


def test_stopping_the_whole_stops_each_part() -> None:
    whole = Progress()
    part = whole.part(0, 0.5)
    part(0.1)
    whole.cancel()
    with pytest.raises(Cancelled):
        part(0.2)


def test_stopping_one_does_not_stop_another() -> None:
    seen: list[float] = []
    Progress().cancel()
    Progress(seen.append)(1)
    assert seen == [1]
