"""Records are placed by rules, and what no rule knows is left and named."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from benchmarks import representation_facts
from palimpsest.errors import ParameterRefused
from palimpsest.ethics import placing
from palimpsest.ethics.dating import LATEST, Years, years_of
from palimpsest.ethics.placing import Placing, read_genders, tate_genders
from palimpsest.ethics.references import LISTED
from palimpsest.lineage.records import Description


def said(date: str = "", culture: str = "", medium: str = "", makers: tuple[str, ...] = ()) -> Description:
    at = "2026-01-01T00:00:00.000000Z"
    return Description(work="0" * 64, date=date, culture=culture, medium=medium, makers=makers, by="ada", at=at)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1888", (1888, 1888)),
        ("1833-34", (1833, 1834)),
        ("1610/25", (1610, 1625)),
        ("1485–95", (1485, 1495)),
        ("c. 1500", (1495, 1505)),
        ("1775–about 1850", (1770, 1855)),
        ("between 1600 and 1650", (1600, 1650)),
        ("1880s", (1880, 1889)),
        ("1800s", (1800, 1899)),
        ("2021-05-03", (2021, 2021)),
        ("17th century", (1600, 1699)),
        ("16th–17th century", (1500, 1699)),
        ("late 15th century", (1466, 1499)),
        ("2nd millennium BCE", (-2000, -1001)),
        ("5th-4th century BCE", (-500, -301)),
        ("500 BCE", (-500, -500)),
        ("500 BC-AD 500", (-500, 500)),
        ("AD 79", (79, 79)),
        ("550–560", (550, 560)),
        ("Southern Song", (1127, 1279)),
        ("Qing dynasty (1644–1911), 1700/50", (1700, 1750)),
        ("Qing dynasty (1644–1911), Qianlong reign mark and period (17", (1644, 1911)),
        ("Yuan dynasty (1260–1368) or Ming dynasty (1368–1644)", (1260, 1644)),
    ],
)
def test_dates_in_words_become_years(text: str, years: Years) -> None:
    assert years_of(text) == years


@pytest.mark.parametrize(
    "text", ["", "n.d.", "undated", "99999", "12.5 x 20", "Neolithic", "Goryeo, 2020", "0", "1888888"]
)
def test_what_states_no_year_is_not_dated(text: str) -> None:
    assert years_of(text) is None


@given(
    st.text(max_size=60) | st.from_regex(r"(c\. )?[0-9]{1,6}( ?[-/–] ?[0-9]{1,6})?( (BCE|century|s))?", fullmatch=True)
)
def test_any_text_is_dated_in_order_or_not_at_all(text: str) -> None:
    years = years_of(text)
    assert years is None or (years[0] <= years[1] <= LATEST + 5)
    for place in (placing.period, placing.century):
        found = place(said(date=text))
        assert not found.groups or sum(found.groups.values()) == pytest.approx(1)
        assert not (found.groups and found.left)


def test_a_date_counts_in_each_period_by_its_years() -> None:
    found = placing.period(said(date="1590-1609"))
    assert found.groups == pytest.approx({"1400–1599": 0.5, "1600–1699": 0.5})
    assert placing.century(said(date="1871")).groups == {"1800–1899": 1.0}
    assert placing.century(said(date="30 BC")).groups == {"before our era": 1.0}


@pytest.mark.parametrize(
    ("culture", "regions"),
    [
        ("French", {"Europe"}),
        ("Chinese", {"East Asia"}),
        ("Indian (Mewar)", {"South Asia and the Himalaya"}),
        ("Native American", {"Indigenous Americas"}),
        ("American Indian", {"Indigenous Americas"}),
        ("American", {"Northern America"}),
        ("Russian-Armenian", {"Europe", "West and Central Asia"}),
        ("Franco-Flemish", {"Europe"}),
        ("West Indian", {"Latin America and the Caribbean"}),
        ("South African", {"Africa south of the Sahara"}),
        ("māori", {"Oceania"}),
        ("MAORI", {"Oceania"}),
        ("Kwakwaka'wakw", {"Indigenous Americas"}),
        ("Persian (Herat)", {"West and Central Asia"}),
    ],
)
def test_cultures_are_placed_in_regions(culture: str, regions: set[str]) -> None:
    found = placing.region(said(culture=culture))
    assert set(found.groups) == regions
    assert sum(found.groups.values()) == pytest.approx(1)


@pytest.mark.parametrize("culture", ["Atlantean", "Islamic", "?", "🎨", "Georgian"])
def test_what_no_rule_knows_is_left_in_its_own_words(culture: str) -> None:
    assert placing.region(said(culture=culture)) == Placing(left=(culture,))


def test_a_culture_that_no_rule_knows_is_a_culture_all_the_same() -> None:
    assert placing.culture(said(culture="  Atlantean ")).groups == {"Atlantean": 1.0}
    assert placing.culture(said(culture="France")).groups == {"French": 1.0}


@pytest.mark.parametrize(
    ("medium", "family"),
    [
        ("Oil on canvas", "oil painting"),
        ("Tempera and oil on panel", "tempera, fresco and distemper"),
        ("Hanging scroll; ink and colors on silk", "ink"),
        ("colour woodblock print", "print"),
        ("woodblock print; ink on paper", "print"),
        ("gelatin silver print", "photograph"),
        ("silver", "metalwork"),
        ("Porcelain painted in overglaze enamels", "ceramics"),
        ("Carved cinnabar lacquer on wood", "lacquer"),
        ("pigments on mud plaster", "tempera, fresco and distemper"),
        ("oil pastel", "drawing and pastel"),
        ("watercolor on ivory", "watercolour and gouache"),
        ("painted enamel on copper", "glass and enamel"),
    ],
)
def test_media_are_placed_by_what_is_named_first(medium: str, family: str) -> None:
    assert placing.medium(said(medium=medium)).groups == {family: 1.0}


@pytest.mark.parametrize("place", [placing.region, placing.period, placing.medium, placing.makers])
def test_what_is_not_stated_is_not_placed(place: object) -> None:
    assert callable(place)
    assert place(said()) == Placing()


@given(st.text(max_size=200))
def test_no_words_break_the_rules(text: str) -> None:
    words = said(date=text, culture=text, medium=text, makers=(text,))
    for place in (placing.region, placing.culture, placing.medium, placing.makers):
        assert sum(place(words).groups.values()) <= 1 + 1e-9
    placing.gender(words, tate_genders())


def test_gender_is_what_the_table_says_of_this_very_name() -> None:
    genders = tate_genders()
    assert placing.gender(said(makers=("berthe  MORISOT",)), genders).groups == {"women": 1.0}
    assert placing.gender(said(makers=("Berthe",)), genders) == Placing(left=("Berthe",))
    both = placing.gender(said(makers=("Berthe Morisot", "somebody")), genders)
    assert both == Placing({"women": 0.5}, ("somebody",))


def test_a_namesake_of_another_time_is_not_taken() -> None:
    assert placing.gender(said(date="1450", makers=("Berthe Morisot",)), tate_genders()) == Placing(
        left=("Berthe Morisot",)
    )
    assert placing.gender(said(date="1880", makers=("Berthe Morisot",)), tate_genders()).groups == {"women": 1.0}


def test_a_name_that_two_people_of_different_gender_share_is_not_placed() -> None:
    known = read_genders("name,gender\nKim Lee,female\nKim Lee,male\nSam Roe,non-binary\n", "mine.csv")
    assert placing.gender(said(makers=("Kim Lee",)), known).left == ("Kim Lee",)
    assert placing.gender(said(makers=("Sam Roe",)), known).groups == {"non-binary": 1.0}


@pytest.mark.parametrize("text", ["", "who,what\na,b\n", "name,gender,born\nA,women,soon\n"])
def test_a_table_of_genders_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ParameterRefused):
        read_genders(text, "mine.csv")


def test_every_rule_fills_a_group_that_is_listed() -> None:
    assert set(placing.regions()) == set(LISTED["region"]())
    for culture in placing.cultures():
        found = placing.region(said(culture=culture))
        assert len(found.groups) == 1, culture
        assert set(found.groups) <= set(placing.regions())
        assert placing.culture(said(culture=culture)).groups == {culture: 1.0}


def test_most_of_the_real_records_are_placed(shared: Path) -> None:
    works = representation_facts.table(shared / "art" / "dev" / "manifest.csv")
    told = [said(each["year_period"], each["culture"], each["medium"]) for each in works]
    assert all(placing.region(each).groups for each in told)
    assert sum(bool(placing.period(each).groups) for each in told) >= 332
    assert all(placing.medium(each).groups for each in told if each.medium)


def test_the_packaged_figures_are_what_the_facts_give(shared: Path) -> None:
    assert shared / "art" / "facts" == representation_facts.FACTS
    assert representation_facts.outdated() == []
