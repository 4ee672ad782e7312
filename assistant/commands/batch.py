"""`assistant batch`: the run as people and schedulers start it. Imports only what `--help` needs."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.command import DONE, DRAFTERS, INTERRUPTED, UNREAD, command
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.batch.journal import Journal
    from assistant.batch.run import Asked, Ended

JSONL_EVERY_S = 1.0
LOOK_EVERY_S = 0.2


def add(commands: Any) -> None:
    batch = command(
        commands, "batch", "批量预审：文件夹、清单或压缩包中的全部自评表", run,
        epilog="退出码：0 完成；2 用法、设置或磁盘有误；3 有文件没能读取，其余照常；130 已停止，再次运行同一命令接着做。",
    )  # fmt: skip
    batch.add_argument(
        "paths",
        nargs="*",
        metavar="文件",
        help="文件、文件夹（含下级）、zip、rar、7z 压缩包，@清单.txt 表示清单中的路径",
    )
    batch.add_argument("--out", type=Path, required=True, metavar="目录", help="这一批的目录，中断后用同一目录接着做")
    batch.add_argument(
        "--list", type=Path, action="append", default=[], metavar="清单", help="路径清单（txt 或 csv，每行一个）"
    )
    again = batch.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="接着做（目录已存在时的默认做法）")
    again.add_argument("--restart", action="store_true", help="丢弃已有结果，全部重做")
    batch.add_argument("--drafter", choices=DRAFTERS, default="auto", metavar="方式", help="同 review")
    batch.add_argument("--no-mask", action="store_true", help="送给模型的材料中不隐去姓名、电话等")
    batch.add_argument("--verify", action="store_true", help="同 review")
    batch.add_argument("--max-cost", type=float, metavar="元", help="这一批的模型费用上限，达到后其余的表用模板起草")
    batch.add_argument("--max-tokens", type=int, metavar="个数", help="这一批送出和回答的词元总上限，达到后同上")
    batch.add_argument(
        "--workers", type=int, default=0, metavar="个数", help="同时读取和核对的进程数，默认与处理器核数相同"
    )
    batch.add_argument("--time-limit", type=float, metavar="秒", help="一个文件最多用多少秒，默认按设置，120")
    batch.add_argument("--memory-limit", type=int, metavar="MB", help="一个文件最多用多少内存，默认按设置，1024")
    batch.add_argument("--progress", choices=("auto", "bar", "quiet", "jsonl"), default="auto", metavar="方式",
                       help="进度：auto、bar（进度条）、quiet（不显示）、jsonl（每秒一行 JSON，写到标准错误）")  # fmt: skip
    batch.add_argument("--dask", default="", metavar="地址", help="在 Dask 集群上运行，如 tcp://主机:8786")
    batch.add_argument("--screening", type=Path, metavar="文件", help="预审口径文件（YAML），只写与默认不同的部分")
    batch.add_argument("--budget-list", type=Path, metavar="文件", help="预算清单（xlsx），核对各单位、各项目的预算数")
    batch.add_argument("--no-outputs", action="store_true", help="只记录结果，不生成汇总表和批注文件")


def run(arguments: argparse.Namespace) -> int:
    from assistant.batch import budget_list, screening
    from assistant.batch import run as engine
    from assistant.batch.inputs import named_in
    from assistant.draft.drafter import drafter_in_force
    from assistant.form import profile as profiles
    from assistant.read.file_name import shown as readable
    from assistant.settings.settings import load_settings

    for path in arguments.paths:  # a slip of the pen must not become a run without forms
        if not path.startswith("@") and not os.path.lexists(path):
            raise SettingsError(f"找不到 {readable(path)}。请检查路径。")
    rules = screening.load(arguments.screening)  # what is wrong with either is told before the work
    if arguments.budget_list:
        budget_list.read(arguments.budget_list, rules.budget_list)
    paths = [
        name for path in arguments.paths for name in (named_in(Path(path[1:])) if path.startswith("@") else [path])
    ]
    paths += [name for path in arguments.list for name in named_in(path)]
    said = {
        "model_verify": arguments.verify or None,
        "model_mask": False if arguments.no_mask else None,
        "model_max_cost": arguments.max_cost,
        "model_max_run_tokens": arguments.max_tokens,
        "file_time_limit_s": arguments.time_limit,
        "file_memory_mb": arguments.memory_limit,
    }
    settings = load_settings(**{name: value for name, value in said.items() if value is not None})
    asked = engine.Asked(
        paths, arguments.out, profiles.load(arguments.profile), settings, drafter_in_force(arguments.drafter, settings),
        arguments.workers, arguments.dask, arguments.restart,
    )  # fmt: skip
    stop = engine.Stop()
    former = [(number, signal.signal(number, _stopper(stop))) for number in (signal.SIGINT, signal.SIGTERM)]
    shown = _shown(arguments.progress)
    try:
        ended = engine.run(asked, stop, shown.tell)
    finally:
        shown.close()
        for number, handler in former:
            signal.signal(number, handler)
    for note in ended.notes:
        print(note, file=sys.stderr)
    if ended.stopped:
        again = shlex.join(["assistant", "batch", "--out", str(arguments.out), *_as_before(arguments, asked.drafter)])
        counts = ended.counts
        print(
            f"已停止：完成 {counts['done'] + counts['failed']} 个，还剩 {counts['waiting']} 个。接着做：{again}",
            file=sys.stderr,
        )
        return INTERRUPTED
    with _told_in(arguments.out):
        return _left(ended, arguments, asked)


@contextmanager
def _told_in(folder: Path) -> Iterator[None]:
    """A run whose outputs could not be written has not come to its end either, and its journal says why."""
    from assistant.batch.journal import Journal
    from assistant.batch.run import told_where_broken

    journal = Journal(folder)
    try:
        with told_where_broken(journal):
            yield
    finally:
        journal.close()


def _as_before(arguments: argparse.Namespace, drafter: str) -> list[str]:
    """The options that a run must be taken up with."""
    words = ["--drafter", drafter]
    words += ["--profile", str(arguments.profile)] if arguments.profile else []
    words += ["--verify"] if arguments.verify else []
    words += ["--no-mask"] if arguments.no_mask else []
    words += ["--max-cost", f"{arguments.max_cost:.15g}"] if arguments.max_cost else []
    words += ["--max-tokens", str(arguments.max_tokens)] if arguments.max_tokens else []
    words += ["--dask", arguments.dask] if arguments.dask else []
    words += ["--screening", str(arguments.screening)] if arguments.screening else []
    words += ["--budget-list", str(arguments.budget_list)] if arguments.budget_list else []
    return words


def _left(ended: Ended, arguments: argparse.Namespace, asked: Asked) -> int:
    """Everything a finished run leaves in its folder, and the last line that says where it lies."""
    from assistant.batch import results

    folder: Path = arguments.out
    results.write(folder)
    failed = ended.counts["failed"]
    print(f"共 {sum(ended.counts.values())} 个文件、{ended.forms} 张表，结果在 {folder / results.JSONL}。")
    if not arguments.no_outputs:
        print(_outputs(folder, arguments, asked, ended.notes))
    if failed:
        print(f"{failed} 个文件没能读取，清单在 {folder / results.FAILURES}。")
    return UNREAD if failed else DONE


def _outputs(folder: Path, arguments: argparse.Namespace, asked: Asked, said: list[str]) -> str:
    """The workbook and what goes with it; returns how many forms need a reader."""
    from assistant.batch import outputs, screening
    from assistant.batch.recorded import Recorded
    from assistant.batch.workbook import FILE

    with Recorded(folder, asked.profile, asked.drafter, asked.settings) as recorded:
        written = outputs.write(recorded, folder, screening.load(arguments.screening), arguments.budget_list, said=said)
    for note in written.notes:
        print(note, file=sys.stderr)
    verdicts = written.run.tally.verdicts
    counts = "，".join(f"{word} {verdicts[name]} 张" for name, word in screening.VERDICTS.items())
    return f"{counts}，先后次序见 {folder / FILE}。"


def _stopper(stop: Any) -> Callable[[int, Any], None]:
    def asked(number: int, frame: Any) -> None:
        if stop.asked:
            raise KeyboardInterrupt  # asked twice: now
        stop.asked = True
        print("正在停止：做完手头的几个就停。再按一次立即停止。", file=sys.stderr)

    return asked


# --- progress --------------------------------------------------------------------------------


class _Quiet:
    def tell(self, journal: Journal) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class _Lines(_Quiet):
    """One JSON object a second on standard error: the keys of `batch.progress.Progress`."""

    def __init__(self) -> None:
        self._last = 0.0

    def tell(self, journal: Journal) -> None:
        from assistant.batch.progress import of

        now = time.monotonic()
        if now - self._last >= JSONL_EVERY_S:
            self._last = now
            print(json.dumps(of(journal).to_json()), file=sys.stderr, flush=True)


class _Bar(_Quiet):
    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._bar = Progress(
            TextColumn("批量预审"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}"),
            console=Console(stderr=True, highlight=False),
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None, said="")
        self._bar.start()
        self._last = 0.0

    def tell(self, journal: Journal) -> None:
        from assistant.batch.progress import of

        now = time.monotonic()
        if now - self._last < LOOK_EVERY_S:
            return
        self._last = now
        found = of(journal)
        left = "" if found.left_s is None else f"，还需 {_span(found.left_s)}"
        spent = "" if found.spent is None else f"，已用 {found.spent:.2f} 元"
        spent += f"，{found.tokens} 个词元" if found.tokens else ""
        spent += "，已到上限，其余用模板起草" if found.ceiling else ""
        if found.status == "listing":
            self._bar.update(self._task, said=f"正在列出文件，已有 {found.listed} 个")
            return
        said = f"每秒 {found.rate:.1f} 个{left}，失败 {found.failed} 个{spent}"
        self._bar.update(self._task, total=found.total, completed=found.done + found.failed, said=said)

    def close(self) -> None:
        self._bar.stop()


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"


def _shown(way: str) -> _Quiet:
    if way == "jsonl":
        return _Lines()
    return _Bar() if way == "bar" or (way == "auto" and sys.stderr.isatty()) else _Quiet()
