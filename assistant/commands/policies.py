"""`assistant policies`: the documents that findings may cite."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.command import DONE, UNREAD, command, console, print_json, say, with_format
from assistant.errors import AssistantError, SettingsError

if TYPE_CHECKING:
    from assistant.policies import store

WIDEST = 1000


def add(commands: Any) -> None:
    title = "政策库：列出、查看、添加官方文本、删除"
    parts = commands.add_parser("policies", help=title, description=title).add_subparsers(
        metavar="操作", required=True, title="操作"
    )
    _add_search(parts)
    add = command(parts, "add", "添加官方文本（Word、PDF、扫描件、网页、文字），取代同一文件的摘要", _add)
    add.add_argument("files", nargs="+", type=Path, metavar="文件", help="一份文件一个官方文本")
    add.add_argument("--year", metavar="年度", help="适用的评价年度：2022、2022-2025、2022-（起）")
    add.add_argument("--region", metavar="地域", default="", help="适用地域，省在前，如 山西阳泉；全国写 全国")
    add.add_argument(
        "--superseded-by", metavar="编号", default="", help="已由政策库中哪一份文件取代（编号、文号或名称）"
    )
    add.add_argument("--number", metavar="文号", default="", help="文号，文中没有或认错时写明")
    add.add_argument("--title", metavar="名称", default="", help="名称，文中没有或认错时写明")
    add.add_argument("--date", metavar="日期", default="", help="印发日期，如 2022-11-18，文中没有或认错时写明")
    add.add_argument(
        "--kind", metavar="种类", default="", help="evaluation-rule、fund-regulation、law 等，见政策库说明"
    )
    add.add_argument("--as", dest="document", metavar="编号", default="", help="这是政策库中哪一份文件的原文")
    add.add_argument("--replace", action="store_true", help="取代已经添加过的同一文件")
    add.add_argument("--dry-run", action="store_true", help="只列出认出的名称、文号、日期和条款，不保存")
    with_format(add)
    with_format(command(parts, "list", "列出全部文件", _list))
    show = command(parts, "show", "查看一份文件或一条条款", _show)
    show.add_argument(
        "name", metavar="编号", help="文件或条款的编号，如 mof-2020-10、mof-2020-10#art-11；也可以是文号、名称"
    )
    with_format(show)
    remove = command(parts, "remove", "删除自己添加的文件，自带的摘要恢复使用", _remove)
    remove.add_argument("names", nargs="+", metavar="编号", help="编号、文号或名称")


def _add_search(parts: Any) -> None:
    search = command(parts, "search", "按意思查找条款，如：没花完钱也没说为什么", _search)
    search.add_argument("text", nargs="+", metavar="内容", help="要查的内容，可以用口语，也可以写几个词")
    search.add_argument("--top", type=_count, default=5, metavar="条数", help="最多列出几条，默认 5")
    search.add_argument("--year", type=int, metavar="年度", help="只查适用于这一评价年度的条款")
    search.add_argument("--region", metavar="地域", help="省在前，如 山西阳泉；其他地方的规定排在后面，仅供参照")
    search.add_argument("--superseded", action="store_true", help="与 --year 一起用：也查已被取代、已失效的条款")
    with_format(search)


def _count(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError
    return int(text)


def _add(arguments: argparse.Namespace) -> int:
    from assistant.policies import store
    from assistant.read import read
    from assistant.settings.settings import load_settings

    said = store.Said(
        number=arguments.number,
        title=arguments.title,
        date=arguments.date,
        region=arguments.region,
        kind=arguments.kind,
        years=_years(arguments.year),
        superseded_by=arguments.superseded_by,
        document=arguments.document,
    )
    if len(arguments.files) > 1 and any((said.number, said.title, said.date, said.document)):
        raise SettingsError("--number、--title、--date、--as 只用于一份文件，请一次添加一份。")
    region = load_settings().region
    added: list[store.Taken] = []
    done = 0
    for path in arguments.files:
        try:
            source = read(path)
            taken = store.take(source, said, region=region)
            added.append(taken)
            if arguments.format == "terminal":
                print("\n".join((path.name, *(f"  {line}" for line in store.shown(taken)))))
            if not arguments.dry_run:
                store.keep(taken, source, replace=arguments.replace)
        except AssistantError as error:
            say(str(error))
            continue
        done += not taken.doubts
        if arguments.format == "terminal":
            print(_unkept(taken) if arguments.dry_run else store.told(taken))
    if arguments.format == "json":
        print_json([one.to_json() for one in added])
    return DONE if done == len(arguments.files) else UNREAD


def _unkept(taken: store.Taken) -> str:
    """What a dry run says at its end: what has to be said first, and what to look at."""
    lines = [f"  请先写明：{doubt}" for doubt in taken.doubts] + [f"  请留意：{remark}" for remark in taken.remarks]
    return "\n".join(("没有保存（--dry-run）。", *lines))


def _years(text: str | None) -> tuple[int | None, int | None] | None:
    """2022, 2022-2025, 2022- or -2025, as typed."""
    if text is None:
        return None
    found = re.fullmatch(r"((?:19|20)\d\d)?\s*年?\s*([-—–至~]?)\s*((?:19|20)\d\d)?\s*年?", text.strip())
    if not found or not (found[1] or found[3]):
        raise SettingsError(f"--year 的值 {text} 不正确。请写成 2022、2022-2025 或 2022-。")
    first = int(found[1]) if found[1] else None
    last = int(found[3]) if found[3] else None if found[2] else first
    if first and last and first > last:
        raise SettingsError(f"--year 的值 {text} 不正确：起止年度颠倒。")
    return first, last


def _list(arguments: argparse.Namespace) -> int:
    from assistant.export import clauses
    from assistant.policies.library import load_policies

    policies = load_policies()
    if arguments.format == "json":
        print_json(clauses.listing_json(policies))
        return DONE
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in clauses.COLUMNS:
        table.add_column(column, overflow="fold")
    for row in clauses.listing(policies):
        table.add_row(*row)
    printer = console()
    if not printer.is_terminal:
        printer.width = WIDEST  # a file or another program gets a document a line
    printer.print(table)
    print(clauses.DIGEST_NOTICE)
    return DONE


def _show(arguments: argparse.Namespace) -> int:
    from assistant.export import clauses
    from assistant.policies.library import load_policies

    if arguments.format == "json":
        print_json(clauses.shown_json(arguments.name, load_policies()))
    else:
        print(clauses.shown(arguments.name, load_policies()))
    return DONE


def _search(arguments: argparse.Namespace) -> int:
    from assistant.policies.library import load_policies
    from assistant.retrieve import lookup
    from assistant.retrieve.search import Search
    from assistant.settings.settings import load_settings

    settings = load_settings()
    search = Search(load_policies(), settings)
    if search.note:
        say(search.note)
    found = lookup.look_up(
        search,
        " ".join(arguments.text),
        top=arguments.top,
        year=arguments.year,
        region=arguments.region or settings.region,
        superseded=arguments.superseded,
    )
    search.close()
    if not found:
        say(lookup.NOTHING)
    if arguments.format == "json":
        print_json([one.to_json() for one in found])
        return DONE
    for number, one in enumerate(found, 1):
        print(f"{number}. {one.cite()}  {one.clause.id}\n   {one.clause.wording}：{one.clause.digest}\n")
    return DONE


def _remove(arguments: argparse.Namespace) -> int:
    from assistant.policies import store

    for name in arguments.names:
        document = store.remove(name)
        print(f"已删除 {document.id}《{document.title}》；同一文件如有自带的摘要，已恢复使用。")
    return DONE
