"""S02: a score above what its section or row can earn."""

from collections.abc import Iterator
from decimal import Decimal

from assistant.facts.scores import execution_cap
from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form
from assistant.form.profile import Profile
from assistant.rules.needs import PART_SCORES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.score import same


@rule(
    "S02",
    "score-over-cap",
    severity="error",
    policy=(
        "mof-2020-10#art-13-weights",
        "mof-2020-10#annex-columns",
        "perf-system-validation#cap-reason",
        "yangquan-form-2022#footer-caps",
    ),
    needs=Needs((PART_SCORES,)),
)
def score_over_cap(form: Form, profile: Profile) -> Iterator[Hit]:
    """得分超过分值，或为负数。

    A section score above its cap, a row score above its weight, or either below zero. A cap is the
    form's own, else the profile's; where neither says, only a negative score fires.

    Field: that score. Evidence: `stated`, `cap`, in points.
    """
    if form.family == "section":
        for part in ("execution", *form.sections):
            path = f"scores.{part}"
            yield from _judge(path, form.get(path), profile.cap(form, part), SECTIONS[part])
    else:
        path = "funds.total.score"
        yield from _judge(path, form.get(path), execution_cap(form, profile), SECTIONS["execution"])
    for row in form.rows:
        if row.score:
            yield from _judge(row.path("score"), row.score, points(row.weight), row.label)


def _judge(path: str, text: str | None, cap: Decimal | None, name: str) -> Iterator[Hit]:
    score = points(text)
    if score is None:
        return
    if score < 0:
        message = f"{name}得{plain(score)}分，得分不能为负数。"
    elif cap is None or score <= cap or same(score, cap):
        return
    else:
        message = f"{name}得{plain(score)}分，超过分值{plain(cap)}分，多计{plain(score - cap)}分。"
    yield Hit(path, message, {"stated": score, "cap": cap})


FIRES = [
    Case("产出满分50，填52", {"scores.output": "52分", "scores.total": "102"}, ("scores.output",)),
    Case(
        "按表内所印分值，不按通用口径",
        {"caps.output": "40", "caps.benefit": "40", "scores.output": "45"},
        ("scores.output",),
    ),
    Case("得分为负", {"scores.satisfaction": "-1"}, ("scores.satisfaction",)),
    Case("行得分超过该行分值", {"indicators.cost.1.score": "5.5"}, ("indicators.cost.1.score",), family="indicator"),
    Case("执行率得分超过该栏分值", {"funds.total.score": "11"}, ("funds.total.score",), family="indicator"),
]
SILENT = [
    Case("恰为满分", {"scores.output": "50.0分"}),
    Case("表内印有加权后的分值", {"caps.output": "60", "scores.output": "55"}),
    Case("未填得分", {"scores.output": None}),
    Case(
        "分值只印到两位小数，得分未舍入",
        {"indicators.cost.1.weight": "3.33", "indicators.cost.1.score": "3.3333"},
        family="indicator",
    ),
    Case("该行未列分值", {"indicators.cost.1.weight": None, "indicators.cost.1.score": "6"}, family="indicator"),
    Case("执行栏分值为20", {"funds.total.weight": "20", "funds.total.score": "19"}, family="indicator"),
]
