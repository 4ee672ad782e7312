"""I08: a quantity in the goals that differs from the indicator measuring it."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from assistant.facts.goals import Goal, Match, agrees, is_misprint, matches, words_of
from assistant.form.finding import plain
from assistant.form.form import Form, title
from assistant.form.profile import Profile
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import listed, quoted


@rule(
    "I08",
    "goal-indicator-mismatch",
    severity="warning",
    kind="contradiction",
    policy=("mof-2021-101#1-goal", "mof-2015-88#req-match", "mof-2015-88#no-change", "mof-2020-10#art-13-indicators"),
    needs=Needs((OneOf(("goals.output", "goals.expected")), "indicators.*.target")),
)
def goal_indicator_mismatch(form: Form, profile: Profile) -> Iterator[Hit]:
    """绩效目标中的数量与衡量它的指标值不一致。

    A number in the goals and the target of the row that measures the same thing (same kind and unit,
    the name's words around the number) differ. Several numbers for one row may each be meant, or
    their sum; several rows may add up to one number; 约 leaves a tenth; a range holds all it
    covers. Numbers said of every single one (每件3名专家) or of the past are no goals. A number that the
    row it fits best repeats is no other row's. A difference of a thousand times is a slip of the pen (I12).

    Field: the row's `.target`. Evidence: `goal`, `target`, as numbers, and the goal's words.
    """
    found = matches(form)
    if not found:
        return
    together: defaultdict[Goal, list[Match]] = defaultdict(list)
    for match in found:
        together[match.nearest].append(match)
    for match in found:
        if not match.own:
            continue
        goals = [goal.quantity.value for goal in match.goals]
        target = match.target
        if any(agrees(goal, target) for goal in goals) or any(is_misprint(goal, target) for goal in goals):
            continue
        numbers = [goal.number for goal in goals]
        total = sum((number for number in numbers if number is not None), Decimal(0))
        if len(goals) > 1 and target.kind == "count" and total == target.number:
            continue
        shared = together[match.nearest]
        if not match.best and any(other.best and agrees(goals[0], other.target) for other in shared):
            continue
        if len(shared) > 1 and target.kind == "count" and _sum_of(shared) == numbers[0]:
            continue
        said = listed([words_of(goal) for goal in match.goals])
        adds = f"（合计{plain(total)}）" if len(goals) > 1 and target.kind == "count" else ""
        message = f"“{title(match.nearest.field)}”栏写{said}{adds}，{match.row.label}指标值为{quoted(match.row.target)}，两处不一致。"
        evidence = {
            "goal": numbers,
            "target": target.number,
            "goal_text": [goal.quantity.value.text for goal in match.goals],
        }
        yield Hit(match.row.path("target"), message, evidence, tuple(dict.fromkeys(goal.field for goal in match.goals)))


def _sum_of(shared: list[Match]) -> Decimal:
    return sum((match.target.number for match in shared if match.target.number is not None), Decimal(0))


FIRES = [
    Case(
        "指标名称在目标的说法前面加了项目的字样",
        {
            "goals.output": "流动图书服务48场次，配送图书6000册，阅读推广12场。全年停放场地租金2万元。",
            "indicators.cost.3.name": "乡镇流动图书车停放服务点场地租金",
            "indicators.cost.3.target": "≤25000元",
            "indicators.cost.3.actual": "25000元",
        },
        ("indicators.cost.3.target",),
    ),
    Case(
        "目标里的数就是完成数，说的是这一行",
        {
            "goals.output": "流动图书服务48场次，配送图书6000册，阅读推广12场，整理淘汰破旧书架62组。",
            "indicators.quantity.4.name": "更换破旧书架",
            "indicators.quantity.4.target": "≥80组",
            "indicators.quantity.4.actual": "62组",
            "indicators.quantity.4.reason": "木料供应不足，已另找厂家，4月起按月补换。",
        },
        ("indicators.quantity.4.target",),
    ),
    Case("目标6000册，指标5000册", {"indicators.quantity.2.target": "5000册"}, ("indicators.quantity.2.target",)),
    Case(
        "语序不同，说的是一件事",
        {"goals.output": "全年提供流动图书服务48场次，向12个乡镇配送6000册图书，组织15场阅读推广活动。"},
        ("indicators.quantity.3.target",),
    ),
    Case("满意度两处不同", {"indicators.satisfaction.1.target": "≥85%"}, ("indicators.satisfaction.1.target",)),
    Case(
        "目标写不低于90%，指标写≥85%",
        {"goals.effect": "缓解乡镇居民借书难的状况，读者满意度不低于90%。", "indicators.satisfaction.1.target": "≥85%"},
        ("indicators.satisfaction.1.target",),
    ),
    Case(
        "列举的几项，哪一项、合计都对不上",
        {
            "goals.output": "全年办理供水维修案件约300件、供水投诉案件约80件。",
            "indicators.quantity.1.name": "供水维修案件数",
            "indicators.quantity.1.target": "≥200件",
        },
        ("indicators.quantity.1.target",),
    ),
    Case(
        "目标8万人，指标6万人",
        {"indicators.social.1.target": "≥6万人"},
        ("indicators.social.1.target",),
        family="indicator",
    ),
]
SILENT = [
    Case(
        "名称末尾相同而说的是别的事",
        {
            "goals.output": "流动图书服务48场次，配送图书6000册，阅读推广12场，书库消防通道租金2万元。",
            "indicators.cost.3.name": "流动车停放场地租金",
            "indicators.cost.3.target": "≤8000元",
            "indicators.cost.3.actual": "7900元",
        },
    ),
    Case("写法不同，数相同", {"indicators.quantity.2.target": "0.6万册"}),
    Case(
        "每场若干人不是总数",
        {"goals.output": "组织阅读推广活动12场，每场30人；配送图书6000册，每场次配送125册；流动图书服务48场次。"},
    ),
    Case("目标写约数，相差不到一成", {"goals.output": "流动图书服务48场次，配送图书约6300册，组织阅读推广活动12场。"}),
    Case(
        "几行合起来是目标的数",
        {
            "goals.output": "流动图书服务60场次，配送图书6000册，组织阅读推广活动12场。",
            "indicators.quantity.4.name": "村级流动图书服务场次",
            "indicators.quantity.4.target": "12场次",
            "indicators.quantity.4.actual": "12场次",
        },
    ),
    Case("单位不同，不是一回事", {"goals.output": "为12个乡镇提供流动图书服务，服务读者9000人次，配送图书6000册。"}),
    Case(
        "另一项满意度说的是别的人",
        {
            "goals.effect": "丰富文化生活，服务站点读者满意度达到90%以上。",
            "indicators.satisfaction.1.name": "站点读者满意度",
            "indicators.satisfaction.1.target": "≥90%",
            "indicators.satisfaction.2.name": "读者家属满意度",
            "indicators.satisfaction.2.target": "≥85%",
            "indicators.satisfaction.2.actual": "88%",
        },
    ),
    Case("上年的数不是目标", {"goals.output": "上年配送图书5000册，今年配送图书6000册。"}),
    Case("相差万倍是笔误，由I12说", {"goals.output": "配送图书6000万册。"}),
]
