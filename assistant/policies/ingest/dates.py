"""Dates of an official text: when it was issued, from when it holds, for which years, and what ends with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.policies.document_number import numbers_in
from assistant.policies.ingest.lines import DATE, WHOLE_DATE, compact
from assistant.policies.ingest.naming import labelled
from assistant.policies.ingest.notice import signatures
from assistant.text import numerals

_ISSUED_LABEL = re.compile(r"(?:成文日期|印发日期|发文日期|颁布日期|公布日期)\s*[】\]]?\s*[:：|\t ]\s*")
_SHOWN_LABEL = re.compile(r"(?:发布日期|发布时间|日期)\s*[】\]]?\s*[:：|\t ]\s*")
_IN_FORCE_LABEL = re.compile(r"(?:施行日期|实施日期|生效日期)\s*[】\]]?\s*[:：|\t ]\s*")
_ADOPTED = re.compile(r"(?:通过|公布|修正|修订|发布|施行|印发)")
_WITH_SOURCE = re.compile(rf"{DATE.pattern}[\s\u3000|]*(?:来源|信息来源|作者|字号|浏览)")


def issued(head: Sequence[str], closing: Sequence[str]) -> str:
    """The day it was issued, ISO; of a law amended since, the day of the last amendment.

    What a page says of the day it was put up counts only where nothing else is said.
    """
    day = _labelled_date(head, _ISSUED_LABEL)
    if day:
        return day
    for lines in (closing, head):
        for _, signed in signatures(lines):
            if day := iso(DATE.search(signed)):
                return day
    for lines in (closing, head):
        for line in lines:
            if WHOLE_DATE.fullmatch(compact(line)):
                return iso(DATE.search(compact(line)))
    dates = [iso(match) for line in head if _ADOPTED.search(line) for match in DATE.finditer(compact(line))]
    day = max(filter(None, dates), default="") or _labelled_date(head, _SHOWN_LABEL)
    if day:
        return day
    return next((iso(found) for line in head if (found := _WITH_SOURCE.match(compact(line)))), "")


def _labelled_date(head: Sequence[str], label: re.Pattern[str]) -> str:
    return iso(DATE.search(labelled(head, label)))


def iso(found: re.Match[str] | None) -> str:
    if not found:
        return ""
    year, month, day = (numerals.ordinal(part) for part in found.groups()[-3:])
    known = year and month and day and 1900 < year < 2200 and month <= 12 and day <= 31
    return f"{year:04d}-{month:02d}-{day:02d}" if known else ""


_FROM_DAY = re.compile(r"自\s*(?P<day>[^，。；自]{6,16}?日)?\s*(?:起|开始)\s*(?:正式)?(?:施行|实施|执行|生效)")
_FROM_ISSUE = re.compile(r"自(?:印发|发布|公布|下发|颁布)之日起\s*(?:正式)?(?:施行|实施|执行|生效|\d+日后)")
_UNTIL = re.compile(r"有效期(?:至|到)\s*(?P<year>(?:19|20)\d\d)年")
_OF_YEAR = re.compile(r"((?:19|20)\d\d)\s*年(?:度)?(?!\s*\d{1,2}\s*月)(?=[^，。]{0,30}(?:自评|评价|考核|决算|绩效))")


def in_force(text: str, date: str, head: Sequence[str]) -> str:
    """The day it takes effect as its last clauses say, ISO; empty where they do not."""
    ending = text[-1500:]
    found = [match for match in _FROM_DAY.finditer(ending) if match["day"]]
    day = iso(DATE.search(found[-1]["day"])) if found else ""
    return day or (date if _FROM_ISSUE.search(ending) else "") or _labelled_date(head, _IN_FORCE_LABEL)


def years(title: str, text: str) -> tuple[int | None, int | None]:
    """The evaluation years the text names: those of a notice for one year, or the end of its validity."""
    of = _OF_YEAR.search(title)
    if of:
        return int(of[1]), int(of[1])
    until = _UNTIL.search(text)
    return None, int(until["year"]) if until else None


def repealed(ending: str) -> tuple[str, ...]:
    """Numbers of the documents that end with this one."""
    sentences = [
        one for one in re.split(r"[。\n]", ending) if "同时废止" in one or "即行废止" in one or "停止执行" in one
    ]
    return tuple(str(number) for one in sentences for number, _, _ in numbers_in(one))
