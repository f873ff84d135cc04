"""Hostile pages in the owner's own browser, while it is logged in: what they do to an unguarded server, and not to ours.

Each attack runs twice, so that one that would do nothing anywhere does not count as repelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Response

from tests.cli.conftest import painted
from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.security import attacks
from tests.web.security.conftest import Ground

ELSEWHERE = ("evil.test", "127.0.0.1")  # another site; another port of this computer


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """A browser whose DNS is the attacker's."""
    flags = [*FLAGS, f"--host-resolver-rules={attacks.NAMES}"]
    opened = chromium.launch(executable_path=f"/usr/bin/{CHROMIUM}", args=flags)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[int]:
    with attacks.another_site() as port:
        yield port


@pytest.fixture
def owner(browser: Browser, ground: Ground) -> Iterator[BrowserContext]:
    """The owner's browser, logged in."""
    with browser.new_context() as context:
        context.add_cookies(
            [
                {
                    "name": ground.cookie_name,
                    "value": ground.token,
                    "url": ground.origin,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )
        yield context


@pytest.fixture(params=ELSEWHERE)
def hostile(owner: BrowserContext, elsewhere: int, request: pytest.FixtureRequest) -> Page:
    """A page of somebody else's, open in the owner's browser."""
    page = owner.new_page()
    page.goto(f"http://{request.param}:{elsewhere}/")
    return page


def test_the_owner_is_served(owner: BrowserContext, ground: Ground) -> None:
    """Else no attack below could succeed."""
    page = owner.new_page()
    assert _status(page.goto(ground.origin)) == 200
    assert page.evaluate(attacks.READ, ground.at("listing")) == 200
    assert page.evaluate(attacks.IMAGE, ground.at("image")) == "loaded"
    assert page.evaluate(attacks.SOCKET, ground.origin + ground.at("socket")) == "open"
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    ("attack", "place", "bare_server"),
    [
        (attacks.IMAGE, "image", "loaded"),
        (attacks.SCRIPT, "script", "loaded"),
        (attacks.SOCKET, "socket", "open"),
    ],
    ids=["image", "script", "socket"],
)
def test_a_page_of_others_reads_nothing(
    hostile: Page, ground: Ground, bare: Ground, attack: str, place: str, bare_server: str
) -> None:
    assert hostile.evaluate(attack, bare.origin + bare.at(place)) == bare_server
    assert hostile.evaluate(attack, ground.origin + ground.at(place)) == "blocked"


@pytest.mark.parametrize("attack", [attacks.BLIND, attacks.BEACON], ids=["no-cors", "beacon"])
def test_a_page_of_others_writes_nothing(hostile: Page, ground: Ground, bare: Ground, attack: str) -> None:
    number = 40_000 + 10 * len(attack) + ("evil" in hostile.url)  # a picture of its own for each
    before = bare.writings()
    hostile.evaluate(attack, [bare.origin + bare.at("upload"), list(painted(number))])
    assert _soon(hostile, lambda: bare.writings() != before), "the attack does nothing to the unguarded server either"
    before = ground.writings()
    hostile.evaluate(attack, [ground.origin + ground.at("upload"), list(painted(number + 20_000))])
    hostile.evaluate(attacks.OPEN, [ground.origin + ground.at("upload"), list(painted(number + 30_000))])
    hostile.wait_for_timeout(500)
    assert ground.writings() == before


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"])
def test_a_form_of_others_is_refused_at_the_door(hostile: Page, ground: Ground, bare: Ground, kind: str) -> None:
    start = hostile.url
    for server, status in ((bare, 422), (ground, 403)):
        hostile.goto(start)
        with hostile.expect_navigation() as going:
            hostile.evaluate(attacks.FORM, [server.origin + server.at("upload"), kind])
        assert _status(going.value) == status


def test_a_page_of_others_frames_nothing(hostile: Page, ground: Ground, bare: Ground) -> None:
    for server, framed in ((bare, True), (ground, False)):
        hostile.evaluate(attacks.FRAME, server.origin + "/")
        assert hostile.frames[-1].url.startswith(server.origin) is framed


def test_a_name_that_is_made_to_point_here_gets_nothing(owner: BrowserContext, ground: Ground, bare: Ground) -> None:
    for server, status, added, talks in ((bare, 200, 201, "open"), (ground, 421, 421, "blocked")):
        page = owner.new_page()
        site = f"http://rebind.test:{server.port}"
        before = server.writings()
        assert _status(page.goto(site)) == status
        assert page.evaluate(attacks.READ, ground.at("listing")) == status
        assert page.evaluate(attacks.OPEN, [server.at("upload"), list(painted(70_000))]) == added
        assert page.evaluate(attacks.SOCKET, site + server.at("socket")) == talks
        assert (server.writings() == before) is (server is ground)


def test_a_picture_that_is_a_program_does_not_run(owner: BrowserContext, guarded: Ground, bare: Ground) -> None:
    for server, ran in ((bare, "yes"), (guarded, None)):
        page = owner.new_page()
        page.goto(server.link)
        assert _status(page.goto(server.origin + server.at("foreign"))) == 200
        assert page.evaluate("document.documentElement.getAttribute('ran')") == ran


def test_a_link_on_another_page_leads_in_with_one_step(hostile: Page, ground: Ground) -> None:
    """The cookie does not come along from elsewhere: the guard's own page says so, and its link does the rest."""
    hostile.evaluate(attacks.LINK, f"{ground.origin}/works/{ground.work}")
    with hostile.expect_navigation() as going:
        hostile.get_by_text("a link").click()
    assert _status(going.value) == 401
    with hostile.expect_navigation() as going:
        hostile.get_by_role("link").click()
    assert _status(going.value) == 200
    assert hostile.url.endswith(ground.work)


def test_who_sends_too_much_hears_so(owner: BrowserContext, ground: Ground) -> None:
    """Not a broken line, in the middle of a large body, but the words that say what to do."""
    page = owner.new_page()
    page.goto(ground.origin)
    said = page.evaluate(
        """url => fetch(url, {method: "POST", headers: {"Content-Type": "application/json"}, body: new Uint8Array(30e6)})
        .then(async answer => [answer.status, (await answer.json()).error.remedy])""",
        ground.at("words"),
    )
    assert said[0] == 413
    assert said[1]


def test_a_link_used_twice_frightens_nobody(browser: Browser, ground: Ground) -> None:
    assert ground.token  # the link is used up by now
    with browser.new_context() as other:
        page = other.new_page()
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text))
        assert _status(page.goto(ground.link)) == 401
        assert "palimpsest open" in page.inner_text("main")
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
        assert [fault for fault in faults if "401" not in fault] == []
        other.add_cookies([{"name": ground.cookie_name, "value": ground.token, "url": ground.origin}])
        assert _status(page.goto(ground.link)) == 200
        assert page.url == f"{ground.origin}/"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 820])
def test_the_page_of_the_guard_can_be_read(
    browser: Browser, ground: Ground, tmp_path: Path, theme: str, width: int
) -> None:
    with browser.new_context(color_scheme=theme, viewport={"width": width, "height": 700}) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{ground.origin}/easel/x")
        page.screenshot(path=tmp_path / f"guard-{theme}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _status(answer: Response | None) -> int:
    assert answer is not None
    return answer.status


def _soon(page: Page, holds: Callable[[], bool]) -> bool:
    for _ in range(50):
        if holds():
            return True
        page.wait_for_timeout(100)
    return False
