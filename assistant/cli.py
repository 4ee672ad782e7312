"""The `assistant` command: review, batch, compare, rules, policies, eval, doctor. Thin: each command calls one step and prints.

Exit codes: 0 done; 1 a finding at or above `--fail-on` (or a mark of `eval` missed); 2 wrong usage,
settings or output folder; 3 some input could not be read (the others still were); 130 interrupted.
argparse and late imports keep `assistant --help` well under half a second.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from assistant import cli_compare
from assistant.batch import command as batch
from assistant.errors import AssistantError, SettingsError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.review import DocumentReview, Reviewer
    from assistant.settings import Settings
    from assistant.sources import Source

DONE, FOUND, USAGE, UNREAD, INTERRUPTED = 0, 1, 2, 3, 130
FORMATS = ("terminal", "json", "markdown", "text", "docx", "opinion", "xlsx")
DRAFTERS = ("auto", "template", "model", "none")
WIDEST = 1000
SEVERE = {"error": ("error",), "warning": ("error", "warning")}
"""Which severities `--fail-on` counts."""


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
        _say(str(error))
        return USAGE
    except KeyboardInterrupt:
        _say("已中断。")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left; without this, Python complains again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _say(text: str) -> None:
    print(text, file=sys.stderr)


# --- the command line ------------------------------------------------------------------------


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


class _Parser(argparse.ArgumentParser):
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
        _say(f"{message}。用 {self.prog} --help 查看用法。")
        raise SystemExit(USAGE)


class _Version(argparse.Action):
    """Looks the version up only when asked: it is slow, and a checkout that is not installed has none."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> NoReturn:
        from importlib.metadata import version

        print(f"assistant {version('assistant')}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="assistant", description="审核项目支出绩效自评表：核对数字、引用政策条款、起草审核意见。")
    parser.add_argument("--version", action=_Version, nargs=0, help="显示版本")
    commands = parser.add_subparsers(metavar="命令", required=True, title="命令")
    _add_review(commands)
    batch.add(commands, _command, DRAFTERS)
    cli_compare.add(commands, _command)
    _add_rules(commands)
    _add_policies(commands)
    _add_requests(commands)
    _add_eval(commands)
    _command(commands, "doctor", "检查安装、政策库、模型和评审口径", _doctor)
    return parser


def _command(commands: Any, name: str, title: str, run: Any, **options: Any) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=title, description=title, **options)
    parser.add_argument("-v", "--verbose", action="store_true", help="显示经过（只含字段和规则编号，不含表中文字）")
    parser.add_argument("--profile", type=Path, metavar="文件", help="评审口径文件（YAML），只写与默认不同的部分")
    parser.set_defaults(run=run)
    return parser


