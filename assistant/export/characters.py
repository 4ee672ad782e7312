"""Characters that Word and Excel files cannot hold."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def storable(text: str) -> str:
    """The text without control characters and the like; XML has no way to write them."""
    return _UNSTORABLE.sub("", text)
