"""How far a row was reached: directions, kinds and lateness, on rows worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.facts.reach import (
    completion,
    is_short,
    kinds_differ,
    less_is_better,
    names_measure,
    plainly_unmet,
    reach,
    reads_as_met,
    reason_given,
)
from assistant.form.form import GROUPS, SECTION_OF_GROUP, Row


def row(group, name, target, actual, reason=None, unit=None, year=2022):
    return Row(group, 1, SECTION_OF_GROUP[group], name, target, actual, reason, None, None, unit, year)


# group, name, target, completion, state, why
ROWS = [
    ("quantity", "配送图书", "6000册", "6000册", "met", ""),
    ("quantity", "配送图书", "6000册", "5999册", "short", "below"),
    ("quantity", "配送图书", "0.6万册", "６,０００册", "met", ""),
    ("quantity", "配送图书", "≥6000册", "0", "short", "zero"),
    ("quantity", "推广活动", "12场", "未举办", "short", "undone"),
    ("quantity", "推广活动", "12场", "已完成", "met", ""),
    ("quantity", "推广活动", "12场", "全年共12场，到场860人", "met", ""),
    ("quantity", "推广活动", "12场", "上半年5场，下半年6场", "short", "below"),
    ("quantity", "推广活动", "12场", "每月一场", "unknown", ""),
    ("quantity", "建设进度", "100%", "已完成85%，剩余15%未完成", "short", "below"),
    ("quantity", "安装路灯", "100盏", "已安装85盏，其余15盏未安装", "short", "below"),
    ("social", "工资发放", "按月", "未拖欠工资", "met", ""),
    ("timeliness", "完成时间", "12月底前", "无延期", "met", ""),
    ("quantity", "推广活动", "12场", None, "blank", ""),
    ("quantity", "推广活动", None, "12场", "unknown", ""),
    ("quantity", "铺设管网", "12.5公里", "12500米", "met", ""),
    ("quality", "合格率", "≥95%", "94.9%", "short", "below"),
    ("quality", "合格率", "95%以上", "≥95%", "met", ""),
    ("quality", "合格率", "90%-95%", "92%", "met", ""),
    ("quality", "合格率", "90%-95%", "89%", "short", "below"),
    ("quality", "合格率", "≥95%", "0.97", "met", ""),
    ("quality", "安全事故起数", "0", "0起", "met", ""),
    ("quality", "安全事故起数", "0起", "无", "met", ""),
    ("quality", "安全事故起数", "0起", "1起", "short", "over"),
    ("quality", "读者投诉次数", "5次", "3次", "met", ""),
    ("quality", "读者投诉次数", "5次", "6次", "short", "over"),
    ("quality", "投诉办结率", "100%", "96%", "short", "below"),
    ("quality", "设备故障率", "≤3%", "2.1%", "met", ""),
    ("quality", "设备故障率", "≤3%", "3.4%", "short", "over"),
    ("quality", "能耗降幅", "下降5%", "下降6%", "met", ""),
    ("cost", "图书成本", "8元/册", "7.5元/册", "met", ""),
    ("cost", "图书成本", "8元/册", "8.1元/册", "short", "over"),
    ("cost", "图书成本", "≥8元/册", "7.5元/册", "met", ""),
    ("cost", "设备购置费", "5万元", "0", "short", "zero"),
    ("cost", "设备购置费", "≤5万元", "4.9", "met", ""),
    ("cost", "采购节约金额", "≥2000元", "1500元", "short", "below"),
    ("cost", "值班补贴", "200-300元/天", "320元/天", "short", "over"),
    ("timeliness", "完成时间", "12月底前", "12月31日", "met", ""),
    ("timeliness", "完成时间", "12月底前", "2023年1月5日", "short", "late"),
    ("timeliness", "完成时间", "12月底前", "次年1月", "short", "late"),
    ("timeliness", "完成时间", "2022年11月15日前", "11月", "met", ""),
    ("timeliness", "完成时间", "2022年11月15日前", "2022年11月16日", "short", "late"),
    ("timeliness", "召开时间", "2、8月", "3、7、11月", "short", "late"),
    ("timeliness", "召开时间", "4-8月", "0", "short", "zero"),
    ("timeliness", "考试时间", "2022.11", "因疫情影响，考试延期", "short", "undone"),
    ("timeliness", "考试时间", "2022.11", "按期举行", "met", ""),
    ("timeliness", "拨付时限", "1个月内", "30天", "met", ""),
    ("timeliness", "拨付时限", "15个工作日", "18个工作日", "short", "over"),
    ("timeliness", "服务时间", "全年", "2022年1-12月", "met", ""),
    ("social", "居民意识", "提升", "有效提升", "met", ""),
    ("social", "居民意识", "提升", "提升不明显", "unknown", ""),
    ("social", "制度", "健全", "健全", "met", ""),
    ("social", "受益人口", "≥2万人", "2.1万余人", "met", ""),
    ("social", "群体性事件", "不发生", "0", "met", ""),
]


@pytest.mark.parametrize(("group", "name", "target", "actual", "state", "why"), ROWS)
def test_a_row_is_met_short_or_neither(group, name, target, actual, state, why):
    found = reach(row(group, name, target, actual))
    assert (found.state, found.why) == (state, why)


@pytest.mark.parametrize(
    ("group", "name", "target", "actual", "share"),
    [
        ("quantity", "配送图书", "6000册", "4500册", "0.75"),
        ("quantity", "配送图书", "6000册", "7200册", "1.2"),
        ("quality", "设备故障率", "≤3%", "5%", "0.6"),
        ("quality", "设备故障率", "≤3%", "2%", "1.5"),
        ("cost", "图书成本", "8元/册", "10元/册", "0.8"),
        ("quantity", "推广活动", "12场", "0", "0"),
        ("quality", "安全事故起数", "0", "0", "1"),
    ],
)
def test_completion_is_below_one_exactly_where_the_target_was_missed(group, name, target, actual, share):
    assert completion(row(group, name, target, actual)) == Decimal(share)


def test_nothing_compares_where_the_kinds_differ():
    mixed = row("quantity", "推广活动", "12场", "100%")
    assert kinds_differ(mixed) and completion(mixed) is None and not is_short(mixed)


@pytest.mark.parametrize(
    ("group", "target", "actual", "differ"),
    [
        ("quantity", "12场", "100%", True),
        ("quality", "95%", "全年", True),
        ("timeliness", "9月份", "按时", True),
        ("timeliness", "2022.9.17-18", "100%", True),
        ("quality", "有效普及", "95%", True),
        ("cost", "300元/人日", "2100", True),
        ("cost", "25元/次", "1000元", True),
        ("quantity", "46公里", "300人", True),
        ("cost", "300元/人日", "290", False),
        ("cost", "≤28万元/辆", "27.6", False),
        ("quantity", "12场", "12", False),
        ("quantity", "12场", "12次", False),
        ("quantity", "12场", "0", False),
        ("timeliness", "全年", "12个月", False),
        ("quality", "100%", "全部覆盖", False),
        ("quality", "90%保障", "90%保障", False),
    ],
)
def test_kinds_that_cannot_be_compared(group, target, actual, differ):
    assert kinds_differ(row(group, "某项", target, actual)) is differ


def test_plainly_unmet_is_zero_undone_or_far_below_and_never_merely_late():
    assert plainly_unmet(row("quantity", "推广活动", "12场", "0"))
    assert plainly_unmet(row("quantity", "推广活动", "12场", "未开展"))
    assert plainly_unmet(row("quantity", "推广活动", "10场", "5场"))
    assert not plainly_unmet(row("quantity", "推广活动", "10场", "6场"))
    assert plainly_unmet(row("quantity", "推广活动", "10场", "6场"), Decimal("0.7"))
    assert not plainly_unmet(row("timeliness", "完成时间", "6月底前", "9月"))


def test_the_unit_column_speaks_for_the_completion():
    found = reach(row("quantity", "清扫面积", "≥310万平方米", "312", unit="万平方米"))
    assert found.state == "met" and found.actual.number == 3120000


def test_figures_a_thousand_times_apart_are_a_slip_of_the_pen():
    assert reach(row("quantity", "配送图书", "6000册", "6000万册")).misprinted
    assert not reach(row("quantity", "配送图书", "6000册", "60册")).misprinted


def test_reads_as_met_takes_a_hundred_percent_at_its_word():
    assert reads_as_met(row("quantity", "推广活动", "12场", "100%"))
    assert not reads_as_met(row("social", "居民意识", "有效提升", "85%"))


@pytest.mark.parametrize(
    ("name", "less"),
    [
        ("读者投诉起数", True),
        ("管网漏损率", True),
        ("城乡差距", True),
        ("投诉办结率", False),
        ("事故处理及时率", False),
        ("年减少二氧化碳排放", False),
        ("不合格率", True),
        ("隐患整改率", False),
        (None, False),
    ],
)
def test_zero_is_best_is_told_from_the_name(name, less):
    assert less_is_better(name) is less


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("受汛期影响", True),
        ("无", False),
        ("0", False),
        ("/", False),
        ("无偏差", False),
        ("无偏差原因及改进措施", False),
        (None, False),
    ],
)
def test_a_reason_is_more_than_none(reason, given):
    assert reason_given(row("quantity", "推广活动", "12场", "9场", reason)) is given


@pytest.mark.parametrize(
    "reason",
    [
        "3名学员因病缺考，已组织补考，补考合格。",
        "因降雨影响进度，已督促施工单位增加人手，倒排工期。",
        "设备到货晚，下一步将提前招标，压缩采购周期。",
        "问卷回收率低；今后扩大调查范围。",
        "部分农户外出，已由村干部代为登记，次年补发。",
        "预算调减。改进措施：下年度据实编报指标值。",
    ],
)
def test_a_measure_is_something_to_be_done(reason):
    assert names_measure(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "受疫情影响，未能开展",
        "因天气原因推迟到下年4月实施",
        "已延期至2024年3月举办",
        "工程尚未验收，预计2024年6月完成",
        "由于加强汛期管控，活动取消",
        "上级政策调整，任务数减少",
        "提高培训质量。",
        "应收尽收",
        "加强管理",
        "",
        None,
    ],
)
def test_a_cause_a_date_or_a_slogan_is_no_measure(reason):
    assert not names_measure(reason)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(
        [
            "0",
            "12场",
            "≥95%",
            "0.97",
            "100%",
            "12月底前",
            "2023.1.5",
            "次年1月",
            "全年",
            "提升",
            "未完成",
            "8元/册",
            "1.6万元",
            "3期，每期50人",
            "≥60%，≤90%",
            "0起",
            "15件",
            "无",
            "3-5年",
            "-2件",
        ]
    ),
)


@given(
    st.sampled_from(sorted(GROUPS)),
    st.text(max_size=12),
    CELLS,
    CELLS,
    st.sampled_from([None, "%", "人次", "万元"]),
    st.sampled_from([None, 2022]),
)
def test_no_pair_of_cells_raises_and_short_rows_have_a_reason_why(group, name, target, actual, unit, year):
    found = reach(row(group, name, target, actual, unit=unit, year=year))
    assert found.state in {"met", "short", "blank", "unknown"}
    assert (found.state == "short") == bool(found.why)
    assert not (found.kinds_differ and found.share is not None)
