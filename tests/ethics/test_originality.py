"""Verdicts over figures."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palimpsest.ethics.originality import Figures, Judgement, Verdict, contained, judge, too_much

UNLIKE = Figures(
    pdq=120,
    phash=30,
    inverted=120,
    telling=True,
    places=3,
    marks=300,
    agreeing=0.02,
    share=0.1,
    contained=0.1,
    alike=0.1,
    layout=0.1,
    style=1.2,
)


def verdict(**changed: object) -> Verdict:
    return judge(dataclasses.replace(UNLIKE, **changed)).verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Verdict.NONE),
        ({"same_pixels": True}, Verdict.COPY),
        ({"places": 40, "agreeing": 0.6, "share": 0.9, "alike": 0.9}, Verdict.COPY),
        ({"places": 40, "agreeing": 0.6, "share": 0.3, "alike": 0.9}, Verdict.PART),
        ({"places": 40, "agreeing": 0.1, "share": 0.9, "alike": 0.9}, Verdict.COMPOSITION),
        ({"pdq": 20, "marks": 5, "alike": 0.9}, Verdict.COPY),
        ({"inverted": 20, "marks": 5}, Verdict.COPY),
        ({"pdq": 20}, Verdict.COMPOSITION),
        ({"pdq": 20, "marks": 5, "telling": False}, Verdict.NONE),
        ({"phash": 4, "marks": 5}, Verdict.NONE),
        ({"phash": 4, "marks": 5, "alike": 0.9, "share": 0.9}, Verdict.COPY),
        ({"pdq": 60}, Verdict.COMPOSITION),
        ({"layout": 0.9}, Verdict.COMPOSITION),
        ({"places": 5, "share": 0.8, "alike": 0.8}, Verdict.COMPOSITION),
        ({"style": 0.3}, Verdict.STYLE),
    ],
)
def test_verdicts(changed: dict[str, object], expected: Verdict) -> None:
    assert verdict(**changed) is expected


def test_what_rests_on_little_is_not_certain() -> None:
    assert not judge(dataclasses.replace(UNLIKE, layout=0.9)).certain
    assert not judge(dataclasses.replace(UNLIKE, telling=False)).certain
    assert judge(dataclasses.replace(UNLIKE, telling=False)).why == "too even to tell"
    assert not judge(dataclasses.replace(UNLIKE, style=0.1)).certain
    assert judge(dataclasses.replace(UNLIKE, places=40, agreeing=0.6, share=0.9, alike=0.9)).certain


@given(
    st.builds(
        Figures,
        pdq=st.integers(0, 256),
        phash=st.integers(0, 64),
        inverted=st.integers(0, 256),
        telling=st.booleans(),
        places=st.integers(0, 300),
        marks=st.integers(0, 600),
        agreeing=st.floats(0, 1),
        share=st.floats(0, 1),
        contained=st.floats(0, 1),
        alike=st.floats(-1, 1),
        layout=st.floats(-1, 1),
        style=st.floats(0, 5),
        same_pixels=st.booleans(),
    )
)
def test_any_figures_have_a_verdict_and_only_what_was_found_again_counts_as_contained(figures: Figures) -> None:
    said = judge(figures)
    assert isinstance(said, Judgement)
    if said.verdict not in (Verdict.COPY, Verdict.PART):
        assert contained(said, figures) == 0
    if said.verdict is not Verdict.NONE:
        assert said.why


def test_a_limit_of_a_hundred_holds_nothing_back() -> None:
    assert not too_much(1.0, 100)
    assert not too_much(1.0, 250)
    assert too_much(0.51, 50)
    assert not too_much(0.5, 50)
    assert too_much(0.001, 0)
    assert not too_much(0.0, 0)
