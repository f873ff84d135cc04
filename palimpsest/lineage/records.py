"""The records: what a studio knows, as immutable values with one canonical form each.

Every record is frozen, refuses fields it does not know, and has a `digest`. Text is kept in Unicode's composed form.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from palimpsest.errors import Damaged, ParameterRefused
from palimpsest.lineage.canonical import canonical, digest_of_bytes, parse

Text = Annotated[str, AfterValidator(lambda text: unicodedata.normalize("NFC", text))]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
"""A point in time: ISO 8601, UTC, microseconds."""
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]
"""A calendar day: ISO 8601."""
Side = Annotated[int, Field(ge=1, le=100_000)]
"""A side of something that hangs on a wall, in millimetres."""
Doing = Literal["drew", "masked", "chose", "typed", "arranged"]
"""What a person's hand did for an act."""


class Use(StrEnum):
    """What a technique does with an input."""

    ALTER = "alter"
    SAMPLE = "sample"
    IMITATE = "imitate"
    LEARN = "learn"
    PUBLISH = "publish"

    @property
    def meaning(self) -> str:
        """Say in words what the use is."""
        return _MEANINGS[self]


_MEANINGS = {
    Use.ALTER: "change this very image",
    Use.SAMPLE: "copy its pixels into another picture",
    Use.IMITATE: "take its style",
    Use.LEARN: "fit a profile or a model to it",
    Use.PUBLISH: "export it for the world",
}


class Grant(StrEnum):
    """What a maker says to one use."""

    ALLOWED = "allowed"
    CREDIT = "credit"
    REFUSED = "refused"
    UNSTATED = "unstated"


class Obligation(StrEnum):
    """What follows from a use, for the result and everything made from it."""

    CREDIT = "credit"
    SHARE_ALIKE = "share-alike"
    NON_COMMERCIAL = "non-commercial"
    NO_DERIVATIVES = "no-derivatives"


class Grade(StrEnum):
    """What a replay can promise, from most to least."""

    EXACT = "exact"
    SAME_DEVICE = "same-device"
    PERCEPTUAL = "perceptual"

    @classmethod
    def weakest(cls, grades: list[Grade]) -> Grade:
        """Return the least that all of them promise; `EXACT` when there are none."""
        order = list(cls)
        return order[max((order.index(grade) for grade in grades), default=0)]


class Value(BaseModel):
    """A frozen value that knows its canonical digest."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @cached_property
    def canonical(self) -> bytes:
        """The canonical JSON of this value. What has its default is left out, so that a later version may add a field with a
        default and every digest stays; the default of a field therefore never changes."""  # noqa: D205, D209
        kind = {"kind": self.kind} if hasattr(self, "kind") else {}
        return canonical(kind | self.model_dump(mode="json", exclude_defaults=True))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON."""
        return digest_of_bytes(self.canonical)


class Work(Value):
    """An image. `id` is the SHA-256 of the stored file's bytes, `pixels` the digest of what it decodes to.

    `recipe` is the digest of the recipe that made it, or None when it came from outside. As a recipe names only works
    that were there before, lineage has no circles.
    """

    kind: Literal["work"] = "work"
    id: Digest
    pixels: Digest
    media_type: Text
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    bits: Literal[8, 16]
    alpha: bool
    recipe: Digest | None = None
    at: Moment


class Description(Value):
    """What somebody says about a work. Of several, the latest holds.

    `size_mm` is how wide and how high the picture itself is, without a frame, in millimetres.
    """

    kind: Literal["description"] = "description"
    work: Digest
    title: Text = ""
    makers: tuple[Text, ...] = ()
    date: Text = ""
    culture: Text = ""
    style: Text = ""
    medium: Text = ""
    source: Text = ""
    collection: Text = ""
    size_mm: tuple[Side, Side] | None = None
    by: Text
    at: Moment


