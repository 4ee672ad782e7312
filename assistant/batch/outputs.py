"""A screened run -> what people open: the workbook, the annotated Word files and a summary, in the folder of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.batch import annotated, budget_list, summary, workbook
from assistant.batch.judged import Run, judged, sources
from assistant.batch.screened import Screened
from assistant.batch.screening import Screening
from assistant.errors import SettingsError
from assistant.export.replaced import replaced

if TYPE_CHECKING:
    from assistant.review.reviewer import DocumentReview


class RunData(Protocol):
    """A run as the journal holds it. `name` is the `source` of a screened form."""

    def screened(self) -> Iterable[Screened]:
        """Every form, in the order of the inputs; asked for more than once."""
        ...

    def failures(self) -> Iterable[tuple[str, str]]:
        """Name and reason of every input that could not be read."""
        ...

    def reviewed(self, name: str) -> DocumentReview: ...
    def source(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Written:
    """The judged run, and Chinese sentences on what could not be written or used."""

    run: Run
    notes: tuple[str, ...]


def write(
    data: RunData,
    folder: Path,
    screening: Screening,
    budget: Path | None = None,
    *,
    said: Sequence[str] = (),
    annotate: bool = True,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Raises `SettingsError` where the budget list makes no sense or the folder cannot be written.

    `said` is what the run has to say of itself: what a model cost, a ceiling that was reached. `told` hears how many of the annotated files are done, and of how many.
    """
    listed = None if budget is None else budget_list.read(budget, screening.budget_list)
    run = judged(data.screened(), data.failures(), screening, listed)
    notes = list(said)
    if listed is not None and listed.skipped:
        notes.append(f"预算清单有{listed.skipped}行没有可读的金额，没有核对。")
    try:
        files: dict[str, str] = {}
        if annotate:
            wanted = [
                name
                for name, forms in sources(run.forms).items()
                if any(one.verdict.verdict in screening.annotated for one in forms)
            ]
            files, problems = annotated.write(
                wanted, data.reviewed, data.source, folder / annotated.FOLDER, lambda done: told(done, len(wanted))
            )
            notes += problems
        with replaced(folder / workbook.FILE) as part:
            workbook.write(run, part, files, notes)
        with replaced(folder / summary.WORD) as part:
            part.write_bytes(summary.word(run, said))
        with replaced(folder / summary.PAGE) as part:
            part.write_text(summary.page(run, said), encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"无法写入 {folder}（{error.strerror or error}）。请腾出空间、检查权限；文件在 Excel 或 Word 中打开时请先关闭。"
        ) from error
    return Written(run, tuple(notes[len(said) :]))
