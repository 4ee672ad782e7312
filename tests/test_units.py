"""Units and numbers in characters: one answer each, the same for rules, reader and grounding."""

from decimal import Decimal as D

import pytest

from assistant.draft.figures import Known
from assistant.facts.reach import kinds_differ, reads_as_met
from assistant.form.form import Row
from assistant.text import numerals, parse, quantities_in
from assistant.text.units import UNITS, converted, differ, family, same_unit, share_a_family


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("千米", "公里", True), ("平方千米", "平方公里", True), ("课时", "节", True), ("学时", "堂", True), ("次", "人次", True), ("场", "次", True),
        ("本", "册", True), ("台(套)", "台", True), ("人", "名", True), ("个工作日", "工作日", True), ("件", "件", True),
        ("人", "人次", False), ("场", "人次", False), ("公里", "米", False), ("件", "人", False), ("天", "工作日", False), ("", "件", False),
    ],
)  # fmt: skip
def test_one_unit_goes_for_another(one, other, expected):
    assert same_unit(one, other) is expected and same_unit(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("件", "人", True), ("米", "天", True), ("台", "户", True), ("课时", "人", True),
        ("次", "人次", False), ("课时", "节", False), ("节", "学时", False), ("千米", "公里", False), ("人", "人次", False), ("个", "人", False),
        ("律师事务所", "人", False), ("件", "", False),
    ],
)  # fmt: skip
def test_units_that_cannot_be_set_against_each_other(one, other, expected):
    assert differ(one, other) is expected and differ(other, one) is expected
    assert not (differ(one, other) and share_a_family(one, other))


def test_a_unit_has_a_family_of_its_own():
    assert [family(unit) for unit in ("人次", "次", "课时", "节", "千米", "个", "律师事务所")] == [
        "people", "thing", "duration", "thing", "length", "", ""
    ]  # fmt: skip
    assert all(parse(f"30{unit}").kind in ("count", "rate", "amount", "date") for unit in UNITS)


@pytest.mark.parametrize(
    ("number", "unit", "into", "expected"),
    [
        ("5", "千米", "公里", D(5)), ("5", "公里", "米", D(5000)), ("2", "吨", "千克", D(2000)), ("1", "平方千米", "公顷", D(100)),
        ("5", "公里", "公里", None), ("5", "公里", "天", None), ("5", "件", "本", None),
    ],
)  # fmt: skip
def test_a_number_in_another_unit_of_its_scale(number, unit, into, expected):
    assert converted(D(number), unit, into) == expected


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("5千米", "5公里"), ("5公里", "5千米"), ("5公里", "5000米"), ("20课时", "20节"), ("≥20节", "20课时"), ("300次", "300人次"), ("≥300人次", "320次"),
        ("一千五百人次", "1500人次"), ("一千五人次", "1500人次"), ("12000册", "一万二千册"), ("1.2万册", "一万二册"), ("一百零五件", "105件"),
    ],
)  # fmt: skip
def test_a_row_in_two_spellings_of_one_unit_is_met_and_of_one_kind(target, actual):
    row = Row("quantity", 1, "output", "服务", target, actual)
    assert reads_as_met(row) and not kinds_differ(row)


@pytest.mark.parametrize(("target", "actual"), [("20件", "20人"), ("5公里", "5天"), ("300次", "300户")])
def test_a_row_of_two_kinds_is_told(target, actual):
    assert kinds_differ(Row("quantity", 1, "output", "服务", target, actual))


@pytest.mark.parametrize(
    ("said", "told"),
    [("培训20课时", "完成20节"), ("修路5千米", "修路5公里"), ("服务300人次", "服务300次"), ("一百二十人", "120名"), ("一千五百人", "1500人"), ("一万二千册", "12000册"), ("伍拾台", "50台")],
)  # fmt: skip
def test_a_comment_may_say_a_figure_in_the_other_spelling(said, told):
    known = Known()
    known.add(said)
    assert list(known.objections(told)) == []


@pytest.mark.parametrize(
    ("said", "told"), [("60台", "60%"), ("60台", "60人"), ("60人", "60人次"), ("1005人", "一千五人")]
)
def test_a_comment_may_not_say_it_of_something_else(said, told):
    known = Known()
    known.add(said)
    assert len(list(known.objections(told))) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一千五", D(1500)), ("一千零五", D(1005)), ("一千五百", D(1500)), ("三百二", D(320)), ("一万二", D(12000)), ("一万二千", D(12000)),
        ("两万零三百", D(20300)), ("一亿二千万", D(120000000)), ("十", D(10)), ("十五", D(15)), ("二十一", D(21)), ("一百一十", D(110)),
        ("二〇二二", D(2022)), ("二○二三", D(2023)), ("零", D(0)), ("九十五点五", D("95.5")), ("壹仟贰佰", D(1200)), ("２１", D(21)), ("46.5", D("46.5")),
        ("百", D(100)), ("", None), ("点五", None), ("五点", None), ("甲", None), ("一八六零零零零一二三四", None),
    ],
)  # fmt: skip
def test_a_number_in_characters(text, expected):
    assert numerals.number(text) == expected


def test_an_ordinal_is_a_whole_number():
    assert [numerals.ordinal(text) for text in ("二十一", "九十五点五", "其他")] == [21, None, None]


@pytest.mark.parametrize(("text", "expected"), [("一千五百人", 1500), ("一千五人", 1500), ("一万二千册", 12000)])
def test_cells_running_text_and_grounding_read_one_number(text, expected):
    assert parse(text).number == expected
    assert [quantity.value.number for quantity in quantities_in(f"共服务{text}。")] == [expected]
    known = Known()
    known.add(text)
    assert list(known.objections(f"{expected}{text[-1]}")) == []
