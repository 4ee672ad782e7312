"""What cells mean: every expected number is worked out by hand; nothing raises on any text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import text
from assistant.text import (
    amount_wan,
    amounts_in,
    bare,
    chosen,
    dates_in,
    day,
    fold,
    is_blank,
    is_impossible_day,
    parse,
    period,
    phone,
    points,
    quantities_in,
    rate_pct,
    year,
)
from assistant.text.score import in_words, is_score, same

D = Decimal


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("≧９０％", "≥90%"),
        ("不低于95%", "≥95%"),
        ("不得超过 3 个", "≤ 3 个"),
        ("＞＝8", "≥8"),
        ("98百分比", "98%"),
        ("百分之九十五以上", "95%以上"),
        ("甲　乙\n丙", "甲 乙 丙"),
        ("台（套）", "台(套)"),
        ("", ""),
        (None, ""),
    ],
)
def test_spellings_fold_to_one(text, folded):
    assert fold(text) == folded


def test_bare_text_ignores_spaces_punctuation_and_spelling():
    assert bare("水 质达标率（％）：≧95％。") == bare("水质达标率(%)≥95%")
    assert bare("95%") != bare("96%")


@pytest.mark.parametrize("text", [None, "", " ", "/", "—", "——", "*", "……", "...", "#REF!", "#N/A", "N/A", "-"])
def test_strokes_dots_and_spreadsheet_errors_count_as_empty(text):
    assert is_blank(text)


@pytest.mark.parametrize(
    ("text", "column", "blank"),
    [
        ("0", "", False),
        ("无", "", False),
        ("无", "reason", True),
        ("无。", "reason", True),
        ("0", "reason", True),
        ("无人报名", "reason", False),
        ("-1", "", False),
    ],
)
def test_none_and_zero_are_empty_only_in_a_reason_cell(text, column, blank):
    assert is_blank(text, column) is blank


# text, kind, low, high, bound, unit
CELLS = [
    ("≥95%", "rate", 95, None, ">=", ""),
    ("≧９５％", "rate", 95, None, ">=", ""),
    ("不低于95%", "rate", 95, None, ">=", ""),
    ("90%以上", "rate", 90, None, ">=", ""),
    ("90%及以上", "rate", 90, None, ">=", ""),
    ("≥100百分比", "rate", 100, None, ">=", ""),
    ("百分之八十五", "rate", 85, 85, "", ""),
    ("达到95%", "rate", 95, 95, "", ""),
    ("控制在12%以内", "rate", None, 12, "<=", ""),
    ("≤3‰", "rate", None, D("0.3"), "<=", ""),
    ("≤5‱", "rate", None, D("0.05"), "<=", ""),
    ("千分之2.5", "rate", D("0.25"), D("0.25"), "", ""),
    ("≤千分之一点五", "rate", None, D("0.15"), "<=", ""),
    ("万分之三", "rate", D("0.03"), D("0.03"), "", ""),
    ("1200m2", "count", 1200, 1200, "", "平方米"),
    ("≥1200 m²", "count", 1200, None, ">=", "平方米"),
    ("1.2万m2", "count", 12000, 12000, "", "平方米"),
    ("3.5km2", "count", D("3.5"), D("3.5"), "", "平方公里"),
    ("500m3", "count", 500, 500, "", "立方米"),
    ("500㎥", "count", 500, 500, "", "立方米"),
    ("60元/m2", "price", 60, 60, "", "平方米"),
    ("46km", "count", 46, 46, "", "公里"),
    ("☑已完成 □未完成", "word", None, None, "", ""),
    ("提升5个百分点", "rate", 5, 5, "", "百分点"),
    ("90%-95%", "rate", 90, 95, "", ""),
    ("90-95%", "rate", 90, 95, "", ""),
    ("80%左右", "rate", 80, 80, "~", ""),
    ("3000本", "count", 3000, 3000, "", "本"),
    ("3,000 本", "count", 3000, 3000, "", "本"),
    ("３０００本", "count", 3000, 3000, "", "本"),
    ("三千本", "count", 3000, 3000, "", "本"),
    ("十二场", "count", 12, 12, "", "场"),
    ("两期", "count", 2, 2, "", "期"),
    ("1.8万人", "count", 18000, 18000, "", "人"),
    ("3万人次", "count", 30000, 30000, "", "人次"),
    ("≥5200台（套）", "count", 5200, None, ">=", "台(套)"),
    ("不少于3次", "count", 3, None, ">=", "次"),
    ("不超过20课时", "count", None, 20, "<=", "课时"),
    ("低于5起", "count", None, 5, "<", "起"),
    ("超过200户", "count", 200, None, ">", "户"),
    ("1500余人", "count", 1500, 1500, "~", "人"),
    ("60多台", "count", 60, 60, "~", "台"),
    ("近2万人次", "count", 20000, 20000, "~", "人次"),
    ("约3个月", "count", 3, 3, "~", "个月"),
    ("15个工作日内", "count", None, 15, "<=", "个工作日"),
    ("198000千瓦时", "count", 198000, 198000, "", "千瓦时"),
    ("3人/天", "count", 3, 3, "", "人/天"),
    ("4个律师事务所", "count", 4, 4, "", "个"),
    ("3-5年", "count", 3, 5, "", "年"),
    ("42", "count", 42, 42, "", ""),
    ("0", "count", 0, 0, "", ""),
    ("-2件", "count", -2, -2, "", "件"),
    ("0全年", "count", 0, 0, "", "全年"),
    ("1.6万元", "amount", 16000, 16000, "", ""),
    ("一千五百元", "amount", 1500, 1500, "", ""),
    ("一千五元", "amount", 1500, 1500, "", ""),
    ("2亿元", "amount", 200000000, 200000000, "", ""),
    ("30-50万元", "amount", 300000, 500000, "", ""),
    ("3万-5万元", "amount", 30000, 50000, "", ""),
    ("600-900元", "amount", 600, 900, "", ""),
    ("≤90万元", "amount", None, 900000, "<=", ""),
    ("60元/人", "price", 60, 60, "", "人"),
    ("380元/人/天", "price", 380, 380, "", "人/天"),
    ("450元/人·天", "price", 450, 450, "", "人/天"),
    ("每人每天300元", "price", 300, 300, "", "人/天"),
    ("≤20.5万元/间", "price", None, 205000, "<=", "间"),
    ("每件600-900元", "price", 600, 900, "", "件"),
]


@pytest.mark.parametrize(("text", "kind", "low", "high", "bound", "unit"), CELLS)
def test_a_cell_with_one_number(text, kind, low, high, bound, unit):
    value = parse(text)
    assert (value.kind, value.low, value.high, value.bound, value.unit) == (kind, low, high, bound, unit)
    assert value.text == text


@pytest.mark.parametrize(
    "text",
    [cell[0] for cell in CELLS]
    + ["173862千瓦时", "≥198000千瓦时", "9月份", "2022.11", "20221130", "25元/册以上", "不少于84台（套）", "3万%"],
)
def test_the_short_way_to_a_common_cell_reads_what_the_long_way_reads(text):
    assert replace(parse(f" {text}"), text=text) == parse(text)


# text, first day, last day (yyyymmdd, 0mmdd without a year, 1mmdd in the following one), bound
DATES = [
    ("12月底前", None, 1231, "<="),
    ("11月份前", None, 1130, "<="),
    ("2023年11月30日前", None, 20231130, "<="),
    ("2022.9.17-18", 20220917, 20220918, ""),
    ("9月17日-18日", 917, 918, ""),
    ("8-9月份", 801, 930, ""),
    ("2、8月", 201, 831, ""),
    ("2022.11", 20221101, 20221130, ""),
    ("2024年2月", 20240201, 20240229, ""),
    ("12月4日", 1204, 1204, ""),
    ("6月底", 621, 630, ""),
    ("5月中旬", 511, 520, ""),
    ("2023年第三季度", 20230701, 20230930, ""),
    ("上半年", 101, 630, ""),
    ("年底前", None, 1231, "<="),
    ("2022年", 20220101, 20221231, ""),
    ("2022年3月至2022年11月", 20220301, 20221130, ""),
    ("2022年1-12月", 20220101, 20221231, ""),
    ("二〇二二年十二月", 20221201, 20221231, ""),
    ("次年1月", 10101, 10131, ""),
    ("于2022年10月20日完成验收", 20221020, 20221020, ""),
]


@pytest.mark.parametrize(("text", "low", "high", "bound"), DATES)
def test_a_cell_with_a_date(text, low, high, bound):
    value = parse(text)
    assert (value.kind, value.low, value.high, value.bound) == ("date", low, high, bound)


def test_a_list_of_months_keeps_each_month():
    assert [(part.low, part.high) for part in parse("3、7、11月").parts] == [(301, 331), (701, 731), (1101, 1130)]


@pytest.mark.parametrize("text", ["全年", "常态化", "长期", "每月", "按季度", "当年", "每月10日前", "每月15号"])
def test_a_time_without_a_date_is_a_span(text):
    assert parse(text).kind == "span"


@pytest.mark.parametrize(
    "text",
    [
        "有效提升",
        "全市",
        "按件",
        "已完成",
        "因疫情影响，考试延期",
        "1:3",
        "7+3+1",
        "万元",
        "第三方评估",
        "9" * 30,
        "GB5749达标",
        "≥",
    ],
)
def test_what_is_no_value_is_a_word(text):
    assert parse(text).kind == "word"


def test_several_values_in_one_cell_are_kept_apart():
    value = parse("2000件/应诉 1000件/复议")
    assert [(part.number, part.unit) for part in value.parts] == [(2000, "件/应诉"), (1000, "件/复议")]
    mixed = parse("办理案件186件，完成率93%")
    assert [part.kind for part in mixed.parts] == ["count", "rate"]
    assert mixed.number == 186


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022.01-2022.12", (2022, 1, 1), (2022, 12, 31)),
        ("2022年1-12月", (2022, 1, 1), (2022, 12, 31)),
        ("2022年1月-12月", (2022, 1, 1), (2022, 12, 31)),
        ("2022年1月1日—2022年12月31日", (2022, 1, 1), (2022, 12, 31)),
        ("2022.1-2022.12月", (2022, 1, 1), (2022, 12, 31)),
        ("2022-01-01至2022-12-31", (2022, 1, 1), (2022, 12, 31)),
        ("2022-01-2022-12", (2022, 1, 1), (2022, 12, 31)),
        ("2022/3/1-2022/11/30", (2022, 3, 1), (2022, 11, 30)),
        ("20220101-20221231", (2022, 1, 1), (2022, 12, 31)),
        ("2022年1月一12月", (2022, 1, 1), (2022, 12, 31)),
        ("2021-2023年", (2021, 1, 1), (2023, 12, 31)),
        ("2022年度", (2022, 1, 1), (2022, 12, 31)),
        ("2022年7月至次年6月", (2022, 7, 1), (2023, 6, 30)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text, first, last):
    assert period(text) == (date(*first), date(*last))


@pytest.mark.parametrize("text", ["2020年1月26日至今", "2021年3月起", "2022.1-长期"])
def test_an_open_period_has_no_last_day(text):
    found = period(text)
    assert found is not None and found[1] is None


@pytest.mark.parametrize("text", ["", None, "长期", "一年", "按合同"])
def test_no_period(text):
    assert period(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023.3.20", (2023, 3, 20)),
        ("2022. 5. 30", (2022, 5, 30)),
        ("2023年3月21", (2023, 3, 21)),
        ("2023-03-21", (2023, 3, 21)),
        ("20230321", (2023, 3, 21)),
        ("二〇二三年三月二十日", (2023, 3, 20)),
        ("2024年2月", (2024, 2, 29)),
    ],
)
def test_a_fill_date(text, expected):
    assert day(text) == date(*expected)
    assert not is_impossible_day(text)


@pytest.mark.parametrize("text", ["2023.2.30", "2023年13月1日", "2023年6月31日", "20231301", "2023-04-31"])
def test_a_date_the_calendar_lacks_is_told(text):
    assert is_impossible_day(text)
    assert day(text) is None


@pytest.mark.parametrize("text", ["", None, "3月", "2023年", "优秀"])
def test_no_fill_date(text):
    assert day(text) is None
    assert not is_impossible_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年度", 2022),
        ("（2022 年度）", 2022),
        ("2022", 2022),
        ("二〇二二年", 2022),
        ("2022.01-2022.12", 2022),
        ("优秀", None),
        ("2021-2022年", None),
        ("12022", None),
        (None, None),
    ],
)
def test_the_year_a_text_names(text, expected):
    assert year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9", D(9)), ("9分", D(9)), ("99.3分", D("99.3")), ("10.00", D(10)), ("100%，10分", D(10)), ("得分:9.5", D("9.5")),
        ("预算执行率100%（执行金额/到位金额×100%） 10分", D(10)), ("100%，10分。本项主要填报执行率", D(10)), ("-1", D(-1)),
        ("满分10分，得8分", D(8)), ("100%", None), ("聘用约200名人员", None), ("扣2分", None), ("十分", None), ("", None), (None, None),
        ("46.6667", D("46.6667")), ("46.6667分", D("46.6667")), ("46.6666666666667", D("46.6667")), ("46.6666666666667 分", D("46.6667")),
        ("得分：46.66666667分", D("46.6667")), ("100%，9.33333333333333分", D("9.3333")), ("４６．６６６７分", D("46.6667")),
        ("140/3", D("46.6667")), ("46又2/3分", D("46.6667")), ("46 2/3", D("46.6667")), ("46⅔", D("46.6667")), ("9½分", D("9.5")),
        ("9/10", D(9)), ("9.5/10分", D("9.5")), ("9分/10分", D(9)), ("1/0", None), ("2023/12/31", None), ("三分之一", None),
    ],
)  # fmt: skip
def test_points(text, expected):
    assert points(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9", True), ("9分", True), ("9 分", True), ("-1", True), ("100.00", True), ("46.6667", True), ("46.6666666666667分", True),
        ("４６．６６６７", True), ("140/3", True), ("46又2/3", True), ("9½", True),
        ("9/10", False), ("1000", False), ("95%", False), ("9分钟", False), ("9人", False), ("≥9", False), ("1.2.3", False), ("", False),
    ],
)  # fmt: skip
def test_a_score_by_its_looks(text, expected):
    assert is_score(text) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("96.7", "96.6667", True), ("96.67", "96.6667", True), ("96.66", "96.6667", False), ("97", "96.6667", False),
        ("97", "97.00", True), ("33.33", "33.3333", True), ("100.0", "100.04", True), ("100.00", "100.04", False),
    ],
)  # fmt: skip
def test_scores_that_are_one_but_for_rounding(one, other, expected):
    assert same(D(one), D(other)) is expected and same(D(other), D(one)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9.3333333", ("9.3333333", False)), ("100%，10分", ("10分", False)), ("执行率分值10分，得9.3333分", ("9.3333分", False)),
        ("执行率93.33%，9.3333", ("9.3333", True)), ("30分钟内完成", ("", False)), ("已完成", ("", False)),
    ],
)  # fmt: skip
def test_the_score_a_sentence_gives(text, expected):
    assert in_words(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("4,753.66", "万元", D("4753.66")),
        ("4753.66万元", "元", D("4753.66")),
        ("88217.5", "元", D("8.82175")),
        ("88217.5元", "万元", D("8.82175")),
        ("2亿元", "万元", D(20000)),
        ("１２．５万元", "万元", D("12.5")),
        ("其中：财政资金 12万元", "万元", D(12)),
        ("-3", "万元", D(-3)),
        ("/", "万元", None),
        ("无", "万元", None),
        ("12+3", "万元", None),
        (None, "万元", None),
    ],
)
def test_an_amount_in_wan(text, unit, expected):
    assert amount_wan(text, unit) == expected


@pytest.mark.parametrize("text", ["培训100双语教师", "服务12具备条件村", "由3副局长分管"])
def test_the_beginning_of_another_word_is_no_unit(text):
    assert [quantity.value.unit for quantity in quantities_in(text)] in ([], [""])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("97.00%", D(97)),
        ("97", D(97)),
        ("0.97", D(97)),
        ("1", D(100)),
        ("0.5%", D("0.5")),
        ("０", D(0)),
        ("执行率：98.5%", D("98.5")),
        ("全年", None),
        (None, None),
    ],
)
def test_a_rate_in_percent(text, expected):
    assert rate_pct(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5600001", "landline"), ("56000012", "landline"), ("0990-5550134", "landline_area"), ("010-12345678", "landline_area"),
        ("09905550134", "landline_area"), ("0990-5550134转802", "landline_area"), ("13800000021", "mobile"), ("+86 138 0000 0021", "mobile"),
        ("5600001/13800000021", "mobile"), ("138****1234", "masked"), ("139000001234", "invalid"), ("0388-210563", "invalid"),
        ("123456", "invalid"), ("见通讯录", "invalid"), ("/", "empty"), (None, "empty"),
    ],
)  # fmt: skip
def test_phones(text, kind):
    assert phone(text) == kind


def test_dates_in_running_text():
    found = dates_in("2021年安排经费，2022年3月启动，12月底前完工")
    assert [(value.low, value.high) for value in found] == [(20210101, 20211231), (20220301, 20220331), (None, 1231)]
    assert dates_in("12348热线，3次，2022件") == ()


def _told(text):
    return [(q.before, q.value.number, q.value.unit, q.after) for q in quantities_in(text)]


def test_quantities_carry_the_words_around_them():
    assert _told("印制读本5000本,制作50块宣传版面,满意度达到90%以上") == [
        ("印制读本", 5000, "本", ""),
        ("制作", 50, "块", "宣传版面"),
        ("满意度达到", 90, "", "以上"),
    ]
    assert _told("举办三期培训、两场演出，受益农村人口3.2万人") == [
        ("举办", 3, "期", "培训"),
        ("", 2, "场", "演出"),
        ("受益农村人口", 32000, "人", ""),
    ]


def test_a_quantity_said_of_each_one_is_told():
    found = quantities_in("约50件案件，每件需3名专家，律师代理费2000元/件，26所学校各配备1间实验室")
    assert [(q.value.number, q.each) for q in found] == [(50, False), (3, True), (2000, False), (26, False), (1, True)]
    assert found[0].value.bound == "~"
    assert found[2].value.kind == "price"


def test_numbers_that_count_nothing_are_no_quantities():
    assert (
        quantities_in("根据〔2020〕13号文，12348平台，提供一件建议，“十四五”规划，第3条，三个确保，小学二年级学生")
        == ()
    )


def test_amounts_in_running_text_leave_prices_out():
    found = amounts_in("合计54.43万元，其中教育经费83400元；补贴200元/人，共2亿元")
    assert [q.value.number for q in found] == [D(544300), D(83400), D(200000000)]


PIECES = st.sampled_from(
    [
        "≥",
        "≧",
        ">=",
        "<=",
        "≤",
        "<",
        ">",
        "=",
        "~",
        "不低于",
        "不超过",
        "约",
        "余",
        "多",
        "以上",
        "以内",
        "左右",
        "控制在",
        "%",
        "％",
        "‰",
        "百分之",
        "百分比",
        "个百分点",
        "1",
        "0",
        "95",
        "2022",
        "2022年",
        "12月",
        "31日",
        "13月",
        "月",
        "日",
        "年",
        "号",
        "底前",
        "上旬",
        "第三季度",
        "上半年",
        "-",
        "—",
        "~",
        "至",
        "到",
        "、",
        ",",
        "，",
        ".",
        "。",
        "/",
        "·",
        "万",
        "亿",
        "千",
        "百",
        "十",
        "一",
        "二",
        "三",
        "零",
        "〇",
        "两",
        "点",
        "元",
        "万元",
        "元/人/天",
        "件",
        "人次",
        "台（套）",
        "每",
        "各",
        "分",
        "得分",
        "满分",
        "转",
        "0353-",
        "138",
        "(",
        ")",
        "（",
        "）",
        "全年",
        "常态化",
        "提升",
        "未完成",
        "０",
        "９",
        "\t",
        "\n",
        "\u3000",
        "9999999999999999999",
        "#REF!",
        "……",
        "*",
        "🙂",
        "\x00",
    ]
)
ANY_TEXT = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join), st.none())
READERS = [
    fold, bare, chosen, is_blank, parse, points, amount_wan, rate_pct, dates_in, period, day, is_impossible_day, year, phone, quantities_in, amounts_in,
]  # fmt: skip


@given(ANY_TEXT)
def test_nothing_raises_on_any_text(text):
    for read in READERS:
        read(text)


@given(ANY_TEXT)
def test_a_value_keeps_its_text_and_one_of_the_kinds(text):
    value = parse(text)
    assert value.text == (text or "")
    assert value.kind in {"empty", "count", "rate", "amount", "price", "date", "span", "word"}
    assert (value.number is not None) == (value.numeric or value.kind == "date")


@given(
    st.integers(0, 10**9),
    st.sampled_from(["件", "人次", "台（套）", "公里", "%", "万元", "元/人/天"]),
    st.sampled_from(["", "≥", "≤", "约"]),
)
def test_a_plain_number_is_read_back(number, unit, mark):
    value = parse(f"{mark}{number:,}{unit}")
    assert value.numeric
    assert value.number == number * (10_000 if unit == "万元" else 1)
    assert value.bound == {"": "", "≥": ">=", "≤": "<=", "约": "~"}[mark]


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0}.{1}.{2}", "{0}年{1}月{2}日", "{0}-{1:02}-{2:02}", "{0}/{1}/{2}"]),
)
def test_a_written_day_is_read_back(when, spelling):
    assert day(spelling.format(when.year, when.month, when.day)) == when


def test_every_public_reader_is_held_to_never_raising():
    assert {name for name in text.__all__ if name.islower()} == {reader.__name__ for reader in READERS}
