"""A document as read -> its lines, paragraphs put together again, and the tables of indicators among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.document import Document, Paragraph, Table
from assistant.policies.ingest.tables import is_of_indicators
from assistant.text import numerals

N = f"[{numerals.NUMERALS}0-9０-９]"
CJK = "一-鿿"
DATE = re.compile(rf"({N}{{4}})\s*[年.\-/]\s*({N}{{1,3}})\s*[月.\-/]\s*({N}{{1,3}})\s*日?")
WHOLE_DATE = re.compile(rf"[（(]?{DATE.pattern}[)）]?\s*(?:印发|发布)?")
SIGNED = re.compile(rf"[{CJK}\s\u3000]{{2,40}}(?:部|局|厅|委|署|院|府|室|会|社|行|中心|国务院)")
SIGNED_DATE = re.compile(rf"(?P<by>{SIGNED.pattern})[\s\u3000]*(?P<day>{DATE.pattern})")
BEGINS = re.compile(
    rf"第\s*{N}+\s*[条编章节]|{N}+\s*[、.．]|[（(]\s*{N}{{1,3}}\s*[)）]|附件|附表|附\s*[0-9０-９:：]|问\s*[:：]|答\s*[:：]"
)

_SPACED = re.compile(rf"(?<=[{CJK}])[ \t\u3000\xa0]+(?=[{CJK}])")
_PAGE = re.compile(
    r"[-—–－\s]*(?:第\s*)?[0-9０-９]{1,4}\s*(?:页(?:\s*[,，/]?\s*共\s*[0-9０-９]{1,4}\s*页)?)?[-—–－\s]*"
)
_CONTENTS = re.compile(r"(?:[.．·…]{2,}|\t)\s*[0-9０-９]{1,4}\s*$")
_MATHS = re.compile(r"\s*\$\s*([0-9.,%\\=×÷+\-–—≥≤<>（）()/ ]*?)\s*\$\s*")
"""Figures that a converter set as formulas: $100\\% -80\\%$."""
_SENTENCE_END = tuple("。；：！？…”）)】")
_WRAPPED_SHARE = 0.3
_OPEN, _CLOSE = "《〈（(〔［[【", "》〉）)〕］]】"
_LONGEST_HEADING = 120
_PROSE = 16
"""Characters from which a line with a comma in it is a sentence and no heading."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text; `tables` are those of indicators, each with the line it stands before."""

    lines: list[str]
    tables: list[tuple[int, Table]]


def compact(line: str) -> str:
    """A line without the spaces that set single characters apart (财  政  部)."""
    return _SPACED.sub("", line).strip()


def lines_of(document: Document) -> Lines:
    """The paragraphs of a document. A table gives a line a row, but for one of indicators, which is kept apart."""
    runs: list[list[str]] = [[]]
    tables: list[Table] = []
    for block in document.blocks:
        if isinstance(block, Table) and is_of_indicators(block):
            tables.append(block)
            runs.append([])
            continue
        for text in [block.text] if isinstance(block, Paragraph) else _rows(block):
            runs[-1] += _clean(text)
    whole = [line for run in runs for line in run]
    wrapped = document.kind in ("pdf", "text") and _is_wrapped(whole)
    found: list[str] = []
    placed: list[tuple[int, Table]] = []
    for at, run in enumerate(runs):
        if at:
            placed.append((len(found), tables[at - 1]))
        found += _put_together(_unwrapped(run, _width(whole)) if wrapped else run)
    return Lines(found, placed)


def _clean(text: str) -> Iterator[str]:
    for raw in text.replace("\r", "\n").split("\n"):
        line = raw.strip(" \t\u3000\xa0#*>")
        if line and not _PAGE.fullmatch(line) and not _CONTENTS.search(line):
            yield _MATHS.sub(lambda found: re.sub(r"[\\\s]", "", found[1]), line) if "$" in line else line


def _rows(table: Table) -> Iterator[str]:
    """Each row of a table as a line; a row of one cell is the text of that cell."""
    for row in table.rows():
        texts = [cell.text for cell in row if cell.text.strip()]
        yield texts[0] if len(texts) == 1 else "\t".join(" ".join(text.split()) for text in texts)


# --- lines that the layout parted --------------------------------------------------------------


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines end where the page does: many stop within a sentence, near the width of the longest."""
    long = [line for line in lines if len(line) >= 20]
    if not long:
        return False
    width = _width(lines)
    broken = [
        line
        for line in long
        if len(line) >= width * 0.85 and not line.endswith(_SENTENCE_END) and re.search(r"[，。；、]", line)
    ]
    return len(broken) >= len(long) * _WRAPPED_SHARE


def _width(lines: Sequence[str]) -> int:
    lengths = sorted(len(line) for line in lines if len(line) >= 20)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _unwrapped(lines: Sequence[str], width: int) -> list[str]:
    """Paragraphs of printed lines: a line goes on until one ends short of the width, or the next begins something."""

    def goes_on(held: str, last: str, _: str) -> bool:
        return len(last) >= width * (0.97 if held.endswith("。") else 0.8)

    return _joined(lines, goes_on)


def _put_together(lines: Sequence[str]) -> list[str]:
    """Headings, numbers and sentences that stand on two lines (a page ended, a heading was too long) as one."""

    def goes_on(held: str, last: str, line: str) -> bool:
        if len(held) <= _LONGEST_HEADING and (_is_open(held) or _parted_number(held, line)):
            return not re.match(rf"第\s*{N}+\s*条", line)
        if held.endswith(("，", "、", ",")):
            return True
        prose = len(last) >= _PROSE and re.search(r"[，。；]", last)
        return bool(prose) and not held.endswith(_SENTENCE_END) and "\t" not in held and "\t" not in line and not (
            SIGNED_DATE.fullmatch(line) or WHOLE_DATE.fullmatch(line) or SIGNED.fullmatch(line)
        )  # fmt: skip

    return _joined(lines, goes_on)


def _joined(lines: Sequence[str], goes_on: Callable[[str, str, str], bool]) -> list[str]:
    """Lines with those that go on (the paragraph so far, its last line, the next line) put together."""
    parts: list[list[str]] = []
    for line in lines:
        if parts and (not BEGINS.match(line) or _parted_number(parts[-1][-1], line)):
            held = "".join(parts[-1][-4:])
            if goes_on(held, parts[-1][-1], line):
                parts[-1].append(line)
                continue
        parts.append([line])
    return ["".join(part) for part in parts]


def _is_open(text: str) -> bool:
    """Whether a bracket that was opened has not been closed."""
    return sum(text.count(one) for one in _OPEN) > sum(text.count(one) for one in _CLOSE)


def _parted_number(line: str, following: str) -> bool:
    """Whether a number of a document goes on in the next line: 财预〔2020〕 / 10号, 财预 / 〔2020〕10号."""
    year = r"[〔\[(（【﹝［{]\s*[0-9０-９]{4}\s*[〕\])）】﹞］}]"
    if re.search(rf"{year}\s*第?$", line) and re.match(r"第?\s*[0-9０-９]{1,5}\s*号", following):
        return True
    return bool(re.search(rf"[{CJK}]$", line) and re.match(rf"{year}\s*第?\s*[0-9０-９]{{1,5}}\s*号", following))
