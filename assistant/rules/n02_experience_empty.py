"""N02: no experience told."""

import re

from assistant.narrative import says_nothing
from assistant.rules.rule import Case, Hit, rule
from assistant.values import bare

_PRACTICE = re.compile(
    r"通过|采取|采用|建立|健全|完善|制定|制订|出台|成立|组建|推行|实行|实施|创新|强化|加强|严格|坚持|探索|整合|联合|联动|协调|统筹|落实|规范|引入|引进|利用|运用|应用|依托|结合"
    r"|借助|按照|根据|围绕|针对|立足|发挥|机制|制度|模式|方式|方法|办法|措施|流程|平台|清单|台账|专人|定期|提前|注重|深入|组织|开展|签订|设立|设置|搭建|优化|细化|明确|压实"
    r"|做到|做好|抓好|把|以.{1,20}为|一是|动员|引导|督促|督导|检查|培训|宣传|公示|公开|考核|分工|配合|沟通|对接|领导|重视|实行|安排|提供|保障|确保|推动|推进|提高|提升"
)

LONGEST_VERDICT = 30
"""Characters up to which a text without a word of doing is taken for a verdict; a longer one describes something."""


@rule(
    "N02",
    "experience-empty",
    severity="advice",
    policy=("mof-2020-10#ch5-form", "yangquan-form-2022#text-columns"),
    soft=True,
)
def experience_empty(form, profile):
    """主要经验做法未填，或写的不是做法。

    The cell is empty or says 无, or is a short text without a word of anything done (工作完成较好，群众满意): a result or
    praise, not a practice others could follow. Left to the model: duties and slogans in the words of a
    practice.

    Field: `conclusion.experience`. Evidence: `stated`.
    """
    field = "conclusion.experience"
    if not form.printed(field):
        return
    text = form.get(field)
    if says_nothing(text):
        yield Hit(field, "主要经验做法未填写，请总结项目组织、管理或资金使用中可供借鉴的做法。", {"stated": text})
    elif len(bare(text)) <= LONGEST_VERDICT and not _PRACTICE.search(text):
        message = f"“{text.strip('。 ')}”是结果或评价，不是做法，请写明项目采取了哪些可供借鉴的做法。"
        yield Hit(field, message, {"stated": text})


FIRES = [
    Case("写无", {"conclusion.experience": "无"}, ("conclusion.experience",)),
    Case("留空", {"conclusion.experience": None}, ("conclusion.experience",)),
    Case("只有评价", {"conclusion.experience": "项目完成较好，群众满意。"}, ("conclusion.experience",)),
]
SILENT = [
    Case("一句话的做法", {"conclusion.experience": "建立读者荐书登记簿，按登记配书。"}),
    Case(
        "写得具体的流程",
        {
            "conclusion.experience": "补贴分班次核定、里程校验、满意度扣减三步计算，司机每月上传行驶轨迹，由乡镇抽查一成班次后再行拨付。"
        },
    ),
    Case("做法中有无字", {"conclusion.experience": "推行图书无障碍借还，设立专人接待。"}),
    Case("表上没有这一栏", {"conclusion.experience.*": None}),
]
