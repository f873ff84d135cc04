"""open."""

from __future__ import annotations

import sys

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.web.serving import serve


@click.command("open")
@click.option("--port", type=click.IntRange(0, 65535), help="Where to serve it; else 8765, or the next that is free.")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@pass_call
def open_(call: Call, port: int | None, no_browser: bool) -> None:
    """Open the web studio in the browser. It is served to this computer alone, until Ctrl-C.

    The address that is printed lets one browser in, once, within ten minutes.
    """
    with opened(call) as studio:

        def say(address: str) -> None:
            call.answer({"address": address}, [f"The studio is open: {address}", "Ctrl-C closes it."])
            sys.stdout.flush()

        serve(studio, port, say, browser=not no_browser)
