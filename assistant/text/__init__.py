"""What words and numbers mean, of no form: points, amounts, rates, bounds, days, kinds of clauses, quotations, regions.

Computed beside the text, never in place of it.

Nothing here raises on any text; what cannot be parsed is text. Money and points are `Decimal`.
Every function is cached by text: forms repeat themselves. From the ground up: `spelling`, `units`,
`numbers` and `days`, then whole `cells` and `running` text.
"""

from assistant.text.cells import amount_wan, parse, phone, rate_pct
from assistant.text.days import NEXT_YEAR, dates_in, day, is_impossible_day, period, year
from assistant.text.running import amounts_in, quantities_in
from assistant.text.score import points
from assistant.text.spelling import bare, chosen, fold, is_blank
from assistant.text.value import CACHE, Quantity, Value

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
