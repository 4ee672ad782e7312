"""What a cell means: points, amount, rate, bound, period, phone. Computed beside the text, never in place of it.

Nothing here raises on any text; what cannot be parsed is text. Money and points are `Decimal`.
Every function is cached by text: forms repeat themselves. From the ground up: `spelling`, `units`,
`numbers` and `days`, then whole `cells` and `running` text.
"""

from assistant.values.cells import amount_wan, parse, phone, points, rate_pct
from assistant.values.days import NEXT_YEAR, dates_in, day, is_impossible_day, period, year
from assistant.values.running import amounts_in, quantities_in
from assistant.values.spelling import bare, chosen, fold, is_blank
from assistant.values.value import CACHE, Quantity, Value

__all__ = [
    "CACHE",
    "NEXT_YEAR",
    "Quantity",
    "Value",
    "amount_wan",
    "amounts_in",
    "bare",
    "chosen",
    "dates_in",
    "day",
    "fold",
    "is_blank",
    "is_impossible_day",
    "parse",
    "period",
    "phone",
    "points",
    "quantities_in",
    "rate_pct",
    "year",
]
