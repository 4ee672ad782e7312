"""The batch page: a run goes on beside it, is stopped and taken up again, and leads to the forms to read first."""

from __future__ import annotations

import datetime
import errno
import io
import json
import os
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from streamlit.testing.v1 import AppTest

from assistant.batch import screening, shelf, watch, ways
from assistant.batch.journal import Journal, Settled
from assistant.batch.progress import progress
from assistant.batch.shelf import Beside, Shelf
from assistant.batch.ways import WAYS
from assistant.errors import AssistantError, SettingsError
from assistant.pages import words
from assistant.pages.words import as_is
from assistant.rules.clean import clean
from tests.browser import axe, opened, served
from tests.documents import to_docx

AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC).isoformat()


def faulty(name="批量测试项目"):
    form = clean("section")
    form.put("basic.project_name", name)
    form.put("scores.total", "60")
    return form


def many(count):
    """Files of one form each, no two alike, one of them broken."""
    files = [(f"{n:02}.docx", to_docx(faulty(f"批量测试项目{n}"))) for n in range(1, count)]
    return [*files, ("坏的.docx", b"PK\x03\x04 cut short")]


def ended(batch, timeout_s=120):
    until = datetime.datetime.now() + datetime.timedelta(seconds=timeout_s)
    while datetime.datetime.now() < until:
        if not shelf.lives(batch):
            return progress(batch.run)
    raise AssertionError("the run did not end")


# --- the shelf -------------------------------------------------------------------------------


def test_a_run_is_a_process_of_its_own_and_its_forms_are_seen_as_they_come(tmp_path):
    batch = Shelf(tmp_path / "runs").put("三月", "", "我", "none", many(4), AT)
    shelf.start(batch)
    found = ended(batch)
    assert (found.status, found.done, found.failed) == ("finished", 3, 1)
    seen = watch.Watch(batch.run)
    while seen.look():
        pass
    assert [form.project for form in seen.forms] == [f"批量测试项目{n}" for n in (1, 2, 3)]
    assert watch.source(batch.run, seen.forms[0].source)[:2] == b"PK"
    with pytest.raises(AssistantError, match="没有"):
        watch.source(batch.run, "别处.docx")


def test_a_persons_runs_are_their_own_latest_first(tmp_path):
    kept = Shelf(tmp_path / "runs")
    first = kept.put("一", "li", "李", "none", many(2), AT)
    second = kept.put("二", "li", "李", "none", many(2), AT.replace("2026", "2027"))
    assert kept.batches("li") == [second, first] and kept.batches("wang") == []
    assert kept.find(first.id, "li") == first and kept.find(first.id, "wang") is None
    assert (first.folder.stat().st_mode & 0o077) == 0


def test_files_of_one_name_and_names_that_lead_elsewhere_are_kept_apart_and_inside(tmp_path):
    files = [("表.txt", b"1"), ("表.txt", b"2"), ("../../外.txt", b"3")]
    batch = Shelf(tmp_path / "runs").put("同名", "", "我", "none", files, AT)
    (listed,) = batch.paths
    assert sorted(path.name for path in (batch.folder / shelf.INPUTS).iterdir()) == ["外.txt", "表(2).txt", "表.txt"]
    named = Path(listed.removeprefix("@")).read_text(encoding="utf-8").splitlines()
    assert named == sorted(str(path) for path in (batch.folder / shelf.INPUTS).iterdir())


def test_a_path_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(SettingsError, match="找不到"):
        Shelf(tmp_path / "runs").put_path("无", "", "我", "none", tmp_path / "没有", AT)


def test_a_run_whose_screening_file_could_not_be_kept_is_not_on_the_shelf(tmp_path, monkeypatch):
    def full(path, data):
        if path.name == shelf.SCREENING:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_bytes(path, data)

    write_bytes = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    kept = Shelf(tmp_path / "runs")
    with pytest.raises(SettingsError, match="检查磁盘空间"):
        kept.put("三月", "", "我", "none", many(2), AT, Beside(screening=LENIENT))
    assert kept.batches("") == []


