"""What is said of findings that are held because the form was not read whole: to the reviewer, never to the unit."""

from __future__ import annotations

from assistant.form.finding import Held
from assistant.form.form import label
from assistant.text.quotation import quoted, shortened

HELD = "读取不确定，没有作为问题提出，请核对原件后再定"
_MOST_NAMED = 6


def look_at_the_original(held: list[Held]) -> list[str]:
    """The one remark to the reviewer where findings are held: the texts that could not be placed, and what they keep open."""
    texts = list(dict.fromkeys(f"{one.place}{quoted(shortened(one.text))}" if one.text else one.reason for one in held))
    fields = list(dict.fromkeys(label(one.finding.field) for one in held))
    if not held:
        return []
    named = ["、".join(many[:_MOST_NAMED]) + ("等" if len(many) > _MOST_NAMED else "") for many in (texts, fields)]
    return [f"此处读取不确定，请核对原件：{named[0]}。是否缺少以下内容因此没有判断：{named[1]}。"]
