"""I10: a qualitative target without level, measure or evidence."""

import re
from collections.abc import Iterator

from assistant.facts.reach import reached
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import Value, fold, quantities_in
from assistant.text.quotation import quoted

_EXTENT = re.compile(
    r"^(?:覆盖)?(?:全[市县区省国域州旗乡镇村校院厂体员部]|全系统|全覆盖|全部|所有|各[县乡镇村区市单部科]|辖区|本[市县区省]|[省市县区乡镇村]级?(?:及|、|和|以上|以下)?)"
)
_NAMES_AN_EXTENT = re.compile(r"(?:范围|覆盖面?|对象|区域|地[点域]|类[型别]|内容|方式|渠道|主体)$")
_STANDARD = re.compile(
    r"(?:国家|行业|地方|技术|设计|验收|质量|企业|卫生|安全|排放|环保|强制性|部颁|省级|市级)(?:标准|规范|规程|定额|目录|名录)|《|GB|ISO|验收|合格|达标|通过|[一二三四五甲乙丙ABC]级|[一二三四五]星|等级|(?:[IⅠⅡⅢⅣⅤ]{1,3}|IV|V|[一二三四五])类|[一二三四五甲乙丙]等"
)
_NONE_OF_IT = re.compile(r"^(?:[无零]\S|没有\S|不发生|未发生|不出现|杜绝|避免发生)|零$")
_TIME_TOLD = re.compile(
    r"每[年月季周日天学]|[季月年旬][末初底]|当[月年季日天]|次[月日年]|按[月季年周日]|节[前后]|汛期|春节|学期|假期|工作日"
    r"|[\u4e00-\u9fff](?<![目以之提事超])[前后]$|期间$|整点|当场|现场|随[到报叫收]|即[接到报办收].|接报即"
)
_OPEN_SPAN = re.compile(r"常态|长期|持续|日常|及时")


@rule(
    "I10",
    "vague",
    severity="advice",
    kind="vague_indicator",
    soft=True,
    policy=("mof-2015-88#req-quant", "mof-2021-101#1-measurable", "mof-2021-101#2-cost", "mof-2020-10#art-16-qual"),
    needs=Needs(("indicators.*.target",)),
)
def vague(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标值为定性表述，没有程度、标准或佐证。

    A target in words (提升, 有效发挥, 良好) that names no level, measure or evidence; under 时效 a word
    without a date or a frequency (及时, 常态化); under 成本 anything but an amount or a rate (按件,
    按合同价). A definite extent (全市), a named standard, an acceptance, 合格, and the absence of
    something (无重大事故) can be checked, and so can a figure in the indicator's name. Whether a word
    is plain enough in its trade is left to the model.

    Field: the row's `.target`. Evidence: `target`, as printed.
    """
    for row, found in reached(form):
        target = found.target
        why = _why(row.group, row.name, target)
        if why:
            yield Hit(row.path("target"), f"{row.label}指标值{quoted(row.target)}{why}。", {"target": row.target})


def _why(group: str, name: str, target: Value) -> str:
    if target.kind == "span":
        if group == "cost":
            return "不是金额，成本指标应写明数额或控制比例"
        return "没有可以核对的时间或程度，宜写明完成时限、频次或可衡量的标准" if _OPEN_SPAN.search(target.text) else ""
    if target.kind != "word" or any(character.isdigit() for character in target.text):
        return ""
    words = fold(target.text)
    if words == "无":  # 生态环境成本：无 says that there is to be none
        return ""
    if group == "cost":
        return "不是金额，成本指标应写明数额或控制比例"
    if _can_be_checked(group, name, words):
        return ""
    if group == "timeliness":
        if _TIME_TOLD.search(words):
            return ""
        return "没有时间要求，时效指标应写明完成时限或频次"
    return "是定性表述，没有程度、衡量标准或佐证"


def _can_be_checked(group: str, name: str, words: str) -> bool:
    if _STANDARD.search(words) or _NONE_OF_IT.search(words) or _EXTENT.match(words):
        return group != "timeliness"
    return bool(_NAMES_AN_EXTENT.search(name)) or bool(quantities_in(name))


FIRES = [
    Case(
        "有效提升",
        {"indicators.social.1.target": "有效提升", "indicators.social.1.actual": "有效提升"},
        ("indicators.social.1.target",),
    ),
    Case("时效写及时", {"indicators.timeliness.1.target": "及时"}, ("indicators.timeliness.1.target",)),
    Case("时效写常态化开展", {"indicators.timeliness.1.target": "常态化开展"}, ("indicators.timeliness.1.target",)),
    Case("成本写按合同价", {"indicators.cost.3.target": "按合同价"}, ("indicators.cost.3.target",)),
    Case(
        "成本写不超预算",
        {"indicators.cost.1.target": "控制在预算内"},
        ("indicators.cost.1.target",),
        family="indicator",
    ),
    Case("持续影响写长期", {"indicators.sustainability.1.target": "长期"}, ("indicators.sustainability.1.target",)),
    Case("符合要求", {"indicators.quality.1.target": "符合要求"}, ("indicators.quality.1.target",), family="indicator"),
    Case(
        "整句的效果",
        {"indicators.social.1.target": "居民阅读习惯逐步养成，乡镇文化氛围更加浓厚"},
        ("indicators.social.1.target",),
    ),
]
SILENT = [
    Case("确切的范围", {"indicators.quality.1.name": "服务覆盖", "indicators.quality.1.target": "全县各乡镇"}),
    Case("全年", {"indicators.timeliness.1.target": "全年", "indicators.timeliness.1.actual": "全年"}),
    Case("按月", {"indicators.timeliness.1.target": "每月", "indicators.timeliness.1.actual": "每月"}),
    Case("有标准可依", {"indicators.quality.1.target": "符合国家标准", "indicators.quality.1.actual": "符合国家标准"}),
    Case(
        "水质的类别有国标",
        {
            "indicators.quality.1.name": "饮水水质",
            "indicators.quality.1.target": "达到Ⅲ类",
            "indicators.quality.1.actual": "达到Ⅲ类",
        },
    ),
    Case("以时令为限", {"indicators.timeliness.1.target": "霜降前", "indicators.timeliness.1.actual": "霜降前"}),
    Case("验收合格", {"indicators.quality.1.target": "验收合格", "indicators.quality.1.actual": "验收合格"}),
    Case(
        "没有发生的事项",
        {
            "indicators.sustainability.1.target": "无重大安全事故",
            "indicators.sustainability.1.actual": "无重大安全事故",
        },
    ),
    Case("成本写控制比例", {"indicators.cost.3.target": "≤100%", "indicators.cost.3.actual": "98%"}),
    Case("没有填指标值，由I01说", {"indicators.social.1.target": None}),
]