def test_a_run_that_cannot_begin_says_why(tmp_path):
    batch = Shelf(tmp_path / "runs").put("空", "", "我", "none", [], AT)
    (batch.folder / shelf.RUN).write_text("a file where the folder should be")
    shelf.start(batch)
    shelf._STARTED[batch.id].wait(60)
    assert "无法写入" in shelf.trouble(batch)


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def runs(tmp_path, monkeypatch):
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    return Shelf(tmp_path / "DATA" / "assistant" / "runs")


def test_a_finished_run_is_shown_with_its_verdicts_reasons_and_failures(runs):
    batch = runs.put("三月", "", "我", "none", many(3), AT)
    shelf.start(batch)
    ended(batch)
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    assert not shown.exception and shown.success[0].value.startswith("已完成：3 个文件，2 张表")
    table = shown.dataframe[0].value
    assert list(table["结论"]) == ["✕ 须退回修改"] * 2
    assert all("总分填60分" in reasons or "自评60分" in reasons for reasons in table["原因"])
    tables = {tuple(table.value.columns): table.value for table in shown.dataframe}
    assert "坏的.docx" in tables["文件", "原因和办法"]["文件"][0]
    assert [found.split()[0] for found in tables["问题", "内容", "张数"]["问题"]]  # the two forms say the same things


def _only_the_page():
    from assistant.pages import batch

    batch.page()


def test_a_budget_list_handed_in_with_the_files_is_held_against_them(runs):
    book = Workbook()
    unit = faulty().get("basic.implementing_unit")
    for row in (["单位", "项目名称", "预算数（万元）"], [unit, "没有交来的项目", 5]):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    batch = runs.put("三月", "", "我", "none", many(2), AT, Beside(budget_list=data.getvalue()))
    shelf.start(batch)
    ended(batch)
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    assert not shown.exception
    said = " ".join(str(cell) for table in shown.dataframe for cell in table.value.to_numpy().ravel())
    assert "没有交来的项目" in said


def test_a_budget_list_that_is_none_is_told_before_the_work(runs):
    shown = AppTest.from_function(_only_the_page, default_timeout=90).run()
    files = [(name, data, "application/octet-stream") for name, data in many(2)]
    shown.file_uploader(key="batch-files").set_value(files)
    shown.file_uploader(key="batch-budget-list").set_value([("名录.xlsx", b"no workbook", "application/octet-stream")])
    shown.run()
    assert not shown.exception and shown.error
    assert shown.button(key="batch-go").disabled


LENIENT = """
name: 某市预审口径
verdicts:
  returned: [{rules: [B01]}]
  explain: [{rules: [B01]}]
""".encode()


def test_a_screening_file_handed_in_with_the_files_makes_the_verdicts(runs):
    shown = AppTest.from_function(_only_the_page, default_timeout=90).run()
    shown.file_uploader(key="batch-files").set_value(
        [(name, data, "application/octet-stream") for name, data in many(2)]
    )
    shown.file_uploader(key="batch-screening").set_value(("本市.yaml", LENIENT, "application/yaml"))
    shown.run()
    assert any("某市预审口径" in caption.value for caption in shown.caption) and not shown.error
    shown.selectbox(key="batch-drafter").set_value("none")
    shown.button(key="batch-go").click().run()
    (batch,) = runs.batches("")
    assert batch.screening.read_bytes() == LENIENT
    ended(batch)
    shown.run()
    assert not shown.exception
    assert list(shown.dataframe[0].value["结论"]) == ["✓ 可直接通过"]
    verdicts = load_workbook(batch.run / "screening.xlsx")["自评表"]["B2"].value
    assert verdicts == "可直接通过"


