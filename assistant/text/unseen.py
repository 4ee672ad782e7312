"""Characters that a page does not draw: direction marks, zero-width characters, byte order marks, soft hyphens.

They come along from address books, chats and web pages, and part a number from its digits for a program only. One place says
which they are: `without_unseen` takes them out of whatever was read, and `unseen_in` finds them to be told.
"""

from __future__ import annotations

import re

_KINDS = {
    "方向标记": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "零宽字符": "\u034f\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\U000e0000-\U000e0fff",
    "字节顺序标记": "\ufeff",
    "软连字符": "\u00ad",
    "空填充字符": "\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a",
    # Blanks among them (tab, line ends, separators) part words and stay; so do codes from U+0080 on: an old dash may hide there.
    "控制字符": "\u0000-\u0008\u000e-\u001b\u007f",
}
"""By the name a reviewer is told. Together Unicode's Default_Ignorable_Code_Point and the control codes that are no blanks."""
_OF_KIND = {name: re.compile(f"[{characters}]") for name, characters in _KINDS.items()}
UNSEEN = f"[{''.join(_KINDS.values())}]"
"""As a class of a pattern."""
_RUN = re.compile(f"{UNSEEN}+")


def without_unseen(text: str) -> str:
    """The text as a page shows it."""
    return _RUN.sub("", text)


def unseen_in(text: str) -> list[re.Match[str]]:
    """Where such characters stand, those that touch as one."""
    return list(_RUN.finditer(text))


def kinds_in(text: str) -> list[str]:
    """The names of the kinds that a text has."""
    return [name for name, characters in _OF_KIND.items() if characters.search(text)]
