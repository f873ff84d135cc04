"""Every licence, every use, spelled out: what a studio reads in it must never change unnoticed."""

from __future__ import annotations

import pytest

from palimpsest.errors import ParameterRefused
from palimpsest.ethics.creative_commons import PORTS, VERSIONS, named
from palimpsest.ethics.licences import LICENCES, is_non_commercial, licence_called, licences_in, outlets
from palimpsest.lineage.records import Use

FREE = ("allowed", "allowed", "allowed", "allowed", "allowed", "")
CREDITED = ("credit", "credit", "credit", "credit", "credit", "credit")
ALIKE = ("credit", "credit", "credit", "credit", "credit", "credit share-alike")
RESERVED = ("unstated", "refused", "refused", "refused", "refused", "")
NOT_SOLD = ("allowed", "allowed", "allowed", "allowed", "allowed", "non-commercial")
UNKNOWN = ("unstated", "unstated", "unstated", "unstated", "unstated", "")
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
    **dict.fromkeys(["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "NCSA", "BSL-1.0"], CREDITED),
    **dict.fromkeys(
        ["OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "etalab-2.0", "DL-DE-BY-2.0", "ODC-By-1.0", "NLOD-2.0"], CREDITED
    ),
    **dict.fromkeys(["0BSD", "MIT-0", "Unlicense", "WTFPL", "PDDL-1.0", "DL-DE-ZERO-2.0"], FREE),
    **dict.fromkeys(["LAL-1.3", "GFDL-1.2-only", "GFDL-1.2-or-later", "GFDL-1.3-only", "GFDL-1.3-or-later"], ALIKE),
    **dict.fromkeys(["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"], ALIKE),
    **dict.fromkeys(["AGPL-3.0-only", "AGPL-3.0-or-later", "MPL-2.0", "EUPL-1.2", "ODbL-1.0"], ALIKE),
    "all rights reserved": RESERVED,
    **dict.fromkeys(["InC", "InC-OW-EU", "InC-EDU", "InC-RUU"], RESERVED),
    **dict.fromkeys(["InC-NC", "NoC-NC"], NOT_SOLD),
    **dict.fromkeys(["NoC-US", "NKC"], FREE),
    **dict.fromkeys(["NoC-CR", "NoC-OKLR", "CNE", "UND"], UNKNOWN),
}
STATEMENTS = [
    "InC",
    "InC-OW-EU",
    "InC-EDU",
    "InC-NC",
    "InC-RUU",
    "NoC-CR",
    "NoC-NC",
    "NoC-OKLR",
    "NoC-US",
    "CNE",
    "UND",
    "NKC",
]


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
        ("https://creativecommons.org/licenses/by-sa/3.0/us/", "CC-BY-SA-3.0-US"),
        ("http://creativecommons.org/licenses/by-nc/2.0/", "CC-BY-NC-2.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/licenses/by-nd/4.0/", "CC-BY-ND-4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0"),
        ("https://rightsstatements.org/page/InC-OW-EU/1.0/?language=en", "InC-OW-EU"),
        ("https://creativecommons.org/licenses/by-sa/2.5/scotland/", "CC-BY-SA-2.5-SCOTLAND"),
        ("http://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        ("Creative Commons Attribution-ShareAlike 2.5 Generic", "CC-BY-SA-2.5"),
        ("Attribution-NonCommercial-NoDerivatives 4.0 International", "CC-BY-NC-ND-4.0"),
        ("CC BY-NC-ND 3.0 IGO", "CC-BY-NC-ND-3.0-IGO"),
        ("CC-SA-1.0", "CC-SA-1.0"),
        ("No known copyright restrictions.", "public domain"),
        ("Public Domain Mark 1.0", "public domain"),
        ("Not in copyright", "public domain"),
        ("No Copyright – United States", "NoC-US"),
        ("In copyright", "InC"),
        ("©", "all rights reserved"),
        ("GPL-3.0", "GPL-3.0-only"),
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
        "GPL",
        "by",
        "cc",
        "CC-BY-9.9",
        "CC BY-SA 2.1",
        "cc-by-3.0-xx",
        "cc by sa nd",
        "https://creativecommons.org/licenses/sampling/1.0/",
        "http://creativecommons.org/licenses/by/4.0/ and http://creativecommons.org/licenses/by-nc/4.0/",
        "http://rightsstatements.org/vocab/FREE/1.0/",
        "© 2020 Grace",
        "https://example.org/licence",
    ],
)
def test_nothing_is_guessed(said: str) -> None:
    with pytest.raises(ParameterRefused) as refused:
        licence_called(said)
    assert "--allow" in refused.value.remedy


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_of_rightsstatements_org_is_known(statement: str) -> None:
    assert len(STATEMENTS) == 12
    for address in (
        "http://rightsstatements.org/vocab/{}/1.0/",
        "https://rightsstatements.org/page/{}/1.0/?language=fr",
    ):
        assert licence_called(address.format(statement)).name == statement
    assert licence_called(statement).name == statement


@pytest.mark.parametrize("elements", ["by", "by-nc", "by-sa", "by-nd", "by-nc-sa", "by-nc-nd"])
def test_every_version_and_port_of_creative_commons_is_known(elements: str) -> None:
    count = 0
    for version in VERSIONS:
        for port in (*PORTS.get(version, "").split(), *([] if version == "2.1" else [""])):
            name = "-".join(part for part in ("CC", elements.upper(), version, port.upper()) if part)
            address = f"https://creativecommons.org/licenses/{elements}/{version}/{f'{port}/' if port else ''}"
            for text in (name, address, f"{address}legalcode", name.replace("-", " "), name.lower()):
                licence = licence_called(text)
                assert licence.name == name
                family = licence_called(f"CC-{elements.upper()}-4.0")
                assert (licence.uses, licence.obligations) == (family.uses, family.obligations)
            count += 1
    assert count == 5 + sum(len(ports.split()) for ports in PORTS.values())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("© 2020 Grace Hopper. All rights reserved.", ["all rights reserved"]),
        ("© 2020 Grace", []),
        ("A day at the sea", []),
        (
            "This work is licensed under a Creative Commons Attribution 4.0 International License. To view a copy of this "
            "license, visit http://creativecommons.org/licenses/by/4.0/ or send a letter to them.",
            ["CC-BY-4.0"],
        ),
        (
            "see creativecommons.org/licenses/by/4.0/ or creativecommons.org/licenses/by-nc/4.0/",
            ["CC-BY-4.0", "CC-BY-NC-4.0"],
        ),
        (
            "© Grace, all rights reserved. http://creativecommons.org/licenses/by/2.0/",
            ["CC-BY-2.0", "all rights reserved"],
        ),
        ("CC BY-SA 4.0", ["CC-BY-SA-4.0"]),
        ("Alle Rechte vorbehalten", ["all rights reserved"]),
    ],
)
def test_what_is_found_in_a_line_of_text(text: str, names: list[str]) -> None:
    assert [each.name for each in licences_in(text)] == names


