"""Names of units and projects, made comparable: 霁川县水利局（本级） and 霁川县水利局 are one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.batch.screening import Names
from assistant.text import bare

NAMELESS = "（未填项目名称）"
"""What a form without a name is called."""
_YEAR = re.compile(r"^(?:19|20)\d\d(?:年度?)?")


def project_key(name: str, names: Names) -> str:
    """Empty where the form has no name."""
    return _without(_YEAR.sub("", _kept(name, names)) or _kept(name, names), names.endings)


def unit_key(name: str, names: Names) -> str:
    return _without(_kept(name, names), names.departments)


def _kept(name: str, names: Names) -> str:
    return bare(name).translate(dict.fromkeys(map(ord, names.dropped)))


def _without(key: str, endings: Sequence[str]) -> str:
    """The key without these words at its end, one after the other; a name that consists of them stays."""
    ends = sorted({bare(ending) for ending in endings}, key=lambda end: (-len(end), end))
    while True:
        shorter = next((key[: -len(end)] for end in ends if end and key.endswith(end) and len(key) > len(end)), None)
        if shorter is None:
            return key
        key = shorter
