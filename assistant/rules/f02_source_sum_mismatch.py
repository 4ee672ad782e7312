"""F02: the sources of a fund column against its total."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from assistant.facts import funds
from assistant.form.form import FUND_COLUMNS, SOURCES, Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import TOTALS, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank

LEVELS = ("central", "provincial", "central_provincial", "city", "county")
"""Sources that a 财政拨款 row may sum up, or that stand beside it."""

Given = dict[str, Decimal]
"""What each source gives, in 万元."""


@rule(
    "F02",
    "source-sum-mismatch",
    severity="error",
    kind="contradiction",
    policy=("mof-2020-10#annex-columns", "yangquan-form-2022#funds-columns"),
    absence=Absence("amount"),
    needs=Needs((TOTALS,), printed=("funds.[!tu]*.*",)),
)
def source_sum_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """资金来源之和与合计不符。

    The sources of a column do not add up to its total, or all are blank while the total is not.
    财政拨款 may sum up the levels below it or stand beside them, and 中央、省财政 likewise: any reading
    that adds up is right. Silent without source rows, where a source is no number, where the total
    is blank (F04) and where only the unit of the total is wrong (F01).

    Field: `funds.total.<column>`. Evidence: `stated`, `expected`, in 万元.
    """
    sources = funds.sources_printed(form)
    if not sources:
        return
    known, slack = funds.amounts(form), funds.tolerance(form, profile)
    for column in funds.MONEY_COLUMNS:
        total = known.get(("total", column))
        if total is None:
            continue
        given = {source: known[source, column] for source in sources if (source, column) in known}
        if given and abs(total - sum(given.values())) <= slack:  # the common case, before the other readings
            continue
        if not total and not given:
            continue
        if any(source not in given and not is_blank(form.get(f"funds.{source}.{column}")) for source in sources):
            continue
        if not given:
            message = f"{FUND_COLUMNS[column]}合计{funds.as_printed(form, total)}，但各资金来源均为空，请按来源补填。"
            yield Hit(f"funds.total.{column}", message, {"stated": total, "expected": None})
        else:
            yield from _apart(form, profile, column, total, given, slack)


def _apart(form: Form, profile: Profile, column: str, total: Decimal, given: Given, slack: Decimal) -> Iterator[Hit]:
    readings = [(sum(reading.values(), Decimal(0)), reading) for reading in _readings(given)]
    wrong = funds.misunits(form, profile).get(column)
    for amount, _ in readings:
        if abs(total - amount) <= slack or (wrong and abs(wrong.corrected - amount) <= amount / 100):
            return
    expected, nearest = min(readings, key=lambda reading: abs(total - reading[0]))
    parts = "+".join(f"{SOURCES[source]}{funds.figure(form, amount)}" for source, amount in nearest.items())
    if len(nearest) > 1:
        added = f"各资金来源{parts}={funds.as_printed(form, expected)}"
    else:
        added = f"资金来源仅有{parts}{funds.unit(form)}"
    gap = funds.as_printed(form, abs(total - expected))
    message = f"{FUND_COLUMNS[column]}合计填{funds.as_printed(form, total)}，{added}，相差{gap}。"
    related = tuple(f"funds.{source}.{column}" for source in nearest)
    yield Hit(f"funds.total.{column}", message, {"stated": total, "expected": expected}, related)


def _readings(given: Given) -> list[Given]:
    """The ways the sources can add up without counting one yuan twice."""
    choices = [given]
    if "fiscal" in given and any(level in given for level in LEVELS):
        choices += [_without(given, LEVELS), _without(given, ("fiscal",))]
    if "central_provincial" in given and ("central" in given or "provincial" in given):
        choices += [
            _without(choice, left)
            for choice in choices
            for left in (("central", "provincial"), ("central_provincial",))
        ]
    return choices


def _without(given: Given, left: Collection[str]) -> Given:
    return {source: amount for source, amount in given.items() if source not in left}


FIRES = [
    Case(
        "市财政与县财政合计少1万元",
        {"funds.city.executed": "7", "funds.county.executed": "4"},
        ("funds.total.executed",),
    ),
    Case("来源全部空白", {"funds.city.received": None}, ("funds.total.received",)),
    Case("合计只改了总额", {"funds.total.executed": "93"}, ("funds.total.executed",), family="indicator"),
    Case("结转未计入合计", {"funds.carried_over.budget": "20"}, ("funds.total.budget",), family="indicator"),
    Case(
        "无论怎样组合都不等于合计",
        {"funds.central.budget": "40", "funds.provincial.budget": "30", "funds.fiscal.budget": "85"},
        ("funds.total.budget",),
        family="indicator",
    ),
]
SILENT = [
    Case("相差在0.01以内", {"funds.city.executed": "11.99"}),
    Case("财政拨款下再列中央、省", {"funds.central.budget": "60", "funds.provincial.budget": "40"}, family="indicator"),
    Case(
        "各级财政与其他资金并列，不设财政拨款",
        {"funds.fiscal.*": None, "funds.city.budget": "80", "funds.other.budget": "20",
         "funds.city.executed": "75", "funds.other.executed": "20", "funds.city.initial_budget": "100"},
        family="indicator",
    ),
    Case("合计空白，由F04提示", {"funds.total.budget": None}),
    Case("表内不列来源", {"funds.central_provincial.*": None, "funds.city.*": None, "funds.county.*": None, "funds.other.*": None}),
    Case("合计与来源差一万倍，由F01提示", {"funds.total.executed": "120000"}),
    Case("来源栏写的是文字", {"funds.city.budget": "见附表"}),
]  # fmt: skip
