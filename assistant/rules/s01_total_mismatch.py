"""S01: the stated total against the sum of its parts."""

from collections.abc import Iterator
from decimal import Decimal

from assistant.facts.scores import TOTAL_TOLERANCE
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import PART_SCORES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.score import differ


@rule(
    "S01",
    "total-mismatch",
    severity="error",
    kind="contradiction",
    policy=(
        "mof-2020-10#art-16-method",
        "mof-2020-10#annex-columns",
        "yangquan-form-2022#footer-caps",
        "perf-system-validation#cap-reason",
    ),
    needs=Needs(("scores.total", PART_SCORES)),
)
def total_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """总分与各项得分之和不一致。

    The stated total differs from the sum of the section scores (in an indicator form: the row
    scores and the score of the funds block). Silent while any part is missing or unreadable: S04
    and S05 say that, and a guessed sum would accuse the wrong cell.

    Field: `scores.total`. Evidence: `stated`, `expected`, in points.
    """
    total = points(form.get("scores.total"))
    printed = form.part_scores()
    parts = {path: score for path, text in printed.items() if (score := points(text)) is not None}
    if total is None or not parts or len(parts) < len(printed) or _part_unprinted(form):
        return
    expected = sum(parts.values(), Decimal(0))
    if differ(total, expected, TOTAL_TOLERANCE.of(profile)):
        addends = "+".join(f"{plain(part)}" for part in parts.values())
        message = (
            f"总分填{plain(total)}分，各项得分合计{addends}={plain(expected)}分，相差{plain(abs(total - expected))}分。"
        )
        yield Hit("scores.total", message, {"stated": total, "expected": expected}, tuple(parts))


def _part_unprinted(form: Form) -> bool:
    """Whether an indicator form prints no score of the funds block although its rows leave room for one."""
    if form.family == "section" or form.printed("funds.total.score"):
        return False
    weights = [points(row.weight) for row in form.rows if row.weight]
    if not weights:  # a layout without weights says what its sections earn instead
        weights = [cap for section, cap in form.caps.items() if section != "execution"]
    known = [weight for weight in weights if weight is not None]
    return len(known) < len(weights) or sum(known, Decimal(0)) != 100


FIRES = [
    Case("四项之和为100，总分写90", {"scores.total": "90"}, ("scores.total",)),
    Case("总分取整，与各项之和不符", {"scores.output": "46.6667", "scores.total": "97"}, ("scores.total",)),
    Case("改了产出得分，忘了改总分", {"scores.output": "46分", "scores.execution": "9.5"}, ("scores.total",)),
    Case("指标得分之和与总分不符", {"scores.total": "98"}, ("scores.total",), family="indicator"),
]
SILENT = [
    Case("缺一项得分，不猜", {"scores.benefit": None, "scores.total": "70"}),
    Case("写法不同，数相同", {"scores.total": "100.0分"}),
    Case("表格软件算出的得分带十几位小数", {"scores.output": "46.6666666666667", "scores.total": "96.6666666666667"}),
    Case("总分只留一位小数", {"scores.output": "46.6667", "scores.total": "96.7分"}),
    Case("得分写成分数", {"scores.output": "140/3", "scores.total": "96.67"}),
    Case("没有总分，由S05提示", {"scores.total": None}),
    Case("执行率得分未单列，各行分值只有90", {"funds.total.score.*": None}, family="indicator"),
    Case("不设分值也无得分的行不参加汇总", {"indicators.economic.1.name": "节约检测支出"}, family="indicator"),
]
