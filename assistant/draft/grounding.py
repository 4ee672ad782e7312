"""Is what a suggestion says there? Reasons to withhold it, worked out from the form, the findings and the clauses.

Everything is containment after a stated normalisation (`values.bare`: width, spaces, punctuation,
spellings of comparators), never likeness; figures go by `assistant.draft.figures`. A false alarm costs a good
sentence, which the template replaces; a miss would put words into a reviewer's mouth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.draft.figures import Known, spelt
from assistant.draft.wording import objections as objections_to_wording
from assistant.draft.wording import rewrite_objections
from assistant.form.finding import Finding
from assistant.form.form import GROUPS, Form, label
from assistant.form.masking import Mask
from assistant.policies.clause import Clause
from assistant.policies.library import shipped_policies
from assistant.retrieve.retriever import Retrieved
from assistant.text import bare, fold, numerals

MAX_COMMENT_CHARS = 600
MAX_REWRITE_CHARS = 1500
MAX_REASON_CHARS = 300
LEAST_SHARED = 4
"""Characters that words quoted for a withdrawal share with what the finding speaks of: two (食堂) stand anywhere."""
LEAST_QUOTE = 2
"""A quote of one character proves nothing."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be grounded: a comment on a field. `quote` None: none was asked for (a template).

    `proof` are further cells with words of theirs, as (field, quote).
    """

    field: str
    comment: str
    rewrite: str | None = None
    policy: tuple[str, ...] = ()
    quote: str | None = None
    proof: tuple[tuple[str, str], ...] = ()


def ground(
    form: Form, saying: Saying, findings: Sequence[Finding], offered: Sequence[Retrieved], mask: Mask | None = None
) -> list[str]:
    """Chinese reasons why this must not be shown; empty where everything in it is borne out.

    `findings` are those it words (none: the model raised it), `offered` the clauses it was given. Its
    quotes and figures may come from the form, from its findings and from the clauses it names.
    """
    reasons = list(_about_field(form, saying.field, findings))
    reasons += _about_quotes(form, saying)
    known = {one.clause.id: one.clause for one in offered}
    strange = [clause_id for clause_id in saying.policy if clause_id not in known]
    if strange:
        reasons.append(f"所引条款不在检索结果中：{'、'.join(strange)}")
    reasons += _about_shape(form, saying)
    if mask and (tokens := mask.leftover(f"{saying.comment}{saying.rewrite or ''}")):
        reasons.append(f"含有无法还原的代号：{'、'.join(dict.fromkeys(tokens))}")
    source = Source(form, saying.field, findings, [known[one] for one in saying.policy if one in known])
    for text in filter(None, (saying.comment, saying.rewrite)):
        reasons += source.objections(text)
    reasons += _about_row(form, saying, source)
    if saying.rewrite:
        reasons += rewrite_objections(saying.rewrite, source.tells)
    return list(dict.fromkeys(reasons))


def ground_reason(form: Form, reason: str, quote: str, finding: Finding | None = None) -> list[str]:
    """Why a reason to withdraw a finding, or to refute a remark, does not count: it must rest on words of the form."""
    reasons = []
    if not reason.strip() or not _is_chinese(reason):
        reasons.append("没有用中文写明理由")
    if len(reason) > MAX_REASON_CHARS:
        reasons.append(f"理由超过 {MAX_REASON_CHARS} 字")
    if len(bare(quote)) < LEAST_QUOTE or not any(bare(quote) in bare(text) for _, text in form.walk()):
        reasons.append("理由没有照引表中的文字")
    elif finding is not None and not _bears(form, bare(quote), finding):
        reasons.append("所引文字与这条问题无关")
    return [*reasons, *Source(form, "", [finding] if finding else [], []).objections(reason)]


def _bears(form: Form, quote: str, finding: Finding) -> bool:
    """Whether words of the form have to do with a finding: they stand in a cell it speaks of or in its row, or share a
    run of `LEAST_SHARED` characters with one of these or with what it says."""
    own = (finding.field, *finding.related)
    row = next(iter(re.findall(r"^indicators\.\w+(?:\.\d+)?", finding.field)), finding.field)
    texts = [bare(text) for path, text in form.walk() if path in own or path.startswith(f"{row}.")]
    if any(quote in text for text in texts):
        return True
    runs = {quote[at : at + LEAST_SHARED] for at in range(len(quote) - LEAST_SHARED + 1)}
    return any(run in text for run in runs for text in (*texts, bare(finding.message)))


def _about_field(form: Form, field: str, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        # One remark on several cells stands on one of them.
        if not any(field in (finding.field, *finding.related) for finding in findings):
            yield f"栏目 {field} 与问题所在栏目 {findings[0].field} 不一致"
    elif _is_group(form, field):
        return
    elif field == "evaluators":
        if not form.evaluators:
            yield "评价人员栏是空的，也没有查出问题"
    elif not form.printed(field):
        yield f"表中没有栏目 {field}"
    elif not form.get(field):
        yield f"栏目 {field} 是空的，也没有查出问题"
    elif _COMPUTED.search(field):
        yield f"栏目 {field} 只由计算核对，程序没有查出问题"


_COMPUTED = re.compile(r"^scores\.|\.(?:score|weight|rate)$|^funds\.\w+\.")


def _is_group(form: Form, field: str) -> bool:
    return field.startswith("indicators.") and field.count(".") == 1 and field[11:] in GROUPS


def _about_quotes(form: Form, saying: Saying) -> Iterator[str]:
    """The quote must stand in the very field, and each proof in its own."""
    if saying.quote is not None:
        cell = _text_of(form, saying.field)
        quoted = bare(saying.quote)
        if cell and not quoted:
            yield "没有照引该栏目的文字"
        elif quoted and quoted not in bare(cell):
            yield f"引文不在栏目 {saying.field} 中：“{saying.quote}”"
        elif quoted and len(quoted) < min(LEAST_QUOTE, len(bare(cell))):
            yield f"引文太短，不能说明问题：“{saying.quote}”"
    for field, quote in saying.proof:
        if not _text_of(form, field) or not bare(quote) or bare(quote) not in bare(_text_of(form, field)):
            yield f"作为证明的引文不在栏目 {field} 中：“{quote}”"


def _text_of(form: Form, field: str) -> str:
    """The words of a field; of a whole group or the evaluators all that stands there."""
    if field == "evaluators":
        return "\n".join(
            " ".join(filter(None, (one.role, one.name, one.title, one.organization))) for one in form.evaluators
        )
    if _is_group(form, field):
        return "\n".join(text for path, text in form.walk() if path.startswith(f"{field}."))
    return form.get(field) or ""


def _about_row(form: Form, saying: Saying, source: Source) -> Iterator[str]:
    """A comment on a row that speaks of another row by name, and not of its own, stands in the wrong place."""
    here = saying.field.rpartition(".")[0]
    own, said = bare(form.get(f"{here}.name")), bare(saying.comment)
    if saying.field.count(".") != 3 or not own or own in said:
        return
    for path, name in form.walk():
        other = bare(name)
        if (
            path.startswith("indicators.")
            and path.endswith(".name")
            and len(other) >= LEAST_NAME
            and other in said
            and other not in own
            and not source.found(name)
        ):
            yield f"意见说的是另一行指标“{name}”，不是本栏目所在的一行"


LEAST_NAME = 4
"""Shorter names of indicators occur in any sentence."""

_CHINESE = re.compile(r"[一-鿿]")
_ASKS = re.compile(r"请|建议|应当?|宜|需|补充|核实|核对|说明|更正|完善|细化|改")


def _is_chinese(text: str) -> bool:
    return len(_CHINESE.findall(text)) * 2 >= len(re.sub(r"[\W\d_]", "", text))


def _about_shape(form: Form, saying: Saying) -> Iterator[str]:
    comment, rewrite = saying.comment, saying.rewrite
    if not comment.strip():
        yield "意见是空的"
    elif not _is_chinese(comment):
        yield "意见不是中文"
    elif not _ASKS.search(comment):
        yield "意见没有说要填报单位做什么"
    if rewrite and not _is_chinese(rewrite):
        yield "示范写法不是中文"
    if len(comment) > MAX_COMMENT_CHARS:
        yield f"意见超过 {MAX_COMMENT_CHARS} 字"
    if rewrite and len(rewrite) > MAX_REWRITE_CHARS:
        yield f"示范写法超过 {MAX_REWRITE_CHARS} 字"
    if rewrite and bare(rewrite) == bare(form.get(saying.field)) != "":
        yield "示范写法与原文相同"


class Source:
    """All a comment may draw on: the form's cells and labels, its findings, the clauses it names.

    Of a clause that is its text or our digest, never our advice; but only a document's own text may be
    quoted as its words, a digest is ours. Labels may be quoted, but lend no figures. A bare number in
    the funds block stands for money in the unit the form prints.
    """

    def __init__(self, form: Form, field: str, findings: Sequence[Finding], clauses: Iterable[Clause]):
        unit = "元" if "万" not in fold(form.get("funds.unit") or "万元") else "万元"
        clauses = list(clauses)
        said = [text for _, text in form.walk()]
        said += [text for one in form.evaluators for text in (one.name, one.title, one.organization) if text]
        found = [finding.message for finding in findings]
        evidence = [
            text
            for finding in findings
            for key, value in finding.evidence.items()
            for text in _texts(value, "rate" if finding.field.endswith(".rate") else key)
        ]
        named = [f"{clause.name()} {clause.digest}" for clause in clauses]
        own_words = [clause.name() for clause in clauses] + [clause.digest for clause in clauses if clause.official]
        labels = [part for path in (*form.readings, field) for part in label(path).split(" › ")]
        self._names = [bare(clause.name()) for clause in clauses]
        self._found = "\n".join(map(bare, found))
        self._official = "\n".join(map(bare, own_words))
        self._ours = "\n".join(bare(f"{one.digest}\n{one.advice or ''}") for one in clauses if not one.official)
        self._words = "\n".join(bare(text) for text in (*said, *found, *evidence, *named))
        self._quotable = "\n".join(bare(text) for text in (*said, *found, *evidence, *own_words, *labels, *_LABELS))
        self._known = Known()
        for path, text in form.walk():
            self._known.add(text, unit if path.startswith("funds.") else "")
        for row in form.rows:
            if row.unit:
                for text in filter(None, (row.target, row.actual)):
                    self._known.add(f"{text}{row.unit}")
        for text in (*found, *named, *_printed(form)):
            self._known.add(text)
        for text in evidence:
            self._known.add(text, unit)

    def tells(self, text: str) -> bool:
        """Whether form, findings, named clauses or labels hold these words."""
        return bare(text) in self._words or bare(text) in self._quotable

    def found(self, text: str) -> bool:
        """Whether a finding speaks of it."""
        return bare(text) in self._found

    def objections(self, text: str) -> Iterator[str]:
        yield from self._about_quotes(text)
        yield from self._about_documents(text)
        yield from objections_to_wording(text, self.tells)
        for name in _names(text):
            if bare(name) not in self._quotable:
                yield f"提到表中没有的地名或单位：{name}"
        yield from self._known.objections(text)

    def _about_quotes(self, text: str) -> Iterator[str]:
        """What stands in quotation marks, or behind 规定：, must be words of the form or of a document's own text."""
        if text.count("“") != text.count("”") or text.count("「") != text.count("」") or text.count('"') % 2:
            yield "引号不成对，无法核对引文"
        for quote in quotes(text):
            words = bare(quote)
            if words in self._quotable:
                continue
            if len(words) >= LEAST_QUOTE and words in self._ours:
                yield f"引号里是本库归纳的要点或提示，不是文件原文，不能加引号：“{quote}”"
            else:
                yield f"引文不在表中或所引条款中：“{quote}”"
        for match in _VERBATIM.finditer(text):
            words = bare(match["words"])
            if not words or match["words"].startswith(_REQUESTS) or words in self._official or quotes(match["words"]):
                continue
            if words in self._ours or _shares_run(words, self._ours):
                yield f"冒号后照录的是本库归纳的要点，不是文件原文，不能当作原文：{match['words']}"
            else:
                yield f"冒号后的文字不是所引条款的原文：{match['words']}"

    def _about_documents(self, text: str) -> Iterator[str]:
        """A document or article that is named must be one of the clauses, and the article of that very document."""
        for match in _REFERENCE.finditer(fold(text)):
            if bare(match[0]) not in self._quotable:
                yield f"提到的文件或条文不在所引条款中：{match[0]}"
        said, told = bare(text), self._quotable
        for title in _titles():
            if title in said:
                if title not in told:
                    yield f"提到的文件不在所引条款中：{title}"
                articles = re.findall(rf"{re.escape(title)}(?:财\w{{2,20}}号)?(第[{numerals.NUMERALS}\d]+条)", said)
                for article in articles:
                    if article in told and not any(title in name and article in name for name in self._names):
                        yield f"条号与文件对不上：{title}{article}"
                said = said.replace(title, " ")


