"""Names and numbers of persons -> tokens, and back: what leaves the machine carries none of them."""

from __future__ import annotations

import re

from assistant.form import Form

_NAME_CELLS = ("basic.leader", "filler.name")
_PHONE_CELLS = ("basic.phone", "filler.phone")
_NAME = re.compile(r"[一-鿿·]{2,10}|[A-Za-z][A-Za-z .'-]+[A-Za-z]")
_NUMBER = re.compile(
    r"(?<!\d)(?:"
    r"\d{17}[\dXx]"  # identity card
    r"|(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|[(（]?0\d{2,3}[)）]?[- —－]?\d{7,8}"
    r")(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_TOKEN = re.compile(r"(?:PERSON|NUMBER)_\d+")


class Mask:
    """The persons of one form. The same person keeps the same token in every text of the form.

    Known by their cells: leader, filler, evaluators, their phones; any other phone, identity card
    or mail address is known by its shape.
    """

    def __init__(self, form: Form):
        self._tokens: dict[str, str] = {}
        names = [form.get(path) for path in _NAME_CELLS] + [person.name for person in form.evaluators]
        for cell in names:
            for name in _NAME.findall(cell or ""):
                self._token("PERSON", name)
        for path in _PHONE_CELLS:
            for number in re.findall(r"\d[\d -]{4,}\d", form.get(path) or ""):
                self._token("NUMBER", number)

    def hide(self, text: str) -> str:
        for known in sorted(self._tokens, key=len, reverse=True):
            text = text.replace(known, self._tokens[known])
        return _NUMBER.sub(lambda match: self._token("NUMBER", match[0]), text)

    def show(self, text: str) -> str:
        originals = {token: original for original, token in self._tokens.items()}
        return _TOKEN.sub(lambda match: originals.get(match[0], match[0]), text)

    def _token(self, kind: str, original: str) -> str:
        if original not in self._tokens:
            self._tokens[original] = f"{kind}_{sum(token.startswith(kind) for token in self._tokens.values()) + 1}"
        return self._tokens[original]


def leftover_tokens(text: str) -> list[str]:
    """Tokens that stand for nobody: the model made them up."""
    return _TOKEN.findall(text)
