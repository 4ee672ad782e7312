"""G01: an output goal without one quantity."""

from collections.abc import Iterator

from assistant.facts.texts import counts, says_nothing
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text import quantities_in


@rule(
    "G01",
    "goal-unquantified",
    severity="warning",
    kind="vague_indicator",
    policy=(
        "mof-2015-88#req-quant",
        "mof-2015-88#output-effect",
        "yangquan-form-2022#goals-columns",
        "mof-2021-101#1-goal",
    ),
    soft=True,
    needs=Needs((OneOf(("goals.output", "goals.expected")),)),
)
def goal_unquantified(form: Form, profile: Profile) -> Iterator[Hit]:
    """产出目标只写任务，没有数量。

    The output goal names tasks but neither counts anything nor gives a rate. Years, document numbers,
    prices, sums of money and numbered lists are no quantities of what is provided; neither are the
    numbers of slogans (三项制度). Silent on an empty goal. Left to the model: whether the numbers that
    stand there count the product or only its surroundings.

    Field: `goals.output` (`goals.expected` in an indicator form).
    """
    field = "goals.output" if form.family == "section" else "goals.expected"
    text = form.get(field)
    if says_nothing(text):
        return
    if counts(text) or any(quantity.value.kind == "rate" for quantity in quantities_in(text)):
        return
    yield Hit(field, "目标只列了任务，没有数量，请写明提供多少公共产品和服务（件、人次、场次等），以便与指标对照。")


FIRES = [
    Case(
        "只列任务",
        {"goals.output": "开展流动图书服务，配送图书，组织阅读推广活动。"},
        ("goals.output",),
    ),
    Case(
        "只有文号、年份和编号",
        {"goals.output": "1、根据松文〔2020〕13号文件，2022年开展流动图书服务；2、落实三项制度。"},
        ("goals.output",),
    ),
    Case("只有金额", {"goals.output": "为乡镇配送图书，每册补贴8元，合计12万元。"}, ("goals.output",)),
    Case(
        "国家表同样要求",
        {"goals.expected": "做好农村供水水样检测和设备安装。"},
        ("goals.expected",),
        family="indicator",
    ),
]
SILENT = [
    Case("中文数字也是数量", {"goals.output": "全年举办阅读推广活动十二场。"}),
    Case("只有比率也算量化", {"goals.expected": "农村供水水质达标率达到95%以上。"}, family="indicator"),
    Case("约数也算数量", {"goals.output": "为乡镇配送图书约6000余册。"}),
    Case("目标未填，不由本条提示", {"goals.output": None}),
]
