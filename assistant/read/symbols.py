"""What symbol fonts draw at a code: ≥ and tick boxes in forms are often typed that way.

Used by `word.py` and `pdf.py`. Such characters come as plain codes (0xB3) or in the private area of
Unicode (0xF0B3) together with the name of the font.
"""

from __future__ import annotations

_SYMBOL = {
    0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "·", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
}  # fmt: skip
_WINGDINGS = {0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"}
_WINGDINGS_2 = {
    0x2A: "□", 0x30: "□", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□",
}  # fmt: skip
_FONTS = (("wingdings2", _WINGDINGS_2), ("wingdings", _WINGDINGS), ("symbol", _SYMBOL))


def drawn(code: int, font: str) -> str:
    """The character seen; nothing for a private code of a font that is not known."""
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    plain = font.rpartition("+")[2].replace(" ", "").replace("-", "").lower()
    for name, table in _FONTS:
        if plain.startswith(name) and low in table:
            return table[low]
    return chr(low) if 0x20 <= low < 0x7F or not 0xE000 <= code < 0xF900 else ""
