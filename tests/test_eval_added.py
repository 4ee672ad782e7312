"""Queries over added texts, and those that nothing answers: the figures the search must reach of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.cli import main
from assistant.errors import SettingsError
from assistant.evaluate.added import measure
from assistant.settings.settings import Settings
from tests.test_official_shapes import FOLDER, folder_only

SET = Path(__file__).parents[1] / "eval_sets/retrieval"
ADDED = SET / "added"


def measured(files, documents):
    return measure(files, documents, Settings(model_base_url=None, model=None))


def test_added_texts_answer_what_is_asked_of_them_in_other_words():
    answers = measured([ADDED / "queries.jsonl"], ADDED / "documents")
    assert answers.queries == 20
    assert answers.hit_5 >= 0.85 and answers.recall_5 >= 0.85


def test_what_nothing_answers_finds_nothing_with_added_texts_and_without():
    for documents in (None, ADDED / "documents"):
        answers = measured([SET / "nothing.jsonl"], documents)
        assert answers.unanswerable >= 30 and answers.said_nothing >= 0.95


@folder_only
def test_the_texts_of_the_folder_answer_what_a_fresh_hand_asked_of_them():
    answers = measured([ADDED / "folder.jsonl"], FOLDER)
    assert answers.queries >= 40
    assert answers.hit_5 >= 0.95 and answers.recall_5 >= 0.85


def test_hits_recall_and_silence_are_counted_as_by_hand(tmp_path):
    (tmp_path / "queries.jsonl").write_text(
        '{"query": "支出不足一半还能不能得分", "relevant": ["qingwu-measure 第四条"]}\n'
        '{"query": "支出不足一半还能不能得分", "relevant": ["qingwu-measure 第四条", "qingwu-measure 第十五条"]}\n'
        '{"query": "支出不足一半还能不能得分", "relevant": ["qingwu-measure 第十五条"]}\n'
        '{"query": "红烧肉怎么做好吃"}\n{"query": "支出不足一半还能不能得分"}\n',
        encoding="utf-8",
    )
    answers = measured([tmp_path / "queries.jsonl"], ADDED / "documents")
    assert (answers.queries, answers.hit_5, answers.recall_5) == (3, 0.6667, 0.5)
    assert (answers.unanswerable, answers.said_nothing) == (2, 0.5)


def test_a_reference_that_means_no_clause_is_said(tmp_path):
    (tmp_path / "queries.jsonl").write_text('{"query": "甲", "relevant": ["qingwu-measure 第九十条"]}', "utf-8")
    with pytest.raises(SettingsError, match="第九十条"):
        measured([tmp_path / "queries.jsonl"], ADDED / "documents")


def test_the_command_adds_the_documents_beside_a_set_and_fails_below_what_is_asked(capsys):
    assert main(["eval", "retrieval", str(ADDED), "--min-hit", "0.8"]) == 0
    assert "hit@5" in capsys.readouterr().out
    assert main(["eval", "retrieval", str(ADDED), "--min-hit", "1.01"]) == 1
