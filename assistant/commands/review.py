"""`assistant review`: files -> findings and comments, printed or written."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.command import DONE, DRAFTERS, FOUND, UNREAD, command, console, say, settings_of, with_model
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.read.sources import Source
    from assistant.review.reviewer import DocumentReview, Reviewer

FORMATS = ("terminal", "json", "markdown", "text", "docx", "opinion", "xlsx")
SEVERE = {"error": ("error",), "warning": ("error", "warning")}
"""Which severities `--fail-on` counts."""


def add(commands: Any) -> None:
    review = command(
        commands, "review", "审核自评表", run,
        epilog="退出码：0 完成；1 有 --fail-on 所指的问题；2 用法或设置有误；3 有文件没能读取，其余照常审核。",
    )  # fmt: skip
    review.add_argument("paths", nargs="+", metavar="文件", help="文件、文件夹（含下级），或 - 表示标准输入")
    review.add_argument(
        "--format", action="append", choices=FORMATS, metavar="格式",
        help=f"{'、'.join(FORMATS)}（opinion 为审核意见书），默认 terminal，可多次给出",
    )  # fmt: skip
    review.add_argument("--out", type=Path, metavar="目录", help="写到这个目录（docx、xlsx 默认写到 out）")
    review.add_argument(
        "--drafter", choices=DRAFTERS, default="auto", metavar="方式",
        help="意见由谁起草：auto（有模型用模型，否则用模板）、template、model、none（只核对）",
    )  # fmt: skip
    with_model(review)
    review.add_argument("--verify", action="store_true", help="模型自己提出的问题再问一次模型，请它反驳，驳倒的不列入")
    review.add_argument("--no-cache", action="store_true", help="不用保存的模型回答，也不保存")
    review.add_argument(
        "--fail-on", choices=tuple(SEVERE), metavar="级别", help="有该级别及以上的问题时退出码为 1：error、warning"
    )
    review.add_argument(
        "--decisions", action="store_true", help="只输出审核人已采纳的意见（在审核页面上采纳、修改的，按表的内容对应）"
    )
    review.add_argument("--show-read", action="store_true", help="同时列出读到的每个栏目")


def run(arguments: argparse.Namespace) -> int:
    from assistant.form import profile as profiles
    from assistant.read.sources import sources
    from assistant.review.reviewer import Reviewer

    formats = list(dict.fromkeys(arguments.format or ["terminal"]))
    if arguments.out and formats == ["terminal"]:
        raise SettingsError("terminal 只输出到屏幕。--out 请与 --format docx、xlsx、markdown 或 json 一起使用。")
    reviewer = Reviewer(
        profile=profiles.load(arguments.profile), drafter=arguments.drafter, settings=settings_of(arguments)
    )
    given = list(sources(arguments.paths))
    reviewed: list[DocumentReview] = []
    for number, source in enumerate(given, 1):
        if len(given) > 1 and sys.stderr.isatty():
            say(f"第 {number}/{len(given)} 份 {source.name}")
        reviewed.append(reviewer.source(source.name, source.read, drafted=not reviewer.asks_model))
    if reviewer.asks_model:
        _draft_with_model(reviewer, reviewed)
    if arguments.decisions:
        reviewed = _decided(reviewer, reviewed)
    for document in reviewed:
        for problem in document.problems:
            say(problem if Path(document.source).name in problem else f"{document.source}：{problem}")
    export(formats, arguments.out, given, reviewed, show_read=arguments.show_read, withheld=arguments.verbose)
    if not all(document.forms for document in reviewed):
        return UNREAD
    severe = SEVERE.get(arguments.fail_on, ())
    found = any(f.severity in severe for document in reviewed for form in document.forms for f in form.findings)
    return FOUND if found else DONE


def _decided(reviewer: Reviewer, reviewed: list[DocumentReview]) -> list[DocumentReview]:
    """What a reviewer accepted of each document, in their words, as the database has it."""
    from assistant.decide.decisions import Decisions, accepted_document, form_key

    kept = Decisions(reviewer.settings.database_url)
    try:
        decided = [[kept.in_force(form_key(review.form)) for review in document.forms] for document in reviewed]
    finally:
        kept.close()
    return [accepted_document(document, of_forms) for document, of_forms in zip(reviewed, decided, strict=True)]


def _draft_with_model(reviewer: Reviewer, reviewed: list[DocumentReview]) -> None:
    """Drafting of all documents, as many at once as requests may be in flight; before several forms an estimate."""
    from concurrent.futures import ThreadPoolExecutor

    from assistant.model.spending import estimate

    settings = reviewer.settings
    forms = [form for document in reviewed for form in document.forms]
    if len(forms) > 1:
        asked = [question for form in forms for question in reviewer.questions(form)]
        say(estimate(settings, len(forms), sum(question.size for question in asked), len(asked)))
    model = reviewer.model  # made before the threads share it
    with ThreadPoolExecutor(settings.model_max_in_flight) as threads:
        for number, _ in enumerate(threads.map(reviewer.draft, reviewed), 1):
            if len(reviewed) > 1 and sys.stderr.isatty():
                say(f"已起草 {number}/{len(reviewed)} 份")
    spending, answers = getattr(model, "spending", None), getattr(model, "answers", None)
    if spending is not None and len(forms) > 1:
        say(spending.told())
    if answers is not None and answers.trouble:
        say(answers.trouble)


def export(
    formats: list[str],
    out: Path | None,
    given: list[Source],
    reviewed: list[DocumentReview],
    *,
    show_read: bool,
    withheld: bool = False,
) -> None:
    """Print, or write where `--out` says. JSON and Excel hold the whole run, Word and Markdown a document each."""
    from assistant.read.sources import OUTPUT
    from assistant.review import reviewer as review

    folder = out or Path("out")
    done = [(source, document) for source, document in zip(given, reviewed, strict=True) if document.forms]
    for name in formats:
        if name == "terminal":
            from assistant.export.terminal import show

            printer = console()
            for _, document in done:
                show(document, printer, read=show_read, withheld=withheld)
        elif name == "json":
            text = json.dumps(review.to_json(reviewed), ensure_ascii=False, indent=2) + "\n"
            _put(text, out and out / f"{OUTPUT}.json")
        elif name == "markdown":
            from assistant.export.markdown import markdown

            for (_, document), path in zip(done, _targets(done, folder, "md"), strict=True):
                _put(markdown(document), out and path)
        elif name == "text":
            from assistant.export.plain import text as plain

            for (_, document), path in zip(done, _targets(done, folder, "txt"), strict=True):
                _put(plain(document), out and path)
        elif name == "opinion":
            from assistant.export.opinion import opinion

            for (_, document), path in zip(done, _targets(done, folder, "docx", "书"), strict=True):
                _put(opinion(document), path)
        elif name == "xlsx":
            from assistant.export.excel import excel

            _put(excel(reviewed), folder / f"{OUTPUT}.xlsx")
        else:
            from assistant.export.word import word

            for (source, document), path in zip(done, _targets(done, folder, "docx"), strict=True):
                _put(word(document, source.data), path)


def _targets(done: list[tuple[Source, DocumentReview]], folder: Path, suffix: str, more: str = "") -> list[Path]:
    """A file for each document, named after its source; sources of one name also tell their kind, else a number."""
    from assistant.read.sources import OUTPUT_MARK

    stems = [source.stem for source, _ in done]
    names = [source.stem if stems.count(source.stem) == 1 else f"{source.stem}-{source.suffix}" for source, _ in done]
    numbers = [f"-{names[: at + 1].count(name)}" if names.count(name) > 1 else "" for at, name in enumerate(names)]
    return [folder / f"{name}{number}{OUTPUT_MARK}{more}.{suffix}" for name, number in zip(names, numbers, strict=True)]


def _put(content: str | bytes, path: Path | None) -> None:
    """Write a file and say where it lies; without a path, print."""
    if path is None:
        sys.stdout.write(str(content))
        return
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise SettingsError(f"无法写入 {path}（{error.strerror}）。请换一个目录，或关闭正打开着的同名文件。") from error
    say(f"已写入 {path}")
