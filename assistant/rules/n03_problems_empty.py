"""N03: no problem told."""

from collections.abc import Iterator

from assistant.facts.texts import says_nothing
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.quotation import quoted


@rule(
    "N03",
    "problems-empty",
    severity="warning",
    kind="missing_measure",
    policy=("mof-2020-10#art-21", "yangquan-form-2022#text-columns", "mof-2020-10#ch5-lowexec"),
    soft=True,
    absence=Absence("sentence"),
    needs=Needs(printed=("conclusion.problems",)),
)
def problems_empty(form: Form, profile: Profile) -> Iterator[Hit]:
    """存在问题与整改措施未填，或写“无”。

    The cell is empty, a stroke, or says in any wording that there is nothing to say (暂无, 无存在问题).

    Field: `conclusion.problems`. Evidence: `stated`.
    """
    field = "conclusion.problems"
    if not form.printed(field):
        return
    text = form.get(field)
    if says_nothing(text):
        written = f"填{quoted(text)}" if text else "未填写"
        message = f"存在问题与整改措施{written}，请对照指标完成、资金执行和管理情况写明问题及整改措施。"
        yield Hit(field, message, {"stated": text})


FIRES = [
    Case("写无", {"conclusion.problems": "无。"}, ("conclusion.problems",)),
    Case("写暂无存在问题", {"conclusion.problems": "本项目暂无存在问题。"}, ("conclusion.problems",)),
    Case("没有发现问题", {"conclusion.problems": "目前没有发现需要整改的问题。"}, ("conclusion.problems",)),
    Case("指到别的材料去", {"conclusion.problems": "详见自评报告"}, ("conclusion.problems",)),
    Case("只有一条斜线", {"conclusion.problems": "/"}, ("conclusion.problems",)),
    Case("留空", {"conclusion.problems": None}, ("conclusion.problems",)),
]
SILENT = [
    Case("以无字开头的问题", {"conclusion.problems": "无固定借阅点的村服务不便，下一步增设流动点。"}),
    Case("没有之后是缺的东西", {"conclusion.problems": "没有专职司机，下一步向客运公司借调。"}),
    Case("一句话的问题和措施", {"conclusion.problems": "宣传不够，将加强宣传。"}),
    Case("国家表没有这一栏", {}, family="indicator"),
]
