"""`assistant requests`: questions written to a file, answers read back from one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.commands.command import DONE, UNREAD, command, say, settings_of, with_model
from assistant.commands.review import DECIDED, FORMATS, export


def add(commands: Any) -> None:
    title = "把请求写成文件、把答复读回来：用于 OpenAI 批处理，或模型在另一个网络上"
    parts = commands.add_parser("requests", help=title, description=title).add_subparsers(
        metavar="操作", required=True, title="操作"
    )
    out = command(parts, "export", "每张表一行请求（放不下时几行），写成批处理文件", _export)
    out.add_argument("paths", nargs="+", metavar="文件", help="文件、文件夹（含下级）")
    where = out.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, metavar="文件", help="如 requests.jsonl")
    where.add_argument("--show", action="store_true", help="只显示将发送的内容（姓名、号码已换成代号），不写文件")
    out.add_argument("--model", metavar="名称", help="模型名称，默认用设置中的")
    out.add_argument("--plain", action="store_true", help="不用 response_format，适合不支持它的服务")
    with_model(out)
    back = command(parts, "import", "读回答复，逐条核对后写成审核意见", _import)
    back.add_argument("responses", nargs="+", type=Path, metavar="文件", help="答复文件，如 responses.jsonl，次序不限")
    back.add_argument("--forms", nargs="+", metavar="目录", help="自评表已移动时，指明现在的位置")
    back.add_argument(
        "--format",
        action="append",
        choices=[name for name in FORMATS if name not in DECIDED],
        metavar="格式",
        help="同 review",
    )
    back.add_argument("--out", type=Path, metavar="目录", help="同 review")
    with_model(back)


def _export(arguments: argparse.Namespace) -> int:
    from assistant.form import profile as profiles
    from assistant.model.answers import Answers
    from assistant.model.spending import estimate
    from assistant.read.sources import sources
    from assistant.review import request_files
    from assistant.review.reviewer import Reviewer
    from assistant.settings.settings import load_settings

    settings = (settings_of(arguments) or load_settings()).model_copy()
    settings.model = arguments.model or settings.model
    reviewer = Reviewer(profile=profiles.load(arguments.profile), settings=settings)
    if arguments.show:
        for told in request_files.shown(sources(arguments.paths), reviewer):
            print(told, end="\n\n")
        return DONE
    answers = Answers(settings.answers_file)
    done = request_files.export(sources(arguments.paths), reviewer, arguments.out, answers, plain=arguments.plain)
    for problem in done.problems:
        say(problem)
    for path in done.files:
        say(f"已写入 {path}")
    if done.lines:
        say(estimate(settings, done.forms, done.tokens, done.lines))
    return DONE if done.lines and not done.problems else UNREAD


def _import(arguments: argparse.Namespace) -> int:
    from assistant.form import profile as profiles
    from assistant.model.answers import Answers
    from assistant.read.sources import sources
    from assistant.review.request_files import take_back
    from assistant.review.reviewer import Reviewer
    from assistant.settings.settings import load_settings

    settings = settings_of(arguments) or load_settings()
    profile = profiles.load(arguments.profile)
    result = take_back(
        arguments.responses,
        Answers(settings.answers_file),
        lambda carried: Reviewer(profile=profile, drafter="model", settings=settings, model=carried),
        sources(arguments.forms) if arguments.forms else None,
    )
    for document in result.reviewed:
        for problem in document.problems:
            say(f"{document.source}：{problem}")
    for problem in result.problems:
        say(problem)
    if result.awaited:
        say(f"同一批中还有 {result.awaited} 条请求没有答复，收到后可再次导入。")
    if result.reviewed:
        formats = list(dict.fromkeys(arguments.format or ["terminal"]))
        whole = export(
            formats, arguments.out, result.given, result.reviewed, show_read=False, withheld=arguments.verbose
        )
        return DONE if whole and not result.problems else UNREAD
    return UNREAD
