"""N08: shortfalls the problems cell does not take up."""

from collections.abc import Iterator

from assistant.facts import funds
from assistant.facts.funds import LOW_EXECUTION
from assistant.facts.mentions import by_words, mention, names_section
from assistant.facts.reach import as_it_stands, short_rows
from assistant.facts.texts import remarks, says_nothing, topic
from assistant.form.finding import plain
from assistant.form.form import SECTIONS, Form, Row
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import points
from assistant.text.score import same


@rule(
    "N08",
    "unmet-not-addressed",
    severity="warning",
    kind="missing_measure",
    policy=("mof-2020-10#art-11", "mof-2020-10#ch5-lowexec", "mof-2019-136#deviation"),
    soft=True,
    absence=Absence("sentence"),
    needs=Needs(("conclusion.problems", *ROW_VALUES)),
)
def unmet_not_addressed(form: Form, profile: Profile) -> Iterator[Hit]:
    """未完成的指标或失分，存在问题栏没有回应。

    A row is short, a section (or row) lost points though none of its rows is short, or the execution rate
    lies under the profile's `low_execution`, and the problems cell does not take it up: no clause of a
    problem or its measure shares a telling word with the row or its reason, gives its figures or names the section. A cell that names no
    problem takes up nothing, whatever it will strengthen. Silent on an empty cell (N03). Left to the
    model: whether what is said really answers the shortfall.

    Field: `conclusion.problems`. Evidence: `open`, the shortfalls left open.
    """
    field = "conclusion.problems"
    text = form.get(field)
    if says_nothing(text):
        return
    short = short_rows(form)
    lost = _lost(form, profile, short)
    if not short and not lost and not _low_rate(form, profile):
        return
    said = remarks(text)
    taken = "，".join((*said.problems, *said.measures)) if said.problems else ""
    general = topic(form)
    left = [_row_as_it_stands(row) for row in short if not mention(taken, row, general)]
    left += [note for section, rows, note in lost if not _section_taken_up(section, rows, taken, general)]
    if (rate := _low_rate(form, profile)) and not names_section(taken, "execution"):
        left.append(f"预算执行率{rate}")
    if left:
        listed = "；".join(left[:5]) + ("等" if len(left) > 5 else "")
        message = f"存在问题栏没有回应以下未完成或失分情况：{listed}。请补充问题、原因和整改措施。"
        yield Hit(field, message, {"open": left}, tuple(row.path("actual") for row in short))


def _low_rate(form: Form, profile: Profile) -> str:
    rate = funds.rate(form, profile)
    if rate is None or rate.share >= LOW_EXECUTION.of(profile) or funds.misunits(form, profile):
        return ""
    return funds.percent(rate.share)


def _lost(form: Form, profile: Profile, short: tuple[Row, ...]) -> list[tuple[str, list[Row], str]]:
    """Points lost that no short row accounts for: (section, its rows, what to say of it)."""
    lost = []
    if form.family == "section":
        for section in form.sections:
            score, cap = points(form.get(f"scores.{section}")), profile.cap(form, section)
            if (
                score is None
                or cap is None
                or score >= cap
                or same(score, cap)
                or any(row.section == section for row in short)
            ):
                continue
            lost.append(
                (section, form.rows_in(section), f"{SECTIONS[section]}得{plain(score)}分，失{plain(cap - score)}分")
            )
        return lost
    for row in form.rows:
        score, weight = points(row.score), points(row.weight)
        if score is None or weight is None or score >= weight or same(score, weight):
            continue
        if row not in short:
            lost.append((row.section, [row], f"{row.label}失{plain(weight - score)}分"))
    return lost


def _section_taken_up(section: str, rows: list[Row], taken: str, general: frozenset[str]) -> bool:
    return names_section(taken, section) or any(by_words(taken, row, general) for row in rows)


def _row_as_it_stands(row: Row) -> str:
    return f"{row.label}{as_it_stands(row)}"


_SHORT = {"indicators.quantity.3.actual": "7场"}
FIRES = [
    Case("未完成的指标没有写", _SHORT, ("conclusion.problems",)),
    Case(
        "分项失分没有写",
        {"scores.benefit": "25", "conclusion.problems": "宣传形式单一，今后多用短视频。"},
        ("conclusion.problems",),
    ),
    Case(
        "没有指出问题的措施不算回应",
        {**_SHORT, "conclusion.problems": "进一步加强阅读推广活动，提高服务水平。"},
        ("conclusion.problems",),
    ),
    Case(
        "数字碰巧相同，说的是别的事",
        {**_SHORT, "conclusion.problems": "馆员培训办了12场，参训率不高。下一年度改为线上学习。"},
        ("conclusion.problems",),
    ),
    Case(
        "数字碰巧等于差额，不是少办",
        {**_SHORT, "conclusion.problems": "5场讲座到场人少。与学校约定，由教师带学生到场。"},
        ("conclusion.problems",),
    ),
    Case("执行率低没有写", {"funds.total.executed": "7", "funds.city.executed": "7"}, ("conclusion.problems",)),
    Case(
        "两项未完成只写了一项",
        {
            **_SHORT,
            "indicators.quantity.2.actual": "4000册",
            "conclusion.problems": "阅读推广活动因场地检修少办5场，下一年度补办。",
        },
        ("conclusion.problems",),
    ),
    Case(
        "国家表印了存在问题栏",
        {"conclusion.problems": "监测人员流动较大，下一步签订三年服务期协议。"},
        ("conclusion.problems",),
        family="indicator",
    ),
]
SILENT = [
    Case("写了未完成的指标", {**_SHORT, "conclusion.problems": "阅读推广活动因场地检修少办5场，下一年度补办。"}),
    Case(
        "用平常话写了未完成的指标",
        {**_SHORT, "conclusion.problems": "阅读推广活动少了5场，两处文化站没有修到位。由馆里借给折叠桌椅，逐站补上。"},
    ),
    Case(
        "说法不同，数字说的是这一项",
        {**_SHORT, "conclusion.problems": "讲故事的老师请不到，少讲5场。与幼儿园结对，请园里老师来讲。"},
    ),
    Case(
        "同时写了计划数和完成数",
        {**_SHORT, "conclusion.problems": "讲故事的老师请不到，计划12场只讲7场。与幼儿园结对，请园里老师来讲。"},
    ),
    Case(
        "说有几场没办",
        {**_SHORT, "conclusion.problems": "讲故事的老师请不到，5场没有讲成。与幼儿园结对，请园里老师来讲。"},
    ),
    Case(
        "按部分回应失分",
        {"scores.benefit": "28", "conclusion.problems": "项目效益宣传不够，社会知晓面不广。下一步利用村广播扩大宣传。"},
    ),
    Case(
        "说的是原因栏里的原因",
        {
            **_SHORT,
            "indicators.quantity.3.reason": "村级场地检修。",
            "conclusion.problems": "存在问题：部分村场地检修，少办5场。整改措施：下一年度补办。",
        },
    ),
    Case("栏内写无，由N03提示", {**_SHORT, "conclusion.problems": "无"}),
    Case("没有未完成也没有失分", {}),
    Case("国家表没有存在问题栏", {}, family="indicator"),
]
