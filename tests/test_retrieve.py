"""Findings to clauses: which may be cited, in what order, and an index that survives what happens to files."""

from __future__ import annotations

import dataclasses
import functools
import json
import subprocess
import sys
import zlib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import yaml

from assistant.commands.cli import main
from assistant.draft.suggestion import basis, closing
from assistant.form.finding import Finding
from assistant.policies.library import load_policies
from assistant.retrieve import index as indexes
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import TrainedNgrams, features, shipped, text_of
from assistant.retrieve.index import ChromaIndex, MemoryIndex, open_index
from assistant.retrieve.lookup import look_up
from assistant.retrieve.retriever import Retrieved, Retriever, _chosen
from assistant.retrieve.search import Search
from assistant.rules.clean import clean
from assistant.rules.rule import load
from assistant.settings.settings import Settings
from tests.chat_server import Reply, error

POLICIES = load_policies()
EMBEDDING = shipped()


@functools.cache
def vectors():
    return EMBEDDING.of_clauses(list(POLICIES.clauses.values()))


TOTAL = Finding("S01", "error", "scores.total", "总分填90分，各项得分合计100分，相差10分。", {"expected": Decimal(100)})
VAGUE = Finding("I10", "advice", "indicators.quality.1.target", "指标值“有效提升”没有可衡量的标准。")


@pytest.fixture(scope="module")
def index_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def retriever(index_dir):
    opened = Retriever(Settings(index_dir=index_dir, region=None))
    yield opened
    opened.close()


def _form(department="松源市水利局", year="2022", project="乡镇流动图书服务项目", family="section"):
    form = clean(family)
    form.put("basic.department", department)
    form.put("basic.implementing_unit", department)
    form.put("basic.stamp", department)
    form.put("basic.evaluation_year", year)
    form.put("basic.project_name", project)
    return form


def _ids(found):
    return [one.clause.id for one in found]


# --- the embedding ---------------------------------------------------------------------------


def test_features_are_characters_pairs_and_triples_numbers_words_and_official_terms():
    found = list(features("没花完 97.5%ABC"))
    assert {"没", "没花", "没花完", "97.5", "abc", "§预算执行率"} <= set(found)


def test_words_of_one_notion_are_one_feature_and_two_notions_together_another():
    one, other = set(features("拨款趴在账上，没讲缘故")), set(features("经费躺着不动，不解释为什么"))
    assert {"¤剩下", "¤不讲缘由", "¤不讲缘由¤剩下"} <= one & other


def test_every_notion_has_words_that_stand_under_it_once():
    listed = yaml.safe_load((lexicon.HERE / "notions.yaml").read_text(encoding="utf-8"))
    assert len(listed) > 100
    for notion, said in listed.items():
        assert len(said) > 2, notion
        assert len(set(map(str, said))) == len(said), notion
        assert all(notion in lexicon.notions_in(str(one).replace("~", "")) for one in said), notion


def test_full_width_and_half_width_give_the_same_vector():
    one, other = EMBEDDING.of_queries(["得分１０分ＡＢ", "得分10分ab"])
    assert np.array_equal(one, other)


def test_vectors_have_length_one_and_the_same_text_always_gives_the_same():
    found = EMBEDDING.of_queries(["预算执行率偏低", "预算执行率偏低", ""])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1])
    again = TrainedNgrams(lexicon.EMBEDDING).of_queries(["预算执行率偏低"])
    assert np.array_equal(found[0], again[0])


def test_a_clause_is_nearest_to_its_own_wording():
    index = MemoryIndex(list(POLICIES.clauses), vectors())
    missed = [
        clause.id
        for clause in POLICIES.clauses.values()
        if clause.id not in index.nearest(EMBEDDING.of_queries([clause.digest])[0], 5)
    ]
    assert missed == []


def test_a_clause_added_later_is_found_by_its_text_alone():
    known = POLICIES.clauses["train-2016-540#art-10"]
    added = dataclasses.replace(known, id="train-2016-540#added")
    query = EMBEDDING.of_queries(["请教授上课一节给两千块合适吗"])[0]
    (vector,) = EMBEDDING.of_clauses([added])
    others = np.delete(vectors() @ query, list(POLICIES.clauses).index(known.id))
    assert vector @ query > np.quantile(others, 0.97)


# --- the index -------------------------------------------------------------------------------


