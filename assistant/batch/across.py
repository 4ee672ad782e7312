"""All screened forms of a run -> what only many forms together show (X01 to X06)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from assistant.batch.alike import groups
from assistant.batch.budget_list import BudgetList, against
from assistant.batch.cross_finding import CrossFinding, Key, key_of
from assistant.batch.names import project_key, unit_key
from assistant.batch.screened import TEXTS, Screened
from assistant.batch.screening import Screening
from assistant.form.finding import plain
from assistant.form.form import label
from assistant.text import bare

SHOWN = 24
"""Characters of a shared text that a message quotes."""


def across(forms: Iterable[Screened], screening: Screening, listed: BudgetList | None = None) -> list[CrossFinding]:
    """By rule, then in the order of the run. `listed` is what the budget list says (X04, X05)."""
    all_forms = list(forms)
    found = [
        *_alike_texts(all_forms, screening),
        *_same_project(all_forms, screening),
        *_all_full(all_forms, screening),
    ]
    if listed is not None:
        found += against(all_forms, listed, screening)
    return [*found, *_same_amounts(all_forms, screening)]


def by_form(found: Iterable[CrossFinding]) -> dict[Key, list[CrossFinding]]:
    """For `triage`: the findings of each form."""
    of: dict[Key, list[CrossFinding]] = defaultdict(list)
    for one in found:
        for form in one.forms:
            of[form].append(one)
    return dict(of)


def units_of(forms: Iterable[Screened]) -> list[str]:
    return list(dict.fromkeys(form.unit for form in forms if form.unit))


# --- X01 -------------------------------------------------------------------------------------


def _alike_texts(forms: Sequence[Screened], screening: Screening) -> Iterator[CrossFinding]:
    """Copies between projects. What one project says in two forms is no copy; X02 speaks of it."""
    setting = screening.across.X01
    shared: dict[tuple[int, ...], list[str]] = {}
    for path in TEXTS:
        holders, texts = [], []
        for at, form in enumerate(forms):
            text = bare(form.texts.get(path))
            if len(text) >= setting.chars and text not in setting.common:
                holders.append(at)
                texts.append(text)
        for group in groups(texts, setting.likeness):
            members = tuple(holders[number] for number in group)
            if len({_project(forms[at], screening) for at in members}) >= setting.forms:
                shared.setdefault(members, []).append(path)
    for members, paths in sorted(shared.items()):
        concerned = [forms[at] for at in members]
        units = units_of(concerned)
        where = f"{len(units)}个单位的" if len(units) > 1 else ""
        fields = "、".join(f"“{label(path).rpartition(' › ')[2]}”" for path in paths)
        text = " ".join(concerned[0].texts[paths[0]].split())
        quoted = text if len(text) <= SHOWN else f"{text[:SHOWN]}……"
        yield CrossFinding(
            "X01",
            setting.severity,
            f"{where}{len(members)}张表的{fields}雷同：“{quoted}”。",
            tuple(map(key_of, concerned)),
        )


def _project(form: Screened, screening: Screening) -> tuple[str, ...]:
    """A project with its unit; a form without a name is a project of its own."""
    key = project_key(form.project, screening.names)
    return (unit_key(form.unit, screening.names), key) if key else (form.source, str(form.number), "")


# --- X02, X03, X06 ---------------------------------------------------------------------------


def _same_project(forms: Sequence[Screened], screening: Screening) -> Iterator[CrossFinding]:
    same: dict[tuple[object, ...], list[Screened]] = defaultdict(list)
    for form in forms:
        if form.project and form.unit and form.year is not None:
            same[*_project(form, screening), form.year].append(form)
    for several in same.values():
        if len(several) > 1:
            first = several[0]
            message = f"{first.unit}的“{first.project}”{first.year}年度报送了{len(several)}张表。"
            yield CrossFinding("X02", screening.across.X02.severity, message, tuple(map(key_of, several)))


def _by_unit(forms: Sequence[Screened], screening: Screening) -> Iterator[list[Screened]]:
    of: dict[str, list[Screened]] = defaultdict(list)
    for form in forms:
        if unit := unit_key(form.unit, screening.names):
            of[unit].append(form)
    yield from of.values()


def _all_full(forms: Sequence[Screened], screening: Screening) -> Iterator[CrossFinding]:
    setting = screening.across.X03
    for own in _by_unit(forms, screening):
        if len(own) >= setting.forms and all(form.total_stated == setting.full for form in own):
            message = f"{own[0].unit}报送的{len(own)}张表自评总分全部为{plain(setting.full)}分。"
            yield CrossFinding("X03", setting.severity, message, tuple(map(key_of, own)))


def _same_amounts(forms: Sequence[Screened], screening: Screening) -> Iterator[CrossFinding]:
    """Figures taken over from another form of the unit. Round ones may well agree by chance."""
    setting = screening.across.X06
    for own in _by_unit(forms, screening):
        same: dict[tuple[Decimal, Decimal], list[Screened]] = defaultdict(list)
        for form in own:
            budget, executed = form.known_wan("budget"), form.known_wan("executed")
            if budget and executed is not None and max(_digits(budget), _digits(executed)) >= setting.digits:
                same[budget, executed].append(form)
        for (budget, executed), several in same.items():
            if len({_project(form, screening) for form in several}) > 1:
                amounts = f"预算数均为{plain(budget)}万元、执行数均为{plain(executed)}万元"
                message = f"{own[0].unit}的{len(several)}个不同项目{amounts}。"
                yield CrossFinding("X06", setting.severity, message, tuple(map(key_of, several)))


def _digits(amount: Decimal) -> int:
    """Significant digits, without zeros at the end."""
    return len(amount.normalize().as_tuple().digits)
