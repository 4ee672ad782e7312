"""The figures of a run -> pictures for the summary: the same four as in the workbook, drawn once as SVG or PNG.

Text in an SVG is drawn as outlines, so that it needs no font where it is read. Without a Chinese font on this machine there
are no pictures: boxes in place of words are worse than none.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from assistant.batch.screening import VERDICTS
from assistant.batch.tally import Tally

FONTS = (
    "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Hiragino Sans GB", "Heiti SC", "SimSun", "Noto Serif CJK SC", "Noto Serif CJK JP",
)  # fmt: skip
"""The best first. Of a collection of fonts matplotlib sees the first, which of Noto's is the Japanese: its glyphs do."""
COLOURS = {"returned": "#B3261E", "explain": "#D08700", "passed": "#2E7D32"}
BLUE, GREY, PALE = "#1F4E79", "#8A8A8A", "#E3E6EA"
SIZE = (4.6, 2.9)
DPI = 200
MOST_BARS, LONGEST = 8, 16
MOST_DOTS = 2000
"""Drawn one by one in an SVG; more make the page heavy and are drawn as one image."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`told` says in words what is to be seen."""

    title: str
    told: str
    data: bytes


def pictures(tally: Tally, kind: Literal["svg", "png"]) -> list[Picture]:
    """Empty where no form was screened, or no Chinese font is installed."""
    font = _font()
    if font is None or not tally.forms:
        return []
    drawn = [
        ("审核结论", _verdicts_told(tally), _verdicts),
        ("最常见的问题", _rules_told(tally), _rules),
        ("自评总分与复核总分", _scores_told(tally), _scores),
        ("预算执行率", _rates_told(tally), _rates),
    ]
    return [Picture(title, told, _drawn(draw, tally, kind, font)) for title, told, draw in drawn]


def _font() -> str | None:
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in known), None)


def _drawn(draw: Callable[[Any, Tally], None], tally: Tally, kind: str, font: str) -> bytes:
    """The same figures give the same bytes."""
    import matplotlib
    from matplotlib.figure import Figure

    look = {
        "font.family": [font], "font.size": 9, "axes.unicode_minus": False, "svg.fonttype": "path", "svg.hashsalt": "assistant",
        "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY,
    }  # fmt: skip
    out = io.BytesIO()
    with matplotlib.rc_context(look):
        figure = Figure(figsize=SIZE, layout="constrained")
        draw(figure.add_subplot(), tally)
        figure.savefig(out, format=kind, dpi=DPI, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return out.getvalue()


# --- the pictures ----------------------------------------------------------------------------


def _verdicts(axes: Any, tally: Tally) -> None:
    """One bar each, with its word and its number: colour alone tells nobody anything."""
    counts = list(tally.verdicts.values())
    bars = axes.barh(list(VERDICTS.values()), counts, color=[COLOURS[name] for name in VERDICTS], height=0.6)
    axes.bar_label(bars, [f"{count}张，{count / tally.forms:.0%}" for count in counts], padding=4)
    axes.invert_yaxis()
    axes.set_xlim(0, max(counts) * 1.35)
    _without_numbers(axes)


def _verdicts_told(tally: Tally) -> str:
    return "审核结论：" + "、".join(f"{VERDICTS[name]}{count}张" for name, count in tally.verdicts.items()) + "。"


def _rules(axes: Any, tally: Tally) -> None:
    most = tally.rules[:MOST_BARS]
    if not most:
        axes.text(0.5, 0.5, "未发现问题", ha="center", va="center", color=GREY, transform=axes.transAxes)
        axes.set_axis_off()
        return
    names = [f"{_short(of.title)} {of.rule}" for of in most]
    bars = axes.barh(names, [of.forms for of in most], color=BLUE, height=0.65)
    axes.bar_label(bars, padding=4)
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=7.5)
    _without_numbers(axes)


def _rules_told(tally: Tally) -> str:
    said = "、".join(f"{of.title}（{of.forms}张表）" for of in tally.rules[:MOST_BARS])
    return f"最常见的问题：{said}。" if said else "未发现问题。"


def _scores(axes: Any, tally: Tally) -> None:
    """Above the line the unit gave itself more than its own figures give."""
    low = min((float(min(pair)) for pair in tally.scores), default=80.0)
    high = max((float(max(pair)) for pair in tally.scores), default=100.0)
    low, high = max(0.0, low // 10 * 10), max(100.0, high)
    axes.plot([low, high], [low, high], color=GREY, linewidth=1, linestyle="--")
    axes.scatter(
        [float(recomputed) for _, recomputed in tally.scores],
        [float(stated) for stated, _ in tally.scores],
        s=20, color=BLUE, alpha=0.55, linewidths=0, rasterized=len(tally.scores) > MOST_DOTS,
    )  # fmt: skip
    axes.set_xlabel("复核总分")
    axes.set_ylabel("自评总分")
    axes.text(0.03, 0.95, "虚线以上：自评高于复核", transform=axes.transAxes, va="top", fontsize=8, color="#555555")
    axes.grid(color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def _scores_told(tally: Tally) -> str:
    higher = sum(stated > recomputed for stated, recomputed in tally.scores)
    lower = sum(stated < recomputed for stated, recomputed in tally.scores)
    return f"{len(tally.scores)}张表有自评总分和复核总分：自评高于复核的{higher}张，低于复核的{lower}张。"


def _rates(axes: Any, tally: Tally) -> None:
    bars = axes.bar(list(tally.rates), list(tally.rates.values()), color=BLUE, width=0.65)
    axes.bar_label(bars, padding=2)
    axes.set_ylabel("表数")
    axes.tick_params(axis="x", labelsize=7.5)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.margins(y=0.15)


def _rates_told(tally: Tally) -> str:
    return "预算执行率：" + "、".join(f"{name}的{count}张" for name, count in tally.rates.items() if count) + "。"


def _without_numbers(axes: Any) -> None:
    """The bars say their numbers themselves."""
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.12)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