def test_the_index_on_disk_and_the_one_in_memory_answer_alike(tmp_path):
    disk, note = open_index(POLICIES, EMBEDDING, tmp_path)
    assert isinstance(disk, ChromaIndex)
    assert note == ""
    memory = MemoryIndex(list(POLICIES.clauses), vectors())
    vector = EMBEDDING.of_queries(["预算执行率低于百分之八十，没有说明原因"])[0]
    near = disk.nearest(vector, 10)
    assert list(near)[:3] == list(memory.nearest(vector, 3))
    some = ["mof-2020-10#art-11", "budget-law-2018#art-12"]
    assert disk.similarities(vector, some) == pytest.approx(memory.similarities(vector, some), abs=1e-5)
    disk.close()


def test_an_index_once_built_is_only_opened(tmp_path, monkeypatch):
    open_index(POLICIES, EMBEDDING, tmp_path)[0].close()
    monkeypatch.setattr(indexes, "_build", lambda *args: pytest.fail("built again"))
    index, note = open_index(POLICIES, EMBEDDING, tmp_path)
    assert note == ""
    index.close()


def test_changed_policies_and_a_changed_embedding_each_get_an_index_of_their_own(tmp_path):
    class Newer(TrainedNgrams):
        def __init__(self):
            super().__init__(lexicon.EMBEDDING)
            self.name = "another"

    fewer = dataclasses.replace(POLICIES, clauses=dict(list(POLICIES.clauses.items())[:5]), sha256="0" * 64)
    open_index(POLICIES, EMBEDDING, tmp_path)[0].close()
    index, _ = open_index(fewer, EMBEDDING, tmp_path)
    assert isinstance(index, ChromaIndex)
    assert index.count == 5
    index.close()
    open_index(POLICIES, Newer(), tmp_path)[0].close()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_damaged_index_is_built_again(tmp_path):
    open_index(POLICIES, EMBEDDING, tmp_path)[0].close()
    (home,) = tmp_path.iterdir()
    (home / "chroma.sqlite3").write_bytes(b"not a database")
    index, note = open_index(POLICIES, EMBEDDING, tmp_path)
    assert isinstance(index, ChromaIndex), note
    assert index.count == len(POLICIES.clauses)
    index.close()


def test_an_index_folder_that_cannot_be_written_is_said_and_replaced_by_memory(tmp_path):
    occupied = tmp_path / "a-file"
    occupied.write_text("", encoding="utf-8")
    index, note = open_index(POLICIES, EMBEDDING, occupied / "index")
    assert isinstance(index, MemoryIndex)
    assert "无法读写" in note
    assert "内存" in note


def test_without_chroma_the_clauses_are_the_same_and_the_note_says_why(monkeypatch, retriever, tmp_path):
    monkeypatch.setitem(sys.modules, "chromadb", None)
    plain = Retriever(Settings(index_dir=tmp_path))
    assert "未安装 chromadb" in plain.note
    assert _ids(plain.for_finding(TOTAL, _form())) == _ids(retriever.for_finding(TOTAL, _form()))


