"""A budget list (.xlsx) and what the forms say against it: other amounts (X04), projects without a form, forms of no listed
project (X05)."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError as XmlError

from assistant.batch.cross_finding import CrossFinding, Key, key_of
from assistant.batch.names import project_key, unit_key
from assistant.batch.screened import Screened
from assistant.batch.screening import ListHeads, Screening
from assistant.errors import SettingsError
from assistant.form.finding import plain
from assistant.text import amount_wan, bare

_MONEY_UNIT = re.compile(r"(万元|亿元|千元|元)")
_OF_MONEY = re.compile(r"(?:金额|计量)?单位(?:人民币)?(?:万元|亿元|千元|元)|^(?:金额|计量|货币)单位$")
"""Where the word for a unit means that of the money."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: the amount in 万元. `unit` or `project` is empty where the list has no such column."""

    unit: str
    project: str
    amount_wan: Decimal


@dataclass(frozen=True, slots=True)
class BudgetList:
    """`skipped` counts lines that name a project and have no readable amount."""

    lines: tuple[Listed, ...]
    skipped: int


def read(path: Path, heads: ListHeads) -> BudgetList:
    """The first sheet whose heading names a project or a unit, and an amount. Raises `SettingsError` where there is none."""
    return _read(path, path.name, heads)


def given(data: bytes, name: str, heads: ListHeads) -> BudgetList:
    """`read` for a list that was handed in."""
    return _read(io.BytesIO(data), name, heads)


def _read(file: Path | io.BytesIO, name: str, heads: ListHeads) -> BudgetList:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, XmlError) as error:
        raise SettingsError(
            f"无法读取预算清单 {name}。请检查路径，并确认是没有密码的 xlsx 文件（xls 请另存为 xlsx）。"
        ) from error
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write a size that leaves rows out
            found = _of_sheet([list(row) for row in sheet.iter_rows(values_only=True)], heads)
            if found is not None:
                return found
    finally:
        book.close()
    raise SettingsError(
        f"预算清单 {name} 的前{heads.header_rows}行中没有找到表头。表头应有项目名称（或单位）和预算数；"
        "其他写法请写入预审口径的 budget_list。"
    )


def _of_sheet(rows: Sequence[Sequence[Any]], heads: ListHeads) -> BudgetList | None:
    for at, row in enumerate(rows[: heads.header_rows]):
        columns = _columns(row, heads)
        if "amount" in columns and ("unit" in columns or "project" in columns):
            head = _said(row, columns["amount"])
            captions = ["".join(_text(value) for value in above) for above in rows[:at]]
            return _lines(rows[at + 1 :], columns, _money_unit([head, *reversed(captions)]), heads)
    return None


def _columns(row: Sequence[Any], heads: ListHeads) -> dict[str, int]:
    """Which column is which; the surest word first, no column twice."""
    titles = {at: text for at, value in enumerate(row) if (text := _OF_MONEY.sub("", bare(_text(value))))}
    columns: dict[str, int] = {}
    for role, words in (("unit", heads.unit), ("project", heads.project), ("amount", heads.amount)):
        free = {at: text for at, text in titles.items() if at not in columns.values()}
        for word in words:
            if (at := next((at for at, text in free.items() if word in text), None)) is not None:
                columns[role] = at
                break
    return columns


def _money_unit(texts: Iterable[str]) -> str:
    """As the heading of the amounts says, else what stands above it nearest; 万元 where nobody says."""
    return next((match[1] for text in texts if (match := _MONEY_UNIT.search(text))), "万元")


def _lines(rows: Sequence[Sequence[Any]], columns: dict[str, int], money: str, heads: ListHeads) -> BudgetList:
    lines, skipped, unit = [], 0, ""
    for row in rows:
        own = {role: _said(row, at) for role, at in columns.items()}
        named = own.get("unit", "") + own.get("project", "")
        if not named or any(
            word in bare(text) for text in (own.get("unit", ""), own.get("project", "")) for word in heads.totals
        ):
            continue
        unit = own.get("unit") or unit  # the unit of several projects is printed once, in a merged cell
        amount = amount_wan(own["amount"], money)
        if amount is None:
            skipped += 1
        else:
            lines.append(Listed(unit, own.get("project", ""), amount))
    return BudgetList(tuple(lines), skipped)


def _said(row: Sequence[Any], at: int) -> str:
    return _text(row[at]) if at < len(row) else ""


