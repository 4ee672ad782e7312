"""What a person sees around the text of a Word file and no table holds: comments, notes, page headers, pictures, objects.

Used by `word.py`. Nothing of it is read into a cell, since where it belongs is for the reviewer to say; each kind is told
in one sentence, with the beginning of what it says and the text it hangs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from assistant.read.package import Package

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
P, T, TC, ID = _W + "p", _W + "t", _W + "tc", _W + "id"
_LONGEST = 60
_MOST = 3
_OURS = re.compile(r"审核概要|【\S{1,4}】[A-Z]\d\d")
"""How the comments begin that this program writes itself into the file it gives back."""
_PAGE_NUMBER = re.compile(r"[-—–\s\d/／]*|第?\s*\d*\s*页?(?:\s*[，,/／]?\s*共?\s*\d*\s*页)?")
STRUCK = "删除线"
NOTES = (("footnotes", "脚注"), ("endnotes", "尾注"))


@dataclass(slots=True)
class Asides:
    """Gathered while a body is walked: ids of notes and comments with the text before each mark."""

    marks: dict[str, dict[str, str]] = field(default_factory=lambda: {"footnotes": {}, "endnotes": {}, "comments": {}})
    pictures: int = 0
    recognised: int = 0
    objects: int = 0
    struck: list[str] = field(default_factory=list)

    def strike(self, text: str) -> None:
        if text.strip():
            self.struck.append(text.strip())

    def problems(self, package: Package, parts: dict[str, str]) -> Iterator[str]:
        """`parts` are the parts the document refers to, by kind."""
        if self.struck:
            yield f"有加了删除线的文字（{_several(self.struck)}），按已划去处理，没有读入，请对照原件核实。"
        for kind, called in NOTES:
            if self.marks[kind] and parts.get(kind, "") in package.names:
                said = _notes(package.xml(parts[kind]), self.marks[kind])
                if said:
                    yield f"有{called}（{_several(said)}），没有读入表格，请核对是否为偏差原因等内容。"
        if self.marks["comments"] and parts.get("comments", "") in package.names:
            said = _notes(package.xml(parts["comments"]), self.marks["comments"])
            if said:
                yield f"有批注（{_several(said)}），没有读入表格，请核对是否为偏差原因等内容。"
        if self.pictures:
            yield f"有图片 {self.pictures} 张，图片中的文字没有读入，请对照原件核实。"
        if self.recognised:
            yield f"有 {self.recognised} 处表格是图片，已用文字识别读入，请对照原件核对。"
        if self.objects:
            yield f"有嵌入的对象 {self.objects} 个，其中的内容没有读入，请对照原件核实。"


def _notes(root: etree._Element, marks: dict[str, str]) -> list[str]:
    """What each marked note or comment says, behind the text its mark hangs on."""
    said = []
    for node in root:
        number = node.get(ID, "")
        if number not in marks:
            continue
        text = "".join("".join(each.text or "" for each in line.iter(T)) for line in node.iter(P)).strip()
        if text and not _OURS.match(text):
            on = marks[number].rpartition("\n")[2].strip()[-12:]
            said.append(f"“{on}”处：{text}" if on else text)
    return said


def headers(package: Package, relations: Iterable[tuple[str, str]], body_text: str) -> tuple[list[str], list[str]]:
    """Lines of the page headers and footers: those that give a label and its value, and the others worth a word.

    A line that the body has as well, a page number and a bare title say nothing that is not known.
    """
    labelled: list[str] = []
    others: list[str] = []
    for kind, part in relations:
        if kind not in ("header", "footer") or part not in package.names:
            continue
        for line in package.xml(part).iter(P):
            text = "".join(each.text or "" for each in line.iter(T)).strip()
            if not text or text in labelled or text in others or text in body_text or _PAGE_NUMBER.fullmatch(text):
                continue
            if re.search(r"[：:]\s*\S", text):
                labelled.append(text)
            elif re.search(r"\d", text):
                others.append(text)
    return labelled, others


def _several(texts: list[str]) -> str:
    shown = "；".join(f"{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}" for text in texts[:_MOST])
    return shown + (f"；等 {len(texts)} 处" if len(texts) > _MOST else "")
