"""What only many forms together show: copies, doubles, full marks throughout, and a budget list."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import Workbook

from assistant.batch import budget_list, screening
from assistant.batch.across import across, by_form
from assistant.batch.alike import groups
from assistant.batch.names import project_key, unit_key
from assistant.errors import SettingsError
from tests.screenings import fault, invented

DEFAULT = screening.default()
PROBLEM = "项目前期准备不充分，施工单位进场较晚，导致部分工程跨年实施；下一步将提前开展招标工作，加强进度管理。"
NUMBERS = "一二三四五六七八九"


def found(forms, rule, settings=DEFAULT, listed=None):
    return [one for one in across(forms, settings, listed) if one.rule == rule]


def said(text, path="conclusion.problems"):
    return {path: text}


# --- X01 -------------------------------------------------------------------------------------


def test_the_same_problem_in_forms_of_two_projects_is_found_whatever_the_punctuation():
    forms = [
        invented("一号", texts=said(PROBLEM)),
        invented("二号", texts=said(PROBLEM.replace("，", "\n"))),
        invented(
            "三号", texts=said("监测设备老化，数据上传时断时续，影响汛期调度；已列入下年度更新计划，明确专人每周巡检。")
        ),
    ]
    (one,) = found(forms, "X01")
    assert one.forms == (("一号.docx", 1), ("二号.docx", 1))
    assert one.message.startswith("2张表的“存在问题")
    assert set(by_form([one])) == set(one.forms)


def test_a_few_changed_words_do_not_hide_a_copy():
    other = PROBLEM.replace("施工单位", "承建单位").replace("提前开展", "尽早开展")
    assert found([invented("一号", texts=said(PROBLEM)), invented("二号", texts=said(other))], "X01")


def test_fields_that_are_shared_by_the_same_forms_make_one_finding():
    both = said(PROBLEM) | said("本年度按计划完成全部任务，资金使用规范，" * 2, "conclusion.summary")
    assert len(found([invented("一号", texts=both), invented("二号", texts=both)], "X01")) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (invented("一号", texts=said("无")), invented("二号", texts=said("无"))),
        (invented("一号", texts=said(PROBLEM)), invented("二号", texts=said(PROBLEM, "goals.output"))),
        (invented("一号", texts=said(PROBLEM)), replace(invented("一号", texts=said(PROBLEM)), source="再报.docx")),
    ],
    ids=["a short text", "fields that ask for different things", "one project reported again"],
)
def test_what_is_no_copy_is_left_alone(first, second):
    assert found([first, second], "X01") == []


def test_ten_thousand_texts_take_seconds_and_every_copy_is_found():
    rng = random.Random(7)
    letters = [chr(0x4E00 + at) for at in range(900)]
    texts = ["".join(rng.choices(letters, k=rng.randint(40, 300))) for _ in range(9_500)]
    for at in range(500):
        copy = list(texts[at])
        for _ in range(len(copy) // 25):
            copy[rng.randrange(len(copy))] = rng.choice(letters)
        texts.append("".join(copy))
    began = time.monotonic()
    paired = groups(texts, 0.9)
    assert time.monotonic() - began < 20
    assert paired == [[at, 9_500 + at] for at in range(500)]


# --- X02, X03, X06 ---------------------------------------------------------------------------


def test_one_project_twice_in_a_year_is_found_however_it_is_spelt():
    first = invented(project="2024年水库除险加固项目")
    second = replace(first, source="再报.docx", project="水库除险加固", unit="霁川县水库运行站（本级）")
    (one,) = found([first, second], "X02")
    assert one.forms == (("一号.docx", 1), ("再报.docx", 1))


@pytest.mark.parametrize("changes", [{"year": 2023}, {"year": None}, {"unit": "青陂县水库运行站"}, {"project": ""}])
def test_another_year_or_unit_is_another_project(changes):
    assert found([invented(), invented("一号", source="再报.docx", **changes)], "X02") == []


def test_a_unit_whose_every_form_is_full_is_found_from_three_forms_on():
    full = [invented(name, total_stated=Decimal(100)) for name in NUMBERS[:3]]
    assert [len(one.forms) for one in found(full, "X03")] == [3]
    assert found(full[:2], "X03") == []
    assert found([*full, invented("四号")], "X03") == []


def test_two_projects_of_a_unit_with_the_same_odd_amounts_are_found_and_round_ones_are_not():
    odd = [invented(name, budget_wan=Decimal("63.7"), executed_wan=Decimal("60")) for name in NUMBERS[:2]]
    assert found(odd, "X06")
    assert found([invented(name) for name in NUMBERS[:2]], "X06") == []
    assert found([replace(form, findings=(fault("F01"),)) for form in odd], "X06") == []


# --- X04, X05 --------------------------------------------------------------------------------


@pytest.fixture
def listing(tmp_path):
    """Writes rows as a workbook and reads them as a budget list."""

    def made(*rows):
        book = Workbook()
        book.active.append(["目录"])
        sheet = book.create_sheet("清单")
        for row in rows:
            sheet.append(row)
        path = tmp_path / "清单.xlsx"
        book.save(path)
        return budget_list.read(path, DEFAULT.budget_list)

    return made


HEAD = ["序号", "预算单位", "项目名称", "年初预算数", "全年预算数"]


def test_a_list_is_held_against_the_forms_by_unit_and_project(listing):
    listed = listing(
        ["2024年项目支出预算清单"],
        ["单位：万元"],
        HEAD,
        [1, "霁川县水库运行站", "一号水库除险加固", 90, 100],
        [2, None, "二号水库除险加固项目", 100, 120.5],
        [3, None, "三号水库除险加固项目", 8, 8],
        ["合计", None, "合计", 198, 228.5],
    )
    forms = [invented("一号"), invented("二号"), invented("四号")]
    assert [one.forms for one in found(forms, "X04", listed=listed)] == [(("二号.docx", 1),)]
    assert (
        found(forms, "X04", listed=listed)[0].message == "“二号水库除险加固项目”预算数填100万元，预算清单为120.5万元。"
    )
    assert [one.message for one in found(forms, "X05", listed=listed)] == [
        "预算清单中的“三号水库除险加固项目”（霁川县水库运行站，8万元）没有报送自评表。",
        "预算清单中没有“四号水库除险加固项目”。",
    ]


def test_lines_of_one_project_are_added_up_and_the_unit_of_money_is_read(listing):
    listed = listing(
        ["单位", "项目", "预算数（元）"],
        ["霁川县水库运行站", "一号水库除险加固", 400_000],
        ["霁川县水库运行站", "一号水库除险加固", "600,000.00"],
        ["霁川县水库运行站", "二号水库除险加固", "待定"],
    )
    assert listed.skipped == 1
    assert found([invented("一号")], "X04", listed=listed) == []


def test_a_list_of_units_alone_is_held_against_their_totals(listing):
    listed = listing(["单位名称", "金额（万元）"], ["霁川县水库运行站", 250], ["青陂县公路段", 60])
    forms = [invented("一号"), invented("二号")]
    (one,) = found(forms, "X04", listed=listed)
    assert one.message == "霁川县水库运行站2张表预算数合计200万元，预算清单为250万元。"
    assert [one.message for one in found(forms, "X05", listed=listed)] == ["预算清单中的青陂县公路段没有报送自评表。"]
    unsure = [forms[0], replace(forms[1], findings=(fault("F01"),))]
    assert found(unsure, "X04", listed=listed) == []


@pytest.mark.parametrize(
    "head",
    [
        ["项目名称", "预算数（单位：元）"],
        ["金额单位", "项目名称", "金额（元）"],
        ["项目名称", "项目单位", "批复金额（金额单位：元）"],
        ["备注", "项目名称", "安排金额\n（元）"],
    ],
)
def test_the_unit_of_the_money_is_not_taken_for_the_unit_that_spends_it(listing, head):
    values = {"项目名称": "一号水库除险加固", "项目单位": "霁川县水库运行站", "金额单位": "元", "备注": None}
    listed = listing(head, [values.get(said, 1_000_000) for said in head])
    assert [line.amount_wan for line in listed.lines] == [100]
    assert {one.rule for one in across([invented("一号")], DEFAULT, listed)} == set()


def test_an_amount_in_a_doubtful_unit_is_not_held_against_the_list(listing):
    listed = listing(HEAD, [1, "霁川县水库运行站", "一号水库除险加固", 1, 1])
    assert found([invented("一号")], "X04", listed=listed)
    assert found([invented("一号", findings=(fault("F01"),))], "X04", listed=listed) == []


def test_what_is_no_budget_list_is_said_to_be_none(tmp_path, listing):
    with pytest.raises(SettingsError, match="没有找到表头"):
        listing(["项目名称", "备注"], ["一号", "二号"])
    path = tmp_path / "清单.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(SettingsError, match="另存为 xlsx"):
        budget_list.read(path, DEFAULT.budget_list)


def test_names_are_compared_without_what_does_not_tell_them_apart():
    names = DEFAULT.names
    assert project_key("2024年度“水库除险加固”专项资金项目", names) == project_key("水库除险加固工程", names)
    assert project_key("项目", names) == "项目"
    assert unit_key("霁川县水利局（本级）", names) == unit_key("霁川县水利局机关", names)


def test_the_same_forms_give_the_same_findings_in_the_same_order():
    forms = [invented(name, texts=said(PROBLEM), total_stated=Decimal(100)) for name in NUMBERS]
    first = across(forms, DEFAULT)
    assert first == across(forms, DEFAULT)
    assert [one.rule for one in first] == ["X01", "X03"]