def _text(value: Any) -> str:
    """Binary fractions of a workbook are rounded off: 12.600000000000001 was typed as 12.6."""
    if isinstance(value, float):
        return format(Decimal(str(round(value, 6))), "f")
    return "" if value is None else str(value).strip()


# --- against the forms -----------------------------------------------------------------------


def against(forms: Sequence[Screened], listed: BudgetList, screening: Screening) -> list[CrossFinding]:
    """Lines of one project are added up (several kinds of money); lines without a project are the total of their unit."""
    projects: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    units: dict[str, list[Listed]] = defaultdict(list)
    for line in listed.lines:
        unit, project = unit_key(line.unit, screening.names), project_key(line.project, screening.names)
        if project:
            projects[unit, project].append(line)
        else:
            units[unit].append(line)
    met: dict[tuple[str, str], list[Screened]] = defaultdict(list)
    strange = []
    for form in forms:
        key = _line_of(form, projects, screening)
        if key is None:
            strange.append(form)
        else:
            met[key].append(form)
    found = list(_other_amounts(projects, met, screening))
    found += _unit_totals(units, forms, screening)
    found += _without_form(projects, met, screening)
    if projects:
        found += _not_listed(strange, screening)
    return found


def _line_of(
    form: Screened, projects: dict[tuple[str, str], list[Listed]], screening: Screening
) -> tuple[str, str] | None:
    """The project by its unit, else by its department, else by its name alone where only one line has it."""
    project = project_key(form.project, screening.names)
    for name in (form.unit, form.department):
        if (key := (unit_key(name, screening.names), project)) in projects:
            return key
    alone = [key for key in projects if key[1] == project]
    return alone[0] if len(alone) == 1 else None


def _other_amounts(
    projects: dict[tuple[str, str], list[Listed]], met: dict[tuple[str, str], list[Screened]], screening: Screening
) -> Iterator[CrossFinding]:
    for key, lines in projects.items():
        due = sum((line.amount_wan for line in lines), Decimal(0))
        for form in met.get(key, []):
            budget = form.known_wan("budget")
            if budget is not None and _differs(budget, due, screening):
                message = f"“{form.project}”预算数填{plain(budget)}万元，预算清单为{plain(due)}万元。"
                yield CrossFinding("X04", screening.across.X04.severity, message, (key_of(form),))


def _unit_totals(
    units: dict[str, list[Listed]], forms: Sequence[Screened], screening: Screening
) -> Iterator[CrossFinding]:
    """Silent where an amount of the unit is unknown: the sum would be wrong."""
    for unit, lines in units.items():
        own = [form for form in forms if unit and unit_key(form.unit, screening.names) == unit]
        budgets = [form.known_wan("budget") for form in own]
        due = sum((line.amount_wan for line in lines), Decimal(0))
        if not own:
            yield CrossFinding("X05", screening.across.X05.severity, f"预算清单中的{lines[0].unit}没有报送自评表。", ())
        elif None not in budgets:
            total = sum((budget for budget in budgets if budget is not None), Decimal(0))
            if _differs(total, due, screening):
                message = f"{lines[0].unit}{len(own)}张表预算数合计{plain(total)}万元，预算清单为{plain(due)}万元。"
                yield CrossFinding("X04", screening.across.X04.severity, message, _keys(own))


def _without_form(
    projects: dict[tuple[str, str], list[Listed]], met: dict[tuple[str, str], list[Screened]], screening: Screening
) -> Iterator[CrossFinding]:
    for key, lines in projects.items():
        if key not in met:
            due = sum((line.amount_wan for line in lines), Decimal(0))
            unit = f"{lines[0].unit}，" if lines[0].unit else ""
            message = f"预算清单中的“{lines[0].project}”（{unit}{plain(due)}万元）没有报送自评表。"
            yield CrossFinding("X05", screening.across.X05.severity, message, ())


def _not_listed(forms: Sequence[Screened], screening: Screening) -> Iterator[CrossFinding]:
    for form in forms:
        name = f"“{form.project}”" if form.project else "未写项目名称的自评表"
        yield CrossFinding("X05", screening.across.X05.severity, f"预算清单中没有{name}。", (key_of(form),))


def _differs(stated: Decimal, due: Decimal, screening: Screening) -> bool:
    setting = screening.across.X04
    return abs(stated - due) > max(setting.wan, setting.share * abs(due))


def _keys(forms: Iterable[Screened]) -> tuple[Key, ...]:
    return tuple(map(key_of, forms))
