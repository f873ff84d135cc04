"""Who is here and who is not, as one page that needs nothing beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path

from palimpsest.ethics.references import TONES
from palimpsest.ethics.representation import Row, hill
from palimpsest.perception.skin_tone import MONK
from palimpsest.studio import representation_chart as chart
from palimpsest.studio.representation import Audit, Effective, Table
from palimpsest.studio.representation_answers import FEW_HERE, named, number
from palimpsest.studio.representation_people import SKIN_TONE
from palimpsest.studio.writing import write_text

LONGEST = 60
"""So many groups are drawn; the rest is counted."""
WORDS = 200
TITLES = {
    "collection": "Who is in the collection",
    "used": "Whose works were used",
    "results": "Whose works went into what was made",
    "suggested": "What was suggested, and what was kept",
}


def write_page(file: Path, found: Audit) -> None:
    """Write a judgement to an HTML file.

    Raises:
        FileRefused: the file cannot be written.
    """
    write_text(file, page(found))


def page(found: Audit) -> str:
    """Write the page: for each dimension a table with its chart, what is missing, and how sure one can be."""
    folder = files("palimpsest.studio")
    style = "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "representation.css"))
    sections = "\n".join(_section(each) for each in found.tables) if found.units else ""
    still = [_ONE_DAY] if found.units and all(each.trend is None for each in found.tables) else []
    notes = "".join(f"<p>{_marked(note)}</p>" for note in (*found.notes, *still))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{TITLES[found.of]}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{TITLES[found.of]}</h1>
<p class="lead">{found.units} {found.unit}, counted on {found.at[:10]}.</p>
<div class="quiet">{notes}</div>
{_KEY if found.units else ""}
</header>
<main>
{sections}
</main>
{_METHOD if found.units else ""}
</body>
</html>
"""


