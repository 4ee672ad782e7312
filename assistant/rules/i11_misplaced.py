"""I11: an indicator that does not belong to its group."""

import re
from collections.abc import Iterator

from assistant.facts.reach import is_cost, is_saving, less_is_better, reached
from assistant.form.form import GROUPS, Form, Row
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import Value, bare, units
from assistant.text.quotation import quoted

BENEFIT = frozenset(("economic", "social", "ecological", "sustainability"))
_OPINION = re.compile(
    r"满意|认可|好评|差评|评[价分测议]|意见|反[映馈响]|口碑|支持|信任|感受|感知|获得感|幸福|体验|点赞|表扬|投诉|信访|服务对象|受益(?:对象|群众|人)|问卷|回访"
)
# What changes for people or things, however the indicator is worded.
_CHANGES = re.compile(
    r"提[高升]|增[强加进]|改善|促进|推[动进]|减[少轻]|降低|保障|带动|缓解|营造|维护|加强|扩大|丰富|完善|优化|拉动|培[育养]|普及|助力"
)
# A number of persons under 质量 that says how well, not how many: those who passed, won or were certified.
_EXCELS = re.compile(
    r"优|奖|合格|达标|通过|获|认[证定]|称号|专利|高级|骨干|标准|准确|良|星级|示范|精品|规范|持证|等级|录用"
)
# Money that is itself what the project hands out, lends or brings in.
_MONEY_DELIVERED = re.compile(
    r"发放|兑[付现]|补[贴助偿]|奖|救[助济]|慰问|资助|贷|贴息|担保|保险|筹|募|捐|征|缴|追|收[回取入缴]|回[收笼]|挽回|产值|销售|成交|交易|签约|融资|争取|引[进资]|投资|拨付"
)
_QUALITY_WORD = re.compile(
    r"^(?:全部|均|达到|符合)?(?:合格|达标|优[良秀质]?|良好|符合[\u4e00-\u9fff]{0,8}(?:标准|要求|规范|规定))"
)
_SATISFACTION = re.compile(r"满意[度率]|满意程度")
_SUM_NAME = re.compile(r"(?:金额|经费|资金|款项?|投入|支出|费用)(?:总?额|数)?$")
_PRICE_NAME = re.compile(r"补[贴助]|津贴|费|单价|标准|价格|造价|成本|工资|薪酬|租金")
_OUTPUT_VERB = re.compile(
    r"^(?:购[置买]|采购|配[备置发]|印[制刷]|制作|发放|举[办行]|召开|组织|开展|建设|[新改扩修]建|改造|安装|铺设|维[修护]|修缮|培训(?!后|对象|学员)"
    r"|编[制印写]|更[新换]|完成|采集|检测|检查|聘[请用]|派驻|办理|出动|巡查|走访|制定|修订|出台|播放|张贴|悬挂|投放|搭建|清[运理]|疏通|栽植|拆除|抽[检查]"
    r"|监测|测绘|评审|拍摄|修[复筑理补剪葺]|整[治修理](?!率)|清[淤除扫洗障]|疏浚|播种|抢修|架设|埋设|敷设|布[设展]|加[固装]|翻[新修]|粉刷|订[购阅制]|租[赁用]|评[选估]|审[核查计]"
    r"|发布|推送|刊[发登]|撰写|出版|录制|创作|征集|收[集购储]|采样|养护|管护|补[植种栽]|栽种|植树|放流|运送|转运|配送|录入|归档|扫描|设[立置]|打井|硬化|引种|引进(?!.{0,6}(?:企业|人才|项目|资金|投资|外资|技术|专家|博士|硕士|毕业生|团队))|绘制|移栽|开[挖凿]|夯筑|展出)"
)
# Those chosen or whose claims are settled are who benefits: 评选致富带头人, 审核困难群众救助申请.
_CHOSEN = re.compile(r"^(?:评选|审[核查])")
_PERSONS = re.compile("人|群众|户|者|模范|标兵|能手|学生|教师|职工")
# 馆藏文物修复件数 names the same work behind its thing.
_WORK_COUNTED = re.compile(
    r"(?:修[复缮]|维修|改造|新建|建设|安装|铺设|购[置买]|采购|印[制刷]|制作|发放|编制|举办|检测|清[理运淤]|疏浚|更[新换]|播种|投放)(?:数量|里程|长度|面积|场次|次数|件数|册数|台数|套数|份数|个数|处数|总?量|数)$"
)
_OUTCOME = re.compile(r"后|实现|带动|受益|惠及|增[加长]|减少|提[高升]|就业|覆盖|率$")
_GREEN_WORK = re.compile(
    r"绿化|造林|种植|栽植|栽种|补[植种栽]|植树|播种|放流|拆除|监测|清[运理淤障]|疏浚|整治|治理|修复|保护|养护|管护|回收|减排"
)
_COUNT_NAME = re.compile(r"(?:人数|人次|次数|场次|场数|数量|个数|份数|册数|本数|件数|期数|台数|套数|户数)$")
_QUALITY_RATE = re.compile(r"(?:合格|达标|优良|完好|准确|优秀|差错|成活|正确)率$")
# Under 成本 a rate of how well the thing works is out of place whatever it is called; a rate of money is not.
_WORKS_WELL = re.compile(
    r"(?:合格|达标|优良|良好|完好|准确|优秀|差错|成活|正确|保证|保障|正常|运行|运转|有效|规范|完整|一致|在线|可用|安全|稳定|符合|保存|亮灯|出苗|发芽|成功|治愈|通过|清晰|真实|出勤|到岗|无故障|优质|修复|抢修)率$"
)
_REACHED = re.compile(r"(?:覆盖|知晓|普及|参与|受益|惠及)[率面]$")
_PUNCTUAL = re.compile(r"(?:及时|按时\w{0,3}|按期\w{0,3}|准时)[率性]$")
_TIME_NAME = re.compile(r"时间|时限|日期|工期|期限|进度|及时|按[时期]|周期|频[次率]|时效|准时|如期|节点")
_DURATION = re.compile(r"天数|日数|工期|时长|用时|耗时|周期|时限|期限|工作日")
_ANY_TIME = re.compile(r"[时期周月季年天日频次率度]|进度|及时")
_MONEY_OR_EFFORT = re.compile(
    r"[费价元钱资本]|支出|投入|补[贴助]|标准|薪|占用|消耗|耗|用[水电工时]|工时|课时|人力|节约|压减|控制|损失|污染|影响"
    r"|投诉|举报|投[工劳]|陪护|信访|上访|纠纷|事故|扰民|破坏|损[毁害坏]|毁[坏损林]|误伤|伤[亡害]|受[损阻伤]|死亡|占[道地]|停[水电气课业]|断[水电路]|绕行|封[路闭]|噪[声音]|扬尘|超标|排放|弃[土渣]|砍伐|流失|外溢|负面"
)
# What such a level asks for is counted, not priced: complaints, trees felled, lessons lost.
_NOT_ECONOMIC = re.compile("社会|生态|环境")
_ECONOMIC = re.compile(
    r"经济|收[入益]|产[值业量出能]|效益|利润|税|增[收产]|节[约省支]|成本|损失|投资|就业|销售|营商|资[金产]|费|价|降本|增效|消费|旅游|市场|企业|贸易|总值|租|补[贴助]|工资|支出|经营|盈|带动|能耗|创收|减负|招商|成交|融资|贷"
)
_SOCIAL = re.compile(
    r"意识|能力|素[质养]|治理|稳定|和谐|法治|公信|安全|文化|文明|幸福|获得感|知晓|形象|公平|正义|矛盾|纠纷|健康|民生|民主|精神|道德|服务水平|救助"
)


