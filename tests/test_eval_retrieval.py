"""The queries of eval_sets/retrieval: what the search must find of them, and that the figures are counted right."""

from __future__ import annotations

import dataclasses
import json
import random

import numpy as np
import pytest
import yaml

from assistant.commands.cli import main
from assistant.errors import SettingsError
from assistant.evaluate import retrieval as evaluate_retrieval
from assistant.evaluate.retrieval import Query, evaluate, read_queries, score
from assistant.policies.library import load_policies
from assistant.retrieve import embedding, lexicon, words
from assistant.retrieve.search import MEANING, PARTS, RULES, WORDS, Match, Search
from assistant.settings.settings import Settings
from dev import train_embedding

POLICIES = load_policies()
QUERIES = read_queries(evaluate_retrieval.SET, POLICIES.clauses)
LINES = [json.loads(line) for line in (evaluate_retrieval.SET / "queries.jsonl").read_text("utf-8").splitlines()]

ONE_CLAUSE = 0.0025
"""What one clause more or less makes of recall@5 in a half."""


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    opened = Search(POLICIES, Settings(index_dir=tmp_path_factory.mktemp("index")))
    yield opened
    opened.close()


def _split(name):
    return [query for query in QUERIES if query.split == name]


# --- what must be found ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def scores(search):
    return {(one.split, one.way): one for one in evaluate(search, QUERIES)}


def test_the_test_half_has_a_relevant_clause_among_the_first_five_and_three_quarters_of_all(scores):
    hybrid = scores["test", "hybrid"]
    assert hybrid.hit_5 >= 0.95
    assert hybrid.recall_5 >= 0.75


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("way", ["BM25", "dense"])
def test_the_hybrid_is_no_worse_than_either_part(scores, split, way):
    assert scores[split, "hybrid"].hit_5 >= scores[split, way].hit_5
    assert scores[split, "hybrid"].recall_5 >= scores[split, way].recall_5 - ONE_CLAUSE


def test_without_the_thesaurus_the_words_find_less_and_the_search_puts_the_right_clause_later(
    search, scores, monkeypatch
):
    monkeypatch.setattr(lexicon, "thesaurus", tuple)
    assert score(search, _split("test"), "BM25", (WORDS,)).recall_5 < scores["test", "BM25"].recall_5
    assert score(search, _split("test"), "hybrid", PARTS).mrr < scores["test", "hybrid"].mrr
    lexicon.official_terms.cache_clear()


def test_without_the_notions_less_is_found(search, scores, monkeypatch):
    monkeypatch.setattr(lexicon, "notions", tuple)
    lexicon.notions_in.cache_clear()
    for way, parts in (("hybrid", PARTS), ("dense", (MEANING,))):
        without = score(search, _split("test"), way, parts)
        assert without.recall_5 < scores["test", way].recall_5
    lexicon.notions_in.cache_clear()


def test_words_and_rules_carry_the_search_where_the_meaning_is_not_known(search, monkeypatch):
    """An embedding that knows nothing stands for queries that training did not foresee."""
    monkeypatch.setattr(search, "_similarities", lambda text: np.zeros(len(POLICIES.clauses), dtype=np.float32))
    monkeypatch.setattr(search, "_certain", lambda *given: True)
    part = _split("test")
    both = score(search, part, "both", PARTS)
    words = score(search, part, "words", (WORDS, MEANING))
    rules = score(search, part, "rules", (RULES, MEANING))
    assert both.recall_5 > words.recall_5 > 0
    assert both.hit_5 > rules.hit_5 > 0


