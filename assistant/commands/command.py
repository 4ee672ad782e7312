"""What the commands share: a parser that speaks Chinese, the options several of them take, where they print."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.settings.settings import Settings

DONE, FOUND, USAGE, UNREAD, INTERRUPTED = 0, 1, 2, 3, 130
DRAFTERS = ("auto", "template", "model", "none")


def say(text: str) -> None:
    print(text, file=sys.stderr)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def _format_action(self, action: argparse.Action) -> str:
        """The commands stand under the heading of their group: argparse would name them once more."""
        if isinstance(action, argparse._SubParsersAction):
            return "".join(self._format_action(one) for one in action._get_subactions())
        return super()._format_action(action)


_NO_QUOTES = str.maketrans("", "", "'")
"""argparse writes values as Python does."""


class Parser(argparse.ArgumentParser):
    """argparse in Chinese."""

    _SENTENCES = (
        (r"the following arguments are required: (.*)", r"缺少参数 \1"),
        (r"unrecognized arguments: (.*)", r"不认识的参数 \1"),
        (r"argument (.*): expected (?:one|at least one) argument", r"\1 后面缺少内容"),
        (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 不能是 \2，可选 \3"),
        (r"argument (.*): invalid \w+ value: (.*)", r"\1 的值 \2 不正确"),
        (r"argument (.*?): (.*)", r"\1：\2"),
    )

    def __init__(self, **options: Any):
        super().__init__(formatter_class=_Formatter, add_help=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示帮助")

    def error(self, message: str) -> NoReturn:
        for pattern, sentence in self._SENTENCES:
            if match := re.fullmatch(pattern, message):
                message = match.expand(sentence).translate(_NO_QUOTES)
                break
        say(f"{message}。用 {self.prog} --help 查看用法。")
        raise SystemExit(USAGE)


class Version(argparse.Action):
    """Looks the version up only when asked: it is slow, and a checkout that is not installed has none."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        from importlib.metadata import version

        print(f"assistant {version('assistant')}")
        parser.exit()


def command(commands: Any, name: str, title: str, run: Any, **options: Any) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=title, description=title, **options)
    parser.add_argument("-v", "--verbose", action="store_true", help="显示经过（只含字段和规则编号，不含表中文字）")
    parser.add_argument("--profile", type=Path, metavar="文件", help="评审口径文件（YAML），只写与默认不同的部分")
    parser.set_defaults(run=run)
    return parser


def with_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-mask", action="store_true", help="送给模型的材料中不隐去姓名、电话等")


def with_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("terminal", "json"), default="terminal", metavar="格式", help="terminal、json"
    )


def settings_of(arguments: argparse.Namespace, **overrides: Any) -> Settings | None:
    """The settings with what the command line says of the model; None where it says nothing, and they are read when needed."""
    said = {
        "model_verify": True if getattr(arguments, "verify", False) else None,
        "model_cache": False if getattr(arguments, "no_cache", False) else None,
        "model_mask": False if arguments.no_mask else None,
        **overrides,
    }
    said = {name: value for name, value in said.items() if value is not None}
    if not said:
        return None
    from assistant.settings.settings import load_settings

    return load_settings(**said)


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
