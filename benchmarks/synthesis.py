"""How fast, small, good and true the patch synthesis is, alone and against its peers: `python -m benchmarks.synthesis`.

Pictures are works of `../shared/art/dev`; where that folder is absent, photographs that come with scikit-image. Peers are found
as `benchmarks.peers` says. Their rows stand for whole runs with their own defaults; ours are `vary` and `render` as an artist
calls them, without a parameter.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from skimage import data
from skimage.metrics import structural_similarity

from benchmarks.harness import Row, measure, peak_memory, table
from benchmarks.peers import STYLIT, TEXBYNUM, Answer, Example, ebsynth, gpdm, gpnn, missing, opened
from benchmarks.quality import (
    Guide,
    coherence,
    commonest_displacement,
    crispness,
    diversity,
    guided_patch_error,
    identity_share,
    nearest_places,
    patch_distance,
)
from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.outcome import Made
from palimpsest.engines.synthesis import load
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import SourceMap, rebuild

ART = Path(__file__).resolve().parents[2] / "shared" / "art" / "dev" / "images"
LANDSCAPES = (69, 93, 204)
"""A rocky sea of ice by Friedrich, a pond in the woods by Diaz, a harbour by Turner: wide works, for the peers' sizes."""
MANY = (2, 29, 37, 69, 93, 97, 107, 125, 142, 149, 166, 176, 178, 192, 202, 204, 225, 243, 319, 336)
"""Twenty works of many kinds: oil, print, ink, from Bruegel to Signac."""
SEEDS = (0, 1, 2)
TARGETS = {
    "vary 680×512": "< 2",
    "vary 1024×1024": "< 6",
    "vary, time of 2048² / 4 × that of 1024²": "≤ 1.1",
    "vary, memory of 2048² / 4 × that of 1024²": "≤ 1.1",
    "vary, peak memory at 2048²": "< 2",
    "GPNN exact / vary at 170×128": "≥ 100",
    "patch distance, vary / GPNN exact at 170×128": "≤ 1",
    "GPNN IVF / vary at 239×180": "≥ 10",
    "patch distance, vary / GPNN IVF at 239×180": "≤ 1",
    "EbSynth / render, texbynum": "≥ 8",
    "guided patch error, render / EbSynth, texbynum": "≤ 1",
    "EbSynth / render, stylit": "≥ 8",
    "guided patch error, render / EbSynth, stylit": "≤ 1",
    "identity displacement, by the map": "< 40",
    "identity displacement, by the map, at most": "< 40",
    "commonest displacement": "< 40",
    "least SSIM of 20 works rebuilt from their maps": "≥ 0.95",
}


def work(number: int) -> Raster:
    """Return a work of the collection, or a photograph in its place."""
    path = ART / f"dev_{number:04}.jpg"
    return opened(path) if path.exists() else Raster(data.coffee() if number % 2 else data.astronaut())


def sized(number: int, width: int, height: int) -> Raster:
    return resize_raster(work(number), width, height)


def fitted(number: int, side: int) -> Raster:
    """Return a work with its longer side made `side`."""
    whole = work(number)
    share = side / max(whole.width, whole.height)
    return resize_raster(whole, round(whole.width * share), round(whole.height * share))


def varied(source: Raster, seed: int = 0) -> Made:
    return Catalogue().get("vary").run({"works": [source]}, seed=seed, engines=_ENGINES).made[0]


def rendered(example: Example, seed: int = 0) -> Made:
    """Do what EbSynth's example does, with its weights and the side of its patches."""
    sketches, guides = (
        [opened(example.picture(side, each)) for each in example.guides] for side in ("target", "source")
    )
    inputs: dict[str, Raster | Sequence[Raster]] = {
        "sketch": sketches[0],
        "exemplar": opened(example.picture("source")),
        "exemplar_guide": guides[0],
    }
    if sketches[1:]:
        inputs |= {"more_sketches": sketches[1:], "more_guides": guides[1:]}
    given = {"weights": (example.weight,) * len(guides), "patch": example.patch, "rounds": example.rounds}
    return Catalogue().get("render").run(inputs, given, seed=seed, engines=_ENGINES).made[0]


