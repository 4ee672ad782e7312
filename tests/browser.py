"""The application as `make app` starts it, and a page of Debian's Chromium that may speak to this machine only."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(home: Path, port: int | None = None, script: Path = ROOT / "app.py", **settings: str) -> Iterator[str]:
    """The address of the application, whose data lie under `home`; `settings` are further environment variables."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    port = port or free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    folders = {name: str(home / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true", f"--server.port={port}"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment | folders | {"PYTHONPATH": str(ROOT)} | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5).close()
                break
            except urllib.error.HTTPError:  # it answers, and that nothing is served
                break
            except OSError:
                assert time.monotonic() < until, (home / "log").read_text()
                time.sleep(0.25)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


class Slow:
    """Stands between a browser and the application and holds back every answer by `delay_s`, which a test may change."""

    def __init__(self, address: str) -> None:
        self.delay_s = 0.0
        self._port = int(address.rsplit(":", 1)[1])
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._listens.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listens.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed: the test is over
            while True:
                browser, _ = self._listens.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                for start, end, held in ((browser, server, False), (server, browser, True)):
                    threading.Thread(target=self._pass, args=(start, end, held), daemon=True).start()

    def _pass(self, start: socket.socket, end: socket.socket, held: bool) -> None:
        """All that comes, in order, each piece as late as it was to be when it came."""
        pieces: queue.Queue[tuple[float, bytes]] = queue.Queue()

        def hand_on() -> None:
            with contextlib.suppress(OSError):
                while True:
                    due, piece = pieces.get()
                    time.sleep(max(0.0, due - time.monotonic()))
                    if not piece:
                        end.shutdown(socket.SHUT_WR)
                        return
                    end.sendall(piece)

        threading.Thread(target=hand_on, daemon=True).start()
        piece = b" "
        while piece:
            try:
                piece = start.recv(65536)
            except OSError:
                piece = b""
            pieces.put((time.monotonic() + (self.delay_s if held else 0), piece))


@contextlib.contextmanager
def opened(address: str, width: int = 1280, height: int = 1000) -> Iterator[object]:
    """A page at the address; whatever it asks of another machine fails the test, and so does a fault of its script."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(90_000)
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        yield page
        browser.close()
    strangers = [url for url in asked if not re.match(r"(https?|wss?)://(localhost|127\.0\.0\.1)[:/]|data:|blob:", url)]
    assert strangers == []
    assert faults == []


def axe(page: object) -> list[str]:
    """What axe finds against WCAG 2 A and AA, in our own parts and Streamlit's alike: rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['target']} {node.get('failureSummary', '')}" for one in found for node in one["nodes"]]
