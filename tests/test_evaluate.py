"""Labels against findings, with every number worked out by hand."""

from __future__ import annotations

import json

import pytest

from assistant.commands.cli import main
from assistant.errors import SettingsError
from assistant.evaluate.checks import Evaluation, Tally, cells, comparable, compare, evaluate, labelled
from assistant.form import profile as profiles
from assistant.rules.clean import clean
from tests.documents import to_docx
from tests.pastes import to_paste


def label(*findings, form=None, **more):
    parts = [dict(zip(("rule", "field", "certainty"), finding, strict=True)) for finding in findings]
    return {"form": form or {}, "findings": parts, **more}


def said(*findings, form=None):
    parts = [{"rule": rule, "field": field, "origin": "check"} for rule, field in findings]
    return [{"form": form or {}, "findings": parts}]


def test_recall_is_over_certain_labels_and_precision_over_all_of_them():
    found = compare(
        "表.txt",
        said(("S01", "a"), ("S01", "b"), ("S01", "c"), ("F02", "d")),
        label(("S01", "a", "certain"), ("S01", "b", "arguable"), ("S01", "x", "certain"), ("N01", "y", "certain")),
        [],
    )
    # S01: of two certain labels one was found; of three remarks two have a label.
    assert found.rules["S01"] == Tally(wanted=2, found=1, said=3, fair=2)
    assert (found.rules["S01"].recall, found.rules["S01"].precision) == (1 / 2, 2 / 3)
    assert found.rules["F02"] == Tally(said=1)
    assert found.rules["N01"] == Tally(wanted=1)
    assert found.missed == [("N01", "y"), ("S01", "x")]
    assert found.false == [("F02", "d"), ("S01", "c")]


def test_hard_and_soft_rules_are_added_up_apart():
    found = compare(
        "表.txt",
        said(("S01", "a"), ("N01", "b"), ("N01", "c")),
        label(("S01", "a", "certain"), ("S02", "z", "certain"), ("N01", "b", "certain")),
        [],
    )
    kinds = Evaluation([found, found]).by_kind()
    assert kinds["hard"] == Tally(wanted=4, found=2, said=2, fair=2)
    assert kinds["soft"] == Tally(wanted=2, found=2, said=4, fair=2)
    shares = Evaluation([found, found]).shares()
    assert shares["hard recall"] == 0.5 and shares["hard precision"] == 1
    assert shares["soft recall"] == 1 and shares["soft precision"] == 0.5


def test_what_a_model_raised_is_not_held_against_the_checks():
    read = said(("S01", "a"))
    read[0]["findings"].append({"rule": "N09", "field": "q", "origin": "model"})
    assert compare("表.txt", read, label(("S01", "a", "certain")), []).false == []


def test_cells_are_compared_without_width_space_and_punctuation():
    want = {
        "basic": {"project_name": "图书 采购（二期）", "leader": None},
        "funds": {"unit": "万元", "total": {"budget": "12.5"}},
        "indicators": [{"group": "cost", "n": 1, "name": "单价", "target": "≤３０元", "actual": "28元"}],
        "evaluators": [{"name": "周明远"}],
    }
    got = {
        "basic": {"project_name": "图书采购(二期)", "phone": "123"},
        "funds": {"total": {"budget": "12.5"}},
        "indicators": [{"group": "cost", "n": 1, "name": "单价", "target": "≤30元", "actual": "27元"}],
    }
    found = compare("表.txt", said(form=got), label(form=want), [])
    # six filled cells; the completion value and the evaluator differ; the phone is one cell too many
    assert (found.cells, found.cells_right, found.extra_cells) == (6, 4, 1)
    assert [cell.field for cell in found.wrong_cells] == ["indicators.cost.1.actual", "evaluators.1.name"]


def test_a_further_right_reading_of_a_cell_counts():
    want, got = {"basic": {"period": "2023"}}, {"basic": {"period": "2023年"}}
    assert (
        compare("表.txt", said(form=got), label(form=want, also_right={"basic.period": ["2023年"]}), []).cells_right
        == 1
    )


def test_punctuation_alone_is_an_empty_cell():
    assert cells({"basic": {"leader": "（）", "phone": ""}}) == {}
    assert comparable(" １，０００ ") == "1000"


def test_a_point_between_digits_is_part_of_the_number():
    assert comparable("9.6") != comparable("96")
    assert comparable("2024.3.12.") == comparable("２０２４．3．12")