def speed(quick: bool) -> list[Row]:
    rows = []
    for width, height in ((680, 512),) if quick else ((680, 512), (1024, 1024)):
        source = sized(LANDSCAPES[0], width, height)
        used = time.process_time()
        timing = measure(partial(varied, source), 5, 1)
        note = f"{timing.spread}; {(time.process_time() - used) / 6:.3g} s of processor time"
        rows.append(_row(f"vary {width}×{height}", timing.median, "s", note))
    return rows


def growth(sides: Sequence[int] = (512, 1024, 2048)) -> list[Row]:
    """Vary in processes of their own, warmed up on a small picture, and hold the sizes against each other."""
    taken = {side: _alone(side) for side in sides}
    empty = _alone(64)[1]
    middle, last = taken[sides[-2]], taken[sides[-1]]
    pixels = (sides[-1] / sides[-2]) ** 2
    name = f"of {sides[-1]}² / {pixels:g} × that of {sides[-2]}²"
    note = ", ".join(f"{side}²: {seconds:.2f} s, {peak:.2f} GB" for side, (seconds, peak) in taken.items())
    return [
        _row(f"vary, time {name}", last[0] / middle[0] / pixels, "×", note),
        _row(
            f"vary, memory {name}",
            (last[1] - empty) / (middle[1] - empty) / pixels,
            "×",
            f"above {empty:.2f} GB of libraries",
        ),
        _row(f"vary, peak memory at {sides[-1]}²", last[1], "GB", "resident, a process of its own"),
    ]


def alone(side: int) -> tuple[float, float]:
    """Return the seconds of varying a square picture, and the most memory that this process has held, in GB."""
    varied(sized(LANDSCAPES[0], 64, 64))
    source = sized(LANDSCAPES[0], side, side)
    began = time.perf_counter()
    varied(source)
    return time.perf_counter() - began, peak_memory()


def against_gpnn(mode: str, works: Sequence[int], width: int, height: int, seeds: Sequence[int]) -> list[Row]:
    """Vary works and let the peer do the same, in turns."""
    label, place = f"GPNN {mode.upper() if mode == 'ivf' else mode}", f"{width}×{height}"
    if lacking := missing("GPNN", "PEER_PYTHON"):
        return [_row(f"{label} at {place}", float("nan"), "", lacking)]
    sources = [sized(number, width, height) for number in works for _ in seeds]
    turns = [
        _turn(partial(varied, source, seed), partial(gpnn, source, mode, seed))
        for source, seed in zip(sources, [*seeds] * len(works), strict=True)
    ]
    results = [(turn.made.raster.rgb(), source) for turn, source in zip(turns, sources, strict=True)]
    answers = [(turn.answer.picture, source) for turn, source in zip(turns, sources, strict=True)]
    ours, theirs = ([patch_distance(each, source.rgb()) for each, source in pairs] for pairs in (results, answers))
    note = f"means of {len(turns)} results"
    return [
        *_times(label, place, turns),
        _row(f"patch distance of vary at {place}", _mean(ours), "/255", _range(ours)),
        _row(f"patch distance of {label} at {place}", _mean(theirs), "/255", _range(theirs)),
        _row(f"patch distance, vary / {label} at {place}", _mean(ours) / _mean(theirs), "×", note),
        *_looks(f"vary at {place}", results),
        *_looks(f"{label} at {place}", answers),
    ]


