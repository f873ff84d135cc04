"""What a hostile page does in the owner's browser, as scripts of that page, and who serves it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = "MAP evil.test 127.0.0.1, MAP rebind.test 127.0.0.1"  # as if the attacker's DNS said so

IMAGE = """url => new Promise(done => {
  const image = new Image(); image.onload = () => done("loaded"); image.onerror = () => done("blocked"); image.src = url; })"""

SCRIPT = """url => new Promise(done => {
  const script = document.createElement("script"); script.onload = () => done("loaded"); script.onerror = () => done("blocked");
  script.src = url; document.head.append(script); })"""

STYLE = """url => new Promise(done => {
  const link = document.createElement("link"); link.rel = "stylesheet"; link.onload = () => done("loaded");
  link.onerror = () => done("blocked"); link.href = url; document.head.append(link); })"""

SOCKET = """url => new Promise(done => {
  const socket = new WebSocket(url.replace("http", "ws"));
  socket.onopen = () => { socket.close(); done("open"); }; socket.onerror = () => done("blocked"); })"""

READ = """url => fetch(url, {credentials: "include"}).then(answer => answer.status, () => "blocked")"""

BLIND = """([url, bytes]) => fetch(url, {method: "POST", mode: "no-cors", credentials: "include",
  body: new Blob([new Uint8Array(bytes)])}).then(() => "sent", () => "blocked")"""

OPEN = """([url, bytes]) => fetch(url, {method: "POST", credentials: "include", headers: {"Content-Type": "image/png"},
  body: new Uint8Array(bytes)}).then(answer => answer.status, () => "blocked")"""

BEACON = """([url, bytes]) => navigator.sendBeacon(url, new Blob([new Uint8Array(bytes)])) ? "sent" : "blocked" """

FORM = """([url, kind]) => {
  const form = document.createElement("form"); form.method = "POST"; form.action = url; form.enctype = kind;
  const field = document.createElement("input"); field.name = "title"; field.value = "taken over"; form.append(field);
  document.body.append(form); form.submit(); }"""

FRAME = """url => new Promise(done => { const frame = document.createElement("iframe"); frame.onload = () => done("loaded");
  frame.src = url; document.body.append(frame); })"""

LINK = """url => {
  const link = document.createElement("a"); link.href = url; link.textContent = "a link"; document.body.append(link); }"""


class _Page(BaseHTTPRequestHandler):
    """An innocent page, whatever is asked for."""

    def do_GET(self) -> None:
        body = b"<!doctype html><html lang=en><title>Kittens</title><body>Kittens</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def another_site() -> Iterator[int]:
    """Serve the attacker's page until the end of the block; gives the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
