"""A library of a thousand documents beside the shipped one: `make bench` writes docs/benchmarks-policies.md.

The documents are invented: articles made of phrases of the shipped digests, put together anew. Adding and the start of the
command are timed in fresh processes, in processor time, the two stores by turns; queries in one process each, warm.
"""

from __future__ import annotations

import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.policies.clause import Document
from assistant.policies.ingest.official_text import Text, Unit
from assistant.policies.library import shipped_policies
from dev.docs import ROOT

PAGE = ROOT / "docs/benchmarks-policies.md"
DOCUMENTS, ARTICLES = 1000, 20
RUNS = 3
QUERIES = 150
MOST_ADD_S, MOST_QUERY_MS, MOST_START = 2.0, 25.0, 1.5
"""What must hold: seconds to add one, milliseconds a query (95th percentile), a start beside the shipped store's."""
ASKED = "没花完钱也没说为什么"


def fill(store: Path, documents: int) -> None:
    """Write a library of invented documents into a store."""
    from assistant.policies import store as policies

    drawn = random.Random(7)
    phrases = [
        one for clause in shipped_policies().clauses.values() for one in re.findall(r"[一-鿿]{2,8}", clause.digest)
    ]
    for at in range(documents):
        units = tuple(
            Unit(f"art-{number}", f"第{number}条", "，".join(drawn.sample(phrases, 12)) + "。")
            for number in range(1, ARTICLES + 1)
        )
        text = Text(units, f"云财〔{2000 + at % 24}〕{at}号", f"云栖县第{at}号办法", "云栖县财政局", "2022-01-01")
        document = Document(
            id=f"云财-{at}", number=text.number, title=text.title, issuer=text.issuer, date=text.date, status="按原文添加",
            kind="fund-regulation", region="浙江云栖", standing="binding", years=(2022, None), own=True,
            file="办法.docx", added="2024-01-01", text_sha256=str(at),
        )  # fmt: skip
        policies.write(store, policies.shaped(document, text))


def one_more(at: int) -> str:
    """A document to add, another one each time."""
    articles = "\n".join(f"第{number}条　单位应当说明第{at}项支出的原因。" for number in range(1, ARTICLES + 1))
    return f"云栖县第{at}号补充办法\n云财〔2023〕{at}号\n{articles}\n云栖县财政局\n2023年3月1日\n"


def started(home: Path, *arguments: str) -> float:
    """Seconds of the processor a command takes, its start with it."""
    environment = os.environ | {
        "ASSISTANT_POLICIES_DIR": str(home / "policies"),
        "ASSISTANT_INDEX_DIR": str(home / "index"),
    }
    before = _children_s()
    subprocess.run([sys.executable, "-m", "assistant", *arguments], check=True, capture_output=True, env=environment)
    return _children_s() - before


def _children_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


def asked(home: Path) -> dict[str, float]:
    """Milliseconds of the processor a warm query takes: median and 95th percentile."""
    from assistant.policies.library import load_policies
    from assistant.retrieve import lexicon, lookup
    from assistant.retrieve.search import Search
    from assistant.settings.settings import load_settings

    settings = load_settings().model_copy(update={"policies_dir": home / "policies", "index_dir": home / "index"})
    search = Search(load_policies(settings.policies_dir), settings)
    lines = (ROOT / "eval_sets/retrieval/queries.jsonl").read_text(encoding="utf-8").splitlines()[:QUERIES]
    queries = [json.loads(line)["query"] for line in lines]
    for query in queries[:5]:
        lookup.look_up(search, query)
    for remembered in (lexicon.words, lexicon.official_terms, lexicon.notions_in):
        remembered.cache_clear()
    taken = []
    for query in queries:
        began = time.process_time()
        lookup.look_up(search, query)
        taken.append((time.process_time() - began) * 1000)
    search.close()
    return {"median": statistics.median(taken), "p95": sorted(taken)[int(0.95 * len(taken))]}


def measure_all() -> list[str]:
    with tempfile.TemporaryDirectory() as work:
        homes = {"shipped": Path(work) / "shipped", "large": Path(work) / "large"}
        fill(homes["large"] / "policies", DOCUMENTS)
        for home in homes.values():
            started(home, "policies", "search", ASKED)  # builds what is kept
        starts: dict[str, list[float]] = {name: [] for name in homes}
        adding: dict[str, list[float]] = {name: [] for name in homes}
        for run in range(RUNS):
            for name, home in homes.items():
                file = Path(work) / "more.txt"
                file.write_text(one_more(5000 + run), encoding="utf-8")
                starts[name].append(started(home, "policies", "search", ASKED))
                adding[name].append(started(home, "policies", "add", str(file)))
                started(home, "policies", "search", ASKED)
        queries = {name: asked(home) for name, home in homes.items()}
    start = {name: statistics.median(taken) for name, taken in starts.items()}
    add = {name: statistics.median(taken) for name, taken in adding.items()}
    ratio = start["large"] / start["shipped"]
    rows = [
        ("add one document, s", add, "{:.2f}", add["large"] <= MOST_ADD_S, f"≤ {MOST_ADD_S:g}"),
        ("start the command and search, s", start, "{:.2f}", ratio <= MOST_START, f"≤ {MOST_START:g} × shipped ({ratio:.2f})"),
        ("a warm query, median ms", {name: one["median"] for name, one in queries.items()}, "{:.1f}", True, ""),
        ("a warm query, p95 ms", {name: one["p95"] for name, one in queries.items()}, "{:.1f}", queries["large"]["p95"] <= MOST_QUERY_MS, f"≤ {MOST_QUERY_MS:g}"),
    ]  # fmt: skip
    return [
        "<!-- Printed by `make bench`; the figures are those of the machine named below. -->",
        "",
        "# A library of a thousand documents",
        "",
        (
            f"`make bench ONLY=policies`: Python {platform.python_version()}, {DOCUMENTS:,} invented documents of {ARTICLES} articles each"
            f" ({DOCUMENTS * ARTICLES:,} clauses) beside the shipped policies alone, in processor time, medians of {RUNS}. How each"
            " figure is taken: `dev/bench_policies.py`."
        ),
        "",
        "|  | shipped | 1,000 documents more | must be | |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {form.format(figures['shipped'])} | {form.format(figures['large'])} | {due} | {'holds' if holds else 'fails'} |"
            for name, figures, form, holds, due in rows
        ),
        "",
    ]


def main() -> None:
    page = "\n".join(measure_all())
    PAGE.write_text(page, encoding="utf-8")
    print(page)
