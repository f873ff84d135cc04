"""A statement of authorship for a gallery or a registrar: one A4 page of facts that are on record, and of what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from importlib.resources import files
from pathlib import Path

from palimpsest.craft.ports import Card
from palimpsest.errors import UsageRefused
from palimpsest.lineage.records import EngineIdentity, Obligation
from palimpsest.studio.captions import listed, names
from palimpsest.studio.credit_page import words
from palimpsest.studio.crediting import Credits, credits, percent
from palimpsest.studio.embedding import picture_data
from palimpsest.studio.on_record import checks, engines_on_record, terms_in_words, terms_on_record, unknown
from palimpsest.studio.studio import SOFTWARE, Studio
from palimpsest.studio.telling import Told, plain, shortened, tell
from palimpsest.studio.writing import write_text

SOURCES, ACTS, ENGINES = 8, 4, 3
"""How many of each the page names; the rest is counted."""
_LONG_TITLE = 48
_FEW, _MANY = 9, 16
"""Up to so many lines in all have room; more than so many are set closely."""
_PICTURE = 900
_HEADS = {"share": "share", "": "work", "by": "made by", "terms": "terms on record", "id": "id"}


def write_statement(studio: Studio, work: str, file: Path) -> None:
    """Write the statement of a work to an HTML file that prints as one A4 page.

    Raises:
        NotFound: the work is not known.
        Damaged: its lineage cannot be told.
        UsageRefused: the file's name does not end in .html.
        FileRefused: the file cannot be written.
    """
    check_page(file, ": it is one A4 page")
    write_text(file, statement(studio, work))


def check_page(file: Path, printed: str = "") -> None:
    """Make sure that a file is called as a page is; `printed` says what becomes of it on paper.

    Raises:
        UsageRefused: it is not.
    """
    if file.suffix.lower() not in (".html", ".htm"):
        raise UsageRefused(
            f"{file.name}: expected a name that ends in .html, but it ends in {file.suffix or 'nothing'}.",
            f"For a PDF, write .html, open it in a browser and print it to a file{printed}.",
        )


def statement(studio: Studio, work: str) -> str:
    """Return the statement as a page that needs nothing beside it; see `write_statement` for the errors."""
    told = tell(studio, work)
    found = credits(studio, told)
    today = studio.now()[:10]
    stated = terms_on_record(studio, told, [*found.works, *found.without_share])
    terms = {work: shortened(terms_in_words(each, today), 90) for work, each in stated.items()}
    engines = engines_on_record(studio, told)
    questions = unknown(told, found, stated, [card for _, card in engines])
    style = files("palimpsest.studio").joinpath("statement.css").read_text(encoding="utf-8")
    rows = _lines(found, len(engines), len(questions))
    space = " roomy" if rows <= _FEW else " dense" if rows > _MANY else ""
    title = shortened(told.titles[work], 110)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Statement of authorship: {escape(title)}</title>
<style>
{style}</style>
</head>
<body>
<article class="sheet{space}">
<div class="head"><b>Statement of authorship</b><span>{_day(today)}</span></div>
<div class="work">
<figure>{_picture(studio, work)}</figure>
<div>
<h1{' class="long"' if len(title) > _LONG_TITLE else ""}>{words(title)}</h1>
<p class="maker">{words(names(told.makers[work]))}</p>
<dl>{_rows(_about(told, found))}</dl>
</div>
</div>
{_made_from(told, found, terms)}
<div class="two">
<section><h2>By hand</h2>{_hands(told, found)}</section>
<section><h2>Engines</h2>{_engines(engines)}</section>
</div>
<section><h2>With what it can be checked</h2><dl class="checks">{_digests(told)}</dl></section>
<section class="unknown"><h2>What is not known</h2><ul>{_items(map(words, questions))}</ul></section>
<footer>Written by {escape(SOFTWARE)} from the records of one studio. It states what is on record there, and draws no conclusion
in law. Shares are computed from what every act measured and sum to exactly 1; they are shares in the matter of the picture, not
in its authorship. This page is not signed: an export of the work carries signed Content Credentials.</footer>
</article>
</body>
</html>
"""


