"""The workbench: one component that shows the form as paper beside the remarks on it.

It is given everything as data and sends back events, oldest first, each with an id of its own: `decide` (key,
action, comment, rewrite), `undo` (key), `correct` (path, text). Each says what it was made on: `seen`, the version the
data showed, or `after`, the event before it of the same remark or cell. They come again until `done` or `refused` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import streamlit as st

from assistant.decide.decisions import REJECT, Correction, Decision, Standing
from assistant.export.plain import plain_text
from assistant.export.score_table import COLUMNS, rows
from assistant.form.facsimile import Printed, Square, doubt
from assistant.form.finding import statement
from assistant.form.form import label
from assistant.pages.words import block, say
from assistant.review.remark import Remark, doubts, remarks
from assistant.review.reviewer import Review
from assistant.rules.ledger import CLEAN, COULD_NOT, FOUND, NOTHING, OFF, Kept
from assistant.rules.rule import load
from assistant.text.quotation import quoted, shortened

_HERE = Path(__file__)


@cache
def _component() -> Any:
    """Registered once a process; the page carries neither markup nor script of anybody else's."""
    css, js = (_HERE.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".css", ".js"))
    return st.components.v2.component("workbench", html='<div class="bench"></div>', css=css, js=js)


def show(data: dict[str, Any], key: str, on_events: Callable[[], None]) -> None:
    """The component with this data; `on_events` reads `events(key)`."""
    _component()(key=key, data=data, on_events_change=on_events)


def events(key: str) -> list[dict[str, Any]]:
    return st.session_state[key]["events"] or []


def workbench_data(
    form: str,
    review: Review,
    accepted: Review,
    sheets: Printed,
    standing: Mapping[str, Standing],
    done: Iterable[str],
    corrected: Mapping[str, Correction] = MappingProxyType({}),
    refused: Mapping[str, str] = MappingProxyType({}),
    trouble: str = "",
    session: str = "",
) -> dict[str, Any]:
    """What the component shows. `form` names the form; `done` are the events that are kept, `refused` those that
    never will be, with why; `trouble` is why none is kept at present; `session` changes when the page begins anew."""
    said = remarks(review)
    places = sheets.places({field for remark in said for field in (remark.field, *remark.fields)})
    table = rows(review.scores)
    shown = sheets.form
    return {
        "form": form,
        "session": session,
        "done": list(done),
        "refused": [{"id": event, "said": why} for event, why in refused.items()],
        "trouble": trouble,
        "words": block("workbench"),
        "sheets": [
            {"line": sheet.line, "rows": [[_square(sheets, one, corrected) for one in row] for row in sheet.rows]}
            for sheet in sheets.sheets
        ],
        "missing": [
            [
                _square(sheets, Square(label(path), head=True, id=f"{path} label"), corrected),
                _square(sheets, Square(shown.get(path) or "", paths=[path], id=path), corrected),
            ]
            for path in sheets.missing
        ],
        "remarks": [_remark(review, remark, places, standing.get(remark.key, _UNDECIDED)) for remark in said],
        "scores": {
            "columns": COLUMNS,
            "rows": [{"cells": row.cells, "differs": row.differs} for row in table],
            "differ": sum(row.differs for row in table),
        },
        "doubts": doubts(review),
        "ledger": {"rules": len(review.ledger), "outcomes": _ledger(review)},
        "unused": [*_withdrawn(review), *_withheld(review)],
        "copy": plain_text(accepted) if accepted.suggestions else "",
    }


def _ledger(review: Review) -> list[dict[str, Any]]:
    """The rules by what became of them; those that could not judge first, each with what kept it."""
    catalogue = load()
    return [
        {
            "outcome": outcome,
            "name": say(f"workbench.ledger_{outcome.replace(' ', '_')}"),
            "open": outcome == COULD_NOT,
            "rules": [
                {
                    "code": one.rule,
                    "title": catalogue[one.rule].title.rstrip("。"),
                    "kept": [_kept(kept) for kept in one.kept],
                }
                for one in those
            ],
        }
        for outcome in (COULD_NOT, FOUND, CLEAN, NOTHING, OFF)
        if (those := [one for one in review.ledger if one.outcome == outcome])
    ]


