"""N02: no experience told."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts.texts import clauses, says_nothing
from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, bare
from assistant.text.clause_types import tells
from assistant.text.quotation import quoted

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
# The words such phrases are made of, in whatever order: how, what is done, to what, none of them of one project.
_OFFICE_WORDS = re.compile(
    # how
    r"认真|扎实|严格|积极|全面|深入|切实|进一步|不断|持续|高度|大力|有力|有效|充分|牢固|坚决|坚持|始终|紧紧|精心|周密|科学|合理|统一|稳步|有序|及时|足额|按[时期]|如期|圆满|顺利|保质保量|高质量|高标准|严要求"
    r"|主动|务求|努力|全力|着力|突出|注重|重点|真抓实干|实干|开拓|攻坚克难|齐抓共管|联动|合力|凝心聚力|尽责|尽职|专款专用|落地|见效|到人|强有力|坚强|普遍|显著|明显|良好|较好|优异|较高|很高|规范|有利|先进|细致|密切|通力"
    r"|深刻|有条不紊|因地制宜|久久为功|真抓|严管|高[位效质]|奋发|有为|锐意|进取|求真|脚踏实地|兢兢业业|攻坚|克难|勇于|敢于|善于|层层|压茬|抓紧|实际|讲政治|顾大局|守纪律|重执行|负责"
    # what is done
    r"|领会|探索|积累|结合|落到|紧扣|聚焦|立足|着眼|对标|对表|瞄准|抢抓|传导|凸显|筑牢|守[住好牢]|引领|形成|建设|决策|行动|学习|贯彻|落实|执行|组织|实施|开展|推进|推动|加强|强化|提[高升]|增强|转变|完善|健全|建立|确保|保证|保障|完成|取得|做[到好]|抓[好实]|狠抓|把[关控]|管[理控]|监[管督控]|检查|督[导促查]|指导|协[调作同]|配合|支持|部署|安排|谋划|统筹|重视"
    r"|引导|宣传|总结|发扬|使用|拨付|履[行职]|发展|围绕|服务|担当|践行|发挥|明确|压实|夯实|细化|优化|创新|作为|兼顾|务实|求实|深化|拓展|维护|满足|促进|达到|实现|得到|赢得|受到|运[行转]|调动|树立|牢记|遵守|遵循|执纪|加快|再创|佳绩|成为|离不开|需求|出发点|落脚点|增进|福祉"
    # to what
    r"|实处|要素|年初|机遇|压力|动力|底线|红线|主线|抓手|亮点|品牌|标杆|氛围|局面|格局|态势|上级|精神|要求|文件|政策|规定|制度|机制|方案|计划|工作|任务|项目|资金|质量|安全|进度|责任|领导|思想|认识|政治|站位|意识|作风|实效|成[效绩果]|效[果益率]|经验|措施|目标|绩效|中心|大局|职[责能]|作用|群众|人民|部门|各级|相关|有关|国家|财[务政]"
    r"|党[的委组]?|政府|[省市县区]委|二十大|新时代|关键|前提|基础|根本|满意度?|过程|全程|环节|方面|情况|内容|方式|水平|能力|力[度量]|团队|队伍|人员|干部|职工|单位|我[局所站馆院]|本[单位局]+|局|全[体员局]|年度|全年|各[项方类个]|社会|好评|认可|肯定|一定|预期|既定|相应|法律|法规|纪律|原则|理念|导向|宗旨|核心|一体化|常态化|制度化|规范化|精细化"
    r"|[一二三四五]是|按照|根据|依据|依[法规]|通过|以及|从而|围绕|对于|关于|[按的了在下上和与及或为以是到并对从向将把使地得等高好强实细大位力各其中]"
)
# One of these makes it a practice of this project: a number, a rhythm, a list, who signs, where it is shown.
_OF_ITS_OWN = re.compile(
    r"\d|[每逐]|按[月季周旬]|[两三四五六七八九十]+[次人户天级道个家方位名轮]|[“《]|专[班账人户]|台账|清单|会签|第三方|公示|登记|网格|名册|合同|协议|例会|调度|通报|抽[查检]|培训|招[标募聘]|分[片批组班期类]"
)
SLOGANS_SHARE, WORDS_SHARE = 0.7, 0.75
"""Share of the text that is set phrases, or words of the office, from which it tells no practice."""
LEAST_OF_ITS_OWN = 3
"""Characters besides the words of the office from which something done is told, not only named (下沉一线, not 完善规章)."""
# A result is no practice, however short or well told.
_RESULT = re.compile(
    r"完成|满意|好评|欢迎|认可|良好|较好|显著|明显|提[高升]|改善|达到|实现|正常|顺利|到位|解决|受益|增[加长强]|减少|降低|丰富|方便|圆满|稳定"
)
LONGEST_VERDICT = 30
"""Characters up to which a text whose every clause tells a result is taken for a verdict."""


@rule(
    "N02",
    "experience-empty",
    severity="advice",
    kind="boilerplate_conclusion",
    policy=("mof-2020-10#ch5-form", "yangquan-form-2022#text-columns"),
    soft=True,
    absence=Absence("sentence"),
    needs=Needs(printed=("conclusion.experience",)),
)
def experience_empty(form: Form, profile: Profile) -> Iterator[Hit]:
    """主要经验做法未填，或写的不是做法。

    The cell is empty or says 无, or is made of phrases and words that fit any project (高度重视，加强领导;
    按上级要求开展工作), or is a short text of results alone (工作完成较好，群众满意), not a practice others could
    follow. A number, a rhythm, a list or a signature makes it one. Left to the model: duties and effects in the words of a practice.

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
    elif _is_verdict(text):
        message = f"{quoted(text)}是结果或评价，不是做法，请写明项目采取了哪些可供借鉴的做法。"
        yield Hit(field, message, {"stated": text})


