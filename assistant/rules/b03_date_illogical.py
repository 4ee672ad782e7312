"""B03: the fill date against the calendar and the end of the period."""

from collections.abc import Iterator
from datetime import date

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text import day, is_blank, is_impossible_day, period, year
from assistant.text.quotation import quoted


@rule(
    "B03",
    "date-illogical",
    severity="error",
    policy=("mof-2015-88#self-eval", "qingdao-perf-2014#art-24"),
    needs=Needs(("basic.fill_date", OneOf(("basic.period", "basic.evaluation_year")))),
)
def date_illogical(form: Form, profile: Profile) -> Iterator[Hit]:
    """填报日期早于项目期末，或不是真实日期。

    A self-evaluation looks back on a finished year, so the form cannot be filled in before the period
    ended. Of a project that runs over several years the year evaluated counts (B04 speaks of the rest);
    where no period can be read, the year evaluated stands for it.

    Field: `basic.fill_date`. Evidence: `stated`, `period_end`.
    """
    field = "basic.fill_date"
    text = form.get(field)
    if is_blank(text):
        return
    if is_impossible_day(text):
        yield Hit(field, f"填报日期{quoted(text)}不是日历上有的日期，请更正。", {"stated": text, "case": "no-day"})
        return
    filled = day(text)
    end = _end(form)
    if filled is not None and end is not None and filled < end:
        message = f"填报日期为{_written(filled)}，早于项目期末{_written(end)}，自评应在项目期满后进行，请核对。"
        yield Hit(field, message, {"stated": text, "period_end": end.isoformat()}, ("basic.period",))


def _end(form: Form) -> date | None:
    evaluated = year(form.get("basic.evaluation_year"))
    year_end = date(evaluated, 12, 31) if evaluated else None
    span = period(form.get("basic.period"))
    first, last = span or (None, None)
    if first is None or last is None:
        return year_end
    return year_end if year_end is not None and first.year <= year_end.year < last.year else last


def _written(moment: date) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


FIRES = [
    Case("年中就填了全年的自评", {"basic.fill_date": "2022. 5. 30"}, ("basic.fill_date",)),
    Case("二月三十日", {"basic.fill_date": "2023年2月30日"}, ("basic.fill_date",)),
    Case("十三月", {"basic.fill_date": "2023.13.1"}, ("basic.fill_date",)),
    Case(
        "起止时间读不出，以评价年度为准", {"basic.fill_date": "2022.11.2", "basic.period": "一年"}, ("basic.fill_date",)
    ),
]
SILENT = [
    Case("期末最后一天填报", {"basic.fill_date": "2022年12月31日"}),
    Case("只写到月", {"basic.fill_date": "2023年1月"}),
    Case("未填，由必填规则提示", {"basic.fill_date": None}),
    Case("跨年项目评价其中一年", {"basic.period": "2021年1月-2023年12月", "basic.fill_date": "2023.3.1"}),
    Case("日期写得读不出，不猜", {"basic.fill_date": "见封面"}),
]
