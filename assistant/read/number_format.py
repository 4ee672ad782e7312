"""A stored number and its Excel format code -> the text a person sees in the cell.

Used by `excel.py`; openpyxl and calamine give the number (`0.97`) where the form shows `97.00%`.
Covers what forms use: fixed and grouped decimals, percent, dates and times, literals, sections for
negative numbers, zero and text, conditions, scientific and fractions. Colours, padding and locale
marks leave no trace in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from assistant.text import numerals

# The codes that a file names by number only; 14, 22, 27–36 and 50–58 as Chinese Excel shows them.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;¥-#,##0",
    7: "¥#,##0.00;¥-#,##0.00", 8: "¥#,##0.00;¥-#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0;-", 42: "¥#,##0;¥-#,##0;¥-",
    43: "#,##0.00;-#,##0.00;-", 44: "¥#,##0.00;¥-#,##0.00;¥-", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TOKEN = re.compile(
    r'"[^"]*"|[\\!].|_.|\*.|\[[^\]]*\]|AM/PM|A/P|上午/下午|General|G/通用格式|E[+-]|yyyy|yy?|e|m+|d+|h+|s+(?:\.0+)?|aaaa?'
    r"|[0#?]|.",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_DATE_LETTER = re.compile(r"[ymdhse]|aaa|AM/PM|A/P|上午/下午", re.IGNORECASE)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


# What a Chinese Windows fills in for the long date and the time of the system.
_OF_THE_SYSTEM = {
    "[$-f800": 'yyyy"年"m"月"d"日"', "[$-x-sysdate": 'yyyy"年"m"月"d"日"', "[$-f400": "h:mm:ss", "[$-x-systime": "h:mm:ss",
}  # fmt: skip
_SYSTEM = re.compile("|".join(map(re.escape, _OF_THE_SYSTEM)), re.IGNORECASE)


def shown(number: float, code: str, *, from_1904: bool = False) -> str:
    """`shown(0.97, "0.00%")` is `97.00%`; a code that cannot be followed falls back to General."""
    if code == "General":
        return general(number)
    try:
        section, value = _chosen(_sections(code), number)
        return _date(value, section, from_1904) if section.is_date else _figures(value, section)
    except (ValueError, OverflowError, InvalidOperation, IndexError):
        return general(number)


def general(number: float) -> str:
    """As a General cell shows it: at most 11 characters, no binary noise (99.6, not 99.60000000000001).

    Whole numbers keep all their digits, though Excel writes 1.23457E+11 from twelve on: the digits say more.
    """
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    if 1e-5 <= abs(number) < 1e11:
        digits = 10 - max(len(str(int(abs(number)))), 1)
        text = format(Decimal(repr(number)).quantize(Decimal(1).scaleb(-max(digits, 0)), ROUND_HALF_UP), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = format(number, ".5E").partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


@dataclass(slots=True)
class _Section:
    """One of the parts between semicolons."""

    tokens: list[str]
    is_date: bool
    in_chinese: bool
    condition: tuple[str, float] | None = None
    scale: int = field(init=False)
    grouped: bool = field(init=False)

    def __post_init__(self) -> None:
        places = [n for n, token in enumerate(self.tokens) if token in "0#?"]
        commas = [n for n, token in enumerate(self.tokens) if token == ","]
        last = places[-1] if places else -1
        trailing = sum(1 for n in commas if places and n > last and set(self.tokens[last + 1 : n]) <= {",", "."})
        self.scale = 2 * self.tokens.count("%") - 3 * trailing
        self.grouped = bool(places) and any(places[0] < n < last for n in commas)


@lru_cache(maxsize=1024)
def _sections(code: str) -> list[_Section]:
    sections: list[_Section] = []
    tokens: list[str] = []
    for token in [*_TOKEN.findall(code), ";"]:
        if token == "[":
            raise ValueError("a bracket that is never closed")
        if token != ";":
            tokens.append(token)
            continue
        condition = next((found for each in tokens if (found := _CONDITION.fullmatch(each))), None)
        system = next((_OF_THE_SYSTEM[mark[0].lower()] for each in tokens if (mark := _SYSTEM.match(each))), None)
        if system is not None:
            tokens = _TOKEN.findall(system)
        bare = [each for each in tokens if not each.startswith(("[", "_", "*")) or _is_elapsed(each)]
        is_date = any(_is_elapsed(each) or _DATE_LETTER.match(each) for each in bare if each[0] not in '"\\!')
        # General has an e and an E+ stands in numbers: neither makes a date.
        is_date = is_date and not any(each.lower() in ("general", "g/通用格式", "e+", "e-") for each in bare)
        in_chinese = any(each.lower() == "[dbnum1]" for each in tokens)
        sections.append(_Section(bare, is_date, in_chinese, (condition[1], float(condition[2])) if condition else None))
        tokens = []
    return sections[:4]


def _is_elapsed(token: str) -> bool:
    return token.lower() in ("[h]", "[hh]", "[m]", "[mm]", "[s]", "[ss]")


def _chosen(sections: list[_Section], number: float) -> tuple[_Section, float]:
    """The section for this number and the number as that section prints it (its own minus sign is in the code)."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _COMPARE[section.condition[0]](number, section.condition[1]):
                return section, number
        return sections[-1], number
    numeric = sections[:3]
    if number < 0 and len(numeric) > 1:
        return numeric[1], -number
    if number == 0 and len(numeric) > 2:
        return numeric[2], number
    return numeric[0], number


