"""Builds .venv from requirements.lock; `make` calls it when a stamp is missing or older than the lock.

Standard library only: it runs before anything is installed. uv does the installing (seconds where
pip takes minutes) from wherever pip is told to look, so a bureau's mirror in pip.conf is enough.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import NoReturn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
LOCK = "requirements.lock"
PYTHON = os.path.join(VENV, "bin", "python")


def apart(package: str) -> None:
    """An environment of its own, `.venv-<package>`, for something that would disturb ours; as new as there is."""
    folder = f"{VENV}-{package}"
    if not works(os.path.join(folder, "bin", "python")):
        run(PYTHON, "-m", "uv", "venv", "--quiet", folder)
    run(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", os.path.join(folder, "bin", "python"), package)


def main(group: str) -> None:
    """Install the program, or one dependency group beside it, and leave the stamp `make` looks at."""
    require_venv()
    os.makedirs(VENV, exist_ok=True)
    with only_one_at_a_time():
        if not works(PYTHON):
            say("首次运行：建立 .venv（只此一次，需联网下载依赖，约几分钟）……")
            run(sys.executable, "-m", "venv", VENV)
        if not works(PYTHON, "-m", "uv", "--version"):
            run(PYTHON, "-m", "pip", "install", "--quiet", "--constraint", LOCK, "uv")
        what = ["--group", group] if group else ["--editable", ".[ocr,auth,postgresql]"]
        run(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--constraint", LOCK, *what)
        stamp = f"ready-{group}" if group else "ready"
        with open(os.path.join(VENV, stamp), "w"):
            pass


def require_venv() -> None:
    """Stop with one sentence where this Python cannot build a virtual environment: Debian ships it in two packages."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop("这个 Python 缺少 venv 模块：请先安装（Debian、Ubuntu：sudo apt-get install python3-venv），再运行 make。")


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two `make` in one tree take turns. Windows has no fcntl, and seldom make."""
    # Not .venv/.lock: that one is uv's own, and uv would wait for us.
    with open(os.path.join(VENV, "make.lock"), "w") as lock:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command: str) -> None:
    """Run or stop with the command's own words; the index and certificates pip is set to are uv's too."""
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=False)
    if done.returncode:
        stop("安装未完成（上面是原因）：请检查网络或 pip 的镜像设置，再运行一次 make。")


def environment() -> dict[str, str]:
    settings = dict(os.environ)
    for variable, option in (("UV_DEFAULT_INDEX", "index-url"), ("SSL_CERT_FILE", "cert")):
        if variable not in settings and (value := pip_setting(option)):
            settings[variable] = value
    return settings


def pip_setting(option: str) -> str:
    """What pip.conf or a PIP_ variable sets, as pip resolves it; empty where neither does or pip is not there yet."""
    variable = "PIP_" + option.upper().replace("-", "_")
    if variable in os.environ:
        return os.environ[variable]
    command = [PYTHON, "-m", "pip", "config", "get", "global." + option]
    if not os.path.exists(PYTHON):
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    say(sentence)
    sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--apart"]:
        apart(sys.argv[2])
    else:
        main(sys.argv[2] if sys.argv[1:2] == ["--group"] else "")