@lru_cache(CACHE)
def _is_slogans(text: str) -> bool:
    whole = len(bare(text))
    if len(bare(_SLOGAN.sub("", text))) <= (1 - SLOGANS_SHARE) * whole:
        return True
    if any(
        tells(clause, "deed") and len(bare(_OFFICE_WORDS.sub("", clause))) >= LEAST_OF_ITS_OWN
        for clause in clauses(text)
    ):
        return False
    return not _OF_ITS_OWN.search(text) and len(bare(_OFFICE_WORDS.sub("", text))) <= (1 - WORDS_SHARE) * whole


@lru_cache(CACHE)
def _is_verdict(text: str) -> bool:
    if len(bare(text)) > LONGEST_VERDICT or _OF_ITS_OWN.search(text):
        return False
    return all(_RESULT.search(clause) and not tells(clause, "deed") for clause in clauses(text))


FIRES = [
    Case("写无", {"conclusion.experience": "无"}, ("conclusion.experience",)),
    Case("留空", {"conclusion.experience": None}, ("conclusion.experience",)),
    Case(
        "只有口号",
        {"conclusion.experience": "领导高度重视，加强组织领导，精心组织，狠抓落实。"},
        ("conclusion.experience",),
    ),
    Case("只有评价", {"conclusion.experience": "项目完成较好，群众满意。"}, ("conclusion.experience",)),
    Case(
        "口号换了说法，仍没有自己的做法",
        {"conclusion.experience": "深入领会文件精神，提高站位，统筹谋划，推动各项任务落到实处。"},
        ("conclusion.experience",),
    ),
    Case(
        "动词说得实，仍没有自己的做法",
        {"conclusion.experience": "严格落实上级要求，完善各项规章制度，明确责任分工，规范资金管理。"},
        ("conclusion.experience",),
    ),
    Case(
        "按要求完成工作不是做法",
        {"conclusion.experience": "根据上级部署按时完成工作任务。"},
        ("conclusion.experience",),
    ),
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
    Case("话说得平常的做法", {"conclusion.experience": "赶集那天把书车开到菜市口，用方言讲新书。"}),
    Case("口号里有数有人，就是做法", {"conclusion.experience": "严格管理，每季度由两名馆员交叉检查。"}),
    Case("口号后面的一句说了做什么", {"conclusion.experience": "坚持党建引领，组织党员干部下沉一线服务群众。"}),
    Case("做法中有无字", {"conclusion.experience": "推行图书无障碍借还，设立专人接待。"}),
    Case("表上没有这一栏", {"conclusion.experience.*": None}),
]