def _section(table: Table) -> str:
    parts = [
        f"<section><h2>By {table.dimension}</h2>",
        f'<p class="lead">{_lead(table)}</p>',
        _against(table),
        _groups(table) if table.rows else "",
        _measures(table) if table.counted.placed and table.effective else "",
        _trend(table),
        _left(table),
        _notes(table),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _lead(table: Table) -> str:
    """Say the main thing in a sentence or two."""
    if not table.counted.placed:
        return f"None of the {number(table.counted.unplaced)} could be placed: the records do not say."
    first = max(table.rows, key=lambda row: row.weight)
    name = escape(first.group[:1].upper() + first.group[1:])
    placed = f"the {number(table.counted.placed)} that could be placed"
    said = [f"{name}: {first.share:.0%} of {placed} ({first.low:.0%} to {first.high:.0%})."]
    if table.missing:
        said.append(f"None here: {escape(named([row.group for row in table.missing], 6))}.")
    if table.counted.unplaced >= 0.05:
        whole = table.counted.placed + table.counted.unplaced
        said.append(f"{number(table.counted.unplaced)} of {number(whole)} could not be placed.")
    return " ".join(said)


def _against(table: Table) -> str:
    reference = table.reference
    if reference is None:
        return ""
    counted = f", {number(reference.counted)} {reference.unit}" if reference.counted else ""
    source = f" Source: {escape(reference.source)}; {escape(reference.licence)}." if reference.source else ""
    return f'<p class="against">Held against {escape(reference.title)}{counted}.{source}</p>'


def _groups(table: Table) -> str:
    here = [row.group for row in table.rows if row.weight][:LONGEST]
    drawn = {*here, *(row.group for row in table.missing[:LONGEST])}
    shown = [row for row in table.rows if row.group in drawn]
    top = chart.top_of([max(row.high, row.reference or 0.0) for row in shown])
    heads = ["n", "share", "95 % interval"]
    heads += ["reference"] if table.reference else []
    heads += ["kept"] if table.kept is not None else []
    heads += [_open(table)] if _open(table) else []
    head = "".join(f'<th scope="col"{_wide(name)}>{name}</th>' for name in heads)
    body = "\n".join(_row(table, row, top) for row in shown)
    rest = len(table.rows) - len(shown)
    more = f'<p class="quiet">… and {rest} more groups; <code>--json</code> lists them all.</p>' if rest else ""
    return (
        f'<div class="scroll"><table><thead><tr><th scope="col">{table.dimension}</th>'
        f'<th scope="col" class="chart-head">{chart.scale(top)}</th>{head}<th scope="col"></th></tr></thead>'
        f"<tbody>\n{body}\n</tbody></table></div>{more}"
    )


def _row(table: Table, row: Row, top: float) -> str:
    cells = [number(row.weight), f"{row.share:.1%}", f"{row.low:.1%} – {row.high:.1%}"]
    if table.reference:
        cells.append("" if row.reference is None else f"{row.reference:.1%}")
    if table.kept is not None:
        cells.append(number(table.kept.get(row.group, 0.0)))
    written = "".join(f"<td{_wide_cell(place)}>{cell}</td>" for place, cell in enumerate(cells))
    if _open(table):
        written += f'<td class="wide">{row.least:.0%} – {row.most:.0%}</td>'
    drawn = chart.row(row.share, (row.low, row.high), row.reference, top)
    head = f'<tr{"" if row.weight else _NONE}><th scope="row">{_swatch(row.group)}{escape(row.group)}</th>'
    return f'{head}<td class="drawn">{drawn}</td>{written}<td class="says">{_says(row)}</td></tr>'


_NONE = ' class="none"'
_ONE_DAY = "All of it came within one day, so there is no trend to tell."


def _marked(note: str) -> str:
    """Write a note for the page, with what stands in backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(note))


def _open(table: Table) -> str:
    """Say what else than chance leaves a share open, if anything does."""
    if table.dimension == SKIN_TONE:
        return _LIGHT
    return _REST if table.counted.unplaced >= 0.05 else ""


_REST, _LIGHT = "whatever the rest is", "whatever the light was"


def _swatch(group: str) -> str:
    """Show a tone beside its name."""
    colour = MONK[TONES.index(group)] if group in TONES else ""
    return f'<i class="swatch" style="background:{colour}"></i>' if colour else ""


def _says(row: Row) -> str:
    words = [] if row.weight else ["none here"]
    if row.verdict in ("fewer", "more"):
        words.append(f"<b>{row.verdict}</b>")
    elif row.verdict and row.weight:
        words.append(row.verdict)
    words += ["few"] if 0 < row.weight < FEW_HERE else []
    return ", ".join(words)


def _wide(name: str) -> str:
    return ' class="wide"' if name in ("95 % interval", _REST, _LIGHT) else ""


def _wide_cell(place: int) -> str:
    return ' class="wide"' if place == 2 else ""


def _measures(table: Table) -> str:
    """Draw the effective numbers, and how far all this is from the reference beside what chance would do."""
    reference = table.reference.shares.values() if table.reference else ()
    expected = (hill(reference, 0), hill(reference, 1), hill(reference, 2))
    ends = [each.interval[1] if each.interval else each.value for each in table.effective]
    top = float(max(2, math.ceil(max(*ends, *expected) / 2) * 2))
    rows = [
        (name, chart.effective_row(each.value, each.interval, aim, top), _measured(each, aim))
        for name, each, aim in zip(_ORDERS, table.effective, expected, strict=True)
    ]
    drawn = _measure_table("how many groups it is like", chart.scale(top, "{:.3g}"), rows)
    if table.apart:
        off, fair = table.apart.distance, table.apart.fair_upper
        words = f"<b>{off:.0%}</b>, a fair draw of as many up to {fair:.0%}"
        drawn += _measure_table(
            "how far from the reference", chart.scale(1.0), [(_OTHER, chart.strip(table.apart), words)]
        )
    return f'<div class="scroll">{drawn}</div>'


_ORDERS = ("groups seen", "effective number of groups", "effective number of common ones")
_OTHER = "would have to be of another group"


def _measured(each: Effective, aim: float) -> str:
    interval = (
        f" ({each.interval[0]:.3g} – {each.interval[1]:.3g})" if each.interval else " (too little for an interval)"
    )
    return f"<b>{each.value:.3g}</b>{interval}" + (f", the reference {aim:.3g}" if aim else "")


def _measure_table(head: str, scale: str, rows: Iterable[tuple[str, str, str]]) -> str:
    body = "".join(
        f'<tr><th scope="row">{name}</th><td class="drawn">{drawn}</td><td class="says">{words}</td></tr>'
        for name, drawn, words in rows
    )
    return (
        f'<table class="measures"><thead><tr><th scope="col">{head}</th><th scope="col" class="chart-head">{scale}</th>'
        f'<th scope="col"></th></tr></thead><tbody>{body}</tbody></table>'
    )


def _trend(table: Table) -> str:
    if table.trend is None:
        return ""
    found = table.trend
    figures = "".join(
        f"<figure><figcaption>{escape(group)}: {found.changes[group]}</figcaption>{chart.trend_chart(found, group)}</figure>"
        for group in found.groups
    )
    heads = "".join(f'<th scope="col">{escape(group)}</th>' for group in found.groups)
    body = "".join(
        f'<tr><th scope="row">{span.name}</th><td>{span.units}</td>'
        + "".join(
            f"<td>{span.shares[group][0]:.0%} ({span.shares[group][1][0]:.0%} – {span.shares[group][1][1]:.0%})</td>"
            for group in found.groups
        )
        + f"<td>{span.effective:.3g}</td></tr>"
        for span in found.spans
    )
    return (
        f'<h3>Over time, by when they came</h3><div class="trends">{figures}</div><details><summary>The numbers</summary>'
        f'<div class="scroll"><table><thead><tr><th scope="col">when</th><th scope="col">n</th>{heads}'
        f'<th scope="col">effective number</th></tr></thead><tbody>{body}</tbody></table></div></details>'
    )


def _left(table: Table) -> str:
    if not table.left:
        return ""
    words = "".join(f"<li>{escape(text)} · {number(count)}</li>" for text, count in [*table.left.items()][:WORDS])
    rest = f'<p class="quiet">… and {len(table.left) - WORDS} more</p>' if len(table.left) > WORDS else ""
    return (
        f"<details><summary>What could not be placed, in the words of the records: "
        f'{number(table.counted.unplaced)}</summary><ul class="words">{words}</ul>{rest}</details>'
    )


def _notes(table: Table) -> str:
    notes = "".join(f"<li>{_marked(note)}</li>" for note in table.notes)
    return f'<ul class="notes">{notes}</ul>' if notes else ""


_KEY = """<ul class="key">
<li><svg width="34" height="14"><line class="range" x1="0" x2="34" y1="7" y2="7"/><circle class="here" cx="17" cy="7" r="4.5"/>\
</svg>share here, with its 95 % interval</li>
<li><svg width="14" height="14"><path class="reference" d="M7 0 13 7 7 14 1 7Z"/></svg>the reference</li>
<li><svg width="34" height="14"><line class="range" x1="5" x2="34" y1="7" y2="7"/><circle class="none" cx="5" cy="7" r="4.5"/>\
</svg>none here; the line says how many there could be all the same</li>
</ul>"""

_METHOD = """<section class="method"><h2>How to read this</h2>
<p>Shares are of what could be placed. The interval (Wilson) holds the shares that chance alone would explain, if each had been
drawn by itself from a larger source. “Fewer” and “more” are said only where the reference lies outside an exact
interval (Clopper and Pearson) widened for the number of groups, so that one table in twenty at most has a wrong word;
elsewhere the numbers are too small to tell.
“Whatever the rest is” gives the least and the most that a group can have when nothing is known of what was not placed.</p>
<p>The effective number says how many equally common groups would be as diverse (Hill numbers of order 1 and 2; order 0 counts
the groups, and its upper end is Chao's estimate of those not yet seen). Its interval is a bootstrap on the logarithm: near to
95 % from a hundred works on, less from a few.</p>
<p>A date that spans several periods counts in each by its years; several makers share a work alike. The rules that place words
are files to read, in the folder <code>ethics/facts</code> of the program. A reference is a point to look from, not a duty.</p>
</section>"""
