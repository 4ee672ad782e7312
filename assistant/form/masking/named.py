"""Persons a comment names, for judging the comment: only what is sure, by words alone, without the tagger."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.form.masking.words import any_of, characters, words

_TITLED = (
    r"(?<![一-鿿])(?:(?:由|请|经|与|和|及|找|向|对|即|是|为|原|现任|联系|其中|包括|以及)?)"
    r"(?P<name>[%s][一-鿿]{0,2}?)(?P<title>%s|工)(?![一-鿿]?(?:岗|位|部门|负责制|会议|办公|培训|室))"
)
"""王局长, 由李建国副主任: a surname, perhaps with the name, and a title, where a phrase begins."""
_LABELLED = (
    r"(?:联系人|负责人|填报人|填表人|经办人|审核人|复核人|制表人|组长|组员|评价人员|评价人|分管领导|法定代表人|主管领导|签字|姓名)"
    r"\s*(?:[：:]|为|是)\s*(?P<name>[%s][一-鿿]{1,2})(?=[，。；、,;（(\s]|$)"
)
_ASKED = (
    r"(?:请|由|经|与|找|联系|据)(?P<name>[%s][一-鿿]{1,2}?)"
    r"(?=说明|核实|核对|更正|补充|确认|负责|签字|填报|填写|复核|审核|提供|牵头|介绍|反映|汇报|承办|同志)"
)
"""请李建国说明: a surname and a name asked to do something."""


def persons_in(text: str) -> list[str]:
    """Persons a text names by title, by label or by what they are asked to do."""
    found = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            name, title = match["name"], match.groupdict().get("title") or ""
            if {name, name[:2], name + title} & words("stays.words"):
                continue
            found.append(name if len(name) > 1 else name + title)
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    surnames = characters("surnames.plain") | characters("surnames.also_words")
    said = "".join(sorted(surnames - characters("surnames.small_words")))
    return re.compile(_LABELLED % said), re.compile(_TITLED % (said, any_of("titles.long"))), re.compile(_ASKED % said)
