"""N09: slips of the pen that can be seen without understanding."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from assistant.facts.texts import INSTRUCTION, clauses, narratives, sentences
from assistant.facts.written_apart import written_apart
from assistant.form.form import Form, title
from assistant.form.profile import Profile
from assistant.rules.needs import NARRATIVE, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, bare, fold, numerals
from assistant.text.quotation import quoted

_PLACEHOLDER = re.compile(
    r"[×xX]{2,}(?=项目|工程|单位|部门|乡|镇|村|社区|年|月|人|次|场|件|万|元|个|%|公里|局|市|县|区)|字以内[)）]"
)
_CLASH = re.compile(
    r"(?:约|大约|近|将近)\s*\d[\d,.]*\s*[万亿千百]?\s*[余多]|(?:约|大约|近|将近)\s*\d[\d,.]*[^，。；、,;\d]{0,4}左右|\d[\d,.]*\s*[万千百]?余[^，。；、,;\d]{0,3}左右"
    r"|(?:超过|不低于|不少于|≥)\s*\d[\d,.]*\s*[^，。；、,;\d]{0,3}以上|(?:不超过|≤|低于)\s*\d[\d,.]*\s*[^，。；、,;\d]{0,3}以[内下]"
)
_ROUGHLY = re.compile("[约近余超不≥≤低]")
"""Without one of these no two of them can clash."""
# 目的的, 为了了解, 是是否 are no slips, nor are most other letters that meet their like across two words.
_TWICE = re.compile(
    r"(?<!目)的的(?!确)|了了(?![解然])|[，,]{2}|。{2}(?!。)|、{2,}|；{2,}|[，,、；][。；，、]|。[，、；,]|([\u4e00-\u9fff]{2,5})\1(?!\1)"
)
_REDUPLICATED = re.compile(r"[一逐]([\u4e00-\u9fff])[一逐]\1")
_FULL_STOP_IN_UNIT = re.compile(r"元/(?:人|件|天|日|场|次|户|个|套|台|课时)[。](?:天|日|次|月|年|人|场|期)")
_BREAKS_OFF = re.compile(
    r"(?:[，,、：:]|以及|并且|(?<![祥缓温平总饱柔])和|(?<![参给赠])与|(?<![普涉])及|为了|进一步|由于|因此|从而|(?:(?<![\u4e00-\u9fff])|(?<=是))(?:加强|提高|完善|强化|做好|推进|建立|提升))\s*$"
)
_LAST_WORDS = re.compile(r"[^。；;\n]{0,16}$")
_ITEM_BRACKET = re.compile(rf"(?:^|(?<=[\s。；;，,、：:]))[\da-zA-Z{numerals.ORDER}①-⑳]{{1,3}}[)）]")
_PAIRS = (("(", ")"), ("[", "]"), ("《", "》"))
_ONE_KIND = str.maketrans("（）〔〕［］【】「」『』", "()[][][]“”“”")
_DIGIT = re.compile(r"\d")
_DOCUMENT = re.compile(r"\[\d{4}\]\s*第?\d{1,5}号")
_SLIPS = {
    re.compile(wrong): right
    for wrong, right in {
        r"项目设施单位|项目实施单?单位单位": "项目实施单位",
        r"(?:涉法|法律|行政|日常|政府|党务)事物": "事务",
        r"(?:提[供出]|征求|征集|收集|反馈|采纳)[^，。；]{0,4}一件(?:和|、)?建议": "意见建议",
        r"到达\s*\d[\d.]*%": "达到",
        "布署": "部署",
        "按[排装](?=[^序]|$)": "安排（安装）",
        "部份": "部分",
        "以经|己经|己(?=完成|开展|建成|全部|达到|实现)": "已经",
        "既将(?!来)": "即将",
        "即然": "既然",
        r"反应(?=了?(?:问题|诉求|意见|民意))": "反映",
        "竟争": "竞争",
        "松驰": "松弛",
        "在接再[厉励]|再接再励": "再接再厉",
        "一如继往": "一如既往",
        "相辅相承": "相辅相成",
        "因地治宜": "因地制宜",
        "按步就班": "按部就班",
        "迫不急待": "迫不及待",
        "陪训|培圳": "培训",
        "宜传(?!承)": "宣传",
        "绩郊|绩校|续效(?!应)": "绩效",
        "预箅": "预算",
        "完戍": "完成",
        "满意渡": "满意度",
        "覆盖律|合格律|完成律|及时律": "率",
        "知哓": "知晓",
        "常太化": "常态化",
        "由其是": "尤其是",
        "尤于": "由于",
        "经废": "经费",
        "予盾": "矛盾",
        "导至|倒致": "导致",
        "甚致": "甚至",
        "提搞": "提高",
        "促近": "促进",
        "推近(?!距)": "推进",
        "健立": "建立",
        "完膳": "完善",
        "工做(?!到)": "工作",
        "检查院": "检察院",
        "亟须待|急待": "亟待",
        "做为": "作为",
        "纠份": "纠纷",
        "落时": "落实",
    }.items()
}
_FIRST_LETTERS = "".join(
    letter for wrong in _SLIPS for letter in re.findall(r"(?:^|\|)[^\u4e00-\u9fff]*([\u4e00-\u9fff])", wrong.pattern)
)
# One look at the first letter passes over the places where no slip begins, which are nearly all.
_ANY_SLIP = re.compile(f"(?=[{_FIRST_LETTERS}])(?:{'|'.join(pattern.pattern for pattern in _SLIPS)})")
LEAST_SENTENCE, LEAST_CLAUSE = 6, 12
"""Characters from which a sentence, or a clause, that stands twice in a cell was pasted twice."""
LEAST_BROKEN_OFF = 10
"""Characters of a text under which a missing end is a note, not a sentence that breaks off."""
LEAST_WITH_FIGURES = 20
"""The same where it holds figures: a short one may be two lines of a list of rates."""


@rule(
    "N09",
    "wording-slip",
    severity="advice",
    policy=("budget-open-2016-143#art-4",),
    soft=True,
    needs=Needs((NARRATIVE,)),
)
def wording_slip(form: Form, profile: Profile) -> Iterator[Hit]:
    """文字疏漏：重复、断句、错别字，或留有模板提示语。

    What shows without understanding the text: a sentence or a document number twice in one cell, the
    template's own instruction left standing, 约 with 余, doubled words or stops, brackets without their
    partner, a text that breaks off, common confusions of characters. What the form itself shows by writing one thing two
    ways: a document cited under two numbers, a word with a character that sounds the same. Left to the model: every
    other slip.

    Field: the text's. Evidence: `slips`, `case` where they are of one kind.
    """
    texts = narratives(form) | {row.path("reason"): row.reason for row in form.rows if row.reason}
    apart = written_apart(tuple(texts.items()))
    for path, text in texts.items():
        slips = _slips(text) + tuple(
            f"{quoted(odd.written)}与“{title(odd.elsewhere)}”栏的{quoted(odd.there)}写法不同，疑有一处笔误"
            for odd in apart
            if odd.field == path
        )
        if slips:
            yield Hit(path, f"文字疏漏：{'；'.join(slips)}，请修改。", {"slips": slips, "case": _case(slips)})


def _case(slips: tuple[str, ...]) -> str:
    """What kind of slip it is, where all of them are of one kind."""
    kinds = {next((kind for kind, mark in _KINDS.items() if mark in slip), "") for slip in slips}
    return kinds.pop() if len(kinds) == 1 else ""


_KINDS = {"template": "模板提示语", "unfinished": "句子未写完", "repeated": "重复"}


@lru_cache(CACHE)
def _slips(text: str) -> tuple[str, ...]:
    folded = fold(text)
    found = []
    if template := INSTRUCTION.search(folded) or _PLACEHOLDER.search(folded):
        found.append(f"留有模板提示语{quoted(template[0])}")
    if repeated := _repeated(text):
        found.append(f"{quoted(repeated)}在本栏重复出现")
    if document := next(
        (name for name, times in Counter(_DOCUMENT.findall(folded.translate(_ONE_KIND))).items() if times > 1), None
    ):
        found.append(f"文号{quoted(document)}在本栏重复引用")
    if _ROUGHLY.search(folded) and (clash := _CLASH.search(folded)):
        found.append(f"{quoted(clash[0])}约数用词重叠")
    if (twice := _TWICE.search(text)) and not _REDUPLICATED.fullmatch(twice[0]):
        found.append(f"“{twice[0]}”重复")
    if stop := _FULL_STOP_IN_UNIT.search(text):
        found.append(f"“{stop[0]}”中的句号应为间隔号或“/”")
    # Only the last few letters can be a text's broken end.
    if len(bare(text)) > LEAST_BROKEN_OFF and _BREAKS_OFF.search(text, max(0, len(text.rstrip()) - 4)):
        found.append(f"句子未写完（止于{quoted(_LAST_WORDS.findall(text)[0])}）")
    if lone := _without_partner(text):
        found.append("引号没有成对" if lone == "“”" else f"“{lone}”没有成对")
    if _ANY_SLIP.search(folded):
        for wrong, right in _SLIPS.items():
            if match := wrong.search(folded):
                found.append(f"{quoted(match[0])}疑为“{right}”之误")
    return tuple(found)


def _repeated(text: str) -> str | None:
    """A sentence or a clause that stands twice."""
    for pieces, least in ((sentences(text), LEAST_SENTENCE), (clauses(text), LEAST_CLAUSE)):
        seen = set()
        for piece in pieces:
            squeezed = bare(piece)
            if len(squeezed) < (LEAST_WITH_FIGURES if _DIGIT.search(squeezed) else least):
                continue
            if squeezed in seen:
                return piece
            seen.add(squeezed)
    return None


def _without_partner(text: str) -> str | None:
    plain = _ITEM_BRACKET.sub("", text.translate(_ONE_KIND))
    for opening, closing in _PAIRS:
        if plain.count(opening) != plain.count(closing):
            return opening if plain.count(opening) > plain.count(closing) else closing
    # Word processors turn quotation marks the wrong way round; only an odd one stands alone.
    return "“”" if (plain.count("“") + plain.count("”")) % 2 else None


FIRES = [
    Case(
        "同一文件在别处是另一个文号",
        {
            "goals.effect": "根据松文财〔2021〕8号文件，覆盖率达到50%以上，读者满意度达到90%以上。",
            "conclusion.experience": "按照松财文〔2021〕8号文件，按登记书目配书，设立荐书登记簿。",
            "conclusion.problems": "对照松财文〔2021〕8号文件，读者荐书渠道还不够多。今后每季度到站点征集一次。",
        },
        ("goals.effect",),
    ),
    Case(
        "同一个词，一处写错了同音字",
        {
            "goals.effect": "落实县政府第三次常务会议记要，覆盖率达到50%以上，读者满意度达到90%以上。",
            "conclusion.experience": "落实县政府第三次常务会议纪要，按登记书目配书，设立荐书登记簿。",
        },
        ("goals.effect",),
    ),
    Case(
        "八个字的句子写了两遍",
        {"conclusion.experience": "按登记书目配书。确保图书安全流转。设立荐书登记簿。确保图书安全流转。"},
        ("conclusion.experience",),
    ),
    Case(
        "模板的算式没有删",
        {"execution.note": "预算执行率100%（实际执行金额/实际到位金额×100%），10分"},
        ("execution.note",),
    ),
    Case("模板的说明没有删", {"execution.note": "100%，10分。本栏主要填写资金执行情况"}, ("execution.note",)),
    Case(
        "括号里的填写要求没有删",
        {"conclusion.experience": "（本栏填写项目实施中的经验做法）设立荐书登记簿。"},
        ("conclusion.experience",),
    ),
    Case(
        "括号里请人填写的话没有删",
        {"conclusion.experience": "（请对照预期目标逐项填写）设立荐书登记簿。"},
        ("conclusion.experience",),
    ),
    Case(
        "方括号里请人说明的话没有删",
        {"conclusion.experience": "【此处请结合项目实际简要说明】设立荐书登记簿。"},
        ("conclusion.experience",),
    ),
    Case(
        "同一句话写了两遍",
        {
            "conclusion.experience": "与文化站签订服务协议，按季度排定路线。设立荐书登记簿。与文化站签订服务协议，按季度排定路线。"
        },
        ("conclusion.experience",),
    ),
    Case(
        "同一文号引了两次",
        {"goals.effect": "根据松财文〔2021〕8号，按照要求（松财文【2021】8号），覆盖率达到50%以上。"},
        ("goals.effect",),
    ),
    Case(
        "约与余连用", {"goals.output": "配送图书约6000余册，流动图书服务48场次，阅读推广活动12场。"}, ("goals.output",)
    ),
    Case(
        "句子没有写完", {"conclusion.experience": "建立荐书登记簿，按登记书目配书，进一步"}, ("conclusion.experience",)
    ),
    Case("书名号没有成对", {"conclusion.experience": "按照《流动服务管理办法排定路线。"}, ("conclusion.experience",)),
    Case("错别字", {"conclusion.experience": "项目设施单位按季度排定路线并提前公示。"}, ("conclusion.experience",)),
    Case("词语重复", {"conclusion.experience": "通过通过登记簿了解读者需求。"}, ("conclusion.experience",)),
    Case("的字多了一个", {"conclusion.experience": "设立荐书登记簿，做好站点的的巡检。"}, ("conclusion.experience",)),
    Case("三个字的词重复", {"conclusion.experience": "设立登记簿，调动读者积极性积极性。"}, ("conclusion.experience",)),
    Case(
        "原因栏里的错字",
        {"indicators.quantity.3.reason": "因经废下达较晚，陪训推迟，已调整计划。"},
        ("indicators.quantity.3.reason",),
        family="indicator",
    ),
]
SILENT = [
    Case(
        "两份不同的文件，号数不同",
        {
            "goals.effect": "根据松财文〔2021〕8号文件，覆盖率达到50%以上，读者满意度达到90%以上。",
            "conclusion.experience": "按照松财文〔2021〕9号文件，按登记书目配书，设立荐书登记簿。",
        },
    ),
    Case(
        "只差一个字而说的是两回事",
        {
            "goals.effect": "落实县政府第三次常务会议精神，覆盖率达到50%以上，读者满意度达到90%以上。",
            "conclusion.experience": "落实县政府第五次常务会议精神，按登记书目配书，设立荐书登记簿。",
        },
    ),
    Case(
        "括号里写的是谁来填",
        {"conclusion.experience": "设立荐书登记簿（邀请读者填写），按登记配书（申请人说明用途）。"},
    ),
    Case("括号里请人做的事是做法", {"conclusion.experience": "设立荐书登记簿（请专家逐册说明推荐理由），按登记配书。"}),
    Case("叠词不是重复", {"conclusion.experience": "一件一件登记，逐户逐户走访，方方面面听取意见。"}),
    Case(
        "相邻两词的同字",
        {
            "conclusion.experience": "为了了解读者需求设立登记簿，配书目的的确明确，针对对象分类，以及及时回访，验收全部通过"
        },
    ),
    Case("引号方向打反", {"conclusion.experience": "推行”一村一架“服务，按登记书目配书。"}),
    Case("隐去的姓名不是模板提示", {"conclusion.experience": "由管理员李××负责登记，按登记书目配书。"}),
    Case("分条的右括号", {"conclusion.experience": "1）签订服务协议；2）设立荐书登记簿。"}),
    Case(
        "单价表里的相同档次",
        {
            "goals.effect": "市内每件补贴600-900元，省内每件补贴1000元；市内每件补贴600-900元，省内每件补贴1200元，覆盖率达到50%以上。"
        },
    ),
    Case("句末没有句号", {"conclusion.experience": "建立荐书登记簿，按登记书目配书"}),
    Case("只写执行率", {"execution.note": "100%"}),
    Case("全角半角括号混用", {"conclusion.experience": "按照服务协议（三年期)排定路线。"}),
]
