"""I13: a short row whose reason names no improvement measure."""

from collections.abc import Iterator

from assistant.facts.reach import names_measure, reach, reason_given, short_rows
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import ROW_VALUES, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.clause_types import tells
from assistant.text.quotation import quoted


@rule(
    "I13",
    "reason-without-measure",
    severity="warning",
    kind="missing_measure",
    soft=True,
    policy=(
        "mof-2020-10#art-11",
        "mof-2019-136#deviation",
        "yangquan-form-2022#indicator-columns",
    ),
    needs=Needs(ROW_VALUES, printed=("indicators.*.reason",)),
)
def reason_without_measure(form: Form, profile: Profile) -> Iterator[Hit]:
    """未完成原因中没有改进措施。

    The row is short (as in I03) and its reason names only a cause, an outside cause, a new date, or
    says nothing (提高服务, 应收尽收). A measure is a clause, not about the cause, that names something
    to be done. Whether a measure fits the cause is left to the model.

    Field: the row's `.reason`. Evidence: `reason`, as printed, `case`: how the row is short, or `slogan` where the
    words are no reason at all.
    """
    for row in short_rows(form):
        if reason_given(row) and not names_measure(row.reason):
            found = reach(row)
            how = _HOW.get(found.why, "未完成")
            case = "slogan" if tells(row.reason or "", "slogan") else found.why
            lacking = "没有说明原因，也没有写改进措施" if case == "slogan" else "未写改进措施"
            message = f"{row.label}{how}（指标值{quoted(row.target or '未填')}，完成值{quoted(row.actual)}），原因栏填{quoted(row.reason)}，{lacking}。"
            yield Hit(row.path("reason"), message, {"reason": row.reason, "case": case}, (row.path("actual"),))


_HOW = {"over": "超出指标值", "late": "晚于要求时间"}


def _short(reason: str) -> dict[str, str]:
    return {"indicators.quantity.3.actual": "9场", "indicators.quantity.3.reason": reason}


AT = ("indicators.quantity.3.reason",)
FIRES = [
    Case("只写客观原因", _short("受强降雨天气影响，部分乡镇道路中断"), AT),
    Case("只给了新的日期", _short("因场馆维修，延期到2023年4月举办"), AT),
    Case("争取的日期也只是日期", _short("场馆消防改造未验收。争取2023年5月办完"), AT),
    Case("等条件具备了再办", _short("借用的礼堂漏水停用，待修好后再举办"), AT),
    Case("读者自行办理的事不是措施", _short("中小学自行组织了读书会，报名的人少"), AT),
    Case("不成其为原因", _short("提高服务"), AT),
    Case("照章办事的套话", _short("依规应办尽办"), AT),
    Case("按实际情况办理", _short("根据各乡镇实际需要开展"), AT),
    Case("补贴人数不是补办", _short("因摸底人数有误，补贴人数为80人"), AT),
    Case("重要活动不是重做", _short("受疫情影响，重要活动均在线上"), AT),
    Case("报名登记的人数不是登记造册", _short("受疫情影响，线上报名登记的只有20人"), AT),
    Case("重型设备不是重新购置", _short("因物价上涨，重型设备价格为3万元"), AT),
    Case("原因里的加强防控不是措施", _short("因加强汛期防控措施，活动暂停"), AT),
]
SILENT = [
    Case("原因之后写了措施", _short("3场因道路中断取消，已与乡镇协调改到春季补办，并建立备用路线。")),
    Case("下一步的安排", _short("阅读推广人员不足。下一步从社区招募志愿者参与组织。")),
    Case("措施的对象是没有办的事", _short("讲师临时出差。已把未开讲的3场列表，交给各文化站轮流承办。")),
    Case("派人去做的事", _short("山区文化站没人会布展，馆里派两名馆员驻点一周。")),
    Case("原因之后的做法，不用套话", _short("冬闲前务工人员没有返乡；改在夜市摆摊讲读，另租一块幕布。")),
    Case("没有填原因，由I03说", _short("")),
    Case("已完成的行可以只说明情况", {"indicators.quantity.3.reason": "按各乡镇申请安排"}),
]
