"""Runs that were started from the page: a folder each, with what was handed in, who started it, and the run itself.

    <runs_dir>/<id>/about.json   name, user, who, at, drafter, paths
    <runs_dir>/<id>/材料/        the files that were uploaded
    <runs_dir>/<id>/材料.txt     their paths
    <runs_dir>/<id>/预算清单.xlsx   where one was handed in
    <runs_dir>/<id>/预审口径.yaml   where another than the shipped one was handed in
    <runs_dir>/<id>/run/         what `assistant batch --out` writes

A run is a process of its own (`assistant batch`), so it goes on whatever becomes of the page, and the page only reads.
"""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.batch.journal import Journal, is_locked
from assistant.errors import SettingsError
from assistant.read.file_name import apart, safe_whole

ABOUT, INPUTS, LIST, BUDGET_LIST, SCREENING = "about.json", "材料", "材料.txt", "预算清单.xlsx", "预审口径.yaml"
RUN, LOG = "run", "log.txt"
USAGE = 2
"""What `assistant batch` ends with where it could not go on."""


_STARTED: dict[str, subprocess.Popen[bytes]] = {}
"""What this process started, by the id of its run: the end of a child is known at once."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One run on the shelf. `paths` are what it screens: the uploaded files, or a folder of this machine."""

    id: str
    folder: Path
    name: str
    user: str
    who: str
    at: str
    drafter: str
    paths: tuple[str, ...]

    @property
    def run(self) -> Path:
        return self.folder / RUN

    @property
    def budget_list(self) -> Path | None:
        """The budget list the run is held against; None without one."""
        path = self.folder / BUDGET_LIST
        return path if path.is_file() else None

    @property
    def screening(self) -> Path | None:
        """The screening file the run is judged by; None for the shipped one."""
        path = self.folder / SCREENING
        return path if path.is_file() else None

    @property
    def started(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is handed in with the files: a budget list (xlsx) they are held against, a screening file (YAML) that judges them."""

    budget_list: bytes | None = None
    screening: bytes | None = None


NOTHING = Beside()


class Shelf:
    """The runs under one folder, which is made when the first is put there and readable by its owner only."""

    def __init__(self, folder: Path):
        self.folder = folder

    def batches(self, user: str) -> list[Batch]:
        """A person's runs, the latest first."""
        found = [one for about in self.folder.glob(f"*/{ABOUT}") if (one := _read(about)) and one.user == user]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)

    def find(self, id: str, user: str) -> Batch | None:
        """A run by its id; None where there is none, or it is somebody else's."""
        return next((one for one in self.batches(user) if one.id == id), None)

    def put(
        self,
        name: str,
        user: str,
        who: str,
        drafter: str,
        files: Iterable[tuple[str, bytes]],
        at: str,
        beside: Beside = NOTHING,
    ) -> Batch:
        """A new run over uploaded files; those of one name are told apart. Raises `SettingsError` where nothing can be kept."""
        batch = self._new(name, user, who, drafter, at)
        kept = batch.folder / INPUTS
        with _writing(batch.folder):
            kept.mkdir()
            taken: set[str] = set()
            for file, data in files:
                (kept / apart(safe_whole(file), taken)).write_bytes(data)
            # Each by its path: in a folder some names are passed over, and none that was handed in may be.
            listed = batch.folder / LIST
            listed.write_text("".join(f"{path}\n" for path in sorted(kept.iterdir())), encoding="utf-8")
            return _write(batch, (f"@{listed}",), beside)

    def put_path(
        self, name: str, user: str, who: str, drafter: str, path: Path, at: str, beside: Beside = NOTHING
    ) -> Batch:
        """A new run over a folder, list or zip of this machine."""
        if not path.exists():
            raise SettingsError(f"找不到 {path}。请检查路径，写完整的路径。")
        batch = self._new(name, user, who, drafter, at)
        with _writing(batch.folder):
            return _write(batch, (str(path.resolve()),), beside)

    def _new(self, name: str, user: str, who: str, drafter: str, at: str) -> Batch:
        id = uuid.uuid4().hex
        folder = self.folder / id
        with _writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        return Batch(id, folder, name, user, who, at, drafter, ())


def start(batch: Batch) -> None:
    """Start the run, or go on with it. Nothing happens where it is running already."""
    if lives(batch):
        return
    command = [sys.executable, "-m", "assistant", "batch", *batch.paths, "--out", str(batch.run)]
    command += ["--drafter", batch.drafter, "--progress", "quiet"]
    command += ["--budget-list", str(batch.budget_list)] if batch.budget_list else []
    command += ["--screening", str(batch.screening)] if batch.screening else []
    root = Path(__file__).parents[2]
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    with _writing(batch.folder), (batch.folder / LOG).open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=surroundings
        )
    # Somebody has to wait for it, or it stays in the list of processes after its end.
    threading.Thread(target=process.wait, name=f"batch {batch.id}", daemon=True).start()
    _STARTED[batch.id] = process


def stop(batch: Batch) -> None:
    """Ask the run to finish what it has in hand and stop; it can be started again."""
    if not (batch.run.is_dir() and is_locked(batch.run)):
        return
    journal = Journal(batch.run, writing=False)
    try:
        pid = journal.facts().get("pid")
    finally:
        journal.close()
    if pid:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return  # it ended in this moment


def lives(batch: Batch) -> bool:
    """Whether its process goes on: reading forms, or writing what it leaves afterwards."""
    if batch.id in _STARTED and _STARTED[batch.id].poll() is None:
        return True
    return batch.run.is_dir() and is_locked(batch.run)


def trouble(batch: Batch) -> str:
    """What the run last said, where it could not begin or go on; empty where it said nothing."""
    try:
        lines = (batch.folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def refusal(batch: Batch) -> str:
    """Why the run, started last, did not go on; empty where it did, or was started by another process than this."""
    process = _STARTED.get(batch.id)
    return trouble(batch) if process is not None and process.poll() == USAGE else ""


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """What the system says while files are written, as a sentence."""
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"无法写入 {folder}（{error.strerror}）。请检查磁盘空间和权限，或用 ASSISTANT_RUNS_DIR 换一个目录。"
        ) from error


def _write(batch: Batch, paths: tuple[str, ...], beside: Beside) -> Batch:
    """What goes with the run, then `about.json` last of all, so that a run without it was never begun."""
    if beside.budget_list is not None:
        (batch.folder / BUDGET_LIST).write_bytes(beside.budget_list)
    if beside.screening is not None:
        (batch.folder / SCREENING).write_bytes(beside.screening)
    said = {name: value for name, value in asdict(batch).items() if name not in ("id", "folder", "paths")}
    text = json.dumps(said | {"paths": list(paths)}, ensure_ascii=False, indent=1)
    (batch.folder / ABOUT).write_text(text, encoding="utf-8")
    return Batch(batch.id, batch.folder, **said, paths=paths)


def _read(about: Path) -> Batch | None:
    try:
        said = json.loads(about.read_text(encoding="utf-8"))
        return Batch(about.parent.name, about.parent, **said | {"paths": tuple(said["paths"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None  # not ours, or being written
