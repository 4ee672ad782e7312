"""Is what a suggestion says there? Reasons to withhold it, worked out from the form, the finding and the clauses.

Everything is containment after a stated normalisation (`values.bare`: width, spaces, punctuation,
spellings of comparators), never likeness. Figures are compared as numbers, so 1,290 is 1290 and
三十人 is 30; a figure with % must occur with %. A false alarm costs a good sentence, which the
template replaces; a miss would put words into a reviewer's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from assistant.finding import Finding
from assistant.form import Form, label
from assistant.mask import leftover_tokens
from assistant.policies import Clause
from assistant.retrieve import Retrieved
from assistant.values import bare, fold, parse

MAX_COMMENT_CHARS = 600
MAX_REWRITE_CHARS = 1500


def ground(
    form: Form,
    field: str,
    comment: str,
    rewrite: str | None,
    policy: Collection[str],
    finding: Finding | None,
    offered: list[Retrieved],
) -> list[str]:
    """Chinese reasons why this suggestion must not be shown; empty where everything in it is borne out.

    `policy` are the clause ids it names, `offered` the clauses it was given. The quotes and figures
    of a comment may come from the form, from its finding and from the clauses it names.
    """
    reasons = list(_about_field(form, field, finding))
    known = {one.clause.id: one.clause for one in offered}
    strange = [clause_id for clause_id in policy if clause_id not in known]
    if strange:
        reasons.append(f"所引条款不在检索结果中：{'、'.join(strange)}")
    if offered and not policy:
        reasons.append("没有引用条款")
    reasons += _about_shape(comment, rewrite)
    source = _Source(form, field, finding, [known[clause_id] for clause_id in policy if clause_id in known])
    for text in filter(None, (comment, rewrite)):
        reasons += source.objections(text)
    return reasons


def _about_field(form: Form, field: str, finding: Finding | None) -> Iterator[str]:
    if finding is not None:
        if field not in (finding.field, *finding.related):
            yield f"栏目 {field} 与问题所在栏目 {finding.field} 不一致"
    elif not form.printed(field):
        yield f"表中没有栏目 {field}"
    elif not form.get(field):
        yield f"栏目 {field} 是空的，也没有查出问题"


_CHINESE = re.compile(r"[一-鿿]")


def _about_shape(comment: str, rewrite: str | None) -> Iterator[str]:
    if not comment.strip():
        yield "意见是空的"
    elif len(_CHINESE.findall(comment)) * 2 < len(re.sub(r"[\W\d_]", "", comment)):
        yield "意见不是中文"
    if len(comment) > MAX_COMMENT_CHARS:
        yield f"意见超过 {MAX_COMMENT_CHARS} 字"
    if rewrite and len(rewrite) > MAX_REWRITE_CHARS:
        yield f"示范写法超过 {MAX_REWRITE_CHARS} 字"
    tokens = leftover_tokens(f"{comment}{rewrite or ''}")
    if tokens:
        yield f"含有无法还原的代号：{'、'.join(tokens)}"


class _Source:
    """All a comment may draw on: the form's cells and labels, the finding, the clauses it names.

    Of a clause that is the digest, never our advice. Labels may be quoted, but lend no figures.
    """

    def __init__(self, form: Form, field: str, finding: Finding | None, clauses: Iterable[Clause]):
        said = [text for _, text in form.walk()]
        said += [
            text for person in form.evaluators for text in (person.name, person.title, person.organization) if text
        ]
        if finding:
            said += [finding.message, *_texts(finding.evidence)]
        named = [f"{clause.name()} {clause.digest}" for clause in clauses]
        labels = [part for path in (*form.readings, field) for part in label(path).split(" › ")]
        labels += _LABELS
        self._quotable = "\n".join(bare(text) for text in (*said, *named, *labels))
        self._figures = frozenset().union(*(figures(text) for text in (*said, *named)))

    def objections(self, text: str) -> Iterator[str]:
        if text.count("“") != text.count("”") or text.count("「") != text.count("」") or text.count('"') % 2:
            yield "引号不成对，无法核对引文"
        for quote in quotes(text):
            if bare(quote) not in self._quotable:
                yield f"引文不在表中或所引条款中：“{quote}”"
        for match in _REFERENCE.finditer(fold(text)):
            if bare(match[0]) not in self._quotable:
                yield f"提到的文件或条文不在所引条款中：{match[0]}"
        for figure in sorted(figures(text) - self._figures):
            yield f"数字在表中、问题说明和所引条款中都没有：{figure}"


_LABELS = [
    "存在问题",
    "改进措施",
    "整改措施",
    "自评得分",
    "总分",
    "绩效目标",
    "盖章",
    "项目效果",
    "预算执行率",
    "满意度指标",
]
"""Words every such form prints, in whatever cell, so a comment may quote them."""

_QUOTE = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"|‘([^‘’]+)’")
_REFERENCE = re.compile(r"《([^《》]+)》|(第[零〇一二三四五六七八九十百\d]+条)|([一-鿿]{1,6}[〔\[(]\d{4}[〕\])]\d+号)")


def quotes(text: str) -> list[str]:
    """What stands in quotation marks, of whatever kind."""
    return [quote for match in _QUOTE.findall(text) for quote in match if quote and bare(quote)]


def _texts(value: object) -> Iterator[str]:
    """The texts and numbers anywhere in a piece of evidence; a number also rounded, and as a percentage."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Decimal):
        yield _spelt(value)
        for number, sign in ((value, ""), (value, "%"), (value * 100, "%")):
            yield from (f"{_spelt(round(number, places))}{sign}" for places in (0, 1, 2))
    elif value is not None:
        yield str(value)


_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*([%‰]?)")
_DATE = re.compile(r"(?:19|20)\d\d(?:[.\-/年]\d{1,2}(?:[.\-/月至~]+\d{1,2})*)+")
_CHINESE_FIGURE = re.compile(
    r"(?<![第之零〇一二两三四五六七八九十百千万亿\d])([零〇一二两三四五六七八九十百千万亿]+)"
    r"(?=个|项|件|人|名|次|场|期|批|户|家|所|套|台|本|册|块|份|元|万|天|日|月|年|季|分|成|倍|%|条|处|类|平方米|公里|亩|吨)"
)
_NOT_COUNTED = re.compile(r"[一十百千万亿]")
"""A lone 一 says "a" (一项), a lone 十 or 万 belongs to a word (十分, 万元)."""
_NUMBERING = re.compile(r"(?:^|[。；;：:])\s*(?:[(（]?\d{1,2}[)）]|\d{1,2}[.、．](?!\d))", re.MULTILINE)


@lru_cache(4096)
def figures(text: str) -> frozenset[str]:
    """The numbers in a text, spelt one way: 1290, 71.7%, 0.5. Numbering of points (1. 2.) does not count."""
    folded = fold(_NUMBERING.sub(" ", text))
    found = {_spelt(Decimal(number.replace(",", ""))) + sign for number, sign in _FIGURE.findall(folded)}
    for date in _DATE.findall(folded):
        found |= {_spelt(Decimal(part)) for part in re.findall(r"\d+", date)}
    for run in _CHINESE_FIGURE.findall(folded):
        number = None if _NOT_COUNTED.fullmatch(run) else parse(f"{run}个").number
        if number is not None:
            found.add(_spelt(number))
    return frozenset(found)


def _spelt(number: Decimal) -> str:
    """Without trailing zeros and exponents."""
    return f"{number.normalize():f}"
