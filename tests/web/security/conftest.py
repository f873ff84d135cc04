"""A studio behind a server in a process of its own, its owner's browser, and the pages of somebody else."""

from __future__ import annotations

import functools
import hashlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from palimpsest.studio import Studio
from palimpsest.studio.adding import add_bytes
from palimpsest.web.app import PAGES
from tests.cli.conftest import painted
from tests.web.security.places import REAL, Operation, Places, operations

LIMITS = {"PALIMPSEST_PIXEL_LIMIT": "100000000"}  # a picture of 12,000 by 12,000 is a bomb then


@dataclass(frozen=True)
class Ground:
    """The server under attack, and what its owner's browser holds."""

    port: int
    link: str
    folder: Path
    work: str
    process: subprocess.Popen[str]
    home: Path
    places: Places

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @functools.cached_property
    def token(self) -> str:
        """What the cookie of a logged-in browser holds."""
        jar = http.cookiejar.CookieJar()
        urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(self.link, timeout=30).close()
        return next(str(cookie.value) for cookie in jar if cookie.name == self.cookie_name)

    @property
    def cookie_name(self) -> str:
        return f"palimpsest_{self.port}"

    @property
    def host(self) -> tuple[str, str]:
        return "Host", f"127.0.0.1:{self.port}"

    @property
    def cookie(self) -> tuple[str, str]:
        return "Cookie", f"{self.cookie_name}={self.token}"

    @property
    def owner(self) -> list[tuple[str, str]]:
        """What the owner's browser sends from a page of the studio."""
        return [self.host, self.cookie, ("Origin", self.origin), ("Sec-Fetch-Site", "same-origin")]

    def at(self, name: str) -> str:
        """Return the address of one of the places."""
        return str(getattr(self.places, name)).format(work=self.work)

    @functools.cached_property
    def operations(self) -> list[Operation]:
        """What the server says that it can do."""
        asking = urllib.request.Request(f"{self.origin}/api/openapi.json", headers=dict([self.host, self.cookie]))
        with urllib.request.urlopen(asking, timeout=30) as answer:
            return operations(json.load(answer))

    def writings(self) -> dict[str, str]:
        """Every file of the studio that holds works or records, with its digest."""
        files = (file for file in sorted(self.folder.rglob("*")) if file.is_file())
        kept = (file for file in files if file.relative_to(self.folder).parts[0] != "index")
        return {
            str(file.relative_to(self.folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in kept
        }  # fmt: skip

    def memory(self) -> int:
        """The most memory that the server had so far, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) // 1024 if found else 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(folder: Path, work: str, home: Path, way: str) -> Iterator[Ground]:
    """Run a server until the end of the block."""
    port = free_port()
    command = _command(folder, port, way)
    with (home / f"server-{port}.log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | LIMITS)
    try:
        assert process.stdout
        link = process.stdout.readline().strip().rpartition(" ")[2]
        assert link, (home / f"server-{port}.log").read_text()
        _wait(port)
        yield Ground(port, link, folder, work, process, home, _real() if way == "real" else Places())
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        if process.stdout:
            process.stdout.close()


def _real() -> Places:
    """Return the places of the studio's own server, with the name that its script has in this build."""
    index = PAGES / "index.html"
    if not index.is_file():
        pytest.skip("the pages were not built")
    script = re.search(r'src="(/assets/[^"]+\.js)"', index.read_text(encoding="utf-8"))
    assert script
    return replace(REAL, script=script[1])


def _command(folder: Path, port: int, way: str) -> list[str]:
    if way == "real":
        return [
            sys.executable,
            "-m",
            "palimpsest",
            "--studio",
            str(folder),
            "open",
            "--no-browser",
            "--port",
            str(port),
        ]
    return [sys.executable, "-m", "tests.web.security.standin", str(folder), str(port), way]


def _wait(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not listen")


@pytest.fixture(scope="session")
def hung(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A studio with three small works; returns its folder and the id of one."""
    folder = tmp_path_factory.mktemp("security") / "studio"
    with Studio.create(folder, "Ada") as place:
        works = [add_bytes(place, painted(900 + number), f"work {number}.png")[0] for number in range(3)]
    return folder, works[0]


@pytest.fixture(scope="session")
def ground(hung: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The studio's own server."""
    with serving(*hung, tmp_path_factory.mktemp("real"), "real") as running:
        yield running


@pytest.fixture(scope="session")
def guarded(hung: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A small server behind the guard, which has a picture with a script in it."""
    with serving(*hung, tmp_path_factory.mktemp("guarded"), "guarded") as running:
        yield running


@pytest.fixture(scope="session")
def bare(hung: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The same server without the guard: what an attack does where nothing stops it."""
    with serving(*hung, tmp_path_factory.mktemp("bare"), "bare") as running:
        yield running
