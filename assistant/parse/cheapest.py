"""The cheapest reading of a stream of cells: which cell goes under which column, where one row ends."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.text.score import is_score

_VALUE = re.compile(r"^[≥≤<>=＝≧≦﹥﹤~约]{0,2}\s*\d")
_SENTENCE = re.compile(r"[，。；,;]")
DASH = "—-/－"


def is_value(text: str) -> bool:
    """Text that begins with a number, a comparator before it or not."""
    return bool(_VALUE.match(text))


def _cost(key: str, text: str) -> float:
    """How badly a text fits a column."""
    number, value = is_score(text), is_value(text)
    if text in DASH:
        return 0.5
    match key:
        case "weight" | "score":
            return 0.0 if number else 9.0
        case "rate":
            return 0.0 if text.endswith(("%", "％")) else 4.0
        case "target" | "actual" | "adjusted":
            return 0.0 if value and not number else 1.0 if number else 0.6 + 2.0 * bool(_SENTENCE.search(text))
        case "reason" | "method":
            return 4.0 if value else 0.0 if _SENTENCE.search(text) or len(text) > 8 else 1.5
        case "unit" | "comparator":
            return 0.0 if len(text) <= 6 and not value else 4.0
    return 0.5 if value else 1.0


def _missing(key: str) -> float:
    """What it costs to leave a column blank."""
    return {"reason": 0.0, "method": 0.4, "adjusted": 0.2, "comparator": 0.5, "unit": 0.5, "score": 0.9}.get(key, 1.2)


@lru_cache(maxsize=4096)
def row(texts: tuple[str, ...], order: tuple[str, ...]) -> tuple[float, tuple[int, ...]] | None:
    """The cheapest way to put texts, in order, under columns; None where there are more texts than columns."""
    if len(texts) > len(order):
        return None
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for column, key in enumerate(order):
        step: dict[int, tuple[float, tuple[int, ...]]] = {}
        for used, (cost, columns) in best.items():
            # of two readings that cost the same, the one that fills the earlier column stays
            options = [(used + 1, cost + _cost(key, texts[used]), (*columns, column))] if used < len(texts) else []
            options.append((used, cost + _missing(key), columns))
            for count, price, chosen in options:
                if count not in step or (price, chosen) < step[count]:
                    step[count] = (price, chosen)
        best = step
    return best.get(len(texts))


def cut(
    texts: tuple[str, ...], order: tuple[str, ...], breaks: frozenset[int]
) -> list[tuple[int, int, tuple[int, ...]]]:
    """The cheapest cut of a stream into rows, each a name and values: (start, end, columns of the values)."""
    best: list[tuple[float, list[tuple[int, int, tuple[int, ...]]]] | None] = [(0.0, [])]
    for end in range(1, len(texts) + 1):
        chosen = None
        for begin in range(max(0, end - len(order) - 1), end):
            before = best[begin]
            values = row(texts[begin + 1 : end], order)
            if before is None or values is None:
                continue
            name = texts[begin]
            price = before[0] + values[0] + (6.0 if is_value(name) else 0.0) + 1.5 * bool(_SENTENCE.search(name))
            price += 3.0 * sum(begin < at < end for at in breaks)
            if chosen is None or price < chosen[0]:
                chosen = (price, [*before[1], (begin, end, values[1])])
        best.append(chosen)
    return best[-1][1] if best[-1] else []
