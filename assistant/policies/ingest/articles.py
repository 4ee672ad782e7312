"""The articles of a text, 第一条, 第二条 …: only what follows in number is one; 第十条规定的… refers to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.policies.ingest.lines import N, compact
from assistant.policies.ingest.official_text import Body, Unit
from assistant.text import numerals

_ARTICLE = re.compile(rf"第\s*((?:{N}[ \u3000]?)+)\s*条(?:\s*之\s*({N}+))?(?P<gap>[\s\u3000:：、.]*|(?=[【\[]))")
_REFERENCE = re.compile(
    r"第\s*\S{1,4}\s*[款项条]|规定|所称|所列|所指|所述|另有|的|之规定|[、，,；;。）)]|(?:和|或|及|至|与|以及)(?=第|本|前)|款"
    r"|(?:之|以)?[中内外前后](?=[，,、的规所])|明确(?=的|，|了)"
)
_CHAPTER = re.compile(rf"第\s*{N}+\s*[编章节][\s\u3000]*(?P<name>[^，。；]{{0,40}})$")
_RUN_ON = re.compile(rf"(?<=[。；！？])[\s\u3000]*(?=第\s*{N}{{1,4}}\s*(?:条(?:之{N}+)?|[章节][\s\u3000]))")
"""Where an article may begin within a line: behind a sentence."""
_CHAPTER_RUN_ON = re.compile(rf"(第\s*{N}+\s*[编章节][^，。；：]{{0,20}}?)[\s\u3000]*(?=第\s*{N}{{1,4}}\s*条)")
"""A chapter's heading with the first article on its line."""


def articles(lines: Sequence[str]) -> list[Body]:
    """The articles, in runs: where a text begins again at 第一条, another document begins."""
    bodies: list[Body] = []
    chapter = own_chapter = label = ""
    last = (0, 0)
    held: list[str] = []

    def close() -> None:
        if held and label:
            key = f"art-{last[0]}" + (f"-{last[1]}" if last[1] else "")
            bodies[-1].units.append(Unit(key, label, "\n".join(held), own_chapter))

    for at, whole in enumerate(lines):
        for begins, piece in _pieces(whole):
            heading = _CHAPTER.match(piece)
            if heading:
                chapter = f"{compact(piece[: heading.start('name')])} {compact(heading['name'])}".strip()
                continue
            found = _ARTICLE.match(piece)
            number = _number(found, piece, last) if found else None
            if number is None:
                if label and begins:
                    held.append(piece)
                elif label:
                    held[-1:] = ["".join((*held[-1:], piece))]
                continue
            assert found is not None
            close()
            if number == (1, 0) or not bodies:
                bodies.append(Body(at, at, []))
            last, own_chapter = number, chapter
            label = f"第{numerals.written(number[0])}条" + (f"之{numerals.written(number[1])}" if number[1] else "")
            bodies[-1].last = at
            rest = piece[found.end() :].strip()
            held = [rest] if rest else []
    close()
    return [body for body in bodies if body.units]


def missing(body: Body) -> list[str]:
    """The articles whose numbers are skipped: a page may be missing."""
    have = {int(unit.key.split("-")[1]) for unit in body.units}
    return [f"第{numerals.written(at)}条" for at in range(1, max(have)) if at not in have]


def _pieces(line: str) -> Iterator[tuple[bool, str]]:
    """A line where articles may begin within it, with whether each piece begins the line."""
    heading = _CHAPTER_RUN_ON.match(line)
    if heading:
        yield True, heading[1]
        line = line[heading.end() :]
    for at, piece in enumerate(_RUN_ON.split(line)):
        yield not at, piece


def _number(found: re.Match[str], line: str, last: tuple[int, int]) -> tuple[int, int] | None:
    """The article a line begins; None where it only refers to one."""
    main, below = numerals.ordinal(found[1]), numerals.ordinal(found[2]) if found[2] else 0
    if not main or below is None:
        return None
    number = (main, below)
    follows = number in ((last[0] + 1, 0), (last[0], last[1] + 1)) or (
        below == 2 and number[0] == last[0] and not last[1]
    )
    clear = bool(found["gap"]) or found.end() == len(line)
    if not clear and _REFERENCE.match(line, found.end()):
        return None
    if clear and re.match(r"第\s*\S{1,6}\s*[款项条]|规定的|所称的", line[found.end() :]):
        return None
    if follows or number == (1, 0):
        return number
    # A gap in the numbers: pages may be missing, or only some articles were copied. Never backwards.
    return number if clear and number > last else None
