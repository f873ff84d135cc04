"""What the words of a file mean: the strictest holds, an opt-out goes before any permission, and every field is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palimpsest.ethics.file_terms import FROM_FILE, MINING, stated_by
from palimpsest.lineage.records import Grant, Obligation, Use

VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
BY = ("cc:license", "http://creativecommons.org/licenses/by/4.0/")
BY_NC = ("xmpRights:UsageTerms", "CC BY-NC 4.0")
OPT_OUTS = (
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED"),
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED-AIMLTRAINING"),
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED-GENAIMLTRAINING"),
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"),
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED-SEECONSTRAINT"),
    ("plus:DataMining", f"{VOCABULARY}DMI-PROHIBITED-AITRAINING"),  # none of the vocabulary, but found in files
    ("plus:DataMining", "DMI-PROHIBITED"),
    ("tdm:reservation", "1"),
)
PERMISSIONS = (
    BY,
    ("plus:DataMining", f"{VOCABULARY}DMI-ALLOWED"),
    ("dc:rights", "Public domain"),
    ("xmpRights:Marked", "False"),
)


@pytest.mark.parametrize("claim", OPT_OUTS)
def test_an_opt_out_closes_learning_and_taking_the_style(claim: tuple[str, str]) -> None:
    stated = stated_by([claim])
    assert dict(stated.uses) == dict.fromkeys(MINING, Grant.REFUSED)
    assert stated.basis.startswith(f"{FROM_FILE}{claim[0]} = ")


@pytest.mark.parametrize(
    ("entry", "closed"),
    [
        ("ai_training", {Use.LEARN}),
        ("ai_generative_training", {Use.LEARN, Use.IMITATE}),
        ("data_mining", {Use.LEARN, Use.IMITATE}),
        ("ai_inference", {Use.IMITATE}),
        ("something_new", {Use.LEARN, Use.IMITATE}),
    ],
)
@pytest.mark.parametrize("word", ["notAllowed", "constrained"])
def test_what_credentials_say_of_training_and_mining(entry: str, closed: set[Use], word: str) -> None:
    stated = stated_by([], {entry: word})
    assert {use for use, grant in stated.uses.items() if grant is Grant.REFUSED} == closed
    assert f"Content Credentials, {entry} = {word}" in stated.basis
    assert stated_by([], {entry: "allowed"}).basis == ""


@given(st.lists(st.sampled_from(OPT_OUTS), min_size=1), st.lists(st.sampled_from(PERMISSIONS)), st.randoms())
def test_an_opt_out_wins_over_every_permission(
    outs: list[tuple[str, str]], others: list[tuple[str, str]], rng: object
) -> None:
    claims = [*outs, *others]
    rng.shuffle(claims)  # type: ignore[attr-defined]
    uses = stated_by(claims, {"ai_training": "allowed"}).uses
    assert all(uses[use] is Grant.REFUSED for use in MINING)


def test_contradictory_fields_the_strictest_holds_and_it_is_said() -> None:
    stated = stated_by([BY, BY_NC, ("dc:rights", "© Grace. All rights reserved.")])
    assert stated.licence == "all rights reserved"
    assert dict(stated.uses) == {use: Grant.UNSTATED if use is Use.ALTER else Grant.REFUSED for use in Use}
    assert {Obligation.CREDIT, Obligation.NON_COMMERCIAL} <= set(stated.obligations)
    for field in ("cc:license", "xmpRights:UsageTerms", "dc:rights", "contradict each other, and the strictest holds"):
        assert field in stated.basis


def test_the_same_said_twice_is_no_contradiction() -> None:
    stated = stated_by(
        [BY, ("xmpRights:WebStatement", "https://creativecommons.org/licenses/by/4.0/"), ("xmpRights:Marked", "True")]
    )
    assert stated.licence == "CC-BY-4.0"
    assert "contradict" not in stated.basis


def test_a_free_work_that_is_marked_as_managed_gets_no_permission() -> None:
    stated = stated_by([("dc:rights", "Public domain"), ("xmpRights:Marked", "True"), OPT_OUTS[0]])
    assert stated.licence == ""
    assert set(stated.uses) == set(MINING)
    assert "strictest holds" in stated.basis


@pytest.mark.parametrize(
    "claim",
    [
        ("dc:rights", "© Grace 2020"),
        ("xmpRights:Marked", "True"),
        ("xmpRights:WebStatement", "https://example.org/my-terms"),
        ("plus:DataMining", f"{VOCABULARY}DMI-UNSPECIFIED"),
        ("tdm:reservation", "0"),
        ("EXIF Copyright", "see http://creativecommons.org/licenses/sampling/1.0/"),
    ],
)
def test_nothing_is_guessed(claim: tuple[str, str]) -> None:
    stated = stated_by([claim])
    assert (stated.basis, dict(stated.uses), stated.licence) == ("", {}, "")


def test_what_hindered_the_reading_is_said_and_permits_nothing() -> None:
    stated = stated_by([("XMP", "declares entities and is not read"), ("tdm:policy", "https://example.org/policy")])
    assert (
        stated.basis == f"{FROM_FILE}XMP = declares entities and is not read; tdm:policy = https://example.org/policy"
    )
    assert dict(stated.uses) == {}


@pytest.mark.parametrize(
    ("claims", "makers"),
    [
        ([("EXIF Artist", "Camera"), ("dc:creator", "Grace"), ("dc:creator", "Ada")], ("Grace", "Ada")),
        ([("EXIF Artist", "Grace; Ada;;")], ("Grace", "Ada")),
        ([("IPTC By-line", "Grace"), ("EXIF Artist", "someone")], ("Grace",)),
        ([("dc:rights", "Grace")], ()),
    ],
)
def test_the_makers_that_a_file_names(claims: list[tuple[str, str]], makers: tuple[str, ...]) -> None:
    assert stated_by(claims).makers == makers


def test_long_words_are_cut_in_the_basis() -> None:
    assert len(stated_by([("plus:OtherConstraints", "x" * 500)]).basis) < 250


def test_mining_that_is_allowed_allows_to_learn_unless_the_licence_says_otherwise() -> None:
    allowed = ("plus:DataMining", f"{VOCABULARY}DMI-ALLOWED")
    assert dict(stated_by([allowed]).uses) == {Use.LEARN: Grant.ALLOWED}
    assert stated_by([allowed, ("dc:rights", "All rights reserved")]).uses[Use.LEARN] is Grant.REFUSED
