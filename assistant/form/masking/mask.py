"""The persons and numbers of one form -> tokens, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.form.form import Form
from assistant.form.masking.view import CHINESE, Span, folded, joined
from assistant.form.masking.words import any_of, ends, words

_NAME_CELLS = ("basic.leader", "filler.name")
_PHONE_CELLS = ("basic.phone", "filler.phone")
_PIECE = re.compile(rf"[{CHINESE}·]+|[A-Za-z][A-Za-z .'-]+[A-Za-z]")
_CHINESE_ONLY = re.compile(rf"[{CHINESE}·]+")
_UNIT = re.compile(r"(?:局|科|处|股|室|部|办|办公室|中心|公司|委员会|街道|镇|乡|村|学校|医院|队|站|所|院)$")
_PHONE = re.compile(r"\d[\d ()./-]{4,}\d")
_AREA = re.compile(r"\(?0\d{2,3}\)?[ -]?(?=\d{7,8}(?!\d))")
_TOKEN = re.compile(r"(?:PERSON|NUMBER)_\d+(?:_\d+)?")
_STOP = ";"
_AFTER = re.compile(rf"{_STOP}?[\d_]")
_STOPPED = re.compile(rf"({_TOKEN.pattern})(?:{_STOP}(?={_AFTER.pattern}))?")
"""王秀英600元 is PERSON_1;600元, for PERSON_1600 would be somebody else."""
_CUT_TOKEN = re.compile(r"(?:PERSON|NUMBER)_[\d_]*$")
_BETWEEN = r"[\s.()/_-]{0,3}"
_CUT = r"(?=…|\.\.\.)"
_FEWEST = {"PERSON": 2, "NUMBER": 4}
"""So many characters of a name or number before an ellipsis still tell whose it is."""


class Mask:
    """The persons of one form. The same person keeps the same token in every text of the form.

    Known by their cells (leader, filler, evaluators, their phones), however these are spelt elsewhere; and found in
    any text by `persons` and `numbers`. Another spelling of somebody known gets a token of its own that says so:
    王建国 is PERSON_1, 王 before 局长 PERSON_1_2, so that a quotation comes back word for word. Tokens are handed out
    when the mask is made, so that a form masked on another day gets the same ones. With `on` false nothing is hidden,
    and nothing of what finds names is loaded.
    """

    def __init__(self, form: Form | None = None, *, on: bool = True):
        self._on = on
        self._tokens: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._everywhere: dict[tuple[str, str], None] = {}
        self._written: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        if form is None:
            return
        texts = [text for _, text in form.walk()]
        self._written = {token for text in texts for token in _TOKEN.findall(text)}
        if on:
            self._take(form, texts)

    def _take(self, form: Form, texts: list[str]) -> None:
        cells = [form.get(path) for path in _NAME_CELLS] + [person.name for person in form.evaluators]
        for name in _names(cell for cell in cells if cell):
            self._token("PERSON", name, everywhere=True)
        for path in _PHONE_CELLS:
            for number in _PHONE.findall(folded(form.get(path) or "").text):
                self._token("NUMBER", number, everywhere=True)
                if local := _AREA.match(number):  # told without the area code, or with it in brackets
                    self._token("NUMBER", number[local.end() :], everywhere=True)
        for token in sorted(self._written):  # so written in the form itself: nobody's, and it stays what it is
            self._token("NUMBER", token)
        from assistant.form.masking.persons import persons, spreads

        texts += [text for one in form.evaluators for text in (one.title, one.organization) if text]
        for text in texts:
            for start, end in persons(text):
                self._token("PERSON", text[start:end], everywhere=spreads(folded(text[start:end]).text))
        self._pattern = _any_of(self._everywhere)
        for text in texts:
            self.hide(text)

    def hide(self, text: str) -> str:
        if not self._on:
            return text
        made, last = [], 0
        for start, end, kind in self._spans(text):
            made += [text[last:start], self._token(kind, text[start:end])]
            if _AFTER.match(text, end):
                made.append(_STOP)
            last = end
        return "".join(made) + text[last:]

    def beginning(self, text: str, room: int) -> str:
        """The first `room` characters of the text, hidden before it is cut: half a name is a name."""
        hidden = self.hide(text)
        return hidden if len(hidden) <= room else _CUT_TOKEN.sub("", hidden[:room])

    def show(self, text: str) -> str:
        return _STOPPED.sub(lambda match: self._originals.get(match[1], match[0]), text)

    def leftover(self, text: str) -> list[str]:
        """Tokens left in a text that was shown: they stand for nobody, the model made them up. Those of the form's own
        text do not count."""
        return [token for token in _TOKEN.findall(text) if token not in self._written]

    def spans(self, text: str) -> list[Span]:
        """What is hidden of a text, for measuring."""
        return [(start, end) for start, end, _ in self._spans(text)] if self._on else []

    # --- what is hidden

    def _spans(self, text: str) -> list[tuple[int, int, str]]:
        """Without overlaps, in print order. Tokens a text holds already stay, but for those the form itself writes."""
        from assistant.form.masking.numbers import numbers
        from assistant.form.masking.persons import persons

        view = folded(text)
        tokens = [match.span() for match in _TOKEN.finditer(text) if match[0] not in self._written]
        sure: list[tuple[int, int, str]] = [
            (*match.span(), "NUMBER") for match in _TOKEN.finditer(text) if match[0] in self._written
        ]
        sure += [(start, end, "NUMBER") for start, end in numbers(text)]
        if self._pattern:
            for match in self._pattern.finditer(view.text):
                if match.end() > match.start():
                    sure.append((*view.span(*match.span()), "PERSON" if match["PERSON"] is not None else "NUMBER"))
        found = _apart([one for one in sure if not _touches(one[:2], tokens)])
        for start, end in persons(text):
            found += [
                (*rest, "PERSON")
                for rest in _outside((start, end), found)
                if not _touches(rest, tokens) and ((*rest,) == (start, end) or rest[1] - rest[0] > 1)
            ]
        return sorted(found)

    def _token(self, kind: str, original: str, *, everywhere: bool = False) -> str:
        plain = "".join(folded(original).text.split())
        key = kind, plain
        if everywhere and len(plain) >= _FEWEST[kind]:
            self._everywhere[key] = None
        if key not in self._tokens:
            first = self._spelt_otherwise(kind, plain)
            if first:
                number = 2 + sum(token.startswith(f"{first}_") for token in self._tokens.values())
                token = f"{first}_{number}"
            else:
                firsts = sum(token.startswith(kind) and token.count("_") == 1 for token in self._tokens.values())
                token = f"{kind}_{firsts + 1}"
            self._tokens[key] = token
            self._originals[token] = re.sub(r"\s+", "", original) if _CHINESE_ONLY.fullmatch(plain) else original
        return self._tokens[key]

    def _spelt_otherwise(self, kind: str, plain: str) -> str:
        """The token of whoever this is another spelling of, if that is one only."""
        if kind == "NUMBER":
            same = {
                _first(token)
                for (_, other), token in self._tokens.items()
                if token.startswith(kind) and _digits(plain) and _same_number(_digits(other), _digits(plain))
            }
        elif len(plain) == 2:
            same = {
                _first(token)
                for (_, other), token in self._tokens.items()
                if token.startswith(kind) and len(other) == 3 and other[1:] == plain
            }
        elif len(plain) == 1:
            same = {
                _first(token)
                for (_, other), token in self._tokens.items()
                if token.startswith(kind) and len(other) > 1 and other[0] == plain
            }
        else:
            same = {
                _first(token)
                for (_, other), token in self._tokens.items()
                if token.startswith(kind) and "·" in f"{other}{plain}" and plain in (other, *other.split("·"))
            }
        return same.pop() if len(same) == 1 else ""


def _first(token: str) -> str:
    return "_".join(token.split("_")[:2])


def _same_number(one: str, other: str) -> bool:
    return one == other or (
        min(len(one), len(other)) in (7, 8) and bool(one) and one[-7:] == other[-7:] and "0" in (one[0], other[0])
    )


def _digits(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return digits if len(digits) >= 7 else ""


def _names(cells: Iterable[str]) -> Iterator[str]:
    """The names in cells that hold nothing else: 周　远; 王芳、李强; 王建国（主任）."""
    for cell in cells:
        for part in re.split(r"[^\w\s·.'-]|_|\d+", folded(cell).text):
            pieces: list[str] = []
            for piece in part.split():
                both_short = pieces and (len(pieces[-1]) == 1 or len(piece) == 1) and _CHINESE_ONLY.match(piece)
                latin = pieces and re.match("[A-Za-z]", piece) and re.search("[A-Za-z]$", pieces[-1])
                if both_short or latin:
                    pieces[-1] += f" {piece}" if latin else piece
                else:
                    pieces.append(piece)
            for piece in pieces:
                for match in _PIECE.finditer(piece):
                    name = match[0]
                    while (
                        len(name) > 2 and (title := ends(name, len(name), "titles.long")) and len(name) - len(title) > 1
                    ):
                        name = name[: -len(title)]
                    if len(name) < 2 or name in words("titles.long") or name in words("roles"):
                        continue
                    if len(name) > 3 and _UNIT.search(name):
                        continue
                    yield name


def _any_of(known: Iterable[tuple[str, str]]) -> re.Pattern[str] | None:
    """Any of these as a text may print it, spaced, set apart or broken off before an ellipsis; the longest first."""
    spelt: dict[str, list[str]] = {"PERSON": [], "NUMBER": []}
    for kind, plain in sorted(known, key=lambda one: -len(one[1])):
        characters = [one for one in plain if kind == "PERSON" or one.isalnum()]
        between = r"\s*" if kind == "PERSON" else _BETWEEN
        whole = between.join(map(re.escape, characters))
        if kind == "NUMBER":
            whole = rf"(?<!\d){whole}(?:\d{{1,4}})?(?!\d)"  # with an extension run on
        spelt[kind].append(whole)
    for kind, plain in sorted(known, key=lambda one: -len(one[1])):
        characters = [one for one in plain if kind == "PERSON" or one.isalnum()]
        between = r"\s*" if kind == "PERSON" else _BETWEEN
        spelt[kind] += [
            between.join(map(re.escape, characters[:length])) + _CUT
            for length in range(len(characters) - 1, _FEWEST[kind] - 1, -1)
        ]
    for kind, plain in known:  # 建国同志, of 王建国
        if kind == "PERSON" and len(plain) == 3 and _CHINESE_ONLY.fullmatch(plain):
            spelt[kind].append(rf"{re.escape(plain[1:])}(?=(?:{any_of('titles.long')})|本人)")
    parts = [f"(?P<{kind}>{'|'.join(spelt[kind]) or '(?!)'})" for kind in spelt]
    return re.compile("|".join(parts), re.IGNORECASE) if any(spelt.values()) else None


def _touches(span: tuple[int, ...], others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _apart(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Overlaps become one, of the kind that begins first."""
    made: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found, key=lambda one: (one[0], -one[1])):
        if made and start < made[-1][1]:
            made[-1] = made[-1][0], max(end, made[-1][1]), made[-1][2]
        else:
            made.append((start, end, kind))
    return made


def _outside(span: Span, others: Iterable[tuple[int, int, str]]) -> list[Span]:
    """What of a span no other covers."""
    rest = [span]
    for start, end, _ in others:
        rest = [
            piece
            for one in rest
            for piece in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))
            if piece[0] < piece[1] and (start < one[1] and one[0] < end)
        ] + [one for one in rest if not (start < one[1] and one[0] < end)]
    return joined(rest)
