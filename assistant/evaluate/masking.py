"""Sentences with their persons and numbers against what masking hides, and forms against what it hides in vain.

A set is a folder of *.jsonl, one sentence a line: `id`, `text`, `cells` (a form's cells by their path), `persons` and
`numbers` (spans of the text, a name without its title), `kind`. A person counts as masked where no character of the
name is left, a number where no digit, letter or Chinese numeral is; a mark is false where it touches neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, SettingsError
from assistant.form.form import Evaluator, Form
from assistant.form.masking import Mask
from assistant.form.masking.view import folded
from assistant.parse import parse
from assistant.read.sources import sources

SET = Path("eval_sets/masking")
FORMS = (Path("eval_sets/forms"), Path("eval_sets/blind"))
HALVES = {"odd": 1, "even": 0}
"""Sentences with an odd number in their id may be mended on; those with an even one are only measured."""
_OWN = ("basic.leader", "basic.phone", "filler.name", "filler.phone")
_TELLS = re.compile(r"[0-9A-Za-z〇零一二三四五六七八九十]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    id: str
    text: str
    cells: dict[str, str]
    persons: tuple[Span, ...]
    numbers: tuple[Span, ...]
    kind: str
    hand: str

    @property
    def half(self) -> str:
        return "odd" if int(re.sub(r"\D", "", self.id) or 0) % 2 else "even"

    def form(self) -> Form:
        """The sentence in a form, beside its cells."""
        form = Form("section")
        people: dict[str, Evaluator] = {}
        for path, text in self.cells.items():
            if path.startswith("evaluators"):
                people[path] = Evaluator(name=text)
            else:
                form.put(path, text)
        form.evaluators = list(people.values())
        form.put("conclusion.summary", self.text)
        return form


@dataclass(slots=True)
class Score:
    """What was found of one part of a set. Misses and false marks are named by the sentence, its kind and where."""

    part: str
    sentences: int = 0
    persons: int = 0
    persons_masked: int = 0
    numbers: int = 0
    numbers_masked: int = 0
    marks_false: int = 0
    misses: list[str] = field(default_factory=list)
    vain: list[str] = field(default_factory=list)

    @property
    def persons_share(self) -> float:
        return self.persons_masked / self.persons if self.persons else 1.0

    @property
    def numbers_share(self) -> float:
        return self.numbers_masked / self.numbers if self.numbers else 1.0

    @property
    def false_in_1000(self) -> float:
        return 1000 * self.marks_false / self.sentences if self.sentences else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "sentences": self.sentences,
            "persons": self.persons,
            "persons_masked": self.persons_masked,
            "numbers": self.numbers,
            "numbers_masked": self.numbers_masked,
            "false_in_1000_sentences": round(self.false_in_1000, 1),
            "misses": self.misses,
            "false": self.vain,
        }


@dataclass(slots=True)
class Vain:
    """Marks in forms outside the cells of names and numbers, on texts that are none of theirs."""

    forms: int = 0
    marks: int = 0
    places: list[str] = field(default_factory=list)

    @property
    def per_form(self) -> float:
        return self.marks / self.forms if self.forms else 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "forms": self.forms,
            "false_marks": self.marks,
            "per_form": round(self.per_form, 3),
            "places": self.places,
        }


def read_set(folder: Path) -> list[Sentence]:
    """The sentences of a folder. Raises `SettingsError` naming the line for anything out of shape."""
    files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else [folder]
    if not files:
        raise SettingsError(f"{folder} 中没有 .jsonl 文件。请给出存放已标注句子的目录。")
    made = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            raise SettingsError(f"无法读取 {file}（{error.strerror}）。请给出存放已标注句子的目录。") from error
        for number, line in enumerate(lines, 1):
            try:
                given = json.loads(line)
                sentence = Sentence(
                    str(given["id"]),
                    given["text"],
                    dict(given.get("cells") or {}),
                    tuple((int(start), int(end)) for start, end in given["persons"]),
                    tuple((int(start), int(end)) for start, end in given["numbers"]),
                    str(given.get("kind", "")),
                    file.stem,
                )
            except (ValueError, KeyError, TypeError) as error:
                raise SettingsError(f"{file} 第 {number} 行不合格式：应有 id、text、persons 和 numbers。") from error
            made.append(sentence)
    return made


def evaluate(sentences: Sequence[Sentence], part: str) -> Score:
    score = Score(part)
    for sentence in sentences:
        marks = Mask(sentence.form()).spans(sentence.text)
        hidden = {at for start, end in marks for at in range(start, end)}
        score.sentences += 1
        for start, end in sentence.persons:
            score.persons += 1
            if all(at in hidden for at in range(start, end) if sentence.text[at].isalnum()):
                score.persons_masked += 1
            else:
                score.misses.append(f"{sentence.id} person {start}-{end} {sentence.kind}")
        plain = {place: one for one, place in zip(*_read(sentence.text), strict=True)}
        for start, end in sentence.numbers:
            score.numbers += 1
            if all(at in hidden for at in range(start, end) if _TELLS.match(plain.get(at, " "))):
                score.numbers_masked += 1
            else:
                score.misses.append(f"{sentence.id} number {start}-{end} {sentence.kind}")
        meant = {at for start, end in (*sentence.persons, *sentence.numbers) for at in range(start, end)}
        for start, end in marks:
            if not meant & set(range(start, end)):
                score.marks_false += 1
                score.vain.append(f"{sentence.id} {start}-{end} {sentence.kind}")
    return score


def _read(text: str) -> tuple[str, tuple[int, ...]]:
    view = folded(text)
    return view.text, view.places


def in_forms(folders: Iterable[Path]) -> Vain:
    """What is marked in forms outside their cells for names and numbers. A person named in a text as well as in a
    cell is no false mark; one named in a text alone is counted as if it were."""
    vain = Vain()
    for source in sources([str(folder) for folder in folders]):
        try:
            forms = parse(source.read())
        except AssistantError:
            continue
        for number, form in enumerate(forms, 1):
            vain.forms += 1
            mask = Mask(form)
            own = [form.get(path) or "" for path in _OWN] + [one.name or "" for one in form.evaluators]
            known = {re.sub(r"\s", "", cell) for cell in own}
            for path, text in form.walk():
                if path in _OWN:
                    continue
                for start, end in mask.spans(text):
                    if not any(re.sub(r"\s", "", text[start:end]) in cell for cell in known):
                        vain.marks += 1
                        vain.places.append(f"{source.name}#{number} {path} {start}-{end}")
    return vain


def report(scores: Sequence[Score], vain: Vain, *, misses: bool) -> str:
    lines = ["part            sentences   persons  masked   numbers  masked   false marks in 1000 sentences"]
    for one in scores:
        lines.append(
            f"{one.part:<15} {one.sentences:>9} {one.persons:>9}  {one.persons_share:>6.1%} {one.numbers:>9}  {one.numbers_share:>6.1%}   {one.false_in_1000:>8.1f}"
        )
    lines += ["", f"forms: {vain.forms}, false marks a form: {vain.per_form:.3f}"]
    if misses:
        every = scores[0]
        lines += ["", f"missed ({len(every.misses)}):", *every.misses, "", f"false ({len(every.vain)}):", *every.vain]
        lines += ["", f"false in forms ({len(vain.places)}):", *vain.places]
    return "\n".join(lines)


def parts(sentences: Sequence[Sentence]) -> list[Score]:
    """All, then each half, then each hand's."""
    made = [evaluate(sentences, "all")]
    made += [evaluate([one for one in sentences if one.half == half], half) for half in HALVES]
    hands = list(dict.fromkeys(one.hand for one in sentences))
    for hand in hands if len(hands) > 1 else ():
        for half in HALVES:
            here = [one for one in sentences if one.hand == hand and one.half == half]
            made.append(evaluate(here, f"{hand} {half}"))
    return made
