"""Where a text holds a number, or an address, that belongs to one person.

Phone numbers in the spellings of the world are found by `phonenumbers`; what it calls invalid, and everything else,
by shape and by the word in front (警号, 微信). An identity or bank card is known by its check digit, or by the word in
front: a slip in one digit must not let it through. Public hotlines stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric

from assistant.form.masking.view import CHINESE, Span, folded, joined
from assistant.form.masking.words import any_of, words

_GAP = r"[ \t\n.·/_—,~-]{0,3}"
_SCHOOL = re.compile(r"(?<![A-Za-z0-9])[GLgl][ ]?[1-8]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")
"""学籍号: G and an identity number."""
_CARD = re.compile(
    r"(?<![\dA-Za-z.])\d(?:[ \n./-]{0,2}\d){13,18}(?:[ \n./-]{0,2}[Xx])?(?:[ -]?\d{1,2}(?:[ ]?B\d)?)?(?![\d]|\.\d|[ ]?万?元)"
)
_MOBILE = re.compile(
    rf"(?<![\d.])(?:(?:\+|00)?86{_GAP})?\(?(?:1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}|1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d{{3}}{_GAP}\d{{6}}|1[3-9]\d{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}|1[ .-][3-9](?:[ .-]\d){{9}}|1[3-9](?:[ -]\d{{2,3}}){{3,4}})\)?(?![\d]|\.\d|[ ]?[元分角万亿])"
)
_CHINESE_DIGIT = "零〇○一二三四五六七八九幺两"
_SPOKEN = re.compile(
    rf"(?<![{_CHINESE_DIGIT}])[一幺][三四五六七八九][{_CHINESE_DIGIT}]{{9}}(?![{_CHINESE_DIGIT}十百千万])"
)
_MISREAD = re.compile(r"(?<![A-Za-z0-9])[lI|1][3-9][\dOoIl]{9}(?![A-Za-z0-9]|\.\d|[ ]?[元分角万亿])")
"""A mobile number as character recognition may have it: l for 1, O for 0."""
_LANDLINE_MISREAD = re.compile(
    r"(?<![A-Za-z0-9])(?=[\d -]*[OoIl])[O0o][1-9lI][\dOoIl]{1,2}[ -][\dOoIl]{3,4}[ -]?[\dOoIl]{4}(?![A-Za-z0-9])"
)
_LANDLINE_SPOKEN = re.compile(
    rf"(?<![{_CHINESE_DIGIT}])[零〇○][{_CHINESE_DIGIT}]{{9,11}}(?![{_CHINESE_DIGIT}十百千万年])"
)
_STARRED = re.compile(r"(?<![\d*])1[3-9]\d[*xX＊]{4,5}\d{3,4}(?!\d)")
"""138****5678: half a number with somebody's town still tells whose it is."""
_LAST_DIGITS = re.compile(
    r"(?:尾号|末[四六]位|后[四六]位)(?:号码?|数字)?[ ]?(?:[:：]|为|是)?[ ]?(?P<code>\d{4,6}[Xx]?)(?![\d.]|[ ]?[元年万个])"
)
_BARE_LOCAL = re.compile(
    r"(?<![\d.A-Za-z/-])(?P<code>[2-8]\d{2}-\d{4}|[2-8]\d{3}-\d{4})(?![\d.A-Za-z/-]|[ ]?[元年万个米])"
)
_EXTENSION = r"(?:[ ,，]?(?:转|分机|内线|ext\.?|#|-|/|\*|,|转分机)[ :]?\d{1,6}(?!\d))?"
_LANDLINE = re.compile(
    rf"(?<![\d.])(?:\+?86[ -]?)?(?:\(0\d{{2,3}}\)|0\d{{2,3}}|(?<=86[ -])[1-9]\d{{1,2}}(?=[ -])){_GAP}\d(?:[ -]?\d){{6,7}}{_EXTENSION}(?![\d]|\.\d|[ ]?[%万元])",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    rf"(?:电话|座机|固话|热线|传真|Tel|TEL|tel|联系方式|手机|小灵通|致电|拨打|短号|集团号|分机号?)(?:号码?)?[ ]?(?:[:：]|为|是|\(|改为|变更为)?[ ]?(?P<number>\d[\d .-]{{2,14}}\d{_EXTENSION})"
)
_LISTED_AFTER = re.compile(
    rf"[ ]?(?:[、,，;/]|或|和)[ ]?(?P<number>\d(?:[ -]?\d){{6,7}}{_EXTENSION})(?![\d.]|[ ]?[%万元])"
)
_MONEY = re.compile(r"[ ]?[元分角万亿]")
_MEASURED = re.compile(r"(?<!\d)0\.\d|^\d{1,3}(?:\.\d{1,3}){3,}$")
"""Readings of an instrument set side by side, addresses of machines."""
_MAIL = re.compile(
    r"[A-Za-z0-9][\w.+-]*[ \n]?@[ \n]?[A-Za-z0-9][A-Za-z0-9-]*(?:[ \n]?[.。·点,][ \n]?[A-Za-z][A-Za-z0-9-]*)*|[A-Za-z0-9][\w.+-]*[ ]?(?:\(at\)|\[at\]| at |艾特)[ ]?[A-Za-z0-9][\w-]*(?:(?:\.|[ ]?\(dot\)[ ]?| dot )[\w-]+)+|[A-Za-z0-9][\w.+-]*#(?:[A-Za-z0-9-]+\.)+(?:com|cn|net|org)(?![A-Za-z])",
    re.ASCII | re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][ ]?\(?[A-Za-z]\)?[ ]?[·. _/一-]?[ ]?(?:[A-Z0-9]{5,6}|[0-9]{3}[ ][0-9]{2}|[A-Z0-9]{4}[挂学警港澳领使]|[A-Z0-9]{2}[ ][A-Z0-9]{3,4})(?![A-Za-z0-9])|(?:(?<![一-鿿])|(?<=车牌)|(?<=牌号|号牌|车号))[军空海陆北南东西沈兰济成广][A-Z][A-Z]?[ ]?[·. -]?[A-Z0-9]{5}(?![A-Za-z0-9])|使[ ]?\d{6}(?!\d|[ ]?[元万个户人亩])|WJ[ ]?[一-鿿]?[ ]?\d{4,5}[A-Z0-9]?"
)
_DAY = r"(?:(?:19|20)?\d\d[ ]?(?:年(?:农历|阴历|公历)[一二三四五六七八九十正腊冬\d]{1,2}月(?:[初一二三四五六七八九十廿\d]{1,3}日?)?|[年./-][ ]?\d{1,2}(?:[ ]?[月./-][ ]?\d{1,2}[ ]?[日号]?|[ ]?月(?:份)?)?|年)|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?|(?:19|20)\d\d|[一二三四五六七八九〇零○]{2,4}年[一二三四五六七八九十正腊冬]{1,2}月(?:[初一二三四五六七八九十廿]{1,3}日?)?)"
_BORN = re.compile(
    rf"(?:出生(?!人口|率|缺陷)(?:年月日?|日期|时间|于|在)?|生日|生于|诞生于|生辰|DOB)[ ]?(?:[:：]|为|是|\()?[ ]?(?:农历|公历|阴历|阳历)?(?P<day>{_DAY})|(?P<other>(?:农历|公历|阴历|阳历)?{_DAY})[ ]?(?:\([^()]{{0,6}}\))?[ ]?(?:出?生(?!产|态|活|效|源|鲜|猪|物|育|长|成|均|命|机|人口|率|缺陷|医学|证|婴|队列|登记|性别|体重|数)|诞生|生人)"
)
_RESUME = re.compile(
    r"(?:[(,，、 ](?:男|女)|[一-鿿]{1,3}族)[ ]?[,，、][ ]?(?P<day>(?:19|20)\d\d[ ]?[年./-][ ]?\d{1,2}(?:[ ]?[月./-](?:[ ]?\d{1,2}日?)?)?)"
    r"|(?P<other>(?:19|20)\d\d[ ]?[年./-][ ]?\d{1,2}(?:[ ]?[月./-](?:[ ]?\d{1,2}日?)?)?)[ ]?[,，、][ ]?(?:男|女|[一-鿿]{1,3}族)(?![一-鿿])"
)
"""（女，1962年5月，汉族）"""
_OPEN_ENDED = re.compile(r"\((?P<day>(?:19|20)\d\d[.年/-]\d{1,2}月?)[ ]?[-~至]+\)")
_BORN_LATER = re.compile(
    rf"(?:出生(?:年月日?|日期|时间)|生日)[{CHINESE}]{{1,5}}?(?:[:：]|为|是)[ ]?(?P<day>{_DAY})|(?P<other>(?:民国[一二三四五六七八九十\d]{{1,3}}年|(?:19|20)\d\d年[正腊冬一二三四五六七八九十]{{1,2}}月(?:初|十|廿)?[一二三四五六七八九十]{{0,2}}日?))(?:出生|生|$|[,，。)])"
)
_FOREIGN_DAY = re.compile(
    r"(?:出生(?:年月日?|日期|时间)?|生日|DOB)[ ]?[:：]?[ ]?(?P<day>[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}|\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d)"
)
_SHORT_DAY = re.compile(r"(?:生日|出生)[^\d。；]{0,4}(?P<day>\d{1,2}月\d{1,2}[日号])")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9-])(?:[EG]\d{8}|E[A-Z]\d{7})(?![A-Za-z0-9-])")
_CODE = r"[A-Za-z0-9](?:[ ]?[A-Za-z0-9_/-]){3,29}(?![*＊])"
_LONG_CODE = rf"(?:\(?\d{{4}}\)?|[{CHINESE}]{{1,4}}[字第]|[{CHINESE}]{{1,2}}(?=[A-Z]-?\d))?[第字]?{_CODE}"
_SERVICE = re.compile(
    r"[军士官警文教医护律消][{0}]?字第?[ ]?\d{{4,12}}[ ]?号?".replace("{0}", "一-鿿")
    .replace("{{", "{")
    .replace("}}", "}")
)
_INNER = re.compile(
    r"(?:分机|转|内线|短号)(?:号码?)?[ ]?[:：]?[ ]?(?P<code>\d{3,6})(?!\d|[.年月元万个户人亩名])|(?P<other>(?<!\d)\d{3,6})(?=[ ]?号?分机)"
)
_ASKED_TO_CALL = re.compile(
    rf"(?:拨打?|打|致电|呼叫|来电|回拨|打到|打给|联系|咨询|找[{CHINESE}]{{2,4}})[ ]?[{CHINESE}]{{0,3}}?[(:]?(?P<code>(?!(?:19|20)\d{{6}}(?!\d))\d{{3,4}}[ -]?\d{{4}})(?!\d|[.]\d|[ ]?[元万个户人亩名次份台吨])"
)
_BRACKETED = re.compile(
    rf"(?<=[{CHINESE}])\([ ]?(?:电话|手机|T|TEL|Tel)?[:]?[ ]?(?P<code>(?!(?:19|20)\d{{6}}\))[2-8]\d{{2,3}}[ -]?\d{{4}})[ ]?\)"
)
_MEMBER = re.compile(
    r"(?<![A-Za-z0-9])(?P<code>\d{3,8})[ ]?号?(?=(?:民警|辅警|交警|警员|警官|狱警|特警|协警|列车员|社工员))"
)
_WECHAT = re.compile(
    r"(?:微信|微信号|微 信|薇信|微信昵称|Skype|飞书号?|企业微信|钉钉|wechat|weixin|VX|V信|加微|威信|wx)[ ]?(?:号码?|账号|ID|id|同号|昵称)?[ ]?(?:[:：]|为|是|\(|叫)?[ ]?(?:No\.?)?[ ]?(?P<code>[A-Za-z0-9][\w-]{4,24})",
    re.ASCII | re.IGNORECASE,
)
_HANDLE = re.compile(r"\bwxid_\w{6,}", re.ASCII)
_DOOR = r"(?:[0-9一二三四五六七八九十百〇零]{1,6}[A-Za-z]?(?:[-之—][0-9]{1,4})*)"
_ROOM = re.compile(
    rf"{_DOOR}(?:号楼|栋|幢)[ ]?(?:[一二三四五六七八九0-9]{{1,2}}单元)?[ ]?\d{{3,4}}(?![\d.]|[ ]?[元米户㎡平万个年])|{_DOOR}号院{_DOOR}号(?!楼)|"
    rf"{_DOOR}(?:幢|栋|座|号?楼|单元|号|排|门|-)[东西南北中]?{_DOOR}?(?:单元|门|梯|楼|层|-)?[东西南北中]?{_DOOR}?(?:单元)?"
    rf"{_DOOR}?(?:室|房(?!屋|间|产)|(?<=单元)\d{{1,4}}|(?<=单元)[一二三四五六七八九十]{{1,3}}号?|(?<=[东西南北中])户)"
)
_STREETS = re.compile(rf"(?:[{CHINESE}]|\d|-)*$")
_LEADS = re.compile("住在|家住|住址|地址|位于|居住|租住|现住|搬至|迁至|寄至|寄到|送到|送至|在|于|为|是|到|至")
_PARTS = re.compile(
    rf"[{CHINESE}]{{1,8}}(?:[里村苑园区庭府城院庄坊寓楼邸湾舍])(?:{_DOOR}(?:号院?|栋|幢|号楼)?)(?:-\d{{1,4}}){{2}}(?!\d|[-年月日])|[{CHINESE}]{{1,8}}(?:路|街|巷|弄|胡同|里|村|庄|坊){_DOOR}号(?:院)?附{_DOOR}号?"
)
"""光华里14-3-602, 解放巷9号附2: only a home is written so."""
_ESTATE = r"(?:小区|家园|花园|苑|社区|园|里|城|公寓|宿舍|新村|院|庭|府|湾|坊|家属楼|家属院|公馆|名邸|新区)"
_IN_ESTATE = re.compile(
    rf"[{CHINESE}]{{1,8}}{_ESTATE}(?:[一二三四五六七八九十\d]+期)?(?:[A-Za-z甲乙丙丁东西南北中]区)?"
    rf"(?:\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?:号|室)?|[A-Za-z甲乙丙丁]座\d{{3,4}}|\d{{1,3}}[栋幢](?:[甲乙丙丁东西南北中A-Z\d]单元)?\d{{3,4}}|{_DOOR}排{_DOOR}号)(?![\d年月日.]|[ ]?[元万%㎡平米])"
)
_LANE = re.compile(
    rf"(?<!公)(?:[{CHINESE}]{{1,8}}(?<!公)里|[{CHINESE}]{{1,8}}(?:巷|胡同|弄)|[{CHINESE}]{{1,8}}(?:村|庄|屯|寨))[甲乙丙]?{_DOOR}号(?!楼|线|桥|井|机|泵|点|煤|地|公路|路|沟|坝|标|文|矿|坑|闸|渠|塘|片|变|台|杆|车|站|院)"
)
_AFTER_DOOR = re.compile(
    rf"[{CHINESE}]{{1,8}}(?:路|街|大街|道){_DOOR}号(?:院)?\d{{3,4}}(?![\d.年]|[ ]?[元万%㎡平米户])"
)
_BESIDE = re.compile(rf"\([ ]?(?P<all>[{CHINESE}\d-]{{2,24}}{_DOOR}号(?:院|附{_DOOR}号?)?)[ ]?\)")
"""侯二牛（后石沟村东街46号）"""
_VILLAGE_DOOR = re.compile(
    rf"(?P<all>[{CHINESE}]{{1,6}}(?:村|庄|屯|寨)[{CHINESE}]{{0,4}}?(?:街|路|巷|组|弄|胡同){_DOOR}号)(?![楼线桥井])"
)
_HOME = re.compile(
    rf"(?:住址|家住|住在|住所|现住|居住地?|(?<!居)住(?![户宿房院建宅])|家庭地址|常住地|常住|户籍地?(?:址)?|户口所在地|通讯地址|联系地址|通信地址|收货地址|邮寄地址|寄送至|寄至|地址|家在|暂住|租住|搬至|迁至|位于其家|籍贯)(?:[:：]|为|在|于|是|地)?[ ]?(?P<all>[{CHINESE}A-Za-z0-9()·\- ]{{0,40}}?{_DOOR}(?:号院?|组|社|队|幢|栋|号?楼|室|单元|排|门牌)(?:[{CHINESE}]{{0,8}}?{_DOOR}(?:号院?|幢|栋|号?楼|单元|室|户|层|门|排))*)"
)
_VILLAGE = re.compile(
    rf"(?P<all>[{CHINESE}]{{1,6}}(?:村|庄|屯|寨|沟|湾|堡|社区){_DOOR}(?:组|社|队|屯)(?:{_DOOR}号|[{CHINESE}]{{0,4}}?{_DOOR}号))"
)
_PREFECTURE = re.compile(
    rf"[{CHINESE}]{{1,12}}?(?:省|自治区|市|自治州|地区|盟|县|自治县|旗|区|镇|乡|街道)(?=[{CHINESE}])"
)
_POSTCODE = re.compile(r"(?:邮编|邮政编码)[ ]?[:：]?[ ]?(?P<code>\d{6})(?!\d)")


