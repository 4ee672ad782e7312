"""I14: a row that another row rules out."""

import re
from collections.abc import Iterator

from assistant.facts.mentions import by_subject, without_work
from assistant.facts.reach import is_short, reach, short_rows
from assistant.form.form import Form, Row
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import bare
from assistant.text.quotation import quoted
from assistant.text.units import same_unit

_RESULT = re.compile(
    r"(?:任务|工作|考核|验收|结业|参[训会与加]人员|人员|学员|嘉宾|代表|选手|对象|群众|结果|质量)*"
    r"(?:[\u4e00-\u9fff]{2}[率度]|按[时期][\u4e00-\u9fff]{0,3}率|及时性|效果|质量|(?:完成|举办|召开|开展|组织)?时间)$"
)
_ALL_DONE = re.compile(r"(?:任务|工作)?完成率$")
_TOO_GENERAL = re.compile("项目|工作|任务|资金|经费|人员|群众|管理|建设|业务|指标|情况|质量|完成|预算|服务")
_ATTENDED = re.compile("参训|学员|受训")


@rule(
    "I14",
    "rows-contradict",
    severity="warning",
    kind="contradiction",
    soft=True,
    policy=("mof-2020-10#ch5-form", "mof-2021-101#3-evidence", "mof-2021-101#3-source"),
    needs=Needs(("indicators.*.actual",)),
)
def rows_contradict(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标之间相互矛盾。

    A result claimed of something another row says was never held (培训合格率 100% of a training of 0
    sessions, no other row telling of one that was), or of a step that was not taken (验收合格率 beside 尚未验收); a 完成率 of 100% beside a quantity of the same
    thing that fell short; one and the same indicator with two completions. What contradicts in
    substance (a coverage of 100% with half the people reached) is left to the model.

    Field: the `.actual` of the row ruled out. Evidence: `by`, the row that rules it out.
    """
    names = [bare(row.name) for row in form.rows]
    twins = len(set(names)) < len(names)
    gaps = any(row.group in ("quantity", "timeliness") for row in short_rows(form))
    if not twins and not gaps:
        return
    for row, name in zip(form.rows, names, strict=True):
        other = _ruled_out_by(form, row, name)
        if other:
            message = (
                f"{row.label}完成值{quoted(row.actual)}，而{other.label}完成值{quoted(other.actual)}，两者相互矛盾。"
            )
            yield Hit(row.path("actual"), message, {"by": other.path("actual")}, (other.path("actual"),))


def _ruled_out_by(form: Form, row: Row, name: str) -> Row | None:
    found = reach(row)
    if found.state == "blank" or found.why in ("zero", "undone"):
        return None
    twin = _twin(form, row, name)
    if twin:
        return twin
    result = _RESULT.search(name)
    if result is None or not found.actual.numeric or not found.actual.number:
        return None
    undone = _undone_step(form, row, name)
    if undone:
        return undone
    told = _rows_on(form, row, "培训" if _ATTENDED.search(name) else name[: result.start()])
    if not told:
        return None
    if all(reach(other).why in ("zero", "undone") for other in told):
        return told[0]
    if _ALL_DONE.search(name) and found.actual.kind == "rate" and found.actual.number >= 100:
        short = [other for other in told if other.group == "quantity" and is_short(other)]
        return short[0] if short and len(short) == len(told) else None
    return None


_STEP = re.compile(
    r"(?:尚|还|暂|仍)?(?:未|没有?)(?:组织|进行|开展|完成|通过|实施)*(验收|竣工|考核|测评|检测|评审|鉴定|考试|测试|评估)"
)


def _undone_step(form: Form, row: Row, name: str) -> Row | None:
    """The row that says a step was not taken (尚未组织验收) of which this one gives a result (验收合格率 100%)."""
    for other in short_rows(form):
        step = _STEP.search(bare(other.actual)) if other is not row else None
        if step and step[1] in name and other.group in ("timeliness", "quantity"):
            others = [third for third in form.rows if third not in (row, other) and step[1] in bare(third.name)]
            if not any(reach(third).state == "met" and third.group in ("timeliness", "quantity") for third in others):
                return other
    return None


def _rows_on(form: Form, row: Row, subject: str) -> list[Row]:
    """The rows of 数量 and 时效 that tell whether a row's subject came about: each names the other's whole subject."""
    subject = without_work(subject)
    if len(subject) < 2 or _TOO_GENERAL.fullmatch(subject):
        return []
    others = (other for other in form.rows if other is not row and other.group in ("quantity", "timeliness"))
    return [other for other in others if by_subject(subject, other)]


def _twin(form: Form, row: Row, name: str) -> Row | None:
    """An earlier row of the same name and unit with another completion."""
    done = reach(row).actual
    if not done.numeric or done.parts:
        return None
    for other in form.rows:
        if other is row:
            return None
        if bare(other.name) != name or (other.group == row.group and bare(other.target) != bare(row.target)):
            continue
        theirs = reach(other).actual
        if (
            theirs.kind == done.kind
            and same_unit(theirs.unit, done.unit)
            and theirs.number != done.number
            and not theirs.parts
        ):
            return other
    return None


FIRES = [
    Case(
        "培训没有办，合格率却是100%",
        {
            "indicators.quantity.3.name": "馆员业务培训",
            "indicators.quantity.3.target": "2场",
            "indicators.quantity.3.actual": "0",
            "indicators.quality.1.name": "培训考核合格率",
            "indicators.quality.1.target": "100%",
            "indicators.quality.1.actual": "100%",
        },
        ("indicators.quality.1.actual",),
    ),
    Case(
        "会议取消，参会人员满意度却有数",
        {
            "indicators.timeliness.1.name": "座谈会召开时间",
            "indicators.timeliness.1.actual": "因故取消",
            "indicators.satisfaction.1.name": "座谈会参会人员满意度",
        },
        ("indicators.satisfaction.1.actual",),
    ),
    Case(
        "尚未验收，验收合格率却是100%",
        {
            "indicators.timeliness.1.name": "书架竣工验收时间",
            "indicators.timeliness.1.actual": "尚未组织验收",
            "indicators.quality.1.name": "流动书架验收合格率",
            "indicators.quality.1.target": "100%",
            "indicators.quality.1.actual": "100%",
        },
        ("indicators.quality.1.actual",),
    ),
    Case(
        "数量没有完成，完成率却是100%",
        {
            "indicators.quantity.2.actual": "4200册",
            "indicators.sustainability.1.name": "配送图书完成率",
            "indicators.sustainability.1.target": "100%",
        },
        ("indicators.sustainability.1.actual",),
    ),
    Case(
        "同一指标两处完成值不同",
        {
            "indicators.social.2.name": "检测人员培训人数",
            "indicators.social.2.target": "60人",
            "indicators.social.2.actual": "58人",
        },
        ("indicators.social.2.actual",),
        family="indicator",
    ),
    Case(
        "书屋没有建，书屋里的书架却验收合格",
        {
            "indicators.quantity.3.name": "新建乡村读书屋",
            "indicators.quantity.3.actual": "0",
            "indicators.quality.1.name": "读书屋书架验收合格率",
        },
        ("indicators.quality.1.actual",),
    ),
    Case(
        "培训没有办，学员却满意",
        {
            "indicators.quantity.3.name": "馆员业务培训",
            "indicators.quantity.3.actual": "未举办",
            "indicators.satisfaction.1.name": "参训学员满意度",
        },
        ("indicators.satisfaction.1.actual",),
    ),
]
SILENT = [
    Case(
        "另有一场培训办了",
        {
            "indicators.quantity.3.name": "外出培训",
            "indicators.quantity.3.actual": "0",
            "indicators.quantity.4.name": "馆员业务培训",
            "indicators.quantity.4.target": "2场",
            "indicators.quantity.4.actual": "2场",
            "indicators.quality.1.name": "培训考核合格率",
        },
    ),
    Case(
        "另有一处建成了",
        {
            "indicators.quantity.3.name": "新建乡村读书屋",
            "indicators.quantity.3.actual": "0",
            "indicators.quantity.4.name": "扩建社区读书屋",
            "indicators.quantity.4.target": "2处",
            "indicators.quantity.4.actual": "2处",
            "indicators.quality.1.name": "读书屋书架验收合格率",
        },
    ),
    Case(
        "一批尚未验收，另一批已按时验收",
        {
            "indicators.timeliness.1.name": "第二批书架验收时间",
            "indicators.timeliness.1.actual": "尚未组织验收",
            "indicators.timeliness.2.name": "第一批书架验收时间",
            "indicators.timeliness.2.target": "2022年6月底前",
            "indicators.timeliness.2.actual": "2022年6月20日",
            "indicators.quality.1.name": "书架验收合格率",
        },
    ),
    Case(
        "没有办的与合格率不是一回事",
        {"indicators.quantity.3.actual": "0", "indicators.quality.1.name": "图书编目合格率"},
    ),
    Case(
        "合格率也是0",
        {
            "indicators.quantity.3.name": "馆员业务培训",
            "indicators.quantity.3.actual": "0",
            "indicators.quality.1.name": "培训合格率",
            "indicators.quality.1.actual": "0",
        },
    ),
    Case(
        "同名而单位不同",
        {
            "indicators.social.1.name": "阅读推广活动场次",
            "indicators.social.1.target": "≥600人次",
            "indicators.social.1.actual": "640人次",
        },
    ),
]
