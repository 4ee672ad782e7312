"""The shipped digests, and what a policy file may hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from assistant.errors import PolicyError
from assistant.policies.clause import CONFIDENCE, read_policies
from assistant.policies.library import clause, load_policies
from assistant.rules.rule import load
from assistant.settings import shipped
from assistant.settings.shipped import folder

POLICIES = load_policies()

FILE = {
    "id": "try-2022",
    "number": "试〔2022〕1号",
    "title": "试行办法",
    "issuer": "某局",
    "date": "2022-01-01",
    "status": "现行有效",
    "kind": "evaluation-rule",
    "region": "national",
    "standing": "binding",
    "clauses": [{"id": "try-2022#art-1", "article": "第一条", "digest": "应当填全。", "confidence": "verified"}],
}


def _read(tmp_path, **changes):
    path = tmp_path / "try-2022.yaml"
    path.write_text(yaml.safe_dump(FILE | changes, allow_unicode=True), encoding="utf-8")
    return read_policies([path])


def _clause(**changes):
    return [FILE["clauses"][0] | changes]


def test_every_clause_says_how_far_it_was_checked_and_where_from():
    assert len(POLICIES.clauses) == 300
    assert len(POLICIES.documents) == 66
    for one in POLICIES.clauses.values():
        assert one.confidence_label in CONFIDENCE.values(), one.id
        assert one.digest and one.article and one.source and one.note, one.id


def test_our_advice_never_stands_inside_a_digest():
    advised = [one for one in POLICIES.clauses.values() if one.advice]
    assert len(advised) > 40
    for one in POLICIES.clauses.values():
        assert "审核提示" not in f"{one.digest}{one.advice or ''}", one.id


def test_the_files_hold_no_broken_characters_and_say_first_that_they_are_digests():
    for path in folder("policies").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "�" not in text, path.name
        assert text.startswith("# 摘要，非官方原文"), path.name


def test_a_file_is_named_after_its_document():
    assert {path.stem for path in folder("policies").glob("*.yaml")} == set(POLICIES.documents)


def test_clauses_name_only_rules_that_exist():
    """A rule names the clauses it rests on itself; a clause lists further rules it bears on, and in which order."""
    named = {code for one in POLICIES.clauses.values() for code in one.rules}
    assert named <= set(load())


def test_a_document_that_is_superseded_names_one_that_exists():
    for document in POLICIES.documents.values():
        assert document.superseded_by is None or re.fullmatch(r"[a-z0-9-]+", document.superseded_by)
        assert document.superseded_by is None or document.superseded_by in POLICIES.documents


def test_a_citation_carries_number_article_and_how_far_it_was_checked():
    assert clause("budget-law-2018#art-12").cite() == "《中华人民共和国预算法》第十二条〔已核原文〕"
    assert (
        clause("mof-2020-10#art-16-method").cite("仅供参照")
        == "《项目支出绩效评价管理办法》（财预〔2020〕10号）第十六条〔已核原文，仅供参照〕"
    )
    assert clause("law-pub-85-plan#funding").to_json()["confidence_label"] == "待核"


def test_what_is_known_from_memory_or_by_an_unchecked_number_counts_as_unchecked():
    assert clause("law-pub-85-plan#funding").unchecked
    assert clause("mof-2015-88#req-quant").confidence == "secondary"
    assert clause("mof-2015-88#req-quant").unchecked
    assert not clause("mof-2020-10#art-2").unchecked


READ_IN_FULL = (
    "mof-2020-10", "mof-2020-10-explained", "cpc-sc-2018-34", "mof-2018-167", "mof-2021-101", "mof-2021-4", "mof-2013-53",
)  # fmt: skip


@pytest.mark.parametrize("document", READ_IN_FULL)
def test_a_document_read_in_full_has_nothing_unchecked_and_says_which_text_was_read(document):
    for one in POLICIES.clauses_of(document):
        assert (one.confidence, one.unchecked) == ("verified", False), one.id
        assert "汇编" in one.source, one.id


def test_an_annex_for_reference_is_no_ground_though_its_document_is():
    annex, article = clause("mof-2020-10#annex2-execrate"), clause("mof-2020-10#art-11")
    assert (annex.document.standing, annex.standing, annex.bears) == ("binding", "reference", False)
    assert (article.standing, article.bears) == ("binding", True)
    assert annex.cite_anywhere().endswith("〔已核原文，仅供参照〕")


def test_an_unknown_clause_is_an_error_that_names_it():
    with pytest.raises(PolicyError, match="mof-2020-10#art-999"):
        clause("mof-2020-10#art-999")


def test_a_law_holds_from_the_year_it_came_into_force_until_another_took_its_place():
    old, new = POLICIES.documents["admin-review-law-2017"], POLICIES.documents["admin-review-law-2023"]
    assert (old.holds_in(2022), new.holds_in(2022)) == (True, False)
    assert (old.holds_in(2024), new.holds_in(2024)) == (False, True)
    assert (old.holds_in(None), new.holds_in(None)) == (False, True)


def test_a_local_clause_holds_at_its_place_and_below_only():
    local = clause("shanxi-cadre-housing#rent")
    assert local.holds_at("山西阳泉")
    assert not local.holds_at("陕西咸阳")
    assert not local.holds_at(None)
    assert clause("budget-law-2018#art-12").holds_at(None)


def test_the_checksum_changes_with_any_file(tmp_path):
    before = _read(tmp_path).sha256
    assert _read(tmp_path, status="已废止").sha256 != before


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rumour"},
        {"standing": "sometimes"},
        {"colour": "red"},
        {"clauses": _clause(confidence="certain")},
        {"clauses": _clause(standing="sometimes")},
        {"clauses": _clause(id="other#art-1")},
        {"clauses": _clause(colour="red")},
        {"clauses": [{"id": "try-2022#art-1"}]},
        {"clauses": _clause() * 2},
    ],
    ids=[
        "种类不明",
        "效力不明",
        "多出的键",
        "核对程度不明",
        "条款效力不明",
        "条款不属本文件",
        "条款多出的键",
        "条款缺键",
        "编号重复",
    ],
)
def test_a_file_out_of_shape_is_refused_by_name(tmp_path, changes):
    with pytest.raises(PolicyError, match=r"try-2022\.yaml"):
        _read(tmp_path, **changes)


def test_a_file_that_is_not_yaml_is_refused_by_name(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("id: [", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"broken\.yaml"):
        read_policies([path])


def test_the_readme_explains_every_confidence():
    readme = (folder("policies") / "README.md").read_text(encoding="utf-8")
    for confidence, shown in CONFIDENCE.items():
        assert f"`{confidence}` | {shown}" in readme
        assert f"`{confidence}` ({shown})" in readme


def test_an_installed_package_finds_the_copy_that_the_wheel_carries(monkeypatch, tmp_path):
    package = tmp_path / "site-packages" / "assistant"
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for name in ("policies", "prompts"):
        assert folder(name) == package.parent / carried[name]