@lru_cache(maxsize=1)
def _titles() -> tuple[str, ...]:
    """Titles of all documents of the library as one writes them, the longest first."""
    titles = {bare(_SHORT.sub("", document.title)) for document in shipped_policies().documents.values()}
    return tuple(sorted((one for one in titles if len(one) >= LEAST_TITLE), key=len, reverse=True))


LEAST_TITLE = 3
_SHORT = re.compile(r"^中华人民共和国|^(?:财政部|司法部)[^关]{0,6}关于|（.*?）|\(.*?\)")
_VERBATIM = re.compile(
    rf"(?:《[^《》]+》|第[{numerals.NUMERALS}\d]+条|办法|条例|法|规定|通知|意见|指引|条款|条文|文件)[^，。；：:\n]{{0,12}}?"
    r"(?:规定|明确|指出|载明|写明|写道|原文(?:为|是)?|条文(?:为|是)?|表述(?:为|是)?)[：:]\s*(?P<words>[^。；\n]+)"
)
_REQUESTS = ("请", "建议", "一是", "1", "一、", "①")
"""Behind the colon stands what the comment asks for, not a document's words."""
_RUN = 8


def _shares_run(words: str, text: str) -> bool:
    """Whether as many characters in a row stand in both."""
    return any(words[at : at + _RUN] in text for at in range(len(words) - _RUN + 1))


