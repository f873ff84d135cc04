"""The one gate: every picture that a studio makes is made here."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from palimpsest.craft.outcome import Made
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Technique
from palimpsest.errors import Damaged, ParameterRefused, RoleRefused, UsageRefused
from palimpsest.ethics.consent import judge
from palimpsest.library import queries
from palimpsest.library.thumbnails import keep_thumbnail
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import (
    Act,
    AnyRecord,
    Contribution,
    Description,
    Evidence,
    Grade,
    Hand,
    Output,
    Permit,
    Recipe,
    Work,
    recipe_from,
)
from palimpsest.media.codecs import decode, encode
from palimpsest.media.inspection import thumbnail
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap_codec import encode_map
from palimpsest.studio.standing import wishes
from palimpsest.studio.studio import SOFTWARE, Studio

Inputs = Mapping[str, Sequence[str]]
"""Works by role, as full ids."""

FULL_WEIGHT = 10**9
"""What a share of 1 weighs as a whole number in the records."""


@dataclass(frozen=True)
class Plan:
    """A recipe that may be performed: everything is resolved and permitted, nothing has run yet."""

    technique: Technique
    recipe: Recipe
    permit: Permit
    grade: Grade
    at: str
    """The moment of the judgement: terms that are stated while the recipe runs count from the next time on."""


@dataclass(frozen=True)
class Performance:
    """What came of performing a recipe."""

    act: Act
    works: tuple[Work, ...]

    @property
    def shares(self) -> dict[str, Fraction]:
        """The share of each input work in the first result."""
        return self.act.outputs[0].evidence.shares()


def perform(
    studio: Studio,
    technique: str,
    inputs: Inputs,
    parameters: Mapping[str, object] | None = None,
    *,
    seed: int | None = None,
    progress: Progress | None = None,
    hands: Sequence[Hand] = (),
) -> Performance:
    """Perform a technique on works of the studio, and record it.

    A recipe that has been performed before is not computed again: its works are given, and the act is recorded.
    `hands` is what the surface knows that the person did themselves; nothing is added to it.

    Raises:
        NotFound: there is no such technique, engine or work.
        RoleRefused, ParameterRefused, UsageRefused: an input or a value does not fit.
        TermsRefused: the terms of a work do not permit it.
        Cancelled: `progress` was told to stop. In every case nothing is written.
    """
    planned = plan(studio, technique, inputs, parameters, seed=seed)
    earlier = earlier_performance(studio, planned.recipe)
    if earlier is not None:
        return _again(studio, planned, earlier, hands)
    began = time.perf_counter()
    made = run(studio, planned, progress or Progress())
    return _record(studio, planned, made, time.perf_counter() - began, hands)


def plan(
    studio: Studio,
    technique: str,
    inputs: Inputs,
    parameters: Mapping[str, object] | None = None,
    *,
    seed: int | None = None,
) -> Plan:
    """Resolve a recipe and ask for its permit; see `perform` for the errors."""
    chosen = studio.catalogue.get(technique)
    resolved = chosen.resolve(parameters or {})
    works = _fitted(chosen, inputs)
    cards = [studio.machines.card(port) for port in chosen.ports.values()]
    recipe = recipe_from(
        {
            "technique": technique,
            "version": chosen.version,
            "parameters": resolved,
            "inputs": works,
            "seed": seed_for(chosen, seed),
            "engines": tuple(card.identity for card in cards),
        }
    )
    at = studio.now()
    permit = permit_for(studio, chosen, works, at)
    return Plan(chosen, recipe, permit, Grade.weakest([chosen.grade, *(card.grade for card in cards)]), at)


def permit_for(studio: Studio, technique: Technique, inputs: Inputs, at: str = "") -> Permit:
    """Ask whether a technique may use these works at a moment, or now; see `perform` for the errors."""
    asof = queries.latest_moment(studio.library)
    return judge(wishes(studio, technique.roles, inputs, asof), asof, at or studio.now())


def run(studio: Studio, planned: Plan, progress: Progress) -> tuple[Made, ...]:
    """Compute a recipe's pictures; nothing is stored."""
    technique, recipe = planned.technique, planned.recipe
    inputs: dict[str, Raster | tuple[Raster, ...]] = {}
    for role in technique.roles:
        rasters = tuple(raster_of(studio, work) for work in recipe.inputs.get(role.name, ()))
        if role.many:
            inputs[role.name] = rasters
        elif rasters:
            inputs[role.name] = rasters[0]
    engines = studio.machines.bind(technique.ports.values())
    outcome = technique.run(inputs, recipe.parameters, engines=engines, seed=recipe.seed, progress=progress)
    return outcome.made


def raster_of(studio: Studio, work: str) -> Raster:
    """Decode a work of the studio.

    Raises:
        Damaged: its file has changed, or decodes to another size than it did.
    """
    known = queries.work(studio.library, work)
    raster = decode(studio.library.image(known), work[:12], studio.settings.pixel_limit)
    if (raster.width, raster.height) != (known.width, known.height):
        raise Damaged(
            f"{work[:12]}: expected {known.width}×{known.height} pixels, but it decodes to {raster.width}×{raster.height}."
        )
    return raster


def earlier_performance(studio: Studio, recipe: Recipe) -> Act | None:
    """Return the first act that performed this very recipe, if its works and their source maps are there and undamaged."""
    acts = queries.acts_of_recipe(studio.library, recipe.digest)
    try:
        for output in acts[0].outputs if acts else ():
            studio.library.image(queries.work(studio.library, output.work))
            if output.evidence.sources:
                studio.library.sources(output.evidence.sources)
    except Damaged:
        return None  # it is computed anew, which mends it
    return acts[0] if acts else None


