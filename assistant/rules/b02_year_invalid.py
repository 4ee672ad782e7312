"""B02: the year evaluated against what a year is and against the project period."""

from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank, period, year
from assistant.text.quotation import quoted


@rule(
    "B02",
    "year-invalid",
    severity="error",
    policy=("mof-2020-10#art-7", "mof-2020-10#ch5-form"),
    needs=Needs(("basic.evaluation_year",)),
)
def year_invalid(form: Form, profile: Profile) -> Iterator[Hit]:
    """评价年度不是年份，或与项目起止时间不符。

    The cell names no year (a grade, a unit) or more than one, or a year outside the project period.
    Silent where the cell is empty (B01) and, for the second half, where the period cannot be read.

    Field: `basic.evaluation_year`. Evidence: `stated`, `period`.
    """
    field = "basic.evaluation_year"
    text = form.get(field)
    if is_blank(text):
        return
    stated = year(text)
    if stated is None:
        yield Hit(field, f"绩效自评评价年度填{quoted(text)}，不是一个年度，请填写被评价的年度。", {"stated": text})
        return
    span = period(form.get("basic.period"))
    if span is None:
        return
    first, last = span
    if stated < first.year or (last is not None and stated > last.year):
        printed = form.get("basic.period")
        message = f"评价年度填{stated}年，项目起止时间为{quoted(printed)}，两者不是同一年度，请核对。"
        yield Hit(field, message, {"stated": stated, "period": printed}, ("basic.period",))


FIRES = [
    Case("年度栏填了等级", {"basic.evaluation_year": "优秀"}, ("basic.evaluation_year",)),
    Case("起止时间是下一年", {"basic.period": "2023年1月-2023年12月"}, ("basic.evaluation_year",)),
    Case("起止时间是上一年", {"basic.period": "2021.1-2021.12"}, ("basic.evaluation_year",)),
]
SILENT = [
    Case("用汉字写的年度", {"basic.evaluation_year": "二〇二二年度"}),
    Case("写成2022年度", {"basic.evaluation_year": "2022年度"}),
    Case("跨年项目，评价其中一年", {"basic.period": "2021年1月-2023年12月"}),
    Case("年度未填，由必填规则提示", {"basic.evaluation_year": None}),
    Case("起止时间读不出日期，不猜", {"basic.period": "按批复执行"}),
    Case("至今的项目，年度在开始之后", {"basic.period": "2020年3月至今"}),
]
