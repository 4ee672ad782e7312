"""N01: a conclusion that concludes nothing."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts.texts import says_nothing, share_copied
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, bare
from assistant.text.grade import said
from assistant.text.score import MARK, NUMERAL

_SCORE = re.compile(rf"{NUMERAL}{MARK}|(?:得分|总分|评分|自评分)[为是：:\s]*{NUMERAL}")
_GRADE_PHRASE = re.compile(
    r"(?:本|该)?(?:项目|次|年度)?(?:绩效)?(?:自评|自我评价|评价|综合|总体|最终|评定)*(?:总?得分|总分|分数|等级|等次|结果|结论|情况)*(?:评定|评价)?[为是：:,，、]*"
    rf"(?:{NUMERAL}\s*分|[“\"]?(?:优秀|优|良好|良|中等|中|合格|差)[”\"]?(?:等级|等次|级|档)?(?=[，,。.；;、\s）)]|$))"
)
LEAST_ANALYSIS = 15
"""Characters beside grade and score under which nothing can have been analysed."""
MOSTLY_COPIED = 0.5
"""Share of the text that stands in the goals from which it repeats them."""
COPIED_RUN = 10
"""Characters a run must have in common with the goals to count as repeated."""


@rule(
    "N01",
    "conclusion-boilerplate",
    severity="warning",
    kind="boilerplate_conclusion",
    policy=("mof-2020-10#art-18", "yangquan-form-2022#text-columns", "mof-2020-10#ch5-form"),
    soft=True,
    absence=Absence("sentence"),
    needs=Needs(printed=("conclusion.summary",)),
)
def conclusion_boilerplate(form: Form, profile: Profile) -> Iterator[Hit]:
    """自评结论只写等级、照抄目标，或没有结果分析。

    The conclusion is empty or a bare grade, or half of it stands word for word in the goals, or it
    names neither the grade nor the score. Left to the model: whether general praise with a grade is an
    analysis.

    Field: `conclusion.summary`. Evidence: `copied`, the share repeated from the goals.
    """
    field = "conclusion.summary"
    if not form.printed(field):
        return
    text = form.get(field)
    if says_nothing(text):
        yield Hit(field, "自评结论未填写，请写明自评总分、等级和各项指标、资金的结果分析。")
        return
    faults = []
    goals = tuple(goal for key in ("output", "effect", "expected") if (goal := form.get(f"goals.{key}")))
    copied = share_copied(text, goals, COPIED_RUN)
    if _is_verdict(text):
        faults.append("只有等级或分数，没有结果分析")
    elif copied >= MOSTLY_COPIED:
        faults.append(f"约{copied:.0%}的文字照抄绩效目标，没有结果分析")
    if not said(text) and not _SCORE.search(text or ""):
        faults.append("未写自评等级和得分")
    if faults:
        message = f"自评结论{'，'.join(faults)}，请写明总分、等级以及产出、效益、满意度和资金执行的结果分析。"
        yield Hit(field, message, {"copied": round(copied, 2)})


@lru_cache(CACHE)
def _is_verdict(text: str) -> bool:
    """Whether next to nothing is left of a text without its grade and score; a figure left is a result."""
    left = bare(_SCORE.sub("", _GRADE_PHRASE.sub("", text)))
    return len(left) < LEAST_ANALYSIS and not any(letter.isdigit() for letter in left)


FIRES = [
    Case("只有等级", {"conclusion.summary": "自评等级：优。"}, ("conclusion.summary",)),
    Case("只有分数和等级", {"conclusion.summary": "本项目自评得分100分，等级为优。"}, ("conclusion.summary",)),
    Case(
        "照抄目标",
        {
            "conclusion.summary": "自评得分100分，等级优。缓解乡镇居民借书难的状况，乡镇居民图书借阅覆盖率达到50%以上，读者满意度达到90%以上。"
        },
        ("conclusion.summary",),
    ),
    Case(
        "有结果而无等级和分数",
        {"conclusion.summary": "流动图书服务按计划完成，读者满意度94.3%，受到乡镇居民普遍欢迎。"},
        ("conclusion.summary",),
    ),
    Case("留空", {"conclusion.summary": None}, ("conclusion.summary",)),
]
SILENT = [
    Case(
        "只写分数，另有结果分析",
        {"conclusion.summary": "自评100分。48场次流动服务全部到位，图书完好率97.5%，读者满意度94.3%。"},
    ),
    Case(
        "只写等级，另有结果分析",
        {"conclusion.summary": "自评等级为优。48场次流动服务全部到位，图书完好率97.5%，读者满意度94.3%。"},
    ),
    Case("话虽短，有一个结果", {"conclusion.summary": "自评100分，等级优。图书完好率97.5%。"}),
    Case("表上没有结论一栏", {"conclusion.summary.*": None}),
]
