"""B04: a project period without an end, or longer than a year."""

import re
from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import fold, is_blank, period
from assistant.text.quotation import quoted

_OPEN = re.compile(r"至今|长期|常年|永久|持续|不定期|至完成|至完工|[-~至到]\s*$")
DAYS_OF_A_YEAR = 366
"""A period may hold one year, a leap year too."""


@rule(
    "B04",
    "period-unclear",
    severity="warning",
    policy=("mof-2020-10#art-7", "qingdao-perf-2014#art-10"),
    needs=Needs(("basic.period",)),
)
def period_unclear(form: Form, profile: Profile) -> Iterator[Hit]:
    """项目起止时间不明确，或长于所评价的年度。

    The period has no end (至今, 长期, a dash with nothing behind it) or is longer than the year evaluated:
    a yearly evaluation cannot tell which part it speaks of. Silent on an empty cell (B01) and on words
    in which no date can be read.

    Field: `basic.period`. Evidence: `stated`, `days`.
    """
    field = "basic.period"
    text = form.get(field)
    if is_blank(text):
        return
    span = period(text)
    first, last = span or (None, None)
    if (span is not None and last is None) or _OPEN.search(fold(text)):
        yield Hit(field, f"项目起止时间填{quoted(text)}，没有明确的结束时间，请写明起止年月。", {"stated": text})
    elif first is not None and last is not None:
        days = (last - first).days + 1
        if days > DAYS_OF_A_YEAR:
            message = f"项目起止时间{quoted(text)}共{days}天，长于所评价的一个年度，请写明本年度的实施时段。"
            yield Hit(field, message, {"stated": text, "days": days}, ("basic.evaluation_year",))


FIRES = [
    Case("开始以来一直在做", {"basic.period": "2022年1月至今"}, ("basic.period",)),
    Case("只有开始没有结束", {"basic.period": "2022年1月—"}, ("basic.period",)),
    Case("长期项目", {"basic.period": "长期"}, ("basic.period",)),
    Case("三年的项目评价一年", {"basic.period": "2021年1月-2023年12月"}, ("basic.period",)),
]
SILENT = [
    Case("写到日的全年", {"basic.period": "2022年1月1日—2022年12月31日"}),
    Case("只有半年", {"basic.period": "2022.7-2022.12"}),
    Case("一年两写", {"basic.period": "2022年1-12月"}),
    Case("未填，由必填规则提示", {"basic.period": None}),
]
