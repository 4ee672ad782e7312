"""A run folder -> what its outputs are made from: forms, failures, and each input reviewed again as it was.

The journal keeps reviews as JSON. A Word file is annotated from the input itself, so it is read and checked again, which gives
the same; what a model had drafted is taken from the journal and never asked for twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.batch import results
from assistant.batch.inputs import Opener
from assistant.batch.journal import Entry, Journal
from assistant.batch.screened import Screened
from assistant.errors import ReadError

if TYPE_CHECKING:
    from assistant.form.profile import Profile
    from assistant.review.reviewer import DocumentReview
    from assistant.settings.settings import Settings


class Recorded:
    """The `RunData` of a run folder. Used as a context, which closes the journal and the zips it opened."""

    def __init__(self, folder: Path, profile: Profile, drafter: str, settings: Settings | None = None):
        from assistant.review.reviewer import Reviewer

        self._journal = Journal(folder, writing=False)
        self._opener = Opener()
        self._reviewer = Reviewer(
            profile=profile, drafter="none" if drafter == "none" else "template", settings=settings
        )

    def __enter__(self) -> Recorded:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opener.close()
        self._journal.close()

    def screened(self) -> Iterator[Screened]:
        return results.screened(self._journal)

    def failures(self) -> list[tuple[str, str]]:
        return self._journal.failures()

    def source(self, name: str) -> bytes:
        """Raises `ReadError` where the input is no longer to be had."""
        return self._opener.data(self._entry(name).input)

    def reviewed(self, name: str) -> DocumentReview:
        """The input as it was reviewed in the run. Raises `ReadError`."""
        from assistant.read import read_bytes
        from assistant.review.earlier import recalled

        data = self.source(name)
        again = self._reviewer.source(name, lambda: read_bytes(data, Path(name).name))
        kept = self._journal.known(self._entry(name).key)
        forms = kept["document"]["forms"] if kept else []
        for number, (review, form) in enumerate(zip(again.forms, forms, strict=False)):
            again.forms[number] = recalled(review, form["findings"], form["suggestions"])
        return again

    def _entry(self, name: str) -> Entry:
        entry = self._journal.entry(name)
        if entry is None:
            raise ReadError(f"这一批中没有 {name}。")
        return entry
