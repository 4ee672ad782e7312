"""The pictures of a run: what is found, where, and how the stated scores stand against the recomputed ones.

Every picture says the same in words (`alt`), and no meaning lies in colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from assistant.batch import screening
from assistant.batch.screened import Screened
from assistant.pages.words import say

if TYPE_CHECKING:
    from assistant.pages.batch import Judged

COLOURS = {"returned": "#A61B1B", "explain": "#B36B00", "passed": "#1B6B36"}
BLUE = "#1F4E79"
MOST_BARS = 12
HEIGHT = 320


def rules(forms: Sequence[Screened]) -> None:
    """Findings by rule: in how many forms each is found."""
    import altair as alt

    counted = Counter(code for form in forms for code in {said.rule for said in form.findings})
    rows = [
        {"rule": f"{code} {screening.title(code)}", "forms": count} for code, count in counted.most_common(MOST_BARS)
    ]
    name, count = say("batch.chart_rule"), say("batch.chart_forms")
    bars = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("rule:N", sort="-x", title=None, axis=alt.Axis(labelLimit=240)),
        x=alt.X("forms:Q", title=count, axis=alt.Axis(tickMinStep=1, format="d")),
        tooltip=[alt.Tooltip("rule:N", title=name), alt.Tooltip("forms:Q", title=count)],
    )
    _draw(bars.mark_bar(color=BLUE) + bars.mark_text(align="left", dx=4).encode(text="forms:Q"), "batch.chart_rules", rows)  # fmt: skip


def units(judged: Sequence[Judged]) -> None:
    """Forms by unit and verdict: the units with the most to mend."""
    import altair as alt

    per_unit = Counter(one.form.unit or say("batch.nameless") for one in judged if one.verdict.verdict != "passed")
    shown = [unit for unit, _ in per_unit.most_common(MOST_BARS)]
    rows = [
        {"unit": unit, "verdict": screening.VERDICTS[key], "forms": count}
        for (unit, key), count in Counter(
            (one.form.unit or say("batch.nameless"), one.verdict.verdict) for one in judged
        ).items()
        if unit in shown
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("unit:N", sort=shown, title=None, axis=alt.Axis(labelLimit=240)),
            x=alt.X("forms:Q", title=say("batch.chart_forms"), axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "verdict:N",
                scale=alt.Scale(domain=list(screening.VERDICTS.values()), range=list(COLOURS.values())),
                legend=alt.Legend(orient="bottom", title=None),
            ),
            tooltip=["unit:N", "verdict:N", "forms:Q"],
        )
    )
    _draw(bars, "batch.chart_units", rows)


def scores(forms: Sequence[Screened]) -> None:
    """Stated against recomputed totals; a form below the line claims more than its figures give."""
    import altair as alt

    rows: list[dict[str, Any]] = [
        {"stated": float(form.total_stated), "recomputed": float(form.total_recomputed), "project": form.project}
        for form in forms
        if form.total_stated is not None and form.total_recomputed is not None
    ]
    if not rows:
        return
    least = min(min(row["stated"], row["recomputed"]) for row in rows)
    lowest = max(0, least // 10 * 10)
    span = alt.Scale(domain=[lowest, 100], nice=False)
    dots = (
        alt.Chart(alt.Data(values=rows))
        .mark_circle(size=70, opacity=0.6, color=BLUE)
        .encode(
            x=alt.X("stated:Q", scale=span, title=say("batch.column_stated")),
            y=alt.Y("recomputed:Q", scale=span, title=say("batch.column_recomputed")),
            tooltip=["project:N", "stated:Q", "recomputed:Q"],
        )
    )
    ends = alt.Data(values=[{"at": lowest}, {"at": 100}])
    line = alt.Chart(ends).mark_line(strokeDash=[4, 4], color="#51606c").encode(x="at:Q", y="at:Q")
    _draw(line + dots, "batch.chart_scores", rows)


def rates(forms: Sequence[Screened]) -> None:
    """How many forms spent how much of their money."""
    import altair as alt

    known = [float(form.known_rate * 100) for form in forms if form.known_rate is not None]
    bins = Counter(min(int(rate // 10) * 10, 100) for rate in known)
    rows = [{"rate": f"{low}–{low + 10}%" if low < 100 else "≥100%", "forms": bins[low]} for low in range(0, 101, 10)]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("rate:N", sort=None, title=say("batch.column_rate"), axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("forms:Q", title=say("batch.chart_forms"), axis=alt.Axis(tickMinStep=1, format="d")),
            tooltip=["rate:N", "forms:Q"],
        )
    )
    _draw(bars, "batch.chart_rates", rows)


def _draw(chart: Any, title: str, rows: Sequence[dict[str, Any]]) -> None:
    st.markdown(f"**{say(title)}**")
    told = "；".join(" ".join(str(value) for value in row.values()) for row in rows[:MOST_BARS])
    st.altair_chart(chart.properties(height=HEIGHT), width="stretch", alt=f"{say(title)}：{told}")