def _add_review(commands: Any) -> None:
    review = _command(
        commands, "review", "审核自评表", _review,
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
    _with_model(review)
    review.add_argument("--verify", action="store_true", help="模型自己提出的问题再问一次模型，请它反驳，驳倒的不列入")
    review.add_argument("--no-cache", action="store_true", help="不用保存的模型回答，也不保存")
    review.add_argument(
        "--fail-on", choices=tuple(SEVERE), metavar="级别", help="有该级别及以上的问题时退出码为 1：error、warning"
    )
    review.add_argument(
        "--decisions", action="store_true", help="只输出审核人已采纳的意见（在审核页面上采纳、修改的，按表的内容对应）"
    )
    review.add_argument("--show-read", action="store_true", help="同时列出读到的每个栏目")


def _with_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-mask", action="store_true", help="送给模型的材料中不隐去姓名、电话等")


def _add_requests(commands: Any) -> None:
    title = "把请求写成文件、把答复读回来：用于 OpenAI 批处理，或模型在另一个网络上"
    parts = commands.add_parser("requests", help=title, description=title).add_subparsers(
        metavar="操作", required=True, title="操作"
    )
    out = _command(parts, "export", "每张表一行请求（放不下时几行），写成批处理文件", _requests_export)
    out.add_argument("paths", nargs="+", metavar="文件", help="文件、文件夹（含下级）")
    out.add_argument("--out", type=Path, required=True, metavar="文件", help="如 requests.jsonl")
    out.add_argument("--model", metavar="名称", help="模型名称，默认用设置中的")
    out.add_argument("--plain", action="store_true", help="不用 response_format，适合不支持它的服务")
    _with_model(out)
    back = _command(parts, "import", "读回答复，逐条核对后写成审核意见", _requests_import)
    back.add_argument("responses", nargs="+", type=Path, metavar="文件", help="答复文件，如 responses.jsonl，次序不限")
    back.add_argument("--forms", nargs="+", metavar="目录", help="自评表已移动时，指明现在的位置")
    back.add_argument("--format", action="append", choices=FORMATS, metavar="格式", help="同 review")
    back.add_argument("--out", type=Path, metavar="目录", help="同 review")
    _with_model(back)


def _add_rules(commands: Any) -> None:
    rules = _command(commands, "rules", "列出规则，或说明其中一条", _rules)
    rules.add_argument("code", nargs="?", metavar="编号", help="如 S03")


def _add_policies(commands: Any) -> None:
    title = "政策库：列出、查看、添加官方文本、删除"
    parts = commands.add_parser("policies", help=title, description=title).add_subparsers(
        metavar="操作", required=True, title="操作"
    )
    _add_search(parts)
    add = _command(parts, "add", "添加官方文本（docx、pdf、html、txt、md），取代同一文件的摘要", _policies_add)
    add.add_argument("files", nargs="+", type=Path, metavar="文件", help="一份文件一个官方文本")
    add.add_argument("--year", metavar="年度", help="适用的评价年度：2022、2022-2025、2022-（起）")
    add.add_argument("--region", metavar="地域", default="", help="适用地域，省在前，如 山西阳泉；全国写 全国")
    add.add_argument(
        "--superseded-by", metavar="编号", default="", help="已由政策库中哪一份文件取代（编号、文号或名称）"
    )
    add.add_argument("--number", metavar="文号", default="", help="文号，文中没有或认错时写明")
    add.add_argument("--title", metavar="名称", default="", help="名称，文中没有或认错时写明")
    add.add_argument(
        "--kind", metavar="种类", default="", help="evaluation-rule、fund-regulation、law 等，见政策库说明"
    )
    add.add_argument("--as", dest="document", metavar="编号", default="", help="这是政策库中哪一份文件的原文")
    add.add_argument("--replace", action="store_true", help="取代已经添加过的同一文件")
    _with_format(add)
    _with_format(_command(parts, "list", "列出全部文件", _policies_list))
    show = _command(parts, "show", "查看一份文件或一条条款", _policies_show)
    show.add_argument(
        "name", metavar="编号", help="文件或条款的编号，如 mof-2020-10、mof-2020-10#art-11；也可以是文号、名称"
    )
    _with_format(show)
    remove = _command(parts, "remove", "删除自己添加的文件，自带的摘要恢复使用", _policies_remove)
    remove.add_argument("names", nargs="+", metavar="编号", help="编号、文号或名称")


def _add_search(parts: Any) -> None:
    search = _command(parts, "search", "按意思查找条款，如：没花完钱也没说为什么", _policies_search)
    search.add_argument("text", nargs="+", metavar="内容", help="要查的内容，可以用口语，也可以写几个词")
    search.add_argument("--top", type=_count, default=5, metavar="条数", help="最多列出几条，默认 5")
    search.add_argument("--year", type=int, metavar="年度", help="只查适用于这一评价年度的条款")
    search.add_argument("--region", metavar="地域", help="省在前，如 山西阳泉；其他地方的规定排在后面，仅供参照")
    search.add_argument("--superseded", action="store_true", help="与 --year 一起用：也查已被取代、已失效的条款")
    _with_format(search)


def _count(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError
    return int(text)


def _with_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=("terminal", "json"), default="terminal", metavar="格式", help="terminal、json"
    )


def _add_eval(commands: Any) -> None:
    parser = commands.add_parser("eval", help="用已标注的表检验程序", description="用已标注的表检验程序")
    parts = parser.add_subparsers(metavar="对象", required=True, title="对象")
    checks = _command(parts, "checks", "读取和规则：读对的栏目、各规则的查全率和查准率", _eval_checks)
    checks.add_argument(
        "folders", nargs="+", type=Path, metavar="目录", help="含 forms/ 和 labels/ 或 labels.jsonl 的目录"
    )
    checks.add_argument("--by-form", action="store_true", help="逐份列出")
    checks.add_argument("--misses", action="store_true", help="列出读错的栏目、漏报和误报")
    checks.add_argument(
        "--format", choices=("terminal", "json"), default="terminal", metavar="格式", help="terminal、json"
    )
    checks.add_argument("--split", metavar="名称", help="只用标注中 split 为此值的表，如 dev、test")
    for name in ("cells", "recall", "precision", "soft-recall"):
        checks.add_argument(
            f"--min-{name}", type=float, default=0.0, metavar="比例", help="低于此值（0–1）时退出码为 1"
        )

    retrieval = _command(parts, "retrieval", "检索：BM25、向量和混合检索的查全率和用时", _eval_retrieval)
    retrieval.add_argument(
        "set", nargs="?", type=Path, metavar="文件或目录", help="每行一条 query 和 relevant；默认 eval_sets/retrieval"
    )
    _with_format(retrieval)
    for name in ("hit", "recall"):
        retrieval.add_argument(
            f"--min-{name}", type=float, default=0.0, metavar="比例", help="混合检索低于此值（0–1）时退出码为 1"
        )

    drafting = _command(
        parts, "drafting", "起草的意见：有出处的比例、说到的要点、栏目和条款、编造的数字", _eval_drafting
    )
    drafting.add_argument(
        "set", nargs="?", type=Path, metavar="目录", help="含 labels.yaml 的目录；默认 eval_sets/drafting"
    )
    drafting.add_argument(
        "--drafter", choices=DRAFTERS[1:3], default="template", metavar="方式", help="template、model"
    )
    drafting.add_argument("--verify", action="store_true", help="同 review")
    drafting.add_argument("--misses", action="store_true", help="列出每一处没说到的、不该说的和没有出处的")
    _with_model(drafting)
    _with_format(drafting)


# --- review ----------------------------------------------------------------------------------


def _review(arguments: argparse.Namespace) -> int:
    from assistant import profile as profiles
    from assistant.review import Reviewer
    from assistant.sources import sources

    formats = list(dict.fromkeys(arguments.format or ["terminal"]))
    if arguments.out and formats == ["terminal"]:
        raise SettingsError("terminal 只输出到屏幕。--out 请与 --format docx、xlsx、markdown 或 json 一起使用。")
    reviewer = Reviewer(
        profile=profiles.load(arguments.profile), drafter=arguments.drafter, settings=_settings(arguments)
    )
    given = list(sources(arguments.paths))
    reviewed: list[DocumentReview] = []
    for number, source in enumerate(given, 1):
        if len(given) > 1 and sys.stderr.isatty():
            _say(f"第 {number}/{len(given)} 份 {source.name}")
        reviewed.append(reviewer.source(source.name, source.read, drafted=not reviewer.asks_model))
    if reviewer.asks_model:
        _draft_with_model(reviewer, reviewed)
    if arguments.decisions:
        reviewed = _decided(reviewer, reviewed)
    for document in reviewed:
        for problem in document.problems:
            _say(problem if Path(document.source).name in problem else f"{document.source}：{problem}")
    _export(formats, arguments.out, given, reviewed, show_read=arguments.show_read, withheld=arguments.verbose)
    if not all(document.forms for document in reviewed):
        return UNREAD
    severe = SEVERE.get(arguments.fail_on, ())
    found = any(f.severity in severe for document in reviewed for form in document.forms for f in form.findings)
    return FOUND if found else DONE


def _decided(reviewer: Reviewer, reviewed: list[DocumentReview]) -> list[DocumentReview]:
    """What a reviewer accepted of each document, in their words, as the database has it."""
    from assistant.decisions import Decisions, accepted_document, form_key

    kept = Decisions(reviewer.settings.database_url)
    try:
        decided = [[kept.in_force(form_key(review.form)) for review in document.forms] for document in reviewed]
    finally:
        kept.close()
    return [accepted_document(document, of_forms) for document, of_forms in zip(reviewed, decided, strict=True)]


def _settings(arguments: argparse.Namespace, **overrides: Any) -> Settings | None:
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
    from assistant.settings import load_settings

    return load_settings(**said)


def _draft_with_model(reviewer: Reviewer, reviewed: list[DocumentReview]) -> None:
    """Drafting of all documents, as many at once as requests may be in flight; before several forms an estimate."""
    from concurrent.futures import ThreadPoolExecutor

    from assistant.spending import estimate

    settings = reviewer.settings
    forms = [form for document in reviewed for form in document.forms]
    if len(forms) > 1:
        asked = [question for form in forms for question in reviewer.questions(form)]
        _say(estimate(settings, len(forms), sum(question.size for question in asked), len(asked)))
    model = reviewer.model  # made before the threads share it
    with ThreadPoolExecutor(settings.model_max_in_flight) as threads:
        for number, _ in enumerate(threads.map(reviewer.draft, reviewed), 1):
            if len(reviewed) > 1 and sys.stderr.isatty():
                _say(f"已起草 {number}/{len(reviewed)} 份")
    spending, answers = getattr(model, "spending", None), getattr(model, "answers", None)
    if spending is not None and len(forms) > 1:
        _say(spending.told())
    if answers is not None and answers.trouble:
        _say(answers.trouble)


def _export(
    formats: list[str],
    out: Path | None,
    given: list[Source],
    reviewed: list[DocumentReview],
    *,
    show_read: bool,
    withheld: bool = False,
) -> None:
    """Print, or write where `--out` says. JSON and Excel hold the whole run, Word and Markdown a document each."""
    from assistant import review
    from assistant.sources import OUTPUT

    folder = out or Path("out")
    done = [(source, document) for source, document in zip(given, reviewed, strict=True) if document.forms]
    for name in formats:
        if name == "terminal":
            from assistant.export.terminal import show

            console = _console()
            for _, document in done:
                show(document, console, read=show_read, withheld=withheld)
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
    from assistant.sources import OUTPUT_MARK

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
    _say(f"已写入 {path}")


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


# --- policies --------------------------------------------------------------------------------


def _policies_add(arguments: argparse.Namespace) -> int:
    from assistant import store
    from assistant.read import read
    from assistant.settings import load_settings

    said = store.Said(
        number=arguments.number,
        title=arguments.title,
        region=arguments.region,
        kind=arguments.kind,
        years=_years(arguments.year),
        superseded_by=arguments.superseded_by,
        document=arguments.document,
    )
    if len(arguments.files) > 1 and any((said.number, said.title, said.document)):
        raise SettingsError("--number、--title、--as 只用于一份文件，请一次添加一份。")
    region = load_settings().region
    added: list[store.Added] = []
    for path in arguments.files:
        try:
            added.append(store.add(read(path), said, replace=arguments.replace, region=region))
        except AssistantError as error:
            _say(str(error))
            continue
        if arguments.format == "terminal":
            print(store.told(added[-1]))
    if arguments.format == "json":
        _print_json([one.to_json() for one in added])
    return DONE if len(added) == len(arguments.files) else UNREAD


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


def _policies_list(arguments: argparse.Namespace) -> int:
    from assistant.export import clauses
    from assistant.policies import load_policies

    policies = load_policies()
    if arguments.format == "json":
        _print_json(clauses.listing_json(policies))
        return DONE
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in clauses.COLUMNS:
        table.add_column(column, overflow="fold")
    for row in clauses.listing(policies):
        table.add_row(*row)
    console = _console()
    if not console.is_terminal:
        console.width = WIDEST  # a file or another program gets a document a line
    console.print(table)
    print(clauses.DIGEST_NOTICE)
    return DONE


def _policies_show(arguments: argparse.Namespace) -> int:
    from assistant.export import clauses
    from assistant.policies import load_policies

    if arguments.format == "json":
        _print_json(clauses.shown_json(arguments.name, load_policies()))
    else:
        print(clauses.shown(arguments.name, load_policies()))
    return DONE


def _policies_search(arguments: argparse.Namespace) -> int:
    from assistant import lookup
    from assistant.policies import load_policies
    from assistant.search import Search
    from assistant.settings import load_settings

    settings = load_settings()
    search = Search(load_policies(), settings)
    if search.note:
        _say(search.note)
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
        _say(lookup.NOTHING)
    if arguments.format == "json":
        _print_json([one.to_json() for one in found])
        return DONE
    for number, one in enumerate(found, 1):
        print(f"{number}. {one.cite()}  {one.clause.id}\n   {one.clause.wording}：{one.clause.digest}\n")
    return DONE


def _policies_remove(arguments: argparse.Namespace) -> int:
    from assistant import store

    for name in arguments.names:
        document = store.remove(name)
        print(f"已删除 {document.id}《{document.title}》；同一文件如有自带的摘要，已恢复使用。")
    return DONE


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


# --- requests --------------------------------------------------------------------------------


def _requests_export(arguments: argparse.Namespace) -> int:
    from assistant import profile as profiles
    from assistant.answers import Answers
    from assistant.carried import export
    from assistant.review import Reviewer
    from assistant.settings import load_settings
    from assistant.sources import sources
    from assistant.spending import estimate

    settings = (_settings(arguments) or load_settings()).model_copy()
    settings.model = arguments.model or settings.model
    reviewer = Reviewer(profile=profiles.load(arguments.profile), settings=settings)
    answers = Answers(settings.answers_file)
    done = export(sources(arguments.paths), reviewer, arguments.out, answers, plain=arguments.plain)
    for problem in done.problems:
        _say(problem)
    for path in done.files:
        _say(f"已写入 {path}")
    if done.lines:
        _say(estimate(settings, done.forms, done.tokens, done.lines))
    return DONE if done.lines and not done.problems else UNREAD


def _requests_import(arguments: argparse.Namespace) -> int:
    from assistant import profile as profiles
    from assistant.answers import Answers
    from assistant.carried import take_back
    from assistant.review import Reviewer
    from assistant.settings import load_settings
    from assistant.sources import sources

    settings = _settings(arguments) or load_settings()
    profile = profiles.load(arguments.profile)
    result = take_back(
        arguments.responses,
        Answers(settings.answers_file),
        lambda carried: Reviewer(profile=profile, drafter="model", settings=settings, model=carried),
        sources(arguments.forms) if arguments.forms else None,
    )
    for document in result.reviewed:
        for problem in document.problems:
            _say(f"{document.source}：{problem}")
    for problem in result.problems:
        _say(problem)
    if result.awaited:
        _say(f"同一批中还有 {result.awaited} 条请求没有答复，收到后可再次导入。")
    if result.reviewed:
        formats = list(dict.fromkeys(arguments.format or ["terminal"]))
        _export(formats, arguments.out, result.given, result.reviewed, show_read=False, withheld=arguments.verbose)
    return DONE if result.reviewed and not result.problems else UNREAD


# --- the other commands ----------------------------------------------------------------------


def _rules(arguments: argparse.Namespace) -> int:
    from assistant import catalogue
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


def _eval_checks(arguments: argparse.Namespace) -> int:
    from assistant import profile as profiles
    from assistant.evaluate import evaluate, report

    evaluation = evaluate(arguments.folders, profiles.load(arguments.profile), split=arguments.split)
    if arguments.format == "json":
        print(json.dumps(evaluation.to_json(), ensure_ascii=False, indent=2))
    else:
        print(report(evaluation, by_form=arguments.by_form, misses=arguments.misses))
    least = {
        "cells": arguments.min_cells,
        "hard recall": arguments.min_recall,
        "hard precision": arguments.min_precision,
        "soft recall": arguments.min_soft_recall,
    }
    short = [name for name, share in evaluation.shares().items() if share < least.get(name, 0.0)]
    if short:
        _say(f"未达到要求：{'、'.join(short)}。")
    return FOUND if short else DONE


def _eval_retrieval(arguments: argparse.Namespace) -> int:
    from assistant import evaluate_retrieval as evaluation
    from assistant.policies import load_policies
    from assistant.search import Search
    from assistant.settings import load_settings

    policies = load_policies()
    queries = evaluation.read_queries(arguments.set or evaluation.SET, policies.clauses)
    search = Search(policies, load_settings())
    if search.note:
        _say(search.note)
    scores = evaluation.evaluate(search, queries)
    if arguments.format == "json":
        _print_json({"embedding": search.embedding_name, "scores": [one.to_json() for one in scores]})
    else:
        print(evaluation.report(scores, search.embedding_name))
    search.close()
    hybrid = [one for one in scores if one.way == "hybrid"]
    met = all(one.hit_5 >= arguments.min_hit and one.recall_5 >= arguments.min_recall for one in hybrid)
    if not met:
        _say("混合检索未达到要求。")
    return DONE if met else FOUND


def _eval_drafting(arguments: argparse.Namespace) -> int:
    from assistant import profile as profiles
    from assistant.evaluate_drafting import evaluate, report
    from assistant.review import Reviewer
    from assistant.shipped import folder

    reviewer = Reviewer(
        profile=profiles.load(arguments.profile), drafter=arguments.drafter, settings=_settings(arguments)
    )
    scores = evaluate(arguments.set or folder("eval_sets") / "drafting", reviewer, arguments.drafter)
    if arguments.format == "json":
        print(json.dumps(scores.to_json(), ensure_ascii=False, indent=2))
    else:
        print(report(scores, misses=arguments.misses))
    return FOUND if scores.figures_invented else DONE


def _doctor(arguments: argparse.Namespace) -> int:
    from assistant.doctor import examine

    checks = examine(arguments.profile)
    for check in checks:
        print(f"{'正常' if check.well else '注意'}  {check.name}：{check.says}")
    return DONE if all(check.well for check in checks if check.needed) else FOUND