NOT_YAML = "预审口径文件 本市.yaml 不是 YAML 格式。请检查缩进、冒号、引号和日期，对照 docs/screening.md 修改。"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("doubtfull: 2", "预审口径文件有误：doubtfull 是不认识的键。请对照 docs/screening.md 修改。"),
        ("doubtful: 很多", "预审口径文件有误：doubtful 应为整数。请对照 docs/screening.md 修改。"),
        ("doubtful: 0", "预审口径文件有误：doubtful 不能小于 1。请对照 docs/screening.md 修改。"),
        (
            "annotated: [全部]",
            "预审口径文件有误：annotated.0 只能是 returned, explain 或 passed。请对照 docs/screening.md 修改。",
        ),
        ("reasons: {title_only: [Z99]}", "预审口径文件有误：没有规则 Z99。请对照 docs/screening.md 修改。"),
        ("- 1", "预审口径文件 本市.yaml 应为键值对。请对照 docs/screening.md 修改。"),
        (
            "doubtful: 2\n  a: b: c",
            "预审口径文件 本市.yaml 第 2 行不是 YAML 格式。请检查缩进、冒号、引号和日期，对照 docs/screening.md 修改。",
        ),
        ("name: 2023-02-30", NOT_YAML),
        ("doubtful: !!int x", NOT_YAML),
        ('doubtful: !!int ""', NOT_YAML),
        ("doubtful: !!bool 很多", NOT_YAML),
        ("name: !!timestamp 昨天", NOT_YAML),
        ("name: " + "[" * 50_000, "预审口径文件 本市.yaml 套了 50 层以上。请对照 docs/screening.md 修改。"),
        ("名称: 口径".encode("gbk"), "预审口径文件 本市.yaml 不是 UTF-8 文字。请另存为 UTF-8 编码的 YAML 文件。"),
    ],
    ids=[
        "an unknown key",
        "no number",
        "too small",
        "no verdict",
        "no rule",
        "a list",
        "no YAML",
        "no day",
        "no number by its tag",
        "an empty number",
        "neither true nor false",
        "no moment",
        "too deep",
        "GBK",
    ],
)
def test_a_screening_file_that_is_wrong_is_told_in_one_sentence_and_nothing_starts(runs, data, said):
    shown = AppTest.from_function(_only_the_page, default_timeout=90).run()
    shown.file_uploader(key="batch-files").set_value([("一.docx", many(2)[0][1], "application/octet-stream")])
    given = data if isinstance(data, bytes) else data.encode()
    shown.file_uploader(key="batch-screening").set_value(("本市.yaml", given, "application/yaml"))
    shown.run()
    assert [error.value for error in shown.error] == [as_is(said)]
    assert shown.button(key="batch-go").disabled and runs.batches("") == []


def test_a_screening_file_is_read_once_and_may_not_be_large(runs, monkeypatch):
    read = []
    given = screening.given
    monkeypatch.setattr(screening, "given", lambda data, name: read.append(name) or given(data, name))
    shown = AppTest.from_function(_only_the_page, default_timeout=90).run()
    assert shown.file_uploader(key="batch-screening").proto.max_upload_size_mb == 1
    shown.file_uploader(key="batch-screening").set_value(("本市.yaml", LENIENT, "application/yaml"))
    shown.run()
    shown.text_input(key="batch-name").set_value("四月").run()
    assert read == ["本市.yaml"] and any("某市预审口径" in caption.value for caption in shown.caption)


def test_a_run_that_an_error_ended_says_why_and_can_be_taken_up_again(runs):
    batch = runs.put("三月", "", "我", "none", many(2), AT)
    shelf.start(batch)
    ended(batch)
    journal = Journal(batch.run)
    journal.put_facts(status="broken", trouble="磁盘已满。请腾出空间。")
    journal.close()
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    assert [error.value for error in shown.error] == ["磁盘已满。请腾出空间。"]
    shown.button(key="batch-resume").click().run()
    assert ended(batch).status == "finished"
    shown.run()
    assert not shown.error and shown.success


def test_a_journal_that_cannot_be_read_is_told_as_such(runs):
    batch = runs.put("三月", "", "我", "none", many(2), AT)
    batch.run.mkdir()
    (batch.run / "journal.sqlite").write_bytes(b"no database " * 1000)
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    (said,) = [error.value for error in shown.error]
    assert not shown.exception and "读写出错" in said and said.endswith("记录损坏的，请另起一批。")


