"""What an EQ field of Word shows: some type amounts and ringed numbers that way (`EQ \\o\\ac(○,1)` is ①).

Used by `word.py`. The code of such a field is all the file has of it; Word draws it anew each time. Switches that
move or size what they hold leave no trace in the text; overstrikes, fractions and roots do.
"""

from __future__ import annotations

import re

_FIELD = re.compile(r"\s*EQ\b(.*)", re.IGNORECASE | re.DOTALL)
_SWITCH = re.compile(r"\\([a-z]+)(?:[^\S\n]*-?\d+)?", re.IGNORECASE)
_DEEPEST = 20
_FRAMES = frozenset("○◯〇△▽◇□")
_RINGED = {str(n): chr(0x245F + n) for n in range(1, 21)}


def shown(code: str) -> str:
    """The text an EQ field draws; "" for the code of any other field."""
    field = _FIELD.match(code)
    return "" if field is None else _text(field[1], 0, 0)[0].strip()


def _text(code: str, at: int, depth: int) -> tuple[str, int]:
    """The text from `at` to the bracket that closes it, and where that stands."""
    out: list[str] = []
    switches: list[str] = []
    while at < len(code) and code[at] != ")":
        switch = _SWITCH.match(code, at)
        if switch is not None:
            switches.append(switch[1].lower())
            at = switch.end()
        elif code[at] == "\\" and at + 1 < len(code):  # a sign meant as such: \, or \(
            out.append(code[at + 1])
            at += 2
        elif code[at] == "(" and switches and depth < _DEEPEST:
            parts, at = _parts(code, at + 1, depth + 1)
            out.append(_drawn(switches, parts))
            switches = []
        elif code[at] == "(":
            inner, at = _text(code, at + 1, depth + 1) if depth < _DEEPEST else ("", len(code))
            out.append(f"({inner})")
            at += 1
        elif depth and switches == [] and code[at] in ",;，；":
            break
        else:
            out.append(code[at])
            at += 1
    return "".join(out), at


def _parts(code: str, at: int, depth: int) -> tuple[list[str], int]:
    """What stands between brackets, parted by commas or semicolons, and the place behind the closing one."""
    parts = []
    while True:
        part, at = _text(code, at, depth)
        parts.append(part.strip(" \u3000"))
        if at >= len(code) or code[at] == ")":
            return parts, at + 1
        at += 1


def _drawn(switches: list[str], parts: list[str]) -> str:
    kind = switches[0]
    filled = [part for part in parts if part]
    if kind == "f" and len(filled) == 2:
        return "/".join(filled)
    if kind == "r" and filled:
        return f"√{filled[-1]}"
    if kind == "o":
        inside = [part for part in filled if part not in _FRAMES]
        if len(inside) == 1 and len(inside) < len(filled):
            return _RINGED.get(inside[0], f"（{inside[0]}）")
        return "".join(dict.fromkeys(inside))
    return "".join(filled)
