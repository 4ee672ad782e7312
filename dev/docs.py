"""Prints the pages and the README parts that come from the code: `make docs` writes them, the tests compare.

A page says so on its first line; a README part stands between `<!-- printed: name -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant import form as forms
from assistant.finding import SEVERITY_LABELS
from assistant.form import label
from assistant.policies import shipped_policies
from assistant.rules import rule as rules
from assistant.rules.rule import Case, Rule
from assistant.settings import Settings

ROOT = Path(__file__).parent.parent
SAMPLE = "eval_sets/forms/forms/sample.docx"
FIRST_LINE = "<!-- Printed by `make docs` from {source}; change that, not this page. -->"
PART = re.compile(r"(<!-- printed: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)

FAMILIES = {
    "S": "得分",
    "F": "资金",
    "I": "指标",
    "G": "目标",
    "B": "基本信息",
    "N": "文字",
}
BLANK = "（空白）"
FOLDERS = {
    "index_dir": "用户缓存文件夹",
    "policies_dir": "用户数据文件夹",
    "runs_dir": "用户数据文件夹",
    "database_url": "用户数据文件夹中的 SQLite 文件",
}
"""Settings whose default depends on the person and their system."""


def rules_page() -> str:
    """Every rule with its explanation, its clauses and the cases that are its tests."""
    catalogue = rules.load()
    known = shipped_policies().clauses
    lines = [
        "# 核对规则",
        "",
        (
            f"共 {len(catalogue)} 条。`assistant rules` 列出全部，`assistant rules S01` 说明一条；"
            "容差、级别和开关见 [profile.md](profile.md)，字段写法见 [field-paths.md](field-paths.md)。"
            "示例是在没有问题的表上改动所列单元格，每次测试都会运行。"
        ),
    ]
    for letter, title in FAMILIES.items():
        lines += ["", f"## {letter} {title}"]
        for rule in catalogue.values():
            if rule.code[0] == letter:
                lines += ["", *_rule(rule, known)]
    return _page("assistant/rules", lines)


def _rule(rule: Rule, known: dict) -> Iterator[str]:
    kind = "，文字措辞由起草环节完善" if rule.soft else ""
    yield f"### {rule.code} {rule.title.rstrip('。')}"
    yield ""
    yield f"`{rule.name}` · {SEVERITY_LABELS[rule.severity]}{kind}"
    yield ""
    yield rule.explanation
    if rule.policy:
        yield ""
        yield f"依据：{'；'.join(known[clause].cite_anywhere() for clause in rule.policy)}"
    fires, silent = rules.cases(rule)
    for heading, cases in (("提示", fires), ("不提示", silent)):
        yield ""
        yield f"{heading}："
        yield ""
        for case in cases:
            changes = f"（{_changes(case)}）" if case.changes else ""
            fields = "".join(f" → `{field}`" for field in case.fields)
            yield f"- {case.why}{changes}{fields}"


def _changes(case: Case) -> str:
    """The cells a case changes, the first three as a reader of the page needs them."""
    shown = [f"`{path}` {_text(value)}" for path, value in list(case.changes.items())[:3]]
    return "，".join(shown) + ("……" if len(case.changes) > 3 else "")


def _text(value: object) -> str:
    if value is None:
        return BLANK
    if isinstance(value, list):
        return "、".join(str(person.get("name") or BLANK) for person in value) or BLANK
    text = str(value).replace("\n", " ")
    return text if len(text) <= 40 else f"{text[:40]}……"


def profile_page() -> str:
    """The shipped profile with its own comments, as tables; and how to change it."""
    text = (ROOT / "assistant/profiles/default.yaml").read_text(encoding="utf-8")
    table = re.findall(r"^  (\w+): (\S+)\s+# (.+)$", text, re.M)
    return _page(
        "assistant/profiles/default.yaml",
        [
            "# 评审口径",
            "",
            (
                "口径文件说明各项容差、分值、等级、必填项和规则开关。程序自带的一份如下；"
                "各单位另写一个文件，只写要改的键，用 `assistant review --profile 本单位.yaml 自评表.docx` 指定。"
                "不认识的键会被指出，不会悄悄忽略。"
            ),
            "",
            "```yaml",
            "# 本单位.yaml",
            "name: 某市口径",
            "execution_scale: steps",
            "thresholds: {low_execution: 0.9}",
            "rules: {S11: {enabled: false}, N02: {severity: warning}}",
            "```",
            "",
            "## 容差和界限",
            "",
            "国家文件没有统一规定这些数，它们是设定值；一律在此，不在程序里。",
            "",
            "| 键 | 默认 | 含义 |",
            "|---|---|---|",
            *(f"| `{key}` | {value} | {meaning} |" for key, value, meaning in table),
            "",
            "## 全文",
            "",
            "```yaml",
            text.rstrip("\n"),
            "```",
        ],
    )


def paths_page() -> str:
    """Every field path with its Chinese label."""
    blocks = {
        "基本信息": [f"basic.{key}" for key in forms.BASIC],
        "资金": ["funds.unit", *(f"funds.{source}.<column>" for source in forms.SOURCES)],
        "绩效目标和执行情况": [*(f"goals.{key}" for key in forms.GOALS), "execution.note"],
        "绩效指标": [f"indicators.{group}.<n>.<column>" for group in forms.GROUPS],
        "得分": [f"scores.{key}" for key in (*forms.SECTIONS, "total")],
        "结论": [f"conclusion.{key}" for key in forms.CONCLUSION],
        "人员": ["evaluators", "filler.name", "filler.phone"],
    }
    lines = [
        "# 字段写法",
        "",
        "一个写法指一个单元格；问题、意见、导出和标注都用它。表的结构见 `assistant/form.py`。",
    ]
    for title, paths in blocks.items():
        lines += ["", f"## {title}", "", "| 写法 | 单元格 |", "|---|---|"]
        lines += [f"| `{path}` | {label(path).replace('<column>', '…').replace('<n>', 'n')} |" for path in paths]
    lines += ["", "资金的列："]
    lines += ["", "、".join(f"`{key}` {title}" for key, title in forms.FUND_COLUMNS.items()) + "。"]
    lines += ["", "指标的列（n 从 1 起，按印出的次序，只数有名称的行）："]
    lines += ["", "、".join(f"`{key}` {title}" for key, title in forms.COLUMNS.items()) + "。"]
    return _page("assistant/form.py", lines)


def settings_page() -> str:
    """Every setting with its variable, default and meaning."""
    lines = [
        "# 设置",
        "",
        (
            "先后次序：命令参数、环境变量、当前文件夹的 `.env`、设置文件（`ASSISTANT_CONFIG` 所指，"
            "否则为用户配置文件夹中的 `assistant/config.toml`）、默认值。都不设也能用：不配置模型就不调用任何模型。"
        ),
        "",
        "| 环境变量 | 默认 | 含义 |",
        "|---|---|---|",
    ]
    for name, setting in Settings.model_fields.items():
        folder = FOLDERS.get(name)
        default = folder or ("无" if setting.default is None else setting.default)
        lines.append(f"| `ASSISTANT_{name.upper()}` | {default} | {setting.description} |")
    return _page("assistant/settings.py", lines)


def rule_table() -> str:
    rows = [
        f"| {rule.code} | `{rule.name}` | {rule.title.rstrip('。')} | {SEVERITY_LABELS[rule.severity]} |"
        for rule in rules.load().values()
    ]
    return "\n".join(["| | | | |", "|---|---|---|---|", *rows])


def commands() -> str:
    """What `make` alone prints."""
    return _block(_run("make", "--no-print-directory"))


def example() -> str:
    """The report on the bundled sample as `make review` prints it, up to the end of the errors."""
    report = _run(sys.executable, "-m", "assistant", "review", SAMPLE, "--drafter", "template")
    shown, _, rest = report.partition("\n\n【待说明】")
    return _block(f"{shown}\n\n……" if rest else shown)


def speed() -> str:
    """The first table of docs/benchmarks.md, which `make bench` writes."""
    page = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    return next(block for block in page.split("\n\n") if block.startswith("|"))


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return re.sub(r"[ \t]+$", "", done.stdout, flags=re.M).strip("\n")


def _block(text: str) -> str:
    return f"```text\n{text}\n```"


def _page(source: str, lines: list[str]) -> str:
    return "\n".join([FIRST_LINE.format(source=source), "", *lines, ""])


PAGES: dict[str, Callable[[], str]] = {
    "docs/rules.md": rules_page,
    "docs/profile.md": profile_page,
    "docs/field-paths.md": paths_page,
    "docs/settings.md": settings_page,
}
PARTS: dict[str, Callable[[], str]] = {"rules": rule_table, "commands": commands, "example": example, "speed": speed}
READMES = ("README.md", "README.zh-CN.md")


def printed(path: str) -> str:
    """A page, or a README with its parts, as it should stand now."""
    if path in PAGES:
        return PAGES[path]()
    text = (ROOT / path).read_text(encoding="utf-8")
    return PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", text)


def main() -> None:
    for path in (*PAGES, *READMES):
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(printed(path), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