@pytest.mark.parametrize(
    ("one", "other", "ways"),
    [
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0", "CC-BY-SA-4.0 GPL-3.0 LAL-1.3"),
        ("CC-BY-SA-2.0-DE", "CC-BY-SA-3.0-US", "CC-BY-SA-3.0 CC-BY-SA-4.0"),
        ("CC-BY-SA-1.0", "CC-BY-SA-4.0", ""),
        ("CC-BY-SA-1.0", "CC-BY-SA-1.0-NL", "CC-BY-SA-1.0"),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", ""),
        ("CC-BY-SA-3.0", "LAL-1.3", "CC-BY-SA-4.0"),
        ("CC-BY-SA-4.0", "GPL-3.0-only", "GPL-3.0"),
        ("CC-BY-SA-3.0", "GPL-3.0-or-later", ""),
        ("GPL-2.0-only", "GPL-3.0-only", ""),
        ("GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0"),
        ("GFDL-1.3-only", "CC-BY-SA-3.0", ""),
    ],
)
def test_the_ways_that_two_share_alike_licences_have_in_common(one: str, other: str, ways: str) -> None:
    assert sorted(outlets(one) & outlets(other)) == ways.split()


def test_which_licences_forbid_to_sell() -> None:
    assert is_non_commercial("CC-BY-NC-SA-4.0")
    assert not is_non_commercial("CC-BY-SA-4.0")
    assert not is_non_commercial("GPL-3.0")
    assert named("GPL-3.0") is None
