"""The whole program opens no connection: a process that the kernel ends at the first internet socket runs everything."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from tests.studio import sealed

pytestmark = pytest.mark.skipif(not sealed.possible(), reason="the filter is written for Linux on x86-64 and ARM")


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.studio.sealed", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


def test_the_filter_ends_a_process_that_opens_a_socket() -> None:
    for family, ended in (("AF_INET", True), ("AF_INET6", True), ("AF_UNIX", False)):
        code = f"import socket; from tests.studio.sealed import seal; seal(); socket.socket(socket.{family})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert (done.returncode == -signal.SIGSYS) is ended, family
    code = (
        "import subprocess, sys; from tests.studio.sealed import seal; seal();"
        "sys.exit(subprocess.run([sys.executable, '-c', 'import socket; socket.socket()']).returncode == -31)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1, "children too"


def test_the_style_network_reports_to_nobody() -> None:
    code = (
        "import time; from tests.studio.sealed import seal; seal(); from palimpsest.studio.machines import Machines;"
        "Machines().bind(['style-network', 'face-detector']); time.sleep(4)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, "onnxruntime sends telemetry unless ORT_DISABLE_TELEMETRY is set before it loads"


@pytest.mark.slow
def test_the_demonstration_makes_no_connection(tmp_path: Path) -> None:
    done = run("demo", tmp_path / "demo")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo" / "demo.html").is_file()


@pytest.mark.slow
def test_no_verb_makes_a_connection(tmp_path: Path) -> None:
    studio, photo, out = tmp_path / "studio", tmp_path / "photo.png", tmp_path / "out.jpg"
    Image.fromarray(skimage.data.astronaut()).save(photo)
    work = ""
    for words in (
        ("init", studio, "--empty"),
        ("add", photo, "--licence", "CC0-1.0"),
        ("people", photo, "--consent", "given"),
        ("blur-faces", photo),
        ("privacy", "--scan"),
        ("privacy", "--export", tmp_path / "all.zip"),
        ("export", photo, "-o", out),
        ("verify", out),
        ("check",),
        ("forget", photo, "--yes"),
        ("rebuild",),
    ):
        done = run("--studio", studio, *words)
        assert done.returncode == 0, (words, done.returncode, done.stderr)
        work += done.stdout
    assert work
