"""Draws a picture of every page anew, on the bundled sample, as somebody sees it who works with it.

`make images`; needs Chromium. Settings, database and policies are a
new folder's, so that nothing of whoever runs it gets into a picture.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.docs import ROOT

IMAGES = ROOT / "docs/images"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK: Any = {"width": 1280, "height": 900}
PHONE: Any = {"width": 390, "height": 844}
SETTLE_MS = 1500
"""What a page needs for its fonts and the scrolling of the workbench."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the application with its data in `home`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    surroundings |= {name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    surroundings |= {"LOGNAME": "reviewer"}
    server = subprocess.Popen(serve, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int, timeout_s: float = 120) -> None:
    """Until something answers on the port."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            time.sleep(0.3)
    sys.exit("the page did not start")


def draw(page: Any, name: str) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=IMAGES / f"{name}.png")


def draw_review(page: Any, address: str) -> None:
    """From the empty page to some decisions; the same on a phone and in English."""
    page.goto(address)
    page.get_by_role("tab", name="示例").click()
    draw(page, "start")
    page.get_by_role("button", name="审核示例").click()
    page.locator(".card").first.wait_for()
    page.locator(".card").nth(1).get_by_role("button", name="采纳", exact=True).click()
    page.get_by_text("已处理 1/").wait_for()
    page.locator(".card").nth(2).click()
    draw(page, "page")
    page.get_by_role("tab", name="得分复核").click()
    draw(page, "scores")
    page.set_viewport_size(PHONE)
    page.get_by_role("tab", name="意见").click()
    draw(page, "phone")
    page.set_viewport_size(DESK)
    page.get_by_text("English").click()
    page.get_by_role("tab", name="Comments").wait_for()
    draw(page, "english")


def draw_batch(page: Any, address: str) -> None:
    """The invented forms of the checks' set, one broken file among them, screened."""
    page.goto(f"{address}/batch")
    forms = sorted((ROOT / "eval_sets/forms/forms").glob("*.docx"))
    files: list[Any] = [{"name": one.name, "mimeType": "application/octet-stream", "buffer": one.read_bytes()} for one in forms]  # fmt: skip
    files.append({"name": "没有传完整.docx", "mimeType": "application/octet-stream", "buffer": b"PK"})
    page.get_by_test_id("stFileUploader").first.locator("input").set_input_files(files)
    page.get_by_label("这一批的名称").fill("三月第一批")
    page.get_by_label("这一批的名称").press("Tab")
    page.get_by_role("button", name="开始预审").click()
    page.get_by_text("已完成：").wait_for()
    draw(page, "batch")
    page.get_by_role("tab", name="图表").click()
    draw(page, "batch-charts")


def draw_training(page: Any, address: str) -> None:
    page.goto(f"{address}/training")
    for name, tab in (("examples", "示范"), ("clinic", "诊断"), ("quiz", "测验")):
        page.get_by_role("tab", name=tab).click()
        draw(page, f"training-{name}")


def draw_policies(page: Any, address: str) -> None:
    page.goto(f"{address}/policies")
    page.get_by_label("要查的内容").fill("没花完钱也没说为什么")
    page.get_by_label("要查的内容").press("Enter")
    page.get_by_role("button", name="在文件中查看").first.wait_for()
    draw(page, "policies")
    page.get_by_role("button", name="在文件中查看").first.click()
    page.get_by_role("button", name="返回政策库").wait_for()
    draw(page, "clause")
    page.get_by_role("button", name="返回政策库").click()
    page.get_by_role("tab", name="文件").click()
    draw(page, "documents")


def draw_pages() -> None:
    """Every page, each drawn in a browser of its own language."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, served(Path(home)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        for pages in (draw_review, draw_batch, draw_training, draw_policies):
            page = browser.new_page(viewport=DESK, locale="zh-CN")
            page.set_default_timeout(120_000)
            pages(page, address)
            page.close()
        browser.close()


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    draw_pages()
