"""Obligations that exclude each other are found, and those that can be met together are let through."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palimpsest.ethics.licences import LICENCES, licence_called
from palimpsest.ethics.obligations import conflict
from palimpsest.lineage.records import Obligation, Owed

SHARED = (
    "CC-BY-SA-4.0",
    "CC-BY-SA-2.0",
    "CC-BY-NC-SA-4.0",
    "LAL-1.3",
    "GPL-3.0-only",
    "CC-BY-NC-4.0",
    "CC-BY-4.0",
    "CC0-1.0",
)


def owed(*names: str) -> set[Owed]:
    return {
        Owed(obligation=duty, licence=licence_called(name).name, work=f"{place:064x}")
        for place, name in enumerate(names)
        for duty in licence_called(name).obligations
    }


@pytest.mark.parametrize(
    ("names", "clash"),
    [
        (["CC-BY-SA-4.0", "CC-BY-ND-4.0"], True),
        (["CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0"], True),
        (["CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"], True),
        (["CC-BY-SA-4.0", "CC-BY-NC-4.0"], True),
        (["CC-BY-SA-4.0", "NoC-NC"], True),
        (["CC-BY-SA-4.0", "GFDL-1.3-only"], True),
        (["CC-BY-SA-1.0", "CC-BY-SA-4.0"], True),
        (["CC-BY-SA-3.0", "LAL-1.3", "GPL-3.0-only"], True),
        (["CC-BY-SA-2.0", "CC-BY-SA-3.0-DE", "CC-BY-SA-4.0"], False),
        (["CC-BY-NC-SA-4.0", "CC-BY-NC-4.0", "CC-BY-4.0"], False),
        (["CC-BY-NC-ND-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0"], False),
        (["CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0", "MIT", "all rights reserved"], False),
        (["CC-BY-NC-SA-2.5", "CC-BY-NC-SA-4.0"], False),
        ([], False),
    ],
)
def test_what_cannot_be_met_together(names: list[str], clash: bool) -> None:
    assert (conflict(owed(*names)) is not None) is clash


def test_a_share_alike_that_names_no_licence_goes_with_itself_only() -> None:
    alone = {
        Owed(obligation=Obligation.SHARE_ALIKE, work="0" * 64),
        Owed(obligation=Obligation.NON_COMMERCIAL, work="0" * 64),
    }
    assert conflict(alone) is None
    found = conflict(alone | {Owed(obligation=Obligation.SHARE_ALIKE, licence="CC-BY-SA-4.0", work="1" * 64)})
    assert found is not None
    assert {found.work, found.other} == {"0" * 64, "1" * 64}
    assert "no licence" in found.first


@given(st.lists(st.sampled_from(SHARED), max_size=4))
def test_neither_order_nor_a_free_work_changes_the_answer(names: list[str]) -> None:
    answers = {conflict(owed(*order)) is None for order in permutations(names)}
    assert len(answers) == 1
    assert {conflict(owed(*names, "CC0-1.0", "MIT")) is None} == answers


@pytest.mark.parametrize("name", LICENCES)
def test_no_licence_is_at_odds_with_itself(name: str) -> None:
    assert conflict(owed(name, name)) is None