def against_gpdm(width: int, height: int) -> list[Row]:
    place = f"{width}×{height}"
    if lacking := missing("GPDM", "PEER_PYTHON"):
        return [_row(f"GPDM at {place}", float("nan"), "", lacking)]
    source = sized(LANDSCAPES[0], width, height)
    turn = _turn(lambda: varied(source), lambda: gpdm(source, 0))
    return [
        *_times("GPDM", place, [turn]),
        _row(f"patch distance of GPDM at {place}", patch_distance(turn.answer.picture, source.rgb()), "/255"),
        *_looks(f"GPDM at {place}", [(turn.answer.picture, source)]),
    ]


def against_ebsynth(example: Example, rounds: int) -> list[Row]:
    """Render EbSynth's example and let it do the same, in turns; both pictures are held against the style in the same way."""
    if lacking := missing("EBSYNTH"):
        return [_row(f"EbSynth, {example.name}", float("nan"), "", lacking)]
    turns = [_turn(lambda: rendered(example), lambda: ebsynth(example)) for _ in range(rounds)]
    style = opened(example.picture("source")).rgb()
    guides = [_guide(example, each) for each in example.guides]
    pictures = {"render": turns[-1].made.raster.rgb(), "EbSynth": turns[-1].answer.picture}
    errors = {name: guided_patch_error(each, style, guides, example.patch) for name, each in pictures.items()}
    note = f"patches of {example.patch} px; per pixel, in squared levels: {errors['render']:.1f} and {errors['EbSynth']:.1f}"
    rows = _times("EbSynth", example.name, turns, ours="render", joint=",")
    rows.append(
        _row(f"guided patch error, render / EbSynth, {example.name}", errors["render"] / errors["EbSynth"], "×", note)
    )
    for name, picture in pictures.items():
        rows.append(
            _row(f"patch distance of {name} to the style, {example.name}", patch_distance(picture, style), "/255")
        )
        rows.append(_row(f"crispness of {name}, {example.name}", crispness(picture, style), "×", "of the style's"))
    return rows


def _guide(example: Example, name: str) -> Guide:
    source, target = (opened(example.picture(side, name)).rgb() for side in ("source", "target"))
    return Guide(source, target, example.weight)


def newness(works: Sequence[int], side: int = 512) -> list[Row]:
    """Vary works by default and see how far the results are from copies, and from each other."""
    shares: dict[str, list[float]] = {"identity": [], "guessed": [], "commonest": [], "coherent": [], "diverse": []}
    for number in works:
        source = fitted(number, side)
        made = [varied(source, seed) for seed in SEEDS]
        maps = [_map(each) for each in made]
        pictures = [each.raster.rgb() for each in made]
        shares["identity"] += [100 * identity_share(each) for each in maps]
        shares["guessed"] += [100 * identity_share(nearest_places(each, source.rgb())) for each in pictures]
        shares["commonest"] += [100 * commonest_displacement(each) for each in maps]
        shares["coherent"] += [100 * coherence(each) for each in maps]
        shares["diverse"].append(diversity(pictures, source.rgb()))
    note = f"{len(works)} works, longer side {side}, {len(SEEDS)} seeds each"
    return [
        _row("identity displacement, by the map", _mean(shares["identity"]), "%", note),
        _row("identity displacement, by the map, at most", max(shares["identity"]), "%", "of one result"),
        _row("identity displacement, by the picture", _mean(shares["guessed"]), "%", "nearest patches, as for peers"),
        _row(
            "commonest displacement",
            _mean(shares["commonest"]),
            "%",
            "shifted or mirrored copies; " + _range(shares["commonest"]),
        ),
        _row("neighbours that were neighbours", _mean(shares["coherent"]), "%", _range(shares["coherent"])),
        _row(
            "diversity between seeds",
            _mean(shares["diverse"]),
            "×",
            "of the source's deviation; " + _range(shares["diverse"]),
        ),
    ]


def truth(works: Sequence[int], side: int = 512) -> list[Row]:
    """Rebuild results from their maps and the sources alone."""
    alike = []
    for number in works:
        source = fitted(number, side)
        made = varied(source)
        again, result = rebuild(_map(made), {"works": [source]}).pixels[..., :3], made.raster.pixels[..., :3]
        alike.append(float(structural_similarity(again, result, channel_axis=2)))
    return [
        _row(f"least SSIM of {len(works)} works rebuilt from their maps", min(alike), "", f"mean {_mean(alike):.6f}")
    ]


