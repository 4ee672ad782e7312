"""The folders of `assistant/` and what they import, as docs/architecture.md shows them: `make docs` prints both parts."""

from __future__ import annotations

import ast
import tomllib
from functools import lru_cache
from pathlib import Path

import grimp

PACKAGE = Path(__file__).parent.parent / "assistant"


def folders() -> str:
    """One line a folder or file, in the order the data flows: what it is for, in the first sentence of its docstring."""
    lines = []
    for name in order():
        folder = (PACKAGE / name).is_dir()
        source = PACKAGE / name / "__init__.py" if folder else PACKAGE / f"{name}.py"
        lines.append(f"| `{name}{'/' if folder else '.py'}` | {_first_sentence(source)} |")
    return "\n".join(["| | |", "|---|---|", *lines])


def picture() -> str:
    """Which folder imports which, as a Mermaid drawing. An import that a longer way implies as well is left out."""
    imports = _imports()
    arrows = [
        f"    {name} --> {other}"
        for name in reversed(order())
        for other in sorted(imports[name])
        if not any(other in _reached(between) for between in imports[name] - {other})
    ]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```"])


@lru_cache
def _imports() -> dict[str, frozenset[str]]:
    """Folder -> the folders it imports; imports for the type checker alone count as well."""
    graph = grimp.build_graph("assistant", cache_dir=None)
    children = graph.find_children("assistant")
    for child in children:
        graph.squash_module(child)
    return {
        child.rpartition(".")[2]: frozenset(
            other.rpartition(".")[2] for other in graph.find_modules_directly_imported_by(child) & children - {child}
        )
        for child in children
    }


def _reached(name: str) -> frozenset[str]:
    imports = _imports()
    return imports[name].union(*(_reached(other) for other in imports[name]))


def order() -> list[str]:
    """The folders and files of `assistant/`, each importing only those before it, as `make lint` holds it."""
    with (PACKAGE.parent / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [name for layer in reversed(layers) for name in layer.split(" | ")]


def _first_sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ").rstrip(".")