class _Statement(Value):
    """What terms say, of one work or of a whole collection.

    `basis` says where this comes from; `until` is the last day on which it holds, or empty.
    """

    licence: Text = ""
    uses: dict[Use, Grant] = {}
    obligations: tuple[Obligation, ...] = ()
    until: Day | Literal[""] = ""
    basis: Text
    by: Text
    at: Moment

    def grant(self, use: Use) -> Grant:
        """Return what these terms say to a use."""
        return self.uses.get(use, Grant.UNSTATED)


class Terms(_Statement):
    """What the maker of a work allows. Of several, the latest holds."""

    kind: Literal["terms"] = "terms"
    work: Digest


class CollectionTerms(_Statement):
    """What is allowed with every work of a collection that has no terms of its own. Of several, the latest holds."""

    kind: Literal["collection-terms"] = "collection-terms"
    collection: Text = Field(min_length=1)


class Person(Value):
    """Somebody who performs acts. `id` stays when the name changes; of several records the latest holds."""

    kind: Literal["person"] = "person"
    id: Text
    name: Text
    at: Moment


class Copy(Value):
    """A file that was written from a work, so that it is known again when it comes back, even as a JPEG."""

    kind: Literal["copy"] = "copy"
    file: Digest
    work: Digest
    at: Moment


class EngineIdentity(Value):
    """Which engine exactly: its name and version, and the SHA-256 of its weights where it has any."""

    port: Text
    name: Text
    version: int = Field(ge=1)
    weights: tuple[Digest, ...] = ()


class Recipe(Value):
    """What can be replayed: the technique and everything that decides its result. Its digest is the identity for reuse."""

    kind: Literal["recipe"] = "recipe"
    technique: Text
    version: int = Field(ge=1)
    parameters: dict[Text, JsonValue] = {}
    inputs: dict[Text, tuple[Digest, ...]] = {}
    seed: int | None = Field(default=None, ge=0, le=2**53 - 1)
    engines: tuple[EngineIdentity, ...] = ()

    @property
    def works(self) -> tuple[str, ...]:
        """Every input work once, in the order of roles."""
        return tuple(dict.fromkeys(work for works in self.inputs.values() for work in works))


class Permission(Value):
    """One use of one input work, and why it was allowed. `terms` is the digest of the terms it rests on, if any."""

    work: Digest
    role: Text
    use: Use
    grant: Grant
    terms: Digest | None = None
    reason: Text


class Owed(Value):
    """One obligation and where it comes from: the work, and the licence, by which share-alike means something."""

    obligation: Obligation
    licence: Text = ""
    work: Digest