def run(quick: bool = False) -> list[Row]:
    """Measure everything; quickly, without the largest pictures and the slowest peers."""
    if quick:
        peers = [*against_gpnn("ivf", LANDSCAPES[:1], 239, 180, (0,)), *against_ebsynth(TEXBYNUM, 1)]
        return [*speed(quick), *peers, *newness(LANDSCAPES[:1]), *truth(MANY[:5])]
    return [
        *speed(quick),
        *growth(),
        *against_gpnn("ivf", LANDSCAPES, 239, 180, SEEDS),
        *against_gpnn("exact", LANDSCAPES[:1], 170, 128, (0,)),
        *against_gpdm(170, 128),
        *against_ebsynth(TEXBYNUM, 3),
        *against_ebsynth(STYLIT, 1),
        *newness(MANY[:8]),
        *truth(MANY),
    ]


@dataclass(frozen=True)
class Turn:
    """What we made, the seconds it took us and those of the processor, and what the peer made in its turn."""

    made: Made
    seconds: float
    processor: float
    answer: Answer


def _turn(ours: Callable[[], Made], theirs: Callable[[], Answer]) -> Turn:
    """Run ours and the peer's, ours once before to warm up."""
    ours()
    began, used = time.perf_counter(), time.process_time()
    made = ours()
    return Turn(made, time.perf_counter() - began, time.process_time() - used, theirs())


def _times(peer: str, place: str, turns: Sequence[Turn], ours: str = "vary", joint: str = " at") -> list[Row]:
    ratio = statistics.median(turn.answer.seconds / turn.seconds for turn in turns)
    used = statistics.median(turn.answer.processor / turn.processor for turn in turns)
    own, theirs = [turn.seconds for turn in turns], [turn.answer.seconds for turn in turns]
    note = f"times as fast; median of {len(turns)} turns; {used:.4g} by processor time"
    return [
        _row(f"{ours}{joint} {place}", statistics.median(own), "s", _range(own)),
        _row(f"{peer}{joint} {place}", statistics.median(theirs), "s", _range(theirs)),
        _row(f"{peer} / {ours}{joint} {place}", ratio, "×", note),
        _row(f"peak memory of {peer}{joint} {place}", max(turn.answer.peak for turn in turns), "GB"),
    ]


def _looks(name: str, pairs: Sequence[tuple[Floats, Raster]]) -> list[Row]:
    """Say of results, from the pictures alone, how crisp they are and how much of them is a copy."""
    crisp = [crispness(result, source.rgb()) for result, source in pairs]
    maps = [nearest_places(result, source.rgb()) for result, source in pairs]
    same = [100 * identity_share(each) for each in maps]
    whole = [100 * coherence(each) for each in maps]
    return [
        _row(f"crispness of {name}", _mean(crisp), "×", "of the source's; " + _range(crisp)),
        _row(f"identity displacement of {name}", _mean(same), "%", "nearest patches; " + _range(same)),
        _row(f"coherence of {name}", _mean(whole), "%", "nearest patches; " + _range(whole)),
    ]


def _alone(side: int) -> tuple[float, float]:
    code = f"from benchmarks.synthesis import alone; print(*alone({side}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def _map(made: Made) -> SourceMap:
    assert made.sources is not None
    return made.sources


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _range(values: Sequence[float]) -> str:
    return f"from {min(values):.3g} to {max(values):.3g}"


def _row(name: str, value: float, unit: str, note: str = "") -> Row:
    return Row(name, value, unit, note, TARGETS.get(name, ""))


_ENGINES = {"patch-synthesizer": load()}

if __name__ == "__main__":
    print("\n".join(table("Synthesis", run("--quick" in sys.argv))))