def _day(day: str) -> str:
    year, month, number = day.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def _lines(found: Credits, engines: int, questions: int) -> int:
    """Judge how many lines the page will take for what differs from work to work."""
    sources = min(SOURCES + 1, len(found.works) + len(found.without_share))
    hands = sum(1 + len(each.by_hand) // 40 for each in found.deeds[:ACTS]) + (len(found.deeds) > ACTS)
    return sources + max(hands, 1 + 2 * min(ENGINES, engines)) + questions


def _picture(studio: Studio, work: str) -> str:
    picture = picture_data(studio, work, _PICTURE)
    return f'<img src="{picture}" alt="the work">' if picture else '<span class="gone">no picture is kept</span>'


def _about(told: Told, found: Credits) -> dict[str, str]:
    """Say what it is, when it was made and by whom: the acts of this studio, or what is said of a work from outside."""
    said, known = told.said.get(told.work), told.lineage.works.get(told.work)
    moments = sorted(each.at for each in found.deeds)
    days = list(dict.fromkeys(_day(each[:10]) for each in (moments[0], moments[-1]))) if moments else []
    acts = f"{len(moments)} act{'s' if len(moments) > 1 else ''}"
    people = listed([shortened(name, 40) for name in found.performed][:3], max(0, len(found.performed) - 3), "person")
    size = f"{known.width} × {known.height} pixels, {known.bits} bits" if known else ""
    return {
        "date": shortened(said.date, 60) if said else "",
        "medium": shortened(said.medium, 60) if said else "",
        "performed by": f"{people}, in {acts}" if moments else "",
        "made on": f"{' to '.join(days)}, by the clock of the computer" if days else "",
        "technique": _techniques(told),
        "image": size,
        "origin": ""
        if moments
        else f"added from outside{f', {shortened(said.source, 60)}' if said and said.source else ''}",
    }


def _techniques(told: Told) -> str:
    names = list(
        dict.fromkeys(f"{act.recipe.technique} {act.recipe.version}" for act in reversed(told.lineage.history))
    )
    return listed(names[:4], max(0, len(names) - 4), "technique")


def _made_from(told: Told, found: Credits, terms: Mapping[str, str]) -> str:
    if told.work not in told.lineage.acts:
        return "<section><h2>Made from</h2><p>It came from outside: what it was made from is not on record here.</p></section>"
    if not told.lineage.parents(told.work):
        return "<section><h2>Made from</h2><p>No other work: it was made from numbers alone.</p></section>"
    shown = list(found.works.items())[:SOURCES]
    rows = [_source(told, work, percent(share), terms) for work, share in shown]
    guides = found.without_share[: SOURCES - len(shown)]
    rows += [_source(told, work, "guide", terms) for work in guides]
    rest, others = list(found.works.values())[SOURCES:], found.without_share[len(guides) :]
    if rest:
        rows.append(_rest(f"{len(rest)} more work{'s' if len(rest) > 1 else ''}", percent(sum(rest, Fraction(0)))))
    if others:
        rows.append(_rest(f"{len(others)} more that gave a form, a place or a mask", "guide"))
    heads = "".join(f'<th class="{name}">{head}</th>' for name, head in _HEADS.items())
    duties = _owed(told)
    owed = (
        f'<p class="owed"><span class="quiet">What follows for this work:</span> {escape(duties)}</p>' if duties else ""
    )
    return f"""<section><h2>Made from</h2>
<table><tr>{heads}</tr>
{"".join(rows)}</table>
{owed}</section>"""


def _source(told: Told, work: str, share: str, terms: Mapping[str, str]) -> str:
    said = told.said.get(work)
    date = f", {words(shortened(said.date, 30))}" if said and plain(said.date) else ""
    gone = ' <span class="quiet">(erased)</span>' if work in told.erased else ""
    unstated = "made in this studio" if work in told.lineage.acts else "none stated"
    return (
        f'<tr><td class="share">{escape(share)}</td><td>{words(shortened(told.titles[work], 70))}{gone}</td>'
        f"<td>{words(shortened(names(told.makers[work]), 70))}{date}</td>"
        f"<td>{words(terms.get(work, unstated))}</td><td><code>{work[:12]}</code></td></tr>"
    )


def _rest(what: str, share: str) -> str:
    return f'<tr><td class="share">{escape(share)}</td><td colspan="4" class="quiet">{escape(what)}</td></tr>'


def _owed(told: Told) -> str:
    duties = {duty for act in told.lineage.history for duty in act.permit.obligations}
    return ", ".join(_DUTIES.get(each, each.value) for each in Obligation if each in duties)


_DUTIES = {
    Obligation.CREDIT: "name the makers",
    Obligation.SHARE_ALIKE: "share under the same terms",
    Obligation.NON_COMMERCIAL: "no commercial use",
    Obligation.NO_DERIVATIVES: "nothing made from the source may be shared",
}


def _hands(told: Told, found: Credits) -> str:
    rows = [
        f"<b>{escape(each.technique)}</b> {words(shortened(each.person, 40))}: {words(shortened(each.by_hand, 150))}"
        for each in found.deeds[:ACTS]
    ]
    more = found.deeds[ACTS:]
    if more:
        touched = sum(bool(each.hands) for each in more)
        acts = f"{len(more)} earlier act{'s' if len(more) > 1 else ''}"
        rows.append(f'<span class="quiet">{acts}, {touched} of them with something by hand on record</span>')
    rows += [words(shortened(each.words, 120)) for each in found.choices if each.work == told.work]
    return f"<ul>{_items(rows)}</ul>" if rows else "<p>It was not made in this studio.</p>"


def _engines(engines: Sequence[tuple[EngineIdentity, Card | None]]) -> str:
    """Name each engine with its licence and what it was trained on, as its card says."""
    if not engines:
        return "<p>None: every step was plain arithmetic on the pixels.</p>"
    rows = [f"<b>{escape(each.name)} {each.version}</b>: {_card(each, card)}" for each, card in engines[:ENGINES]]
    more = ", ".join(f"{each.name} {each.version}" for each, _ in engines[ENGINES:])
    rows += [f'<span class="quiet">and {escape(more)}</span>'] if more else []
    return f'<ul>{_items(rows)}</ul><p class="quiet owed">Engines are named; no share is theirs.</p>'


def _card(engine: EngineIdentity, card: Card | None) -> str:
    if card is None:
        return "its card is not here"
    weights = f", weights <code>{engine.weights[0][:12]}…</code>" if engine.weights else ""
    return f"{words(shortened(card.licence, 60))}{weights}; training: {words(shortened(card.trained_on, 170))}"


def _digests(told: Told) -> str:
    rows = {name: f"<code>{digest}</code>" for name, digest in checks(told).items()}
    work = told.work[:12]
    rows["how"] = (
        f"SHA-256. <code>palimpsest replay {work}</code> makes it again, <code>palimpsest verify FILE</code> knows it."
        if told.work in told.lineage.acts
        else "SHA-256. <code>palimpsest verify FILE</code> knows it again."
    )
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())


def _rows(facts: Mapping[str, str]) -> str:
    return "".join(f"<dt>{name}</dt><dd>{words(fact)}</dd>" for name, fact in facts.items() if fact)


def _items(rows: Iterable[str]) -> str:
    return "".join(f"<li>{row}</li>" for row in rows)
