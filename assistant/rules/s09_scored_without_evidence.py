"""S09: points with no indicator, or no completion value, behind them."""

from collections.abc import Iterator

from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form
from assistant.form.profile import Profile
from assistant.rules.absence import INDICATORS, Absence
from assistant.rules.needs import PART_SCORES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank, points


@rule(
    "S09",
    "scored-without-evidence",
    severity="error",
    policy=(
        "mof-2021-101#3-evidence",
        "mof-2016-self-eval#honest",
        "mof-2020-10#art-16-quant",
        "mof-2021-101#2-satisfaction",
    ),
    absence=Absence("anything", (INDICATORS,)),
    needs=Needs((PART_SCORES,)),
)
def scored_without_evidence(form: Form, profile: Profile) -> Iterator[Hit]:
    """有得分，但没有指标或完成值支撑。

    A section has points while no indicator stands in it, or none of its indicators has a completion
    value; in an indicator form, a row has points and no completion value. Where some rows of a
    section have values, the empty ones are I02's.

    Field: that score. Evidence: `stated`, in points.
    """
    if form.family == "section":
        for section in form.sections:
            score = points(form.get(f"scores.{section}"))
            if not score or score < 0:
                continue
            rows = form.rows_in(section)
            name = SECTIONS[section]
            if not rows:
                message = f"{name}得{plain(score)}分，但表中没有{name}，得分缺乏依据。"
                yield Hit(f"scores.{section}", message, {"stated": score})
            elif all(is_blank(row.actual) for row in rows):
                message = (
                    f"{name}得{plain(score)}分，但所列{len(rows)}项指标的完成值均为空，得分缺乏依据，请补填完成值。"
                )
                related = tuple(row.path("actual") for row in rows)
                yield Hit(f"scores.{section}", message, {"stated": score}, related)
    for row in form.rows:
        score = points(row.score) if row.score else None
        if score and score > 0 and is_blank(row.actual):
            message = f"{row.label}得{plain(score)}分，但完成值为空，得分缺乏依据，请补填完成值。"
            yield Hit(row.path("score"), message, {"stated": score}, (row.path("actual"),))


FIRES = [
    Case(
        "没有满意度指标，仍得9分",
        {"indicators.satisfaction.*": None, "scores.satisfaction": "9"},
        ("scores.satisfaction",),
    ),
    Case(
        "效益各行完成值均空",
        {"indicators.social.1.actual": None, "indicators.sustainability.1.actual": "/"},
        ("scores.benefit",),
    ),
    Case(
        "该行完成值空白，仍得8分",
        {"indicators.quality.1.actual": None},
        ("indicators.quality.1.score",),
        family="indicator",
    ),
]
SILENT = [
    Case("部分行有完成值", {"indicators.social.1.actual": None}),
    Case("没有指标，也没有得分", {"indicators.satisfaction.*": None, "scores.satisfaction": "0"}),
    Case("完成值为0也是完成值", {"indicators.satisfaction.1.actual": "0"}),
    Case(
        "完成值空白，得分为0",
        {"indicators.quality.1.actual": None, "indicators.quality.1.score": "0"},
        family="indicator",
    ),
]
