"""What an official text is once it is read: its clauses, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unit:
    """One clause: `key` makes its id (art-11, art-10-1, item-5-15, item-3-7-2, table-2-8, qa-3), `article` is its name."""

    key: str
    article: str
    text: str
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """An official text as recognised; an empty string or None is what the text does not say.

    `date` and `in_force` are ISO dates. `years` are evaluation years the text itself names. `draft` marks one that
    only asks for opinions, `interpretation` one that explains another document, `excerpt` a part of one, `scanned` one
    whose words were recognised in a picture. `repeals` are the numbers of documents it says end with it. `problems`
    are Chinese sentences on what was left out, and on what no official text has; `doubts` are such on what the person
    has to say, because the text says it in two ways or not at all.
    """

    units: tuple[Unit, ...]
    number: str = ""
    title: str = ""
    issuer: str = ""
    date: str = ""
    in_force: str = ""
    years: tuple[int | None, int | None] = (None, None)
    draft: bool = False
    interpretation: bool = False
    excerpt: bool = False
    scanned: bool = False
    repeals: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())
    doubts: tuple[str, ...] = field(default=())

    @property
    def numbered(self) -> tuple[Unit, ...]:
        """The articles or points; of a text that has none, all its clauses."""
        return tuple(unit for unit in self.units if not unit.key.startswith("table")) or self.units


@dataclass(slots=True)
class Body:
    """A run of clauses that counts from its first on; line numbers of its first and last clause."""

    first: int
    last: int
    units: list[Unit]
