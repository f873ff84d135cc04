"""Makes the figures that a collection can be held against from the shared tables of facts.

`python -m benchmarks.representation_facts` writes them; with `--check` it only names the files in the package that differ from
what it would write. Only tables whose licence is CC0 are read.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from palimpsest.ethics.placing import centuries, culture, medium, period, periods, region
from palimpsest.lineage.records import Description

FACTS = Path(__file__).resolve().parents[2] / "shared" / "art" / "facts"
PACKAGED = Path(__file__).resolve().parents[1] / "palimpsest" / "ethics" / "facts"

MET_REGIONS = {
    "Europe (paintings)": "Europe",
    "Europe (decorative arts)": "Europe",
    "Medieval Europe and Byzantium": "Europe",
    "Greece and Rome": "Europe",
    "United States": "Northern America",
    "Iran and Central Asia (Islamic)": "West and Central Asia",
    "Ancient Near East": "West and Central Asia",
    "Turkey (Ottoman)": "West and Central Asia",
    "South Asia": "South Asia and the Himalaya",
    "South Asia (Islamic courts)": "South Asia and the Himalaya",
    "Himalaya": "South Asia and the Himalaya",
    "Southeast Asia": "Southeast Asia",
    "Japan": "East Asia",
    "China": "East Asia",
    "Korea": "East Asia",
    "Ancient Andes": "Indigenous Americas",
    "Ancient Mesoamerica": "Indigenous Americas",
    "Ancient Egypt": "North Africa",
    "Africa": "Africa south of the Sahara",
    "Oceania": "Oceania",
}
"""The Met's groups that fall in one region; the others (musical instruments, the wider Islamic world, …) are left out."""
MET_PERIODS = {
    "before 500 BC": "before 500 BCE",
    "500 BC-AD 500": "500 BCE–499",
    "500-1000": "500–999",
    "1000-1400": "1000–1399",
    "1400-1600": "1400–1599",
    "1600-1700": "1600–1699",
    "1700-1800": "1700–1799",
    "1800-1900": "1800–1899",
    "1900 and later": "1900 and later",
}
Counted = Mapping[str, float]


def table(file: Path) -> list[dict[str, str]]:
    """Read a table."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _rows(name: str) -> list[dict[str, str]]:
    return table(FACTS / name)


def _said(**words: str) -> Description:
    return Description(work="0" * 64, **words, by="facts", at="2014-10-01T00:00:00.000000Z")


def _sum(pairs: Iterable[tuple[Mapping[str, float], int]]) -> Counted:
    counts: Counter[str] = Counter()
    for groups, count in pairs:
        for group, share in groups.items():
            counts[group] += share * count  # type: ignore[assignment]
    return counts


def met_regions() -> Counted:
    """Count the Met's records by region."""
    rows = [row for row in _rows("met_records_by_culture.csv") if row["culture_group"] in MET_REGIONS]
    return _sum(({MET_REGIONS[row["culture_group"]]: 1.0}, int(row["records"])) for row in rows)


def met_periods() -> Counted:
    """Count the Met's tagged records by period; the table repeats a count for each theme."""
    once = {(r["culture_group"], r["period"]): int(r["tagged_works"]) for r in _rows("met_theme_by_culture_period.csv")}
    return _sum(({MET_PERIODS[name]: 1.0}, count) for (_, name), count in once.items())


def met_media() -> Counted:
    """Count the Met's records by family of media."""
    rows = _rows("met_medium_by_culture.csv")
    return _sum((medium(_said(medium=row["medium"])).groups, int(row["works"])) for row in rows)


def tate_media() -> Counted:
    """Count Tate's works by family of media."""
    rows = _rows("tate_medium_by_period.csv")
    return _sum((medium(_said(medium=row["medium"])).groups, int(row["works"])) for row in rows)


def tate_years(spans: tuple[tuple[str, int], ...]) -> Counted:
    """Count Tate's works by period or century."""
    rows = _rows("tate_medium_by_period.csv")
    place = period if spans == periods() else None
    return _sum(
        (place(_said(date=row["period"])).groups if place else _century(row["period"]), int(row["works"]))
        for row in rows
    )


def _century(years: str) -> Mapping[str, float]:
    first = int(years[:4])
    return {next(name for name, last in centuries() if first <= last): 1.0}


def tate_genders() -> Counted:
    """Count Tate's artists by gender, where it is stated."""
    words = {"Female": "women", "Male": "men"}
    return Counter(words[row["gender"]] for row in _rows("tate_artists.csv") if row["gender"])


def nga(place: str) -> Counted:
    """Count the National Gallery's artists by nationality or region."""
    people = [row["nationality"] for row in _rows("nga_artists.csv") if row["kind"] == "individual"]
    told = {name: _said(culture=name) for name in set(people)}
    placed = {name: region(said) for name, said in told.items()}
    how = placed if place == "region" else {name: culture(said) for name, said in told.items()}
    return _sum((how[name].groups, 1) for name in people if placed[name].groups)


def references() -> str:
    """Write the table of counts."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("reference", "dimension", "group", "count"))
    for name, dimension, counts in _counted():
        for group, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            rows.writerow((name, dimension, group, f"{count:g}"))
    return out.getvalue()


def _counted() -> Iterator[tuple[str, str, Counted]]:
    yield "met", "region", met_regions()
    yield "met", "period", met_periods()
    yield "met", "medium", met_media()
    yield "tate", "medium", tate_media()
    yield "tate", "period", tate_years(periods())
    yield "tate", "century", tate_years(centuries())
    yield "tate", "gender", tate_genders()
    yield "nga", "region", nga("region")
    yield "nga", "culture", nga("culture")


def makers() -> str:
    """Write Tate's artists with the gender that Tate states, in our words."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("name", "gender", "born"))
    words = {"Female": "women", "Male": "men"}
    for row in _rows("tate_artists.csv"):
        if row["gender"]:
            rows.writerow((row["name"], words[row["gender"]], row["birth_year"]))
    return out.getvalue()


def wanted() -> dict[str, str]:
    """Return every file that is made here, by its name."""
    return {"references.csv": references(), "makers_gender.csv": makers()}


def outdated() -> list[str]:
    """Name the files in the package that differ from what the facts give."""
    files = {name: PACKAGED / name for name in wanted()}
    return [n for n, text in wanted().items() if not files[n].exists() or files[n].read_text(encoding="utf-8") != text]


def main() -> int:
    """Write the files, or with `--check` name those that differ."""
    if "--check" in sys.argv:
        for name in outdated():
            print(f"{name} is not what the facts give")
        return 1 if outdated() else 0
    for name, text in wanted().items():
        (PACKAGED / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines()) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
