"""The pictures of a run: what is found, where, and how the stated scores stand against the recomputed ones.

Every picture says the same in words (`alt`), and no meaning lies in colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from assistant.batch.screening import VERDICTS
from assistant.batch.tally import UNKNOWN, Tally
from assistant.pages.words import say

COLOURS = {"returned": "#A61B1B", "explain": "#B36B00", "passed": "#1B6B36"}
BLUE = "#1F4E79"
MOST_BARS = 12
MOST_DOTS = 3000
"""What a browser draws without getting slow."""
HEIGHT = 320
BAR = 24
"""Pixels for a bar that lies, with the name beside it."""


def rules(tally: Tally) -> None:
    """In how many forms each rule found something."""
    import altair as alt

    rows = [{"rule": f"{of.rule} {of.title}", "forms": of.forms} for of in tally.rules[:MOST_BARS]]
    name, count = say("batch.column_finding"), say("batch.chart_forms")
    bars = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("rule:N", sort=None, title=None, axis=alt.Axis(labelLimit=240, labelOverlap=False)),
        x=alt.X("forms:Q", title=count, axis=alt.Axis(tickMinStep=1, format="d")),
        tooltip=[alt.Tooltip("rule:N", title=name), alt.Tooltip("forms:Q", title=count)],
    )
    _draw(bars.mark_bar(color=BLUE) + bars.mark_text(align="left", dx=4).encode(text="forms:Q"), "batch.chart_rules", rows, alt.Step(BAR))  # fmt: skip


def units(tally: Tally) -> None:
    """Forms by unit and verdict: the units with the most to mend."""
    import altair as alt

    shown = tally.units[:MOST_BARS]
    rows = [
        {"unit": of.unit, "verdict": VERDICTS[name], "forms": count}
        for of in shown
        for name, count in of.verdicts.items()
        if count
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y(
                "unit:N",
                sort=[of.unit for of in shown],
                title=None,
                axis=alt.Axis(labelLimit=240, labelOverlap=False),
            ),
            x=alt.X("forms:Q", title=say("batch.chart_forms"), axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "verdict:N",
                scale=alt.Scale(domain=list(VERDICTS.values()), range=[COLOURS[name] for name in VERDICTS]),
                legend=alt.Legend(orient="bottom", title=None),
            ),
            tooltip=[
                alt.Tooltip("unit:N", title=say("batch.column_unit")),
                alt.Tooltip("verdict:N", title=say("batch.verdict")),
                alt.Tooltip("forms:Q", title=say("batch.chart_forms")),
            ],
        )
    )
    _draw(bars, "batch.chart_units", rows, alt.Step(BAR))


def scores(tally: Tally) -> None:
    """Stated against recomputed totals; a form below the line claims more than its figures give."""
    import altair as alt

    rows = [
        {"stated": float(stated), "recomputed": float(recomputed)} for stated, recomputed in tally.scores[:MOST_DOTS]
    ]
    if not rows:
        return
    lowest = max(0, min(min(row.values()) for row in rows) // 10 * 10)
    span = alt.Scale(domain=[lowest, 100], nice=False)
    stated, recomputed = say("batch.column_stated"), say("batch.column_recomputed")
    dots = (
        alt.Chart(alt.Data(values=rows))
        .mark_circle(size=70, opacity=0.6, color=BLUE)
        .encode(
            x=alt.X("stated:Q", scale=span, title=stated),
            y=alt.Y("recomputed:Q", scale=span, title=recomputed),
            tooltip=[alt.Tooltip("stated:Q", title=stated), alt.Tooltip("recomputed:Q", title=recomputed)],
        )
    )
    ends = alt.Data(values=[{"at": lowest}, {"at": 100}])
    line = alt.Chart(ends).mark_line(strokeDash=[4, 4], color="#51606c").encode(x="at:Q", y="at:Q")
    _draw(line + dots, "batch.chart_scores", rows)


def rates(tally: Tally) -> None:
    """How many forms spent how much of their money."""
    import altair as alt

    rows = [{"rate": name, "forms": count} for name, count in tally.rates.items() if count or name != UNKNOWN]
    bars = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("rate:N", sort=None, title=say("batch.column_rate"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("forms:Q", title=say("batch.chart_forms"), axis=alt.Axis(tickMinStep=1, format="d")),
    )
    _draw(bars.mark_bar(color=BLUE) + bars.mark_text(dy=-8).encode(text="forms:Q"), "batch.chart_rates", rows)


def _draw(chart: Any, title: str, rows: Sequence[dict[str, Any]], height: Any = HEIGHT) -> None:
    st.markdown(f"**{say(title)}**")
    told = "；".join(" ".join(str(value) for value in row.values()) for row in rows[:MOST_BARS])
    st.altair_chart(chart.properties(height=height), width="stretch", alt=f"{say(title)}：{told}")
