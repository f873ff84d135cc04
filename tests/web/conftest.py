"""What every test in a browser shares: the one driver that a process may have."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserType, sync_playwright

CHROMIUM = "chromium-headless-shell"
FLAGS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserType]:
    """The browser's driver; two of them in one process do not get along, so each test takes this one."""
    if not shutil.which(CHROMIUM):
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as driver:
        yield driver.chromium
