"""Names and numbers of persons -> tokens, and back: what leaves the machine carries none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.form.form import Form

_NAME_CELLS = ("basic.leader", "filler.name")
_PHONE_CELLS = ("basic.phone", "filler.phone")
_NAME = re.compile(r"[一-鿿·]{2,10}|[A-Za-z][A-Za-z .'-]+[A-Za-z]")
_SPACED_NAME = re.compile(r"(?<![一-鿿])([一-鿿])[ \u3000]+([一-鿿])(?![一-鿿])")
"""周　远: a name of two characters set to the width of three."""
_NUMBER = re.compile(
    r"(?<!\d)(?:"
    r"\d{17}[\dXx]"  # identity card
    r"|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|[(（]?0\d{2,3}[)）]?[- —－]?\d{7,8}"
    r")(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_TOKEN = re.compile(r"(?:PERSON|NUMBER)_\d+")

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛奚范彭郎鲁韦马苗凤方俞任袁柳鲍史唐费薛雷贺倪汤滕殷罗毕郝邬安常于傅卞齐康"
    "伍余顾孟黄穆萧尹姚邵汪祁毛狄米戴宋庞熊纪舒屈董梁杜阮闵季贾江童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房丁宣邓洪包左石崔吉龚程邢裴陆荣翁荀甄曲封储"
    "靳焦牧谷车侯全班秋仲伊宁仇甘祖武符刘景詹龙叶黎白怀蒲卓蔺蒙池乔闻翟谭姬申冉桑桂牛寿边燕尚温庄晏柴阎连习艾容向古易廖耿欧聂敖冷辛简饶沙丰关游肖涂岳"
)
_TITLES = (
    "局长|主任|科长|处长|股长|组长|书记|部长|厅长|县长|市长|区长|镇长|乡长|村长|所长|站长|校长|院长|馆长|队长|园长|会长|理事长|秘书长|"
    "经理|总监|董事长|工程师|会计|出纳|主席|委员|教授|研究员|老师|医生|同志|先生|女士|工"
)
_TITLED = re.compile(
    rf"(?<![一-鿿])(?:(?:由|请|经|与|和|及|找|向|对|即|是|为|原|现任|联系|其中|包括|以及)?)"
    rf"(?P<name>[{_SURNAMES}][一-鿿]{{0,2}}?)(?P<title>副?(?:{_TITLES}))(?![一-鿿]?(?:岗|位|部门|负责制|会议|办公|培训|室))"
)
"""王局长, 由李建国副主任: a surname, perhaps with the name, and a title, where a phrase begins."""
_LABELLED = re.compile(
    rf"(?:联系人|负责人|填报人|填表人|经办人|审核人|复核人|制表人|组长|组员|评价人员|评价人|分管领导|法定代表人|主管领导|签字|姓名)"
    rf"\s*(?:[：:]|为|是)\s*(?P<name>[{_SURNAMES}][一-鿿]{{1,2}})(?=[，。；、,;（(\s]|$)"
)
_LIKE_NAMES = "安装 包括 包含 包干 严格 严肃 明确 易于 阳光 高校 金融 路线 车辆 应对 房屋 林业 水利 田间 项目 工程 施工 高级 中级 安全 方案 全体 全部 全市 全县 万元 计划 常务 连续 温馨 安排 金额 关于 向上 左右 封闭 简单 容易 容量 高度 白天 冷库 石油 江苏"
_NOT_NAMES = frozenset(_LIKE_NAMES.split())
"""Words that begin like a surname; 关于主任, 项目经理 name nobody."""


class Mask:
    """The persons of one form. The same person keeps the same token in every text of the form.

    Known by their cells: leader, filler, evaluators, their phones. Known by how they are written, in
    any text: a name behind a label (联系人：…), a surname with a title, and any phone, identity card or
    mail address. Tokens are handed out when the mask is made, so that a form masked on another day
    gets the same ones. With `on` false nothing is hidden.
    """

    def __init__(self, form: Form, *, on: bool = True):
        self._tokens: dict[str, str] = {}
        self._on = on
        self._written = {token for _, text in form.walk() for token in _TOKEN.findall(text)}
        if not on:
            return
        names = [form.get(path) for path in _NAME_CELLS] + [person.name for person in form.evaluators]
        for cell in names:
            for name in _NAME.findall(_SPACED_NAME.sub(r"\1\2", cell or "")):
                self._token("PERSON", name)
        for path in _PHONE_CELLS:
            for number in re.findall(r"\d[\d -]{4,}\d", form.get(path) or ""):
                self._token("NUMBER", number)
        for token in sorted(self._written):  # so written in the form itself: nobody's, and it stays what it is
            self._token("NUMBER", token)
        for _, text in form.walk():
            for name in _written_names(text):
                self._token("PERSON", name)
            for number in _NUMBER.findall(text):
                self._token("NUMBER", number)
        self._pattern = _any_of(self._tokens)

    def hide(self, text: str) -> str:
        if not self._on:
            return text
        if self._pattern:
            text = self._pattern.sub(lambda match: self._tokens[_joined(match[0], self._tokens)], text)
        return _NUMBER.sub(lambda match: self._token("NUMBER", match[0]), text)

    def show(self, text: str) -> str:
        originals = {token: original for original, token in self._tokens.items()}
        return _TOKEN.sub(lambda match: originals.get(match[0], match[0]), text)

    def leftover(self, text: str) -> list[str]:
        """Tokens that stand for nobody: the model made them up. Those of the form's own text do not count."""
        return [token for token in _TOKEN.findall(text) if token not in self._tokens and token not in self._written]

    def _token(self, kind: str, original: str) -> str:
        if original not in self._tokens:
            self._tokens[original] = f"{kind}_{sum(token.startswith(kind) for token in self._tokens.values()) + 1}"
        return self._tokens[original]


_ASKED = re.compile(
    rf"(?:请|由|经|与|找|联系|据)(?P<name>[{_SURNAMES}][一-鿿]{{1,2}}?)"
    r"(?=说明|核实|核对|更正|补充|确认|负责|签字|填报|填写|复核|审核|提供|牵头|介绍|反映|汇报|承办|同志)"
)
"""请李建国说明: a surname and a name asked to do something."""


def persons_in(text: str) -> list[str]:
    """Persons a text names by title, by label or by what they are asked to do."""
    asked = [match["name"] for match in _ASKED.finditer(text) if match["name"][:2] not in _NOT_NAMES]
    return list(dict.fromkeys((*_written_names(text), *asked)))


def _written_names(text: str) -> Iterator[str]:
    """Persons a text names by title or label: 王 of 王局长, 李建国 of 联系人：李建国."""
    for match in _LABELLED.finditer(text):
        if match["name"] not in _NOT_NAMES and match["name"][:2] not in _NOT_NAMES:
            yield match["name"]
    for match in _TITLED.finditer(text):
        name = match["name"]
        if name in _NOT_NAMES or f"{name}{match['title']}" in _NOT_NAMES:
            continue
        yield name if len(name) > 1 else name + match["title"]


def _any_of(tokens: dict[str, str]) -> re.Pattern[str] | None:
    """Any of these as a text may print it: the longest first, a name of Chinese characters also spaced."""
    spelt = []
    for original in sorted(tokens, key=len, reverse=True):
        chinese = re.fullmatch(r"[一-鿿]{2,4}", original)
        spelt.append(r"[ \u3000]*".join(original) if chinese else re.escape(original))
    return re.compile("|".join(spelt)) if spelt else None


def _joined(found: str, tokens: dict[str, str]) -> str:
    return found if found in tokens else re.sub(r"[ \u3000]", "", found)
