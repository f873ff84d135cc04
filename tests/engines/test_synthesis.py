from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from palimpsest.craft.ports import Bytes, Canvas, Copied, Habits, Matter
from palimpsest.craft.progress import Progress
from palimpsest.engines import synthesis
from palimpsest.engines.synthesis import CARD, PatchMachine, load
from palimpsest.errors import Cancelled, ParameterRefused

PLAIN = Habits()


def picture(name: str, height: int = 72, width: int = 96) -> Bytes:
    """A stretch of a real photograph."""
    whole: Bytes = getattr(data, name)()
    return np.ascontiguousarray(whole[100 : 100 + height, 100 : 100 + width, :3])


@cache
def engine(threads: int = 0) -> PatchMachine:
    return load(threads)


def run(
    matters: list[Matter], canvas: Canvas, habits: Habits = PLAIN, seed: int = 0, threads: int = 0
) -> tuple[Bytes, Copied]:
    """Synthesize, and put the picture together from what was copied."""
    copied = engine(threads).synthesize(matters, canvas, habits, seed, Progress())
    made = canvas.begin.copy()
    for number, matter in enumerate(matters):
        here = copied.matter == number
        made[here] = matter.rgb[copied.row[here], copied.column[here]]
    return made, copied


def test_the_card_is_read_without_loading_numba() -> None:
    code = "import sys, palimpsest.engines.synthesis; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert not CARD.weights


@pytest.mark.parametrize("habits", [Habits(), Habits(patch=5, wrap=True), Habits(noise=0.5, coarsest=20)])
def test_the_same_pixels_on_any_number_of_threads(habits: Habits) -> None:
    matters = [Matter(picture("astronaut")), Matter(picture("coffee", 80, 60))]
    canvas = Canvas(picture("chelsea"))
    fields = [run(matters, canvas, habits, 3, threads)[1] for threads in (1, 2, 4)]
    for other in fields[1:]:
        for one, same in zip(vars(fields[0]).values(), vars(other).values(), strict=True):
            assert np.array_equal(one, same)


def test_a_picture_is_made_of_itself_when_it_begins_as_itself() -> None:
    photograph = picture("astronaut")
    made, _ = run([Matter(photograph)], Canvas(photograph), Habits(coarsest=72))
    assert np.array_equal(made, photograph)


@given(
    seed=st.integers(0, 2**53 - 1), height=st.integers(7, 40), width=st.integers(7, 40), patch=st.sampled_from([5, 7])
)
@settings(max_examples=15, deadline=None)
def test_everything_is_copied_from_inside_a_matter(seed: int, height: int, width: int, patch: int) -> None:
    usable = np.ones((30, 40), np.bool_)
    usable[:, 20:] = False
    matters = [
        Matter(picture("coffee", 30, 40), usable),
        Matter(picture("coffee", 5, 50)),
        Matter(picture("rocket", 25, 9)),
    ]
    _, copied = run(matters, Canvas(picture("chelsea", height, width)), Habits(patch=patch, coarsest=12), seed)
    sizes = np.array([each.rgb.shape[:2] for each in matters])
    assert copied.matter.shape == (height, width)
    assert (copied.matter >= 0).all()
    assert (copied.row < sizes[copied.matter, 0]).all()
    assert (copied.column < sizes[copied.matter, 1]).all()
    assert (copied.column[copied.matter == 0] < 20).all()
    assert min(copied.row.min(), copied.column.min()) >= 0


def test_kept_pixels_stay_and_the_rest_is_made() -> None:
    photograph = picture("coffee", 96, 96)
    hole = np.zeros((96, 96), np.bool_)
    hole[30:60, 40:60] = True
    begin = photograph.copy()
    begin[hole] = 0
    made, copied = run([Matter(photograph, ~hole)], Canvas(begin, ~hole))
    assert np.array_equal(made[~hole], photograph[~hole])
    assert ((copied.matter < 0) == ~hole).all()
    assert np.abs(made[hole].astype(int) - photograph[hole].mean(axis=0)).mean() < 60


def test_a_guide_decides_what_is_copied_where() -> None:
    """What is only in A on the left, and only in B on the right, is credited to them."""
    left = np.zeros((64, 64, 1), np.uint8)
    left[:, 32:] = 255
    matters = [
        Matter(picture("astronaut", 64, 64), guide=np.zeros((64, 64, 1), np.uint8)),
        Matter(picture("coffee", 64, 64), guide=np.full((64, 64, 1), 255, np.uint8)),
    ]
    _, copied = run(matters, Canvas(picture("chelsea", 64, 64), guide=left), Habits(guide_weights=(4.0,), coarsest=20))
    assert abs((copied.matter == 0).mean() - 0.5) < 0.02
    assert (copied.matter[:, :30] == 0).mean() > 0.98


