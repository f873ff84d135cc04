"""What a technique is: one plain function whose signature says everything, once.

    @technique(version=1)
    def crop(work: Annotated[Raster, Role(Use.ALTER, "the work to crop")], *, left: Annotated[float, Field(ge=0, lt=1,
             description="share cut away on the left")] = 0.0) -> Outcome:
        '''Cut a work to a part of it.'''

- parameters before `*` typed `Raster` or `Sequence[Raster]` are roles, each with its use; `Raster | None` is an optional role,
  given by its place before `*` and by its name after it;
- those typed with a port are engines, bound by the studio;
- keywords are the technique's own parameters, checked by pydantic, never clamped;
- `seed: int` when it draws random numbers, `progress: Progress` when it is long.

The command line, the JSON Schema, the reference page and the recipe are all made from this.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, create_model

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import PORTS
from palimpsest.craft.progress import Progress
from palimpsest.errors import ParameterRefused, RoleRefused, UsageRefused
from palimpsest.lineage.records import Grade, Use
from palimpsest.media.raster import Raster

Upgrade = Callable[[dict[str, JsonValue], int], dict[str, JsonValue]]


@dataclass(frozen=True)
class Role:
    """Marks an argument as an input role: what is done with the work, and what it is, in a few words."""

    use: Use
    meaning: str


@dataclass(frozen=True)
class Unit:
    """Marks a parameter's unit, for help texts and forms."""

    name: str


@dataclass(frozen=True)
class ShownWhen:
    """Marks a parameter that matters only while another has one of these values."""

    parameter: str
    values: tuple[JsonValue, ...]


@dataclass(frozen=True)
class RoleSpec:
    """An input role as declared: `many` takes several works, an `optional` one may be left out, a `named` one has no place."""

    name: str
    use: Use
    meaning: str
    many: bool
    optional: bool
    named: bool = False


@dataclass(frozen=True)
class Technique:
    """A technique, read from its function. Calling `run` performs it; nothing else is touched."""

    name: str
    version: int
    summary: str
    description: str
    roles: tuple[RoleSpec, ...]
    ports: Mapping[str, str]
    """Argument name to port name."""
    parameters: type[BaseModel]
    seeded: bool
    reports: bool
    grade: Grade
    function: Callable[..., Outcome]
    lift: Upgrade | None = None

    def resolve(self, given: Mapping[str, object]) -> dict[str, JsonValue]:
        """Check parameters and fill in the defaults; text is read as the parameter's type. Returns plain JSON values.

        Raises:
            ParameterRefused: a name is unknown, or a value out of range or of the wrong kind.
        """
        return self._model(given).model_dump(mode="json")

    def upgrade(self, parameters: dict[str, JsonValue], version: int) -> dict[str, JsonValue]:
        """Lift the parameters of an older version to this one.

        Raises:
            ParameterRefused: the version is newer than this, or older and nothing is known about it.
        """
        if version == self.version:
            return parameters
        if version > self.version or self.lift is None:
            raise ParameterRefused(
                f"{self.name} version", f"{self.version} or one it can lift", version, "Update Palimpsest."
            )
        return self.lift(parameters, version)

    def run(
        self,
        inputs: Mapping[str, Raster | Sequence[Raster]],
        parameters: Mapping[str, object] | None = None,
        *,
        engines: Mapping[str, object] | None = None,
        seed: int | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Perform the technique on rasters. `engines` binds each port's name to an engine; `seed` defaults to 0.

        Raises:
            RoleRefused: a role has no work, or one it does not know.
            ParameterRefused: a parameter is out of range.
            UsageRefused: an engine is missing.
            Cancelled: `progress` was told to stop.
        """
        model = self._model(parameters or {})
        arguments: dict[str, Any] = {name: getattr(model, name) for name in type(model).model_fields}
        arguments |= self._inputs(inputs)
        for argument, port in self.ports.items():
            if port not in (engines or {}):
                raise UsageRefused(f"{self.name}: expected an engine for the port '{port}', but none was given.")
            arguments[argument] = (engines or {})[port]
        if self.seeded:
            arguments["seed"] = 0 if seed is None else seed
        if self.reports:
            arguments["progress"] = progress or Progress()
        return self.function(**arguments)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameters, with `unit` and `shown_when` where a parameter has them."""
        schema = self.parameters.model_json_schema()
        for name, field in self.parameters.model_fields.items():
            for mark in field.metadata:
                if isinstance(mark, Unit):
                    schema["properties"][name]["unit"] = mark.name
                if isinstance(mark, ShownWhen):
                    schema["properties"][name]["shown_when"] = {mark.parameter: list(mark.values)}
        return schema

    def _model(self, given: Mapping[str, object]) -> BaseModel:
        for name in given:
            if name not in self.parameters.model_fields:
                known = ", ".join(self.parameters.model_fields) or "none"
                raise ParameterRefused(f"{self.name} {name}", f"one of the parameters ({known})", name)
        try:
            return self.parameters.model_validate({name: self._read(name, value) for name, value in given.items()})
        except ValidationError as fault:
            raise self._refusal(fault) from fault

    def _read(self, name: str, value: object) -> object:
        """Read text for a parameter that is not text: a list of numbers may be given as '0.3,0.7'."""
        annotation = self.parameters.model_fields[name].annotation
        if isinstance(value, str) and any(get_origin(each) is tuple for each in (annotation, *get_args(annotation))):
            return tuple(part.strip() for part in value.split(",")) if value.strip() else ()
        return value

    def _refusal(self, fault: ValidationError) -> ParameterRefused:
        first = fault.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "parameters"
        declared = self.schema["properties"].get(name, {})
        about = declared.get("description", "")
        expected = _range(declared) or first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
        return ParameterRefused(f"{self.name} {name}", expected, first["input"], f"{name}: {about}." if about else "")

    def _inputs(self, inputs: Mapping[str, Raster | Sequence[Raster]]) -> dict[str, object]:
        arguments: dict[str, object] = {}
        for role in self.roles:
            value = inputs.get(role.name)
            if role.many:
                value = tuple(value) if isinstance(value, Sequence) else ()
            if not value and not role.optional:
                raise RoleRefused(f"{self.name} {role.name}", role.meaning, "nothing")
            if not role.many and value is not None and not isinstance(value, Raster):
                raise RoleRefused(f"{self.name} {role.name}", "one work", f"{len(value)}")
            arguments[role.name] = value
        unknown = set(inputs) - set(arguments)
        if unknown:
            raise RoleRefused(f"{self.name} {min(unknown)}", f"one of the roles {list(arguments)}", min(unknown))
        return arguments


def _range(declared: Mapping[str, Any]) -> str:
    """Say in words what a number may be, or nothing for what is no number or has no bounds."""
    bounds = [(key, words) for key, words in _BOUNDS.items() if key in declared]
    if declared.get("type") not in _KINDS or not bounds:
        return ""
    return f"{_KINDS[declared['type']]} {' '.join(f'{words} {declared[key]:g}' for key, words in bounds)}"


_KINDS = {"number": "a number", "integer": "a whole number"}
_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "to below"}


