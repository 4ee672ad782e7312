"""G03: outputs and counts in the cell that asks for the effect."""

import re
from collections.abc import Iterator

from assistant.facts.reach import reach
from assistant.facts.texts import clauses, counts, says_nothing
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import listed
from assistant.text.units import units_of

_EFFECT = re.compile(
    r"受益|惠及|覆盖|带动|就业|增收|创收|收入|产值|税收|节约|节省|节能|减少|减排|降低|下降|缩短|提高|提升|增加|增长|增强|满足|解决|缓解|改善|挽回|避免|化解|防止|辐射|满意"
    r"|保障|保护|吸引|拉动|服务(?:群众|人口|对象|农户|企业|居民|学生|患者|旅客|游客|读者|观众)|达标|恢复|控制|新增|稳定|扩大|解除|消除|排除|改良|延长|加快|减轻|摆脱|脱贫|告别|不再|挽救|救助|留住"
)
_WORK = re.compile(
    r"印制|印刷|制作|编制|编印|发放|购置|采购|购买|举办|开展|召开|组织|办理|受理|接待|建设|新建|改造|维修|安装|铺设|检查|巡查|巡护|培训|检测|监测|拍摄|配送|配备|种植|关押|收治|审核|评审"
)
# Those who are served: counted without a verb of work they are beneficiaries, not a product.
_SERVED = units_of("people") | units_of("household") | {"家", "村", "个", "所"}
_DURATIONS = units_of("duration") - units_of("lesson")
LEAST_PRODUCTS = 2
"""Products without a number that a cell must name before it is said to hold nothing else."""


@rule(
    "G03",
    "goals-swapped",
    severity="advice",
    kind="misplaced_indicator",
    policy=("yangquan-form-2022#goals-columns", "mof-2015-88#output-effect", "mof-2021-101#2-benefit"),
    soft=True,
    needs=Needs(("goals.effect",)),
)
def goals_swapped(form: Form, profile: Profile) -> Iterator[Hit]:
    """“项目效果”栏写了产出和数量，没有写效果。

    A clause of 项目效果 counts things or people without saying what changes for anybody: copies printed,
    events held, cases handled. Counts of an effect (受益1200人, 增收500万元, 缩短2天) are in place, so
    are rates, and what an indicator of 效益 counts. Products without a number (编出《…规程》, 形成…报告) fire where the
    cell names several of them and no effect at all. Left to the model: an effect written as mere activity, and effects in the output goal.

    Field: `goals.effect`. Evidence: `outputs`.
    """
    field = "goals.effect"
    text = form.get(field)
    if says_nothing(text):
        return
    outputs = [clause for clause in clauses(text) if _is_output(clause) and not _measured_as_benefit(form, clause)]
    outputs = outputs or _nothing_but_products(text or "")
    if outputs:
        message = f"“项目效果”栏中的{listed(outputs[:3])}是产出数量，应写入产出目标；本栏请写项目带来的变化和效益。"
        yield Hit(field, message, {"outputs": outputs}, ("goals.output",))


_PRODUCT = re.compile(
    r"(?:编|写|制[定作]|拟|印|绘|汇[编总]|形成|完成|建[立成]|出台|提交|整理|修[订编]|起草|出版)[^，。；]{0,30}?"
    r"(?:《[^》]+》|报告|规程|制度|方案|办法|手册|档案|台账|图[册集]|名录|目录|数据库|标准|规范|预案|清单|规划|细则|教材|文件|汇编)"
)


def _nothing_but_products(text: str) -> list[str]:
    """The papers and systems made, where the whole cell names several and not one effect."""
    if _EFFECT.search(text):
        return []
    made = [clause for clause in clauses(text) if _PRODUCT.search(clause)]
    return made if len(made) >= LEAST_PRODUCTS else []


def _measured_as_benefit(form: Form, clause: str) -> bool:
    """Whether an indicator of 效益 counts the very same: then the form does not take it for an output."""
    targets = [reach(row).target for row in form.rows_in("benefit")]
    return any(
        count.value.number == target.number and count.value.unit == target.unit
        for count in counts(clause)
        for target in targets
        if target.kind == "count"
    )


def _is_output(clause: str) -> bool:
    if _EFFECT.search(clause):
        return False
    idle = _DURATIONS if _WORK.search(clause) else _DURATIONS | _SERVED
    return any(count.value.unit not in idle for count in counts(clause))


FIRES = [
    Case(
        "只写编出的规程、报告，没有效果",
        {
            "goals.effect": "摸清藏书底数，写出《乡镇藏书调查报告》；统一登记表样，编出《流动服务规程》；建立《图书交接管理制度》。"
        },
        ("goals.effect",),
    ),
    Case("编印和设立的数量", {"goals.effect": "编印健康手册3000册，设立咨询点20处。"}, ("goals.effect",)),
    Case(
        "数量之后才写效果",
        {"goals.effect": "全年受理咨询约200件，提高办事效率。"},
        ("goals.effect",),
    ),
]
SILENT = [
    Case(
        "产品之后写了效果",
        {"goals.effect": "编出《乡镇图书流动服务规程》，形成读者需求调查报告，方便居民就近借书，借阅量提高。"},
    ),
    Case("受益人数是效果", {"goals.effect": "使8000名乡镇居民受益，新增就业20人。"}),
    Case("服务对象的数量不是产出", {"goals.effect": "12个乡镇居民就近借阅图书，覆盖率达到50%以上。"}),
    Case("比率是效果的量化", {"goals.effect": "借阅覆盖率达到50%以上，读者满意度达到90%以上。"}),
    Case("面积扩大、隐患解除是效果", {"goals.effect": "免费借阅范围扩大12个村，解除消防隐患6处。"}),
    Case("时长缩短是效果", {"goals.effect": "群众借书等候时间不超过3天。"}),
    Case(
        "效益指标衡量的数量",
        {
            "goals.effect": "年接待读者达到32000人次以上。",
            "indicators.social.1.name": "年接待读者",
            "indicators.social.1.target": "≥32000人次",
        },
    ),
    Case("没有数字", {"goals.effect": "缓解乡镇居民借书难的状况。"}),
]
