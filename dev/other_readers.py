"""One other reader over some files, in whatever Python has it: what it gives back, how fast, in how much memory.

    python dev/other_readers.py docling < paths.json

Paths in as a JSON list, the first only to load what loads on first use; one JSON object out: `version`, `per_s` in processor
time, `peak_mb` (0 where the system does not say), and `texts`, for each of the other files the texts of the table cells and of
the lines outside tables. Where the reader cannot read the files, only `failed`, the kind of its error. Nothing is imported but
the standard library and the reader, so that one that would disturb our environment can stay in its own.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

RULE = re.compile(r"[\s|:-]*")
"""The line under the head of a Markdown table."""
BORDER = re.compile(r"(?<!\\)\|")


def markitdown() -> tuple[Callable[[str], str], Callable[[str], list[str]]]:
    from markitdown import MarkItDown

    converter = MarkItDown()
    return lambda path: converter.convert(path).markdown, in_markdown


def python_docx() -> tuple[Callable[[str], dict[Any, str]], Callable[[dict[Any, str]], list[str]]]:
    """The usual way to get at a Word table: row by row, cell by cell; a merged cell comes once for each place it covers."""
    import docx

    def convert(path: str) -> dict[Any, str]:
        opened = docx.Document(path)
        cells = {cell._tc: cell.text for table in opened.tables for row in table.rows for cell in row.cells}
        return {line._p: line.text for line in opened.paragraphs} | cells

    return convert, lambda cells: [text for text in cells.values() if text.strip()]


def docling() -> tuple[Callable[[str], Any], Callable[[Any], list[str]]]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a benchmark fetches nothing; models that are here are used
    from docling.document_converter import DocumentConverter

    converter = DocumentConverter()
    return lambda path: converter.convert(path).document, in_document


def in_markdown(text: str) -> list[str]:
    """A table's cells, and each line outside tables without its marks."""
    found = []
    for line in text.splitlines():
        if line.lstrip().startswith("|"):
            found += [] if RULE.fullmatch(line) else BORDER.split(line.strip().strip("|"))
        else:
            found.append(line.strip("#*- \t"))
    # Pandas, which makes the tables of a workbook, writes NaN for a blank cell and a line break as two characters.
    shown = (cell.replace("\\n", "\n").replace("\\|", "|").replace("<br>", "\n").strip() for cell in found)
    return [cell for cell in shown if cell not in ("", "NaN")]


def in_document(document: Any) -> list[str]:
    """A merged cell once."""
    cells = [cell.text for table in document.tables for cell in table.data.table_cells]
    return [text for text in (*cells, *(line.text for line in document.texts)) if text.strip()]


READERS: dict[str, Callable[[], tuple[Callable[[str], Any], Callable[[Any], list[str]]]]] = {
    "python-docx": python_docx,
    "markitdown": markitdown,
    "docling": docling,
}


def _peak_mb() -> float:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0) / 2**10


def main() -> None:
    name = sys.argv[1]
    first, *paths = json.load(sys.stdin)
    convert, texts = READERS[name]()
    try:
        convert(first)
        start = time.process_time()
        made = [convert(path) for path in paths]
        took = time.process_time() - start
    except Exception as error:  # whatever the reader raises, this is what it has to say on these files
        print(json.dumps({"version": metadata.version(name), "failed": type(error).__name__}))
        return
    said = {"version": metadata.version(name), "per_s": len(paths) / took, "peak_mb": _peak_mb()}
    print(json.dumps(said | {"texts": [texts(one) for one in made]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
