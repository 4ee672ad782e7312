"""What changed between two runs, from results as a run writes them."""

from __future__ import annotations

import json

import pytest

from assistant.batch import screening
from assistant.batch.compare import compare
from assistant.commands import cli
from assistant.errors import SettingsError
from assistant.read import read
from assistant.review.reviewer import DocumentReview, Reviewer, corrected
from tests.screenings import FORMS

DEFAULT = screening.default()


def save(folder, *documents):
    """A run's folder as far as the comparison needs it."""
    folder.mkdir()
    lines = [json.dumps(one, ensure_ascii=False) for one in documents]
    (folder / "results.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def document(
    source, *findings, project="一号水库除险加固项目", stated=98, recomputed=98, year="2024", unit="霁川县水库运行站"
):
    """A line of results.jsonl with one form. Findings are (rule, field) or (rule, field, message)."""
    told = [
        {"rule": rule, "severity": "warning", "field": field, "message": "".join(more) or f"{field}有误。"}
        for rule, field, *more in findings
    ]
    grade = {"stated": None, "by_stated": "优", "by_recomputed": "优", "how": ""}
    form = {
        "form": {"basic": {"project_name": project, "implementing_unit": unit, "evaluation_year": year}},
        "findings": told,
        "scores": {"sections": [], "total": {"stated": stated, "recomputed": recomputed, "how": ""}, "grade": grade},
    }
    return {"source": source, "sha256": "", "forms": [form], "problems": []}


UNREAD = {"source": "坏.docx", "sha256": "", "forms": [], "problems": ["已损坏。"]}
S01, I03 = ("S01", "scores.total"), ("I03", "indicators.quantity.2.reason")


@pytest.fixture(scope="module")
def resubmitted(tmp_path_factory):
    """The sample form as it is, and as its unit mends it: the total of its sections, one cell emptied."""
    reviewer = Reviewer()
    first = reviewer.source("3月/sample.docx", lambda: read(FORMS / "sample.docx"))
    form = first.forms[0].form
    mended = corrected(form, {"scores.total": "98", "filler.name": None})
    second = DocumentReview("4月/sample.docx", "", [reviewer.form(mended)])
    folder = tmp_path_factory.mktemp("runs")
    return [save(folder / name, one.to_json()) for name, one in (("三月", first), ("四月", second))]


def test_a_form_reported_again_shows_what_was_mended_what_stayed_and_what_is_new(resubmitted):
    (change,) = compare(*resubmitted, DEFAULT).forms
    assert "S01" in {said.rule for said in change.fixed}
    assert ("B01", "filler.name") in {(said.rule, said.field) for said in change.new}
    assert len(change.still) > 3
    assert change.before.stated != change.after.stated


def test_a_run_compared_with_itself_has_no_change(resubmitted):
    same = compare(resubmitted[0], resubmitted[0], DEFAULT)
    assert (same.count("fixed"), same.count("new"), same.changed) == (0, 0, ())
    assert same.count("still") > 5


def test_a_form_is_known_by_its_project_however_file_and_spelling_changed(tmp_path):
    before = save(tmp_path / "前", document("a.docx", S01), document("b.docx", project="二号水库除险加固"))
    after = save(
        tmp_path / "后", document("重报.docx", project="2024年一号水库除险加固", unit="霁川县水库运行站（本级）")
    )
    compared = compare(before, after, DEFAULT)
    assert [(change.before.source, change.after.source) for change in compared.forms] == [("a.docx", "重报.docx")]
    assert compared.count("fixed") == 1
    assert [form.source for form in compared.gone] == ["b.docx"]


def test_a_form_whose_name_was_corrected_is_known_by_its_file(tmp_path):
    before = save(tmp_path / "前", document("a.docx", project=""), document("b.docx", project="二号"))
    after = save(tmp_path / "后", document("a.docx", project="三号"), document("c.docx", project="四号"))
    compared = compare(before, after, DEFAULT)
    assert [change.after.project for change in compared.forms] == ["三号"]
    assert ([form.project for form in compared.gone], [form.project for form in compared.added]) == (["二号"], ["四号"])