def technique(
    *, version: int, grade: Grade = Grade.SAME_DEVICE, upgrade: Upgrade | None = None
) -> Callable[[Callable[..., Outcome]], Technique]:
    """Turn a function into a technique. `grade` is what its own arithmetic promises; its engines may promise less.

    Raises:
        TypeError: the signature says something that a technique cannot be.
    """

    def declare(function: Callable[..., Outcome]) -> Technique:
        return _declare(function, version, grade, upgrade)

    return declare


def _declare(function: Callable[..., Outcome], version: int, grade: Grade, upgrade: Upgrade | None) -> Technique:
    hints = typing.get_type_hints(function, include_extras=True)
    if hints.pop("return", None) is not Outcome:
        raise TypeError(f"{function.__name__}: a technique returns an Outcome")
    roles: list[RoleSpec] = []
    ports: dict[str, str] = {}
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        role = _role(name, hint, parameter)
        if role:
            roles.append(role)
        elif hint in PORTS:
            ports[name] = PORTS[hint]
        elif name not in ("seed", "progress"):
            fields[name] = (hint, _default(function, parameter))
    summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n")
    if not summary:
        raise TypeError(f"{function.__name__}: a technique says in its docstring what it does")
    return Technique(
        name=function.__name__.strip("_").replace("_", "-"),
        version=version,
        summary=summary,
        description=rest.strip(),
        roles=tuple(roles),
        ports=ports,
        parameters=create_model(function.__name__, __config__=_STRICT, **fields),
        seeded="seed" in hints,
        reports="progress" in hints,
        grade=grade,
        function=function,
        lift=upgrade,
    )


_STRICT = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def _default(function: Callable[..., Outcome], parameter: inspect.Parameter) -> object:
    if parameter.kind is not inspect.Parameter.KEYWORD_ONLY or parameter.default is inspect.Parameter.empty:
        raise TypeError(f"{function.__name__}: the parameter {parameter.name} is a keyword with a default")
    return parameter.default


def _role(name: str, hint: object, parameter: inspect.Parameter) -> RoleSpec | None:
    if get_origin(hint) is not Annotated:
        return None
    kind, *marks = get_args(hint)
    role = next((mark for mark in marks if isinstance(mark, Role)), None)
    if role is None:
        return None
    optional = parameter.default is None or types.NoneType in get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(each for each in get_args(kind) if each is not types.NoneType)
    named = parameter.kind is inspect.Parameter.KEYWORD_ONLY
    return RoleSpec(name, role.use, role.meaning, many=kind is not Raster, optional=optional, named=named)
