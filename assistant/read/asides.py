"""What a person sees around the text of a Word or Excel file and no table holds: comments, notes, page headers, pictures, objects.

Used by `word.py` and `excel.py`. Nothing of it is read into a cell, since where it belongs is for the reviewer to say; each kind is told
in one sentence, with the beginning of what it says and the text it hangs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
P, T, ID = _W + "p", _W + "t", _W + "id"
_LONGEST = 60
_MOST = 3
_OURS = re.compile(r"审核概要|【\S{1,4}】[A-Z]\d\d")
"""How the comments begin that this program writes itself into the file it gives back."""
_PAGE_NUMBER = re.compile(r"[-—–\s/／]*\d{0,3}[-—–\s\d/／]{0,8}|第?\s*\d*\s*页?(?:\s*[，,/／]?\s*共?\s*\d*\s*页)?")
LABELLED = re.compile(r"[：:]\s*\S")
"""A line that gives a value to a label."""
STRUCK = "删除线"


@dataclass(slots=True)
class Asides:
    """Gathered while a document is walked."""

    comments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pictures: int = 0
    recognised: int = 0
    objects: int = 0
    struck: list[str] = field(default_factory=list)

    def strike(self, text: str) -> None:
        if text.strip():
            self.struck.append(text.strip())

    def comment(self, on: str, text: str) -> None:
        if text and not _OURS.match(text):
            self.comments.append(f"“{on}”处：{text}" if on else text)

    def problems(self) -> Iterator[str]:
        if self.struck:
            yield f"有加了删除线的文字（{_several(self.struck)}），按已划去处理，没有读入，请对照原件核实。"
        for called, said in (("脚注或尾注", self.notes), ("批注", self.comments)):
            if said:
                yield f"有{called}（{_several(said)}），没有读入表格，请核对是否为偏差原因等内容。"
        if self.pictures:
            yield f"有图片 {self.pictures} 张，图片中的文字没有读入，请对照原件核实。"
        if self.recognised:
            yield f"有 {self.recognised} 处表格是图片，已用文字识别读入，请对照原件核对。"
        if self.objects:
            yield f"有嵌入的对象 {self.objects} 个，其中的内容没有读入，请对照原件核实。"


def notes(root: etree._Element, marks: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The text a mark hangs on and what the note or comment says; `marks` are the texts by the ids of the notes."""
    for node in root:
        number = node.get(ID, "")
        if number in marks:
            text = "".join("".join(each.text or "" for each in line.iter(T)) for line in node.iter(P)).strip()
            yield marks[number].rpartition("\n")[2].strip()[-12:], text


def sorted_out(lines: Iterable[str], body: str) -> tuple[list[str], list[str]]:
    """Of lines around the body, those that give a value to a label, and the others worth a word.

    A line that the body has as well, a page number and a bare title say nothing that is not known.
    """
    labelled: list[str] = []
    others: list[str] = []
    for text in dict.fromkeys(lines):
        if not text or text in body or _PAGE_NUMBER.fullmatch(text):
            continue
        if LABELLED.search(text):
            labelled.append(text)
        elif re.search(r"\d", text):
            others.append(text)
    return labelled, others


def _several(texts: list[str]) -> str:
    shown = "；".join(f"{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}" for text in texts[:_MOST])
    return shown + (f"；等 {len(texts)} 处" if len(texts) > _MOST else "")
