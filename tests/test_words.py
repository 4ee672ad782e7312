"""Clauses by their words, and what is kept of them and of the files: nothing is worked out twice, nothing stale is used."""

from __future__ import annotations

import dataclasses
import math

import pytest

from assistant.policies import kept
from assistant.policies.clause import Clause, Document
from assistant.policies.library import load_policies, shipped_policies
from assistant.policies.store import add, amend
from assistant.read import read_bytes
from assistant.retrieve import words
from assistant.retrieve.words import Words, tokens

DOCUMENT = Document("甲", "甲〔2020〕1号", "", "", "", "", "law", "national", "binding")


def clause(key, text):
    return Clause(f"甲#{key}", DOCUMENT, "", text, "verified", "national", "binding")


CLAUSES = [clause("1", "预算执行"), clause("2", "预算公开公开"), clause("3", "其他")]


def test_the_score_is_that_of_bm25_worked_out_by_hand():
    found = Words(CLAUSES)
    lengths = [len(tokens(words._text(one))) + 1 for one in CLAUSES]
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    times = tokens("预算公开公开").count("公开")
    norm = 1.5 * (1 - 0.75 + 0.75 * lengths[1] / (sum(lengths) / 3))
    assert found.scores("公开", thesaurus=False)[1] == pytest.approx(idf * times / (times + norm), rel=1e-5)
    assert list(found.scores("公开", thesaurus=False) > 0) == [False, True, False]


def test_a_clause_that_was_counted_is_never_cut_again(tmp_path, monkeypatch):
    first = Words(CLAUSES, tmp_path)
    seen = []
    monkeypatch.setattr(words, "tokens", lambda text: seen.append(text) or tokens(text))
    changed = [CLAUSES[2], dataclasses.replace(CLAUSES[0], digest="预算调整"), CLAUSES[1]]
    later = Words(changed, tmp_path)
    assert len(seen) == 1 and "预算调整" in seen[0]
    fresh = Words(changed)
    assert list(later.scores("公开 预算 调整")) == list(fresh.scores("公开 预算 调整"))
    assert first.scores("执行")[0] > 0 and not later.scores("执行").any()


def test_the_same_clauses_are_only_opened(tmp_path, monkeypatch):
    Words(CLAUSES, tmp_path)
    monkeypatch.setattr(words, "_counted", lambda *_: pytest.fail("counted again"))
    assert Words(CLAUSES, tmp_path).scores("公开")[1] > 0


@pytest.mark.parametrize("name", ["starts.npy", "vocabulary.txt"])
def test_damaged_counts_are_made_again(tmp_path, name):
    Words(CLAUSES, tmp_path)
    (home,) = tmp_path.iterdir()
    (home / name).write_bytes(b"x")
    assert Words(CLAUSES, tmp_path).scores("公开")[1] > 0


def test_the_same_clause_twice_is_found_twice():
    twice = [CLAUSES[1], dataclasses.replace(CLAUSES[1], id="甲#4")]
    assert (Words(twice).scores("公开") > 0).all()


def test_a_share_of_a_query_that_a_clause_holds_needs_two_words():
    found = Words(CLAUSES)
    assert found.share_held("公开", 1) == 0
    assert found.share_held("预算公开", 1) == 1
    assert 0 < found.share_held("预算公开 红烧肉", 1) < 1


# --- the files as they were read ---------------------------------------------------------------


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    for at in range(kept.FEW + 3):
        text = f"云栖县第{at}号办法\n云财〔2021〕{at + 1}号\n第一条　内容{at}。\n第二条　预算公开。"
        add(read_bytes(text.encode(), "办法.txt"), store=tmp_path / "policies")
    return tmp_path / "policies"


def test_a_new_process_parses_no_file_that_was_read_before(store, monkeypatch):
    before = load_policies(store)
    kept._read_here.clear()
    monkeypatch.setattr(kept, "read_policy", lambda path: pytest.fail(f"parsed {path}"))
    again = kept.read_files(list(_files(store)), store.parent / "index")
    assert [one.document for _, one in again] == [one for one in before.documents.values() if one.own]
    assert [clause for _, one in again for clause in one.clauses] == [one for one in before.clauses.values() if one.official]  # fmt: skip


def _files(store):
    from assistant.policies.library import _signature

    return _signature(store)


def test_a_changed_file_is_read_anew_and_a_damaged_copy_is_done_without(store):
    document = next(one for one in load_policies(store).documents.values() if one.own)
    amend(document.id, number=document.number, title="新名称", date="", ended=False, store=store)
    assert load_policies(store).documents[document.id].title == "新名称"
    (copy,) = (store.parent / "index").glob("read-*.json")
    copy.write_text("{", encoding="utf-8")
    kept._read_here.clear()
    assert kept.read_files(_files(store), store.parent / "index")[0][1].document.own


def test_what_a_file_repeals_among_many_ends_once(store):
    text = "云栖县总办法\n云财〔2022〕1号\n第一条　甲。\n第二条　本办法自2022年1月1日起施行。《云栖县第3号办法》（云财〔2021〕4号）同时废止。"
    newer = add(read_bytes(text.encode(), "办法.txt"), store=store).document
    ended = [one.id for one in load_policies(store).documents.values() if one.superseded_by == newer.id]
    assert ended == ["云财-2021-4"]
    assert load_policies(store).base is shipped_policies()
