"""The policies in force here: the shipped digests, with the official texts of the person's own store over them.

The official text of a document takes the place of our digests of it (`assistant.policies.alignment`).
Loading takes about 50 ms and happens again only when a file changes.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from assistant.errors import PolicyError
from assistant.policies.alignment import over
from assistant.policies.clause import Clause, Policies, put_together, read_policies
from assistant.policies.kept import File, read_files
from assistant.settings.settings import load_settings
from assistant.settings.shipped import folder


def load_policies(store: Path | None = None) -> Policies:
    """The shipped policies with those of the person's store over them (default: the store of the settings).

    Files are read again only when one of them changed: asking costs a look at two folders.
    """
    return _load(_signature(folder("policies")), _signature(store or default_store()))


def shipped_policies() -> Policies:
    """The shipped digests alone."""
    return _read(_signature(folder("policies")))


def _signature(where: Path) -> tuple[File, ...]:
    """The policy files of a folder, which need not exist."""
    try:
        with os.scandir(where) as entries:
            files = [(entry.path, entry.stat()) for entry in entries if entry.name.endswith(".yaml")]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise PolicyError(f"无法读取政策文件夹 {where}（{error.strerror}）。请检查路径和权限。") from error
    return tuple(sorted((path, stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in files))


@lru_cache(maxsize=8)
def _read(files: tuple[File, ...]) -> Policies:
    return read_policies(Path(path) for path, *_ in files)


@lru_cache(maxsize=8)
def _load(shipped: tuple[File, ...], own: tuple[File, ...]) -> Policies:
    if not shipped:
        raise PolicyError(f"{folder('policies')} 中没有政策文件，程序安装不完整。请重新安装。")
    if not own:
        return _read(shipped)
    return over(_read(shipped), put_together(read_files(own, load_settings().index_dir)))


def default_store() -> Path:
    """The folder of the person's own policies, as the settings name it."""
    settled = tuple(os.environ.get(name) for name in _SETTLED_BY)
    return _default_store(os.getcwd(), settled)


_SETTLED_BY = ("ASSISTANT_POLICIES_DIR", "ASSISTANT_CONFIG", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME", "LOCALAPPDATA", "APPDATA")  # fmt: skip


@lru_cache(maxsize=8)
def _default_store(_working_folder: str, _environment: tuple[str | None, ...]) -> Path:
    """Reading the settings costs a millisecond or two, so once for each place and environment they are read from."""
    return load_settings().policies_dir


def clause(clause_id: str) -> Clause:
    """A clause by id. Raises `PolicyError` for an unknown one."""
    return load_policies().clause(clause_id)
