"""S06: the grade the conclusion says against the band of the stated total."""

from collections.abc import Iterator

from assistant.facts.scores import points_text, score_sheet
from assistant.form.finding import plain
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import grade, points
from assistant.text.score import same


@rule(
    "S06",
    "grade-mismatch",
    severity="error",
    kind="contradiction",
    policy=("mof-2020-10#art-18", "mof-budget-grade-note#bands", "yangquan-form-2022#footer-bands"),
    needs=Needs(("conclusion.summary", "scores.total")),
)
def grade_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """自评等级与总分所属档次不符。

    The conclusion names a grade (优 良 中 差, 优秀 良好 合格 …) other than the band of the stated total:
    the bands the form prints, else the profile's. A bound belongs to the band it closes: 90 is 优.
    Praise in passing (良好的社会效益) and grades of other years are no grade of this form. Where the
    form's own figures give another total, that total and its grade are told too, for then it may be
    the total that is wrong and not the grade.

    Field: `conclusion.summary`. Evidence: `stated`, `expected`, `total`; `recomputed` where it differs.
    """
    total = points(form.get("scores.total"))
    said = grade.said(form.get("conclusion.summary"))
    if total is None or said is None:
        return
    expected = profile.grade(form, total)
    if grade.letter(expected) == said.grade:
        return
    bands = profile.bands_of(form)
    scale = (
        "、".join(f"{plain(band.floor)}分及以上为{band.grade}" for band in bands[:-1]) + f"，以下为{bands[-1].grade}"
    )
    band = f"结论自评等级为“{said.word}”，总分{plain(total)}分按等级划分（{scale}）"
    evidence = {"stated": said.word, "expected": expected, "total": total}
    sheet = score_sheet(form, profile)
    if sheet.recomputed is None or same(sheet.recomputed, total):
        message = f"{band}应为“{expected}”，请核实总分或等级。"
    else:
        evidence["recomputed"] = sheet.recomputed
        agrees = "，与结论一致" if grade.letter(sheet.grade_by_recomputed or "") == said.grade else ""
        message = f"{band}属“{expected}”；按表中数据复核总分为{points_text(sheet.recomputed)}分，属“{sheet.grade_by_recomputed}”{agrees}，请先核实总分，再定等级。"
    yield Hit("conclusion.summary", message, evidence, ("scores.total",))


FIRES = [
    Case(
        "90分归上档，应为优",
        {"scores.total": "90", "conclusion.summary": "综合评定等级为良。"},
        ("conclusion.summary",),
    ),
    Case("只写“良好”", {"conclusion.summary": "良好"}, ("conclusion.summary",)),
    Case("分数后跟等级", {"scores.total": "86", "conclusion.summary": "自评得分86分，优秀。"}, ("conclusion.summary",)),
    Case(
        "按执行率复核为88分，与所写等级一致，仍与填报总分不符",
        {
            "funds.total.executed": "6",
            "scores.execution": "10",
            "scores.benefit": "23",
            "scores.total": "93",
            "conclusion.summary": "自评结果为良。",
        },
        ("conclusion.summary",),
    ),
    Case("合格即中档", {"scores.total": "82", "conclusion.summary": "自评结果为合格。"}, ("conclusion.summary",)),
]
SILENT = [
    Case("89.5分为良", {"scores.total": "89.5", "conclusion.summary": "自评等级：良好"}),
    Case("“良好的社会效益”不是等级", {"conclusion.summary": "项目取得良好的社会效益，服务流程不断优化。"}),
    Case("说的是往年等级", {"conclusion.summary": "连续两年自评为良，本年得100分。"}),
    Case("没有总分，无从比较", {"scores.total": None, "conclusion.summary": "等级为差。"}),
    Case("复述等级标准", {"conclusion.summary": "等级分为优、良、中、差四档，本项目为优。"}),
]
