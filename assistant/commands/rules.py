"""`assistant rules`: every rule, or one explained."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.commands.command import DONE, command
from assistant.errors import SettingsError


def add(commands: Any) -> None:
    rules = command(commands, "rules", "列出规则，或说明其中一条", run)
    rules.add_argument("code", nargs="?", metavar="编号", help="如 S03")


def run(arguments: argparse.Namespace) -> int:
    from assistant.commands import catalogue
    from assistant.rules.rule import load

    rules = load()
    if arguments.code is None:
        for code, severity, kind, title in catalogue.listing(rules.values()):
            print(f"{code}  {severity.ljust(3, chr(0x3000))}  {kind}  {title}")
        return DONE
    rule = rules.get(arguments.code.upper())
    if rule is None:
        raise SettingsError(f"没有编号为 {arguments.code} 的规则。用 assistant rules 查看全部编号。")
    print(catalogue.explain(rule))
    return DONE
