"""How a comment may be worded, whatever it is about: reasons against its words that need no figure and no quotation.

A word the form, a finding or a named clause uses itself is never held against a comment: a project may be
about artificial intelligence, and a cell may speak of a flood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.form.masking import persons_in
from assistant.text import bare
from assistant.text.regions import PROVINCES
from assistant.text.unseen import UNSEEN

_INVISIBLE = re.compile(f"{UNSEEN}|[\u000b-\u001f\u0080-\u009f]")
_MARKUP = re.compile(
    r"</?[A-Za-z!][^<>]*>|&(?:#\w+|[a-z]{2,8});|\*\*|__|~~|`|^\s{0,3}#{1,6}\s|!?\[[^\[\]]*\]\(|^\s*\|.*\||^\s*[=@]"
    r"|(?:https?|ftp|javascript|data):|www\.",
    re.MULTILINE | re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:作为|身为)(?:一[个名])?[^，。；]{0,6}(?:AI|人工智能|语言模型|大模型|智能助手)|语言模型|大模型|提示词|系统提示|训练数据|JSON|(?<![A-Za-z])AI(?![A-Za-z])",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?:给予?|打|评为?|判为?|得)[^。；，]{0,6}满分|满分(?:通过|处理)|审核(?:予以)?(?:通过|合格|无误)|(?:予以|同意|建议|可以?)(?:通过|归档)"
    r"|未发现(?:任何|明显)?问题|没有(?:发现)?(?:任何)?问题|(?:无需|不需要?|不必|不用)(?:任何)?(?:修改|更正|整改|补充|说明)"
    r"|完全符合(?:要求|规定)|填报(?:十分|非常)?规范|(?:建议|应当?|可以?)(?:评|定|判)(?:为|成)|一切正常|继续保持"
    r"|(?:总分|得分)[^，。；]{0,4}给(?:到|予)?\s*\d"
)
_ACCUSES = re.compile(
    r"弄虚作假|造假|作假|骗取|套取|贪污|侵占|挪用|虚报|欺骗|隐瞒|蒙混|敷衍|渎职|违法|犯罪|失职|不负责任|态度不端|工作不力"
)
_THREATENS = re.compile(
    r"追究|问责|通报批评|给予处分|处分|处罚|核减|扣减(?:下年|预算|经费)|收回(?:资金|预算)|取消(?:资金|预算|项目)|移送|不予(?:安排|拨付)"
)
_HAPPENED = re.compile(
    r"疫情|新冠|洪水|洪涝|水灾|旱灾|暴雨|暴雪|台风|地震|泥石流|山体滑坡|火灾|雨季|破产|倒闭|拆迁|上访|事故|审计(?:发现|指出|报告显示)|巡视|巡察|媒体(?:报道|曝光)|群众举报"
)
"""What would have to have happened: a model fills gaps with it."""
_SOON = re.compile(
    r"(?:下|本|次)个?(?:月|周|星期|季度)(?:底|末|初|内|前)?|(?<!\d)(?:月底|月末|周内|季末|年内)(?:以?前|之前)?|(?:近日|即日起|尽快于)"
)
"""A date that is none: nobody set it."""
_PRAISES = re.compile(
    r"(?:全部|均已|全面|圆满|超额|按时|按期|如期|顺利)完成|完成(?:了)?全部|显著|大幅|明显(?:提高|提升|改善|增强)|有效(?:提高|提升|改善|保障)"
    r"|(?:得到|受到|赢得)[^，。；]{0,10}(?:好评|认可|肯定|赞扬)|(?:获|荣获|获得)[^，。；]{0,10}(?:表彰|奖|荣誉|称号|好评)"
)
_BECAUSE = re.compile(
    r"(?:由于|因为?(?![此而素地]))(?P<cause>[^，。；、【】\n]{2,40})|受(?P<force>[^，。；、【】\n]{2,20}?)(?:影响|制约|限制|冲击)"
)
_SLOT = re.compile(r"【请补充[：:][^【】]*】")
_CITY = re.compile(r"[一-鿿]{2}市(?![场级民政县区委直容面值制花井立属辖])")
_NO_CITY = re.compile(
    r"[级辖各全我本城都上超股夜门菜县个在省为对由到及和与的向][一-鿿]?市|[一-鿿][级辖各全我本城都上超股夜门菜县个省]市"
)

Knows = Callable[[str], bool]


def objections(text: str, knows: Knows) -> Iterator[str]:
    """Reasons against a comment or a rewrite; `knows` says whether form, finding or named clause hold a word."""
    if _INVISIBLE.search(text):
        yield "含有看不见的字符"
    markup = _MARKUP.search(text)
    if markup:
        yield f"含有标记或网址：{markup[0].strip()[:20]}"
    traditional = [one for one in dict.fromkeys(text) if _is_traditional(one) and not knows(one)]
    if len(traditional) > 1:
        yield f"用了繁体字：{''.join(traditional[:5])}"
    for pattern, reason in _NOT_SAID:
        for found in pattern.finditer(text):
            if not knows(found[0]):
                yield f"{reason}：{found[0].strip()}"
                break
    for name in persons_in(text):
        if not knows(name):
            yield f"提到表中没有的人：{name}"
    for place in _places(text):
        if not knows(place):
            yield f"提到表中没有的地名或单位：{place}"


def _is_traditional(character: str) -> bool:
    """Whether only the traditional script has it: Big5 holds it, the common simplified set doesn't."""
    return "一" <= character <= "鿿" and not _encodes(character, "gb2312") and _encodes(character, "big5")


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_NOT_SAID = (
    (_SELF, "意见里有模型说自己的话"),
    (_VERDICT, "意见在评分或下结论，不是给填报单位的意见"),
    (_ACCUSES, "指责没有依据"),
    (_THREATENS, "意见越出审核范围，提到处理或追责"),
    (_HAPPENED, "提到表中没有的事情"),
    (_SOON, "提到没有出处的时限"),
)


def _places(text: str) -> Iterator[str]:
    for province in PROVINCES:
        if province in text:
            yield province
    for match in _CITY.finditer(text):
        if not _NO_CITY.fullmatch(match[0]):
            yield match[0]


def rewrite_objections(rewrite: str, knows: Knows) -> Iterator[str]:
    """What a model wording of a cell must leave to its slots: causes and achievements the form does not tell of."""
    told = _SLOT.sub("【】", rewrite)
    for match in _BECAUSE.finditer(told):
        cause = match["cause"] or match["force"]
        if bare(cause) and not knows(cause):
            yield f"示范写法写了表中没有的原因，应写成【请补充：…】：{match[0]}"
    for match in _PRAISES.finditer(told):
        if not knows(match[0]):
            yield f"示范写法写了表中没有的成绩，应写成【请补充：…】：{match[0]}"
