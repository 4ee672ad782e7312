"""The sentence a person reads when a source cannot be read, and how much of one we are ready to read.

The limits are far above any form, and low enough that a file made to hurt costs seconds and some
hundred megabytes at most.
"""

from __future__ import annotations

from assistant.errors import ReadError

MAX_BYTES = 64 * 2**20
"""The largest file that is opened."""

MAX_PART_BYTES = 96 * 2**20
"""The largest part of a zip package after unpacking: a bomb unpacks to gigabytes, a form to kilobytes."""

MAX_ROWS = 20_000
MAX_COLUMNS = 256
"""The most rows and columns of one table; what lies beyond is left out, and said."""

MAX_PAGES = 200
"""The most pages of one PDF or scan that are read."""

PASTE_INSTEAD = "或直接粘贴表中文字"


def unreadable(name: str, why: str, remedy: str, where: str = "") -> ReadError:
    """「无法读取 30号.pdf 第 2 页：页面是扫描图。请……。」 as an error to raise."""
    place = f" {where}" if where else ""
    return ReadError(f"无法读取 {name or '输入内容'}{place}：{why}。{remedy}。")
