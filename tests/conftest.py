"""What holds for every test: no network but loopback, no home folder, no settings from outside."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import palimpsest  # before any test loads onnxruntime, so that it makes no connection

hypothesis.settings.register_profile(
    "palimpsest", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # a busy machine is no fault of the code's
hypothesis.settings.load_profile("palimpsest")

assert palimpsest.__doc__
SHARED = Path(__file__).resolve().parents[2] / "shared"


class NetworkRefusedError(AssertionError):
    """A test, or the code under test, wanted to talk to another machine."""


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket of the file system
    host = str(address[0])
    return host in ("localhost", "::1", "") or host.startswith("127.")


def _guarded(method: Any) -> Any:  # noqa: ANN401 - the signature of socket's own methods
    def connect(self: socket.socket, address: object) -> Any:  # noqa: ANN401
        if not _is_loopback(address):
            raise NetworkRefusedError(f"a connection to {address} was tried")
        return method(self, address)

    return connect


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Let every connection to another machine fail, as a fault that nobody can take for a missing network."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run in a home folder that is new and empty, with none of our variables set; child processes inherit both."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith(("PALIMPSEST_", "XDG_"))]:
        patch.delenv(name)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        patch.setenv(name, str(home))
    yield home
    patch.undo()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared pictures and files beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared folder is not there: {SHARED}")
    return SHARED
