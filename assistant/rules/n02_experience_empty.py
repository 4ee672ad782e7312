"""N02: no experience told."""

import re
from functools import lru_cache

from assistant.narrative import says_nothing
from assistant.quotation import quoted
from assistant.rules.rule import Case, Hit, rule
from assistant.values import CACHE, bare

_PRACTICE = re.compile(
    r"通过|采取|采用|建立|健全|完善|制定|制订|出台|成立|组建|推行|实行|实施|创新|强化|加强|严格|坚持|探索|整合|联合|联动|协调|统筹|落实|规范|引入|引进|利用|运用|应用|依托|结合"
    r"|借助|按照|根据|围绕|针对|立足|发挥|机制|制度|模式|方式|方法|办法|措施|流程|平台|清单|台账|专人|定期|提前|注重|深入|组织|开展|签订|设立|设置|搭建|优化|细化|明确|压实"
    r"|做到|做好|抓好|把|以.{1,20}为|一是|动员|引导|督促|督导|检查|培训|宣传|公示|公开|考核|分工|配合|沟通|对接|领导|重视|实行|安排|提供|保障|确保|推动|推进|提高|提升"
)

# What can be written of any project whatever: named practices have something besides.
_SLOGAN = re.compile(
    r"(?:领导)?高度重视|领导重视|(?:切实|进一步|不断)?(?:加强|强化)(?:组织|工作|项目|日常|资金|过程|全程)?(?:领导|保障|责任|管理|监督|监管|督导|检查|沟通|协调|宣传|协作|配合|落实|统筹|调度)"
    r"|(?:精心|认真|科学|周密|积极|统一|合理|统筹|扎实|稳步|有序|全力|大力|深入|强力|细致)(?:组织|部署|安排|谋划|筹划|实施|推进|推动|落实|履职|开展|配合|协调|保障|规划)(?:各项)?(?:工作|实施)?"
    r"|(?:狠抓|抓好|严抓|真抓)(?:工作|各项)?(?:落实|实干|管理)|(?:落实|压实|明确|靠实|夯实)(?:工作|各级|主体)?(?:责任|分工|职责|任务)|统一思想|提高(?:思想)?(?:认识|站位)"
    r"|(?:部门|各方|上下)?(?:通力|密切|协调|齐心)(?:协作|配合|合作|协力)|齐抓共管|(?:上下|部门)联动|形成(?:工作)?合力|严格(?:管理|把关|要求|执行|落实|标准)|规范(?:管理|运作|操作)|科学管理"
    r"|注重实效|确保(?:取得)?(?:实效|成效|落实|质量|安全|进度)|确保(?:项目|工作|各项工作|任务)[^，。；]{0,6}(?:完成|实施|开展|进行)|加大(?:宣传|监督|检查|工作|资金)?力度|高标准|高质量|严要求"
    r"|(?:本?项目|各项)?(?:工作|任务)?(?:顺利|有序|按时|按期|按计划|圆满|全面)(?:实施|完成|推进|开展)(?:各项)?(?:工作|任务)?|取得了?(?:良好|较好|明显|显著|一定)的?(?:效果|成效|效益|成绩)"
    r"|(?:组织|措施|保障|领导|执行)(?:有力|得力|得当|到位)|严格按照?(?:有关|相关|上级)?(?:要求|规定|计划|标准)(?:完成|执行|落实|开展)(?:各项)?(?:工作|任务|项目)?|群众(?:较为|非常|普遍)?满意|(?:完成|效果|反映)(?:较好|良好)"
    r"|党建引领|以人为本|凝心聚力|攻坚克难|担当作为|完善(?:制度|机制)|健全(?:制度|机制)|建章立制|常抓不懈|再接再厉|强基固本|总揽全局"
)
SLOGANS_SHARE = 0.7
"""Share of the text that is set phrases from which it tells no practice."""
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

    The cell is empty or says 无, or is made of phrases that fit any project (高度重视，加强领导), or is a
    short text without a word of anything done (工作完成较好，群众满意): a result or praise, not a practice
    others could follow. Left to the model: duties and effects in the words of a practice.

    Field: `conclusion.experience`. Evidence: `stated`.
    """
    field = "conclusion.experience"
    if not form.printed(field):
        return
    text = form.get(field)
    if says_nothing(text):
        yield Hit(field, "主要经验做法未填写，请总结项目组织、管理或资金使用中可供借鉴的做法。", {"stated": text})
    elif _is_slogans(text):
        message = f"{quoted(text)}是通用口号，未写明具体做法，请总结项目自己的组织、管理或资金使用做法。"
        yield Hit(field, message, {"stated": text})
    elif len(bare(text)) <= LONGEST_VERDICT and not _PRACTICE.search(text):
        message = f"{quoted(text)}是结果或评价，不是做法，请写明项目采取了哪些可供借鉴的做法。"
        yield Hit(field, message, {"stated": text})


@lru_cache(CACHE)
def _is_slogans(text: str) -> bool:
    whole = bare(text)
    return len(bare(_SLOGAN.sub("", text))) <= (1 - SLOGANS_SHARE) * len(whole)


FIRES = [
    Case("写无", {"conclusion.experience": "无"}, ("conclusion.experience",)),
    Case("留空", {"conclusion.experience": None}, ("conclusion.experience",)),
    Case(
        "只有口号",
        {"conclusion.experience": "领导高度重视，加强组织领导，精心组织，狠抓落实。"},
        ("conclusion.experience",),
    ),
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
    Case(
        "口号之后有做法", {"conclusion.experience": "领导高度重视，加强组织领导，设立读者荐书登记簿，按登记书目配书。"}
    ),
    Case("做法中有无字", {"conclusion.experience": "推行图书无障碍借还，设立专人接待。"}),
    Case("表上没有这一栏", {"conclusion.experience.*": None}),
]
