"""The points of a text without articles: 一、, the （一） below each, and 1. below these; or questions and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.policies.ingest.official_text import Body, Unit
from assistant.text import numerals

_POINT = re.compile(rf"([{numerals.NUMERALS}]+)\s*、\s*(?P<rest>\S.*)?$")
_BELOW = re.compile(rf"[（(]\s*([{numerals.NUMERALS}]+)\s*[)）]\s*(?P<rest>.*)$")
_LEAST = re.compile(r"([0-9０-９]{1,2})\s*[.．、]\s*(?=\D)(?P<rest>.*)$")
_RUN_ON = re.compile(
    rf"(?<=[。；])[\s\u3000]*(?=[（(][{numerals.NUMERALS}]{{1,3}}[)）]|[0-9０-９]{{1,2}}[.．、](?=[^0-9０-９]))"
)
"""Where a point may begin within a line."""
_HEADING = 30
"""Characters up to which a point without a full stop is a heading of the points below it."""
_PARAGRAPH = 40
"""Characters from which, on the average, points 1. 2. 3. are rules of their own and not a list."""
_QUESTION = re.compile(
    r"(?:[0-9０-９]{1,2}\s*[.．、]\s*|第?\s*[0-9一二三四五六七八九十]{0,3}\s*)问(?:题)?\s*[0-9一二三四五六七八九十]{0,3}\s*[:：]\s*(?P<rest>.*)$"
)


def points(lines: Sequence[str]) -> list[Body]:
    """The points 一、 and, where there are any, the （一） below each; in runs that begin at 一、.

    A line may hold several （一）（二）. Where they count on from one 一、 to the next, they still do.
    """
    bodies: list[Body] = []
    first = second = 0
    heading = ""
    held: list[str] = []
    open_point = False

    def close() -> None:
        text = "\n".join(held).strip()
        bare_heading = not second and text == heading
        if open_point and text and not bare_heading:
            key = f"item-{first}-{second}" if second else f"item-{first}"
            name = f"{numerals.written(first)}、" if first else ""
            name += f"（{numerals.written(second)}）" if second else ""
            chapter = f"{numerals.written(first)}、{heading}" if second and heading else ""
            bodies[-1].units += _with_least(Unit(key, name + _heading_of(text), text, chapter), name)

    for at, whole in enumerate(lines):
        for begins, line in _pieces(whole):
            point, below = _POINT.match(line) if begins else None, _BELOW.match(line)
            marked = point or below
            number = numerals.ordinal(marked[1]) if marked else None
            if point and number and (number == first + 1 or number == 1):
                close()
                if number == 1 or not bodies:
                    bodies.append(Body(at, at, []))
                    second = 0
                first, second, open_point = number, 0, True
                rest = (point["rest"] or "").strip()
                heading = rest if len(rest) <= _HEADING and not rest.endswith("。") else ""
                held = [rest] if rest else []
            elif below and number == 1 and not bodies:
                # A short notice may count （一）（二） without anything above.
                bodies.append(Body(at, at, []))
                second, open_point, held = 1, True, [below["rest"].strip()]
            elif below and open_point and number and (number == second + 1 or (begins and not second and number > 1)):
                close()
                second, held = number, [below["rest"].strip()]
            elif open_point:
                held[-1:] = [*held[-1:], line] if begins else ["".join((*held[-1:], line))]
                continue
            else:
                continue
            bodies[-1].last = at
    close()
    # A point whose heading alone was left has its points below it; a run of such headings is a table of contents.
    return [body for body in bodies if body.units]


def _pieces(line: str) -> Iterator[tuple[bool, str]]:
    """A line where points may begin within it, with whether each piece begins the line: only one that begins with a point."""
    if not (_BELOW.match(line) or _LEAST.match(line)):
        yield True, line
        return
    for at, piece in enumerate(_RUN_ON.split(line)):
        yield not at, piece


def _with_least(unit: Unit, name: str) -> list[Unit]:
    """A point, and the points 1. 2. 3. below it where these are rules of their own; what stands above them stays its."""
    own: list[str] = []
    below: list[list[str]] = []
    for line in unit.text.split("\n"):
        for begins, piece in _pieces(line):
            found = _LEAST.match(piece)
            if found and numerals.ordinal(found[1]) == len(below) + 1:
                below.append([found["rest"].strip()])
                continue
            part = below[-1] if below else own
            part[-1:] = [*part[-1:], piece] if begins or not part else ["".join((*part[-1:], piece))]
    if len(below) < 2 or sum(len(line) for part in below for line in part) < _PARAGRAPH * len(below):
        return [unit]
    if all(len(part) == 1 for part in below[:-1]):
        # Points of one paragraph each: what comes after the last of them is said of them all.
        below[-1], trailing = below[-1][:1], below[-1][1:]
        own += trailing
    chapter = " ".join(filter(None, (unit.chapter, unit.article)))
    units = [
        Unit(
            f"{unit.key}-{at}" if unit.key.count("-") > 1 else f"{unit.key}-0-{at}",
            f"{name}{at}.{_heading_of(chr(10).join(part))}",
            "\n".join(part),
            chapter,
        )
        for at, part in enumerate(below, 1)
    ]
    text = "\n".join(own).strip()
    only_its_name = text.rstrip("。") == unit.article.removeprefix(name)
    return units if only_its_name or not text else [replace(unit, text=text), *units]


def questions(lines: Sequence[str]) -> Body | None:
    """Questions with their answers, for a text that gives them no other order; None for less than two."""
    body: Body | None = None
    held: list[str] = []

    def close() -> None:
        if body and held:
            at = len(body.units) + 1
            body.units.append(Unit(f"qa-{at}", f"第{at}问", "\n".join(held)))

    for at, line in enumerate(lines):
        found = _QUESTION.match(line)
        if found:
            close()
            body = body or Body(at, at, [])
            body.last = at
            held = [found["rest"].strip()]
        elif body:
            held.append(line)
    close()
    return body if body and len(body.units) > 1 else None


def _heading_of(text: str) -> str:
    """The few words a point begins with and is called by; empty where it begins with a whole sentence."""
    found = re.match(r"[^。，；：\n]{2,24}(?=。|$)", text, re.M)
    return found[0] if found and found.end() < len(text.rstrip("。")) else ""
