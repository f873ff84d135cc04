"""The peers of the synthesis engine, where they are to be had: each runs in a process of its own, with its own defaults.

They are no part of this project and nothing here fetches or builds them; the environment says where they are:

- `PALIMPSEST_BENCH_GPNN`: the folder of Efficient-GPNN (Elnekave's PyTorch code of Granot et al., "Drop the GAN", 2022);
- `PALIMPSEST_BENCH_GPDM`: the folder of GPDM (Elnekave and Weiss, "Generating natural images with direct patch distribution
  matching", 2022);
- `PALIMPSEST_BENCH_EBSYNTH`: the folder of EbSynth (Jamriška 2018), with its program in `bin` and its `examples`;
- `PALIMPSEST_BENCH_PEER_PYTHON`: an interpreter that has what the first two import (torch, torchvision, faiss).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from palimpsest.media.raster import Floats, Raster


@dataclass(frozen=True)
class Answer:
    """What a peer made: the picture, the seconds it took (loading its libraries left out), those of the processor, which do not
    grow when others use the machine, and the most memory it held, in GB."""

    picture: Floats
    seconds: float
    processor: float
    peak: float


@dataclass(frozen=True)
class Example:
    """One of EbSynth's own examples, run as its page says: file names of the style and of the guides, and its options.

    `rounds` is what our `render` is given: like theirs, it is told how long to take.
    """

    name: str
    style: str
    guides: tuple[str, ...]
    weight: float
    patch: int
    rounds: int
    options: tuple[str, ...] = ()

    def picture(self, side: str, guide: str = "") -> Path:
        """Return the path of the style, or of one of its guides on the `source` or the `target` side."""
        return _folder("EBSYNTH") / "examples" / self.name / f"{side}_{guide or self.style}.png"


TEXBYNUM = Example("texbynum", "photo", ("segment",), 1.0, 3, 2, ("-patchsize", "3", "-uniformity", "1000"))
STYLIT = Example("stylit", "style", ("fullgi", "dirdif", "indirb"), 0.66, 5, 12)


def missing(*names: str) -> str:
    """Return which of the peers are not to be had, in words; nothing if all are."""
    unset = [
        f"PALIMPSEST_BENCH_{name}"
        for name in names
        if not Path(os.environ.get(f"PALIMPSEST_BENCH_{name}", "")).is_absolute()
    ]
    return f"not measured: {' and '.join(unset)} not set" if unset else ""


def gpnn(work: Raster, mode: str, seed: int) -> Answer:
    """Vary a work as Efficient-GPNN does by default; `mode` exact (with its alpha) or ivf (approximate, without)."""
    return _python_peer(_GPNN, "GPNN", work, mode, seed)


def gpdm(work: Raster, seed: int) -> Answer:
    """Vary a work as GPDM does by default."""
    return _python_peer(_GPDM, "GPDM", work, "", seed)


def ebsynth(example: Example) -> Answer:
    """Run one of EbSynth's examples on the CPU; its time is that of the whole program, which loads nothing large."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.png"
        words = [
            str(_folder("EBSYNTH") / "bin" / "ebsynth"),
            "-style",
            str(example.picture("source")),
            "-output",
            str(made),
        ]
        for guide in example.guides:
            sides = (str(example.picture(side, guide)) for side in ("source", "target"))
            words += ["-guide", *sides, "-weight", str(example.weight)]
        told = _told([sys.executable, "-c", _LEAN, *words, "-backend", "cpu", *example.options])
        return Answer(opened(made).rgb(), **told)


def opened(path: Path) -> Raster:
    """Read a peer's picture."""
    with Image.open(path) as image:
        return Raster(np.asarray(image.convert("RGB")))


def _python_peer(code: str, name: str, work: Raster, mode: str, seed: int) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "given.png", Path(folder) / "made.npy"
        Image.fromarray(work.pixels).save(given)
        python = str(_folder("PEER_PYTHON"))
        told = _told([python, "-c", code + _TELL, str(_folder(name)), str(given), str(made), mode, str(seed)])
        return Answer(np.load(made), **told)


def _folder(name: str) -> Path:
    return Path(os.environ[f"PALIMPSEST_BENCH_{name}"])


def _told(words: list[str]) -> dict[str, float]:
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


_GPNN = """
import sys
sys.path.insert(0, sys.argv[1])
import torch, GPNN
from utils.NN_modules import FaissIVF, PytorchNNLowMemory
from utils.image import get_pyramid_scales, load_image
given = load_image(sys.argv[2])
scales = get_pyramid_scales(given.shape[-2], 14, 0.75)
search = PytorchNNLowMemory(alpha=0.005) if sys.argv[4] == "exact" else FaissIVF()
def make():
    return GPNN.generate(given, search, pyramid_scales=scales, num_iters=10, initial_level_num_iters=1,
                         keys_blur_factor=0.75, additive_noise_sigma=0.75)
"""
_GPDM = """
import sys
sys.path.insert(0, sys.argv[1])
import torch, GPDM
from patch_swd import PatchSWDLoss
from utils import get_pyramid_scales, load_image
given = load_image(sys.argv[2])
scales = get_pyramid_scales(given.shape[-2], 21, 0.85)
def make():
    return GPDM.generate(given, PatchSWDLoss(patch_size=7, stride=1, num_proj=64, c=3), pyramid_scales=scales, lr=0.01,
                         num_steps=300, additive_noise_sigma=1.5, device="cpu")[0]
"""
_TELL = """
import json, time
torch.manual_seed(int(sys.argv[5]))
begun, used = time.perf_counter(), time.process_time()
made = make()
seconds, used = time.perf_counter() - begun, time.process_time() - used
import numpy
numpy.save(sys.argv[3], ((made[0] + 1) / 2).clip(0, 1).permute(1, 2, 0).numpy())
held = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print("\\n" + json.dumps({"seconds": seconds, "processor": used, "peak": int(held.split()[1]) * 1024 / 1e9}))
"""
_LEAN = """
import json, os, sys, time
begun = time.perf_counter()
log = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, log, 1)])
_, status, usage = os.wait4(child, 0)
seconds, used = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
print(json.dumps({"seconds": seconds, "processor": used, "peak": usage.ru_maxrss * 1024 / 1e9}))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Starts a program from a small process: what the system says of a program's memory includes its parent's at the start."""
