"""The lineage of a work: the directed acyclic graph of works and acts behind it, and the shares that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from palimpsest.lineage.records import Act, EngineIdentity, Evidence, Work


@dataclass(frozen=True)
class Lineage:
    """A work, everything it was made from, and the act that first made each of these that was made here."""

    work: str
    works: Mapping[str, Work]
    acts: Mapping[str, Act]
    """By the id of the work that the act made; works from outside have none."""

    def parents(self, work: str) -> tuple[str, ...]:
        """Return the works that one was made from."""
        return self.acts[work].recipe.works if work in self.acts else ()

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every work once, each before the works it was made from; depth first, without recursion."""
        seen: set[str] = set()
        finished: list[str] = []
        stack = [(self.work, False)]
        while stack:
            work, done = stack.pop()
            if done:
                finished.append(work)
            elif work not in seen:
                seen.add(work)
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
        """Return what the act that made a work measured."""
        return next(output.evidence for output in self.acts[work].outputs if output.work == work)

    @cached_property
    def shares(self) -> Mapping[str, Fraction]:
        """Each root's share in the work: evidence multiplied along every way. They sum to exactly 1.

        Where an act has inputs but measured no share of any, its inputs count alike.
        """
        held = dict.fromkeys(self.order, Fraction(0))
        held[self.work] = Fraction(1)
        for work in self.order:
            for parent, share in self._shares_of(work).items():
                held[parent] += held[work] * share
        return {work: held[work] for work in self.roots if held[work]}

    @cached_property
    def engines(self) -> tuple[EngineIdentity, ...]:
        """Every engine that took part, once."""
        return tuple(
            dict.fromkeys(each for work in self.order if work in self.acts for each in self.acts[work].recipe.engines)
        )

    def _shares_of(self, work: str) -> Mapping[str, Fraction]:
        parents = self.parents(work)
        if not parents:
            return {}
        return self.evidence(work).shares() or {parent: Fraction(1, len(parents)) for parent in parents}
