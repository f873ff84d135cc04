"""A studio's own server in a process of its own, and a program that holds its token."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from palimpsest.web.tokens import token_for


@dataclass(frozen=True)
class Served:
    """A running server: its process, where it is, and a client that may do everything."""

    folder: Path
    port: int
    link: str
    process: subprocess.Popen[str]
    client: httpx.Client

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - any JSON value
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: object, status: int = 200) -> Any:  # noqa: ANN401
        answer = self.client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def ended(self, job: str, seconds: float = 60) -> dict[str, Any]:
        """Wait for a job to end, however it ends."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found: dict[str, Any] = next(each for each in self.get("/api/jobs")["jobs"] if each["id"] == job)
            if found["state"] not in ("waiting", "running"):
                return found
            time.sleep(0.05)
        raise AssertionError(f"the job did not end within {seconds} s")


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[Served]:
    """Run `palimpsest open` until the end of the block."""
    command = [sys.executable, "-m", "palimpsest", "--studio", str(folder), "open", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout
    try:
        link = process.stdout.readline().strip().rpartition(" ")[2]
        found = int(link.removeprefix("http://127.0.0.1:").partition("/")[0])
        origin = f"http://127.0.0.1:{found}"
        with httpx.Client(
            base_url=origin, headers={"authorization": f"Bearer {token_for(found)}"}, timeout=60
        ) as client:
            yield Served(folder, found, link, process, client)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
        process.stdout.close()


def heard(socket: Any, kind: str, seconds: float = 30) -> dict[str, Any]:  # noqa: ANN401 - of the websockets library
    """Wait for a message of a kind."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        message: dict[str, Any] = json.loads(socket.recv(timeout=seconds))
        if message["type"] == kind:
            return message
    raise AssertionError(f"no message of the kind {kind}")
