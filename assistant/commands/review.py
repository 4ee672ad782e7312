"""`assistant review`: files -> findings and comments, printed or written."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.commands.command import DONE, DRAFTERS, FOUND, UNREAD, command, console, say, settings_of, with_model
from assistant.errors import AssistantError, SettingsError, where

if TYPE_CHECKING:
    from assistant.read.sources import Source
    from assistant.review.reviewer import DocumentReview, Reviewer

log = logging.getLogger(__name__)
Made = TypeVar("Made")

FORMATS = ("terminal", "json", "markdown", "text", "docx", "opinion", "notes", "xlsx")
DECIDED = ("opinion", "notes")
"""Formats that are made of decisions: nothing that nobody decided on goes into a letter."""
SEVERE = {"error": ("error",), "warning": ("error", "warning")}
"""Which severities `--fail-on` counts."""


def add(commands: Any) -> None:
    review = command(
        commands, "review", "审核自评表", run,
        epilog="退出码：0 完成；1 有 --fail-on 所指的问题；2 用法或设置有误；3 有文件没能读取，或有的表意见没有处理完、没有意见书，其余照常。",
    )  # fmt: skip
    review.add_argument("paths", nargs="+", metavar="文件", help="文件、文件夹（含下级），或 - 表示标准输入")
    review.add_argument(
        "--format", action="append", choices=FORMATS, metavar="格式",
        help=f"{'、'.join(FORMATS)}，默认 terminal，可多次给出；opinion 为审核意见书，notes 为审核人备注，都须加 --decisions",
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
    from assistant.policies.library import load_policies
    from assistant.read.sources import sources
    from assistant.review.apart import Apart
    from assistant.review.reviewer import Reviewer

    formats = list(dict.fromkeys(arguments.format or ["terminal"]))
    if arguments.out and formats == ["terminal"]:
        raise SettingsError("terminal 只输出到屏幕。--out 请与 --format docx、xlsx、markdown 或 json 一起使用。")
    if not arguments.decisions and (named := [name for name in formats if name in DECIDED]):
        raise SettingsError(f"{'、'.join(named)} 只收审核人决定过的意见。请先在审核页面上处理，再加 --decisions。")
    reviewer = Reviewer(
        profile=profiles.load(arguments.profile), drafter=arguments.drafter, settings=settings_of(arguments)
    )
    given = list(sources(arguments.paths))
    reviewed: list[DocumentReview] = []
    load_policies()  # what both processes need is loaded before they part
    with Apart(reviewer, fork=True) as apart:
        for number, source in enumerate(given, 1):
            if len(given) > 1 and sys.stderr.isatty():
                say(f"第 {number}/{len(given)} 份 {source.name}")
            if source.path is None:
                source.data  # noqa: B018  standard input is this process's to read
            document = apart.source(source.name, source.read).reviewed
            if not reviewer.asks_model:
                reviewer.draft(document)
            reviewed.append(document)
    if reviewer.asks_model:
        _draft_with_model(reviewer, reviewed)
    for document in reviewed:
        for problem in document.problems:
            say(problem if Path(document.source).name in problem else f"{document.source}：{problem}")
    notes: list[bytes] = []
    waiting = False
    if arguments.decisions:
        reviewed, notes, told = _decided(reviewer, reviewed, formats)
        waiting = bool(told) and "opinion" in formats
    whole = export(
        formats, arguments.out, given, reviewed, show_read=arguments.show_read, withheld=arguments.verbose, notes=notes,
        author=reviewer.settings.reviewer if "docx" in formats else None,
    )  # fmt: skip
    if waiting or not whole or not all(document.forms for document in reviewed):
        return UNREAD
    severe = SEVERE.get(arguments.fail_on, ())
    found = any(f.severity in severe for document in reviewed for form in document.forms for f in form.findings)
    return FOUND if found else DONE


def _decided(
    reviewer: Reviewer, reviewed: list[DocumentReview], formats: list[str]
) -> tuple[list[DocumentReview], list[bytes], list[str]]:
    """What a reviewer accepted of each document, in their words, as the database has it; the notes for the reviewer,
    where they are asked for; and what was said of the forms that wait for decisions, before anything is exported."""
    from assistant.decide.decisions import Decisions, accepted_document, form_key, outcome
    from assistant.export.notes import notes, undecided

    kept = Decisions(reviewer.settings.database_url)
    try:
        decided = [[kept.in_force(form_key(review.form)) for review in document.forms] for document in reviewed]
    finally:
        kept.close()
    accepted, noted, told = [], [], []
    for document, of_forms in zip(reviewed, decided, strict=True):
        for review, of_form in zip(document.forms, of_forms, strict=True):
            say(f"{document.source}“{review.name}”：{outcome(review, of_form).told()}。")
        accepted.append(accepted_document(document, of_forms))
        told += [f"{document.source}：{line}" for line in undecided(accepted[-1])]
        noted.append(notes(document, of_forms) if "notes" in formats else b"")
    for line in told:
        say(line)
    return accepted, noted, told


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
    notes: Sequence[bytes] = (),
    author: str | None = None,
) -> bool:
    """Print, or write where `--out` says. JSON and Excel hold the whole run, Word and Markdown a document each.

    Returns whether all was made: what cannot be made of one document is said and costs no other.
    """
    from assistant.read.sources import NOTES_MARK, OUTPUT, OUTPUT_MARK, numbered
    from assistant.review import reviewer as review

    folder = out or Path("out")
    done = [(source, document) for source, document in zip(given, reviewed, strict=True) if document.forms]
    whole = True

    def each(suffix: str, make: Callable[[Source, DocumentReview], str | bytes], mark: str = OUTPUT_MARK) -> None:
        """A file for each document; text goes to the screen where no folder is named."""
        nonlocal whole
        for (source, document), path in zip(done, _targets(done, folder, suffix, mark), strict=True):
            if (content := _made(source, document, make)) is None:
                whole = False
            else:
                _put(content, path if out or isinstance(content, bytes) else None)

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

            each("md", lambda _, document: markdown(document))
        elif name == "text":
            from assistant.export.plain import text as plain

            each("txt", lambda _, document: plain(document))
        elif name == "opinion":
            from assistant.export.opinion import letters

            for (source, document), path in zip(done, _targets(done, folder, "docx", ""), strict=True):
                written = _made(source, document, lambda _, document: letters(document))
                whole = whole and written is not None
                for at, letter in (written or {}).items():
                    mark = f"{numbered(at, len(document.forms))}{OUTPUT_MARK}书"
                    _put(letter, path.with_name(f"{path.stem}{mark}{path.suffix}"))
        elif name == "notes":
            each(
                "docx",
                lambda _, document: next(note for one, note in zip(reviewed, notes, strict=True) if one is document),
                NOTES_MARK,
            )
        elif name == "xlsx":
            from assistant.export.excel import excel

            _put(excel(reviewed), folder / f"{OUTPUT}.xlsx")
        else:
            each("docx", lambda source, document: _word(source, document, author))
    return whole


def _word(source: Source, document: DocumentReview, author: str | None) -> bytes:
    from assistant.export.report import report
    from assistant.export.word import commented
    from assistant.read.kind import SUFFIXES

    content = commented(document, source.data, author)
    if content is None and f".{source.suffix}" in SUFFIXES["docx"]:
        say(f"{source.name} 不能在原文件上加批注（.{source.suffix} 或文件有损坏），另写了审核报告。")
    return content or report(document)


def _made(source: Source, document: DocumentReview, make: Callable[[Source, DocumentReview], Made]) -> Made | None:
    """What `make` makes; None, and said, where it cannot: a broken part of one file, a fault of ours."""
    try:
        return make(source, document)
    except SettingsError:
        raise
    except AssistantError as error:
        say(f"{source.name} 的文件没有生成：{error}")
    except Exception as error:
        log.info("%s", where(error))
        say(f"{source.name} 的文件没有生成（{type(error).__name__}）。请反馈给维护人员。")
    return None


def _targets(done: list[tuple[Source, DocumentReview]], folder: Path, suffix: str, mark: str) -> list[Path]:
    """A file for each document, named after its source; sources of one name also tell their kind, else a number."""
    stems = [source.stem for source, _ in done]
    names = [source.stem if stems.count(source.stem) == 1 else f"{source.stem}-{source.suffix}" for source, _ in done]
    numbers = [f"-{names[: at + 1].count(name)}" if names.count(name) > 1 else "" for at, name in enumerate(names)]
    return [folder / f"{name}{number}{mark}.{suffix}" for name, number in zip(names, numbers, strict=True)]


def _put(content: str | bytes, path: Path | None) -> None:
    """Write a file and say where it lies; without a path, print."""
    if path is None:
        sys.stdout.write(str(content))
        return
    from assistant.export.replaced import replaced

    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as part:
            part.write_bytes(data)
    except OSError as error:
        raise SettingsError(
            f"无法写入 {path}（{error.strerror}）。请腾出空间、检查权限或换一个目录；同名文件正打开着的，请先关闭。"
        ) from error
    say(f"已写入 {path}")
