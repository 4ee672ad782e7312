"""The paper form as a component whose cells can be marked: what `assistant.form.layout` lays out, drawn as a table."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from assistant.form import layout
from assistant.form.form import Form, label
from assistant.pages.words import block

_HERE = Path(__file__)


def sheet(
    form: Form,
    key: str,
    marked: Collection[str],
    on_mark: Callable[[], None],
    verdicts: dict[str, str] | None = None,
) -> None:
    """Draw the form. A click marks a cell and calls `on_mark`; the marks then stand in the session under `key`, as
    `marked`. Those given are what it begins with; another key begins anew. With `verdicts` (path -> `hit`,
    `missed`, `wrong`) the cells are coloured and locked."""
    rows = [
        [
            {
                "text": square.text,
                "path": square.path,
                "label": label(square.path) if square.path else "",
                "columns": square.columns,
                "rows": square.rows,
                "heading": square.heading,
            }
            for square in row
        ]
        for row in layout.table(form)
    ]
    data = {
        "title": layout.title(form),
        "rows": rows,
        "marked": sorted(marked),
        "verdicts": verdicts or {},
        "locked": verdicts is not None,
        "words": block("sheet"),
    }
    _component()(key=key, data=data, default={"marked": sorted(marked)}, on_marked_change=on_mark)


@cache
def _component() -> Any:
    return st.components.v2.component(
        "assistant_sheet",
        html='<div class="scroll" tabindex="-1"></div>',
        css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
        js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
    )
