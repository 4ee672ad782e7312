"""How fast forms are read and checked, on one core: `make bench` prints the figures and writes docs/benchmarks.md.

Forms are invented (`tests.invented.random_form`), both families by turns, no two alike, printed as
Word, Excel, PDF and pasted text before any clock runs. Every figure is the median of fresh
processes, so that caches are as empty, and memory as small, as for a person who starts the program.
All times are of the processor, which other work on the machine disturbs least.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from assistant.form.form import SOURCES, Form
from assistant.text import points
from dev.docs import ROOT, SAMPLE

if TYPE_CHECKING:
    from dev.bench_readers import Measured, Scans

PAGE = ROOT / "docs/benchmarks.md"
RUNS = 3
FORMS = {"paste": 120, "docx": 120, "xlsx": 120, "pdf": 40}
SUFFIX = {"paste": "txt"}
CHECKED_FORMS = 1000

MONEY = ("initial_budget", "budget", "received", "executed")
FREE_TEXTS = ("goals.", "conclusion.")
NUMBER = re.compile(r"(?<![\d.])\d{2,4}(?![\d.年])")
OPENINGS = tuple(
    f"{when}，{who}"
    for when in ("本年度", "年内", "全年", "评价期内")
    for who in ("我单位", "项目组", "实施单位", "各承办科室")
)


# --- in a process of its own -----------------------------------------------------------------


def read_and_parse(paths: list[Path]) -> dict[str, float]:
    """Forms per second from file to `Form`."""
    from assistant.parse import parse
    from assistant.read import read

    return _timed(paths, lambda path: parse(read(path)))


def check_forms(count: int) -> dict[str, float]:
    """Forms per second through all rules: texts never seen before, then the same texts on new forms."""
    from assistant.form.profile import default
    from assistant.rules.check import check

    profile = default()
    forms = [lifelike(seed, family) for seed in range(count // 2) for family in ("section", "indicator")]
    check(lifelike(count, "section"), profile)
    again = copy.deepcopy(forms)
    # A run has one form in memory, not two thousand: a checked one is let go, and the collector should not walk these.
    gc.collect()
    gc.freeze()
    findings = 0

    def per_second(left: list[Form]) -> float:
        nonlocal findings
        before = time.process_time()
        while left:
            findings += len(check(left.pop(), profile)[0])
        return count / (time.process_time() - before)

    return {
        "cold": per_second(forms),
        "warm": per_second(again),
        "findings": findings / (2 * count),
        "peak_mb": _peak_mb(),
    }


def lifelike(seed: int, family: str) -> Form:
    """A random form whose figures add up and whose texts are its own, as with forms people send in.

    `random_form` draws every amount and score by itself and gives all forms the same sentences: more findings
    than a form has, and texts that no form after the first is slow at.
    """
    from tests.invented import random_form

    rng = random.Random(seed)
    form = random_form(seed, family)
    columns = [column for column in MONEY if form.printed(f"funds.total.{column}")]
    share = {column: Decimal(rng.choice((100, 100, 97, 88, 72))) / 100 for column in columns} | {columns[0]: Decimal(1)}
    sources = [source for source in SOURCES if source != "total" and form.printed(f"funds.{source}.{columns[0]}")]
    parts = {
        source: Decimal(rng.randint(2, 400)) if at == 0 or rng.random() < 0.3 else None
        for at, source in enumerate(sources)
    }
    for column in columns:
        for source, part in parts.items():
            form.put(f"funds.{source}.{column}", f"{part * share[column]:.2f}" if part else None)
        whole = sum(part for part in parts.values() if part)
        form.put(f"funds.total.{column}", f"{whole * share[column]:.2f}")
    rate = share["executed"] / (share["received"] if family == "section" else share["budget"])
    score = f"{rate * 10:.1f}"
    if family == "section":
        form.put("execution.note", score)
        form.put("scores.execution", score)
    else:
        form.put("funds.total.rate", f"{rate:.2%}")
        form.put("funds.total.score", score)
    given = [points(text) for text in form.part_scores().values()]
    form.put("scores.total", str(sum(part for part in given if part is not None)))
    for path, text in list(form.walk()):
        if path.startswith(FREE_TEXTS):
            form.put(path, f"{rng.choice(OPENINGS)}{NUMBER.sub(lambda number: str(rng.randint(2, 3000)), text)}")
    return form


def _timed(paths: list[Path], work: Callable[[Path], object]) -> dict[str, float]:
    """Work through all but the first, which only loads what loads on first use."""
    work(paths[0])
    start = time.process_time()
    for path in paths[1:]:
        work(path)
    return {"per_s": (len(paths) - 1) / (time.process_time() - start), "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    """The most memory this process has held. Linux hands a parent's figure on to its child in ru_maxrss, not here."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 2**10
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


