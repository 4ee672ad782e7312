"""Reviews of a run -> Word files, one for each input that needs a reader: with comments, or a report where it takes none."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, where
from assistant.export.replaced import replaced
from assistant.read.file_name import apart, safe
from assistant.read.kind import SUFFIXES

if TYPE_CHECKING:
    from assistant.review.reviewer import DocumentReview

log = logging.getLogger(__name__)

FOLDER = "annotated"
COMMENTED, REPORTED = "-批注", "-审核报告"
"""Ends the name of a source with its comments, and of the report on one that takes none."""
_OURS = re.compile(rf"(?:{COMMENTED}|{REPORTED})(?:\(\d+\))?$")


def write(
    sources: Iterable[str],
    reviewed: Callable[[str], DocumentReview],
    source: Callable[[str], bytes],
    folder: Path,
    told: Callable[[int], None] = lambda done: None,
) -> tuple[dict[str, str], list[str]]:
    """The name of the file written for each source, and a Chinese sentence for each that could not be written.

    A source that takes no comments gets a report, which is not called one with comments. Files of an earlier time that
    are not among them go. Raises `OSError` where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    written: dict[str, str] = {}
    problems = []
    for done, name in enumerate(sources, 1):
        try:
            content, mark, problem = _made(reviewed(name), source(name), name)
        except (AssistantError, OSError) as error:
            problems.append(f"{name} 的批注文件没有生成：{error}")
        except Exception as error:  # a fault of ours costs its own file only
            log.info("%s", where(error))
            problems.append(f"{name} 的批注文件没有生成（{type(error).__name__}）。请反馈给维护人员。")
        else:
            problems += filter(None, [problem])
            file = apart(f"{safe(name)}{mark}.docx", taken)
            with replaced(folder / file) as part:
                part.write_bytes(content)
            written[name] = file
        told(done)
    for old in folder.glob("*.docx"):
        if old.name not in written.values() and _OURS.search(old.stem):
            old.unlink()
    return written, problems


def _made(review: DocumentReview, data: bytes, name: str) -> tuple[bytes, str, str]:
    """The file for one source, what its name ends with, and a sentence where a Word file could not take its comments."""
    from assistant.export.report import report
    from assistant.export.word import commented

    if (content := commented(review, data)) is not None:
        return content, COMMENTED, ""
    suffix = PurePosixPath(name).suffix.lower()
    of_word = suffix in SUFFIXES["docx"]
    why = f"{name} 不能在原文件上加批注（{suffix} 或文件有损坏），已另写审核报告。" if of_word else ""
    return report(review), REPORTED, why
