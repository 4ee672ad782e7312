"""G04: the completion of the goals left empty or put in a word."""

import re
from collections.abc import Iterator

from assistant.facts.texts import says_nothing
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import quoted

_BARE = re.compile(
    r"(?:本|该|年度|全年|年初|预期|预定|设定|既定|各项|总体|绩效|目标|任务|指标|工作|项目|内容|均|都|已经?|全部|全面|基本|按时|按期|如期|及时|按计划|按要求|按照?|计划|顺利|圆满"
    r"|较好地?|很好地?|高质量|100%|百分之百|完成|达成|达到|达标|实现|良好|优秀|正常|执行|情况|完毕|到位|结束|一致|相符|合同|约定|指标值|目标值|预期值|值|落实|规定|要求|标准|上级|下达|所有|相关|有关|期限|时限|节点|产出|数量|质量|时效|效益|满意度|应|并|且|及|和|与|了|地|的|好|是|项|[\s，,。.；;：:、!！√])+"
)


@rule(
    "G04",
    "completion-bare",
    severity="warning",
    kind="boilerplate_conclusion",
    policy=("mof-2020-10#annex-columns", "mof-2020-10#art-11", "mof-2016-self-eval#actual-vs-target"),
    soft=True,
    absence=Absence("sentence"),
    needs=Needs(printed=("goals.actual",)),
)
def completion_bare(form: Form, profile: Profile) -> Iterator[Hit]:
    """“实际完成情况”空白，或只写“完成”而没有结果。

    The form prints 实际完成情况 and the cell is empty, or holds nothing but words of completion
    (已完成, 按计划全部完成年度目标) where results against the expected goal are due.

    Field: `goals.actual`. Evidence: `stated`.
    """
    field = "goals.actual"
    if not form.printed(field):
        return
    text = form.get(field)
    if says_nothing(text):
        yield Hit(field, "“实际完成情况”未填写，请对照预期目标逐项写明完成的数量和效果。")
    elif _BARE.fullmatch(text or ""):
        message = f"“实际完成情况”只写{quoted(text)}，没有结果，请对照预期目标逐项写明完成的数量和效果。"
        yield Hit(field, message, {"stated": text}, ("goals.expected",))


FIRES = [
    Case("空白", {"goals.actual": None}, ("goals.actual",), family="indicator"),
    Case("只写已完成", {"goals.actual": "已完成。"}, ("goals.actual",), family="indicator"),
    Case(
        "按合同完成，仍没有结果",
        {"goals.actual": "各项指标均按合同约定完成，达到预期值。"},
        ("goals.actual",),
        family="indicator",
    ),
    Case("一句话的完成", {"goals.actual": "已按计划全部完成年度绩效目标"}, ("goals.actual",), family="indicator"),
]
SILENT = [
    Case("写了数量", {"goals.actual": "完成水样检测1200份。"}, family="indicator"),
    Case("写了做成的事", {"goals.actual": "在线监测设备已全部完成安装并联网。"}, family="indicator"),
    Case("表上没有这一栏", {"goals.actual.*": None}, family="indicator"),
]
