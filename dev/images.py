"""Draws the pictures of the READMEs anew: the page and the annotated Word file, on the bundled sample.

`make images`; needs Chromium, LibreOffice and pdftoppm, which tests and program do without.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dev.docs import ROOT, SAMPLE

IMAGES = ROOT / "docs/images"
OPTIONS = '{"ExportNotes":{"type":"boolean","value":"false"},"ExportNotesInMargin":{"type":"boolean","value":"true"}}'
COMMENTS_IN_MARGIN = f"pdf:writer_pdf_Export:{OPTIONS}"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def draw_word(folder: Path) -> None:
    """The annotated file as printed with its comments in the margin: its first page."""
    review = [sys.executable, "-m", "assistant", "review", SAMPLE, "--drafter", "template", "--format", "docx"]
    subprocess.run([*review, "--out", str(folder)], cwd=ROOT, capture_output=True, check=True)
    (annotated,) = folder.glob("*.docx")
    home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    convert = ["soffice", home, "--headless", "--convert-to", COMMENTS_IN_MARGIN, "--outdir", str(folder)]
    subprocess.run([*convert, str(annotated)], capture_output=True, check=True)
    pdf = annotated.with_suffix(".pdf")
    target = IMAGES / "word"
    subprocess.run(["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", str(pdf), str(target)], check=True)


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
    with tempfile.TemporaryDirectory() as folder:
        draw_word(Path(folder))
    draw_page()
    print(*sorted(path.relative_to(ROOT).as_posix() for path in IMAGES.glob("*.png")), sep="\n")


if __name__ == "__main__":
    main()
