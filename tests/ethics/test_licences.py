"""Every licence, every use, spelled out: what a studio reads in it must never change unnoticed."""

from __future__ import annotations

import pytest

from palimpsest.errors import ParameterRefused
from palimpsest.ethics.licences import LICENCES, licence_called
from palimpsest.lineage.records import Use

TABLE = {
    # alter, sample, imitate, learn, publish; obligations
    "CC0-1.0": ("allowed", "allowed", "allowed", "allowed", "allowed", ""),
    "public domain": ("allowed", "allowed", "allowed", "allowed", "allowed", ""),
    "own work": ("allowed", "allowed", "allowed", "allowed", "allowed", ""),
    "CC-BY-4.0": ("credit", "credit", "credit", "credit", "credit", "credit"),
    "CC-BY-SA-4.0": ("credit", "credit", "credit", "credit", "credit", "credit share-alike"),
    "CC-BY-NC-4.0": ("credit", "credit", "credit", "credit", "credit", "credit non-commercial"),
    "CC-BY-NC-SA-4.0": ("credit", "credit", "credit", "credit", "credit", "credit share-alike non-commercial"),
    "CC-BY-ND-4.0": ("credit", "refused", "refused", "refused", "credit", "credit no-derivatives"),
    "CC-BY-NC-ND-4.0": ("credit", "refused", "refused", "refused", "credit", "credit non-commercial no-derivatives"),
    "MIT": ("credit", "credit", "credit", "credit", "credit", "credit"),
    "Apache-2.0": ("credit", "credit", "credit", "credit", "credit", "credit"),
    "BSD-3-Clause": ("credit", "credit", "credit", "credit", "credit", "credit"),
    "all rights reserved": ("unstated", "refused", "refused", "refused", "refused", ""),
}


def test_the_table_holds_every_licence() -> None:
    assert set(TABLE) == set(LICENCES)


@pytest.mark.parametrize("name", TABLE)
def test_what_a_licence_says_to_each_use(name: str) -> None:
    *grants, owed = TABLE[name]
    licence = licence_called(name)
    assert [licence.uses[use].value for use in Use] == grants
    assert [each.value for each in licence.obligations] == owed.split()
    assert licence.name == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("http://creativecommons.org/publicdomain/mark/1.0/", "public domain"),
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.fr", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/us/", "CC-BY-SA-3.0"),
        ("http://creativecommons.org/licenses/by-nc/2.0/", "CC-BY-NC-2.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "CC-BY-ND-4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "all rights reserved"),
        ("https://rightsstatements.org/page/InC-OW-EU/1.0/", "all rights reserved"),
        ("http://rightsstatements.org/vocab/InC-EDU/1.0/", "all rights reserved"),
        ("http://rightsstatements.org/vocab/InC-NC/1.0/", "all rights reserved"),
        ("http://rightsstatements.org/vocab/InC-RUU/1.0/", "all rights reserved"),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "public domain"),
        ("http://rightsstatements.org/vocab/NKC/1.0/", "public domain"),
        ("cc by 4.0", "CC-BY-4.0"),
        (" CC-BY-SA ", "CC-BY-SA-4.0"),
        ("CC0", "CC0-1.0"),
        ("Public Domain", "public domain"),
        ("apache-2.0", "Apache-2.0"),
        ("mine", "own work"),
    ],
)
def test_the_ways_to_write_one(said: str, name: str) -> None:
    licence = licence_called(said)
    assert licence.name == name
    like = licence_called(name)
    assert (licence.uses, licence.obligations) == (like.uses, like.obligations)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "free",
        "GPL-3.0",
        "https://creativecommons.org/licenses/sampling/1.0/",
        "http://rightsstatements.org/vocab/NoC-NC/1.0/",
        "http://rightsstatements.org/vocab/NoC-CR/1.0/",
        "http://rightsstatements.org/vocab/NoC-OKLR/1.0/",
        "http://rightsstatements.org/vocab/CNE/1.0/",
        "http://rightsstatements.org/vocab/UND/1.0/",
        "https://example.org/licence",
    ],
)
def test_nothing_is_guessed(said: str) -> None:
    with pytest.raises(ParameterRefused) as refused:
        licence_called(said)
    assert "--allow" in refused.value.remedy
