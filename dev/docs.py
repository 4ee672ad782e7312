"""Prints the pages and the README parts that come from the code: `make docs` writes them, the tests compare.

A page says so on its first line; a README part stands between `<!-- printed: name -->` and `<!-- end -->`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import assistant.facts
from assistant.batch.screening import CROSS_TITLES
from assistant.draft.suggestion import KINDS
from assistant.form import form as forms
from assistant.form.finding import SEVERITY_LABELS
from assistant.form.form import label
from assistant.form.profile import Threshold
from assistant.policies.library import shipped_policies
from assistant.rules import rule as rules
from assistant.rules.rule import Case, Rule
from assistant.settings.settings import Settings
from dev import structure

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
    "answers_file": "用户缓存文件夹中的 SQLite 文件",
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
    soft = "，文字措辞由起草环节完善" if rule.soft else ""
    kind = f" · {KINDS[rule.kind]}" if rule.kind != "other" else ""
    yield f"### {rule.code} {rule.title.rstrip('。')}"
    yield ""
    yield f"`{rule.name}` · {SEVERITY_LABELS[rule.severity]}{soft}{kind}"
    yield ""
    yield rule.explanation
    if rule.thresholds:
        yield ""
        yield "口径：" + "；".join(f"`{one.key}` {one.default}，{one.meaning}" for one in rule.thresholds) + "。"
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


def default_profile() -> str:
    """The shipped profile with its thresholds as rules and facts declare them; the rest of it is written by hand."""
    text = (ROOT / DEFAULT_PROFILE).read_text(encoding="utf-8")
    known = thresholds()
    width = max(len(f"{one.key}: {one.default}") for one in known) + 2
    lines = [f"  {f'{one.key}: {one.default}'.ljust(width)}# {one.meaning}\n" for one in known]
    return re.sub(r"(?m)^(thresholds:\n)(?:  .*\n)+", lambda match: match[1] + "".join(lines), text, count=1)


def thresholds() -> list[Threshold]:
    """Every threshold a rule or a fact declares, in the order of the rules that ask for them."""
    asked = (one for rule in rules.load().values() for one in rule.thresholds)
    facts = (
        value
        for module in pkgutil.iter_modules(assistant.facts.__path__)
        for value in vars(importlib.import_module(f"assistant.facts.{module.name}")).values()
        if isinstance(value, Threshold)
    )
    return list(dict.fromkeys((*asked, *facts)))


def profile_page() -> str:
    """The shipped profile with its own comments, as tables; and how to change it."""
    text = default_profile()
    used: dict[str, list[str]] = {}
    for rule in rules.load().values():
        for one in rule.thresholds:
            used.setdefault(one.key, []).append(rule.code)
    return _page(
        "assistant/settings/profiles/default.yaml and the thresholds that rules and facts declare",
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
            "国家文件没有统一规定这些数，它们是设定值，都可以改。",
            "",
            "| 键 | 默认 | 含义 | 直接用到它的规则 |",
            "|---|---|---|---|",
            *(
                f"| `{one.key}` | {one.default} | {one.meaning} | {' '.join(used.get(one.key, []))} |"
                for one in thresholds()
            ),
            "",
            "## 全文",
            "",
            "```yaml",
            text.rstrip("\n"),
            "```",
        ],
    )


def screening_page() -> str:
    """What the outputs of a batch say, and the shipped settings of the screening with their own comments."""
    text = (ROOT / "assistant/settings/profiles/screening.yaml").read_text(encoding="utf-8")
    return _page(
        "assistant/settings/profiles/screening.yaml and assistant/batch/screening.py",
        [
            "# 批量预审的结论和口径",
            "",
            (
                "预审先把一批表放在一起核查（跨表核查），再给每张表一个结论、一个优先值和两三条原因。"
                "结论是给审核人排次序的，不代替审核：可直接通过的，也由审核人决定。"
            ),
            "",
            "## 跨表核查",
            "",
            "单独看一张表看不出来、放在一起才看得出来的问题：",
            "",
            "| 编号 | 问题 |",
            "|---|---|",
            *(f"| {code} | {title} |" for code, title in CROSS_TITLES.items()),
            "",
            (
                "X04、X05 须给出预算清单（xlsx）：一张工作表，表头有项目名称（或单位）和预算数，金额单位写在表头或表上方，"
                "没写的按万元。同一项目的几行相加；合计、小计行不计。单位、项目名称的不同写法按 `names` 对应。"
            ),
            "",
            (
                "金额疑似写错单位（F01）的表，金额可能相差一万倍：不计入合计和执行率，不与清单核对，也不抬高优先值；"
                "工作簿中照原样列出，注明“单位存疑”。"
            ),
            "",
            "## 一批的目录里有什么",
            "",
            "| 文件 | 内容 |",
            "|---|---|",
            "| `screening.xlsx` | 概览（图表）、自评表（按优先值排列，链接到批注文件）、问题、单位、跨表核查、跨表明细、未能读取 |",
            "| `annotated/` | 结论为 `annotated` 所列的，每个文件一份批注 Word；原件不是 Word 的，是一份审核意见 |",
            "| `summary.docx`、`summary.html` | 一页摘要：结论、最常见的问题、自评与复核、执行率、先审的几张表 |",
            "",
            "本机没有中文字体时，摘要中没有图，其余不变。电话、姓名类问题（B05、B07）在原因中只写问题名称。",
            "",
            "## 两批的比较",
            "",
            (
                "`assistant compare 前一批 后一批` 列出退回后重报的表：已改正、仍存在、新出现的问题和得分变化。"
                "同一张表按单位、项目、年度对应，名称改过的按文件对应。`--format markdown`、`--format json` 供存档和程序使用。"
            ),
            "",
            "## 口径",
            "",
            (
                "各单位另写一个文件，只写要改的键；列表（如 `verdicts.returned`）整个替换。"
                "不认识的键、没有的规则编号会被指出，不会悄悄忽略。"
            ),
            "",
            "```yaml",
            "# 本单位预审.yaml",
            "name: 某市预审口径",
            "doubtful: 2",
            "annotated: [returned]",
            "across: {X03: {forms: 5}}",
            "```",
            "",
            "全文：",
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
        "一个写法指一个单元格；问题、意见、导出和标注都用它。表的结构见 `assistant/form/form.py`。",
    ]
    for title, paths in blocks.items():
        lines += ["", f"## {title}", "", "| 写法 | 单元格 |", "|---|---|"]
        lines += [f"| `{path}` | {label(path).replace('<column>', '…').replace('<n>', 'n')} |" for path in paths]
    lines += ["", "资金的列："]
    lines += ["", "、".join(f"`{key}` {title}" for key, title in forms.FUND_COLUMNS.items()) + "。"]
    lines += ["", "指标的列（n 从 1 起，按印出的次序，只数有名称的行）："]
    lines += ["", "、".join(f"`{key}` {title}" for key, title in forms.COLUMNS.items()) + "。"]
    return _page("assistant/form/form.py", lines)


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
        plain = {None: "无", True: "true", False: "false"} if isinstance(setting.default, (bool, type(None))) else {}
        default = folder or plain.get(setting.default, setting.default)
        lines.append(f"| `ASSISTANT_{name.upper()}` | {default} | {setting.description} |")
    return _page("assistant/settings/settings.py", lines)


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
    "docs/screening.md": screening_page,
    "docs/field-paths.md": paths_page,
    "docs/settings.md": settings_page,
}
PARTS: dict[str, Callable[[], str]] = {
    "rules": rule_table,
    "commands": commands,
    "example": example,
    "speed": speed,
    "folders": structure.folders,
    "picture": structure.picture,
}
DEFAULT_PROFILE = "assistant/settings/profiles/default.yaml"
WITH_PARTS = (DEFAULT_PROFILE, "README.md", "README.zh-CN.md", "docs/architecture.md")


def printed(path: str) -> str:
    """A page, or one with printed parts, as it should stand now."""
    if path in PAGES:
        return PAGES[path]()
    if path == DEFAULT_PROFILE:
        return default_profile()
    text = (ROOT / path).read_text(encoding="utf-8")
    return PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[3]}", text)


def main() -> None:
    for path in (*PAGES, *WITH_PARTS):
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(printed(path), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
