"""Every view in a real browser, on real works: it shows what it is for, nothing is complained of, and axe finds nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, StorageState, expect

from palimpsest.studio import Studio, perform
from palimpsest.studio.starter import add_photographs, make_study
from palimpsest.web.app import PAGES
from tests.web.conftest import FLAGS
from tests.web.served import Served, serve

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = {
    "collection": "/",
    "easel": "/works/{work}",
    "studies": "/easel",
    "sources": "/works/{work}/sources",
    "lineage": "/works/{work}/lineage",
    "rights": "/works/{work}/rights",
    "verify": "/verify",
    "wall": "/wall/{work}",
}
SIZES = {"phone": (360, 740), "tablet": (820, 1180), "desk": (1440, 900)}
RUN_AXE = """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
    .then(found => found.violations.map(each => each.id + ": " + each.nodes.map(node => node.target).join(" | ")))"""


@pytest.fixture(scope="module")
def made() -> list[str]:
    return []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, made: list[str]) -> Iterator[Served]:
    if not (PAGES / "index.html").is_file():
        pytest.skip("the pages were not built")
    folder = tmp_path_factory.mktemp("pages") / "studio"
    with Studio.create(folder, "Ada") as place:
        photographs = list(add_photographs(place))
        study = make_study(place, "study-seigaiha")
        remix = perform(place, "remix", {"content": [photographs[2]], "exemplars": [study]}, {}, seed=1)
        made.append(remix.works[0].id)
    with serve(folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    one = chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=[*FLAGS, "--no-sandbox"])
    yield one
    one.close()


@pytest.fixture(scope="module")
def logged_in(browser: Browser, served: Served) -> StorageState:
    """What a browser keeps that has followed the link."""
    with browser.new_context() as context:
        context.new_page().goto(served.link)
        return context.storage_state()


class Watched:
    """A page whose every complaint is kept."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._origin = f"http://127.0.0.1:{served.port}"
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("request", self._stranger)

    def _stranger(self, request: Any) -> None:  # noqa: ANN401 - of the browser's driver
        if not request.url.startswith((self._origin, "blob:", "data:")):
            self.complaints.append(f"asked {request.url}")

    def open(self, path: str) -> Page:
        self.page.goto(self._origin + path)
        expect(self.page.locator("h1").first).to_be_attached()
        expect(self.page.locator("main")).to_be_visible()
        return self.page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_has_a_barrier(
    browser: Browser,
    logged_in: StorageState,
    served: Served,
    made: list[str],
    view: str,
    theme: Literal["light", "dark"],
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in frontend/")
    with browser.new_context(storage_state=logged_in, color_scheme=theme, reduced_motion="reduce") as context:
        watched = Watched(context, served)
        page = watched.open(VIEWS[view].format(work=made[0]))
        page.wait_for_timeout(1000)  # pictures, and what is loaded when it is needed
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(RUN_AXE) == []
        assert watched.complaints == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_is_wider_than_the_screen(
    browser: Browser, logged_in: StorageState, served: Served, made: list[str], view: str, size: str
) -> None:
    width, height = SIZES[size]
    with browser.new_context(storage_state=logged_in, viewport={"width": width, "height": height}) as context:
        watched = Watched(context, served)
        page = watched.open(VIEWS[view].format(work=made[0]))
        page.wait_for_timeout(1000)  # pictures, and what is loaded when it is needed
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert watched.complaints == []


def test_axe_is_awake(browser: Browser, logged_in: StorageState, served: Served) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in frontend/")
    with browser.new_context(storage_state=logged_in) as context:
        page = Watched(context, served).open("/")
        page.evaluate("document.querySelector('main').append(document.createElement('img'))")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert any(found.startswith("image-alt") for found in page.evaluate(RUN_AXE))


def test_the_first_view_is_soon_there(browser: Browser, logged_in: StorageState, served: Served) -> None:
    """Loosely: a benchmark measures it; here a page that hangs is caught."""
    with browser.new_context(storage_state=logged_in) as context:
        watched = Watched(context, served)
        began = time.monotonic()
        page = watched.open("/")
        expect(page.locator("main img").first).to_be_visible(timeout=15_000)
        assert time.monotonic() - began < 15
        assert watched.complaints == []


def test_a_used_link_says_what_to_do(browser: Browser, logged_in: StorageState, served: Served) -> None:
    del logged_in  # has used it
    with browser.new_context() as context:
        page = context.new_page()
        answer = page.goto(served.link)
        assert answer is not None
        assert answer.status == 401
        expect(page.locator("body")).to_contain_text("palimpsest open")
