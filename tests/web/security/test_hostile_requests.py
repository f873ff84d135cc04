"""Over a thousand hostile requests: nothing is written, none succeeds, none breaks the server, and it stays quick and small.

Each test is one family (see the functions it names); a failure lists every request that had its way.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable

import pytest

from tests.web.security import freight, strangers
from tests.web.security.conftest import Ground
from tests.web.security.places import junk_for
from tests.web.security.strangers import Hostile
from tests.web.security.wire import Reply, exchange, request

Family = Callable[[Ground], Iterable[Hostile]]

SECONDS = 10.0  # within which each is answered, on a busy machine
MOST_MEMORY = 700  # MB: an upload of the largest size is in memory once

FAMILIES: dict[str, tuple[Family, int]] = {
    "hosts": (strangers.hosts, 450),
    "pages": (strangers.pages, 220),
    "forms": (strangers.forms, 110),
    "tokens": (strangers.tokens, 400),
    "paths": (freight.paths, 400),
    "bodies": (freight.bodies, 130),
    "broken": (freight.broken, 190),
    "handshakes": (freight.handshakes, 10),
}


def test_there_are_more_than_a_thousand(ground: Ground) -> None:
    assert sum(len(list(family(ground))) for family, _ in FAMILIES.values()) > 1000


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_no_request_of_the_family_has_its_way(ground: Ground, name: str) -> None:
    family, least = FAMILIES[name]
    before = ground.writings()
    outcomes = [(each, exchange(ground.port, each.data, ends=each.ends)) for each in family(ground)]
    faults = [f"{fault}: {each.what}" for each, reply in outcomes if (fault := _fault(each, reply))]
    print(table(name, outcomes))  # seen with -s, and where the test fails
    assert not faults, "\n".join([*faults[:60], f"{len(faults)} of {len(outcomes)}"])
    assert len(outcomes) >= least
    assert ground.writings() == before
    assert ground.memory() < MOST_MEMORY
    _is_well(ground)


def _fault(each: Hostile, reply: Reply) -> str:
    """Say what is wrong with how a hostile request was answered, if anything."""
    if reply.seconds > SECONDS:
        return f"took {reply.seconds:.1f} s"
    if reply.hung or (not reply.statuses and not each.wordless):
        return "no answer"
    wrong = [status for status in reply.statuses if status < 400 or status >= 500]
    return f"answered {wrong}" if wrong else ""


def _is_well(ground: Ground) -> None:
    """The owner's own browser is served as ever."""
    assert ground.process.poll() is None
    reply = exchange(ground.port, request("GET", ground.at("listing"), ground.owner))
    assert reply.statuses == [200]
    assert reply.seconds < SECONDS


def table(name: str, outcomes: list[tuple[Hostile, Reply]]) -> str:
    """One line for a family: how many, answered how, the slowest."""
    counted: dict[str, int] = {}
    for _, reply in outcomes:
        for status in [str(each) for each in reply.statuses] or ["closed"]:
            counted[status] = counted.get(status, 0) + 1
    shares = ", ".join(f"{status}: {count}" for status, count in sorted(counted.items()))
    return f"{name:<11}{len(outcomes):>5} requests   slowest {max(reply.seconds for _, reply in outcomes):.2f} s   {shares}"


@pytest.mark.slow
def test_no_value_in_a_described_field_breaks_the_server(ground: Ground) -> None:
    """What the interface describes of itself, filled with odd values: refused or done, never a fault of the server's."""
    faults, times = [], 40
    for each in ground.operations:
        for query, body in junk_for(each, times):
            target = each.filled(
                ground.work, "0" * 64, 0 if each.method != "GET" else -1
            )  # changes of no work that there is
            if query:
                target += f"?{query}"
            sent = body if each.method != "GET" else b""
            reply = exchange(ground.port, request(each.method, target, [*ground.owner, strangers.JSON], sent))
            if not reply.statuses or reply.statuses[0] >= 500 or reply.seconds > SECONDS:
                faults.append(f"{reply.statuses} in {reply.seconds:.1f} s: {each.method} {target[:100]} {body[:200]!r}")
    assert not faults, "\n".join(faults[:30])
    _is_well(ground)


def test_connections_that_say_nothing_keep_nobody_out(ground: Ground) -> None:
    """Two hundred that never finish a request, and two hundred that drip a body."""
    half = request("GET", "/", ground.owner)[:-2]
    drip = request(ground.places.words_method, ground.at("words"), [*ground.owner, ("Content-Length", "1000")]) + b"{"
    with contextlib.ExitStack() as lines:
        for data in [half, drip] * 200:
            line = lines.enter_context(socket.create_connection(("127.0.0.1", ground.port), timeout=10))
            line.sendall(data)
        _is_well(ground)
    _is_well(ground)
