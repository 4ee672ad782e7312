"""The goals, in both families, and 项目执行情况."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant import labels
from assistant.document import Cell
from assistant.form.form import SetAside
from assistant.parse.lines import Line
from assistant.parse.walk import GUESSED, Walk
from assistant.text.score import in_words

_SHORTEST_GOAL, _LONGEST_HEAD, _MOST_GOALS = 6, 14, 2


@lru_cache
def _inline() -> re.Pattern[str]:
    """A goal label inside running text: at the start of the text or of a sentence, with colon or line break behind."""
    names = [core for zone in ("goals",) for core in labels.spellings(zone) if len(core) > 3]
    spaced = "|".join(r"\s*".join(map(re.escape, name)) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:^|(?<=[\n。；;]))\s*({spaced})\s*(?:[:：]|\n|(?=\s)|$)")


def opens(line: Line) -> bool:
    """A line with a goal label, or a cell that holds one and its text."""
    own = [cell for cell in line.cells if line.begins_here(cell)]
    if any(labels.key("goals", cell.text) for cell in own):
        return True
    beside_block = any(labels.key("goals_block", cell.text) for cell in line.cells[:2])
    if beside_block and (_lone_text(line) or len(_keys(line)) > _MOST_GOALS):
        return True
    return any(
        _starts_with_label(cell.text)
        for cell in (line.cells[:3] if beside_block else [cell for cell in own if cell.text][:1])
    )


def _starts_with_label(text: str) -> bool:
    match = _inline().search(text[:60]) if len(text) > 8 else None
    return match is not None and not text[: match.start()].strip()


def _lone_text(line: Line) -> Cell | None:
    """The text beside the label of the block where no label of a goal stands in the row: `年度总体目标 | 全年开行120次`."""
    own = [cell for cell in line.filled() if line.begins_here(cell)]
    if len(own) != 2 or not labels.key("goals_block", own[0].text) or labels.is_label(own[1].text):
        return None
    return own[1] if len(own[1].text) >= _SHORTEST_GOAL and not _starts_with_label(own[1].text) else None


def _keys(line: Line) -> dict[int, str]:
    """The goal each label of a row stands for, by its index; "" for the label of the block.

    Of several labels the first is that of the block where a later one says the same or three stand in the row; a
    label of the block behind another is the goal set for the year.
    """
    at = [index for index, cell in enumerate(line.cells) if _is_of_goals(cell.text)]
    keys = {index: labels.key("goals", line.cells[index].text) or "" for index in at}
    if len(at) > 1:
        first, behind = at[0], at[1:]
        for index in behind:
            keys[index] = keys[index] or "expected"
        if keys[first] in [keys[index] for index in behind] or len(at) > _MOST_GOALS:
            keys[first] = ""
    for index in range(at[0] + 1 if at else len(line.cells), len(line.cells)):  # heads in words of their own
        cell = line.cells[index]
        if index not in keys and cell.text and len(cell.text) <= _LONGEST_HEAD and line.begins_here(cell):
            guess = labels.head("goals", cell.text) or ""
            if guess and guess not in keys.values():
                keys[index] = guess
    return keys


def _is_of_goals(text: str) -> bool:
    return labels.key("goals", text) is not None or labels.key("goals_block", text) is not None


def take(walk: Walk, line: Line) -> None:
    """Labels with their text beside them, or a row of labels over a row of texts."""
    walk.zone = "goals"
    if (text := _lone_text(line)) is not None:
        walk.use(*(cell for cell in line.cells if cell.text and cell is not text))
        only = "output" if walk.form.family == "section" else "expected"
        if not walk.form.printed(f"goals.{only}"):
            walk.put(f"goals.{only}", text, guess="目标前没有小标题，按第一项目标读取" if only == "output" else "")
            walk.pending = f"goals.{only}"
            return
    heads: list[tuple[Cell, str]] = []
    keys = _keys(line)
    for index, cell in enumerate(line.cells):
        if not cell.text:
            continue
        key = keys.get(index)
        if key == "":
            walk.use(cell)  # 年度绩效目标 | 年初设定目标: the first is the label of the block
            continue
        if key and not line.begins_here(cell) and walk.form.printed(f"goals.{key}"):
            continue
        if key:
            walk.use(cell)
            following = next((other for other in line.cells[index + 1 :] if other.text), None)
            if following is not None and not _is_of_goals(following.text) and line.cells.index(following) not in keys:
                _put(walk, key, following)
            elif not walk.form.printed(f"goals.{key}"):
                walk.put(f"goals.{key}", cell, text="")
            heads.append((cell, key))
            walk.pending = f"goals.{key}"
        elif _starts_with_label(cell.text):
            _take_inline(walk, cell)
    empty = [(cell, key) for cell, key in heads if walk.form.get(f"goals.{key}") is None]
    walk.goal_heads = empty if len(empty) == len(heads) and (len(heads) > 1 or line.aligned) else []


def _put(walk: Walk, key: str, cell: Cell) -> None:
    if id(cell) in walk.used:
        return
    if _starts_with_label(cell.text):
        _take_inline(walk, cell)
    elif walk.form.get(f"goals.{key}") is None:
        walk.put(f"goals.{key}", cell)
    else:
        walk.append(f"goals.{key}", cell)


def _take_inline(walk: Walk, cell: Cell) -> None:
    """One cell with several goals in it, each behind its label."""
    marks = list(_inline().finditer(cell.text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        key = labels.key("goals", mark[1])
        text = cell.text[mark.end() : following.start() if following else len(cell.text)].strip()
        if key:
            walk.put(f"goals.{key}", cell, text=text)
            walk.pending = f"goals.{key}"


def take_texts(walk: Walk, line: Line) -> bool:
    """A row of texts under a row of labels; several such rows are joined in order."""
    heads = walk.goal_heads
    if not heads:
        return False
    cells = [cell for cell in line.cells if line.begins_here(cell) and not labels.key("goals_block", cell.text)]
    texts = [cell for cell in cells if cell.text]
    if not texts or any(labels.is_label(cell.text) for cell in texts):
        return False
    if line.aligned:
        pairs = [(key, cell) for cell in texts for head, key in heads if _overlap(head, cell)]
    elif len(texts) == len(heads):
        pairs = [(key, cell) for (_, key), cell in zip(heads, texts, strict=True)]
    elif line.paragraph:
        pairs = [(heads[0][1], texts[0])]  # the first text broken over lines, the others still to come
    else:
        # fewer texts than labels: each goes to the last label at or left of its column
        pairs = [(key, cell) for cell in texts if (key := _head_over(heads, cell))]
    for key, cell in pairs:
        _put(walk, key, cell)
    if pairs and not line.aligned:
        walk.pending = f"goals.{pairs[-1][0]}"
    return bool(pairs)


def _head_over(heads: list[tuple[Cell, str]], cell: Cell) -> str | None:
    left = [key for head, key in heads if head.column <= cell.column]
    return left[-1] if left else None


def _overlap(head: Cell, cell: Cell) -> bool:
    return head.column < cell.column + cell.colspan and cell.column < head.column + head.colspan


def settle(walk: Walk) -> None:
    """An adjusted goal takes the place of the one set at the start of the year, if filled."""
    adjusted = walk.form.readings.pop("goals.adjusted", None)
    if adjusted and adjusted.text:
        before = walk.form.readings.get("goals.expected")
        if before and before.text:
            walk.form.set_aside.append(SetAside(before.text, "调整前的目标", before.place))
        walk.form.readings["goals.expected"] = adjusted
    walk.form.without_cache()


# --- 项目执行情况 -----------------------------------------------------------------------------------


def opens_execution(line: Line) -> bool:
    return any(labels.key("execution", cell.text) for cell in line.cells[:2])


def take_execution(walk: Walk, line: Line) -> None:
    walk.zone = "execution"
    walk.pending = "execution.note"
    for cell in line.cells:
        if labels.key("execution", cell.text):
            walk.use(cell)
            if (cap := labels.fold(cell.text).cap) is not None:
                walk.form.caps.setdefault("execution", cap)
            if not walk.form.printed("execution.note"):
                walk.put("execution.note", cell, text="")
        elif cell.text and id(cell) not in walk.used:
            walk.append("execution.note", cell, " ")


def settle_execution(walk: Walk) -> None:
    """The points in 项目执行情况 are the execution score; text without points leaves the score blank."""
    form = walk.form
    if not form.printed("execution.note"):
        return
    note = form.readings["execution.note"]
    points, guessed = in_words((note.text or "").strip())
    confidence, why = note.confidence, note.note
    if guessed:
        confidence, why = min(confidence, GUESSED), "执行率后面的数没有写“分”，按得分读取"
    form.put("scores.execution", points, note.place, confidence, why)
