"""Layouts as provinces print them, made up at random: columns in any order under words of their own, and damaged pastes.

`random_layout(seed)` is a layout, `damaged(text, seed)` what is left of a paste after cells, heads or merged fields went
missing. `tests.test_provinces` measures what is read back.
"""

from __future__ import annotations

import random

from tests.layouts import Layout

HEADS = {
    "target": ["年度指标值", "指标值", "年初目标值", "预期指标值", "计划完成值", "预期指标值（A）"],
    "actual": ["实际完成值", "全年完成值", "完成值", "年度实际完成值", "指标实际完成值", "实际完成值（B）"],
    "weight": ["分值", "权重", "指标分值", "分值（分）"],
    "score": ["得分", "自评得分", "自评分", "得分（C）"],
    "reason": ["偏差原因分析及改进措施", "未完成原因和改进措施", "未完成原因及拟采取的改进措施", "备注"],
    "method": ["评分标准", "得分计算方法", "指标解释"],
    "comparator": ["指标性质", "计算符号", "运算符号"],
    "value": ["年度指标值", "指标值"],
    "unit": ["计量单位", "度量单位"],
}


NARROWEST = 8
"""Columns the funds block needs."""


def random_layout(seed: int) -> Layout:
    """A layout of the indicator family: which columns, in which order, under which words."""
    rng = random.Random(f"layout-{seed}")
    target = ["comparator", "value", "unit"] if rng.random() < 0.25 else ["target"]
    values = [*target, "actual"]
    points = rng.choice((["weight", "score"], ["weight", "score"], ["score"], ["weight"], []))
    if "weight" in points and rng.random() < 0.4:
        values = ["weight", *values]
        points = [point for point in points if point != "weight"]
    if rng.random() < 0.25:
        points = ["method", *points]
    keys = [*values, *points]
    keys.insert(len(keys) if rng.random() < 0.7 else len(values), "reason")
    while len(keys) + 3 < NARROWEST:
        keys.append("method")
    columns = tuple((key, rng.choice(HEADS[key])) for key in keys)
    return Layout(
        "indicator",
        columns,
        numbered=rng.choice(("no", "no", "glued")),
        least_rows=rng.choice((1, 1, 2)),
        lead=rng.random() < 0.5,
        serial=False,
        one_table=rng.random() < 0.7,
    )


def damaged(text: str, seed: int) -> str:
    """A tabbed paste with some rows of the indicator table one cell short: a merged field in front or an empty tail is gone."""
    rng = random.Random(f"damage-{seed}")
    lines = []
    for line in text.split("\n"):
        fields = line.split("\t")
        if len(fields) > 6 and rng.random() < 0.3:
            if not fields[0] and any(fields):
                fields = fields[1:]
            while fields and not fields[-1] and rng.random() < 0.7:
                fields.pop()
        lines.append("\t".join(fields))
    return "\n".join(lines)
