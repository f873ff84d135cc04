"""The demonstration as one page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files

from pydantic import JsonValue

from palimpsest.lineage.records import Act
from palimpsest.studio.crediting import Credits, credits
from palimpsest.studio.demo import Demonstration, Exhibit
from palimpsest.studio.embedding import jpeg_data, picture_data, thumbnail_data
from palimpsest.studio.finding import Shown, show
from palimpsest.studio.source_chart import chart
from palimpsest.studio.sourcing import map_of, sources
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import Told, tell

SHOWN_WIDTH = 1100
"""Widest that a picture is embedded, in pixels."""


def page(studio: Studio, shown: Demonstration) -> str:
    """Write the page: every picture beside what it was made from, its recipe, its credits, its seconds."""
    style = files("palimpsest.studio").joinpath("page.css").read_text(encoding="utf-8")
    exhibits = "\n".join(_exhibit(studio, each) for each in shown.exhibits)
    wall = "\n".join(_on_the_wall(studio, work) for work in shown.starter)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Palimpsest: pictures that remember</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>Pictures that remember what they were made from</h1>
<p>Everything here was made on this computer, without a network. Each picture stands beside its sources, with the
recipe that made it and the share that each source has in it.</p>
<p class="quiet">{shown.same} of {len(shown.replays)} acts were performed again in fresh processes and gave the same pixels.</p>
</header>
<main>
{exhibits}
</main>
<section>
<h2>What they were made from</h2>
<p class="quiet">Works that their makers or a museum gave to everybody, and studies made from numbers alone.</p>
<ul class="wall">
{wall}
</ul>
</section>
</body>
</html>
"""


def _exhibit(studio: Studio, each: Exhibit) -> str:
    told = tell(studio, each.work)
    found = credits(studio, told)
    act = told.lineage.acts[each.work]
    drawn = _chart(studio, each.work) if map_of(told.lineage, each.work) else ""
    return f"""<article class="exhibit">
<img src="{picture_data(studio, each.work, SHOWN_WIDTH)}" alt="{escape(each.remark)}">
<div>
<h2>{escape(each.remark)}</h2>
<ul class="sources">
{"".join(_source(studio, source) for source in each.sources)}
</ul>
{_bar(told, found)}
<dl>
{_rows(each, act, found, _chosen(studio, act))}
</dl>
</div>
{drawn}</article>"""


def _chart(studio: Studio, work: str) -> str:
    """Show for each pixel where it came from, folded away until somebody wants to know."""
    file = jpeg_data(chart(studio, sources(studio, work)), SHOWN_WIDTH)
    return (
        '<details class="chart"><summary>Where every pixel came from</summary>'
        f'<img src="{file}" alt="the picture beside its source map, with a legend of its sources" loading="lazy"></details>\n'
    )


def _rows(each: Exhibit, act: Act, found: Credits, chosen: Mapping[str, JsonValue]) -> str:
    given = "<br>".join(f"{escape(name)} {escape(_words(value))}" for name, value in chosen.items())
    verdict = "the same pixels" if each.replay.same else f"mean distance {each.replay.mean_distance:.3f} of 255"
    rows = {
        "recipe": f"<code>{act.recipe.technique} {act.recipe.digest[:12]}</code>",
        "with": given or "everything as usual",
        "work": f"<code>{each.work[:12]}</code>",
        "engine": escape(", ".join(found.engines) or "none"),
        "made in": f"{act.seconds:.1f} s",
        "replayed": f"{verdict}, in {each.replay.seconds:.1f} s",
    }
    return "\n".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())


def _chosen(studio: Studio, act: Act) -> dict[str, JsonValue]:
    """Return the parameters that are not as usual."""
    usual = studio.catalogue.get(act.recipe.technique).resolve({})
    return {name: value for name, value in act.recipe.parameters.items() if value != usual[name]}


def _words(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)


def _bar(told: Told, found: Credits) -> str:
    spans = "".join(f'<span style="flex: {float(share):.4f}"></span>' for share in found.works.values())
    names = " · ".join(
        f"{float(share):.0%} {escape(told.titles[work])} ({escape(', '.join(told.makers[work]))})"
        for work, share in found.works.items()
    )
    return f'<div class="bar" aria-hidden="true">{spans}</div><p class="quiet"><small>{names}</small></p>'


def _source(studio: Studio, work: str) -> str:
    shown = show(studio, work)
    return f'<li><img src="{thumbnail_data(studio, work)}" alt=""><b>{escape(_title(shown))}</b><br>{escape(_rights(shown))}</li>'


def _on_the_wall(studio: Studio, work: str) -> str:
    shown = show(studio, work)
    return f'<li><img src="{thumbnail_data(studio, work)}" alt="" loading="lazy">{escape(_title(shown))}<br>' + (
        f'<span class="quiet">{escape(_rights(shown))}</span></li>'
    )


def _title(shown: Shown) -> str:
    return (shown.description.title if shown.description else "") or shown.work.id[:12]


def _rights(shown: Shown) -> str:
    makers = ", ".join(shown.description.makers) if shown.description else ""
    licence = shown.terms[-1].licence if shown.terms else ""
    return ", ".join(part for part in (makers, licence) if part)
