"""Questions written to a file, and answers taken back from one: OpenAI's Batch API, or a model on another network.

`exported` gives one line a question (one a form, more where a form is asked about in parts) in the
Batch API's format. The id of a line is a digest of the form and its findings, so an answer is matched by
asking again: the form is read anew from where it lies, and an answer to a form that has changed since
belongs to nothing. Which clauses were offered, and in which order, is no part of the id: what an answer cites
is held against those offered now. Answers go through the same grounding as those of a live model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from assistant.errors import AssistantError, ModelError, SettingsError
from assistant.model.answers import Answers, Exported, Manner
from assistant.model.client import Question, answer_in
from assistant.model.spending import Purse
from assistant.read.sources import Source
from assistant.review.reviewer import DocumentReview, Reviewer

if TYPE_CHECKING:
    from assistant.settings.settings import Settings

Shape = TypeVar("Shape", bound=BaseModel)

MOST_LINES = 50_000
MOST_BYTES = 200 * 2**20
"""What one file of the Batch API may hold."""
MOST_LINE = 8 * 2**20
URL = "/v1/chat/completions"


class Carried:
    """Answers that came by file, in the place of a model."""

    live = False

    def __init__(self, bodies: dict[str, dict[str, Any] | ModelError]):
        self._bodies = bodies

    def ask(self, question: Question, shape: type[Shape], purse: Purse) -> Shape:
        body = self._bodies.get(question.identity)
        if body is None:
            raise ModelError("答复文件中没有这张表的回答。")
        if isinstance(body, ModelError):
            raise body
        return answer_in(body, shape)


# --- out -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Export:
    """What was written: the files, how many lines and forms, tokens sent by estimate, what was left out and why."""

    files: list[Path] = field(default_factory=list)
    lines: int = 0
    forms: int = 0
    tokens: int = 0
    problems: list[str] = field(default_factory=list)


def line_of(question: Question, settings: Settings, manner: Manner) -> dict[str, Any]:
    """One request in the Batch API's format."""
    body: dict[str, Any] = {"model": settings.model, "messages": question.messages(manner.rung)}
    body |= question.options(manner.rung)
    if manner.temperature and settings.model_temperature is not None:
        body["temperature"] = settings.model_temperature
    if manner.limit:
        body[manner.limit] = settings.model_max_answer_tokens
    return {"custom_id": question.identity, "method": "POST", "url": URL, "body": body}


def export(given: Iterable[Source], reviewer: Reviewer, out: Path, answers: Answers, *, plain: bool = False) -> Export:
    """Writes the requests of every form in `given`. `plain` asks for JSON in words, for servers without response formats.

    Raises `SettingsError` where no model is named or the file cannot be written.
    """
    settings = reviewer.settings
    if not settings.model:
        raise SettingsError("没有写明模型名称。请用 --model 名称，或设置 ASSISTANT_MODEL。")
    manner = Manner("plain") if plain else answers.manner(settings.model_base_url or "", settings.model)
    done = Export()
    noted: list[Exported] = []
    written: set[str] = set()

    def lines() -> Iterator[bytes]:
        for source in given:
            reviewed = reviewer.source(source.name, source.read, drafted=False)
            done.problems += [f"{source.name}：{problem}" for problem in reviewed.problems if not reviewed.forms]
            if source.path is None and reviewed.forms:
                done.problems.append(f"{source.name}：只能导出文件，答复回来时要重新读取。请保存成文件后再导出。")
                continue
            for number, review in enumerate(reviewed.forms, 1):
                asked = reviewer.questions(review)
                if not asked:
                    done.problems.append(f"{source.name} 第{number}张表文字太多，没有导出。")
                    continue
                done.forms += 1
                for part, question in enumerate(asked, 1):
                    path = str(Path(source.path or "").resolve())
                    noted.append(Exported(question.identity, path, reviewed.sha256, number, part, str(out.resolve())))
                    if question.identity not in written:  # two copies of a form are one question
                        written.add(question.identity)
                        done.tokens += question.size
                        yield json.dumps(line_of(question, settings, manner), ensure_ascii=False).encode() + b"\n"

    try:
        for path, chunk in _files(lines(), out):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(chunk))
            done.files.append(path)
    except OSError as error:
        raise SettingsError(f"无法写入 {out}（{error.strerror}）。请换一个位置。") from error
    done.lines = len(written)
    answers.note_exported(noted)
    if answers.trouble:
        done.problems.append(f"{answers.trouble}导入答复时请用 --forms 指明自评表所在的目录。")
    return done


def shown(given: Iterable[Source], reviewer: Reviewer) -> Iterator[str]:
    """What would leave the machine for each form in `given`, as a person reads it: every word of its requests."""
    for source in given:
        reviewed = reviewer.source(source.name, source.read, drafted=False)
        yield from (f"{source.name}：{problem}" for problem in reviewed.problems if not reviewed.forms)
        for number, review in enumerate(reviewed.forms, 1):
            yield from as_sent(reviewer.questions(review), f"{source.name} 第{number}张表")


def as_sent(questions: Iterable[Question], name: str) -> Iterator[str]:
    """Every word of these questions, without the schema of the answer."""
    for part, question in enumerate(questions, 1):
        told = "\n\n".join(message["content"] for message in question.messages("json_schema"))
        yield f"―― {name}，第{part}条请求 ――\n{told}"


