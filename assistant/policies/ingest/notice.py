"""What stands around the clauses of a text: the notice that brings it, signature, annexes, what a web page adds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.policies.ingest.lines import CJK, SIGNED, SIGNED_DATE, WHOLE_DATE, compact
from assistant.policies.ingest.official_text import Body, Unit

_CLOSING = re.compile(
    r"(?:附件|附表|附)\s*[0-9０-９一二三四五六七八九十]*\s*[:：.、]|附件?\s*[0-9０-９一二三四五六七八九十]+(?![条款项])|附件$|抄送|信息公开选项"
    r"|[（(]此件|上一篇|下一篇|打印|关闭窗口|分享到|扫一扫|责任编辑|主办单位|承办单位|版权所有|网站地图|网站标识码|备案号|来源[:：]"
)
ANNEX = re.compile(r"附\s*件?\s*[0-9０-９一二三四五六七八九十]*\s*(?:[:：.、]|$)")
ISSUES = re.compile(r"现[^。]{0,10}(?:印发|发布|公布|转发)|印发给你们")
ASKS = re.compile(r"(?:通知|意见)如下|有关(?:事项|要求|工作)")


def without_closing(unit: Unit) -> tuple[Unit, list[str]]:
    """The last clause without signature, date, annexes and what a web page adds; and these lines."""
    kept = unit.text.split("\n")
    for at, line in enumerate(kept[1:], 1):
        signed = SIGNED.fullmatch(line) and len(line) <= 40
        if _CLOSING.match(line) or signed or WHOLE_DATE.fullmatch(compact(line)) or SIGNED_DATE.fullmatch(line):
            return Unit(unit.key, unit.article, "\n".join(kept[:at]), unit.chapter), kept[at:]
    return unit, []


def chosen(bodies: Sequence[Body], lines: Sequence[str]) -> Body | None:
    """Of several texts in a file the longest; of a notice that only brings another one, the text it brings."""
    longest = max(bodies, key=lambda body: len(body.units), default=None)
    if longest is None or len(bodies) < 2:
        return longest
    annexes = [at for at, line in enumerate(lines) if ANNEX.match(line)]
    opening = "\n".join(lines[: bodies[0].first])
    if annexes and ISSUES.search(opening) and not ASKS.search(opening):
        brought = [body for body in bodies if body.first > annexes[0] and len(body.units) > 1]
        return max(brought, key=lambda body: len(body.units), default=longest)
    return longest


def signatures(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Who signed and the day, where both stand on a line or one below the other; in print order."""
    found = []
    for at, line in enumerate(lines):
        together = SIGNED_DATE.fullmatch(line)
        below = compact(lines[at + 1]) if at + 1 < len(lines) else ""
        if together:
            found.append((signers(together["by"]), together["day"]))
        elif SIGNED.fullmatch(line) and WHOLE_DATE.fullmatch(below):
            found.append((signers(line), below))
    return found


_TWO_ISSUERS = re.compile(rf"(?<=[部局厅委会署院府室])(?!\s*员)[\s\u3000]+(?=[{CJK}])")


def signers(line: str) -> str:
    return " ".join(compact(part) for part in _TWO_ISSUERS.split(line.strip()))
