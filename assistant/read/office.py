"""A file that only an office suite reads -> Word or Excel, by LibreOffice without a window.

Used by `read_bytes` for OpenDocument, RTF and the XML of Office 2003, and by `old_word.py` as a second road. Each process has a
profile of its own, so that no window of the person at the machine is touched and no setting of theirs counts; macros do not run
and nothing is fetched. The suite is looked for where it is installed, never installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import lru_cache
from pathlib import Path

from assistant.read.refusal import unreadable

NAMES = ("soffice", "libreoffice")
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
LONGEST_S = 90
"""Seconds for one file. The first start with a new profile takes three, a form less than one."""

FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=1)
def program() -> str | None:
    """The office suite of this machine; None where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((place for place in PLACES if Path(place).is_file()), None)


@lru_cache(maxsize=1)
def _profile() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="office-")


def converted(data: bytes, suffix: str, to: str, name: str, what: str) -> bytes:
    """`data`, a file ending in `suffix`, as a `to` (docx, xlsx). `what` is the kind as people call it."""
    suite = program()
    if suite is None:
        raise unreadable(
            name, f"这是{what}，需要 LibreOffice 才能读取，本机没有安装", f"请安装 LibreOffice，或另存为 .{to} 再试"
        )
    with tempfile.TemporaryDirectory(prefix="form-") as folder, _ONE_AT_A_TIME:
        source = Path(folder, f"form{suffix}")
        source.write_bytes(data)
        command = [
            suite, f"-env:UserInstallation={Path(_profile().name).as_uri()}", "--headless", "--norestore", "--nolockcheck",
            "--convert-to", FILTERS[to], "--outdir", str(Path(folder, "out")), str(source),
        ]  # fmt: skip
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                timeout=LONGEST_S, check=False, preexec_fn=_own_limits if os.name == "posix" else None,
            )  # fmt: skip
            return Path(folder, "out", f"form.{to}").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise unreadable(
                name, f"这是{what}，LibreOffice 没能打开它", f"请用 Word、Excel 或 WPS 打开后另存为 .{to} 再试"
            ) from error


def _own_limits() -> None:
    """In the child: the memory limit of a batch worker is not meant for it, and it ends by itself if its parent does not wait."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))