@pytest.mark.slow
def test_the_hybrid_is_better_than_either_part_where_training_did_not_foresee_a_query(tmp_path, monkeypatch):
    """Trained on every third saying, which leaves many a query to the words and the rules. It finds no less and puts it higher."""
    data = yaml.safe_load(train_embedding.SAYINGS.read_text(encoding="utf-8"))
    for topic in data["topics"]:
        topic["says"] = topic["says"][::3]
    (tmp_path / "third.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(train_embedding, "SAYINGS", tmp_path / "third.yaml")
    np.savez(tmp_path / "third.npz", **train_embedding.train(list(train_embedding.examples(POLICIES)), POLICIES))
    monkeypatch.setattr(embedding, "shipped", lambda: third)
    third = embedding.TrainedNgrams(tmp_path / "third.npz")
    opened = Search(POLICIES, Settings(index_dir=tmp_path))
    found = {one.way: one for one in evaluate(opened, _split("test"))}
    opened.close()
    for way in ("BM25", "dense"):
        assert (found["hybrid"].hit_5, found["hybrid"].mrr) > (found[way].hit_5, found[way].mrr)
        assert found["hybrid"].recall_5 >= found[way].recall_5


# --- the set ---------------------------------------------------------------------------------


def test_there_are_enough_queries_in_both_halves_and_each_is_there_once():
    assert len(QUERIES) >= 150
    assert {query.split for query in QUERIES} == {"dev", "test"}
    assert len({query.text for query in QUERIES}) == len(QUERIES)
    assert min(len(_split("dev")), len(_split("test"))) > 100


def test_paraphrases_of_one_family_are_in_one_half():
    halves: dict[str, set[str]] = {}
    for line in LINES:
        halves.setdefault(line["family"], set()).add(line["split"])
    assert [family for family, split in halves.items() if len(split) > 1] == []


def test_nearly_every_clause_answers_some_query():
    asked = set().union(*(query.relevant for query in QUERIES))
    assert len(asked) >= 0.95 * len(POLICIES.clauses)


@pytest.mark.slow
def test_nothing_the_embedding_is_trained_on_is_near_a_query():
    secret = [train_embedding.pairs(query.text) for query in QUERIES]
    trained = list(train_embedding.examples(POLICIES))
    clauses = {train_embedding.text_of(clause) for clause in POLICIES.clauses.values()}
    near = [one.text for one in trained if one.text not in clauses and train_embedding.gives_away(one.text, secret)]
    assert len(trained) > 5000
    assert near == []


def test_a_saying_near_a_query_is_known_to_be():
    secret = [train_embedding.pairs("总分和各项对不上")]
    assert train_embedding.gives_away("总分与各项对不上了", secret)
    assert not train_embedding.gives_away("满意度没有调查", secret)


@pytest.mark.slow
def test_training_twice_gives_the_same_embedding():
    few = random.Random(0).sample(list(train_embedding.examples(POLICIES)), 300)
    one, other = train_embedding.train(few, POLICIES), train_embedding.train(few, POLICIES)
    assert all(np.array_equal(one[name], other[name]) for name in one)


# --- the figures -----------------------------------------------------------------------------


class Answers:
    """A search that answers each text with clauses set down beforehand."""

    def __init__(self, **answers):
        self._answers = answers

    def ranked(self, text, *, parts=PARTS):
        clause = next(iter(POLICIES.clauses.values()))
        return [Match(dataclasses.replace(clause, id=name), 1.0, 1.0) for name in self._answers.get(text, "")]


def test_recall_hits_and_reciprocal_rank_are_counted_as_by_hand():
    search = Answers(first="axbcdy", second="xyzwva", third="")
    queries = [
        Query("first", frozenset("ay")),  # a is first; y is sixth, too late
        Query("second", frozenset("a")),  # sixth
        Query("third", frozenset("a")),  # nothing found
    ]
    counted = score(search, queries, "hybrid", PARTS)
    assert counted.recall_1 == pytest.approx(1 / 4)
    assert counted.recall_5 == pytest.approx(1 / 4)
    assert counted.hit_5 == pytest.approx(1 / 3, abs=1e-4)
    assert counted.mrr == pytest.approx((1 + 1 / 6) / 3, abs=1e-4)
    assert counted.queries == 3


def test_each_part_can_be_asked_alone(search):
    text = "没花完钱也没说为什么"
    clauses = list(POLICIES.clauses.values())
    plain = {
        one.id for one in clauses if not (one.document.about or one.document.superseded_by or one.region != "national")
    }
    scores = dict(zip(POLICIES.clauses, words.Words(clauses).scores(text), strict=True))
    by_words = [one.clause.id for one in search.ranked(text, parts=(WORDS,)) if one.clause.id in plain]
    assert [scores[name] for name in by_words] == sorted((scores[name] for name in by_words), reverse=True)
    by_meaning = [one.similarity for one in search.ranked(text, parts=(MEANING,)) if one.clause.id in plain]
    assert by_meaning == sorted(by_meaning, reverse=True)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("{", "第 1 行不合格式"),
        ('{"query": "总分"}', "每行应有 query 和 relevant"),
        ('{"query": "总分", "relevant": ["no-such#art-1"]}', "没有条款 no-such#art-1"),
        ('{"query": "总分", "relevant": []}', "relevant 是空的"),
        ("\n", "没有查询"),
    ],
)
def test_a_set_out_of_shape_is_said_with_its_line(tmp_path, lines, why):
    (tmp_path / "queries.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(SettingsError, match=why):
        read_queries(tmp_path, POLICIES.clauses)


def test_a_set_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SettingsError, match="无法读取"):
        read_queries(tmp_path / "none", POLICIES.clauses)


def test_the_command_prints_each_way_and_fails_below_what_is_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path))
    file = tmp_path / "mine.jsonl"
    asked = [
        {"query": "没花完钱也没说为什么", "relevant": ["mof-2020-10#ch5-lowexec"]},
        {"query": "今天天气如何", "relevant": ["mof-2020-10#art-11"]},
    ]
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in asked), encoding="utf-8")
    assert main(["eval", "retrieval", str(file), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["way"] for one in found["scores"]] == ["hybrid", "BM25", "dense"]
    assert found["scores"][0]["hit@5"] == 0.5
    assert main(["eval", "retrieval", str(file), "--min-hit", "0.6"]) == 1
    out = capsys.readouterr().out
    assert "recall@5" in out
    assert "hybrid" in out
