"""Debian's PostgreSQL, started for the tests in a folder of its own and reached by its socket only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

PORT = 54329
"""Of the socket's name; nothing listens on it."""


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; None where no PostgreSQL is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    named = shutil.which("initdb")
    return found[0].parent if found else Path(named).parent if named else None


@contextlib.contextmanager
def started(bin_folder: Path) -> Iterator[str]:
    """The URL of an empty database. The server refuses to run as root, so it then runs as `postgres`."""
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as name:
        folder = Path(name)
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        if as_postgres:
            shutil.chown(folder, "postgres", "postgres")

        def run(*command: str) -> None:
            said = subprocess.run([*as_postgres, *command], cwd=folder, capture_output=True, text=True, check=False)
            if said.returncode:
                raise RuntimeError(f"{command[0]}: {said.stderr}")

        data = str(folder / "data")
        run(str(bin_folder / "initdb"), "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-locale", "-N")
        options = f"-k {folder} -p {PORT} -c listen_addresses='' -c fsync=off"
        run(str(bin_folder / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://tests@/postgres?host={folder}&port={PORT}"
        finally:
            run(str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
