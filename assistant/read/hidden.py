"""Text in a file that a person looking at it does not see: hidden, white on white, tiny, parted by characters nobody draws.

A reviewer reads the page, a program reads the file; where the two differ somebody may have meant them
to. The readers gather what they come upon, and this says it in one sentence. Hidden text is not read;
white and tiny text is, since a background may make it visible after all.
"""

from __future__ import annotations

import re

from lxml import etree

from assistant.document import Document, Table
from assistant.text.unseen import kinds_in, unseen_in, without_unseen

HIDDEN, WHITE, TINY = "隐藏", "白色", "字号极小"
TINY_POINTS = 2.0
_EXCERPT = 30
_MOST = 3
_NEAR = 10
HIDDEN_STYLE = re.compile(
    r"(?<![-\w])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d]*[1-9])|mso-hide\s*:\s*all)", re.I
)
_WHITE_STYLE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.I
)
_SMALL_STYLE = re.compile(r"font-size\s*:\s*(\d*\.?\d+)\s*(pt|px)", re.I)
_BACKGROUND = re.compile(r"background", re.I)
_SUSPECT = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0|mso-hide|color\s*:\s*(?:#fff|white|rgb\(\s*255)|font-size\s*:\s*[0-2]?\.?\d(?:pt|px)|\shidden\b", re.I)  # fmt: skip


class Unseen:
    """What one file hides, by kind, gathered while it is read."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}

    def add(self, kind: str, text: str) -> None:
        """Runs of one kind that follow each other count as they come; blank ones hide nothing."""
        text = " ".join(text.split())
        if text:
            self._texts.setdefault(kind, []).append(text)

    def forget(self, kind: str) -> None:
        self._texts.pop(kind, None)

    def problems(self) -> list[str]:
        """One Chinese sentence, or none."""
        if not self._texts:
            return []
        shown = "；".join(f"{kind}：{_listed(texts)}" for kind, texts in self._texts.items())
        read = "隐藏的没有读入" if HIDDEN in self._texts else ""
        seen = "白色和极小的已读入" if self._texts.keys() - {HIDDEN} else ""
        return [f"文件中有看不见的文字（{shown}），{'，'.join(filter(None, (read, seen)))}，请对照原件核实。"]


def _listed(texts: list[str]) -> str:
    whole = "".join(texts)
    if len(whole) <= _EXCERPT * 2:
        return f"“{whole}”"
    shown = "、".join(f"“{text[:_EXCERPT]}{'…' if len(text) > _EXCERPT else ''}”" for text in texts[:_MOST])
    return f"{shown}{f'等{len(texts)}处' if len(texts) > _MOST else ''}"


def take_out_unseen(document: Document, written: str = "") -> None:
    """Leave in the texts of a document what a page shows, and tell once what was taken out, of it and of `written`.

    `written` is the text it was read from, where such characters were in the reader's way. A byte order mark before everything
    says how the file is written and is no part of the text.
    """
    texts = [text for block in document.blocks for text in (block.cells if isinstance(block, Table) else [block])]
    whole = "\n".join([written.removeprefix("\ufeff"), *(one.text for one in texts)])
    found = unseen_in(whole)
    if not found:
        return
    for one in texts:
        one.text = without_unseen(one.text)
    first = found[0]
    before, after = whole[: first.start()].rpartition("\n")[2], whole[first.end() :].partition("\n")[0]
    near = " ".join(without_unseen(before[-_NEAR:] + after[:_NEAR]).split())
    document.problems.append(
        f"文字中夹有看不见的字符（{'、'.join(kinds_in(whole))}）{len(found)} 处，"
        f"{f'如“{near}”附近，' if near else ''}已去掉后读取，请对照原件核实。"
    )


def in_html(text: str) -> list[str]:
    """What the tables of a page hide. Menus and scripts outside tables are always partly hidden and say nothing."""
    unseen = Unseen()
    root = _page(text)
    for table in root.iter("table") if root is not None else ():
        if next(table.iterancestors("table"), None) is None:
            _look(table, unseen, shaded=False)
    return unseen.problems()


def beside_tables(text: str) -> list[str]:
    """What is white or tiny on a page outside its tables. What is hidden there is not read, and nothing is said of it."""
    unseen = Unseen()
    root = _page(text)
    for body in root.iter("body") if root is not None else ():
        shaded = bool(_BACKGROUND.search(body.get("style") or "")) or body.get("bgcolor") is not None
        _look(body, unseen, shaded=shaded, without=("table",))
    unseen.forget(HIDDEN)
    return unseen.problems()


def _page(text: str) -> etree._Element | None:
    """The page; None for one that hides nothing or is none."""
    if not _SUSPECT.search(text):
        return None
    from lxml import html as lxml_html

    try:
        return lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", ""))
    except (etree.ParserError, ValueError):
        return None


def _look(node: etree._Element, unseen: Unseen, *, shaded: bool, without: tuple[str, ...] = ()) -> None:
    for child in node:
        if not isinstance(child.tag, str) or child.tag in ("script", "style", "template", "option", *without):
            continue
        style = child.get("style") or ""
        dark = shaded or bool(_BACKGROUND.search(style)) or child.get("bgcolor") is not None
        if child.get("hidden") is not None or HIDDEN_STYLE.search(style):
            unseen.add(HIDDEN, "".join(child.itertext()))
        elif not dark and (_WHITE_STYLE.search(style) or (child.get("color") or "").lower() in ("white", "#ffffff")):
            unseen.add(WHITE, "".join(child.itertext()))
        elif (size := _SMALL_STYLE.search(style)) and _points(size) <= TINY_POINTS:
            unseen.add(TINY, "".join(child.itertext()))
        else:
            _look(child, unseen, shaded=dark, without=without)


def _points(size: re.Match[str]) -> float:
    return float(size[1]) * (0.75 if size[2].lower() == "px" else 1)