def _literal(token: str) -> str:
    if token[0] == '"':
        return token[1:-1]
    return token[1:] if token[0] in "\\!" and len(token) > 1 else token


def _figures(number: float, section: _Section) -> str:
    tokens = section.tokens
    if any(token.lower() in ("general", "g/通用格式") for token in tokens):
        return "".join(
            general(number) if token.lower() in ("general", "g/通用格式") else _literal(token) for token in tokens
        )
    if "@" in tokens and not any(token in "0#?" for token in tokens):
        return "".join(general(number) if token == "@" else _literal(token) for token in tokens)
    if not any(token in "0#?" for token in tokens):
        return ("-" if number < 0 and tokens else "") + "".join(map(_literal, tokens))
    exact = Decimal(repr(float(number)))
    if "/" in tokens:
        return _fraction(exact, tokens)
    exponent = next((n for n, token in enumerate(tokens) if token.upper() in ("E+", "E-")), None)
    if exponent is not None:
        return _scientific(exact, tokens, exponent)
    return _fixed(exact.scaleb(section.scale), tokens, section.grouped)


def _fixed(value: Decimal, tokens: list[str], grouped: bool) -> str:
    point = tokens.index(".") if "." in tokens else len(tokens)
    after = [token for token in tokens[point:] if token in "0#?"]
    rounded = abs(value).quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    whole, _, decimals = format(rounded, "f").partition(".")
    while decimals and after[len(decimals) - 1] == "#" and decimals.endswith("0"):
        decimals = decimals[:-1]
    before = [token for token in tokens[:point] if token in "0#?"]
    least = len(before) - before.index("0") if "0" in before else 0
    parts = _spread(whole.lstrip("0").rjust(least, "0"), len(before), grouped)
    minus = "-" if value < 0 and rounded != 0 else ""
    out, left, started = [], iter(decimals), False
    places = iter(parts)
    for n, token in enumerate(tokens):
        if n < point and token in "0#?":
            out.append(next(places) if started else minus + next(places))
            started = True
        elif token in "0#?":
            out.append(next(left, ""))
        elif token == "." and n == point:
            if not started:
                out.append(minus)
                started = True
            out.append("." if decimals or "0" in after else "")
        elif token != ",":
            out.append(_literal(token))
    return "".join(out)


def _spread(whole: str, places: int, grouped: bool) -> list[str]:
    """The digits over the places of a code from the right, the first place takes what is left: a sign typed between
    two places (`0\\.0,`) stands between the digits."""
    last = len(whole) - 1
    digits = [digit + ("," if grouped and n < last and (last - n) % 3 == 0 else "") for n, digit in enumerate(whole)]
    if not places:
        return []
    rest = max(len(digits) - (places - 1), 0)
    tail = digits[rest:]
    return ["".join(digits[:rest]), *[""] * (places - 1 - len(tail)), *tail]


def _scientific(value: Decimal, tokens: list[str], at: int) -> str:
    decimals = sum(token in "0#?" for token in tokens[tokens.index(".") : at]) if "." in tokens[:at] else 0
    mantissa, _, exponent = format(value, f".{decimals}E").partition("E")
    digits = sum(token in "0#?" for token in tokens[at:])
    sign = "-" if exponent.startswith("-") else ("+" if tokens[at][1] == "+" else "")
    return f"{mantissa}E{sign}{exponent.lstrip('+-').rjust(digits, '0')}"


