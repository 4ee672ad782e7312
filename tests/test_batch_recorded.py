"""From the command to what a bureau opens: workbook, annotated Word files, the last line; and a form reviewed as it was."""

from __future__ import annotations

import json

import pytest
from docx import Document as open_word
from openpyxl import Workbook, load_workbook

from assistant.batch.recorded import Recorded
from assistant.commands.cli import main
from assistant.errors import ReadError
from assistant.form import profile as profiles
from assistant.rules.clean import clean
from tests.documents import to_docx


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two forms, one of them with a total that is not the sum, and a file that is none."""
    forms = tmp_path_factory.mktemp("材料")
    for name, total in (("甲", "60"), ("乙", None)):
        form = clean("section")
        form.put("basic.project_name", f"{name}项目")
        if total:
            form.put("scores.total", total)
        (forms / f"{name}.docx").write_bytes(to_docx(form))
    (forms / "坏.docx").write_bytes(b"PK")
    return forms


@pytest.fixture(scope="module")
def budget_list(folder):
    book = Workbook()
    unit = clean("section").get("basic.implementing_unit")
    for row in (["单位", "项目名称", "预算数（万元）"], [unit, "甲项目", 999], [unit, "丙项目", 5]):
        book.active.append(row)
    path = folder.parent / "预算清单.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def done(folder, budget_list, tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "三月"
    code = main(["batch", str(folder), "--out", str(out), "--drafter", "template", "--budget-list", str(budget_list)])
    assert code == 3  # one input could not be read
    return out


def test_the_workbook_has_every_form_the_failure_and_what_the_budget_list_says(done):
    book = load_workbook(done / "screening.xlsx")
    texts = {name: " ".join(str(cell) for row in book[name].values for cell in row if cell) for name in book.sheetnames}
    assert "甲项目" in texts["自评表"] and "乙项目" in texts["自评表"]
    assert "坏.docx" in texts["未能读取"]
    assert "999" in texts["跨表核查"] and "丙项目" in texts["跨表核查"]


def test_the_annotated_file_holds_the_comments_of_the_run(done):
    (file,) = [path for path in (done / "annotated").iterdir() if "甲" in path.name]
    said = " ".join(comment.text for comment in open_word(file).comments)
    assert "S01" in said and "总分填60分" in said


def test_the_last_line_says_how_many_need_a_reader_and_where_the_failures_are(done, folder, budget_list, capsys):
    again = ["batch", str(folder), "--out", str(done), "--drafter", "template", "--budget-list", str(budget_list)]
    assert main(again) == 3
    said = capsys.readouterr().out
    assert "须退回修改 1 张，需补充说明 1 张，可直接通过 0 张" in said
    assert "1 个文件没能读取" in said and "failures.csv" in said


def test_an_input_is_reviewed_again_as_it_was_in_the_run(done, folder):
    with Recorded(done, profiles.default(), "template") as recorded:
        name = next(form.source for form in recorded.screened() if form.project == "甲项目")
        again = recorded.reviewed(name)
        assert recorded.source(name) == (folder / "甲.docx").read_bytes()
        with pytest.raises(ReadError, match="没有"):
            recorded.source("别处.docx")
    lines = (done / "results.jsonl").read_text(encoding="utf-8").splitlines()
    line = next(json.loads(one) for one in lines if name in one)
    assert [one.to_json() for one in again.forms[0].findings] == line["forms"][0]["findings"]
    assert [one.comment for one in again.forms[0].suggestions] == [
        one["comment"] for one in line["forms"][0]["suggestions"]
    ]
