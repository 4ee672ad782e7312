"""What a cell of the indicator table looks like: a marker, a level, a score, a measured value."""

from __future__ import annotations

import re

from assistant import labels
from assistant.text import is_blank, numerals

_MARK = rf"指\s*标\s*(?:\d{{1,2}}|[{numerals.ORDER}]{{1,2}})"
_DOTS = r"[.…·。﹒]{2,}"
_MARKER = re.compile(rf"^\s*(?:{_MARK}|{_DOTS})\s*[:：、.]?\s*$")
_MARKED = re.compile(rf"^\s*(?:{_MARK}(?![\d%])|{_DOTS})\s*[:：、.]?\s*(?=\S)")

_NUMBERED = re.compile(rf"^\s*指\s*标\s*(\d{{1,2}}|[{numerals.ORDER}](?![{numerals.ORDER}]))")

MEASURED = re.compile(r"^[≥≤<>=＝≧≦﹥﹤~约]?\s*\d[\d.,]*\s*(?:%|％|[\u4e00-\u9fff/（）()]{0,8})$")
COMPARATOR = re.compile(
    r"^(?:[≥≤<>=＝≧≦﹥﹤═﹦]{1,2}|=>|>=|<=|不低于|不少于|不超过|不高于|大于等于|小于等于|大于|小于|等于)$"
)
FRAGMENT = re.compile(r"^[绩效指标目自评情况]{1,6}$")
"""A piece of 绩效指标, set upright beside the table and broken up by the paste."""
KIND_WORDS = ("定性", "定量", "正向", "反向", "正向指标", "反向指标")
"""Words of a kind column; where the column is a comparator's they say nothing of the target."""


def is_level(text: str) -> bool:
    """A first- or second-level label."""
    return bool(labels.key("level1", text) or labels.key("level2", text))


def marker_number(text: str) -> int | None:
    """The number of 指标2, alone in its cell or before the name; None for anything else."""
    numbered = _NUMBERED.match(text)
    if numbered is None or not (_MARKER.match(text) or _MARKED.match(text)):
        return None
    return int(numbered[1]) if numbered[1].isdigit() else numerals.ORDER.find(numbered[1]) + 1 or None


def is_block(text: str) -> bool:
    """The label beside the whole table, or a piece of it."""
    return bool(FRAGMENT.match(labels.fold(text).core) or labels.key("indicator_block", text))


def is_marker(text: str) -> bool:
    """`指标1` or the template's dots, alone in a cell."""
    return bool(_MARKER.match(text))


def is_marked(text: str) -> bool:
    """`指标1 法律顾问`, `指标1：`: a marker and perhaps a name in one cell."""
    return bool(_MARKED.match(text))


def bare_name(text: str) -> str:
    """A name without its marker; "" for a marker alone or a blank sign."""
    bare = _MARKED.sub("", text, count=1).strip() if not is_marker(text) else ""
    return "" if is_marker(bare) or is_blank(bare) else bare
