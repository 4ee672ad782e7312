"""How many tokens and how much money a run and a form may take, counted before each request and settled after it.

Nobody but the server knows its tokens, so before a request they are estimated, on the high side:
a Chinese character is one token, four other characters are one.
"""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.settings.settings import Settings

_WIDE = re.compile(r"[⺀-鿿豈-﫿︰-￯]")
_MILLION = 1_000_000
TYPICAL_ANSWER = 0.25
"""Share of the longest answer allowed that an answer usually takes, for estimates."""


def tokens(text: str) -> int:
    """About how many tokens a text takes, rather more than fewer."""
    wide = len(_WIDE.findall(text))
    return wide + math.ceil((len(text) - wide) / 4)


class CeilingError(ModelError):
    """A ceiling of the run was reached. `why` says so without what to do, which is another thing in a batch."""

    def __init__(self, why: str):
        super().__init__(f"{why}需要继续请调大上限。")
        self.why = why


@dataclass(slots=True)
class Purse:
    """What one form may still take, in tokens sent and answered."""

    left: int

    def take(self, wanted: int) -> None:
        if wanted > self.left:
            raise ModelError(
                f"这张表还需约 {wanted} 个词元，超过每张表的上限。请调大 ASSISTANT_MODEL_MAX_FORM_TOKENS，或拆分过长的栏目。"
            )
        self.left -= wanted


class Spending:
    """What one run has taken. Shared by threads."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._lock = threading.Condition()
        self._reserved = 0.0
        self._held = 0
        self.requests = 0
        self.sent = 0
        self.answered = 0
        self.ceiling = ""
        """Why nothing more is asked, once that is so; then it stays so."""

    def purse(self) -> Purse:
        return Purse(self._settings.model_max_form_tokens)

    def cost(self, sent: int, answered: int) -> float:
        """In 元; 0 where no prices are set."""
        return (
            sent * (self._settings.model_price_in or 0) + answered * (self._settings.model_price_out or 0)
        ) / _MILLION

    @property
    def spent(self) -> float:
        return self.cost(self.sent, self.answered)

    @property
    def tokens(self) -> int:
        """Sent and answered."""
        return self.sent + self.answered

    def reserve(self, purse: Purse, sent: int) -> Reserved:
        """Room for one request and its longest answer. Where only what is held for others stands in the way, it waits for them:
        most answers are far shorter. Raises `ModelError` where form or run may not take that much.
        """
        longest = self._settings.model_max_answer_tokens
        cost = self.cost(sent, longest)
        with self._lock:
            while not self.ceiling and self._over(self._reserved + cost, self._held + sent + longest):
                if self._over(cost, sent + longest):
                    self.ceiling = self._over(cost, sent + longest)
                    self._lock.notify_all()  # for those who wait there will be no room either
                else:
                    self._lock.wait()
            if self.ceiling:
                raise CeilingError(self.ceiling)
            purse.take(sent + longest)
            self._reserved += cost
            self._held += sent + longest
        return Reserved(self, purse, sent, longest, cost)

    def _over(self, cost: float, wanted: int) -> str:
        """Which ceiling of the run so much more might pass, as a sentence; empty where it passes none."""
        most_cost, most_tokens = self.limits
        if most_cost is not None and self.spent + cost > most_cost:
            return (
                f"本次运行的费用已约 {self.spent:.2f} 元，再问一次可能超过上限 {most_cost:.15g} 元"
                "（ASSISTANT_MODEL_MAX_COST），不再请求。"
            )
        if most_tokens is not None and self.tokens + wanted > most_tokens:
            return (
                f"本次运行已用约 {self.tokens} 个词元，再问一次可能超过上限 {most_tokens} 个"
                "（ASSISTANT_MODEL_MAX_RUN_TOKENS），不再请求。"
            )
        return ""

    @property
    def limits(self) -> tuple[float | None, int | None]:
        """The most money and the most tokens the run may take; None where there is no such ceiling."""
        return self._settings.model_max_cost, self._settings.model_max_run_tokens

    def _settle(self, reserved: Reserved, sent: int, answered: int) -> None:
        with self._lock:
            self._reserved -= reserved.cost
            self._held -= reserved.sent + reserved.longest
            reserved.purse.left += reserved.sent + reserved.longest - sent - answered
            self.requests += 1
            self.sent += sent
            self.answered += answered
            self._lock.notify_all()

    def told(self) -> str:
        """One sentence on what the run took."""
        cost = f"，约 {self.spent:.2f} 元" if self._settings.model_price_in is not None else ""
        return f"本次请求模型 {self.requests} 次，送出约 {self.sent} 个词元，回答约 {self.answered} 个词元{cost}。"


@dataclass(slots=True)
class Reserved:
    """Room held for one request until it is settled."""

    spending: Spending
    purse: Purse
    sent: int
    longest: int
    cost: float

    def settle(self, sent: int, answered: int) -> None:
        self.spending._settle(self, sent, answered)


def estimate(settings: Settings, forms: int, sent: int, questions: int) -> str:
    """The sentence printed before a batch: requests, tokens, and the cost where prices are set."""
    answered = int(questions * settings.model_max_answer_tokens * TYPICAL_ANSWER)
    said = f"将向模型 {settings.model} 送出 {forms} 张表，约 {questions} 次请求、送出 {sent} 个词元、回答 {answered} 个词元"
    if settings.model_price_in is not None and settings.model_price_out is not None:
        cost = Spending(settings).cost(sent, answered)
        said += f"，约 {cost:.2f} 元"
        if settings.model_max_cost is not None:
            said += f"（上限 {settings.model_max_cost:.15g} 元）"
    else:
        said += "；未设置价格，无法估算费用"
    if settings.model_max_run_tokens is not None:
        said += f"；本次运行的词元上限 {settings.model_max_run_tokens} 个"
    again = "返工和复核另计；" if not settings.model_verify else "返工另计，复核约使请求加倍；"
    return f"{said}。{again}已有缓存的不再请求。"
