"""The `assistant` command: review, batch, compare, rules, policies, eval, doctor. Each stands in `assistant/commands` and is thin: it calls one step and prints.

Exit codes: 0 done; 1 a finding at or above `--fail-on` (or a mark of `eval` missed); 2 wrong usage,
settings or output folder; 3 some input could not be read (the others still were); 130 interrupted.
argparse and late imports keep `assistant --help` well under half a second.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from assistant.commands import batch, compare, doctor, evaluate, policies, requests, review, rules
from assistant.commands.command import DONE, FOUND, INTERRUPTED, UNREAD, USAGE, Parser, Version, say
from assistant.errors import AssistantError

__all__ = ["DONE", "FOUND", "INTERRUPTED", "UNREAD", "USAGE", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe or file gets UTF-8 whatever the locale; a terminal keeps its own encoding.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        arguments = _parser().parse_args(argv)
        logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level=logging.ERROR)
        logging.getLogger("assistant").setLevel(logging.INFO if arguments.verbose else logging.ERROR)
        return arguments.run(arguments)
    except AssistantError as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        say("已中断。")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left; without this, Python complains again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="assistant", description="审核项目支出绩效自评表：核对数字、引用政策条款、起草审核意见。")
    parser.add_argument("--version", action=Version, nargs=0, help="显示版本")
    commands = parser.add_subparsers(metavar="命令", required=True, title="命令")
    for one in (review, batch, compare, rules, policies, requests, evaluate, doctor):
        one.add(commands)
    return parser
