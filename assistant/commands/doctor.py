"""`assistant doctor`: what is installed and set up, and what to do about what is not."""

from __future__ import annotations

import argparse
from typing import Any

from assistant.commands.command import DONE, FOUND, command


def add(commands: Any) -> None:
    command(commands, "doctor", "检查安装、政策库、模型和评审口径", run)


def run(arguments: argparse.Namespace) -> int:
    from assistant.commands.diagnosis import examine

    checks = examine(arguments.profile)
    for check in checks:
        print(f"{'正常' if check.well else '注意'}  {check.name}：{check.says}")
    return DONE if all(check.well for check in checks if check.needed) else FOUND
