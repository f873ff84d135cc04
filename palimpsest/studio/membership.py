"""Which groups the works of a studio belong to: those from outside by their records, those made here by what they came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from palimpsest.ethics import placing
from palimpsest.ethics.placing import Genders, Placing
from palimpsest.library import queries
from palimpsest.lineage.records import Act, Choice, Description, Erasure, Work
from palimpsest.studio.studio import Studio

DIMENSIONS = ("region", "culture", "period", "century", "medium", "gender", "style", "maker", "collection")
OF = ("collection", "used", "results", "suggested")
NOT_STATED = "(nothing stated)"
FROM_NUMBERS = "(made here from numbers alone)"
Key = tuple[bool, str]
"""Whether it was placed, and the group's name, or the words that were not placed."""
Members = Mapping[Key, float]
"""A work's share in each; they sum to 1."""


@dataclass(frozen=True)
class Counted:
    """One thing that is counted: a work, or an act by the works it used; when it came, and whether it was kept."""

    shares: Mapping[str, float]
    """Of works, summing to 1."""
    at: str
    kept: bool = False


@dataclass
class Records:
    """The records that a judgement of representation rests on, read once."""

    works: Mapping[str, Work]
    said: Mapping[str, Description]
    acts: tuple[Act, ...]
    choices: tuple[Choice, ...]
    erased: frozenset[str]
    parents: Mapping[str, Mapping[str, float]]
    _known: dict[str, dict[str, Members]] = field(default_factory=dict)

    @classmethod
    def of(cls, studio: Studio) -> Records:
        """Read what a studio holds."""
        library = studio.library
        works: dict[str, Work] = {}
        for each in queries.records_about(library, None, Work):
            works.setdefault(each.id, each)
        acts = tuple(queries.records_about(library, None, Act))
        return cls(
            works,
            {each.work: each for each in queries.records_about(library, None, Description)},
            acts,
            tuple(queries.records_about(library, None, Choice)),
            frozenset(each.work for each in queries.records_about(library, None, Erasure)),
            _parents(works, acts),
        )

    def counted(self, of: str) -> list[Counted]:
        """Return what is counted: works from outside, acts that used works, works made here, works that were suggested."""
        if of == "used":
            return [Counted(used, act.at) for act in self.acts if (used := _used(act)) and not act.reused]
        if of == "suggested":
            return self._suggested()
        made = of == "results"
        chosen = (work for work in self.works.values() if (work.recipe is not None) == made)
        return [Counted({work.id: 1.0}, work.at) for work in chosen if work.id not in self.erased]

    def _suggested(self) -> list[Counted]:
        first: dict[str, str] = {}
        kept: dict[str, bool] = {}
        for choice in self.choices:
            for work in (choice.work, *choice.among):
                first.setdefault(work, choice.at)
            kept[choice.work] = choice.kept
        return [Counted({work: 1.0}, at, kept.get(work, False)) for work, at in first.items() if work in self.works]

    def members(self, shares: Mapping[str, float], dimension: str, place: Callable[[Description], Placing]) -> Members:
        """Return how much of some works belongs to each group of a dimension."""
        known = self._known.setdefault(dimension, {})
        for work in shares:
            self._learn(work, known, place)
        return _mixed((share, known[work]) for work, share in shares.items())

    def _learn(self, work: str, known: dict[str, Members], place: Callable[[Description], Placing]) -> None:
        """Place a work and all it came from, without recursion; what is its own ancestor counts as not stated."""
        stack = [work]
        waiting: set[str] = set()
        while stack:
            each = stack[-1]
            parents = self.parents.get(each, {})
            missing = [parent for parent in parents if parent not in known and parent not in waiting]
            if each not in known and missing and each not in waiting:
                waiting.add(each)
                stack.extend(missing)
                continue
            stack.pop()
            if each in known:
                continue
            nothing: Members = {(False, NOT_STATED): 1.0}
            mixed = _mixed((share, known.get(parent, nothing)) for parent, share in parents.items())
            known[each] = mixed or self._root(each, place)

    def _root(self, work: str, place: Callable[[Description], Placing]) -> Members:
        record = self.works.get(work)
        if record is not None and record.recipe is not None:
            return {(False, FROM_NUMBERS): 1.0}
        said = self.said.get(work)
        placed = place(said) if said else placing.NOT_STATED
        rest = 1 - sum(placed.groups.values())
        left = placed.left or (NOT_STATED,)
        members = {(True, group): share for group, share in placed.groups.items()}
        if rest > 1e-9:
            for words in left:
                members[False, words] = members.get((False, words), 0.0) + rest / len(left)
        return members


def places(genders: Genders) -> Mapping[str, Callable[[Description], Placing]]:
    """Return how a record is placed in each dimension."""
    return {
        "region": placing.region,
        "culture": placing.culture,
        "period": placing.period,
        "century": placing.century,
        "medium": placing.medium,
        "gender": lambda said: placing.gender(said, genders),
        "style": lambda said: placing.stated(said.style),
        "maker": placing.makers,
        "collection": lambda said: placing.stated(said.collection),
    }


def _parents(works: Mapping[str, Work], acts: Iterable[Act]) -> dict[str, Mapping[str, float]]:
    """Return for each work made here what it came from, with shares, by the first act that made it."""
    parents: dict[str, Mapping[str, float]] = {}
    for act in acts:
        for output in act.outputs:
            made = works.get(output.work)
            if made is not None and made.recipe == act.recipe.digest:
                measured = {work: float(share) for work, share in output.evidence.shares().items()}
                parents.setdefault(output.work, measured or _alike(act.recipe.works))
    return parents


def _used(act: Act) -> dict[str, float]:
    """Return the share that each input has in what an act made; where it made several works, they count alike."""
    shares: dict[str, float] = {}
    for output in act.outputs:
        measured = {work: float(share) for work, share in output.evidence.shares().items()}
        for work, share in (measured or _alike(act.recipe.works)).items():
            shares[work] = shares.get(work, 0.0) + share / len(act.outputs)
    return shares


def _alike(works: tuple[str, ...]) -> dict[str, float]:
    return dict.fromkeys(works, 1 / len(works)) if works else {}


def _mixed(parts: Iterable[tuple[float, Members]]) -> dict[Key, float]:
    mixed: dict[Key, float] = {}
    for share, members in parts:
        for key, held in members.items():
            mixed[key] = mixed.get(key, 0.0) + share * held
    return mixed
