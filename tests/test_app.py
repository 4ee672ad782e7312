"""The page: what it shows is what the command line says, a correction is checked at once, and it works in a browser."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from docx import Document as open_word
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from assistant.form import Reading
from assistant.pages.review import cells, changes
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.review import Reviewer, corrected
from assistant.rules.clean import clean
from tests.documents import to_docx
from tests.pastes import to_paste

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
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("ASSISTANT_MODEL", "ASSISTANT_MODEL_BASE_URL", "ASSISTANT_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def faulty():
    """A form whose telephone number is wrong and nothing else."""
    form = clean("section")
    form.put("basic.phone", "12")
    return form


# --- the page without a browser --------------------------------------------------------------


@pytest.fixture
def app():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def paste(app, text):
    app.text_area(key="pasted").set_value(text)
    return app.button(key="review-paste").click().run()


def shown(app):
    return "\n".join(element.value for kind in (app.text, app.markdown, app.caption, app.subheader) for element in kind)


def test_the_page_opens_with_what_it_does_and_nothing_wrong(app):
    assert not app.exception and not app.error
    assert "不保存" in app.info[0].value


def test_a_pasted_form_shows_its_findings_with_comment_and_clause(app, faulty):
    paste(app, to_paste(faulty))
    assert not app.exception
    text = shown(app)
    assert faulty.get("basic.project_name") in text
    assert "**B05**" in text and "不是有效的固定电话或手机号码" in text
    assert "要点（本库归纳，非原文）" in text


def test_an_uploaded_word_file_is_reviewed(app, faulty):
    app.file_uploader(key="upload").set_value([("自评表.docx", to_docx(faulty), WORD)]).run()
    app.button(key="review-upload").click().run()
    assert "**B05**" in shown(app)


def test_the_bundled_sample_is_reviewed(app):
    app.button(key="review-sample").click().run()
    assert not app.exception and "**S03**" in shown(app)


def test_the_score_table_is_on_the_page(app, faulty):
    paste(app, to_paste(faulty))
    table = app.table[0].value
    assert list(table["项目"])[-2:] == ["总分", "等级"]
    assert faulty.get("scores.total") in list(table["自评"])


@pytest.mark.parametrize(("text", "said"), [("", "空"), ("关于召开会议的通知", "没有找到")])
def test_bad_input_is_one_clear_sentence_and_the_former_form_stays(app, faulty, text, said):
    paste(app, to_paste(faulty))
    paste(app, text)
    assert not app.exception
    assert said in app.error[0].value and "请" in app.error[0].value
    assert "**B05**" in shown(app)


def test_a_file_with_several_forms_lets_one_be_picked(app, faulty):
    other = clean("section")
    other.put("basic.project_name", "乡村图书室更新")
    other.put("scores.total", "101")
    paste(app, to_paste(faulty) + "\n\n" + to_paste(other))
    assert "**B05**" in shown(app)
    app.selectbox[0].set_value(1).run()
    assert "**S01**" in shown(app) and "**B05**" not in shown(app)


def test_without_a_configured_model_no_button_offers_one(app, faulty):
    paste(app, to_paste(faulty))
    assert not [button for button in app.button if "模型" in button.label]


# --- corrections -----------------------------------------------------------------------------


def test_a_corrected_cell_is_checked_anew_and_the_form_as_read_stays(faulty):
    fixed = corrected(faulty, {"basic.phone": clean("section").get("basic.phone")})
    assert [finding.rule for finding in Reviewer().form(faulty).findings] == ["B05"]
    assert Reviewer().form(fixed).findings == []
    assert faulty.get("basic.phone") == "12"


def test_a_corrected_cell_keeps_its_place_and_loses_its_doubt():
    (form,) = parse(read_bytes(to_docx(clean("section")), "表.docx"))
    place = form.place("basic.leader")
    form.readings["basic.leader"] = Reading("周", place, 0.6, "按位置推定")
    reading = corrected(form, {"basic.leader": "周明远"}).readings["basic.leader"]
    assert (reading.text, reading.place, reading.confidence, reading.note) == ("周明远", place, 1.0, "")


def test_only_cells_whose_text_changed_are_corrections(faulty):
    paths = list(cells(faulty))
    texts = [faulty.get(path) or "" for path in paths]
    assert changes(faulty, paths, texts) == {}
    texts[paths.index("basic.phone")] = " 0351-1234567 "
    texts[paths.index("basic.leader")] = None
    assert changes(faulty, paths, texts) == {"basic.phone": "0351-1234567", "basic.leader": None}


def test_what_the_reader_missed_or_doubted_can_be_corrected_and_is_marked(faulty):
    del faulty.readings["scores.total"]
    faulty.readings["basic.leader"] = Reading("周", confidence=0.6, note="按位置推定")
    marked = cells(faulty)
    assert marked["scores.total"] == "表中未读到"
    assert marked["basic.leader"] == "按位置推定"
    assert marked["basic.phone"] == ""


# --- in a browser ----------------------------------------------------------------------------


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The application as `make app` starts it, on a port of its own."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment |= {"ASSISTANT_INDEX_DIR": str(home / "index"), "XDG_CONFIG_HOME": str(home)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.25)
        else:
            raise AssertionError((home / "log").read_text())
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def browser_page(address):
    """A page that may speak to this machine only; asking anyone else fails the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 1400}, locale="zh-CN")
        page.set_default_timeout(60_000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        yield page
        browser.close()
    assert [url for url in asked if not re.match(r"(https?|wss?)://localhost[:/]|data:|blob:", url)] == []


def paste_in_browser(page, text):
    page.get_by_label("粘贴表中文字").fill(text)
    page.get_by_role("button", name="审核粘贴的内容").click()
    page.get_by_text("问题和意见").wait_for()


def download(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def type_into_cell(page, row, text):
    """Overwrite the text of a row of the table. The table is drawn, not built of elements, so this goes by position."""
    cell_editor = page.locator(".gdg-input")
    for _ in range(20):  # the table moves while the page is still being built
        grid = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
        page.mouse.dblclick(grid["x"] + 300, grid["y"] + 35 * (row + 1.5))
        page.wait_for_timeout(500)
        if cell_editor.count():
            break
    cell_editor.fill(text)
    page.wait_for_timeout(300)  # the editor takes over what was typed a moment later
    cell_editor.press("Enter")


def test_paste_see_the_finding_correct_the_cell_and_download(browser_page, faulty):
    text = to_paste(faulty)
    paste_in_browser(browser_page, text)
    finding = browser_page.get_by_text("不是有效的固定电话或手机号码")
    finding.first.wait_for()
    name, data = download(browser_page, "Word")
    assert name == "粘贴的内容-审核意见.docx"
    assert any("不是有效的固定电话" in paragraph.text for paragraph in open_word(io.BytesIO(data)).paragraphs)

    (form,) = parse(read_bytes(text.encode(), "粘贴的内容.txt"))
    row = list(cells(form)).index("basic.phone")
    type_into_cell(browser_page, row, clean("section").get("basic.phone"))
    browser_page.get_by_text("已更正 1 处。").wait_for()
    browser_page.get_by_text("按现有规则核对，未发现问题。").wait_for()
    assert finding.count() == 0
    _, data = download(browser_page, "JSON")
    (read,) = json.loads(data)["documents"][0]["forms"]
    assert read["findings"] == [] and read["form"]["basic"]["phone"] == clean("section").get("basic.phone")


def test_upload_a_word_file_and_get_it_back_with_the_comment(browser_page, faulty):
    browser_page.get_by_role("tab", name="上传文件").click()
    upload = {"name": "自评表.docx", "mimeType": WORD, "buffer": to_docx(faulty)}
    browser_page.get_by_test_id("stFileUploader").locator("input").set_input_files([upload])
    browser_page.get_by_role("button", name="审核上传的文件").click()
    browser_page.get_by_text("问题和意见").wait_for()
    name, data = download(browser_page, "Word")
    assert name == "自评表-审核意见.docx"
    assert any(comment.text.startswith("【错误】B05") for comment in open_word(io.BytesIO(data)).comments)
    _, data = download(browser_page, "Excel")
    assert load_workbook(io.BytesIO(data))["问题"]["E2"].value == "B05"