def test_a_file_that_cannot_be_read_counts_as_all_missed():
    found = compare("坏.docx", [], label(("S01", "a", "certain"), form={"basic": {"leader": "周"}}), ["无法读取"])
    assert (found.forms, found.cells_right, found.cells) == (0, 0, 1)
    assert found.rules["S01"].recall == 0


@pytest.fixture
def labelled_set(tmp_path):
    """One form with a wrong total as text and Word file, one unreadable file; labels as single files."""
    form = clean("section")
    form.put("scores.total", "101")
    for name in ("forms", "labels"):
        (tmp_path / name).mkdir()
    (tmp_path / "forms" / "甲.txt").write_text(to_paste(form), encoding="utf-8")
    (tmp_path / "forms" / "甲.docx").write_bytes(to_docx(form))
    (tmp_path / "forms" / "乙.docx").write_bytes(b"PK")
    (tmp_path / "forms" / "无标注.txt").write_text("x")
    findings = [("S01", "scores.total", "certain"), ("N05", "conclusion.summary", "arguable")]
    labels = {
        "甲": label(*findings, form=form.to_json(), split="dev"),
        "乙": label(*findings, form=form.to_json(), split="test"),
    }
    for name, content in labels.items():
        (tmp_path / "labels" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path, labels


def test_a_set_is_read_and_checked_file_by_file(labelled_set):
    folder, _ = labelled_set
    evaluation = evaluate([folder], profiles.default())
    assert sorted(file.name for file in evaluation.files) == ["乙.docx", "甲.docx", "甲.txt"]
    assert evaluation.read_as_one_form == 2
    assert evaluation.by_rule()["S01"] == Tally(wanted=3, found=2, said=2, fair=2)
    assert {file.name: file.cells_right > 0 for file in evaluation.files} == {
        "乙.docx": False,
        "甲.docx": True,
        "甲.txt": True,
    }
    assert [file.name for file in evaluation.files if file.problems] == ["乙.docx"]


def test_one_split_can_be_measured_alone(labelled_set):
    folder, _ = labelled_set
    assert {file.name for file in evaluate([folder], profiles.default(), split="dev").files} == {"甲.docx", "甲.txt"}


def test_labels_may_stand_in_one_file_a_line_each(labelled_set):
    folder, labels = labelled_set
    for file in (folder / "labels").iterdir():
        file.unlink()
    lines = [json.dumps({"name": name, **content}) for name, content in labels.items()]
    (folder / "labels.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert len(list(labelled(folder))) == 3


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="标注"):
        list(labelled(tmp_path))


def test_the_command_prints_the_sums_and_what_went_wrong(labelled_set, capsys):
    folder, _ = labelled_set
    assert main(["eval", "checks", str(folder), "--misses"]) == 0
    out = capsys.readouterr().out
    assert "S01  查全 66.7%（2/3）  查准 100.0%（2/2）" in out
    assert "文件 3 份，其中 2 份读为一张表" in out
    assert "乙.docx 漏报 S01 scores.total" in out


def test_a_mark_that_is_missed_sets_the_exit_code(labelled_set, capsys):
    folder, _ = labelled_set
    assert main(["eval", "checks", str(folder), "--min-recall", "0.6"]) == 0
    assert main(["eval", "checks", str(folder), "--min-recall", "0.7"]) == 1
    assert "hard recall" in capsys.readouterr().err


def test_a_mark_may_be_set_for_what_needs_judgement_too(labelled_set, capsys):
    folder, labels = labelled_set
    mark = ["eval", "checks", str(folder), "--min-soft-precision", "0.5"]
    assert main(mark) == 0
    unlabelled = labels["甲"] | {"findings": labels["甲"]["findings"][:1]}
    (folder / "labels" / "甲.json").write_text(json.dumps(unlabelled), encoding="utf-8")
    assert main(mark) == 1
    assert "soft precision" in capsys.readouterr().err


def test_the_json_holds_the_same_figures(labelled_set, capsys):
    folder, _ = labelled_set
    main(["eval", "checks", str(folder), "--format", "json"])
    out = json.loads(capsys.readouterr().out)
    assert out["files"] == 3 and out["rules"]["S01"]["recall"] == 2 / 3 and out["kinds"]["hard"]["precision"] == 1