def act_of(
    studio: Studio,
    planned: Plan,
    outputs: tuple[Output, ...],
    seconds: float,
    reused: bool,
    hands: Sequence[Hand] = (),
) -> Act:
    """Write the act of a plan that was performed now."""
    return Act(
        recipe=planned.recipe,
        person=studio.person.id,
        at=planned.at,
        permit=planned.permit,
        outputs=outputs,
        grade=planned.grade,
        seconds=round(seconds, 3),
        reused=reused,
        software=SOFTWARE,
        hands=tuple(hands),
    )


def _again(studio: Studio, planned: Plan, earlier: Act, hands: Sequence[Hand]) -> Performance:
    act = act_of(studio, planned, earlier.outputs, 0.0, reused=True, hands=hands)
    studio.library.append([act])
    return Performance(act, tuple(queries.work(studio.library, output.work) for output in earlier.outputs))


def _record(
    studio: Studio, planned: Plan, made: tuple[Made, ...], seconds: float, hands: Sequence[Hand]
) -> Performance:
    """Store the pictures and their source maps, then everything that is known of them in one transaction."""
    now = studio.now()
    stored = [_store(studio, planned.recipe, each, now) for each in made]
    outputs = tuple(
        Output(work=work.id, pixels=work.pixels, evidence=_evidence(studio, planned.recipe, each))
        for work, each in zip(stored, made, strict=True)
    )
    act = act_of(studio, planned, outputs, seconds, reused=False, hands=hands)
    records: list[AnyRecord] = []
    for work in stored:
        if not queries.has_work(studio.library, work.id):
            records += [work, _description(studio, planned, work.id, now)]
    studio.library.append([*records, act])
    return Performance(act, tuple(queries.work(studio.library, work.id) for work in stored))


def _store(studio: Studio, recipe: Recipe, made: Made, now: str) -> Work:
    raster = made.raster
    data = encode(raster, "image/png")
    work = Work(
        id=digest_of_bytes(data),
        pixels=raster.digest,
        media_type="image/png",
        width=raster.width,
        height=raster.height,
        bits=raster.bits,
        alpha=raster.has_alpha,
        recipe=recipe.digest,
        at=now,
    )
    studio.library.put_image(data, work.media_type)
    keep_thumbnail(studio.library, work.id, thumbnail(raster, studio.settings.thumbnail_pixels))
    return work


def _evidence(studio: Studio, recipe: Recipe, made: Made) -> Evidence:
    """Turn shares by role into whole-number weights by work, and store the source map, if there is one."""
    contributions = tuple(
        Contribution(work=work, weight=round(share * FULL_WEIGHT))
        for role, shares in made.shares.items()
        for work, share in zip(recipe.inputs.get(role, ()), shares, strict=True)
    )
    sources = studio.library.put_sources(encode_map(made.sources)) if made.sources else None
    return Evidence(method=made.method, contributions=contributions, sources=sources)


def _description(studio: Studio, planned: Plan, work: str, now: str) -> Description:
    """Name a result for what was done last and for what it goes back to: 'Stylize: The rocket, Waves'."""
    titles = list(dict.fromkeys(_bare_title(studio, each) for each in planned.recipe.works))
    verb = planned.recipe.technique.replace("-", " ").capitalize()
    number = f" no. {planned.recipe.seed}" if planned.technique.seeded and not titles else ""
    title = f"{verb}{number}{': ' if titles else ''}{', '.join(titles)}"
    return Description(
        work=work,
        title=title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…",
        makers=(studio.person.name,),
        date=now[:4],
        by=studio.person.id,
        at=now,
    )


_LONGEST_TITLE = 100


def _bare_title(studio: Studio, work: str) -> str:
    """Return a work's title without the name of the technique that made it, so that titles do not grow with every act."""
    title = standing_title(studio, work)
    recipe = queries.work(studio.library, work).recipe
    verb, found, rest = title.partition(": ")
    return rest if recipe and found and verb.lower().replace(" ", "-") in studio.catalogue else title


def standing_title(studio: Studio, work: str) -> str:
    """Return a work's title, or the beginning of its id."""
    said = queries.descriptions_of(studio.library, work)
    return said[-1].title if said and said[-1].title else work[:12]


def _fitted(technique: Technique, inputs: Inputs) -> dict[str, tuple[str, ...]]:
    """Check that every role has works, one or several as declared, and no other is named."""
    known = {role.name: role for role in technique.roles}
    for name in inputs:
        if name not in known:
            raise RoleRefused(f"{technique.name} {name}", f"one of the roles {', '.join(known) or 'none'}", name)
    for role in technique.roles:
        given = inputs.get(role.name, ())
        if not given and not role.optional:
            raise RoleRefused(f"{technique.name} {role.name}", role.meaning, "nothing")
        if len(given) > 1 and not role.many:
            raise RoleRefused(f"{technique.name} {role.name}", f"one work ({role.meaning})", f"{len(given)} works")
    return {role.name: tuple(inputs[role.name]) for role in technique.roles if inputs.get(role.name)}


def seed_for(technique: Technique, seed: int | None) -> int | None:
    """Return the seed of a recipe: the one given, or 0; None for a technique that draws no random numbers.

    Raises:
        UsageRefused: a seed was given to one that takes none.
        ParameterRefused: it is not a whole number from 0 to 2⁵³ - 1.
    """
    if not technique.seeded:
        if seed is not None:
            raise UsageRefused(
                f"{technique.name}: expected no seed, because it draws no random numbers, but got {seed}."
            )
        return None
    if seed is not None and not (isinstance(seed, int) and 0 <= seed < 2**53):
        raise ParameterRefused("seed", "a whole number from 0 to 2⁵³ - 1", seed)
    return seed or 0