@pytest.mark.slow
def test_two_processes_may_build_at_the_same_time(tmp_path):
    code = (
        "import sys; from pathlib import Path; from assistant.retrieve.retriever import Retriever; from assistant.settings.settings import Settings;"
        "r = Retriever(Settings(index_dir=Path(sys.argv[1]))); print(type(r._search.index).__name__, r._search.index.count, r.note); r.close()"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [run.communicate(timeout=100)[0].strip() for run in runs]
    assert said == [f"ChromaIndex {len(POLICIES.clauses)}"] * 2
    assert sorted(path.name.split("-")[0] for path in tmp_path.iterdir()) == ["policies", "words"]


def test_an_old_index_is_swept_away_once_nobody_can_be_using_it(tmp_path):
    import os

    old, recent = tmp_path / "policies-old", tmp_path / "policies-recent"
    stranger = tmp_path / "my-notes"
    for folder in (old, recent, stranger):
        folder.mkdir()
    for folder in (old, stranger):
        os.utime(folder, (0, 0))
    open_index(POLICIES, EMBEDDING, tmp_path)[0].close()
    assert not old.exists()
    assert recent.exists()
    assert stranger.exists()


def test_importing_the_drafting_side_loads_none_of_the_heavy_libraries():
    code = (
        "import sys, assistant.retrieve.retriever, assistant.draft.drafter, assistant.model.client, assistant.settings.settings;"
        "print([name for name in ('chromadb', 'langchain_core', 'langchain_openai', 'openai', 'numpy') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


# --- which clauses ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(load()))
def test_a_rules_own_clauses_come_with_its_finding(code, retriever):
    rule = load()[code]
    finding = Finding(code, rule.severity, "scores.total", rule.title)
    found = _ids(retriever.for_finding(finding, _form("山西省阳泉市水利局"), top=10))
    applying = [
        name
        for name in rule.policy
        if POLICIES.clause(name).document.holds_in(2022) and not POLICIES.clause(name).document.about
    ]
    assert set(applying) <= set(found)
    if applying:
        assert found[0] in rule.policy


def test_wording_decides_among_the_clauses_a_rule_is_tied_to(retriever, monkeypatch):
    monkeypatch.setattr(retriever, "_rules", {})  # whatever clauses the rule's own file chooses

    def first(message):
        finding = Finding("I11", "advice", "indicators.quality.1.name", message)
        return [one.clause.id for one in retriever.for_finding(finding, _form(), top=40)]

    quality = first("质量指标写的是工作数量，不反映达到的标准和水平，如验收合格率")
    satisfaction = first("满意度指标应反映服务对象和受益人的认可程度，要做满意度调查")
    assert quality.index("mof-2021-101#2-quality") < quality.index("mof-2021-101#2-satisfaction")
    assert satisfaction.index("mof-2021-101#2-satisfaction") < satisfaction.index("mof-2021-101#2-quality")


def test_nothing_is_cited_where_nothing_supports_the_finding(retriever):
    assert retriever.for_finding(Finding("X99", "advice", "scores.total", "今天天气很好"), _form()) == []


def test_every_clause_comes_with_a_score_and_why_best_first(retriever):
    found = retriever.for_finding(VAGUE, _form())
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all("相近度" in one.why for one in found)


def test_another_places_form_is_practice_only_and_says_so(retriever):
    elsewhere = {one.clause.id: one for one in retriever.for_finding(TOTAL, _form("松源市水利局"), top=10)}
    at_home = {one.clause.id: one for one in retriever.for_finding(TOTAL, _form("山西省阳泉市水利局"), top=10)}
    footer = "yangquan-form-2022#footer-caps"
    assert elsewhere[footer].standing == "practice"
    assert "仅供参照" in elsewhere[footer].cite()
    assert at_home[footer].standing == "ground"
    assert "仅供参照" not in at_home[footer].cite()


def test_a_place_named_inside_a_units_name_is_not_where_the_form_comes_from(retriever):
    found = {one.clause.id: one for one in retriever.for_finding(TOTAL, _form("松源市驻阳泉办事处"), top=10)}
    assert found["yangquan-form-2022#footer-caps"].standing == "practice"


def test_the_region_of_the_settings_speaks_for_forms_that_name_no_place(index_dir):
    opened = Retriever(Settings(index_dir=index_dir, region="山西阳泉"))
    found = {one.clause.id: one for one in opened.for_finding(TOTAL, _form("市水利局"), top=10)}
    opened.close()
    assert found["yangquan-form-2022#footer-caps"].standing == "ground"


def test_an_error_never_rests_on_memory_or_on_another_places_practice_alone(retriever):
    for code, rule in load().items():
        finding = Finding(code, "error", "scores.total", rule.title)
        cited = basis(retriever.for_finding(finding, _form()))
        grounds = [one for one in cited if one.solid]
        assert all(one.standing == "ground" and not one.clause.unchecked for one in grounds), code
        if not grounds:
            assert "依据" not in closing(cited), code


def test_a_checked_clause_that_only_reads_alike_is_no_ground_and_no_pointer(retriever):
    clauses = retriever.policies.clauses
    alike = Retrieved(clauses["budget-open-2016-143#art-4"], 0.9, "文字与问题相近")
    named = Retrieved(clauses["mof-2020-10#ch5-form"], 0.5, "规则 N09 所依据的条款", named=True)
    assert basis([alike, named]) == (named,)
    assert basis([alike]) == ()
    reference = Retrieved(clauses["mof-2021-101#1-goal"], 0.4, "文字与问题相近", "reference")
    assert basis([alike, reference]) == (reference,)
    unchecked = Retrieved(clauses["mof-2015-88#req-match"], 0.6, "文字与问题相近", "reference")
    assert basis([alike, unchecked, reference]) == (reference,)


def test_where_a_remark_could_rest_on_nothing_found_the_clause_its_rule_chose_takes_the_last_place(retriever):
    clauses = retriever.policies.clauses
    unchecked = [Retrieved(clauses[f"mof-2015-88#{name}"], 0.9, "") for name in ("req-match", "review", "standards")]
    named = Retrieved(clauses["mof-2020-10#art-21"], 0.1, "规则 F06 所依据的条款", named=True)
    assert _chosen([*unchecked, named], 2) == [unchecked[0], named]
    assert _chosen([named, *unchecked], 2) == [named, unchecked[0]]
    assert _chosen(unchecked, 2) == unchecked[:2]


def test_a_rule_of_a_later_year_is_not_held_against_an_earlier_form(retriever):
    overdue = Finding("F05", "warning", "funds.total.executed", "预算执行累计低于时点线，执行率预警")
    assert not any("2025" in name for name in _ids(retriever.for_finding(overdue, _form(year="2022"), top=40)))
    assert any("2025" in name for name in _ids(retriever.for_finding(overdue, _form(year="2025"), top=20)))


def test_a_fund_regulation_speaks_only_of_projects_of_its_kind(retriever):
    cost = Finding("F07", "warning", "indicators.cost.1.target", "培训费综合定额每人每天超过标准")
    library = _ids(retriever.for_finding(cost, _form(project="乡镇流动图书服务项目"), top=10))
    training = _ids(retriever.for_finding(cost, _form(project="基层干部培训项目"), top=10))
    assert not any(name.startswith("train-2016-540") for name in library)
    assert any(name.startswith("train-2016-540") for name in training)


def test_a_penalty_is_cited_only_where_a_rule_names_it(retriever, monkeypatch):
    accusing = Finding("F07", "warning", "funds.total.executed", "虚报冒领骗取预算资金，违规扩大开支范围或提高开支标准")
    assert not any(one.clause.sanction for one in retriever.for_finding(accusing, _form(), top=10))
    rule = dataclasses.replace(load()["F07"], policy=("budget-law-2018#art-95",))
    monkeypatch.setitem(retriever._rules, "F07", rule)
    assert "budget-law-2018#art-95" in _ids(retriever.for_finding(accusing, _form(), top=10))


def test_clauses_for_all_findings_go_by_position(retriever):
    found = retriever.for_findings([TOTAL, VAGUE], _form())
    assert list(found) == [0, 1]
    assert _ids(found[1]) == _ids(retriever.for_finding(VAGUE, _form()))


def test_a_form_edited_or_another_form_is_not_judged_by_the_one_before(retriever):
    finding = Finding("F05", "warning", "funds.total.executed", "预算执行累计低于时点线，执行率预警")
    retriever.for_finding(finding, _form(year="2025"))
    assert not any("2025" in name for name in _ids(retriever.for_finding(finding, _form(year="2022"), top=10)))


def test_the_index_folder_of_the_settings_is_used(index_dir, retriever):
    assert retriever.note == ""
    assert any(path.name.startswith("policies-") for path in Path(index_dir).iterdir())


def test_a_form_without_a_year_reports_on_the_year_before_it_was_filled(retriever):
    overdue = Finding("F05", "warning", "funds.total.executed", "预算执行累计低于时点线，执行率预警")

    def later(filled):
        form = _form(year=None)
        form.put("basic.period", None)
        form.put("basic.fill_date", filled)
        return [name for name in _ids(retriever.for_finding(overdue, form, top=40)) if "2025" in name]

    assert later("2023年3月10日") == later("2025-03-10") == []
    assert later("2026年3月10日") != []
    assert later("2025年12月20日") != []


# --- the search ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def search(index_dir):
    opened = Search(POLICIES, Settings(index_dir=index_dir))
    yield opened
    opened.close()


def _looked_up(search, text, **options):
    return [one.clause.id for one in look_up(search, text, **options)]


@pytest.mark.parametrize("text", ["今天天气如何", "今天天气如何？", "红烧肉怎么做才好吃", "", "？？", "qwerty"])
def test_what_no_clause_answers_finds_nothing(search, text):
    assert look_up(search, text) == []


def test_two_searches_answer_alike(search, tmp_path):
    other = Search(POLICIES, Settings(index_dir=tmp_path))
    for text in ("没花完钱也没说为什么", "请老师讲课给多少", "格子空着"):
        assert look_up(search, text) == look_up(other, text)
    other.close()


def test_scores_fall_and_never_pass_one(search):
    scores = [one.score for one in look_up(search, "没花完钱也没说为什么", top=20)]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1


def test_with_a_year_only_what_holds_for_it_is_searched(search):
    text = "行政复议多少天内办结"
    assert {"admin-review-law-2017#art-31", "admin-review-law-2023#art-62"} <= set(_looked_up(search, text))
    in_2022 = _looked_up(search, text, year=2022, top=300)
    assert "admin-review-law-2017#art-31" in in_2022
    assert "admin-review-law-2023#art-62" not in in_2022
    in_2024 = _looked_up(search, text, year=2024, top=300)
    assert "admin-review-law-2023#art-62" in in_2024
    assert "admin-review-law-2017#art-31" not in in_2024
    assert "admin-review-law-2017#art-31" in _looked_up(search, text, year=2024, superseded=True, top=300)


def test_a_rule_of_a_later_year_is_not_searched_for_an_earlier_one(search):
    text = "到10月底支出没到时点线会不会预警"
    assert "sichuan-2025#warn-rate" in _looked_up(search, text)
    assert not any("2025" in name for name in _looked_up(search, text, year=2022, superseded=True, top=300))


def test_what_was_superseded_comes_after_its_equals_and_says_so(search):
    found = {one.clause.id: one for one in look_up(search, "自评分数注水、拔高", top=20)}
    assert "已被取代" in found["mof-2016-self-eval#honest"].remarks


def test_another_places_rule_is_found_as_practice_only(search):
    name = "xianyang-train#art-9-10"
    for region, remark in ((None, "地方做法"), ("山西省阳泉市", "外地做法")):
        found = {one.clause.id: one for one in look_up(search, "市里办班请教授讲课给多少", region=region)}
        assert {remark, "仅供参照"} <= set(found[name].remarks)
        assert "仅供参照" in found[name].cite()
    at_home = {one.clause.id: one for one in look_up(search, "市里办班请教授讲课给多少", region="陕西省咸阳市")}
    assert not {"地方做法", "外地做法"} & set(at_home[name].remarks)


def test_a_place_puts_its_own_rules_before_those_of_others(search):
    def places(region):
        ids = _looked_up(search, "得分不能超过这一项的分值", region=region, top=20)
        return ids.index("yangquan-form-2022#footer-caps")

    assert places("山西阳泉") <= places("江西")


def test_a_number_and_article_find_the_clause_by_its_words(search):
    assert "gov-procure-law-2014#art-41" in _looked_up(search, "政府采购法第四十一条履约验收")


# --- an embedding endpoint -------------------------------------------------------------------


def _embedded(request):
    """The embeddings protocol: each text as counts of its characters, hashed into 64 places."""
    data = []
    for at, text in enumerate(request.body["input"]):
        vector = [0.01] * 64
        for character in text:
            vector[zlib.crc32(character.encode()) % 64] += 1
        data.append({"object": "embedding", "index": at, "embedding": vector})
    body = {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _endpoint(chat_server, folder, **changes):
    given = {"embedding_base_url": chat_server.url, "embedding_model": "m", "embedding_api_key": "sk-secret"}
    return Settings(index_dir=folder, model_retries=0, **given | changes)


def test_an_endpoints_vectors_are_used_and_it_is_asked_with_text(chat_server, tmp_path):
    chat_server.script = _embedded
    opened = Search(POLICIES, _endpoint(chat_server, tmp_path))
    sent = [text for request in chat_server.requests for text in request.body["input"]]
    assert all(isinstance(text, str) for text in sent)
    assert len(sent) == len(POLICIES.clauses) + len(lexicon.unrelated())
    assert {request.path for request in chat_server.requests} == {"/v1/embeddings"}
    clause = POLICIES.clauses["train-2016-540#art-10"]
    similar = opened.similarity(text_of(clause))
    opened.close()
    assert opened.note == ""
    assert similar[clause.id] == pytest.approx(1, abs=0.02)  # what is hidden on the way out moves it a little


def test_an_index_knows_which_embedding_made_it(chat_server, tmp_path):
    chat_server.script = _embedded
    Search(POLICIES, Settings(index_dir=tmp_path)).close()
    Search(POLICIES, _endpoint(chat_server, tmp_path)).close()
    once = len(chat_server.requests)
    Search(POLICIES, _endpoint(chat_server, tmp_path)).close()
    assert len(chat_server.requests) == once
    Search(POLICIES, _endpoint(chat_server, tmp_path, embedding_model="other")).close()
    assert len(chat_server.requests) == 2 * once
    assert len(list(tmp_path.glob("policies-*"))) == 3


def _damaged(change):
    def reply(request):
        body = json.loads(_embedded(request).body)
        change(body)
        return Reply(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    return reply


BAD_ENDPOINTS = {
    "服务出错": lambda request: error(500, "sk-secret"),
    "密钥不对": lambda request: error(401, "sk-secret"),
    "不是JSON": lambda request: Reply(200, b"<html>", {"Content-Type": "text/html"}),
    "少一个向量": _damaged(lambda body: body["data"].pop()),
    "没有向量": _damaged(lambda body: body.update(data=[])),
    "向量长短不一": _damaged(lambda body: body["data"][0].update(embedding=[1.0])),
    "不是数": _damaged(lambda body: body["data"][0].update(embedding=[float("nan")] * 64)),
    "全是零": _damaged(lambda body: [one.update(embedding=[0.0] * 64) for one in body["data"]]),
}


@pytest.mark.parametrize("script", BAD_ENDPOINTS.values(), ids=BAD_ENDPOINTS)
def test_an_endpoint_that_fails_is_said_and_the_embedding_that_ships_does_instead(
    chat_server, tmp_path, search, script
):
    chat_server.script = script
    opened = Search(POLICIES, _endpoint(chat_server, tmp_path))
    assert "向量服务 127.0.0.1" in opened.note
    assert "改用自带的向量" in opened.note
    assert "sk-secret" not in opened.note
    assert look_up(opened, "没花完钱也没说为什么") == look_up(search, "没花完钱也没说为什么")
    opened.close()


def test_an_endpoint_that_fails_later_does_not_stop_the_search(chat_server, tmp_path, search):
    chat_server.script = _embedded
    opened = Search(POLICIES, _endpoint(chat_server, tmp_path))
    chat_server.script = BAD_ENDPOINTS["服务出错"]
    assert look_up(opened, "没花完钱也没说为什么") == look_up(search, "没花完钱也没说为什么")
    assert "改用自带的向量" in opened.note
    opened.close()


def test_no_person_of_a_form_reaches_an_embedding_endpoint(chat_server, tmp_path):
    chat_server.script = _embedded
    opened = Retriever(_endpoint(chat_server, tmp_path))
    form = _form()
    form.put("basic.leader", "欧阳明月")
    form.put("conclusion.problems", "由欧阳明月负责整改，电话13800138000。")
    finding = Finding("N04", "warning", "conclusion.problems", "“由欧阳明月负责整改”没有写明措施。")
    chat_server.requests.clear()
    assert opened.for_finding(finding, form) != []
    opened.close()
    sent = "".join(text for request in chat_server.requests for text in request.body["input"])
    assert "负责整改" in sent
    assert "欧阳" not in sent
    assert "13800138000" not in sent


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def command(index_dir, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(index_dir))

    def run(*arguments):
        code = main(["policies", "search", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_the_command_prints_a_json_list_best_first(command):
    code, out, err = command("没花完钱也没说为什么", "--top", "3", "--format", "json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert len(found) == 3
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert "mof-2020-10#ch5-lowexec" in [one["id"] for one in found]
    assert all(one["confidence_label"] for one in found)


def test_the_command_takes_several_words_without_quotes(command):
    together, apart = (command(*words, "--format", "json") for words in (["自评 佐证材料"], ["自评", "佐证材料"]))
    assert apart == together and apart[0] == 0 and json.loads(apart[1])


def test_the_command_says_so_where_it_finds_nothing(command):
    code, out, err = command("今天天气如何", "--format", "json")
    assert (code, json.loads(out)) == (0, [])
    assert "没有找到足够相关的条款" in err


def test_the_command_shows_how_far_each_clause_was_checked(command):
    _, out, _ = command("请老师讲课一节给多少", "--year", "2022")
    assert "〔引文，仅供参照〕" in out


def test_a_number_of_clauses_that_makes_no_sense_is_refused(command):
    with pytest.raises(SystemExit) as left:
        command("总分", "--top", "0")
    assert left.value.code == 2