def _printed(form: Form) -> Iterator[str]:
    """The caps and grade bounds the form prints, as texts."""
    for cap in form.caps.values():
        yield f"{spelt(cap)}分"
    if form.caps:
        yield f"{spelt(sum(form.caps.values(), Decimal(0)))}分"
    for band in form.bands:
        yield f"{spelt(band.floor)}分"


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
_REFERENCE = re.compile(rf"《([^《》]+)》|(第[{numerals.NUMERALS}\d]+条)|([一-鿿]{{1,6}}[〔\[(]\d{{4}}[〕\])]\d+号)")
_NAME = re.compile(r"[一-鿿](?:街道|公司|医院|卫生院|小学|中学|大学|[县镇乡村局])(?![级长域务民])")
_GENERAL_WORDS = (
    "各 全 本 该 乡 城 我 此 某 每 一 两 三 几 外 跨 市 县 区 省 镇 村 属 在 有 对 向 于 和 与 或 及 由 到 从 给 把 将 请 新 农 老 原 居 下 上 山 "
    "政 管 税 总 分 子 母 职 的 到 布 格 结 大 中 小 幼 、 涉 驻 贫 入 进 行 受 自 然 重 点 示 范 产 整 邻 立 专 工 育 运 服 务 司 份"
)
_GENERAL = frozenset(_GENERAL_WORDS.split())
"""Characters before 县, 镇, 局 … that make no name of it: 各县, 财政局, 行政村, 格局."""


def _names(text: str) -> Iterator[str]:
    """Ends of names of places and bodies, two characters or more: enough to see whether the form knows them."""
    for match in _NAME.finditer(text):
        if match[0][0] not in _GENERAL:
            yield match[0]


def quotes(text: str) -> list[str]:
    """What stands in quotation marks, of whatever kind."""
    return [quote for match in _QUOTE.findall(text) for quote in match if quote and bare(quote)]


_SHARE_KEY = re.compile("rate|share|percent|pct|ratio")


def _texts(value: object, key: str = "") -> Iterator[str]:
    """The texts and numbers anywhere in a piece of evidence; a number also rounded, a share also as a percentage."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, str(name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item, key)
    elif isinstance(value, Decimal):
        yield spelt(value)
        numbers = [(value, "")]
        if _SHARE_KEY.search(key):
            numbers += [(value, "%"), (value * 100, "%")]
        for number, sign in numbers:
            yield from (f"{spelt(round(number, places))}{sign}" for places in (0, 1, 2))
    elif value is not None:
        yield str(value)
