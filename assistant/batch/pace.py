"""How many requests may be out at once: up to the setting, fewer for a while after the server has asked for it."""

from __future__ import annotations

import asyncio
import time

SLOWER = 0.7
RECOVERY = 0.25
PAUSE_S = 1.0
LONGEST_S = 120.0
"""A server that asks for more is asked again after this all the same."""


class Pace:
    """Used in one event loop: `async with pace:` around a request, `slower` after a 429, `faster` after an answer."""

    def __init__(self, most: int):
        self._most = most
        self._limit = float(most)
        self._out = 0
        self._again = 0.0
        self._slowed = 0.0
        self._changed = asyncio.Condition()

    @property
    def limit(self) -> int:
        return max(1, int(self._limit))

    async def __aenter__(self) -> None:
        while True:
            wait = self._again - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            async with self._changed:
                if self._out < self.limit:
                    self._out += 1
                    return
                await self._changed.wait()

    async def __aexit__(self, *raised: object) -> None:
        async with self._changed:
            self._out -= 1
            self._changed.notify(max(1, self.limit - self._out))  # the limit may have grown since

    def slower(self, after_s: float | None) -> None:
        """Once for all requests that were out together; nothing is asked until the time the server named is over."""
        now = time.monotonic()
        if now >= self._slowed:
            self._limit = max(1.0, self._limit * SLOWER)
        self._slowed = now + PAUSE_S
        self._again = max(self._again, now + min(LONGEST_S, PAUSE_S if after_s is None else after_s))

    def faster(self) -> None:
        """A quarter of the setting's width for each round of answers, so that a brief halt is made good in a few."""
        self._limit = min(float(self._most), self._limit + self._most * RECOVERY / self._limit)
