"""The review page: what it shows is what the command line says, decisions stay, and it works in a browser."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import re
import time
import zipfile
from pathlib import Path

import pytest
from docx import Document as open_word
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from assistant.decide.decisions import ACCEPT, EDIT, REJECT, Decisions, Person, accepted_document, form_key
from assistant.draft.compose import compose
from assistant.draft.suggestion import Withdrawn, Withheld
from assistant.export.word import word
from assistant.form.facsimile import missing, printed
from assistant.form.finding import Finding
from assistant.form.form import Reading
from assistant.pages import review as review_page
from assistant.pages import words, workbench
from assistant.parse import parse
from assistant.read import read_bytes
from assistant.review.earlier import carried
from assistant.review.job import Job
from assistant.review.reviewer import Reviewer, corrected
from assistant.rules.clean import clean
from assistant.settings.settings import load_settings
from tests.browser import ROOT, axe, opened, served
from tests.chat_server import chat
from tests.documents import to_docx
from tests.pastes import to_paste

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", f"sqlite:///{tmp_path / 'reviews.sqlite'}")
    for name in ("ASSISTANT_MODEL", "ASSISTANT_MODEL_BASE_URL", "ASSISTANT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    review_page.database.clear()
    yield
    review_page.database.clear()


@pytest.fixture
def faulty():
    """A form whose telephone number is wrong and nothing else."""
    form = clean("section")
    form.put("basic.phone", "12")
    return form


PASSED_OVER = Withheld("scores.total", "S01", "总分应为97分。请更正。", ["数字在表中、问题说明和所引条款中都没有：97"])


@pytest.fixture
def with_a_model(faulty):
    """A review of the form as a model left it: one remark of its own, one draft withheld, one finding withdrawn."""
    review = Reviewer(drafter="template", settings=load_settings()).form(faulty)
    own = Finding("N09", "advice", "conclusion.problems", "请核对文字。", {"quote": "到场读者偏少"}, origin="model")
    (said,) = compose(faulty, {len(review.findings): own}, {})
    soft = Finding("G01", "warning", "goals.output", "产出目标没有数量。")
    return dataclasses.replace(
        review,
        findings=[*review.findings, own],
        suggestions=[*review.suggestions, dataclasses.replace(said, origin="model")],
        withheld=[PASSED_OVER],
        withdrawn=[Withdrawn(soft, "目标中已写明场次。", "48场次")],
    )


def test_what_a_model_wrote_and_was_not_let_through_is_shown_with_its_reasons(with_a_model):
    sheets = printed(with_a_model.form, read_bytes(to_docx(with_a_model.form), "a.docx"), with_a_model.form)
    data = workbench.workbench_data("f", with_a_model, with_a_model, sheets, {}, [])
    withdrawn, withheld = data["unused"]
    assert withdrawn["title"].startswith("G01") and withdrawn["state"] == "模型通读后撤回"
    assert withdrawn["reasons"] == ["目标中已写明场次。（“48场次”）"]
    assert (withheld["text"], withheld["reasons"]) == (PASSED_OVER.comment, PASSED_OVER.reasons)
    assert withheld["state"] == "未通过核对，没有采用"
    mended = dataclasses.replace(with_a_model, withheld=[dataclasses.replace(PASSED_OVER, mended=True)])
    assert workbench.workbench_data("f", mended, mended, sheets, {}, [])["unused"][1]["state"] == "已按原因重写并采用"
    back = dataclasses.replace(with_a_model, findings=[one.finding for one in with_a_model.withdrawn], suggestions=[])
    assert len(workbench.workbench_data("f", back, back, sheets, {}, [])["unused"]) == 1


def test_a_remark_of_a_models_own_is_still_there_when_a_cell_is_corrected_unless_its_words_are_gone(with_a_model):
    reviewer = Reviewer(drafter="template", settings=load_settings())
    again = carried(reviewer.form(with_a_model.form), with_a_model.findings, with_a_model.suggestions)
    assert [one.rule for one in again.findings] == ["B05", "N09"]
    assert [(one.rule, one.origin) for one in again.suggestions] == [("B05", "template"), ("N09", "model")]
    other = corrected(with_a_model.form, {"conclusion.problems": "存在问题：站点不足。整改措施：增设站点。"})
    assert "N09" not in [
        one.rule for one in carried(reviewer.form(other), with_a_model.findings, with_a_model.suggestions).findings
    ]


# --- the page without a browser --------------------------------------------------------------


@pytest.fixture
def app():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()


def settled(app):
    """The page once its job is done."""
    for _ in range(200):
        if "job" not in app.session_state:
            return app
        time.sleep(0.3)
        app.run()
    raise AssertionError("the review did not end")


def paste(app, text):
    if app.button(key="another") if "work" in app.session_state else None:
        app.button(key="another").click().run()
    app.text_area(key="pasted").set_value(text)
    return settled(app.button(key="review-paste").click().run())


def bench(app):
    """What the workbench was given to show."""
    (shown,) = app.get("bidi_component")
    return json.loads(shown.proto.json)


def do(app, number=0, **event):
    """An event of the workbench, as the page takes it."""
    review_page.take_event(app.session_state["work"], number, event)
    return app.run()


def rules(app):
    return [remark["rule"] for remark in bench(app)["remarks"]]


def test_the_page_opens_with_what_it_does_what_it_keeps_and_nothing_wrong(app):
    assert not app.exception and not app.error
    assert any("不发往别处" in caption.value for caption in app.caption)


def test_a_remark_that_rests_on_a_clause_shows_it(app, faulty):
    faulty.put("scores.total", "77")
    paste(app, to_paste(faulty))
    (clause,) = next(one for one in bench(app)["remarks"] if one["rule"] == "S01")["clauses"]
    assert clause["digest"] and clause["text"].startswith("《")


def test_a_pasted_form_shows_its_remarks_with_comment(app, faulty):
    paste(app, to_paste(faulty))
    assert not app.exception
    assert app.subheader[0].value == faulty.get("basic.project_name")
    (remark,) = bench(app)["remarks"]
    assert remark["rule"] == "B05" and "不是有效的固定电话或手机号码" in remark["body"]
    assert remark["behind"] == [], "the comment begins with what is wrong: it is not said twice"
    assert remark["clauses"] == [], "a telephone number rests on no law"
    assert remark["place"] == "基本信息 › 联系电话" and remark["origin"] == "模板" and remark["why"]
    assert remark["made_by"].startswith("template:B05"), "the id of the template stands in the tooltip only"


def test_an_uploaded_word_file_is_shown_as_the_paper_it_is_with_the_remark_at_its_cell(app, faulty):
    app.file_uploader(key="upload").set_value([("自评表.docx", to_docx(faulty), WORD)]).run()
    settled(app.button(key="review-upload").click().run())
    data = bench(app)
    squares = {square["id"]: square for sheet in data["sheets"] for row in sheet["rows"] for square in row}
    (remark,) = data["remarks"]
    assert squares[remark["cell"]]["text"] == "12"
    assert any(square["rowspan"] > 1 for square in squares.values())


def test_the_bundled_sample_is_reviewed(app):
    settled(app.button(key="review-sample").click().run())
    assert not app.exception and "S03" in rules(app)


def test_the_score_sheet_says_how_each_figure_was_computed(app, faulty):
    paste(app, to_paste(faulty))
    table = bench(app)["scores"]
    assert [row["cells"][0] for row in table["rows"]][-2:] == ["总分", "等级"]
    assert all(row["cells"][-1] for row in table["rows"][:-2])


@pytest.mark.parametrize(("text", "said"), [("", "空"), ("关于召开会议的通知", "没有找到")])
def test_bad_input_is_one_clear_sentence(app, text, said):
    paste(app, text)
    assert not app.exception
    assert said in app.error[0].value and "请" in app.error[0].value


def test_a_file_with_several_forms_lets_one_be_picked(app, faulty):
    other = clean("section")
    other.put("basic.project_name", "乡村图书室更新")
    other.put("scores.total", "101")
    paste(app, to_paste(faulty) + "\n\n" + to_paste(other))
    assert rules(app) == ["B05"]
    app.selectbox[0].set_value(1).run()
    assert "S01" in rules(app) and "B05" not in rules(app)


def test_without_a_configured_model_no_button_offers_one(app, faulty):
    paste(app, to_paste(faulty))
    assert not [button for button in app.button if "模型" in button.label]


def test_a_rerun_recomputes_nothing(app, faulty, monkeypatch):
    paste(app, to_paste(faulty))
    monkeypatch.setattr(Reviewer, "form", None)
    monkeypatch.setattr(Reviewer, "source", None)
    app.run()
    assert not app.exception and rules(app) == ["B05"]


# --- decisions -------------------------------------------------------------------------------


def test_decisions_are_kept_and_a_new_session_goes_on_where_one_stopped(app, faulty):
    paste(app, to_paste(faulty))
    (remark,) = bench(app)["remarks"]
    do(app, kind="decide", key=remark["key"], action=EDIT, comment="请核实电话。", rewrite=None)
    run = app.session_state["work"].run
    later = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    later.query_params["run"] = run
    later.run()
    (again,) = bench(later)["remarks"]
    assert (again["state"], again["comment"]) == (EDIT, "请核实电话。")


@pytest.mark.parametrize(("account", "author"), [("周敏", "周敏"), ("root", "审核人")])
def test_a_word_comment_is_by_the_reviewer_who_accepted_it(app, faulty, monkeypatch, account, author):
    monkeypatch.setattr("getpass.getuser", lambda: account)
    app.file_uploader(key="upload").set_value([("自评表.docx", to_docx(faulty), WORD)]).run()
    settled(app.button(key="review-upload").click().run())
    do(app, kind="decide", key=bench(app)["remarks"][0]["key"], action=ACCEPT)
    assert ("本机用户" if account == "root" else account) in bench(app)["remarks"][0]["said"]
    work = app.session_state["work"]
    kept = accepted_document(work.reviewed, [review_page.database().in_force(work.key(0))])
    (comment,) = open_word(io.BytesIO(word(kept, work.data))).comments
    assert comment.author == author


def test_the_settings_name_the_reviewer_where_nobody_signs_in(app, faulty, monkeypatch):
    monkeypatch.setenv("ASSISTANT_REVIEWER", "县财政局绩效科")
    paste(app, to_paste(faulty))
    do(app, kind="decide", key=bench(app)["remarks"][0]["key"], action=ACCEPT)
    assert "县财政局绩效科" in bench(app)["remarks"][0]["said"]


def test_forms_that_wait_are_named_before_the_export_and_one_may_be_closed_on_purpose(app, faulty):
    other = clean("section")
    other.put("basic.project_name", "乡村图书室更新")
    other.put("scores.total", "101")
    paste(app, to_paste(faulty) + "\n\n" + to_paste(other))
    waiting = [one.value for one in app.warning if "没有处理" in one.value]
    assert [re.search(r"第(\d)张表.*还有 (\d+) 条", one).groups() for one in waiting] == [("1", "1"), ("2", "2")]
    do(app, kind="decide", key=bench(app)["remarks"][0]["key"], action=ACCEPT)
    app.selectbox[0].set_value(1).run()
    assert [one.value[:4] for one in app.warning if "没有处理" in one.value] == ["第2张表"]
    work = app.session_state["work"]
    app.button(key=f"close-{work.run}-1").click().run()
    assert not [one for one in app.warning if "没有处理" in one.value]
    assert {remark["state"] for remark in bench(app)["remarks"]} == {REJECT}
    assert all("结束审核时未处理" in remark["said"] for remark in bench(app)["remarks"])
    decided = [review_page.database().in_force(work.key(number)) for number in range(2)]
    names = [name for name, *_ in review_page._files(work, accepted_document(work.reviewed, decided), decided, "表")]
    assert names[0] == "opinions" and names[-1] == "notes"
    data = review_page._letters(accepted_document(work.reviewed, decided), "表")
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["表-第1张表-审核意见书.docx", "表-第2张表-审核意见书.docx"]


def test_a_rejected_remark_is_listed_as_rejected_when_the_form_is_reviewed_again(app, faulty):
    paste(app, to_paste(faulty))
    do(app, kind="decide", key=bench(app)["remarks"][0]["key"], action=REJECT, comment="", rewrite=None)
    paste(app, to_paste(faulty))
    assert [remark["state"] for remark in bench(app)["remarks"]] == [REJECT]


def test_undo_brings_the_remark_back(app, faulty):
    paste(app, to_paste(faulty))
    key = bench(app)["remarks"][0]["key"]
    do(app, kind="decide", key=key, action=ACCEPT, comment="", rewrite=None)
    assert bench(app)["copy"]
    do(app, kind="undo", key=key)
    assert bench(app)["remarks"][0]["state"] == "" and bench(app)["copy"] == ""


def test_what_the_model_wrote_and_was_not_used_is_on_its_tab_after_a_reload(app, faulty, with_a_model):
    paste(app, to_paste(faulty))
    work = app.session_state["work"]
    review = dataclasses.replace(work.reviewed.forms[0], withheld=[PASSED_OVER], withdrawn=with_a_model.withdrawn)
    review_page.database().save(work.name, work.data, work.as_read, [review], Person("", "周敏"), work.run)
    later = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    later.query_params["run"] = work.run
    unused = bench(later.run())["unused"]
    assert [one["state"] for one in unused] == ["模型通读后撤回", "未通过核对，没有采用"]
    assert unused[1]["reasons"] == PASSED_OVER.reasons
    do(later, kind="correct", path="basic.leader", text="周明远")
    assert bench(later)["unused"] == unused


# --- 审核记录 ----------------------------------------------------------------------------------


def fresh():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=90).run()


def test_two_pasted_forms_of_one_project_are_told_apart_in_the_history(app, faulty):
    paste(app, to_paste(faulty))
    faulty.put("scores.total", "61")
    paste(app, to_paste(faulty))
    paste(app, to_paste(faulty))
    told = [one.value for one in fresh().caption if "总分" in one.value]
    assert len(set(told)) == 3
    ages = ["较新的一份 · 再次审核 · ", "较新的一份 · ", "较早的一份 · "]
    assert all(one.startswith(age) for one, age in zip(told, ages, strict=True)) and "再次" not in told[1]
    assert "总分61" in told[0] and "总分61" not in told[2]
    assert all(faulty.get("basic.implementing_unit") in one and "查出" in one for one in told)


def test_a_single_form_of_a_project_has_no_number_in_the_history(app, faulty):
    paste(app, to_paste(faulty))
    (told,) = [one.value for one in fresh().caption if "总分" in one.value]
    assert "一份" not in told and "再次" not in told


def test_the_history_counts_the_findings_of_every_form_of_a_file(app, faulty):
    sound = clean("section")
    sound.put("basic.project_name", "另一个项目")
    paste(app, to_paste(sound) + "\n\n" + to_paste(faulty))
    (told,) = [one.value for one in fresh().caption if "查出" in one.value]
    assert "共2张表" in told and told.endswith("查出1处")


def test_deleting_an_older_run_does_not_rename_the_others(app, faulty):
    kept = []
    for total in ("60", "61", "62"):
        faulty.put("scores.total", total)
        paste(app, to_paste(faulty))
        kept.append(app.session_state["work"].run)
    before = [one.value for one in fresh().caption if "总分" in one.value]
    review_page.database().delete(kept[0], Person("", ""))
    after = [one.value for one in fresh().caption if "总分" in one.value]
    assert after == before[:2] and [one.split(" · ")[0] for one in after] == ["较新的一份", "较早的一份"]


def test_a_kept_form_is_deleted_only_after_what_goes_with_it_was_read(app, faulty):
    paste(app, to_paste(faulty))
    do(app, kind="decide", key=bench(app)["remarks"][0]["key"], action=ACCEPT)
    work = app.session_state["work"]
    page = fresh()
    page.button(key=f"ask-{work.run}").click().run()
    assert "处理意见1条" in page.warning[0].value and "不能恢复" in page.warning[0].value
    assert review_page.database().records(work.run)
    page.button(key=f"keep-{work.run}").click().run()
    assert not page.warning and review_page.database().records(work.run)
    page.button(key=f"ask-{work.run}").click().run()
    page.button(key=f"delete-{work.run}").click().run()
    assert not page.exception and not review_page.database().records(work.run)
    assert not [one for one in page.button if one.key == f"open-{work.run}"]
    (said,) = [one.value for one in page.text if "删除了" in one.value]
    assert faulty.get("basic.project_name") in said and "含处理意见1条" in said


def test_a_draft_that_comes_after_the_review_was_deleted_brings_nothing_back(app, faulty):
    paste(app, to_paste(faulty))
    work = app.session_state["work"]
    review_page.database().delete(work.run, Person("", ""))
    job = Job(work.name, work.data)
    job.anew = work.reviewed.forms[0]
    job.finished.set()
    app.session_state["job"] = job
    app.run()
    assert not app.exception and "已在别处删除" in app.error[0].value
    assert "work" not in app.session_state and not review_page.database().records(work.run)


def test_a_run_that_is_not_there_is_said_to_be_none_of_yours(app):
    app.query_params["run"] = "0" * 32
    app.run()
    assert not app.exception and "没有找到这条审核记录" in app.error[0].value


def test_no_text_of_a_form_is_logged(app, faulty, caplog):
    caplog.set_level(logging.DEBUG, logger="assistant")
    paste(app, to_paste(faulty))
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "B05" in logged
    assert not [text for _, text in faulty.walk() if len(text) > 5 and text in logged]


# --- corrections -----------------------------------------------------------------------------


def test_a_corrected_cell_is_checked_at_once_shown_on_the_paper_and_kept(app, faulty):
    paste(app, to_paste(faulty))
    phone = clean("section").get("basic.phone")
    do(app, kind="correct", path="basic.phone", text=phone)
    assert rules(app) == []
    assert any(square["text"] == phone for sheet in bench(app)["sheets"] for row in sheet["rows"] for square in row)
    work = app.session_state["work"]
    assert Decisions(f"sqlite:///{review_page.database().name}").corrections(work.run, 1) == {"basic.phone": phone}
    later = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    later.query_params["run"] = work.run
    assert rules(later.run()) == []


def test_a_correction_does_not_change_which_form_it_is(app, faulty):
    paste(app, to_paste(faulty))
    before = app.session_state["work"].key(0)
    do(app, kind="correct", path="basic.phone", text="0351-1234567")
    assert app.session_state["work"].key(0) == before


def test_a_corrected_cell_keeps_its_place_and_loses_its_doubt():
    (form,) = parse(read_bytes(to_docx(clean("section")), "表.docx"))
    place = form.place("basic.leader")
    form.readings["basic.leader"] = Reading("周", place, 0.6, "按位置推定")
    reading = corrected(form, {"basic.leader": "周明远"}).readings["basic.leader"]
    assert (reading.text, reading.place, reading.confidence, reading.note) == ("周明远", place, 1.0, "")


def test_what_the_reader_missed_can_be_filled_in(faulty):
    del faulty.readings["scores.total"]
    assert missing(faulty) == ["scores.total"]


def test_the_same_form_has_the_same_key_whoever_reads_it(faulty):
    assert form_key(faulty) == form_key(corrected(faulty, {}))


# --- language --------------------------------------------------------------------------------


def test_every_label_has_both_languages_and_the_same_names_to_fill_in():
    import string

    for key, labels in words.words().items():
        named = {
            code: {name for _, name, _, _ in string.Formatter().parse(text) if name} for code, text in labels.items()
        }
        assert named["zh"] == named["en"], key


def test_the_switch_changes_every_label_and_leaves_the_form(app, faulty):
    paste(app, to_paste(faulty))
    app.session_state[words.LANGUAGE] = "en"
    app.run()
    data = bench(app)
    chinese = [text for key, text in data["words"].items() if any("\u4e00" <= char <= "\u9fff" for char in text)]
    assert chinese == []
    assert data["remarks"][0]["origin"].startswith("template")
    assert app.subheader[0].value == faulty.get("basic.project_name")
    labels = [button.label for button in app.button]
    assert not [text for text in labels if any("\u4e00" <= char <= "\u9fff" for char in text)]


# --- in a browser ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with served(tmp_path_factory.mktemp("home")) as served_at:
        yield served_at


@pytest.fixture
def page(address):
    with opened(address) as browser_page:
        yield browser_page


def paste_in_browser(page, text):
    page.get_by_label("粘贴表中文字").fill(text)
    page.get_by_role("button", name="审核粘贴的内容").click()
    page.locator(".card").first.wait_for()


def download(page, name):
    page.get_by_role("button", name="导出已采纳的意见").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name, exact=True).click()
    page.keyboard.press("Escape")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def upload(page, name, data):
    page.get_by_role("tab", name="上传文件").click()
    file = {"name": name, "mimeType": WORD, "buffer": data}
    page.get_by_test_id("stFileUploader").locator("input").set_input_files([file])
    page.get_by_role("button", name="审核上传的文件").click()
    page.locator(".card").first.wait_for()


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_upload_click_the_finding_edit_accept_export_and_reload(page, faulty):
    faulty.put("basic.project_name", "上传测试项目")
    upload(page, "自评表.docx", to_docx(faulty))
    card = page.locator(".card").first
    card.click()
    page.locator(".paper td.shown").wait_for()
    assert page.locator(".paper td.shown .text").inner_text() == "12"
    card.get_by_label("审核意见（可修改）").fill("请核实电话号码，并补上区号。")
    card.get_by_role("button", name="改后采纳").click()
    page.get_by_text("已处理 1/1").wait_for()
    name, data = download(page, "Word 批注")
    assert name == "自评表-审核意见.docx"
    said = [comment.text for comment in open_word(io.BytesIO(data)).comments]
    assert any("请核实电话号码，并补上区号。" in text and text.startswith("【错误】") for text in said)
    name, data = download(page, "审核意见书")
    assert "请核实电话号码，并补上区号。" in "\n".join(one.text for one in open_word(io.BytesIO(data)).paragraphs)
    _, data = download(page, "Excel")
    assert load_workbook(io.BytesIO(data))["问题"]["I2"].value == "请核实电话号码，并补上区号。"
    page.reload()
    page.locator(".card .state.edit").wait_for()
    assert "请核实电话号码，并补上区号。" in page.locator(".card").first.inner_text()


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_a_click_on_a_review_that_was_deleted_in_another_window_says_so(page, faulty):
    faulty.put("basic.project_name", "删除测试项目")
    paste_in_browser(page, to_paste(faulty))
    other = page.context.new_page()
    other.goto(page.url.split("?")[0])
    other.get_by_text("审核记录", exact=True).click()
    other.get_by_role("button", name="删除", exact=True).first.click()
    other.get_by_role("button", name="确认删除").click()
    other.get_by_text("删除了删除测试项目").wait_for()
    page.locator(".card").first.get_by_role("button", name="采纳", exact=True).click()
    page.get_by_text("已在别处删除，刚才的操作没有保存").wait_for()
    assert page.locator(".card").count() == 0 and page.get_by_label("粘贴表中文字").is_visible()


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_a_cell_filters_the_remarks_keys_decide_and_a_correction_is_checked(page, faulty):
    faulty.put("scores.total", "60")
    faulty.put("basic.project_name", "粘贴测试项目")
    paste_in_browser(page, to_paste(faulty))
    cards = page.locator(".card")
    several = cards.count()
    page.locator(".paper td", has_text="12").filter(has=page.locator(".sign")).first.click()
    page.locator(".hidden").wait_for()
    assert cards.count() == 1 and "B05" in cards.first.inner_text()
    page.get_by_role("button", name="全部显示").click()
    assert cards.count() == several
    page.get_by_text("B05").first.click()
    page.keyboard.press("x")
    page.locator(".card.reject").wait_for()
    page.keyboard.press("u")
    page.locator(".card.reject").wait_for(state="detached")
    cell = page.locator(".paper td.shown")
    page.wait_for_timeout(1000)  # the paper scrolls to what was brought back
    cell.locator(".text").dblclick()
    cell.locator("textarea").fill(clean("section").get("basic.phone"))
    cell.locator("textarea").press("Enter")
    page.get_by_text("已更正 1 处").wait_for()
    page.locator(".card", has_text="B05").wait_for(state="detached")  # the count above it is drawn a moment earlier
    assert cards.count() == several - 1


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_after_a_decision_the_next_open_remark_is_chosen_and_an_undo_chooses_what_it_brings_back(page, faulty):
    faulty.put("scores.total", "60")
    faulty.put("basic.project_name", "逐条处理测试项目")
    paste_in_browser(page, to_paste(faulty))
    chosen = page.locator(".card.chosen")
    page.locator(".card").first.click()
    first = chosen.get_attribute("data-key")
    page.keyboard.press("a")
    page.locator(".card.accept").wait_for()
    second = chosen.get_attribute("data-key")
    assert second != first and chosen.locator(".state").count() == 0
    page.keyboard.press("x")
    page.locator(".card.reject").wait_for()
    assert chosen.get_attribute("data-key") not in (first, second)
    page.keyboard.press("u")
    page.locator(".card.reject").wait_for(state="detached")
    assert chosen.get_attribute("data-key") == second


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_a_file_that_cannot_be_read_leaves_the_person_at_the_upload_with_their_file(page):
    page.get_by_role("tab", name="上传文件").click()
    file = {"name": "坏.docx", "mimeType": WORD, "buffer": b"PK\x03\x04 broken"}
    page.get_by_test_id("stFileUploader").locator("input").set_input_files([file])
    page.get_by_role("button", name="审核上传的文件").click()
    page.get_by_text("文件已损坏或没有传完整").wait_for()
    page.get_by_role("tab", name="上传文件", selected=True).wait_for()
    assert page.get_by_test_id("stFileUploader").get_by_text("坏.docx").is_visible()


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_panes_end_within_the_window_also_below_a_choice_of_forms(page, faulty):
    other = clean("section")
    other.put("basic.project_name", "乡村图书室更新")
    paste_in_browser(page, to_paste(faulty) + "\n\n" + to_paste(other))
    page.get_by_text("文件中有 2 张表").wait_for()
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    page.wait_for_timeout(500)
    box = page.locator(".paper").bounding_box()
    assert 900 < box["y"] + box["height"] <= 1000


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_the_paper_breaks_no_number_keeps_labels_readable_and_offers_to_correct_only_what_is_pointed_at(page, faulty):
    faulty.put("funds.total.budget", "123456.78")
    faulty.put("basic.leader", "甲" * 60)
    paste_in_browser(page, to_paste(faulty))

    def lines(locator):
        return locator.evaluate("(one) => one.getClientRects().length")

    assert lines(page.locator(".paper .figure .text", has_text="123456.78").first) == 1
    label = page.locator(".paper td.head", has_text=re.compile("^项目负责人$"))
    assert label.bounding_box()["width"] >= 66
    page.get_by_role("button", name="审核另一份").click()
    paste_in_browser(page, to_paste(faulty).replace("\t", " "))
    doubtful = page.locator(".paper td:has(.unsure):has(.tools)").first
    assert doubtful.locator(".tools").evaluate("(one) => getComputedStyle(one).opacity") == "0"
    doubtful.hover()
    assert doubtful.locator(".tools").evaluate("(one) => getComputedStyle(one).opacity") == "1"


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_english_at_phone_width_copies_what_was_accepted_and_passes_axe(address, faulty):
    faulty.put("basic.project_name", "窄屏测试项目")
    with opened(f"{address}/?lang=en", 390, 844) as page:
        page.get_by_label("Paste the form's text").fill(to_paste(faulty))
        assert axe(page) == []
        page.get_by_role("button", name="Review what was pasted").click()
        page.locator(".card").first.wait_for()
        page.locator(".card").get_by_role("button", name="Accept", exact=True).first.click()
        page.get_by_text("1 of 1 decided").wait_for()
        page.get_by_role("button", name="Copy accepted").click()
        page.get_by_text("Copied", exact=True).wait_for()
        assert "不是有效的固定电话" in page.evaluate("navigator.clipboard.readText()")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe(page) == []


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_what_the_model_said_and_grounding_refused_is_on_a_tab_of_its_own(tmp_path, chat_server, faulty):
    invented = {
        "findings": [], "field": "conclusion.problems", "kind": "other", "rule": "N09", "quote": "到场读者偏少",
        "proof": [], "comment": "到场读者少了35人，请核实。", "rewrite": None, "policy": [], "confidence": "low",
    }  # fmt: skip
    answer = {"overall": "通读了全表。", "suggestions": [invented], "withdrawn": []}
    chat_server.script = lambda request: chat(json.dumps(answer, ensure_ascii=False))
    endpoint = {"ASSISTANT_MODEL_BASE_URL": chat_server.url, "ASSISTANT_MODEL": "m"}
    with served(tmp_path, **endpoint) as address, opened(address) as page:
        paste_in_browser(page, to_paste(faulty))
        assert page.get_by_role("tab", name="未采用").count() == 0
        page.get_by_role("button", name="用模型起草").click()
        page.get_by_text("将发送的内容", exact=True).wait_for()
        assert chat_server.requests == []  # shown before the first question to an endpoint, and sent only then
        page.get_by_role("button", name="发送", exact=True).click()
        tab = page.get_by_role("tab", name="未采用")
        tab.wait_for()
        tab.click()
        closed = page.locator(".unused").first
        closed.locator("summary").click()
        assert "到场读者少了35人" in closed.inner_text()
        assert "数字在表中、问题说明和所引条款中都没有：35人" in closed.inner_text()
        assert axe(page) == []