def test_one_project_in_two_years_is_two_forms(tmp_path):
    before = save(tmp_path / "前", document("a.docx", S01, year="2023"), document("b.docx", year="2024"))
    after = save(tmp_path / "后", document("b.docx", year="2024"), document("a.docx", S01, year="2023"))
    compared = compare(before, after, DEFAULT)
    assert [(change.before.year, change.after.year) for change in compared.forms] == [(2024, 2024), (2023, 2023)]
    assert compared.changed == ()


def test_a_finding_whose_row_moved_is_still_there(tmp_path):
    message = "「巡查次数」未完成，没有说明原因。"
    before = save(tmp_path / "前", document("a.docx", (*I03, message)))
    after = save(tmp_path / "后", document("a.docx", ("I03", "indicators.quantity.4.reason", message)))
    assert compare(before, after, DEFAULT).changed == ()


def test_two_findings_of_one_rule_on_one_cell_are_two(tmp_path):
    before = save(tmp_path / "前", document("a.docx", (*S01, "一"), (*S01, "二")))
    after = save(tmp_path / "后", document("a.docx", (*S01, "二")))
    (change,) = compare(before, after, DEFAULT).forms
    assert [said.message for said in change.fixed] == ["一"]
    assert [said.message for said in change.still] == ["二"]


def test_inputs_that_could_not_be_read_are_named_for_either_run(tmp_path):
    compared = compare(save(tmp_path / "前", UNREAD), save(tmp_path / "后", document("a.docx")), DEFAULT)
    assert (compared.unread_before, compared.unread_after) == (("坏.docx",), ())


@pytest.mark.parametrize("content", [None, "{", '{"source": "a"}\n', "[]\n"])
def test_a_folder_without_whole_results_is_refused_by_name(tmp_path, content):
    folder = save(tmp_path / "前")
    if content is None:
        (folder / "results.jsonl").unlink()
    else:
        (folder / "results.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="前"):
        compare(folder, folder, DEFAULT)


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def runs(tmp_path):
    before = save(
        tmp_path / "前", document("a.docx", S01, I03, stated=95), document("b.docx", project="*二号*"), UNREAD
    )
    after = save(tmp_path / "后", document("a.docx", I03, ("B01", "filler.name"), recomputed=None))
    return [str(before), str(after)]


def printed(capsys, *words):
    assert cli.main(["compare", *words]) == 0
    return capsys.readouterr().out


def test_the_command_says_what_changed_in_words(runs, capsys):
    said = printed(capsys, *runs)
    assert said.startswith("两批都有的1张表：已改正1处，仍存在1处，新出现1处；只在前一批的1张。")
    assert "自评95分→98分，复核98分→无。" in said
    assert "新出现 【待说明】B01 填报人：filler.name有误。" in said
    assert "前一批未能读取\n  坏.docx" in said


def test_the_command_prints_json(runs, capsys):
    told = json.loads(printed(capsys, *runs, "--format", "json"))
    assert told["counts"] == {"fixed": 1, "still": 1, "new": 1}
    assert told["forms"][0]["fixed"][0]["rule"] == "S01"
    assert told["forms"][0]["after"]["stated"] == 98
    assert told["gone"][0]["source"] == "b.docx"
    assert told["unread"] == {"before": ["坏.docx"], "after": []}


def test_the_command_prints_markdown_in_which_nothing_of_a_form_is_markup(runs, capsys):
    said = printed(capsys, *runs, "--format", "markdown")
    assert "| S01 | " in said
    assert r"- \*二号\* b.docx" in said
    assert "## 前一批未能读取" in said


def test_a_rule_of_another_version_does_not_stop_the_comparison(tmp_path, capsys):
    line = document("a.docx", ("S98", "scores.total"))
    before, after = save(tmp_path / "前", line), save(tmp_path / "后", document("a.docx"))
    assert "本版本没有的规则" in printed(capsys, str(before), str(after))


def test_a_wrong_folder_is_wrong_usage(tmp_path, capsys):
    assert cli.main(["compare", str(tmp_path), str(tmp_path)]) == cli.USAGE
    assert "results.jsonl" in capsys.readouterr().err
