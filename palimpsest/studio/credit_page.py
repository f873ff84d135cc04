"""Credits as one page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from html import escape
from importlib.resources import files

from palimpsest.studio.captions import names
from palimpsest.studio.crediting import NO_COLLECTION, Credits, percent
from palimpsest.studio.embedding import thumbnail_data
from palimpsest.studio.handwork import Deed
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import Told, plain, shortened

PICTURED = 48
"""Works beyond so many are named without their picture, so that the page stays light."""


def credit_page(studio: Studio, told: Told, found: Credits) -> str:
    """Write the page: the work, whose it is in shares, and what was done by hand and by machine."""
    style = "".join(
        files("palimpsest.studio").joinpath(name).read_text("utf-8") for name in ("page.css", "credits.css")
    )
    title = shortened(told.titles[told.work], 140)
    picture = "" if told.work in told.erased else thumbnail_data(studio, told.work)
    shown = f'<img src="{picture}" alt="">' if picture else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Credits: {escape(title)}</title>
<style>
{style}</style>
</head>
<body class="credits">
<header>
{shown}
<div>
<p class="quiet">Credits</p>
<h1>{words(title)}</h1>
<p>{words(names(told.makers[told.work]))}</p>
<p class="quiet">Computed from the evidence of every act on the way; the shares of each list sum to exactly 1.</p>
</div>
</header>
<main>
{_works(studio, told, found)}
{_names("People", found.people)}
{_names("Collections", found.collections) if list(found.collections) != [NO_COLLECTION] else ""}
{_guides(studio, told, found)}
{_deeds(told, found)}
</main>
<footer class="quiet">
<p>Engines took part and have no share: {words(", ".join(found.engines)) or "none"}. What was done by hand is on record beside the
shares, as facts; nobody can measure it in pixels.</p>
<p><code>{told.work}</code></p>
</footer>
</body>
</html>
"""


def words(text: str) -> str:
    """Write any text so that it can stand in a page; each is set apart, so that its direction stays its own."""
    return f"<bdi>{escape(plain(text))}</bdi>" if text else ""


def _works(studio: Studio, told: Told, found: Credits) -> str:
    rows = (
        _work(studio, told, work, percent(share), share, pictured=place < PICTURED)
        for place, (work, share) in enumerate(found.works.items())
    )
    return f'<section><h2>Works</h2><ul class="shares">{"".join(rows)}</ul></section>'


def _guides(studio: Studio, told: Told, found: Credits) -> str:
    if not found.without_share:
        return ""
    rows = (
        _work(studio, told, work, "", Fraction(0), pictured=place < PICTURED)
        for place, work in enumerate(found.without_share)
    )
    return f"""<section><h2>Guided by</h2>
<p class="quiet">They gave a form, a place or a mask, and none of their pixels.</p>
<ul class="shares">{"".join(rows)}</ul></section>"""


def _work(studio: Studio, told: Told, work: str, shown: str, share: Fraction, *, pictured: bool) -> str:
    picture = thumbnail_data(studio, work) if pictured and work not in told.erased else ""
    image = f'<img src="{picture}" alt="" loading="lazy">' if picture else '<i class="gone"></i>'
    gone = " (erased)" if work in told.erased else ""
    return (
        f"<li>{image}<div><b>{words(shortened(told.titles[work], 140))}</b>{gone}<br>"
        f'<span class="quiet">{words(names(told.makers[work]))} · <code>{work[:12]}</code></span>{_bar(share)}</div>'
        f"<strong>{escape(shown)}</strong></li>"
    )


def _names(title: str, shares: Mapping[str, Fraction]) -> str:
    rows: Iterable[str] = (
        f"<li><div>{words(shortened(name, 140))}{_bar(share)}</div><strong>{escape(percent(share))}</strong></li>"
        for name, share in shares.items()
    )
    return f'<section><h2>{title}</h2><ul class="shares names">{"".join(rows)}</ul></section>'


def _bar(share: Fraction) -> str:
    return f'<span class="bar"><span style="width: {float(share):.3%}"></span></span>' if share else ""


def _deeds(told: Told, found: Credits) -> str:
    if not found.deeds and not found.choices:
        return ""
    rows = [_deed(told, each) for each in found.deeds]
    rows += [
        f"<li><span>{each.at[:10]}</span><div>{words(each.words)}: {words(shortened(told.titles[each.work], 140))}</div></li>"
        for each in found.choices
    ]
    return f'<section><h2>By hand and by machine</h2><ul class="acts">{"".join(rows)}</ul></section>'


def _deed(told: Told, each: Deed) -> str:
    made = ", ".join(words(shortened(told.titles[work], 140)) for work in each.works)
    return (
        f"<li><span>{each.at[:10]}</span><div><b>{escape(each.technique)}</b>: {made}<br>"
        f"{words(each.person)}: {words(shortened(each.by_hand, 400))}<br>"
        f'<span class="quiet">machine: {words(", ".join(each.machines))}</span>'
        "</div></li>"
    )
