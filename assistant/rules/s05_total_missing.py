"""S05: the total score is not there."""

from collections.abc import Iterator
from decimal import Decimal

from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import CLOSING, INDICATORS, Absence
from assistant.rules.needs import PART_SCORES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points


@rule(
    "S05",
    "total-missing",
    severity="error",
    policy=(
        "mof-2020-10#ch5-form",
        "mof-2020-10#annex-columns",
        "mof-2020-10#art-16-method",
        "yangquan-form-2022#footer-caps",
    ),
    absence=Absence("score", (INDICATORS, CLOSING)),
    needs=Needs(printed=(PART_SCORES,)),
)
def total_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """没有填写总分。

    Every template that gives points prints a total; a cell with words but no points is as good as empty. Where all
    parts are there, the message names their sum.

    Field: `scores.total`. Evidence: `expected`, the sum, where it can be had.
    """
    if points(form.get("scores.total")) is not None or not form.prints_scores:
        return
    printed = form.part_scores()
    parts = [score for text in printed.values() if (score := points(text)) is not None]
    if parts and len(parts) == len(printed):
        expected = sum(parts, Decimal(0))
        addends = "+".join(f"{plain(part)}" for part in parts)
        message = f"未填总分。各项得分合计{addends}={plain(expected)}分，请核对后补填。"
        yield Hit("scores.total", message, {"expected": expected}, tuple(printed))
    else:
        yield Hit("scores.total", "未填总分，请在补齐各项得分后汇总填写。")


FIRES = [
    Case("总分空白", {"scores.total": None}, ("scores.total",)),
    Case("总分栏只写等级", {"scores.total": "优秀"}, ("scores.total",)),
    Case("指标表总分空白", {"scores.total": None}, ("scores.total",), family="indicator"),
]
SILENT = [
    Case("总分带“分”字", {"scores.total": "100分"}),
    Case("总分带十几位小数", {"scores.total": "96.6666666666667"}),
    Case("总分后附等级", {"scores.total": "98.7分（优）"}, family="indicator"),
    Case("总分为0", {"scores.total": "0"}),
]