def _files(lines: Iterator[bytes], out: Path) -> Iterator[tuple[Path, list[bytes]]]:
    """The lines shared out over as many files as the Batch API asks for: requests.jsonl, requests-2.jsonl …"""
    chunk: list[bytes] = []
    size = number = 0
    for line in lines:
        if chunk and (len(chunk) == MOST_LINES or size + len(line) > MOST_BYTES):
            number += 1
            yield _numbered(out, number), chunk
            chunk, size = [], 0
        chunk.append(line)
        size += len(line)
    if chunk:
        yield _numbered(out, number + 1), chunk


def _numbered(out: Path, number: int) -> Path:
    return out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")


# --- and back --------------------------------------------------------------------------------


@dataclass(slots=True)
class Import:
    """The forms answered for, each with its source; in Chinese what could not be taken and what is still awaited."""

    given: list[Source] = field(default_factory=list)
    reviewed: list[DocumentReview] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    awaited: int = 0


def take_back(
    paths: Iterable[Path], answers: Answers, make: Callable[[Carried], Reviewer], forms: Iterable[Source] | None = None
) -> Import:
    """The answers in these files, grounded. `make` gives a reviewer that drafts from what was carried.

    Forms are found by what was noted when they were exported, or among `forms` where given. Raises
    `SettingsError` where a file cannot be read.
    """
    result = Import()
    bodies: dict[str, dict[str, Any] | ModelError] = {}
    where: dict[str, str] = {}
    for path in paths:
        _read(path, bodies, where, result.problems)
    reviewer = make(Carried(bodies))
    if forms is None:
        candidates, noted = _noted(answers, bodies)
        result.awaited = len(noted)
    else:
        candidates = [(source, None) for source in forms]
    used: set[str] = set()
    for source, sha256 in candidates:
        _take_form(source, sha256, bodies, used, reviewer, result)
    for strange in [one for one in bodies if one not in used]:
        result.problems.append(
            f"{where[strange]}：编号 {strange[:12]}… 不属于已导出的任何一张表（或导出之后表、提示词或程序有了变化），没有采用。"
            "请重新导出；表已移动的，用 --forms 指明所在目录；导出时用了 --no-mask 的，导入时也要用。"
        )
    return result


def _read(
    path: Path, bodies: dict[str, dict[str, Any] | ModelError], where: dict[str, str], problems: list[str]
) -> None:
    """Adds the answers of one file. Of several for one question the first good one counts."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if not raw.strip():
                    continue
                place = f"{path.name} 第{number}行"
                try:
                    if len(raw) > MOST_LINE:
                        raise ValueError
                    line = json.loads(raw.decode("utf-8-sig"))
                    name = line["custom_id"]
                    if not isinstance(name, str):
                        raise TypeError
                except (ValueError, LookupError, TypeError, RecursionError):
                    problems.append(f"{place}不是一行答复（应为含 custom_id 的 JSON），没有采用。")
                    continue
                body = _body(line)
                if isinstance(bodies.get(name), dict):
                    problems.append(f"{place}与前面的答复编号相同，没有采用。")
                    continue
                bodies[name] = body
                where[name] = place
    except OSError as error:
        raise SettingsError(f"无法读取 {path}（{error.strerror}）。请检查路径。") from error


def _body(line: dict[str, Any]) -> dict[str, Any] | ModelError:
    """The completion in a line of answers, else what went wrong with it."""
    response, error = line.get("response"), line.get("error")
    status = response.get("status_code") if isinstance(response, dict) else None
    body = response.get("body") if isinstance(response, dict) else None
    if error or status not in (None, 200) or not isinstance(body, dict) or "error" in body:
        code = error.get("code") if isinstance(error, dict) else None
        return ModelError(f"模型服务没有完成这张表的请求（{status or code or '没有答复'}）。")
    return body


def _noted(answers: Answers, bodies: dict[str, Any]) -> tuple[list[tuple[Source, str | None]], set[str]]:
    """The files that answered questions came from, as noted at export; and the questions still without an answer."""
    exported = answers.exported()
    batches = {one.batch for one in exported if one.id in bodies}
    found: dict[str, str] = {}
    awaited: set[str] = set()
    for one in exported:
        if one.id in bodies:
            found.setdefault(one.source, one.sha256)
        elif one.batch in batches:
            awaited.add(one.id)
    return [(Source(Path(path).name, Path(path)), sha256) for path, sha256 in found.items()], awaited


def _take_form(
    source: Source,
    sha256: str | None,
    bodies: dict[str, Any],
    used: set[str],
    reviewer: Reviewer,
    result: Import,
) -> None:
    """Reads a source anew and drafts the forms that have an answer; forms without one are left out."""
    try:
        changed = sha256 is not None and hashlib.sha256(source.data).hexdigest() != sha256
    except OSError as error:
        result.problems.append(
            f"{source.name}：读不到原来的表（{error.strerror}）。表已移动的，用 --forms 指明所在目录。"
        )
        return
    except AssistantError as error:
        result.problems.append(str(error))
        return
    if changed:
        result.problems.append(f"{source.name}：导出之后表有改动，原来的答复不再适用。请重新导出。")
        return
    reviewed = reviewer.source(source.name, source.read, drafted=False)
    kept = []
    for review in reviewed.forms:
        ids = {question.identity for question in reviewer.questions(review)}
        if ids & bodies.keys():
            used |= ids & bodies.keys()
            kept.append(review)
    if kept:
        reviewed.forms = kept
        reviewer.draft(reviewed)
        result.given.append(source)
        result.reviewed.append(reviewed)
