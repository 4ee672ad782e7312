"""The numbers Word puts before the paragraphs of a list: 第一条, 1., （二）, which stand in no text of the file.

Used by `word.py`. A list counts through the whole document, so every paragraph of one is asked for in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = _W + "val"
LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_FORMAL = str.maketrans("一二三四五六七八九十百千〇零", "壹贰叁肆伍陆柒捌玖拾佰仟零零")


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    parted: bool = True
    plain: bool = False  # w:isLgl: the numbers of the levels above in digits, whatever their own kind


@dataclass(slots=True)
class _List:
    """One abstract list; what counts is shared by all that use it. `counts` has no entry for a level not begun."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Used:
    """A list as paragraphs name it, with its own starts, each of which holds once."""

    shared: _List
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """`mark` is asked for every numbered paragraph, once, in document order."""

    def __init__(self, root: etree._Element, styles: etree._Element | None):
        shared = {
            node.get(_W + "abstractNumId", ""): _List(_levels(node.iterchildren(_W + "lvl")))
            for node in root.iterchildren(_W + "abstractNum")
        }
        self._lists: dict[str, _Used] = {}
        for node in root.iterchildren(_W + "num"):
            abstract = node.find(_W + "abstractNumId")
            base = None if abstract is None else shared.get(abstract.get(VAL, ""))
            if base is None:
                continue
            starts: dict[int, int] = {}
            own = dict(base.levels)
            for override in node.iterchildren(_W + "lvlOverride"):
                level = _whole(override.get(_W + "ilvl"), 0)
                start = override.find(_W + "startOverride")
                if start is not None:
                    starts[level] = _whole(start.get(VAL), 1)
                own |= _levels(override.iterchildren(_W + "lvl"))
            self._lists[node.get(_W + "numId", "")] = _Used(base, own, starts)
        self._styles = {} if styles is None else _of_styles(styles)

    def mark(self, properties: etree._Element | None) -> str:
        """The number shown before a paragraph with these properties, with the space behind it; "" where none is."""
        own = None if properties is None else properties.find(_W + "numPr")
        style = None if properties is None else properties.find(_W + "pStyle")
        named = self._styles.get("" if style is None else style.get(VAL, ""))
        if own is None and named is None:
            return ""
        number, at = named or ("", 0)
        if own is not None:
            for child in own:
                if child.tag == _W + "numId":
                    number = child.get(VAL, "")
                elif child.tag == _W + "ilvl":
                    at = _whole(child.get(VAL), 0)
        used = self._lists.get(number)
        level = None if used is None else used.levels.get(at)
        if used is None or level is None:
            return ""
        counts = used.shared.counts
        if at in used.starts:
            counts[at] = used.starts.pop(at)
        else:
            counts[at] = counts[at] + 1 if at in counts else level.start
        for below in [deeper for deeper in counts if deeper > at]:
            del counts[below]
        return _written(used, level)


def _written(used: _Used, level: _Level) -> str:
    if level.kind in ("bullet", "none"):
        return ""

    def number(place: re.Match[str]) -> str:
        above = int(place[1]) - 1
        named = used.levels.get(above, level)
        count = used.shared.counts.get(above, named.start)
        return counted(count, "decimal" if level.plain else named.kind)

    text = _PLACE.sub(number, level.text)
    closed = text.endswith(tuple("、.．)）】〕,，"))
    return text + (" " if level.parted and text and not closed else "")


def counted(number: int, kind: str) -> str:
    """A number as Word counts in the style called `kind`; digits for a style that is not known."""
    write = _KINDS.get(kind)
    return write(number) if write is not None and number > 0 else str(number)


def _chinese(number: int) -> str:
    """Up to 9999: 十二, 一百零三."""
    if number > 9999:
        return str(number)
    out, gap = "", False
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, step)
        if digit:
            ten = step == 10 and digit == 1 and not out
            out += ("零" if gap else "") + ("" if ten else "〇一二三四五六七八九"[digit]) + name
            gap = False
        elif out:
            gap = True
    return out


def _letters(number: int) -> str:
    """1 -> a, 27 -> aa, as Word repeats them."""
    times, letter = divmod(number - 1, 26)
    return chr(97 + letter) * min(times + 1, 9)


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        out += letters * min(times, 9)
    return out


def _digitwise(number: int) -> str:
    return str(number).translate({ord(str(n)): digit for n, digit in enumerate("〇一二三四五六七八九")})


def _ringed(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else str(number)


def _ideograph(number: int) -> str:
    return "甲乙丙丁戊己庚辛壬癸"[number - 1] if number <= 10 else str(number)


_KINDS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": lambda number: _chinese(number).translate(_FORMAL),
    "ideographDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "ideographTraditional": _ideograph,
    "decimalEnclosedCircle": _ringed,
    "decimalEnclosedCircleChinese": _ringed,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


def _levels(nodes: etree._Element) -> dict[int, _Level]:
    levels = {}
    for node in nodes:
        level = _Level()
        for child in node:
            value = child.get(VAL, "")
            if child.tag == _W + "start":
                level.start = _whole(value, 1)
            elif child.tag == _W + "numFmt":
                level.kind = value
            elif child.tag == _W + "lvlText":
                level.text = value
            elif child.tag == _W + "suff":
                level.parted = value != "nothing"
            elif child.tag == _W + "isLgl":
                level.plain = value not in ("0", "false")
        levels[_whole(node.get(_W + "ilvl"), 0)] = level
    return levels


def _of_styles(root: etree._Element) -> dict[str, tuple[str, int]]:
    """List and level of each paragraph style that has one, its own or that of the style it is based on."""
    own: dict[str, tuple[str | None, str | None]] = {}
    based: dict[str, str] = {}
    for style in root.iterchildren(_W + "style"):
        name = style.get(_W + "styleId", "")
        number = style.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        level = style.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        own[name] = (None if number is None else number.get(VAL), None if level is None else level.get(VAL))
        parent = style.find(_W + "basedOn")
        if parent is not None:
            based[name] = parent.get(VAL, "")
    found = {}
    for name in own:
        number, level = None, None
        at: str | None = name
        for _ in range(20):
            if at is None or at not in own:
                break
            number, level = number or own[at][0], level or own[at][1]
            at = based.get(at)
        if number and number != "0":
            found[name] = (number, _whole(level, 0))
    return found


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
