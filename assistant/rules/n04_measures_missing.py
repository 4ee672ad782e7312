"""N04: problems without measures, measures without problems."""

from collections.abc import Iterator

from assistant.facts.texts import remarks, says_nothing, sentences
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text.clause_types import tells
from assistant.text.quotation import quoted


@rule(
    "N04",
    "measures-missing",
    severity="warning",
    kind="missing_measure",
    policy=("mof-2020-10#art-11", "mof-2020-10#art-21", "mof-2020-10#ch5-lowexec", "budget-reg-2020#art-20"),
    soft=True,
    absence=Absence("sentence"),
    needs=Needs(("conclusion.problems",)),
)
def measures_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """写了问题没有整改措施、只要求增加经费，或只有措施没有问题。

    The cell names a problem and no measure of the unit's own, or only asks others for money, or lists
    what will be strengthened without naming anything wanting. Silent on an empty cell (N03), and on several
    sentences that neither praise nor use words known for a problem or a measure. Left to the model: whether the measure answers the problem.

    Field: `conclusion.problems`. Evidence: `problems`, `measures`, `pleas`, the clauses found of each; `case`, what is lacking.
    """
    field = "conclusion.problems"
    text = form.get(field)
    if says_nothing(text):
        return
    problems, measures, pleas = remarks(text)
    if problems and measures:
        return
    if measures:
        case = "no-problem"
        message = f"只写了{quoted(measures[0])}等措施，没有指出存在什么问题，请先写明问题再写对应的整改措施。"
    elif pleas:
        case = "plea"
        message = f"只要求增加资金（{quoted(pleas[0])}），没有本单位的整改措施，请补充可由本单位落实的措施。"
    elif problems:
        case = "no-measure"
        message = f"写了{quoted(problems[0])}的问题，没有整改措施，请补充责任、时限明确的措施。"
    elif len(sentences(text)) > 1 and not tells(text or "", "praise"):
        return  # a problem and its cure told in words that are not known
    else:
        case = "neither"
        message = "所写内容既没有指出问题，也没有整改措施，请对照指标和资金情况补写。"
    yield Hit(field, message, {"problems": problems, "measures": measures, "pleas": pleas, "case": case})


FIRES = [
    Case("只要钱", {"conclusion.problems": "经费不足，请财政部门增加专项投入。"}, ("conclusion.problems",)),
    Case(
        "更新跟不上是问题，不是措施",
        {"conclusion.problems": "经费紧张，绘本更新跟不上，恳请上级加大投入。"},
        ("conclusion.problems",),
    ),
    Case(
        "用平常话说的问题，没有措施",
        {"conclusion.problems": "冬天路滑，老人嫌远不来，志愿者顾不过来。"},
        ("conclusion.problems",),
    ),
    Case("盼上级扶持也是要钱", {"conclusion.problems": "购书经费捉襟见肘，盼上级多扶持。"}, ("conclusion.problems",)),
    Case("只有问题", {"conclusion.problems": "个别站点到场读者偏少。"}, ("conclusion.problems",)),
    Case("整改措施后面是空的", {"conclusion.problems": "存在问题：到场读者偏少。整改措施："}, ("conclusion.problems",)),
    Case("只有措施", {"conclusion.problems": "进一步加强队伍建设，提高服务水平。"}, ("conclusion.problems",)),
    Case("只写工作成绩", {"conclusion.problems": "各站点秩序井然，读者踊跃。"}, ("conclusion.problems",)),
]
SILENT = [
    Case("问题之后是下一步打算", {"conclusion.problems": "宣传形式单一，今后要多用短视频。"}),
    Case(
        "要钱之外还有自己的措施",
        {"conclusion.problems": "经费不足，覆盖面不广。希望加大资金投入；同时加强与学校联动，扩大服务面。"},
    ),
    Case(
        "一问一答分条写",
        {"conclusion.problems": "1、人手不足。解决措施：招募志愿者。2、车辆老化。解决措施：定期检修。"},
    ),
    Case(
        "用平常话说的问题和做法", {"conclusion.problems": "新书到货迟了半个月，赶不上开学季。与书商改签分批供货协议。"}
    ),
    Case("说不准是问题还是做法，不猜", {"conclusion.problems": "书目全凭抄写，旬末汇总。配电子秤，随收随记。"}),
    Case("问题在前一句，做法在后一句", {"conclusion.problems": "读者要绕到河对岸借书。每周三把书车开过桥。"}),
    Case("加快支付进度是措施，不是要钱", {"conclusion.problems": "资金支付进度较慢，将加快资金支付进度。"}),
    Case("写无，由N03提示", {"conclusion.problems": "无"}),
]
