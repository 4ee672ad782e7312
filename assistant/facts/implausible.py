"""A value that cannot be right as it is written: what I12 says of a cell, and why other rules then keep silent.

A row whose completion value cannot stand is not also short, overshot or of another kind: the slip comes first.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.facts.reach import reach
from assistant.form.form import Row
from assistant.text import CACHE, Value, bare, fold, units

_MONEY_NAME = re.compile(r"费|补[贴助]|标准|单价|造价|价格|工资|薪酬|租金|支出|成本|投入|经费")
_MAY_BE_NEGATIVE = re.compile(r"增|降|减|变化|差|涨|幅|温|节|盈|亏|利润|收益|净")
_SPAN_AS_UNIT = re.compile(r"^(?:全年|常年|长期|每年|常态)")
_SHARE_NAME = re.compile(r"(?:满意|认可|支持|信任)度$|率$|比例$|占比$|比重$|百分比$|覆盖面$")
# What is measured against a plan, an earlier year or something else than its own whole.
_OF_NO_WHOLE = re.compile(
    r"增|升|提高|降|变化|同比|环比|涨|跌|减|回报|投入产出|产出比|收益|利润|效益|放大|杠杆|倍|完成率|完成比例|达成率|达产|产销|毛入学|床?位?[使利]用率"
    r"|周转|负荷|负载|自给|充足率|负债|抵押|溢价|贡献|折算|超|征[收缴]|收缴率|清欠|拉动|性价比|配比|师生比|生师比|容积|密度|频率|效率|速率|倾斜|汇率|功率"
)
_DAY_OF_MONTH = re.compile(r"(?<!\d)(1?\d|2\d)月(\d{1,2})[日号]|(?<!\d)(1[3-9]|[2-9]\d)月份?(?!\d)")
_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def wrong_value(group: str, name: str, value: Value) -> str:
    """What makes a cell impossible, as the end of a sentence; "" where nothing does."""
    if not value.numeric:
        return "不是日历上有的日期" if "月" in value.text and _impossible_day(value.text) else ""
    number = value.number
    if number is None:
        return ""
    if number < 0 and not _MAY_BE_NEGATIVE.search(name):
        return "为负数"
    if value.kind == "count":
        if value.unit and _SPAN_AS_UNIT.match(value.unit):
            return "把数量与时段连写，不知所指"
        if group == "cost" and value.unit and _MONEY_NAME.search(name):
            return _not_money(name, value.unit)
    elif value.kind == "rate" and number > 100 and not value.unit and is_share(name):
        return "超过100%"
    return ""


@lru_cache(CACHE)
def is_share(name: str) -> bool:
    """Whether an indicator is a part of a whole, whatever stands before 率: none of its values can pass 100 %."""
    text = bare(name)
    return bool(_SHARE_NAME.search(text)) and not _OF_NO_WHOLE.search(text)


def _not_money(name: str, unit: str) -> str:
    """A fee counted in people or things: 200人/天, 2000件/次."""
    first = unit.partition("/")[0]
    counts_things = units.family(first) in ("people", "thing", "household") or first in ("个", "只")
    if counts_things and ("/" in unit or not _names_its_unit(name, first)):
        return f"是费用而以“{first}”为单位，应为“元”"
    return ""


def _names_its_unit(name: str, unit: str) -> bool:
    """“标准化建设费用支持村数” counts villages: the name itself ends in a number of them."""
    return name.endswith(("数", "数量", "次数", "人数", unit))


def _impossible_day(text: str) -> bool:
    match = _DAY_OF_MONTH.search(fold(text))
    if match is None:
        return False
    return match[3] is not None or int(match[1]) not in _LONGEST or not 1 <= int(match[2]) <= _LONGEST[int(match[1])]


def misstated(row: Row) -> bool:
    """Whether the completion value of a row cannot be right as it is written."""
    return bool(wrong_value(row.group, row.name, reach(row).actual))