class Permit(Value):
    """Why an act was allowed: each use of each input, and the obligations that follow.

    `asof` is the moment of the latest record that was known when this was judged, so that it can be judged again. `owed` says
    of each obligation to which work it is owed; permits of policy 1 do not say it.
    """

    asof: Text = ""
    policy: int = Field(ge=1)
    permissions: tuple[Permission, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    owed: tuple[Owed, ...] = ()


class Contribution(Value):
    """How much of a result came from one work, as a whole number to be read against the sum of all."""

    work: Digest
    weight: int = Field(ge=0)


class Evidence(Value):
    """What a technique measured about where its result came from, and how it measured that.

    `sources` is the digest of the source map's file, where the technique could say it of each pixel.
    """

    method: Text
    contributions: tuple[Contribution, ...] = ()
    sources: Digest | None = None

    def shares(self) -> dict[str, Fraction]:
        """Return each work's share; they sum to 1, or there are none."""
        total = sum(each.weight for each in self.contributions)
        shares: dict[str, Fraction] = {}
        for each in self.contributions:
            if each.weight:
                shares[each.work] = shares.get(each.work, Fraction(0)) + Fraction(each.weight, total)
        return shares


class Output(Value):
    """One work that an act made, with its pixels' digest and its evidence."""

    work: Digest
    pixels: Digest
    evidence: Evidence


class Hand(Value):
    """What a person did for an act themselves, and for how many seconds if the surface knows."""

    doing: Doing
    what: Text
    seconds: float | None = Field(default=None, ge=0)


class Act(Value):
    """A recipe that somebody performed. It cannot be built without a permit for every use of every input."""

    kind: Literal["act"] = "act"
    recipe: Recipe
    person: Text
    at: Moment
    permit: Permit
    outputs: tuple[Output, ...] = Field(min_length=1)
    grade: Grade
    seconds: float = Field(ge=0)
    reused: bool = False
    software: Text
    hands: tuple[Hand, ...] = ()

    @model_validator(mode="after")
    def _permit_covers_the_inputs(self) -> Self:
        permitted = {(each.role, each.work) for each in self.permit.permissions if each.grant is not Grant.REFUSED}
        used = {(role, work) for role, works in self.recipe.inputs.items() for work in works}
        if used - permitted:
            role, work = min(used - permitted)
            raise ValueError(f"the permit does not cover {work[:12]} as {role}")
        return self


class Choice(Value):
    """A person's judgement of a proposal: kept or not, among which others, looked at for how long."""

    kind: Literal["choice"] = "choice"
    work: Digest
    kept: bool
    among: tuple[Digest, ...] = ()
    seconds: float | None = Field(default=None, ge=0)
    by: Text
    at: Moment


class Filing(Value):
    """Where a person put a work: on the wall, or in the bin, out of sight. Nothing is erased. Of several, the latest holds."""

    kind: Literal["filing"] = "filing"
    work: Digest
    place: Literal["wall", "bin"]
    by: Text
    at: Moment


class Hung(Value):
    """A work on a wall of a room, in metres: its centre from the wall's left end and above the floor, and its width."""

    work: Digest
    wall: int = Field(ge=0, le=63)
    along: float = Field(ge=-1000, le=1000)
    above: float = Field(ge=0, le=100)
    width: float = Field(gt=0, le=100)
    frame: Text = ""


class Hanging(Value):
    """How somebody hung a room. Of several of one name, the latest holds; one without works takes the room down."""

    kind: Literal["hanging"] = "hanging"
    name: Text = Field(min_length=1, max_length=100)
    works: tuple[Hung, ...] = ()
    by: Text
    at: Moment


class Portrayal(Value):
    """Whom a work shows, and whether they agreed. Of several, the latest holds.

    `faces` are left, top, width and height in pixels, as found by what `basis` names; `people` the names somebody gave.
    """

    kind: Literal["portrayal"] = "portrayal"
    work: Digest
    faces: tuple[tuple[int, int, int, int], ...] = ()
    people: tuple[Text, ...] = ()
    consent: Literal["unknown", "given", "refused"] = "unknown"
    basis: Text
    by: Text
    at: Moment


class Erasure(Value):
    """A tombstone: a work whose pixels, and everything derived that shows them, were erased. `erased` counts by kind of file."""

    kind: Literal["erasure"] = "erasure"
    work: Digest
    erased: dict[Text, int] = {}
    reason: Text = ""
    by: Text
    at: Moment


AnyRecord = (
    Work | Description | Terms | CollectionTerms | Person | Copy | Act | Choice | Filing | Hanging | Portrayal | Erasure
)
Record = Annotated[AnyRecord, Field(discriminator="kind")]
KINDS: tuple[str, ...] = tuple(each.model_fields["kind"].default for each in get_args(AnyRecord))
"""What every kind of record is called."""
_RECORDS: TypeAdapter[AnyRecord] = TypeAdapter(Record)


def read_record(data: bytes | str) -> AnyRecord:
    """Read a record from its JSON.

    Raises:
        Damaged: it is not JSON, or not a record.
    """
    try:
        return _RECORDS.validate_python(parse(data))
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Damaged(f"expected a record, but {place or 'it'}: {first['msg']}") from fault


def known_by(record: AnyRecord, digest: str) -> AnyRecord:
    """Return a record under the digest that others know it by, for one in which a name was erased after they did."""
    known = record.model_copy()
    known.__dict__["digest"] = digest
    return known


def recipe_from(value: object) -> Recipe:
    """Read a recipe from plain values.

    Raises:
        ParameterRefused: it is not a recipe.
    """
    try:
        return Recipe.model_validate(value)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise ParameterRefused("recipe", first["msg"], first["input"]) from fault
