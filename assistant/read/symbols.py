"""What symbol fonts draw at a code: ≥ and tick boxes in forms are often typed that way.

Used by `word.py`, `pdf.py` and `text.py`. Such characters come as plain codes (0xB3) or in the private area of
Unicode (0xF0B3) together with the name of the font.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_SYMBOL = {
    0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "·", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
}  # fmt: skip
_WINGDINGS = {0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
_WINGDINGS_2 = {
    0x2A: "□", 0x30: "□", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□",
}  # fmt: skip
_FONTS = (("wingdings2", _WINGDINGS_2), ("wingdings", _WINGDINGS), ("symbol", _SYMBOL))


# The characters that the radicals from U+2E80 on stand for; Unicode itself names them for two of these only.
_RADICALS = (
    "冫厂乙亅乚亻冂几刀刂卜㔾小小兀尣尢尢巳幺彑彐忄心扌攵 旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒网"
    "网网羊羊羊耂肀聿肉臼艹艹艹虎衤西西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦"
    "黄黾斉齐歯齿竜龙龜亀龟"
)
_RADICAL = re.compile("[\u2e80-\u2fdf]")


def plain(text: str) -> str:
    """The text with the characters that radicals stand for: some fonts, and what is copied from them, have ⽉ or ⻓ for 月, 长."""
    return _RADICAL.sub(_unradical, text)


def _unradical(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code >= 0x2F00:
        return normalize("NFKC", match[0])
    return _RADICALS[code - 0x2E80].strip() or match[0] if code - 0x2E80 < len(_RADICALS) else match[0]


def drawn(code: int, font: str) -> str:
    """The character seen; nothing for a private code of a font that is not known."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    plain = font.rpartition("+")[2].replace(" ", "").replace("-", "").lower()
    for name, table in _FONTS:
        if plain.startswith(name) and low in table:
            return table[low]
    return chr(low) if 0x20 <= low < 0x7F or not 0xE000 <= code < 0xF900 else ""
