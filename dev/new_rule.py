"""`make rule CODE=S12 NAME=total-rounded`: a new rule file with empty cases, which the tests refuse until filled."""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "assistant/rules"
TEMPLATE = '''"""{code}: what is compared with what."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.rule import Case, Hit, rule


# A limit that a bureau may set otherwise: KEY = threshold("key", "0.01", "含义"), asked for as KEY.of(profile).
# kind: what a comment on it is about (assistant.rules.rule.Kind). policy: one to four ids of clauses in policies/, the best first.
@rule("{code}", "{name}", severity="warning", kind="other", policy=())
def {function}(form: Form, profile: Profile) -> Iterator[Hit]:
    """一句话：哪里不对。

    What fires it, what it deliberately leaves alone, and why.

    Field: the cell the reviewer would write on. Evidence: the figures, with their unit.
    """
    yield from ()


# A case: why it is there, the cells changed on the clean form (assistant/rules/clean/), and where it fires the fields named:
#     Case("四项之和为100，总分写90", {{"scores.total": "90"}}, ("scores.total",))
# One that fires and two near misses at least; what else a case can say stands at `Case`.
FIRES: list[Case] = []
SILENT: list[Case] = []
'''


def new_rule(code: str, name: str, folder: Path = FOLDER) -> Path:
    """Write the file and return its path. Raises `ValueError` for a code or name that cannot be one."""
    if not re.fullmatch(r"[SFIGBN]\d\d", code):
        raise ValueError(f"CODE={code}: a code is one of S F I G B N and two digits, e.g. S12")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(
            f"NAME={name}: a name is small letters with hyphens and says what is wrong, e.g. total-rounded"
        )
    taken = sorted(folder.glob(f"{code.lower()}_*.py"))
    if taken:
        raise ValueError(f"{code} stands in {taken[0].name}; codes are never reused")
    function = name.replace("-", "_")
    path = folder / f"{code.lower()}_{function}.py"
    path.write_text(TEMPLATE.format(code=code, name=name, function=function), encoding="utf-8")
    return path


def main() -> None:
    try:
        path = new_rule(sys.argv[1], sys.argv[2])
    except ValueError as error:
        sys.exit(str(error))
    print(
        f"{path.relative_to(FOLDER.parent.parent)}: write the check and its cases, its template in prompts/templates.yaml, then `make docs` and `make test`"
    )


if __name__ == "__main__":
    main()
