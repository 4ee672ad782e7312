"""Reviews 项目支出绩效自评表 (project expenditure performance self-evaluation forms).

The flow, one folder a step, each with its noun:

    read      file or pasted text  -> Document      paragraphs and tables, each knowing where it stood
    parse     Document             -> Form          field paths -> what the cells say
    facts     Form                 -> facts         money, costs, reach of each row, goals, scores, texts
    rules     Form, Profile        -> Finding       one rule a file
    retrieve  Finding              -> Clause        the policy clauses it may cite, of `policies`
    draft     Finding, Clause      -> Suggestion    a comment from a template or a `model`, withheld where it does not hold
    review    all of it in one call -> Review
    decide    Review               -> Decision      what a reviewer settled, kept
    export    Review               -> Word comments, Excel sheets, JSON, Markdown

Before them stand what they share: `text` says what words and numbers mean, `labels` which printed words are labels of
what, `settings` what a bureau set, `form` the form itself. After them `evaluate`, `batch`, `commands` and `pages` use the
flow. A folder imports only folders before it (docs/architecture.md). The names below are imported on first use, so that
`import assistant` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.document import Document as Document
    from assistant.document import Place as Place
    from assistant.errors import AssistantError as AssistantError
    from assistant.form.finding import Finding as Finding
    from assistant.form.form import Form as Form
    from assistant.form.form import Reading as Reading
    from assistant.form.profile import Profile as Profile
    from assistant.policies.clause import Clause as Clause
    from assistant.rules.rule import Rule as Rule

_HOMES = {
    "AssistantError": "assistant.errors",
    "Clause": "assistant.policies.clause",
    "Document": "assistant.document",
    "Finding": "assistant.form.finding",
    "Form": "assistant.form.form",
    "Place": "assistant.document",
    "Profile": "assistant.form.profile",
    "Reading": "assistant.form.form",
    "Rule": "assistant.rules.rule",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