MEASURES: dict[str, Callable[..., dict[str, float]]] = {
    function.__name__: function for function in (read_and_parse, check_forms)
}


# --- the run ---------------------------------------------------------------------------------


def median_of_runs(measure: str, argument: object) -> dict[str, float]:
    """Each figure's median over fresh processes held to one core."""
    core = ["taskset", "--cpu-list", "0"] if which("taskset") else []
    command = [*core, sys.executable, "-m", "dev.bench", measure]
    results = []
    for _ in range(RUNS):
        done = subprocess.run(
            command, cwd=ROOT, input=json.dumps(argument), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr)
        results.append(json.loads(done.stdout.splitlines()[-1]))
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def seconds_of(*arguments: str) -> float:
    """Processor seconds of the whole command, from start to exit, median of runs after one to warm the disk."""
    times = []
    # Bytecode is kept, as it is on any machine that does not forbid it; the first run writes it.
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "assistant", *arguments]
    for _ in range(RUNS + 3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(times[1:])


def write_forms(folder: Path) -> dict[str, list[str]]:
    """The forms of every kind as files; PDFs only where LibreOffice can print them."""
    from tests.documents import to_docx, to_xlsx
    from tests.invented import random_form
    from tests.pastes import to_paste

    printers = {"paste": lambda form: to_paste(form).encode(), "docx": to_docx, "xlsx": to_xlsx}
    files: dict[str, list[str]] = {}
    for kind, printer in printers.items():
        for number in range(FORMS[kind] + 1):
            form = random_form(number // 2, ("section", "indicator")[number % 2])
            path = folder / f"{number:03}.{SUFFIX.get(kind, kind)}"
            path.write_bytes(printer(form))
            files.setdefault(kind, []).append(str(path))
    if which("soffice"):
        some = files["docx"][: FORMS["pdf"] + 1]
        home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *some]
        subprocess.run(command, capture_output=True, check=True)
        files["pdf"] = [str(Path(path).with_suffix(".pdf")) for path in some]
    return files


def measure_all() -> list[str]:
    """The page's lines."""
    from dev import bench_readers

    with tempfile.TemporaryDirectory() as folder:
        files = write_forms(Path(folder))
        read = {kind: median_of_runs("read_and_parse", paths) for kind, paths in files.items()}
        compared, scans = bench_readers.compare(Path(folder) / "labelled")
    checked = median_of_runs("check_forms", CHECKED_FORMS)
    commands = {
        "assistant --help": seconds_of("--help"),
        "assistant review sample.docx --drafter none": seconds_of("review", SAMPLE, "--drafter", "none"),
        "assistant review sample.docx --drafter template": seconds_of("review", SAMPLE, "--drafter", "template"),
    }
    return [
        "<!-- Printed by `make bench`; the figures are those of the machine named below. -->",
        "",
        "# Benchmarks",
        "",
        measured_on(),
        "",
        *in_short(read, compared, scans, checked, commands),
        "",
        "## Reading: file to `Form`",
        "",
        *table(
            ("source", "forms", "forms/s", "peak memory"),
            ((kind, FORMS[kind], rate(of["per_s"]), mb(of)) for kind, of in read.items()),
        ),
        *(
            []
            if "pdf" in read
            else ["", "PDF not measured: LibreOffice (`soffice`), which prints the forms, is not there."]
        ),
        "",
        *bench_readers.section(compared),
        "",
        "## Scans",
        "",
        *bench_readers.scan_section(scans),
        "",
        "## Checking: `Form` to findings, all rules",
        "",
        *table(
            ("texts", "forms/s", "ms a form"),
            (
                (name, rate(checked[key]), f"{1000 / checked[key]:.2f}")
                for name, key in (("never seen", "cold"), ("seen before", "warm"))
            ),
        ),
        "",
        f"{CHECKED_FORMS} forms, {checked['findings']:.1f} findings a form, peak memory {mb(checked)}.",
        "",
        "## Whole commands, start to exit, in processor time",
        "",
        *table(("command", "seconds"), ((f"`{name}`", f"{took:.2f}") for name, took in commands.items())),
        "",
    ]


def in_short(
    read: dict[str, dict[str, float]],
    compared: dict[str, list[Measured]],
    scans: Scans | None,
    checked: dict[str, float],
    commands: dict[str, float],
) -> list[str]:
    """The table that the READMEs show: the first of the page."""
    from dev import bench_readers

    rows = [(f"read {kind} to a form", f"{rate(of['per_s'])} forms/s") for kind, of in read.items()]
    rows += [("recognise a scanned page", f"{scans.page_s:.1f} s")] if scans else []
    rows += bench_readers.in_short(compared)
    rows.append(("check, all rules", f"{rate(checked['cold'])} forms/s, {rate(checked['warm'])} on texts seen before"))
    rows.append(("memory at most", mb(max((*read.values(), checked), key=lambda of: of["peak_mb"]))))
    rows += [(f"`{name}`", f"{took:.2f} s") for name, took in commands.items()]
    return table(("", "one core"), rows)


def measured_on() -> str:
    program = f"assistant {metadata.version('assistant')}, Python {platform.python_version()}"
    machine = f"one of {os.cpu_count()} cores, {processor()}"
    forms = f"Invented forms, no two alike, half of each family; medians of {RUNS} fresh processes, in processor time."
    return f"`make bench`: {program}, {machine}. {forms} How each figure is taken: `dev/bench.py`."


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    lines = [f"| {' | '.join(map(str, row))} |" for row in (head, *rows)]
    return [lines[0], "|" + "---|" * (lines[0].count("|") - 1), *lines[1:]]


def rate(per_s: float) -> str:
    return f"{per_s:,.0f}" if per_s >= 10 else f"{per_s:.1f}"


def mb(result: dict[str, float]) -> str:
    return f"{result['peak_mb']:.0f} MB"


def processor() -> str:
    """The processor's name where the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


def main() -> None:
    """Without an argument every part; `--only batch`, `--only reading` or `--only policies` one."""
    part = sys.argv[2] if sys.argv[1:2] == ["--only"] else ""
    if part not in ("", "batch", "reading", "policies"):
        sys.exit("ONLY=batch, ONLY=reading or ONLY=policies")
    if part == "policies":
        from dev import bench_policies

        bench_policies.main()
        return
    if part == "batch":
        from dev import bench_batch

        bench_batch.main()
        return
    if sys.argv[1:] and not part:
        argument = json.load(sys.stdin)
        paths = [Path(path) for path in argument] if isinstance(argument, list) else argument
        print(json.dumps(MEASURES[sys.argv[1]](paths)))
        return
    page = "\n".join(measure_all())
    PAGE.write_text(page, encoding="utf-8")
    print(page)
    if not part:
        from dev import bench_batch, bench_policies

        bench_batch.main()
        bench_policies.main()


if __name__ == "__main__":
    main()
