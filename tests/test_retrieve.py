"""Findings to clauses: which may be cited, in what order, and an index that survives what happens to files."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from assistant import index as indexes
from assistant import lexicon
from assistant.embedding import TrainedNgrams, features, shipped
from assistant.finding import Finding
from assistant.index import ChromaIndex, MemoryIndex, open_index
from assistant.policies import load_policies
from assistant.retrieve import Retriever
from assistant.rules.clean import clean
from assistant.rules.rule import load
from assistant.settings import Settings
from assistant.suggestion import basis, closing

POLICIES = load_policies()
EMBEDDING = shipped()
VECTORS = EMBEDDING.of_clauses(list(POLICIES.clauses.values()))

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


def test_full_width_and_half_width_give_the_same_vector():
    one, other = EMBEDDING.of_queries(["得分１０分ＡＢ", "得分10分ab"])
    assert np.array_equal(one, other)


def test_vectors_have_length_one_and_the_same_text_always_gives_the_same():
    vectors = EMBEDDING.of_queries(["预算执行率偏低", "预算执行率偏低", ""])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])
    again = TrainedNgrams(lexicon.EMBEDDING).of_queries(["预算执行率偏低"])
    assert np.array_equal(vectors[0], again[0])


def test_a_clause_is_nearest_to_its_own_wording():
    index = MemoryIndex(list(POLICIES.clauses), VECTORS)
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
    others = np.delete(VECTORS @ query, list(POLICIES.clauses).index(known.id))
    assert vector @ query > np.quantile(others, 0.97)


# --- the index -------------------------------------------------------------------------------


def test_the_index_on_disk_and_the_one_in_memory_answer_alike(tmp_path):
    disk, note = open_index(POLICIES, EMBEDDING, tmp_path)
    assert isinstance(disk, ChromaIndex)
    assert note == ""
    memory = MemoryIndex(list(POLICIES.clauses), VECTORS)
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
        "import sys; from pathlib import Path; from assistant.retrieve import Retriever; from assistant.settings import Settings;"
        "r = Retriever(Settings(index_dir=Path(sys.argv[1]))); print(type(r._search.index).__name__, r._search.index.count, r.note); r.close()"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [run.communicate(timeout=100)[0].strip() for run in runs]
    assert said == ["ChromaIndex 269"] * 2
    assert [path.name[:9] for path in tmp_path.iterdir()] == ["policies-"]


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
        "import sys, assistant.retrieve, assistant.draft, assistant.model, assistant.settings;"
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


def test_a_rule_of_a_later_year_is_not_held_against_an_earlier_form(retriever):
    overdue = Finding("F05", "warning", "funds.total.executed", "预算执行累计低于时点线，执行率预警")
    assert not any("2025" in name for name in _ids(retriever.for_finding(overdue, _form(year="2022"), top=10)))
    assert any("2025" in name for name in _ids(retriever.for_finding(overdue, _form(year="2025"), top=10)))


def test_a_fund_regulation_speaks_only_of_projects_of_its_kind(retriever):
    cost = Finding("F07", "warning", "indicators.cost.1.target", "培训费综合定额每人每天超过标准")
    library = _ids(retriever.for_finding(cost, _form(project="乡镇流动图书服务项目"), top=10))
    training = _ids(retriever.for_finding(cost, _form(project="基层干部培训项目"), top=10))
    assert not any(name.startswith("train-2016-540") for name in library)
    assert any(name.startswith("train-2016-540") for name in training)


def test_a_penalty_is_cited_only_where_a_rule_names_it(retriever):
    accusing = Finding("F07", "warning", "funds.total.executed", "虚报冒领骗取预算资金，违规扩大开支范围或提高开支标准")
    assert not any(one.clause.sanction for one in retriever.for_finding(accusing, _form(), top=10))
    named = dataclasses.replace(accusing, policy=("budget-law-2018#art-95",))
    assert "budget-law-2018#art-95" in _ids(retriever.for_finding(named, _form(), top=10))


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
