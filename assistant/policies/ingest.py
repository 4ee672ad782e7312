"""A file with an official text -> `Text`: number, title, issuer, dates, and its clauses one by one.

Articles (第十一条) are the clauses; a notice without articles is split by its points (一、 and （一）). Only what
begins a line, in the order a document counts, is an article: 第十条规定的… in a sentence is a reference, and a table
of contents ends before the first article. What cannot be told is left empty, for the person to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.document import Document, Paragraph
from assistant.errors import ParseError, PolicyError
from assistant.form.injection import commands_in_policy
from assistant.read.hidden import visible
from assistant.text import numerals
from assistant.text.document_number import Number, number_in, numbers_in
from assistant.text.quotation import inner

MOST_NAMED = 3
MOST_CLAUSES = 2000
"""Far above any law; a file beyond it is no document of this kind."""

_N = f"[{numerals.NUMERALS}0-9０-９]"
_CJK = "一-鿿"


@dataclass(frozen=True, slots=True)
class Unit:
    """One clause: `key` makes its id (art-11, art-10-1, item-5-15), `article` is its name."""

    key: str
    article: str
    text: str
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """An official text as recognised; an empty string or None is what the text does not say.

    `date` and `in_force` are ISO dates. `years` are evaluation years the text itself names. `draft` marks one that
    only asks for opinions. `repeals` are the numbers of documents it says end with it. `problems` are Chinese
    sentences on what was left out, and on what no official text has.
    """

    units: tuple[Unit, ...]
    number: str = ""
    title: str = ""
    issuer: str = ""
    date: str = ""
    in_force: str = ""
    years: tuple[int | None, int | None] = (None, None)
    draft: bool = False
    repeals: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


def recognised(document: Document) -> Text:
    """The official text in a document as read. Raises `PolicyError` for a document that is none."""
    if any(block.confidence < 1 for block in document.blocks if isinstance(block, Paragraph)):
        raise _refused(document, "页面是扫描图，识别出来的文字不能当作原文", "请换用带文字的版本")
    lines = list(_lines(document))
    first, units, left_out = _split(lines)
    if not units:
        raise _not_a_policy(document)
    if len(units) > MOST_CLAUSES:
        raise _refused(document, f"条款超过 {MOST_CLAUSES} 条", "请只保留一份文件的正文")
    head, tail = lines[:first], units[-1].text.split("\n")
    units[-1], closing = _without_closing(units[-1])
    head_text = "\n".join(head)
    title = _title(head, units)
    number = _own_number(head) or number_in(document.name)
    if units[0].key.startswith("item") and not (number or _DOCUMENT.search(title)):
        raise _not_a_policy(document)
    whole = "\n".join(unit.text for unit in units)
    date = _date(head, closing)
    return Text(
        tuple(units),
        number=str(number) if number else "",
        title=title,
        issuer=_issuer(head, closing, title, number),
        date=date,
        in_force=_in_force(whole, date) or _labelled_date(head, _IN_FORCE_LABEL),
        years=_years(title, whole),
        draft="征求意见稿" in f"{title}{head_text}",
        repeals=_repealed("\n".join(tail[-8:])),
        problems=(*document.problems, *document.beside_tables, *left_out, *_spoken(head_text, units, closing)),
    )


def _spoken(head: str, units: Sequence[Unit], closing: Sequence[str]) -> list[str]:
    """What is said of words in a text that are meant for a program; no official text has such."""
    texts = [("正文之前", head), *((unit.article, unit.text) for unit in units), ("正文之后", "\n".join(closing))]
    found = commands_in_policy(texts)
    if not found:
        return []
    where = "、".join(dict.fromkeys(name for name, _ in found[:MOST_NAMED])) + (
        "等处" if len(found) > MOST_NAMED else ""
    )
    return [
        f"{where}有写给程序的话（“{inner(found[0][1])}”）。条文只当作材料，程序不会照办；请对照原件核实是否为文件原文。"
    ]


def _refused(document: Document, why: str, remedy: str) -> PolicyError:
    return PolicyError(f"没有添加 {document.name}：{why}。{remedy}。")


def _not_a_policy(document: Document) -> PolicyError:
    from assistant.parse import parse

    try:
        parse(document)
    except ParseError:
        return _refused(
            document,
            "没有认出条款（第一条、第二条……或一、（一）……）",
            "请确认这是办法、规定、通知等文件的正文",
        )
    return _refused(document, "这是自评表，不是政策文件", "审核自评表请用 assistant review")


# --- lines -----------------------------------------------------------------------------------

_SPACED = re.compile(rf"(?<=[{_CJK}])[ \t\u3000\xa0]+(?=[{_CJK}])")
_PAGE = re.compile(
    r"[-—–－\s]*(?:第\s*)?[0-9０-９]{1,4}\s*(?:页(?:\s*[,，/]?\s*共\s*[0-9０-９]{1,4}\s*页)?)?[-—–－\s]*"
)
_CONTENTS = re.compile(r"(?:[.．·…]{2,}|\t)\s*[0-9０-９]{1,4}\s*$")
_SENTENCE_END = tuple("。；：！？…”）)")
_WRAPPED_SHARE = 0.3


def _lines(document: Document) -> Iterator[str]:
    """The paragraphs of a document. A table gives a line a row; lines of a printed page are put together again."""
    lines = [
        line
        for block in document.blocks
        for text in ([block.text] if isinstance(block, Paragraph) else _rows(block.rows()))
        for raw in text.replace("\r", "\n").split("\n")
        if (line := visible(raw).strip(" \t\u3000\xa0\ufeff\u200b#*>"))
        and not _PAGE.fullmatch(line)
        and not _CONTENTS.search(line)
    ]
    return iter(_unwrapped(lines)) if document.kind in ("pdf", "text") and _is_wrapped(lines) else iter(lines)


def _rows(rows: Iterator[list]) -> Iterator[str]:
    """Each row of a table as a line; a row of one cell is the text of that cell."""
    for row in rows:
        texts = [cell.text for cell in row if cell.text.strip()]
        yield texts[0] if len(texts) == 1 else "\t".join(" ".join(text.split()) for text in texts)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines end where the page does: many stop within a sentence, near the width of the longest."""
    long = [line for line in lines if len(line) >= 20]
    if not long:
        return False
    width = sorted(len(line) for line in long)[len(long) * 9 // 10]
    broken = [line for line in long if len(line) >= width * 0.85 and not line.endswith(_SENTENCE_END)]
    return len(broken) >= len(long) * _WRAPPED_SHARE


def _unwrapped(lines: Sequence[str]) -> Iterator[str]:
    """Paragraphs of printed lines: a line goes on until one ends short of the width, or the next begins something."""
    lengths = sorted(len(line) for line in lines if len(line) >= 20)
    width = lengths[len(lengths) * 9 // 10]
    held, goes_on = "", False
    for line in lines:
        if held and goes_on and not _begins(line):
            held += line
        else:
            if held:
                yield held
            held = line
        goes_on = len(line) >= width * (0.97 if line.endswith("。") else 0.8)
    if held:
        yield held


# --- articles and points ---------------------------------------------------------------------

_ARTICLE = re.compile(rf"第\s*((?:{_N}[ \u3000]?)+)\s*条(?:\s*之\s*({_N}+))?(?P<gap>[\s\u3000:：、.]*|(?=[【\[]))")
_REFERENCE = re.compile(
    r"(?:第\s*\S{1,4}\s*[款项条]|规定|所称|所列|所指|所述|的|之规定|[、，,；;。）)]|和|或|及|至|与|以及|中|内|外|前|后|款|明确)"
)
_CHAPTER = re.compile(rf"第\s*{_N}+\s*[编章节][\s\u3000]*(?P<name>[^，。；]{{0,40}})$")
_POINT = re.compile(rf"({_N}+)\s*[、.．]\s*(?P<rest>\S.*)?$")
_CHINESE_POINT = re.compile(rf"([{numerals.NUMERALS}]+)\s*、\s*(?P<rest>\S.*)?$")
_SUB_POINT = re.compile(rf"[（(]\s*([{numerals.NUMERALS}]+)\s*[)）]\s*(?P<rest>.*)$")
_RUN_ON = re.compile(rf"(?<=[。；！？])[\s\u3000]*(?=第{_N}+(?:条(?:之{_N}+)?|[章节])[\s\u3000])")
_HEADING = 30
"""Characters up to which a point without a full stop is a heading of the points below it."""


def _begins(line: str) -> bool:
    return bool(
        _ARTICLE.match(line) or _CHAPTER.match(line) or _CHINESE_POINT.match(line) or _SUB_POINT.match(line)
        or re.match(r"(?:附件|附表|[（(]?[0-9０-９]{1,2}[.．、)）])", line)
    )  # fmt: skip


def _split(lines: Sequence[str]) -> tuple[int, list[Unit], list[str]]:
    """The line the clauses begin at, the clauses, and what was left out of them."""
    bodies = _articles(lines)
    by_article = max(bodies, key=lambda body: len(body.units), default=None)
    points = _points(lines)
    by_point = max(points, key=lambda body: len(body.units), default=None)
    # One article alone may be a quotation, unless nothing else gives the text an order.
    if by_article and (len(by_article.units) > 1 or not by_point):
        left_out = [*_others(bodies, by_article, "条"), *_missing(by_article)]
        notice = [body for body in points if body.last < by_article.first and len(body.units) > 1]
        if notice:
            left_out.append("正文之前的通知事项（一、二……）没有录入。")
        return by_article.first, by_article.units, left_out
    if by_point and len(by_point.units) > 1:
        return by_point.first, by_point.units, _others(points, by_point, "项")
    return 0, [], []


@dataclass(slots=True)
class _Body:
    """A run of clauses that counts from its first on; line numbers of its first and last clause."""

    first: int
    last: int
    units: list[Unit]


def _others(bodies: Sequence[_Body], chosen: _Body, word: str) -> list[str]:
    others = [body for body in bodies if body is not chosen and len(body.units) > 1]
    count = sum(len(body.units) for body in others)
    return [f"文件中另有一份从头编号的文字（{count}{word}）没有录入，请另存为单独的文件再添加。"] if others else []


def _missing(body: _Body) -> list[str]:
    """What is said where numbers are skipped: a page may be missing."""
    have = {int(unit.key.split("-")[1]) for unit in body.units}
    gaps = [f"第{numerals.written(at)}条" for at in range(1, max(have)) if at not in have]
    named = "、".join(gaps[:5]) + (f"等{len(gaps)}条" if len(gaps) > 5 else "")
    return [f"正文中没有{named}，请核对文件是否完整。"] if gaps else []


def _articles(lines: Sequence[str]) -> list[_Body]:
    """The articles, in runs: where a text begins again at 第一条, another document begins."""
    bodies: list[_Body] = []
    chapter = ""
    last = (0, 0)
    held: list[str] = []
    label = ""

    def close() -> None:
        if held and label:
            key = f"art-{last[0]}" + (f"-{last[1]}" if last[1] else "")
            bodies[-1].units.append(Unit(key, label, "\n".join(held), own_chapter))

    own_chapter = ""
    for at, whole in enumerate(lines):
        for piece in _RUN_ON.split(whole):
            heading = _CHAPTER.match(piece)
            if heading:
                chapter = f"{_compact(piece[: heading.start('name')])} {_compact(heading['name'])}".strip()
                continue
            found = _ARTICLE.match(piece)
            number = _article_number(found, piece, last) if found else None
            if number is None:
                if label:
                    held.append(piece)
                continue
            assert found is not None
            close()
            if number == (1, 0) or not bodies:
                bodies.append(_Body(at, at, []))
            last, own_chapter = number, chapter
            label = f"第{numerals.written(number[0])}条" + (f"之{numerals.written(number[1])}" if number[1] else "")
            bodies[-1].last = at
            rest = piece[found.end() :].strip()
            held = [rest] if rest else []
    close()
    return [body for body in bodies if body.units]


def _article_number(found: re.Match[str], line: str, last: tuple[int, int]) -> tuple[int, int] | None:
    """The article a line begins; None where it only refers to one."""
    main, below = numerals.ordinal(found[1]), numerals.ordinal(found[2]) if found[2] else 0
    if not main or below is None:
        return None
    number = (main, below)
    follows = number in ((last[0] + 1, 0), (last[0], last[1] + 1)) or (
        below == 2 and number[0] == last[0] and not last[1]
    )
    clear = bool(found["gap"]) or found.end() == len(line)
    if not clear and _REFERENCE.match(line, found.end()):
        return None
    if clear and re.match(r"第\s*\S{1,6}\s*[款项条]|规定的|所称的", line[found.end() :]):
        return None
    if follows or number == (1, 0):
        return number
    # A gap in the numbers: pages may be missing, or only some articles were copied. Never backwards.
    return number if clear and number > last else None


def _points(lines: Sequence[str]) -> list[_Body]:
    """The points of a notice: 一、 and, where there are any, the （一） below each; in runs that begin at 一、."""
    bodies: list[_Body] = []
    first = second = 0
    heading = ""
    held: list[str] = []
    open_point = False

    def close() -> None:
        text = "\n".join(held).strip()
        bare_heading = not second and text == heading
        if open_point and text and not bare_heading:
            key = f"item-{first}-{second}" if second else f"item-{first}"
            name = f"{numerals.written(first)}、" + (f"（{numerals.written(second)}）" if second else "")
            name += _heading_of(text)
            chapter = f"{numerals.written(first)}、{heading}" if second and heading else ""
            bodies[-1].units.append(Unit(key, name, text, chapter))

    for at, line in enumerate(lines):
        point, below = _CHINESE_POINT.match(line), _SUB_POINT.match(line)
        marked = point or below
        number = numerals.ordinal(marked[1]) if marked else None
        if point and number and (number == first + 1 or number == 1):
            close()
            if number == 1 or not bodies:
                bodies.append(_Body(at, at, []))
            first, second, open_point = number, 0, True
            rest = (point["rest"] or "").strip()
            heading = rest if len(rest) <= _HEADING and not rest.endswith("。") else ""
            held = [rest] if rest else []
        elif below and open_point and number and (number == second + 1 or (not second and number > 1)):
            close()
            second, held = number, [below["rest"].strip()]
        elif open_point:
            held.append(line)
            continue
        else:
            continue
        bodies[-1].last = at
    close()
    # A point whose heading alone was left has its points below it; a run of such headings is a table of contents.
    return [body for body in bodies if body.units]


def _heading_of(text: str) -> str:
    """The few words a point begins with and is called by; empty where it begins with a whole sentence."""
    found = re.match(r"[^。，；：\n]{2,20}(?=。|$)", text, re.M)
    return found[0] if found and found.end() < len(text.rstrip("。")) else ""


_CLOSING = re.compile(
    rf"(?:附件|附表|附)\s*[0-9０-９{numerals.ORDER}]*\s*[:：.、]|附件\s*[0-9０-９{numerals.ORDER}]*$|抄送|信息公开选项"
    r"|[（(]此件|上一篇|下一篇|打印|关闭窗口|分享到|扫一扫|责任编辑|主办单位|承办单位|版权所有|网站地图|网站标识码|备案号|来源[:：]"
)
_SIGNED = re.compile(rf"[{_CJK}\s\u3000]{{2,40}}(?:部|局|厅|委|署|院|府|室|会|社|行|中心|国务院)")


def _without_closing(unit: Unit) -> tuple[Unit, list[str]]:
    """The last clause without signature, date, annexes and what a web page adds; and these lines."""
    kept = unit.text.split("\n")
    for at, line in enumerate(kept[1:], 1):
        signed = _SIGNED.fullmatch(line) and len(line) <= 40
        if _CLOSING.match(line) or signed or _WHOLE_DATE.fullmatch(_compact(line)):
            return Unit(unit.key, unit.article, "\n".join(kept[:at]), unit.chapter), kept[at:]
    return unit, []


# --- number, title, issuer, dates ------------------------------------------------------------

_NUMBER_LABEL = re.compile(r"(?:发文字号|发文文号|文\s*号|发文编号|文件编号)\s*[】\]]?\s*[:：|\t ]\s*")
_ISSUER_LABEL = re.compile(
    r"(?:发布机构|发文机关|发文单位|发布单位|制定机关|公布机关|印发机关|颁布单位|信息来源)\s*[】\]]?\s*[:：|\t ]\s*"
)
_DATE_LABEL = re.compile(r"(?:成文日期|印发日期|发文日期|公布日期|发布日期|颁布日期|发布时间)\s*[】\]]?\s*[:：|\t ]\s*")
_IN_FORCE_LABEL = re.compile(r"(?:施行日期|实施日期|生效日期)\s*[】\]]?\s*[:：|\t ]\s*")
_TITLE_LABEL = re.compile(r"(?:标\s*题|名\s*称|信息名称|文件名称)\s*[】\]]?\s*[:：|\t ]\s*")
_LABELS = (_NUMBER_LABEL, _ISSUER_LABEL, _DATE_LABEL, _IN_FORCE_LABEL, _TITLE_LABEL)
_KIND = "办法|规定|条例|细则|规则|准则|制度|规程|指引|指南|方案|规划|意见|通知|决定|通告|公告|批复|复函|标准|法|法典|要求|口径|说明"
_QUALIFIED = r"(?:[（(](?:试行|暂行|草案|[^（）()]{0,14}(?:修订|修正|版|稿|文本|试行|暂行))[)）])*"
_DOCUMENT = re.compile(rf"(?:{_KIND}){_QUALIFIED}$")
_ISSUED = re.compile(
    rf"(?:印发|发布|公布|转发|修订|制定)(?:[《〈<](?P<quoted>.+)[》〉>].{{0,6}}|(?P<bare>[^《》]+))的(?:通知|公告|决定|令|通告){_QUALIFIED}$"
)


def _compact(line: str) -> str:
    """A line without the spaces that set single characters apart (财  政  部)."""
    return _SPACED.sub("", line).strip()


def _labelled(head: Sequence[str], label: re.Pattern[str]) -> str:
    """What stands behind a label of a web page's head; a next label on the line ends it."""
    for line in head:
        found = label.search(line)
        if not found or re.search(r"[。，；]", line[: found.start()]):
            continue
        value = line[found.end() :]
        ends = [match.start() for other in _LABELS if (match := other.search(value))]
        value = value[: min(ends)] if ends else value
        value = value.split("\t")[0].strip(" |｜\u3000")
        if value:
            return _compact(value)
    return ""


def _own_number(head: Sequence[str]) -> Number | None:
    """The document's own number: behind its label, alone on a line, or behind a title; never one it cites."""
    labelled = number_in(_labelled(head, _NUMBER_LABEL))
    if labelled:
        return labelled
    for line in head:
        compact = _compact(line)
        for number, before, after in numbers_in(compact):
            alone = re.fullmatch(rf"[（(\[]?(?:[{_CJK}]{{0,30}}文件)?", before) and not re.search(r"[，。；》]", after)
            titled = re.search(rf"(?:{_KIND}){_QUALIFIED}[（(]$", before) and after.rstrip().endswith((")", "）"))
            if (alone and len(after) <= 20) or (titled and "根据" not in before and "按照" not in before):
                return number
        if compact.endswith("。") and len(compact) > 30:
            break
    return None


def _title(head: Sequence[str], units: Sequence[Unit]) -> str:
    """The document's title, empty where none can be told. Of a notice that issues a regulation, the regulation's."""
    candidates = _title_lines(head)
    issued = [match["quoted"] or match["bare"] for line in candidates if (match := _ISSUED.search(line))]
    if units[0].key.startswith("art"):
        own = [line for line in candidates if not _ISSUED.search(line) and not line.endswith("通知")]
        if issued and own and _plain(own[-1]) in {_plain(one) for one in issued}:
            return own[-1]
        if own and not issued:
            return _bare_title(own[-1])
        if issued:
            return _bare_title(issued[-1])
    if candidates:
        return _bare_title(candidates[0])
    return _bare_title(_labelled(head, _TITLE_LABEL))


def _title_lines(head: Sequence[str]) -> list[str]:
    """Lines that read as titles, each put together where it was set on several."""
    lines: list[str] = []
    fragment = ""
    for raw in head:
        line = _compact(raw)
        if re.match(r"(?:附件|附)\s*\S{0,3}\s*[:：.、]", line) and len(lines) > 0:
            fragment = ""
            continue
        line = re.sub(rf"^(?:附件|附)\s*[0-9０-９{numerals.ORDER}]*\s*[:：.、]\s*", "", line)
        line = re.sub(rf"[（(]?{_NUMBER_TEXT}[）)]?$", "", line).strip()
        if any(label.search(raw) for label in _LABELS) and "\t" not in line and not _TITLE_LABEL.match(raw):
            fragment = ""
            continue
        line = _TITLE_LABEL.sub("", line)
        joined = f"{fragment}{line}"
        if not line or re.search(r"[。；？！]|[:：]$|\t", line) or _WHOLE_DATE.fullmatch(line) or len(joined) > 120:
            fragment = ""
        elif _DOCUMENT.search(joined) and joined.count("《") == joined.count("》"):
            whole = joined if fragment else line
            lines.append(whole)
            fragment = ""
        elif re.fullmatch(r"[（(][^（）()]{1,20}[)）]", line) and lines:
            lines[-1] += line if _DOCUMENT.search(f"{lines[-1]}{line}") and "年" not in line else ""
            fragment = ""
        elif len(line) >= 6 and not _SIGNED.fullmatch(line) and not re.search(r"文件$|[，,]$", line):
            fragment = joined
        else:
            fragment = ""
    return lines


_NUMBER_TEXT = rf"[{_CJK}]{{1,14}}[〔\[(（【﹝［]\s*\d{{4}}\s*[〕\])）】﹞］]\s*第?\s*\d{{1,5}}\s*号"
_PLACEHOLDER = re.compile(r"^[《〈<](.+)[》〉>]$")


def _bare_title(title: str) -> str:
    found = _PLACEHOLDER.match(title)
    return found[1] if found else title


def _plain(title: str) -> str:
    return re.sub(r"[\s《》〈〉<>（）()]", "", unicodedata.normalize("NFKC", title))


_CODES = (
    (re.compile(r"^财(?:预|行|监|综|建|社|农|教|资|库|会|税|办|绩)"), "财政部"),
    (re.compile(r"^国务院令"), "国务院"),
    (re.compile(r"^国(?:发|函)"), "国务院"),
    (re.compile(r"^国办"), "国务院办公厅"),
    (re.compile(r"^中(?:发|办发)"), "中共中央"),
    (re.compile(r"^司发"), "司法部"),
    (re.compile(r"^财政部令"), "财政部"),
)


_TWO_ISSUERS = re.compile(r"(?<=[部局厅委会署院府室])(?!\s*员)[\s\u3000]+")


def _issuer(head: Sequence[str], closing: Sequence[str], title: str, number: Number | None) -> str:
    """Who issued it: behind its label, in the notice's title, under the text, by its number, or by how a law says it."""
    labelled = _labelled(head, _ISSUER_LABEL)
    if labelled:
        return labelled
    for line in (*_title_lines(head), title):
        found = re.match(rf"([{_CJK}、 ]{{2,40}}?)关于", line)
        if found and not found[1].startswith(("关于", "印发")):
            return found[1].replace("、", " ")
    for lines in (closing, head):
        for at, line in enumerate(lines):
            below = _compact(lines[at + 1]) if at + 1 < len(lines) else ""
            if _SIGNED.fullmatch(line) and _WHOLE_DATE.fullmatch(below):
                return " ".join(_compact(part) for part in _TWO_ISSUERS.split(line))
    if any("全国人民代表大会" in line for line in head):
        return "全国人大常委会" if any("常务委员会" in line for line in head) else "全国人民代表大会"
    if number:
        for pattern, issuer in _CODES:
            if pattern.match(number.code):
                return issuer
    return ""


_DATE = re.compile(rf"({_N}{{4}})\s*[年.\-/]\s*({_N}{{1,3}})\s*[月.\-/]\s*({_N}{{1,3}})\s*日?")
_WHOLE_DATE = re.compile(rf"[（(]?{_DATE.pattern}[)）]?(?:印发|发布)?")
_ADOPTED = re.compile(r"(?:通过|公布|修正|修订|发布|施行)")


def _date(head: Sequence[str], closing: Sequence[str]) -> str:
    """The day it was issued, ISO; of a law amended since, the day of the last amendment."""
    labelled = _labelled_date(head, _DATE_LABEL)
    if labelled:
        return labelled
    for lines in (closing, head):
        for line in lines:
            compact = _compact(line)
            if _WHOLE_DATE.fullmatch(compact):
                return _iso(_DATE.search(compact))
    dates = [_iso(match) for line in head if _ADOPTED.search(line) for match in _DATE.finditer(_compact(line))]
    return max(filter(None, dates), default="")


def _labelled_date(head: Sequence[str], label: re.Pattern[str]) -> str:
    return _iso(_DATE.search(_labelled(head, label)))


def _iso(found: re.Match[str] | None) -> str:
    if not found:
        return ""
    year, month, day = (numerals.ordinal(part) for part in found.groups())
    known = year and month and day and 1900 < year < 2200 and month <= 12 and day <= 31
    return f"{year:04d}-{month:02d}-{day:02d}" if known else ""


_FROM_DAY = re.compile(r"自\s*(?P<day>[^，。；自]{6,16}?日)?\s*(?:起|开始)\s*(?:正式)?(?:施行|实施|执行|生效)")
_FROM_ISSUE = re.compile(r"自(?:印发|发布|公布|下发|颁布)之日起\s*(?:正式)?(?:施行|实施|执行|生效|\d+日后)")
_UNTIL = re.compile(r"有效期(?:至|到)\s*(?P<year>(?:19|20)\d\d)年")
_OF_YEAR = re.compile(r"((?:19|20)\d\d)\s*年(?:度)?(?!\s*\d{1,2}\s*月)(?=[^，。]{0,30}(?:自评|评价|考核|决算|绩效))")


def _in_force(text: str, date: str) -> str:
    """The day it takes effect as its last clauses say, ISO; empty where they do not."""
    ending = text[-1500:]
    found = [match for match in _FROM_DAY.finditer(ending) if match["day"]]
    day = _iso(_DATE.search(found[-1]["day"])) if found else ""
    return day or (date if _FROM_ISSUE.search(ending) else "")


def _years(title: str, text: str) -> tuple[int | None, int | None]:
    """The evaluation years the text names: those of a notice for one year, or the end of its validity."""
    of = _OF_YEAR.search(title)
    if of:
        return int(of[1]), int(of[1])
    until = _UNTIL.search(text)
    return None, int(until["year"]) if until else None


def _repealed(ending: str) -> tuple[str, ...]:
    """Numbers of the documents that end with this one."""
    sentences = [
        one for one in re.split(r"[。\n]", ending) if "同时废止" in one or "即行废止" in one or "停止执行" in one
    ]
    return tuple(str(number) for one in sentences for number, _, _ in numbers_in(one))
