"""Words of a form inside a sentence of ours, quoted as official documents quote: “…”, and ‘…’ for marks within.

The words stay as they are written; only marks that would close the quotation early become inner ones, and the
stop that ends them goes, since the sentence around has its own.
"""

from __future__ import annotations

import re

_INNER = str.maketrans("“”「」『』＂", "‘’‘’‘’'")
_STOPS = "。；;，,、 "
_PAUSE = re.compile(r"[，。；：、！？,;!?）)》”’」]")
_CUT = "……"
LEAST_KEPT = 0.5
"""Share of the room that a cut at a pause must keep; with no pause that late the words are cut where the room ends."""


def inner(text: str | None) -> str:
    """The words as they may stand between quotation marks."""
    return " ".join((text or "").split()).rstrip(_STOPS).translate(_INNER)


def quoted(text: str | None) -> str:
    """The words between quotation marks."""
    return f"“{inner(text)}”"


def listed(texts: list[str] | tuple[str, ...]) -> str:
    """Several quotations, one after the other as the standard of punctuation has them: “甲”“乙”."""
    return "".join(quoted(text) for text in texts)


def beginning(text: str, room: int) -> str:
    """The words, or as many as there is room for: cut at a pause where there is one, and marked as cut."""
    line = inner(text)
    if len(line) <= room:
        return line
    pauses = [match.start() for match in _PAUSE.finditer(line, 0, room + 1)]
    cut = pauses[-1] if pauses and pauses[-1] >= room * LEAST_KEPT else room
    kept = line[:cut]
    for opening, closing in ("‘’", "《》", "（）", "()"):
        if kept.count(opening) > kept.count(closing):
            kept = kept[: kept.rindex(opening)]
    return f"{(kept or line[:cut]).rstrip(_STOPS)}{_CUT}"


def shortened(text: str, length: int = 60) -> str:
    """Text on one line, cut with … where it is only meant to be recognised."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length]}…"
