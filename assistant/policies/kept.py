"""The person's policy files as they were last read, kept beside the index: parsing YAML takes longer than all the rest.

A file that changed since (by its time, size and number) is read anew. What is kept is only a copy: damaged or missing,
it is made again, and where it cannot be written it is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.policies.clause import PolicyFile, policy_file, read_policy, shape_of

LAYOUT = 1
FEW = 8
"""Files that are read as fast from YAML."""

File = tuple[str, int, int, int]
"""Path, and what changes when a file does."""

_lock = threading.Lock()
_read_here: dict[File, PolicyFile] = {}
"""What this process has read."""


def read_files(files: Sequence[File], folder: Path) -> list[tuple[Path, PolicyFile]]:
    """The files, each read once a process and parsed once a change. Raises `PolicyError` naming one out of shape."""
    with _lock:
        return _read(files, folder)


def _read(files: Sequence[File], folder: Path) -> list[tuple[Path, PolicyFile]]:
    missing = [file for file in files if file not in _read_here]
    if len(missing) > FEW:
        kept = _kept(files, folder)
        for file in missing:
            if (entry := kept.get(_name(file))) is not None:
                with contextlib.suppress(TypeError, KeyError, ValueError):
                    _read_here[file] = policy_file(entry["data"], entry["sha256"])
    changed = [file for file in files if file not in _read_here]
    for file in changed:
        _read_here[file] = read_policy(Path(file[0]))
    _forget(files)
    if changed and len(files) > FEW:
        _keep(files, folder)
    return [(Path(file[0]), _read_here[file]) for file in files]


def _forget(files: Sequence[File]) -> None:
    """What the folder of these files no longer holds as it was read."""
    store, held = Path(files[0][0]).parent, set(files)
    for file in [file for file in _read_here if file not in held and Path(file[0]).parent == store]:
        del _read_here[file]


def _name(file: File) -> str:
    return "|".join(map(str, file))


def _home(files: Sequence[File], folder: Path) -> Path:
    store = hashlib.sha256(str(Path(files[0][0]).parent).encode()).hexdigest()[:16]
    return folder / f"read-{store}.json"


def _kept(files: Sequence[File], folder: Path) -> dict[str, Any]:
    try:
        said = json.loads(_home(files, folder).read_bytes())
        found: dict[str, Any] = said["files"] if said["layout"] == LAYOUT else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found


def _keep(files: Sequence[File], folder: Path) -> None:
    entries = {_name(file): {"sha256": _read_here[file].sha256, "data": shape_of(_read_here[file])} for file in files}
    data = json.dumps({"layout": LAYOUT, "files": entries}, ensure_ascii=False, separators=(",", ":"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="building-", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(data)
        os.replace(name, _home(files, folder))
    except OSError:
        return
