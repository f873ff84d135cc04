"""What a person did for an act with their own hands, beside what the machine did. Counts and seconds, never a percentage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from palimpsest.craft.technique import Technique
from palimpsest.library import queries
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Act, Doing, Hand
from palimpsest.studio.choosing import duration, names_of
from palimpsest.studio.studio import Studio

SEED = "seed"
_GIVEN = {"mask": "masked", "sketch": "drew", "guide": "drew"}
"""What giving a work in a role says of a person's hand: by the word that the role's name contains."""


@dataclass(frozen=True)
class Deed:
    """One act: who performed it when, what they did by hand, and which machines took part."""

    act: str
    technique: str
    person: str
    at: str
    hands: tuple[Hand, ...]
    parameters: tuple[str, ...]
    """All that could have been typed: the parameters of the recipe, and its seed where it has one."""
    machines: tuple[str, ...]
    works: tuple[str, ...]
    """Those of the lineage's works that it made."""

    @property
    def by_hand(self) -> str:
        """Say what the person did: 'typed 3 of 7 parameters, drew the mask (40 s)'."""
        said = [self._typed(), *(self._did(doing) for doing in _WORDS)]
        return ", ".join(part for part in said if part) or "nothing by hand on record"

    @property
    def line(self) -> str:
        """Say both sides: 'Ada: typed 3 of 7 parameters; machine: patch-synthesizer 1'."""
        return f"{self.person}: {self.by_hand}; machine: {', '.join(self.machines)}"

    def _typed(self) -> str:
        hands = [each for each in self.hands if each.doing == "typed"]
        known = {each.what for each in hands} & set(self.parameters)
        others = [f"typed {_called(each.what)}" for each in hands if each.what not in known]
        total = len(self.parameters)
        counted = [f"typed {len(known)} of {total} parameter{'s' if total > 1 else ''}"] if known else []
        return ", ".join(counted + others) + _took(hands)

    def _did(self, doing: Doing) -> str:
        hands = [each for each in self.hands if each.doing == doing]
        things = dict.fromkeys(_called(each.what) for each in hands)
        return f"{_WORDS[doing]} {' and '.join(things)}{_took(hands)}" if hands else ""


_WORDS: Mapping[Doing, str] = {"drew": "drew", "masked": "gave", "chose": "chose", "arranged": "arranged"}


def deeds(studio: Studio, lineage: Lineage) -> tuple[Deed, ...]:
    """Return every act of a lineage, the latest first."""
    names = names_of(studio, (act.person for act in lineage.history))
    made: dict[str, list[str]] = {}
    for work, act in lineage.acts.items():
        made.setdefault(act.digest, []).append(work)
    return tuple(_deed(act, names[act.person], made[act.digest]) for act in lineage.history)


def hands_of_call(
    studio: Studio, technique: Technique, inputs: Mapping[str, Sequence[str]], given: Collection[str]
) -> tuple[Hand, ...]:
    """Say what is known of a person's hand from a call alone: what they typed themselves, and the masks and drawings they gave.

    `given` names the parameters that the person stated, and the seed if they did. A mask or drawing that a technique made, or
    that names another maker, is not theirs; a drawing is theirs only when it names them as its maker. Time is not known.
    """
    typed = [Hand(doing="typed", what=name) for name in (*technique.parameters.model_fields, SEED) if name in given]
    return (*typed, *(hand for role, works in sorted(inputs.items()) for hand in _given(studio, role, works)))


def _given(studio: Studio, role: str, works: Sequence[str]) -> list[Hand]:
    doing = next((doing for word, doing in _GIVEN.items() if word in role), None)
    said = queries.descriptions_in_force(studio.library, works) if doing else {}
    found: list[Hand] = []
    for work in works if doing else ():
        makers = said[work].makers if work in said else ()
        own = makers == (studio.person.name,) or (doing == "masked" and not makers)
        if own and queries.work(studio.library, work).recipe is None:
            found.append(Hand(doing="masked" if doing == "masked" else "drew", what=role))
    return found


def _deed(act: Act, person: str, works: Sequence[str]) -> Deed:
    recipe = act.recipe
    parameters = (*recipe.parameters, *((SEED,) if recipe.seed is not None else ()))
    machines = (f"{recipe.technique} {recipe.version}", *(f"{each.name} {each.version}" for each in recipe.engines))
    return Deed(act.digest, recipe.technique, person, act.at, act.hands, parameters, machines, tuple(works))


def _called(what: str) -> str:
    """Put an article before the name of a role or a parameter; what is in words already stays."""
    return f"the {what.replace('_', ' ')}" if what.isidentifier() else what


def _took(hands: Sequence[Hand]) -> str:
    seconds = sum(each.seconds or 0 for each in hands)
    return f" ({duration(seconds)})" if seconds else ""
