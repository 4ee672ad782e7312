"""`assistant compare`: two runs of `assistant batch`, and what the second one mended."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.command import DONE, command, print_json

if TYPE_CHECKING:
    from assistant.batch.compare import Change, Comparison, Seen
    from assistant.batch.screened import Said

FORMATS = ("terminal", "json", "markdown")
KINDS = {"fixed": "已改正", "still": "仍存在", "new": "新出现"}


def add(commands: Any) -> None:
    parser = command(commands, "compare", "比较两批预审：退回后重报的表改了什么", run)
    parser.add_argument("before", type=Path, metavar="前一批", help="assistant batch --out 的目录")
    parser.add_argument("after", type=Path, metavar="后一批", help="同上，较新的一批")
    parser.add_argument("--format", choices=FORMATS, default="terminal", metavar="格式", help="、".join(FORMATS))
    parser.add_argument(
        "--screening", type=Path, metavar="文件", help="预审口径文件（YAML），其中 names 用于对应同一张表"
    )


def run(arguments: argparse.Namespace) -> int:
    from assistant.batch import screening
    from assistant.batch.compare import compare

    comparison = compare(arguments.before, arguments.after, screening.load(arguments.screening))
    if arguments.format == "json":
        print_json(comparison.to_json())
    elif arguments.format == "markdown":
        print("\n".join(_markdown(comparison)))
    else:
        _terminal(comparison)
    return DONE


def _name(form: Seen) -> str:
    from assistant.batch.names import NAMELESS

    number = f"（第{form.number}张表）" if form.number > 1 else ""
    return f"{form.project or NAMELESS}　{form.source}{number}"


def _said(said: Said) -> str:
    from assistant.form.finding import SEVERITY_LABELS
    from assistant.form.form import label

    return f"【{SEVERITY_LABELS[said.severity]}】{said.rule} {label(said.field)}：{said.message}"


def _counts(change: Change) -> str:
    from assistant.batch.compare import scores_line

    counts = "，".join(f"{word}{len(getattr(change, kind))}处" for kind, word in KINDS.items())
    scores = scores_line(change)
    return f"{counts}。" + (f"{scores}。" if scores else "")


def _lists(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """What is in one run only, under its heading."""
    yield "只在前一批", [_name(form) for form in comparison.gone]
    yield "只在后一批", [_name(form) for form in comparison.added]
    yield "前一批未能读取", list(comparison.unread_before)
    yield "后一批未能读取", list(comparison.unread_after)


def _markdown(comparison: Comparison) -> Iterator[str]:
    from assistant.batch.compare import by_rule, headline, worst_first
    from assistant.batch.screening import title
    from assistant.export.markdown import escaped

    yield from ("# 两批预审的比较", "", headline(comparison), "")
    if rows := list(by_rule(comparison)):
        yield from ("| 规则 | 问题 | 已改正 | 仍存在 | 新出现 |", "| --- | --- | ---: | ---: | ---: |")
        for rule, *counts in rows:
            yield f"| {rule} | {escaped(title(rule))} | {' | '.join(map(str, counts))} |"
        yield ""
    for change in comparison.changed:
        yield from (f"## {escaped(_name(change.after))}", "", _counts(change), "")
        for kind, word in KINDS.items():
            if findings := getattr(change, kind):
                yield from (f"{word}：", "", *(f"- {escaped(_said(said))}" for said in worst_first(findings)), "")
    for heading, names in _lists(comparison):
        if names:
            yield from (f"## {heading}", "", *(f"- {escaped(name)}" for name in names), "")


def _terminal(comparison: Comparison) -> None:
    """What is fixed in numbers, what is still there or new in words."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from assistant.batch.compare import by_rule, headline, worst_first
    from assistant.batch.screening import title

    console = Console(highlight=False)
    console.print(Text(headline(comparison), style="bold"))
    table = Table("规则", "问题")
    for word in KINDS.values():
        table.add_column(word, justify="right")
    for rule, *counts in by_rule(comparison):
        table.add_row(rule, title(rule), *map(str, counts))
    if table.row_count:
        console.print(table)
    for change in comparison.changed:
        console.print(Text(f"\n{_name(change.after)}", style="bold"))
        console.print(Text(f"  {_counts(change)}"))
        for kind, style in (("still", "yellow"), ("new", "red")):
            for said in worst_first(getattr(change, kind)):
                console.print(Text(f"  {KINDS[kind]} {_said(said)}", style=style))
    for heading, names in _lists(comparison):
        if names:
            console.print(Text(f"\n{heading}", style="bold"))
            for name in names:
                console.print(Text(f"  {name}"))
