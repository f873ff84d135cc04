"""How a technique is declared, and how it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

import numpy as np
import pytest
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import PORTS, StyleNetwork, port
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, ShownWhen, Technique, Unit, technique
from palimpsest.errors import Cancelled, ParameterRefused, RoleRefused
from palimpsest.lineage.records import Grade, Use
from palimpsest.media.raster import Raster
from tests.laws.table import picture

Work = Annotated[Raster, Role(Use.ALTER, "the work")]


@technique(version=3, grade=Grade.EXACT, upgrade=lambda old, _: {"strength": old.get("force", 0.5)})
def darken_all(
    work: Work,
    others: Annotated[Sequence[Raster], Role(Use.SAMPLE, "more works")],
    network: StyleNetwork,
    *,
    mask: Annotated[Raster | None, Role(Use.ALTER, "where")] = None,
    strength: Annotated[float, Field(ge=0, le=1, description="how much"), Unit("of all")] = 0.5,
    mode: Annotated[Literal["soft", "hard"], Field(description="how"), ShownWhen("strength", (1.0,))] = "soft",
    weights: Annotated[tuple[float, ...], Field(description="of the others")] = (),
    seed: int,
    progress: Progress,
) -> Outcome:
    """Darken works.

    More is said here.
    """
    seen.append((work, others, network, mask, strength, mode, weights, seed))
    progress(0.5)
    return Outcome.of(work, "as it is", {"work": [1.0]})


seen: list[tuple[Any, ...]] = []


@technique(version=1)
def nothing(*, side: Annotated[int, Field(ge=1, description="a side")] = 2) -> Outcome:
    """Draw black."""
    return Outcome.of(Raster(np.zeros((side, side, 3), np.uint8)), "drawn")


class TestDeclaring:
    def test_reads_everything_from_the_signature(self) -> None:
        assert isinstance(darken_all, Technique)
        assert (darken_all.name, darken_all.version, darken_all.grade) == ("darken-all", 3, Grade.EXACT)
        assert (darken_all.summary, darken_all.description) == ("Darken works.", "More is said here.")
        assert [(role.name, role.use, role.many, role.optional) for role in darken_all.roles] == [
            ("work", Use.ALTER, False, False),
            ("others", Use.SAMPLE, True, False),
            ("mask", Use.ALTER, False, True),
        ]
        assert darken_all.ports == {"network": "style-network"}
        assert list(darken_all.parameters.model_fields) == ["strength", "mode", "weights"]
        assert (darken_all.seeded, darken_all.reports) == (True, True)
        assert (nothing.seeded, nothing.reports, nothing.roles) == (False, False, ())

    def test_puts_units_and_conditions_into_the_schema(self) -> None:
        properties = darken_all.schema["properties"]
        assert properties["strength"]["unit"] == "of all"
        assert properties["mode"]["shown_when"] == {"strength": [1.0]}

    def test_refuses_what_does_not_return_an_outcome(self) -> None:
        def paint(work: Work) -> Raster:
            """Paint."""
            return work

        with pytest.raises(TypeError, match="returns an Outcome"):
            technique(version=1)(paint)  # type: ignore[arg-type]

    def test_refuses_a_parameter_without_a_default(self) -> None:
        def paint(work: Work, *, strength: float) -> Outcome:
            """Paint."""
            return Outcome.of(work, f"{strength}")

        with pytest.raises(TypeError, match="strength is a keyword with a default"):
            technique(version=1)(paint)

    def test_refuses_a_parameter_that_is_no_keyword(self) -> None:
        def paint(work: Work, strength: float = 1.0) -> Outcome:
            """Paint."""
            return Outcome.of(work, f"{strength}")

        with pytest.raises(TypeError, match="strength is a keyword"):
            technique(version=1)(paint)

    def test_refuses_an_input_without_a_role(self) -> None:
        def paint(work: Raster) -> Outcome:
            """Paint."""
            return Outcome.of(work, "")

        with pytest.raises(TypeError, match="work"):
            technique(version=1)(paint)

    def test_refuses_silence(self) -> None:
        def paint(work: Work) -> Outcome:
            return Outcome.of(work, "")

        with pytest.raises(TypeError, match="says in its docstring"):
            technique(version=1)(paint)

    def test_refuses_a_port_whose_name_is_taken(self) -> None:
        before = dict(PORTS)
        with pytest.raises(ValueError, match="style-network"):

            @port("style-network")
            class Another(Protocol):
                pass

        assert before == PORTS


class TestRunning:
    def run(self, **changes: Any) -> tuple[Any, ...]:  # noqa: ANN401 - whatever a test wants to be different
        call: dict[str, Any] = {
            "inputs": {"work": picture(3, 2), "others": [picture(2, 2)]},
            "parameters": {},
            "engines": {"style-network": "the engine"},
            **changes,
        }
        darken_all.run(**call)
        return seen.pop()

    def test_binds_works_engines_and_defaults(self) -> None:
        work, others, network, mask, *rest = self.run()
        assert work == picture(3, 2)
        assert others == (picture(2, 2),)
        assert (network, mask) == ("the engine", None)
        assert rest == [0.5, "soft", (), 0]

    def test_binds_an_optional_role_and_a_seed(self) -> None:
        inputs = {"work": picture(3, 2), "others": (picture(2, 2),), "mask": picture(1, 1)}
        bound = self.run(inputs=inputs, seed=7)
        assert (bound[3], bound[7]) == (picture(1, 1), 7)

    def test_reads_text(self) -> None:
        bound = self.run(parameters={"strength": "0.25", "weights": "0.3, 0.7", "mode": "hard"})
        assert bound[4:7] == (0.25, "hard", (0.3, 0.7))

    @pytest.mark.parametrize(
        ("inputs", "role"),
        [
            ({"others": [picture(2, 2)]}, "work"),
            ({"work": picture(2, 2)}, "others"),
            ({"work": picture(2, 2), "others": []}, "others"),
            ({"work": [picture(2, 2)] * 2, "others": [picture(2, 2)]}, "work"),
            ({"work": picture(2, 2), "others": picture(2, 2)}, "others"),
            ({"work": picture(2, 2), "others": [picture(2, 2)], "extra": picture(2, 2)}, "extra"),
        ],
    )
    def test_refuses_works_that_do_not_fit_the_roles(self, inputs: dict[str, Any], role: str) -> None:
        with pytest.raises(RoleRefused) as refused:
            self.run(inputs=inputs)
        assert refused.value.role == f"darken-all {role}"

    def test_refuses_parameters_with_expected_got_and_what_it_is(self) -> None:
        with pytest.raises(ParameterRefused) as refused:
            self.run(parameters={"strength": 1.5})
        assert (refused.value.name, refused.value.got) == ("darken-all strength", 1.5)
        assert str(refused.value) == (
            "darken-all strength: expected a number from 0 to 1, but got 1.5.\nstrength: how much."
        )

    def test_reports_progress_and_stops(self) -> None:
        fractions: list[float] = []
        self.run(progress=Progress(fractions.append))
        assert fractions == [0.5]
        stopped = Progress()
        stopped.cancel()
        with pytest.raises(Cancelled):
            self.run(progress=stopped)
        seen.clear()


class TestUpgrading:
    def test_lifts_older_parameters(self) -> None:
        assert darken_all.upgrade({"force": 0.9}, 2) == {"strength": 0.9}
        assert darken_all.upgrade({"strength": 0.1}, 3) == {"strength": 0.1}

    def test_refuses_the_newer_and_the_unknown(self) -> None:
        with pytest.raises(ParameterRefused, match="version"):
            darken_all.upgrade({}, 4)
        with pytest.raises(ParameterRefused, match="version"):
            nothing.upgrade({}, 0)