def test_a_bias_makes_a_matter_rarer() -> None:
    matters = [Matter(picture("astronaut")), Matter(picture("chelsea"))]
    fair = run(matters, Canvas(picture("coffee")))[1]
    biased = run([matters[0], Matter(picture("chelsea"), bias=20.0)], Canvas(picture("coffee")))[1]
    assert (biased.matter == 1).mean() < 0.5 * (fair.matter == 1).mean()


def test_wrapping_hides_the_seam() -> None:
    photograph = picture("rocket", 80, 80)
    made, _ = run([Matter(photograph)], Canvas(photograph), Habits(wrap=True, coarsest=24))
    across = np.abs(np.diff(made.astype(int), axis=1)).mean()
    seam = np.abs(made[:, 0].astype(int) - made[:, -1]).mean()
    plain = np.abs(photograph[:, 0].astype(int) - photograph[:, -1]).mean()
    assert seam < max(2.5 * across, 0.3 * plain)


def test_evenness_keeps_a_patch_from_being_overused() -> None:
    grey = np.full((64, 64, 3), 128, np.uint8)

    def most_used(evenness: float) -> int:
        copied = run(
            [Matter(picture("coffee", 64, 64))], Canvas(grey), Habits(evenness=evenness, coarsest=64, rounds=4)
        )[1]
        return int(np.bincount((copied.row * 64 + copied.column).ravel()).max())

    assert most_used(1.0) < most_used(0.0)


def test_completeness_brings_more_of_the_matter_in() -> None:
    def used(completeness: float) -> int:
        habits = Habits(completeness=completeness, coarsest=24)
        narrow = np.ascontiguousarray(picture("astronaut", 24, 80)[:, ::2])
        copied = run([Matter(picture("astronaut", 24, 60))], Canvas(narrow), habits)[1]
        return len(np.unique(copied.row * 60 + copied.column))

    assert used(1.0) > used(0.0)


@pytest.mark.parametrize(
    ("matters", "canvas", "habits"),
    [
        ([Matter(picture("coffee", 6, 40))], Canvas(picture("coffee")), Habits()),
        ([Matter(picture("coffee"), np.zeros((72, 96), np.bool_))], Canvas(picture("coffee")), Habits()),
        ([Matter(picture("coffee"))], Canvas(picture("coffee", 5, 5)), Habits()),
        ([Matter(picture("coffee"))], Canvas(picture("coffee"), np.ones((72, 96), np.bool_)), Habits()),
        ([Matter(picture("coffee"))], Canvas(picture("coffee")), Habits(guide_weights=(1.0,))),
        ([Matter(picture("coffee"))], Canvas(np.broadcast_to(np.uint8(0), (40_000, 40_000, 3))), Habits()),
    ],
    ids=["matter smaller than a patch", "nothing usable", "small canvas", "all kept", "no guide", "too large"],
)
def test_what_cannot_be_done_is_refused(matters: list[Matter], canvas: Canvas, habits: Habits) -> None:
    with pytest.raises(ParameterRefused):
        load().synthesize(matters, canvas, habits, 0, Progress())


def test_it_stops_when_told() -> None:
    progress = Progress(report=lambda fraction: progress.cancel() if fraction > 0.3 else None)
    with pytest.raises(Cancelled):
        engine().synthesize([Matter(picture("coffee"))], Canvas(picture("astronaut")), Habits(), 0, progress)


def test_fractions_grow_to_one() -> None:
    told: list[float] = []
    photograph = picture("coffee")
    engine().synthesize([Matter(photograph)], Canvas(photograph), Habits(), 0, Progress(told.append))
    assert told == sorted(told)
    assert told[-1] == 1


def test_patches_are_compared_exactly() -> None:
    from palimpsest.engines.synthesis.atlas import SPARE, Atlas  # noqa: PLC0415
    from palimpsest.engines.synthesis.kernels import FAR, exact  # noqa: PLC0415

    rng = np.random.default_rng(0)
    target, source = (rng.integers(-2040, 2040, (side, side, 4)).astype(np.int16) for side in (12, 15))
    atlas = Atlas.of([source], [None], [0], 5)
    flat = np.concatenate([target.ravel(), np.zeros(SPARE, np.int16)])
    field, cost = np.zeros(64, np.int32), np.zeros(64, np.int32)
    least = np.full(len(atlas.allowed), FAR // 2, np.int32)
    asked = np.ones(64, np.bool_)
    exact(
        flat, 12, atlas.flat, atlas.width, atlas.penalty, atlas.allowed, least, 1, asked, field, cost, 0, 8, (0,) * 5, (0,) * 4
    )  # fmt: skip
    views = [
        np.lib.stride_tricks.sliding_window_view(each.astype(np.int64), (5, 5), (0, 1)) for each in (target, source)
    ]
    apart = ((views[0][:, :, None, None] - views[1][None, None]) ** 2).sum(axis=(-1, -2, -3)).reshape(64, 121)
    assert (cost == apart.min(axis=1)).all()


def test_load_takes_every_core_by_default() -> None:
    assert isinstance(synthesis.load(), PatchMachine)