@lru_cache(4096)
def numbers(text: str) -> tuple[Span, ...]:
    """The spans of numbers, addresses and days of birth, in print order."""
    view = folded(text)
    return tuple(joined(view.span(*span) for span in _found(view.text)))


def _public(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    bare = digits[-5:] if digits.startswith("0") and len(digits) <= 9 else digits
    return (
        digits in words("stays.hotlines")
        or bare in words("stays.hotlines")
        or bool(re.match(r"(?:400|800)\d{7}$|9[56]\d{3,4}$", digits))
    )


def _found(text: str) -> Iterator[Span]:
    yield from _cards(text)
    yield from (span for span in _phones(text) if not _public(text[slice(*span)]))
    for pattern in (
        _SPOKEN,
        _MISREAD,
        _LANDLINE_SPOKEN,
        _LANDLINE_MISREAD,
        _STARRED,
        _SERVICE,
        _SCHOOL,
        _MAIL,
        _PLATE,
        _PASSPORT,
        _HANDLE,
    ):
        yield from (match.span() for match in pattern.finditer(text))
    for pattern in (
        _WECHAT,
        _labelled(),
        _loosely_labelled(),
        _MEMBER,
        _POSTCODE,
        _ASKED_TO_CALL,
        _BRACKETED,
        _LAST_DIGITS,
        _BARE_LOCAL,
    ):
        yield from (
            match.span("code")
            for match in pattern.finditer(text)
            if re.search(r"\d|_|[a-z]{4}", match["code"], re.IGNORECASE)
        )
    for match in _BORN.finditer(text):
        yield match.span("day") if match["day"] else match.span("other")
    for match in _INNER.finditer(text):
        yield match.span("code") if match["code"] else match.span("other")
    for match in _OPEN_ENDED.finditer(text):
        yield match.span("day")
    for match in (*_RESUME.finditer(text), *_BORN_LATER.finditer(text)):
        yield match.span("day") if match["day"] else match.span("other")
    for match in _FOREIGN_DAY.finditer(text):
        yield match.span("day")
    for match in _SHORT_DAY.finditer(text):
        yield match.span("day")
    for match in _ROOM.finditer(text):
        yield _without_places(text, _whole_address(text, match.start()), match.end())
    for pattern in (_PARTS, _IN_ESTATE, _LANE, _AFTER_DOOR):
        for match in pattern.finditer(text):
            yield _without_places(text, _whole_address(text, match.start()), match.end())
    for pattern in (_HOME, _VILLAGE, _VILLAGE_DOOR, _BESIDE):
        yield from (_without_places(text, *match.span("all")) for match in pattern.finditer(text))


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    label = rf"(?:{any_of('labels.code')})[ ]?(?:号码?|编号|代码)?[ ]?"
    told = rf"(?:[:：]|为|是|\(|“|\"|[{CHINESE}]{{1,3}}[:：]){{0,2}}[ ]?(?:No\.?|№|#)?[ ]?"
    return re.compile(rf"{label}{told}(?P<code>{_LONG_CODE})", re.IGNORECASE)


@lru_cache(maxsize=1)
def _loosely_labelled() -> re.Pattern[str]:
    """护照已过期（U20481937）: the word and, a few words on, a number that counts nothing."""
    return re.compile(
        rf"(?:{any_of('labels.code')})[^。；;\d]{{1,8}}?(?P<code>(?<![A-Za-z0-9〔\[-])[A-Z]{{0,2}}\d{{5,}}[\dXx-]*)(?![\dA-Za-z.%]|[ ]?[{CHINESE}]?[元万亿户人本张份个次名亩年吨米])"
    )


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        number = re.sub(r"[^\dXx]", "", re.sub(r"[ ]?B\d$", "", match[0])).upper()
        if _identity(number) or _bank_card(number):
            yield match.span()


def _identity(number: str) -> bool:
    """Eighteen characters with a day of birth and the right check digit, fifteen with a day, twenty on a disabled
    person's card. A number with a slip in it is known by the word in front: contracts have eighteen digits too."""
    if len(number) == 15:
        return number.isdigit() and number[0] in "1234568" and _is_day(f"19{number[6:12]}")
    if len(number) not in (18, 20) or not number[:17].isdigit() or number[0] not in "1234568":
        return False
    return _is_day(number[6:14]) and ric.calc_check_digit(number[:18]) == number[17]


def _bank_card(number: str) -> bool:
    """Sixteen to nineteen digits with the check digit, or as cards of Chinese banks begin."""
    if not (16 <= len(number) <= 19 and number.isdigit()):
        return False
    return number.startswith("62") or (number[0] in "34569" and luhn.is_valid(number))


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2035
    except ValueError:
        return False


def _phones(text: str) -> Iterator[Span]:
    yield from (span for span in _dialled(text) if not _MEASURED.search(text[slice(*span)]))


def _dialled(text: str) -> Iterator[Span]:
    for match in phonenumbers.PhoneNumberMatcher(text, "CN"):
        digits = re.sub(r"\D", "", match.raw_string)
        if _MONEY.match(text, match.end):
            continue
        if match.raw_string[0] in "+(0" or (len(digits) in (11, 13) and not re.match(r"1\d[.]\d[ ]", match.raw_string)):
            yield match.start, match.end
    last = []
    for pattern in (_MOBILE, _LANDLINE):
        last += [one.span() for one in pattern.finditer(text)]
    last += [one.span("number") for one in _LOCAL.finditer(text) if not re.match(r"\d{1,3}[.]\d", one["number"])]
    yield from last
    for _, end in last:
        while follows := _LISTED_AFTER.match(text, end):
            yield follows.span("number")
            end = follows.end()


def _whole_address(text: str, start: int) -> int:
    """Where the streets in front of a door begin."""
    near = text[max(0, start - 30) : start]
    streets = _STREETS.search(near)
    begin = streets.start() if streets else len(near)
    for lead in _LEADS.finditer(near, begin):
        begin = lead.end()
    return start - len(near) + begin


def _without_places(text: str, start: int, end: int) -> Span:
    """The part of an address below its county or town: those are places, and stay."""
    last = start
    for match in _PREFECTURE.finditer(text, start, end):
        last = match.end()
    kept = text[last:end]
    return (last, end) if re.search(r"[\d一二三四五六七八九十]", kept) else (start, end)