def test_the_page_speaks_of_its_own_buttons_and_never_of_options_or_commands(runs):
    for key in WAYS:
        said = words.words()[f"batch.way_{key}"]["zh"]
        assert "--" not in said and "命令" not in said
    elsewhere = [file for file in Path(ways.__file__).parent.glob("*.py") if file.name != "ways.py"]
    assert [
        file.name for file in elsewhere if re.search(r"[^\x00-\x7f] ?--(?!dask)[a-z]|同一命令", file.read_text("utf-8"))
    ] == []
    batch = runs.put("三月", "", "我", "none", many(2), AT)
    shelf.start(batch)
    ended(batch)
    journal = Journal(batch.run)
    journal.put_facts(status="broken", trouble=f"磁盘已满。{WAYS['space']}")
    reason = f"无法读取 坏的.docx：超过 120 秒仍没有读完，已停止。{WAYS['time']}"
    ((name, _),) = journal.failures()
    journal.settle([Settled(name, "", "", "failed", reason)])
    journal.close()
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    assert [error.value for error in shown.error] == ["磁盘已满。请腾出空间后点“接着运行”。"]
    tables = {tuple(table.value.columns): table.value for table in shown.dataframe}
    (why,) = tables["文件", "原因和办法"]["原因和办法"]
    assert "--" not in why and why.endswith("请在“审核”中单独审核。")


def test_a_run_that_may_not_go_on_says_why(runs):
    batch = runs.put("三月", "", "我", "none", many(2), AT)
    shelf.start(batch)
    ended(batch)
    journal = Journal(batch.run)
    journal.put_facts(status="stopped", made_by=journal.facts()["made_by"] | {"program": "0.0.1"})
    journal.close()
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    assert not shown.error
    shown.button(key="batch-resume").click().run()
    shelf._STARTED[batch.id].wait(60)
    (said,) = [error.value for error in shown.run().error]
    assert "另外的程序版本运行的" in said and said.endswith("请改回原来的后点“接着运行”，或另起一批。")


def test_a_ceiling_that_was_reached_is_told_beside_the_verdicts(runs):
    batch = runs.put("三月", "", "我", "none", many(2), AT)
    shelf.start(batch)
    ended(batch)
    journal = Journal(batch.run)
    journal.put_facts(ceiling="本次运行已用约 9 个词元，不再请求。")
    journal.close()
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    (said,) = [warning.value for warning in shown.warning if "不再请求。其余的表由模板起草" in warning.value]
    assert "另起一批" in said


def test_somebody_elses_run_is_not_shown(runs):
    batch = runs.put("别人的", "wang", "王", "none", many(2), AT)
    shown = AppTest.from_function(_only_the_page, default_timeout=90)
    shown.query_params["batch"] = batch.id
    shown.run()
    assert "没有找到这一批" in shown.error[0].value


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_thirty_files_one_broken_stopped_reloaded_resumed_and_a_form_opened(tmp_path):
    files = [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in many(30)]
    with served(tmp_path) as address, opened(f"{address}/batch") as page:
        page.get_by_test_id("stFileUploader").first.locator("input").set_input_files(files)
        page.get_by_label("这一批的名称").fill("三月第一批")
        page.get_by_label("这一批的名称").press("Tab")
        page.get_by_role("button", name="开始预审").click()
        page.get_by_role("button", name="停止").click()
        page.get_by_role("button", name="接着运行").wait_for()
        page.reload()
        page.get_by_text("已停在").wait_for()
        page.get_by_role("button", name="接着运行").click()
        page.get_by_text("已完成：30 个文件，29 张表，1 个未能读取").wait_for()
        assert axe(page) == []
        page.get_by_role("tab", name="图表").click()
        page.get_by_text("最常见的问题").wait_for()
        page.get_by_role("tab", name="未能读取 1").click()
        page.get_by_role("tab", name="下载").click()
        with page.expect_download() as got:
            page.get_by_role("button", name="全部结果（JSON").click()
        lines = got.value.path().read_text(encoding="utf-8").splitlines()
        assert len(lines) == 30 and all(json.loads(line)["sha256"] for line in lines)
        page.get_by_role("tab", name="自评表 29").click()
        table = page.get_by_test_id("stDataFrame").first
        box = table.bounding_box()
        page.mouse.click(box["x"] + 15, box["y"] + 60)
        page.get_by_role("button", name="在审核中打开").click()
        page.locator(".card").first.wait_for()
        page.get_by_text("批量测试项目").first.wait_for()
