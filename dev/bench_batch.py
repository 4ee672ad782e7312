"""How fast a batch goes and what it holds in memory: `make bench ONLY=batch` writes docs/benchmarks-batch.md.

Every run is the real command on forms as files, `tests.invented.random_form`, half of each family. Rates are taken from the
journal, between the first result and the last, in time of the clock: a start costs seconds, and a batch has one. The model
stage is measured alone, against `dev.stub_model` in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dev.bench import SUFFIX, rate, table
from dev.docs import ROOT
from dev.stub_model import TAKES_S

PAGE = ROOT / "docs/benchmarks-batch.md"
FORMS = {"paste": 300, "docx": 300, "xlsx": 300, "pdf": 40}
SMALL, LARGE = 1_000, 10_000
IN_FLIGHT = 64
ROUNDS = 40
AROUND = 40
LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """`per_s` inputs between the first result and the last; memory in MB, 0 where the system does not say."""

    per_s: float
    main_mb: float
    tree_mb: float


def run_on(folder: Path, *options: str) -> Measured:
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "run"
        arguments = [
            str(folder),
            "--out",
            str(out),
            "--drafter",
            "none",
            "--no-outputs",
            "--progress",
            "quiet",
            *options,
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "batch", *arguments],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        main = tree = 0.0
        while process.poll() is None:
            held = list(_resident_mb(process.pid))
            main, tree = max(main, sum(held[:1])), max(tree, sum(held))
            time.sleep(LOOK_S)
        if process.returncode:
            sys.exit(process.stderr.read() if process.stderr else "")
        with contextlib.closing(sqlite3.connect(out / "journal.sqlite")) as journal:
            first, last, count = journal.execute("select min(at), max(at), count(at) from inputs").fetchone()
        return Measured((count - 1) / max(0.001, last - first), main, tree)


def _resident_mb(pid: int) -> Iterator[float]:
    """Of a process and then of those it started, where there is a /proc."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        yield pages * os.sysconf("SC_PAGE_SIZE") / 2**20
        tasks = [task.name for task in Path(f"/proc/{pid}/task").iterdir()]
        children = [Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii").split() for task in tasks]
    except (OSError, IndexError):
        return  # it has just ended
    for child in {child for some in children for child in some}:
        yield from _resident_mb(int(child))


def write_pastes(folder: Path, count: int) -> Path:
    from tests.invented import random_form
    from tests.pastes import to_paste

    folder.mkdir()
    for number in range(count):
        form = random_form(number // 2, ("section", "indicator")[number % 2])
        (folder / f"{number:05}.txt").write_text(to_paste(form), encoding="utf-8")
    return folder


def write_kinds(folder: Path) -> dict[str, Path]:
    """A folder of each kind; PDFs only where LibreOffice can print them."""
    from shutil import which

    from tests.documents import to_docx, to_xlsx
    from tests.invented import random_form

    folders = {"paste": write_pastes(folder / "paste", FORMS["paste"])}
    for kind, printer in (("docx", to_docx), ("xlsx", to_xlsx)):
        folders[kind] = folder / kind
        folders[kind].mkdir()
        for number in range(FORMS[kind]):
            form = random_form(number // 2, ("section", "indicator")[number % 2])
            (folders[kind] / f"{number:03}.{SUFFIX.get(kind, kind)}").write_bytes(printer(form))
    if which("soffice"):
        folders["pdf"] = folder / "pdf"
        some = [str(path) for path in sorted(folders["docx"].iterdir())[: FORMS["pdf"]]]
        home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folders["pdf"]), *some]
        subprocess.run(command, capture_output=True, check=True)
    return folders


# --- the model stage -------------------------------------------------------------------------


def model_share() -> tuple[float, float]:
    """Throughput as a share of `IN_FLIGHT` every `TAKES_S`, and milliseconds of processor a question."""
    from assistant.batch.run import _Questions
    from assistant.batch.worker import Put
    from assistant.settings.settings import load_settings

    os.environ["NO_PROXY"] = "127.0.0.1"
    server = subprocess.Popen([sys.executable, "-m", "dev.stub_model"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    with tempfile.TemporaryDirectory() as place:
        settings = load_settings(
            model_base_url=f"http://127.0.0.1:{server.stdout.readline().strip()}/v1", model="stub",
            model_max_in_flight=IN_FLIGHT, answers_file=Path(place) / "answers.sqlite",
        )  # fmt: skip
        try:
            return asyncio.run(_asked(_Questions(settings, {}), Put))
        finally:
            server.kill()
            server.wait()


async def _asked(questions: object, put: type) -> tuple[float, float]:
    material = "本表的材料。" * 500
    puts = [
        put(0, "draft", f"第{number}问", material, "Answer", str(number)) for number in range((ROUNDS + 1) * IN_FLIGHT)
    ]
    answer = questions.answer  # type: ignore[attr-defined]
    await asyncio.gather(*(answer(one, {}) for one in puts[:IN_FLIGHT]))  # connects
    begun, worked = time.monotonic(), time.process_time()
    await asyncio.gather(*(answer(one, {}) for one in puts[IN_FLIGHT:]))
    took, cost = time.monotonic() - begun, time.process_time() - worked
    questions.close()  # type: ignore[attr-defined]
    return ROUNDS * TAKES_S / took, 1000 * cost / (ROUNDS * IN_FLIGHT)


@dataclass(frozen=True, slots=True)
class Around:
    """What a form costs where a model drafts, in milliseconds of processor and in tokens sent, questions and answers apart."""

    before_ms: float
    after_ms: float
    tokens: float


def around_model() -> Around:
    """Word forms worked up to their question, then again with an answer that says nothing; less what reading and checking take."""
    from assistant.batch.worker import Job, Outcome, Setup, work
    from assistant.form.profile import default
    from assistant.model.spending import tokens
    from tests.documents import to_docx
    from tests.invented import random_form

    answer = json.dumps({"overall": "通读了全表。", "suggestions": [], "withdrawn": []}, ensure_ascii=False)
    profile = default().model_dump_json()
    asking = Setup(profile, "model")
    forms = [to_docx(random_form(number // 2, ("section", "indicator")[number % 2])) for number in range(AROUND + 1)]

    def cost_ms(jobs: list[Job]) -> tuple[float, list[Outcome]]:
        work(jobs[0])
        begun = time.process_time()
        done = [work(job) for job in jobs[1:]]
        return 1000 * (time.process_time() - begun) / len(done), done

    read_ms, _ = cost_ms([Job(data, ".docx", Setup(profile, "none")) for data in forms])
    asked_ms, asked = cost_ms([Job(data, ".docx", asking) for data in forms])
    answered = [Job(b"", ".docx", asking, one.state, {put.digest: answer for put in one.wanted}) for one in asked]
    after_ms, _ = cost_ms([answered[0], *answered])
    sent = sum(tokens(put.instructions + put.material) for one in asked for put in one.wanted)
    return Around(asked_ms - read_ms, after_ms, sent / len(asked))


# --- a cluster -------------------------------------------------------------------------------


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a Dask scheduler with so many workers, each a process with one thread."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "scheduler.json"
        here = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
        each = [*here, "--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
        started = [("dask_scheduler", [*here, "--port", "0"]), *[("dask_worker", each)] * workers]
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{name}", *arguments],
                cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(ROOT)},
            )
            for name, arguments in started
        ]  # fmt: skip
        try:
            while not file.exists():
                time.sleep(0.05)
            address = json.loads(file.read_text(encoding="utf-8"))["address"]
            _until_there(address, workers)
            yield address
        finally:
            for process in processes:
                process.kill()
                process.wait()


def _until_there(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(workers, timeout=60)


# --- the page --------------------------------------------------------------------------------


def measure_all() -> list[str]:
    from dev.bench import measured_on

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        kinds = {
            kind: [run_on(forms, "--workers", str(count)) for count in (1, 2)]
            for kind, forms in write_kinds(folder).items()
        }
        few, many = write_pastes(folder / "few", SMALL), write_pastes(folder / "many", LARGE)
        memory = {SMALL: run_on(few), LARGE: run_on(many)}
        with cluster(1) as address:
            one = run_on(few, "--dask", address)
        with cluster(2) as address:
            two, long = run_on(few, "--dask", address), run_on(many, "--dask", address)
    share, cost = model_share()
    around = around_model()
    small, large = memory[SMALL], memory[LARGE]
    return [
        "<!-- Printed by `make bench ONLY=batch`; the figures are those of the machine named below. -->",
        "",
        "# Benchmarks of the batch",
        "",
        measured_on()
        .partition(" Invented")[0]
        .replace("one of ", "", 1)
        .replace("make bench", "make bench ONLY=batch"),
        f"Load of the machine at the end: {os.getloadavg()[0]:.1f}. One run each, by the clock, from the first result to the",
        "last: where the machine does other work too, only the ratios count. How each figure is taken: `dev/bench_batch.py`.",
        "",
        "## End to end, file to journal, drafter none",
        "",
        *table(
            ("source", "forms", "1 worker, forms/s", "2 workers, forms/s", "speed-up"),
            (
                (kind, FORMS[kind], rate(a.per_s), rate(b.per_s), f"{b.per_s / a.per_s:.2f} ×")
                for kind, (a, b) in kinds.items()
            ),
        ),
        "",
        "## Memory and rate as a batch grows, text forms, drafter none",
        "",
        *table(
            ("forms", "forms/s", "main process at most", "with its workers at most"),
            ((f"{n:,}", rate(of.per_s), f"{of.main_mb:.0f} MB", f"{of.tree_mb:.0f} MB") for n, of in memory.items()),
        ),
        "",
        (
            f"Ten times the forms take {large.main_mb / max(1, small.main_mb):.2f} × the memory in the main process and "
            f"{large.tree_mb / max(1, small.tree_mb):.2f} × in all."
        ),
        "",
        "## The model stage alone",
        "",
        (
            f"{ROUNDS * IN_FLIGHT:,} questions, {IN_FLIGHT} at once, to a server that answers after {TAKES_S * 1000:.0f} ms: "
            f"**{share:.1%}** of the ideal {IN_FLIGHT / TAKES_S:.0f} a second; {cost:.1f} ms of processor a question."
        ),
        "",
        (
            f"Around the question, in the processes that work the forms: {around.before_ms:.0f} ms of processor to find the clauses and put it, "
            f"{around.after_ms:.0f} ms to hold the answer against the form; {around.tokens:,.0f} tokens sent, as the program estimates them "
            f"({AROUND} invented Word forms)."
        ),
        "",
        "## A Dask cluster on this machine, text forms",
        "",
        *table(
            ("workers", "forms", "forms/s"),
            (
                (1, f"{SMALL:,}", rate(one.per_s)),
                (2, f"{SMALL:,}", rate(two.per_s)),
                (2, f"{LARGE:,}", rate(long.per_s)),
            ),
        ),
        "",
        (
            f"One worker to two: {two.per_s / one.per_s:.2f} ×. {SMALL:,} forms to {LARGE:,}: {long.per_s / two.per_s:.2f} × the rate. "
            f"This machine has {os.cpu_count()} cores for the scheduler, the workers and the process that writes."
        ),
        "",
    ]


def main() -> None:
    page = "\n".join(measure_all())
    PAGE.write_text(page, encoding="utf-8")
    print(page)
