"""What an official text is called: its number, its title, who issued it. Of a notice that brings another text, the
number and the day are the notice's, the title is that text's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assistant.policies.document_number import Number, number_in, numbers_in
from assistant.policies.ingest.lines import CJK, DATE, SIGNED, SIGNED_DATE, WHOLE_DATE, compact
from assistant.policies.ingest.notice import signatures, signers

_NUMBER_LABEL = re.compile(r"(?:发文字号|发文文号|文\s*号|发文编号|文件编号)\s*[】\]]?\s*[:：|\t ]\s*")
_ISSUER_LABEL = re.compile(
    r"(?:发布机构|发文机关|发文单位|发布单位|制定机关|公布机关|印发机关|颁布单位|信息来源)\s*[】\]]?\s*[:：|\t ]\s*"
)
_ANY_DATE_LABEL = re.compile(
    r"(?:成文日期|印发日期|发文日期|公布日期|发布日期|颁布日期|发布时间|施行日期|实施日期|生效日期)\s*[】\]]?\s*[:：|\t ]\s*"
)
_TITLE_LABEL = re.compile(r"(?:标\s*题|名\s*称|信息名称|文件名称)\s*[】\]]?\s*[:：|\t ]\s*")
_LABELS = (_NUMBER_LABEL, _ISSUER_LABEL, _ANY_DATE_LABEL, _TITLE_LABEL)
_KIND = "办法|规定|条例|细则|规则|准则|制度|规程|指引|指南|方案|规划|纲要|计划|框架|意见|通知|决定|通告|公告|批复|复函|标准|法|法典|要求|口径|说明|解读|问答|答记者问"
_QUALIFIED = r"(?:[（(](?:试行|暂行|草案|节选|摘录|摘编|[^（）()]{0,14}(?:修订|修正|版|稿|文本|试行|暂行))[)）])*"
DOCUMENT = re.compile(rf"(?:{_KIND}){_QUALIFIED}$")
_ISSUED = re.compile(
    rf"(?:印发|发布|公布|转发|修订|制定)(?:[《〈<](?P<quoted>.+)[》〉>].{{0,6}}|(?P<bare>[^《》]+))的(?:通知|公告|决定|令|通告){_QUALIFIED}$"
)
_EXPLAINS = r"(?:政策)?(?:解读|问答|答记者问|(?:有关|相关)?问题(?:的)?解答)"
_QUOTED = re.compile(rf"(?P<before>[^《》]*)《(?P<title>.+)》(?P<rest>(?:的)?{_EXPLAINS}|{_QUALIFIED})$")
_CITES = re.compile(r"关于|印发|根据|依据|按照|为|贯彻|落实|依照")
_ALIKE = 0.85
LONGEST, OPENING = 120, 1000
"""Characters of a title, and of what a notice begins with, beyond which neither is looked for."""
_EXCERPT = re.compile(r"[（(]?(?:节选|摘录|摘编)[)）]?$")
_NUMBER_TEXT = (
    rf"[{CJK}]{{1,14}}\s*[〔\[(（【﹝［{{]\s*[0-9０-９]{{4}}\s*[〕\])）】﹞］}}]\s*第?\s*[0-9０-９]{{1,5}}\s*号"
)
_ANNEX = re.compile(
    r"(?:附件|附)\s*[0-9０-９一二三四五六七八九十]*\s*[:：.、]\s*|(?:附件|附)(?:[0-9０-９]+\s*|\s+)(?=\D)|(?:附件|附)$"
)
_LISTED = re.compile(r"[0-9０-９]{1,2}\s*[.．、]\s*")


def labelled(head: Sequence[str], label: re.Pattern[str]) -> str:
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
            return compact(value)
    return ""


# --- number ------------------------------------------------------------------------------------


def own_numbers(head: Sequence[str]) -> list[Number]:
    """The document's own number: behind its label, alone on a line, or behind a title; never one it cites.

    More than one where the head gives several with equal right: the person has to say.
    """
    found = number_in(labelled(head, _NUMBER_LABEL))
    if found:
        return [found]
    numbers: dict[str, Number] = {}
    for line in head:
        line = compact(line)
        for number, before, after in numbers_in(line):
            bracketed = re.match(r"^[（(]\s*$", before) and re.fullmatch(r"\s*[，,][^（）()]*[)）]", after)
            alone = re.fullmatch(rf"[（(\[]?(?:[{CJK}]{{0,30}}文件)?\s*", before) and not re.search(
                r"[，。；》]", after
            )
            titled = (
                re.search(rf"(?:》|(?:{_KIND}){_QUALIFIED})\s*[（(]?\s*$", before)
                and re.fullmatch(r"\s*[)）]?\s*", after)
                and not re.search(r"根据|按照|依据|[，。；]", before)
            )
            if bracketed or (alone and len(after) <= 20) or titled:
                numbers.setdefault(str(number), number)
        if line.endswith(("。", "：", ":")) and (len(line) > 30 or numbers):
            break
    return list(numbers.values())


# --- title -------------------------------------------------------------------------------------


def title(head: Sequence[str], carried_out: str, issuer: str, *, brought: bool) -> tuple[str, list[str]]:
    """The document's title, empty where none can be told, and what of it the person should look at.

    `carried_out`: the document it is about carrying out. `brought`: the clauses are those of a text that a notice brings, so its
    title counts and not the notice's.
    """
    candidates = title_lines(head)
    issued = [match["quoted"] or match["bare"] for line in candidates if (match := _ISSUED.search(line))]
    own = [line for line in candidates if not _ISSUED.search(line) and not line.endswith("通知")]
    quoted = _heading(candidates)
    if quoted and quoted == carried_out:
        remark = "标题处只有所贯彻的文件名称，名称按正文开头写作通知；如不对，请用 --title 写明。"
        return f"{issuer}关于贯彻落实《{quoted}》的通知", [remark]
    if brought:
        if issued and own and any(_much_alike(own[-1], one) for one in issued):
            return _bare(own[-1]), []
        if quoted and not issued:
            return quoted, []
        if own and not issued:
            return _bare(own[-1]), []
        if issued:
            return _bare(issued[-1]), []
    if quoted:
        return quoted, []
    if candidates:
        return _bare(candidates[0]), []
    return _bare(labelled(head, _TITLE_LABEL)), []


def _much_alike(title: str, issued: str) -> bool:
    """Whether a notice that leaves out a 的 or who made it still means this title."""
    one, other = set(plain(title)), set(plain(issued))
    return len(one & other) >= _ALIKE * len(one)


def _heading(candidates: Sequence[str]) -> str:
    """A title that the first line gives in 《》, whatever a collection says before it; with 解读 where that is behind it."""
    found = _QUOTED.match(candidates[0]) if candidates else None
    if not found or _CITES.search(found["before"]):
        return ""
    if re.search(_EXPLAINS, found["rest"]):
        return f"《{found['title']}》{found['rest']}"
    return found["title"] + found["rest"]


def carried_out(head: Sequence[str]) -> str:
    """The document that a notice says it is about carrying out: 为贯彻落实《…》，现就有关事项通知如下."""
    said = "\n".join(line[:OPENING] for line in head)
    found = re.search(r"(?:^|为|\n)(?:深入|全面|认真|切实)?(?:贯彻落实|贯彻|落实)《(.+?)》", said)
    return found[1] if found and "通知如下" in said else ""


def title_lines(head: Sequence[str]) -> list[str]:
    """Lines that read as titles, each put together where it was set on several."""
    lines: list[str] = []
    fragment = ""
    for raw in head:
        annex = _ANNEX.match(raw)
        line = compact(raw[annex.end() :] if annex else raw)
        if not line:
            fragment = ""
            continue
        line = _LISTED.sub("", line, count=1)
        if re.match(_NUMBER_TEXT, line):  # the line of a letterhead: 青财〔2022〕5号 签发人：…
            fragment = ""
            continue
        line = re.sub(rf"[（(]?\s*{_NUMBER_TEXT}\s*[）)]?$", "", line).strip()
        if any(label.search(raw) for label in _LABELS) and "\t" not in line and not _TITLE_LABEL.match(raw):
            fragment = ""
            continue
        line = _TITLE_LABEL.sub("", line)
        joined = f"{fragment}{line}"
        if not line or re.search(r"[。；？！]|[:：]$|\t", line) or _is_date(line) or len(joined) > LONGEST:
            fragment = ""
        elif _is_title(joined) and joined.count("《") == joined.count("》"):
            whole = joined if fragment else line
            lines.append(whole)
            fragment = ""
        elif re.fullmatch(r"[（(][^（）()]{1,20}[)）]", line) and lines:
            lines[-1] += line if DOCUMENT.search(f"{lines[-1]}{line}") and "年" not in line else ""
            fragment = ""
        elif len(line) >= 6 and not SIGNED.fullmatch(line) and not re.search(r"文件$|[，,]$", line):
            fragment = joined
        else:
            fragment = ""
    return lines


def brings(head: Sequence[str], *, above: bool) -> bool:
    """Whether the head is that of a notice that brings another text; `above`: whose title stands right above the text."""
    lines = title_lines(head[-4:] if above else head)
    return bool(lines) and (not lines[-1].endswith("通知") if above else any(_ISSUED.search(line) for line in lines))


def _is_title(line: str) -> bool:
    return bool(DOCUMENT.search(line) or (_QUOTED.fullmatch(line) and not _CITES.search(line.split("《")[0])))


def _is_date(line: str) -> bool:
    return bool(WHOLE_DATE.fullmatch(line) or SIGNED_DATE.fullmatch(line) or DATE.match(line))


def is_excerpt(title: str) -> bool:
    return bool(_EXCERPT.search(title))


def without_excerpt(title: str) -> str:
    return _EXCERPT.sub("", title)


def is_interpretation(title: str) -> bool:
    return bool(re.search(rf"{_EXPLAINS}{_QUALIFIED}$", title))


def _bare(title: str) -> str:
    found = re.match(r"^[《〈<](.+)[》〉>]$", title)
    return found[1] if found else title


def plain(title: str) -> str:
    return re.sub(r"[\s《》〈〉<>（）()]", "", unicodedata.normalize("NFKC", title))


# --- issuer ------------------------------------------------------------------------------------

_CODES = (
    (re.compile(r"^财(?:预|行|监|综|建|社|农|教|资|库|会|税|办|绩)"), "财政部"),
    (re.compile(r"^国务院令"), "国务院"),
    (re.compile(r"^国(?:发|函)"), "国务院"),
    (re.compile(r"^国办"), "国务院办公厅"),
    (re.compile(r"^中(?:发|办发)"), "中共中央"),
    (re.compile(r"^司发"), "司法部"),
    (re.compile(r"^财政部令"), "财政部"),
)


def issuer(head: Sequence[str], closing: Sequence[str], number: Number | None) -> str:
    """Who issued it: behind its label, in the notice's title, under the text, by its number, or by how a law says it."""
    named = labelled(head, _ISSUER_LABEL)
    if named:
        return named
    for line in (*(line for line in head if len(line) <= LONGEST and _ISSUED.search(line)), *_names(head)):
        found = re.match(rf"([{CJK}、 \u3000]{{2,40}}?)(?:转发|批转|印发|关于)", line.strip())
        if found and not found[1].startswith(("关于", "印发")):
            return signers(found[1].replace("、", " "))
    for lines in (closing, head):
        for by, _ in signatures(lines):
            return by
    if any("全国人民代表大会" in line for line in head):
        return "全国人大常委会" if any("常务委员会" in line for line in head) else "全国人民代表大会"
    if number:
        for pattern, by in _CODES:
            if pattern.match(number.code):
                return by
    return ""


def _names(head: Sequence[str]) -> Iterator[str]:
    for line in title_lines(head):
        found = _QUOTED.match(line)
        yield found["title"] if found and not _CITES.search(found["before"]) else line
