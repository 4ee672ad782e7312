"""文号: 财预〔2020〕10号 in all its spellings, 国务院令第729号. One spelling, so that two numbers can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from assistant.text import numerals

_CJK = "一-鿿"
_YEARED = re.compile(
    rf"(?P<code>[{_CJK}]{{1,20}})\s*[〔\[(（【﹝［〈<{{｛]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])）】﹞］〉>}}｝]\s*第?\s*(?P<serial>\d{{1,5}})\s*号"
)
_ORDER = re.compile(
    rf"(?P<code>[{_CJK}]{{0,20}}?(?:国务院|主席|委员会|政府|部|局|署|厅)令)\s*[（(]?\s*第?\s*(?P<serial>\d{{1,5}}|[{numerals.NUMERALS}]+)\s*号"
)
_BEFORE_CODE = re.compile(r"^.*(?:文件|通知|意见|办法|规定|文号|字号|根据|按照)(?=.)")


class Number(NamedTuple):
    """`code` is the issuer's mark (财预, 国务院令); `year` is empty for orders, which are counted on."""

    code: str
    year: str
    serial: str

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号" if self.year else f"{self.code}第{self.serial}号"


def numbers_in(text: str) -> Iterator[tuple[Number, str, str]]:
    """Each number of a text with what stands before and after it."""
    folded = _folded(text)
    for found in _YEARED.finditer(folded):
        code = _BEFORE_CODE.sub("", found["code"])
        if code:
            before = folded[: found.start()] + found["code"].removesuffix(code)
            yield Number(code, found["year"], str(int(found["serial"]))), before, folded[found.end() :]
    for found in _ORDER.finditer(folded):
        code = found["code"].removeprefix("中华人民共和国")
        serial = numerals.ordinal(found["serial"])
        yield Number(code, "", str(serial)), folded[: found.start()], folded[found.end() :]


def number_in(text: str) -> Number | None:
    """The first number of a text."""
    return next((number for number, _, _ in numbers_in(text)), None)


def _folded(text: str) -> str:
    """Full-width digits as digits; brackets stay as they are, whatever kind."""
    return "".join(unicodedata.normalize("NFKC", one) if one.isdigit() else one for one in text)