@rule(
    "I11",
    "misplaced",
    severity="advice",
    kind="misplaced_indicator",
    soft=True,
    policy=(
        "mof-2015-88#indicator-tree",
        "mof-2021-101#2-quality",
        "mof-2021-101#2-satisfaction",
    ),
    needs=Needs(("indicators.*.name",)),
)
def misplaced(form: Form, profile: Profile) -> Iterator[Hit]:
    """指标与所在类别不符。

    What can be told from the name and the kind of target: satisfaction outside 满意度; a unit
    price outside 成本 that is no saving, or a sum to be paid under an output; a change for people under 满意度 that asks nobody; a purchase, event or thing made, under 效益; ability, awareness, order under 经济效益;
    a rate or a word of quality under 数量, a number of persons or things under 质量, 时效 or 成本, a rate of what works or is reached
    under 成本; a duration under plain 成本; a date or a rate of punctuality under 质量. What a project costs others (社会成本,
    生态环境成本: 投诉, 破坏, 占用) may be counted. Whether an indicator belongs to the project at all is left to the model.

    Field: the row's `.name`. Evidence: `belongs`, the group it belongs to.
    """
    for row, found in reached(form):
        name = bare(row.name)
        group = _belongs(row, name, found.target)
        if group:
            message = f"{row.label}（指标值{quoted(row.target or '未填')}）反映的是{GROUPS[group].removesuffix('指标')}，不宜列在{GROUPS[row.group]}下。"
            yield Hit(row.path("name"), message, {"belongs": group})


