"""Journal -> results.jsonl, results.parquet, failures.csv: what was found, in the order of the inputs.

The bytes depend on inputs and settings only: no times, no order of finishing. Written a piece at a time beside the old file and
moved into its place, so that nobody reads half a file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from assistant.batch.inputs import Input
from assistant.batch.journal import DONE, FAILED, Journal, JournalError
from assistant.batch.screened import Screened
from assistant.batch.ways import WAYS
from assistant.batch.worker import named
from assistant.export.replaced import OWN, replaced

JSONL, PARQUET, FAILURES = "results.jsonl", "results.parquet", "failures.csv"
ROWS = 1000
"""Rows written to the table at a time."""


def documents(journal: Journal) -> Iterator[tuple[Input, dict[str, Any], list[Screened]]]:
    """Every input with its document (the contract's JSON) and what is kept of its forms; failed ones have no forms.

    Inputs that were not reached are left out.
    """
    for entry in journal.entries():
        if entry.state not in (DONE, FAILED):
            continue
        name = entry.input.name
        result = journal.known(entry.key) if entry.key else None
        if result is None:
            yield entry.input, {"source": name, "sha256": entry.sha256, "forms": [], "problems": [entry.reason]}, []
            continue
        document = result["document"] | {
            "source": name,
            "sha256": entry.sha256,
            "problems": [named(problem, name) for problem in result["document"]["problems"]],
        }
        yield entry.input, document, of_result(result, name)


def of_result(result: dict[str, Any], name: str) -> list[Screened]:
    """What is kept of the forms of an input, under the name the input goes by."""
    kept = [one | {"warnings": [named(told, name) for told in one.get("warnings", ())]} for one in result["screened"]]
    return [Screened.from_json(one | {"source": name}) for one in kept]


def screened(journal: Journal) -> Iterator[Screened]:
    """What is kept of every form of a run, in order."""
    for _, _, forms in documents(journal):
        yield from forms


def write(folder: Path) -> None:
    """Raises `JournalError` where the folder cannot be written."""
    journal = Journal(folder, writing=False)
    try:
        with replaced(folder / JSONL, OWN) as part, part.open("wb") as file:
            for _, document, _ in documents(journal):
                file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        with replaced(folder / PARQUET, OWN) as part, part.open("wb") as file:
            _write_table(file, screened(journal))
        with replaced(folder / FAILURES) as part, part.open("wb") as file:
            _write_failures(file, journal.failures())
    except OSError as error:
        raise JournalError(f"无法写入 {folder} 中的结果（{error.strerror}）。{WAYS['space_or_rights']}") from error
    finally:
        journal.close()


def _write_table(file: IO[bytes], forms: Iterator[Screened]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    amount = pa.decimal128(24, 6)
    columns: dict[str, Any] = {
        "source": pa.string(), "number": pa.int32(), "family": pa.string(), "project": pa.string(), "department": pa.string(),
        "unit": pa.string(), "year": pa.int32(), "budget_wan": amount, "received_wan": amount, "executed_wan": amount,
        "rate": amount, "total_stated": amount, "total_recomputed": amount, "grade_stated": pa.string(),
        "grade_recomputed": pa.string(), "errors": pa.int32(), "warnings": pa.int32(), "advice": pa.int32(),
        "suggestions": pa.int32(), "doubts": pa.int32(), "rules": pa.list_(pa.string()),
    }  # fmt: skip
    schema = pa.schema(list(columns.items()))

    def rows(some: list[Screened]) -> Any:
        return pa.Table.from_pylist([_row(one, columns) for one in some], schema=schema)

    with pq.ParquetWriter(file, schema) as writer:
        some: list[Screened] = []
        for one in forms:
            some.append(one)
            if len(some) == ROWS:
                writer.write_table(rows(some))
                some = []
        if some:
            writer.write_table(rows(some))


def _row(one: Screened, columns: dict[str, Any]) -> dict[str, Any]:
    from decimal import Decimal

    counted = {"errors": one.count("error"), "warnings": one.count("warning"), "advice": one.count("advice")}
    row = {name: getattr(one, name) for name in columns if hasattr(one, name)}
    row |= counted | {"rules": [said.rule for said in one.findings]}
    return {
        name: value.quantize(Decimal("0.000001")) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }


def _write_failures(file: IO[bytes], failures: list[tuple[str, str]]) -> None:
    """For Excel, which takes UTF-8 only with its mark; a name that begins like a formula must not become one."""
    import io

    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(["文件", "原因"])
    for name, reason in failures:
        writer.writerow([f"'{said}" if said.startswith(("=", "+", "-", "@")) else said for said in (name, reason)])
    text.detach()
