"""F09: a cost row for something that no goal and no quantity row speaks of."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts.costs import costs
from assistant.facts.texts import about, items, topic
from assistant.form.form import Form, once
from assistant.form.profile import Profile
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import quoted


@rule(
    "F09",
    "spending-outside-purpose",
    severity="warning",
    policy=("budget-law-2018#art-63", "budget-law-2018#art-13", "mof-2015-88#req-clear", "mof-2021-101#2-complete"),
    soft=True,
    needs=Needs(("indicators.cost.*.name", OneOf(("goals.output", "goals.expected")))),
)
def spending_outside_purpose(form: Form, profile: Profile) -> Iterator[Hit]:
    """成本指标列支的内容，绩效目标和数量指标均未提及。

    Either no word of the row's name stands in the goals, the quantity rows or the project's name, or
    what is bought is a thing of general use (家具, 设备, 车辆, 差旅 …) that none of them speaks of, also
    under another name for it. Names that say nothing of what is bought (总成本, 成本控制) and costs that
    go with any work (监理, 验收, 劳务) are left alone. Whether the thing serves the project after all is
    for the model to weigh.

    Field: `indicators.cost.<n>.name`. Evidence: `name`, `amount` in 元 where given.
    """
    rows = costs(form)
    if not rows:
        return
    purpose = _purpose(form)
    if not purpose:
        return
    grams, general = about(purpose), topic(form)
    for cost in rows:
        if cost.planned is None and not cost.spent and "费" not in cost.row.name:
            continue  # a rule of conduct (资金执行在预算范围内), not something bought
        things = _things(cost.row.name)
        if things and not any(_spoken_of(thing, purpose, grams, general) for thing in things):
            amount = cost.spent if cost.spent is not None else cost.planned
            message = (
                f"{cost.row.label}{_for(things, cost.row.name)}，绩效目标和数量指标均未提及相应内容，"
                "请说明与项目的关系，或补充相应目标和指标。"
            )
            yield Hit(cost.row.path("name"), message, {"name": cost.row.name, "amount": amount})


def _for(things: tuple[str, ...], name: str) -> str:
    """What the row buys, where its name says more than that."""
    return "" if "".join(things) == name else f"列支的是{quoted('、'.join(things))}"


@once
def _purpose(form: Form) -> str:
    """What the money is for, as far as the form says: goals, quantity rows, the project's name."""
    goals = [form.get(f"goals.{key}") for key in ("output", "effect", "expected")]
    if not any(goals) and not form.rows_of("quantity"):
        return ""
    names = [row.name for row in form.rows_of("quantity")]
    return " ".join(text for text in (*goals, *names, form.get("basic.project_name")) if text)


_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
# Words of buying and of money, which say nothing of what is bought.
_MONEY_WORDS = re.compile(
    r"费用支出|经费支出|业务费|工作经费|费用|经费|费|成本|单价|造价|价格|价款|支出|补助|补贴|标准|金额|资金|投入|投资|定额|限额|预算|合同价|款项|款"
    r"|购置|采购|购买|人均|户均|平均|均价|每[个人件场次期套台户亩平米公里间本份名天月年位册]|单位|单[件套台个场次间本份期户]|总额?|控制[数额率]?|节约率?|经济|社会|生态环境|不超过?|成本率|[/／].*"
)
_ANCILLARY = re.compile(
    r"设计|监理|勘察|招标|检测|验收|审计|评估|评审|鉴定|税|劳务|人工|工资|绩效|运行|运转|维护|运维|管理|耗材|材料|其他|其它|杂项|综合|日常|施工|工程|建安|安装|服务|项目|任务|工作"
    # what any training, event or building takes
    r"|师资|教材|讲[课义]|授课|课酬|专家|咨询|资料|印刷|场[地租]|会场|食宿|住宿|伙食|[误就用]餐|交通费|运[输费]|装卸|搬运|仓储|保险|不可预见|预备费|前期|征地|拆迁|补偿|平整|土方|土建|钢材|水泥|砂石|管材|木材|原料|台班|机械使用"
    r"|燃油|油料|水电|[水电]费|利息|手续|代理|公证|检验|测[量绘]|地勘|可研|环评|编制|公[示告]|标[志识]牌|档案|技术|保洁|值守"
)


@lru_cache(maxsize=1 << 14)
def _things(name: str) -> tuple[str, ...]:
    """What a cost row's name says is bought; empty where it says nothing in particular."""
    kept = []
    for item in items(_BRACKETED.sub("", name)):
        thing = _MONEY_WORDS.sub("", item).strip()
        if len(thing) >= 2 and about(thing):
            kept.append(thing)
    return tuple(kept)


OTHER_NAMES = {
    "家具": "桌椅 课桌 座椅 书架 柜 床",
    "设备": "仪器 器材 装备 装置 机器 系统 平台 终端 硬件 电脑 计算机 服务器 监控 设施 机具",
    "电脑": "计算机 设备 终端 信息化 硬件",
    "计算机": "电脑 设备 终端 信息化 硬件",
    "空调": "设备 家电 电器",
    "手机": "通讯 终端 设备",
    "通讯": "通信 电话 热线 网络",
    "车辆": "用车 汽车 车 运输 配送",
    "汽车": "用车 车 运输 配送",
    "用车": "车 运输 配送",
    "租车": "用车 车 运输 配送",
    "差旅": "出差 交通 考察 调研 外出 走访 督导 督查 检查 下乡",
    "考察": "差旅 调研 外出 学习 走访",
    "接待": "招待 会议 座谈 论坛",
    "招待": "接待 会议 座谈 论坛",
    "会议": "座谈 研讨 论坛 开会 大会 例会",
    "服装": "制服 工装 被装 防护服",
    "制服": "服装 工装 被装",
    "礼品": "纪念品 奖品 慰问 奖励 宣传品",
    "纪念品": "礼品 奖品 慰问 奖励 宣传品",
    "装修": "装饰 改造 修缮 维修 建设",
    "装饰": "装修 改造 修缮 布置",
    "食堂": "餐 伙食 就餐",
    "邮寄": "快递 寄送 送达",
    "办公用品": "办公 文具",
}
"""Things of general use, which a project may buy without need, and what else a goal may call them."""
_GENERAL_USE = re.compile(f"({'|'.join(sorted(OTHER_NAMES, key=len, reverse=True))})$")


