"""What can go wrong, apart from a fault in a form (that is a `Finding`).

    AssistantError            shown to the person as it is
      ReadError               the file: kind, password, empty, damaged, a scan without OCR
      ParseError              no known form in the document
      PolicyError             an unknown clause; an index that is missing or old
      ModelError              the model: refused, timed out, answered outside the schema
      DatabaseError           the database of reviews and decisions cannot be opened, read or written
        DeletedError          the review that something is to be kept of was deleted
        StaleError            somebody else decided first
      EmptyCommentError       a comment without a word was to be accepted
      SettingsError           a setting or profile that is missing or makes no sense

A message says in Chinese what happened, where, and what to do.
"""

import traceback


def where(error: BaseException) -> str:
    """The kind of an error and the lines it came through, for the log: its message may quote a form."""
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return " < ".join([type(error).__name__, *reversed(lines)])


def out_of_memory(error: BaseException) -> bool:
    """Whether an error came of a limit on memory, whatever it was called on its way: libraries and readers call any failure damage."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or "memory alloc" in str(seen).lower():
            return True
        seen = seen.__cause__ or seen.__context__
    return False


class AssistantError(Exception):
    """Base of every error a person may see; `retryable` says whether trying again can help."""

    retryable = False


class ReadError(AssistantError):
    """The source could not be read: wrong kind, password, empty, damaged, or a scan without OCR."""


class ParseError(AssistantError):
    """The source was read, but no known form stands in it."""


class PolicyError(AssistantError):
    """An unknown clause id, or a policy index that is missing or old."""


class ModelError(AssistantError):
    """The model refused, timed out, or answered outside the schema."""

    def __init__(self, message: str, *, retryable: bool = False):
        super().__init__(message)
        self.retryable = retryable


class SettingsError(AssistantError):
    """A setting or profile that is missing or makes no sense."""


class DatabaseError(AssistantError):
    """The database of reviews and decisions: unreachable, full, or made by a newer program."""

    retryable = True


class DeletedError(DatabaseError):
    """A decision, a correction or a draft of a review that was deleted meanwhile."""

    retryable = False


class StaleError(DatabaseError):
    """A decision or a correction that was made on what another window has changed meanwhile."""

    retryable = False


class EmptyCommentError(AssistantError):
    """A comment without a word cannot go to the reporting unit."""