def _kept(kept: Kept) -> str:
    """Which cell kept a rule from judging, why, and the text that may belong there."""
    where = label(kept.field) if kept.field else ""
    why = say(f"workbench.kept_{kept.why}")
    return say("workbench.kept", where=where, why=why) + (quoted(shortened(kept.text)) if kept.text else "")


def _withheld(review: Review) -> list[dict[str, Any]]:
    """What a model wrote and grounding did not let through, with every reason."""
    return [
        {
            "title": " ".join(filter(None, (one.rule, label(one.field) if one.field else ""))),
            "state": say("workbench.mended" if one.mended else "workbench.withheld"),
            "text": one.comment,
            "reasons": one.reasons,
        }
        for one in review.withheld
    ]


def _withdrawn(review: Review) -> list[dict[str, Any]]:
    """The findings a model does not uphold, with why, unless a later check has brought them back."""
    return [
        {
            "title": f"{one.finding.rule} {label(one.finding.field)}",
            "state": say("workbench.withdrawn"),
            "text": one.finding.message,
            "reasons": [f"{one.reason}（“{one.quote}”）"],
        }
        for one in review.withdrawn
        if one.finding not in review.findings
    ]


def _square(sheets: Printed, square: Square, corrected: Mapping[str, Correction]) -> dict[str, Any]:
    """A cell; those of its fields that can be corrected come with their names and texts."""
    paths = [path for path in square.paths if _correctable(path)]
    return {
        "id": square.id,
        "text": square.text,
        "rowspan": square.rowspan,
        "colspan": square.colspan,
        "head": square.head,
        "paths": square.paths,
        "label": "、".join(label(path) for path in paths),
        "doubt": doubt(sheets.form, square.paths),
        "cells": [
            {
                "path": path,
                "label": label(path),
                "text": sheets.form.get(path) or "",
                "version": corrected[path].id if path in corrected else 0,
            }
            for path in paths
        ],
    }


def _correctable(path: str) -> bool:
    """A cell with a text of its own: not a group of indicators, nor the block of evaluators."""
    parts = path.split(".")
    return path != "evaluators" and not (parts[0] == "indicators" and len(parts) == 2)


_UNDECIDED = Standing(0, None, None)


def _remark(review: Review, remark: Remark, places: Mapping[str, str], standing: Standing) -> dict[str, Any]:
    """A card: `cell` is where it stands, `cells` all it speaks of, `behind` what was found where the words do not say it."""
    drafted, decision, undone = remark.suggestion, standing.decision, standing.undone
    body = remark.body if decision is None else decision.comment
    return {
        "key": remark.key,
        "cell": places[remark.field],
        "cells": list(dict.fromkeys(places[field] for field in (remark.field, *remark.fields))),
        "rule": remark.rule,
        "severity": remark.severity,
        "place": remark.field_label,
        "behind": [
            message
            for message in (review.findings[at].message for at in remark.findings)
            if statement(message) not in body
        ],
        "body": remark.body,
        "comment": body,
        "rewrite": remark.rewrite if decision is None else decision.rewrite,
        "drafted": remark.rewrite,
        "version": standing.version,
        "undone": {"comment": undone.comment, "rewrite": undone.rewrite} if undone else None,
        "state": "" if decision is None else decision.action if decision.kept else REJECT,
        "said": _said(decision) if decision else "",
        "origin": say(f"workbench.origin_{remark.origin}"),
        "made_by": remark.made_by,
        "why": drafted.why if drafted else "",
        "clauses": [
            {
                "text": one.text,
                "digest": one.clause.digest,
                "wording": one.clause.wording,
                "link": f"policies?clause={one.clause.id.replace('#', '%23')}",
            }
            for one in remark.citations
        ],
    }


def _said(decision: Decision) -> str:
    when = decision.at.astimezone().strftime("%m-%d %H:%M")
    return f"{say(f'workbench.state_{decision.action}')} · {decision.who} · {when}"