_SETS_UP = r"(?:设立|[新改扩修]?建(?:设|成)?|打造|布设|增设|配[备置]|装备|升级|改造)"


def _spoken_of(thing: str, purpose: str, grams: frozenset[str], general: frozenset[str]) -> bool:
    """Whether the purpose speaks of a thing bought, under this name or another."""
    bought = _GENERAL_USE.search(thing)
    if bought:
        task = thing[: bought.start()]
        if task in purpose and not about(task) <= general:
            return True  # 护送返乡差旅费: what it is spent for is a task of the goals, not just the project's name
        if task and re.search(rf"{_SETS_UP}[^，,。；;\s]{{0,12}}?{re.escape(task)}", purpose):
            return True  # 自助书房设备: the goals set that very place up
        return any(word in purpose for word in (bought[1], *OTHER_NAMES[bought[1]].split()))
    return bool(_ANCILLARY.search(thing)) or not about(thing).isdisjoint(grams) or _is_short_for(thing, purpose)


def _is_short_for(thing: str, purpose: str) -> bool:
    """辅具 for 辅助器具, 新书 for 新购纸质图书: two characters that stand in this order, up to four apart, in one word.

    What is done before what it is done to (建站 for 新建农村微型消防站) may stand further before it.
    """
    between = DONE_TO if thing[0] in _DOES else SHORTENED
    return len(thing) == 2 and re.search(f"{thing[0]}[\u4e00-\u9fff]{{1,{between}}}{thing[1]}", purpose) is not None


_DOES = "建修打购植栽种铺装架挖改订印租拆"
SHORTENED, DONE_TO = 4, 8
"""Characters that may stand between the two of a short form: a noun's, and a verb's with its noun."""


FIRES = [
    Case(
        "办公家具不在目标之内",
        {
            "indicators.cost.3.name": "阅览办公家具购置费",
            "indicators.cost.3.target": "23000元",
            "indicators.cost.3.actual": "23000元",
        },
        ("indicators.cost.3.name",),
    ),
    Case("外出考察费不在目标之内", {"indicators.cost.3.name": "外省考察费用"}, ("indicators.cost.3.name",)),
    Case("修的东西目标没有提到", {"indicators.cost.3.name": "修路补助标准"}, ("indicators.cost.3.name",)),
    Case(
        "指标表列支公务用车租赁",
        {
            "indicators.cost.2.name": "公务用车租赁费",
            "indicators.cost.2.target": "≤3万元",
            "indicators.cost.2.actual": "3万元",
        },
        ("indicators.cost.2.name",),
        family="indicator",
    ),
]
SILENT = [
    Case("哪项活动都要花的钱", {"indicators.cost.3.name": "讲课人员食宿费"}),
    Case("差旅费写明用于目标中的任务", {"goals.output": "全年流动图书服务48场次，配送图书6000册，阅读推广活动12场，上门辅导农家书屋20个。", "indicators.cost.3.name": "上门辅导差旅费", "indicators.cost.3.target": "6000元", "indicators.cost.3.actual": "6000元"}),
    Case("数量指标称盲用器具，成本用简称", {"indicators.quantity.4.name": "配置盲用器具", "indicators.quantity.4.target": "20套", "indicators.cost.3.name": "盲具采购均价"}),
    Case(
        "目标要新建的地方，添置其中的设备",
        {"basic.project_name": "乡镇图书流动服务及自助书房建设", "goals.output": "全年流动图书服务48场次，配送图书6000册，阅读推广12场，设立24小时自助书房4处。",
         "indicators.cost.3.name": "自助书房设备购置", "indicators.cost.3.target": "1.2万元/处"},
    ),
    Case("建站是新建某某站的简称", {"indicators.quantity.4.name": "新建农村微型消防站", "indicators.quantity.4.target": "24个", "indicators.cost.3.name": "建站补助标准", "indicators.cost.3.target": "500元/个", "indicators.cost.3.actual": "500元/个"}),
    Case("只是一项要求，不是支出", {"indicators.cost.3.name": "严格执行财经纪律", "indicators.cost.3.target": "严格执行", "indicators.cost.3.actual": "严格执行"}),
    Case("目标称监测设备，成本称仪器设备", {"indicators.cost.2.name": "仪器设备购置单价"}, family="indicator"),
    Case("名称只说总成本", {"indicators.cost.3.name": "项目总成本控制", "indicators.cost.3.target": "≤12万元", "indicators.cost.3.actual": "12万元"}),
    Case("监理、验收随工程而来", {"indicators.cost.3.name": "监理费"}),
    Case("数量指标说到的内容", {"indicators.quantity.4.name": "定制书架", "indicators.quantity.4.target": "12个", "indicators.cost.3.name": "书架制作费"}),
    Case("不是金额的社会成本", {"indicators.cost.2.name": "停水影响时长", "indicators.cost.2.target": "≤8小时", "indicators.cost.2.actual": "6小时"}, family="indicator"),
]  # fmt: skip
