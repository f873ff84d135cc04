"""The lineage of a work: the directed acyclic graph of works and acts behind it, and the shares that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from palimpsest.errors import Damaged
from palimpsest.lineage.records import Act, EngineIdentity, Evidence, Work


@dataclass(frozen=True)
class Lineage:
    """A work, everything it was made from, and the act that first made each of these that was made here.

    What came from outside may be forged or broken. A lineage that leads back to itself, or an act that does not say what its
    work was made from, is `Damaged`: there is no order and there are no shares that could be true.
    """

    work: str
    works: Mapping[str, Work]
    acts: Mapping[str, Act]
    """By the id of the work that the act made; works from outside have none."""

    def parents(self, work: str) -> tuple[str, ...]:
        """Return the works that one was made from."""
        return self.acts[work].recipe.works if work in self.acts else ()

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every work once, each before the works it was made from; depth first, without recursion.

        Raises:
            Damaged: a work was made from itself, by however long a way.
        """
        seen: set[str] = set()
        on_the_way: set[str] = set()
        finished: list[str] = []
        stack = [(self.work, False)]
        while stack:
            work, done = stack.pop()
            if done:
                on_the_way.discard(work)
                finished.append(work)
            elif work in on_the_way:
                raise Damaged(
                    f"{work[:12]}: expected a lineage that leads back to works from outside, but this work comes from itself.",
                    "Its records are damaged or forged: `palimpsest check` looks through all of them.",
                )
            elif work not in seen:
                seen.add(work)
                on_the_way.add(work)
                stack.append((work, True))
                stack.extend((parent, False) for parent in reversed(self.parents(work)))
        return tuple(reversed(finished))

    @property
    def roots(self) -> tuple[str, ...]:
        """The works that were made from no other: those from outside, and those made from numbers alone."""
        return tuple(work for work in self.order if not self.parents(work))

    @cached_property
    def depth(self) -> int:
        """The number of acts on the longest way from the work back to a root."""
        depths: dict[str, int] = {}
        for work in reversed(self.order):
            deepest = max((depths[parent] for parent in self.parents(work)), default=0)
            depths[work] = deepest + 1 if work in self.acts else 0
        return depths[self.work]

    def evidence(self, work: str) -> Evidence:
        """Return what the act that made a work measured.

        Raises:
            Damaged: the act says nothing of this work, or names a source that its recipe does not.
        """
        act = self.acts[work]
        found = next((output.evidence for output in act.outputs if output.work == work), None)
        if found is None:
            raise Damaged(
                f"{work[:12]}: expected evidence of what it was made from, but its act {act.digest[:12]} has none."
            )
        for each in found.contributions:
            if each.work not in act.recipe.works:
                raise Damaged(
                    f"{work[:12]}: its evidence names {each.work[:12]}, from which its recipe does not make it."
                )
        return found

    @cached_property
    def shares(self) -> Mapping[str, Fraction]:
        """Each root's share in the work: evidence multiplied along every way. They sum to exactly 1.

        Where an act has inputs but measured no share of any, its inputs count alike.

        Raises:
            Damaged: the lineage goes in a circle, or its evidence contradicts its recipes.
        """
        held = self.held(self.order)
        return {work: held[work] for work in self.roots if held[work]}

    def held(self, order: Iterable[str]) -> Mapping[str, Fraction]:
        """Hand the whole of the work down to what it was made from, and return how much passed through each work.

        Every order that names a work before those it was made from gives the same. Each work is looked at once.
        """
        held = dict.fromkeys(self.order, Fraction(0))
        held[self.work] = Fraction(1)
        for work in order:
            for parent, share in self.shares_of(work).items():
                held[parent] += held[work] * share
        return held

    def shares_of(self, work: str) -> Mapping[str, Fraction]:
        """Return the share of each work that one was directly made from."""
        parents = self.parents(work)
        if work not in self.acts:
            return {}
        return self.evidence(work).shares() or {parent: Fraction(1, len(parents)) for parent in parents}

    @cached_property
    def engines(self) -> tuple[EngineIdentity, ...]:
        """Every engine that took part, once."""
        return tuple(dict.fromkeys(each for act in self.history for each in act.recipe.engines))

    @cached_property
    def history(self) -> tuple[Act, ...]:
        """Every act once, the latest first: in the order of the works that they made."""
        return tuple({act.digest: act for act in (self.acts.get(work) for work in self.order) if act}.values())