def _belongs(row: Row, name: str, target: Value) -> str:
    """The group a row plainly belongs to where that is another one; "" where it may stand."""
    group = row.group
    if group != "satisfaction" and _SATISFACTION.search(name):
        return "satisfaction"
    if target.kind == "price" and group != "cost" and _PRICE_NAME.search(name) and not is_saving(name):
        return "cost"
    if group in BENEFIT:
        return _from_benefit(group, name, target)
    things = target.kind == "count" and units.family(target.unit) in ("thing", "people", "household", "length", "area")
    match group:
        case "quantity":
            if target.kind == "rate" and _QUALITY_RATE.search(name):
                return "quality"
            if target.kind == "word" and (name.endswith("质量") or _QUALITY_WORD.search(target.text)):
                return "quality"
            if target.kind == "amount" and not _MONEY_DELIVERED.search(name):
                return "cost" if is_cost(group, name, target) or _SUM_NAME.search(name) else ""
            return "timeliness" if target.kind == "date" and _TIME_NAME.search(name) else ""
        case "quality":
            if _PUNCTUAL.search(name) or (target.kind == "date" and _TIME_NAME.search(name)):
                return "timeliness"
            if not things or "/" in target.unit or less_is_better(name) or _EXCELS.search(name):
                return ""
            people = units.family(target.unit) in ("people", "household")
            return "quantity" if people or _COUNT_NAME.search(name) or _OUTPUT_VERB.search(name) else ""
        case "timeliness":
            if target.kind == "rate" and _QUALITY_RATE.search(name):
                return "quality"
            return "quantity" if things and "/" not in target.unit and not _ANY_TIME.search(name) else ""
        case "cost":
            if target.kind == "date" and _TIME_NAME.search(name):
                return "timeliness"
            if target.kind == "rate":
                return _rate_under_cost(name)
            if row.level and _NOT_ECONOMIC.search(row.level):
                return ""
            if target.kind == "count" and units.family(target.unit) == "duration" and _DURATION.search(name):
                return "" if _MONEY_OR_EFFORT.search(name) else "timeliness"
            counted = things and "/" not in target.unit
            return "quantity" if counted and not _MONEY_OR_EFFORT.search(name) and not less_is_better(name) else ""
        case _:
            if _QUALITY_RATE.search(name):
                return "quality"
            if things and _COUNT_NAME.search(name) and not less_is_better(name):
                return "quantity"
            if _CHANGES.search(name) and not _OPINION.search(name):
                return "economic" if _ECONOMIC.search(name) else "social"
            return ""


