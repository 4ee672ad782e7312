"""Draws the picture of the READMEs anew: the page with the bundled sample. `make images`; needs Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time

from dev.docs import ROOT, SAMPLE

IMAGES = ROOT / "docs/images"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def draw_page() -> None:
    """The page after the sample was uploaded and reviewed."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    surroundings = os.environ | {"ASSISTANT_MODEL": "", "ASSISTANT_MODEL_BASE_URL": ""}
    server = subprocess.Popen(serve, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 1080}, locale="zh-CN")
            page.goto(f"http://localhost:{port}")
            page.get_by_role("tab", name="上传文件").click()
            page.get_by_test_id("stFileUploader").locator("input").set_input_files([ROOT / SAMPLE])
            page.get_by_role("button", name="审核上传的文件").click()
            page.get_by_text("问题和意见").wait_for(timeout=60_000)
            page.wait_for_timeout(3000)
            page.screenshot(path=IMAGES / "page.png")
            browser.close()
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int, timeout_s: float = 60) -> None:
    """Until something answers on the port."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            time.sleep(0.3)
    sys.exit("the page did not start")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    draw_page()


if __name__ == "__main__":
    main()
