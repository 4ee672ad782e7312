"""`assistant eval masking`: shares, false marks, and misses by id without their text."""

from __future__ import annotations

import json

import pytest

from assistant.commands import cli
from assistant.errors import SettingsError
from assistant.evaluate.masking import SET, evaluate, in_forms, parts, read_set
from assistant.rules.clean import clean
from tests.documents import to_docx

LINES = [
    {"id": "x001", "text": "由孟德军接手，电话13812345678。", "persons": [[1, 4]], "numbers": [[9, 20]], "kind": "plain"},
    {"id": "x002", "text": "完成改造3处。", "persons": [[0, 2]], "numbers": [[4, 5]], "kind": "never found"},
    {"id": "x003", "text": "李家庄村已验收。", "persons": [], "numbers": [], "kind": "none"},
    {"id": "x004", "text": "柳青核对。", "cells": {"evaluators.1.name": "柳 青"}, "persons": [], "numbers": [],
     "kind": "the cell's name, unlabelled"},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "x.jsonl").write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), encoding="utf-8"
    )
    return tmp_path


def test_shares_are_over_spans_and_a_mark_on_nobody_is_false(folder):
    score = evaluate(read_set(folder), "all")
    assert (score.persons, score.persons_masked) == (2, 1)
    assert (score.numbers, score.numbers_masked) == (2, 1)
    assert score.marks_false == 1
    assert score.false_in_1000 == 250
    assert score.misses == ["x002 person 0-2 never found", "x002 number 4-5 never found"]


def test_halves_go_by_the_number_in_the_id(folder):
    assert [(one.part, one.sentences) for one in parts(read_set(folder))] == [("all", 4), ("odd", 2), ("even", 2)]


def test_misses_are_told_by_id_and_never_by_their_words(folder, capsys):
    code = cli.main(["eval", "masking", str(folder), "--forms", "--misses", "--min-persons", "0.99"])
    out = capsys.readouterr()
    assert code == 1
    assert "未达到" in out.err
    assert "x002 person 0-2" in out.out
    assert not any(word in out.out for word in ("完成", "柳青", "孟德军"))


def test_in_forms_marks_outside_the_cells_of_names_are_counted(tmp_path):
    form = clean("section")
    form.put("conclusion.experience", "周明远主持，由孟德军接手。")
    (tmp_path / "甲.docx").write_bytes(to_docx(form))
    vain = in_forms([tmp_path])
    assert (vain.forms, vain.marks) == (1, 1)


def test_a_line_out_of_shape_is_named(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"id": "x"}', encoding="utf-8")
    with pytest.raises(SettingsError, match="第 1 行"):
        read_set(tmp_path)


def test_the_set_is_what_its_readme_says_and_the_figures_hold():
    """The floors are what was measured last; a change that masks less fails here."""
    sentences = read_set(SET)
    assert len(sentences) >= 400
    assert sum(not one.persons and not one.numbers for one in sentences) >= len(sentences) * 0.45
    for one in sentences:
        for start, end in (*one.persons, *one.numbers):
            assert 0 <= start < end <= len(one.text), one.id
    score = evaluate(sentences, "all")
    assert score.persons_share >= 0.97
    assert score.numbers_share >= 0.98