def _rate_under_cost(name: str) -> str:
    if _PUNCTUAL.search(name):
        return "timeliness"
    if _MONEY_OR_EFFORT.search(name) and not _QUALITY_RATE.search(name):
        return ""
    return "quality" if _WORKS_WELL.search(name) else "social" if _REACHED.search(name) else ""


def _from_benefit(group: str, name: str, target: Value) -> str:
    counted = target.kind == "count" and (
        units.family(target.unit) not in ("", "duration", "energy", "weight") or target.unit == "个"
    )
    of_people = units.family(target.unit) in ("people", "household") or _PERSONS.search(name)
    if (
        counted
        and not (_CHOSEN.search(name) and of_people)
        and (_OUTPUT_VERB.search(name) or _WORK_COUNTED.search(name))
        and not _OUTCOME.search(name)
        and not less_is_better(name)
        and not (group == "ecological" and _GREEN_WORK.search(name))
    ):
        return "quantity"
    if group == "economic" and _SOCIAL.search(name) and not _ECONOMIC.search(name):
        return "social"
    return ""


FIRES = [
    Case(
        "满意度列在可持续影响",
        {"indicators.sustainability.1.name": "乡镇居民满意度"},
        ("indicators.sustainability.1.name",),
    ),
    Case(
        "补贴标准列在经济效益",
        {"indicators.economic.1.name": "讲解员补贴", "indicators.economic.1.target": "200元/人/天"},
        ("indicators.economic.1.name",),
    ),
    Case(
        "购置设备列在社会效益",
        {"indicators.social.1.name": "购置书架", "indicators.social.1.target": "≥20组"},
        ("indicators.social.1.name",),
    ),
    Case(
        "提升意识列在经济效益",
        {"indicators.economic.1.name": "提升居民安全意识", "indicators.economic.1.target": "有效提升"},
        ("indicators.economic.1.name",),
    ),
    Case(
        "合格率列在数量",
        {"indicators.quantity.3.name": "培训考核合格率", "indicators.quantity.3.target": "≥90%"},
        ("indicators.quantity.3.name",),
        family="indicator",
    ),
    Case(
        "修成的东西是产出，不是经济效益",
        {"indicators.economic.1.name": "修缮乡镇书屋", "indicators.economic.1.target": "≥6处"},
        ("indicators.economic.1.name",),
    ),
    Case(
        "做的事写在名称后面，仍是产出",
        {"indicators.social.1.name": "阅览桌椅更新套数", "indicators.social.1.target": "≥60套"},
        ("indicators.social.1.name",),
    ),
    Case(
        "设备运行得好不好，列在成本",
        {"indicators.cost.3.name": "流动车正常运行率", "indicators.cost.3.target": "≥95%"},
        ("indicators.cost.3.name",),
    ),
    Case(
        "施工天数列在成本",
        {
            "indicators.cost.3.name": "消防水池施工天数",
            "indicators.cost.3.target": "≤90天",
            "indicators.cost.3.actual": "85天",
        },
        ("indicators.cost.3.name",),
    ),
    Case(
        "人数列在质量",
        {"indicators.quality.1.name": "参加检测人数", "indicators.quality.1.target": "60人"},
        ("indicators.quality.1.name",),
        family="indicator",
    ),
    Case(
        "来访的人次列在质量，名称不以数结尾",
        {"indicators.quality.1.name": "站点到馆读者", "indicators.quality.1.target": "≥1500人次"},
        ("indicators.quality.1.name",),
    ),
    Case(
        "花的钱列在数量",
        {
            "indicators.quantity.4.name": "流动车停放场地租赁费",
            "indicators.quantity.4.target": "8000元",
            "indicators.quantity.4.actual": "7800元",
        },
        ("indicators.quantity.4.name",),
    ),
    Case(
        "质量的好坏列在数量",
        {
            "indicators.quantity.4.name": "图书装订质量",
            "indicators.quantity.4.target": "合格",
            "indicators.quantity.4.actual": "合格",
        },
        ("indicators.quantity.4.name",),
    ),
    Case(
        "带来的变化列在满意度",
        {"indicators.satisfaction.1.name": "提高居民阅读兴趣", "indicators.satisfaction.1.target": "提高"},
        ("indicators.satisfaction.1.name",),
    ),
    Case(
        "完工时间列在质量",
        {"indicators.quality.1.name": "站点完工时间", "indicators.quality.1.target": "2022年10月底前"},
        ("indicators.quality.1.name",),
    ),
    Case(
        "及时率列在质量",
        {"indicators.quality.1.name": "图书更换及时率"},
        ("indicators.quality.1.name",),
    ),
    Case(
        "单价列在数量",
        {"indicators.quantity.4.name": "书架采购单价", "indicators.quantity.4.target": "≤600元/组"},
        ("indicators.quantity.4.name",),
    ),
]
SILENT = [
    Case(
        "省下的单价是经济效益",
        {"indicators.economic.1.name": "每册购书费节省额", "indicators.economic.1.target": "≥3元/册"},
    ),
    Case(
        "获奖的人数说的是质量",
        {"indicators.quality.1.name": "获得讲解员等级证人数", "indicators.quality.1.target": "≥6人"},
    ),
    Case(
        "发放出去的钱可以是数量",
        {
            "indicators.quantity.2.name": "发放购书补贴",
            "indicators.quantity.2.target": "60000元",
            "indicators.quantity.2.actual": "60000元",
        },
    ),
    Case(
        "问的是服务对象的看法",
        {"indicators.satisfaction.1.name": "读者对改善借阅条件的评价", "indicators.satisfaction.1.target": "≥90%"},
    ),
    Case("引进人才是社会效益", {"indicators.social.1.name": "引进高层次人才", "indicators.social.1.target": "≥6人"}),
    Case("评选出的人是社会效益", {"indicators.social.1.name": "评选致富带头人", "indicators.social.1.target": "≥10人"}),
    Case(
        "救助申请的审核是社会效益",
        {"indicators.social.1.name": "审核困难群众救助申请", "indicators.social.1.target": "≥500件"},
    ),
    Case(
        "社会成本一栏下的时长",
        {
            "indicators.cost.2.name": "道路围挡天数",
            "indicators.cost.2.target": "≤20天",
            "levels.cost.2": "社会成本指标",
        },
    ),
    Case("带动就业是经济效益", {"indicators.economic.1.name": "带动村民就业", "indicators.economic.1.target": "60人"}),
    Case("受益人数是社会效益", {"indicators.social.1.name": "受益读者人次", "indicators.social.1.target": "≥9000人次"}),
    Case(
        "造林面积可以是生态效益",
        {"indicators.ecological.1.name": "完成荒山造林", "indicators.ecological.1.target": "200亩"},
    ),
    Case("投诉次数是质量", {"indicators.quality.1.name": "读者投诉次数", "indicators.quality.1.target": "≤2次"}),
    Case("频次可以列在时效", {"indicators.timeliness.1.name": "巡回频次", "indicators.timeliness.1.target": "4次/月"}),
    Case(
        "给别人添的麻烦可以计数",
        {"indicators.cost.2.name": "占道停车引起的信访", "indicators.cost.2.target": "≤2件"},
    ),
    Case(
        "社会成本一栏下的间数",
        {
            "indicators.cost.2.name": "让出的教室",
            "indicators.cost.2.target": "≤4间",
            "levels.cost.2": "社会成本指标",
        },
    ),
    Case("预算控制比率可以列在成本", {"indicators.cost.3.name": "成本控制率", "indicators.cost.3.target": "≤100%"}),
    Case(
        "接待的人次是社会效益", {"indicators.social.1.name": "接待外地读者", "indicators.social.1.target": "≥600人次"}
    ),
    Case("占用课时是社会成本", {"indicators.cost.2.name": "占用课时", "indicators.cost.2.target": "≤20课时"}),
    Case(
        "经济效益里的能力与收入有关",
        {"indicators.economic.1.name": "提升农户增收能力", "indicators.economic.1.target": "有效提升"},
    ),
]
