"""Our own rules: what the validating library lets pass, and what it means in words."""

from __future__ import annotations

import pytest

from palimpsest.ethics.account import account
from palimpsest.ethics.claims import contradictions, meaning
from palimpsest.ethics.credentials import Found, read
from palimpsest.ethics.source_types import MEANINGS, VOCABULARY, is_known
from tests.ethics.signing import DST, created, own, signed, source, step


def _found(*actions: dict[str, object], sources: tuple[tuple[str, str], ...] = ()) -> Found:
    done = signed(*actions, sources=[source(label, kind) for label, kind in sources])
    return read(done.data, "image/jpeg", own().root.decode())


def test_what_keeps_the_rules_passes() -> None:
    found = _found(
        step("c2pa.opened", "p"),
        step("c2pa.placed", "c"),
        step("c2pa.edited", "i", digitalSourceType=DST + "humanEdits"),
        sources=(("p", "parentOf"), ("c", "componentOf"), ("i", "inputTo")),
    )
    assert found.state == "Trusted"
    assert contradictions(found.store) == []


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (
            lambda: _found(step("c2pa.opened", "p"), sources=(("p", "parentOf"), ("q", "parentOf"))),
            "2 parents",
        ),
        (lambda: _found(created(), sources=(("p", "parentOf"),)), "created from nothing"),
        (lambda: _found(created("foo")), "does not exist: foo"),
        (
            lambda: _found(step("c2pa.opened", "p"), sources=(("p", "parentOf"), ("c", "componentOf"))),
            "nothing says that it was placed",
        ),
    ],
)
def test_what_the_library_trusts_and_the_rules_forbid_is_caught(found: object, word: str) -> None:
    assert callable(found)
    made = found()
    assert made.state == "Trusted", "if the library has learnt it, this rule of ours may go"
    assert any(word in each for each in contradictions(made.store))


@pytest.mark.parametrize("store", [{}, {"manifests": 3}, {"manifests": {"a": {"assertions": 1, "ingredients": "x"}}}])
def test_odd_values_are_no_contradiction_and_no_crash(store: dict[str, object]) -> None:
    assert contradictions(store) == []


def test_the_vocabulary_is_known_in_both_spellings_and_nothing_else_is() -> None:
    assert is_known(f"{VOCABULARY}composite")
    assert is_known(f"{VOCABULARY}composite".replace("http:", "https:"))
    assert is_known("http://c2pa.org/digitalsourcetype/empty")
    assert not is_known("composite")
    assert not is_known(f"{VOCABULARY}empty")


def test_an_account_is_in_plain_words() -> None:
    found = _found(
        step("c2pa.opened", "p"),
        step("c2pa.edited", digitalSourceType=DST + "compositeWithTrainedAlgorithmicMedia", description="stylize"),
        sources=(("p", "parentOf"),),
    )
    told = "\n".join(account(found, own=True))
    assert "Intact: not a byte has changed" in told
    assert "Signed by Ada: that is your own identity." in told
    assert MEANINGS["compositeWithTrainedAlgorithmicMedia"] in told
    assert "made from 'p'" in told
    assert "jumbf" not in told
    assert "nobody that this computer knows" in "\n".join(account(Found("Valid", found.store), own=False))
    assert account(Found(None), own=False) == ["It carries no Content Credentials."]
    assert "were not fetched" in account(Found("Remote", remote="http://x"), own=False)[0]


def test_codes_have_words() -> None:
    assert meaning("assertion.dataHash.mismatch") == "the file is not the one that was signed"
    assert meaning("claimSignature.unheard") == "the signature does not hold"
    assert meaning("something.else") == "something.else"