def _fraction(value: Decimal, tokens: list[str]) -> str:
    slash = tokens.index("/")
    below = "".join(token for token in tokens[slash + 1 :] if token in "0#?" or token.isdigit())
    if below.isdigit() and below.strip("0"):
        part = Fraction(round(abs(value) * int(below)), int(below))
        denominator = int(below)
    else:
        part = Fraction(abs(value)).limit_denominator(10 ** min(len(below), 4) - 1)
        denominator = part.denominator
    minus = "-" if value < 0 and part else ""
    whole = int(part) if any(token in "0#?" for token in tokens[: max(slash - 1, 0)]) else 0
    above = int((part - whole) * denominator)
    if not above:
        return f"{minus}{whole}"
    return minus + (f"{whole} " if whole else "") + f"{above}/{denominator}"


def _date(serial: float, section: _Section, from_1904: bool) -> str:
    if serial < 0:
        raise ValueError("Excel shows no date before its first day")
    tokens = section.tokens
    # Excel counts 29 February 1900, which never was: days before March 1900 are one off.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    fine = any("." in token and token.lower().startswith("s") for token in tokens)
    seconds = round(serial * 86400, 3 if fine else 0)
    moment = start + timedelta(seconds=seconds)
    twelve = any(token.upper() in ("AM/PM", "A/P") or token == "上午/下午" for token in tokens)
    parts = [_date_part(n, tokens, moment, seconds, twelve) for n in range(len(tokens))]
    return "".join(map(_chinese_digits, parts) if section.in_chinese else parts)


def _chinese_digits(part: str) -> str:
    """`2023` is 二〇二三, `11` 十一, other text itself."""
    if not part.isdigit():
        return part
    if len(part) > 2:
        return part.translate({ord(str(n)): digit for n, digit in enumerate("〇" + numerals.COUNTING)})
    return numerals.written(int(part)) or "〇"


def _date_part(n: int, tokens: list[str], moment: datetime, seconds: float, twelve: bool) -> str:
    token = tokens[n]
    low = token.lower()
    if token[0] in '"\\!':
        return _literal(token)
    if low in ("yyyy", "e"):
        return str(moment.year)
    if low in ("yy", "y"):
        return f"{moment.year % 100:02}"
    if low.startswith("m") and low.strip("m") == "":
        if len(low) < 3 and _means_minutes(n, tokens):
            return str(moment.minute).rjust(len(low), "0")
        return _month(moment.month, len(low))
    if low.startswith("d") and low.strip("d") == "":
        name = WEEKDAYS[moment.weekday()]
        return str(moment.day).rjust(len(low), "0") if len(low) < 3 else (name[:3] if len(low) == 3 else name)
    if low in ("aaa", "aaaa"):
        return ("星期" if low == "aaaa" else "") + "一二三四五六日"[moment.weekday()]
    if low.startswith("h") and low.strip("h") == "":
        hour = (moment.hour - 1) % 12 + 1 if twelve else moment.hour
        return str(hour).rjust(min(len(low), 2), "0")
    if low.startswith("s"):
        _, _, fine = low.partition(".")
        whole = str(moment.second).rjust(min(low.count("s"), 2), "0")
        return f"{whole}.{moment.microsecond:06}"[: len(whole) + 1 + len(fine)] if fine else whole
    if _is_elapsed(token):
        unit = {"h": 3600, "m": 60, "s": 1}[low[1]]
        return str(int(seconds // unit)).rjust(len(low) - 2, "0")
    if low == "am/pm":
        return "AM" if moment.hour < 12 else "PM"
    if low == "a/p":
        return "A" if moment.hour < 12 else "P"
    if token == "上午/下午":
        return "上午" if moment.hour < 12 else "下午"
    return "" if token == "@" else token


def _month(month: int, letters: int) -> str:
    if letters < 3:
        return str(month).rjust(letters, "0")
    name = MONTHS[month - 1]
    return {3: name[:3], 5: name[0]}.get(letters, name)


def _means_minutes(n: int, tokens: list[str]) -> bool:
    """An m is minutes right after hours or right before seconds, months elsewhere."""
    letters = re.compile(r"[hsymd]|\[[hms]+\]", re.IGNORECASE)
    before = next((token for token in reversed(tokens[:n]) if letters.match(token)), "")
    after = next((token for token in tokens[n + 1 :] if letters.match(token)), "")
    return before.lower().strip("[").startswith("h") or after.lower().strip("[").startswith("s")
