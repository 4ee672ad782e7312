"""The measure of drafters: worked out by hand on small cases, then the templates held to their marks."""

from __future__ import annotations

import json

import pytest

from assistant.commands import cli
from assistant.draft.suggestion import Suggestion, closing
from assistant.errors import SettingsError
from assistant.evaluate.drafting import Item, Scores, evaluate, judge, read_labels, report
from assistant.policies.library import clause
from assistant.retrieve.retriever import Retrieved
from assistant.review.reviewer import Reviewer
from assistant.rules.clean import clean
from assistant.settings.settings import Settings
from assistant.settings.shipped import folder

SET = folder("eval_sets") / "drafting"
CITED = (Retrieved(clause("mof-2020-10#art-16-method"), 0.5, ""),)


def _suggestion(comment="总分96分，请更正。", field="scores.total", rule="S01", origin="template", rewrite=None):
    return Suggestion(field, "error", rule, f"{comment}{closing(CITED)}", rewrite, CITED, origin, "x", "", 0)


def _item(**change):
    known = {"form": "f", "field": "scores.total", "rule": "S01", "must": (("96",), ("更正", "重算"))}
    return Item(**known | change)


def test_a_comment_is_scored_by_what_it_mentions_and_must_not_claim():
    result = judge(_item(must=(("96",), ("98",), ("更正", "重算")), never=("请更正",)), [_suggestion()])
    assert (result.found, result.covered, result.missed, result.claimed) == (True, 2, ["98"], ["请更正"])


def test_what_the_citation_says_is_not_what_the_comment_mentions():
    assert judge(_item(must=(("管理办法",),)), [_suggestion()]).covered == 0


def test_a_model_wording_mentions_as_well():
    assert judge(_item(must=(("实测",),)), [_suggestion(rewrite="【请补充：实测数值】")]).covered == 1


def test_the_comment_must_stand_on_the_field_and_speak_of_the_rule():
    assert not judge(_item(field="scores.output"), [_suggestion()]).found
    assert not judge(_item(rule="S05"), [_suggestion()]).found


def test_a_models_own_remark_may_name_another_rule_where_only_a_model_sees_the_point():
    item = _item(rule="N05", model_only=True)
    assert judge(item, [_suggestion(origin="model")]).found
    assert not judge(item, [_suggestion()]).found


def test_a_clause_counts_by_how_its_id_begins():
    assert judge(_item(clauses=("mof-2020-10#art-16",)), [_suggestion()]).clause_right
    assert not judge(_item(clauses=("mof-2020-10#art-18",)), [_suggestion()]).clause_right


def test_shares_are_of_items_mentions_and_found_comments():
    scores = Scores("x")
    scores.results = [
        judge(_item(must=(("96",), ("98",)), clauses=("mof-2020-10",)), [_suggestion()]),
        judge(_item(field="scores.output", must=(("1",), ("2",))), [_suggestion()]),
    ]
    part = scores.of(model_only=False)
    assert (part.items, part.field, part.mentions, part.clause) == (2, 0.5, 0.25, 1.0)
    assert scores.of(model_only=True).field is None


@pytest.mark.parametrize(
    "text",
    ["forms: {}", "forms: {f: {from: x}}\nitems: [{form: g, field: a, rule: null, must: []}]", "forms: {f: {from: x}}\nitems: [{form: f, field: a, rule: null, must: [], mustn: []}]"],
    ids=["没有条目", "没有这张表", "键写错"],
)  # fmt: skip
def test_labels_out_of_shape_are_refused(tmp_path, text):
    (tmp_path / "labels.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"labels\.yaml"):
        read_labels(tmp_path)


def test_the_set_is_large_enough_and_speaks_of_fields_that_exist():
    forms, items = read_labels(SET)
    assert len(items) >= 40
    assert len({item.form for item in items}) >= 8
    assert all(path.is_file() for path, _ in forms.values())
    assert all(item.must for item in items)


class Inventive(Reviewer):
    """A drafter that makes up a figure in every comment."""

    def form(self, form, stage=lambda name: None):
        review = super().form(form, stage)
        for one in review.suggestions:
            one.comment = f"应为8765分，请更正。{one.comment}"
        return review


def test_invented_figures_are_counted(tmp_path):
    form = clean("section")
    form.put("scores.total", "90")
    (tmp_path / "f.json").write_text(json.dumps(form.to_json(), ensure_ascii=False), encoding="utf-8")
    (tmp_path / "labels.yaml").write_text(
        "forms: {f: {from: f.json}}\nitems: [{form: f, field: scores.total, rule: S01, must: [90, 100]}]",
        encoding="utf-8",
    )
    settings = Settings(model_base_url=None, model=None)
    honest = evaluate(tmp_path, Reviewer(drafter="template", settings=settings), "template")
    assert (honest.figures_invented, honest.share_grounded) == (0, 1.0)
    scores = evaluate(tmp_path, Inventive(drafter="template", settings=settings), "x")
    assert scores.figures_invented == scores.comments > 0
    assert scores.share_grounded == 0
    assert "8765" in report(scores, misses=True)


def test_the_templates_keep_their_marks(capsys, monkeypatch):
    """The figures of docs/drafting.md; a change for the worse shows here."""
    for name in ("MODEL", "MODEL_BASE_URL"):
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)
    assert cli.main(["eval", "drafting", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["figures_invented"] == 0
    assert said["grounded"] == 1.0
    assert said["on_clean_forms"] == 0
    assert said["computed"]["field"] == 1.0
    assert said["computed"]["mentions"] >= 0.96
    assert said["computed"]["clause"] >= 0.3  # of each remark at most one clause, and only one that was checked
    assert said["computed"]["claims"] == said["model_only"]["claims"] == 0
