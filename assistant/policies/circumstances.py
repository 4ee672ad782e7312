"""When and where a form is of, which decides which documents hold for it."""

from __future__ import annotations

import re

from assistant.form.form import Form
from assistant.policies.clause import NATIONAL, Policies
from assistant.text.regions import PROVINCES

_YEAR = re.compile(r"(?:19|20)\d\d")
_ABOVE = rf"(?:(?:{'|'.join(PROVINCES)})(?:省|市|[一-鿿]{{0,3}}自治区)?)?(?:[一-鿿]{{2,4}}?市)?"
_FILLED = re.compile(r"((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})")


def year_of(form: Form) -> int | None:
    """The evaluation year, else the last year of the period, else the year before the filling, else None.

    A year is evaluated once it is over: only a form of November or December may speak of its own.
    """
    stated = _YEAR.search(form.get("basic.evaluation_year") or "")
    if stated:
        return int(stated[0])
    years = _YEAR.findall(form.get("basic.period") or "")
    if years:
        return int(years[-1])
    filled = _FILLED.search(form.get("basic.fill_date") or "")
    return int(filled[1]) - (int(filled[2]) < 11) if filled else None


def place_of(form: Form, policies: Policies) -> str | None:
    """Where the form comes from, province first, as far as the policies tell places apart; None where unknown.

    Told by a unit whose name begins with the place (阳泉市…, 山西省阳泉市…): a place named further
    on is where something happened, not whose form it is.
    """
    regions = sorted(policies.regions - {NATIONAL}, key=len, reverse=True)
    units = [form.get(f"basic.{key}") for key in ("department", "implementing_unit", "stamp")]
    names = [re.sub(r"^[\W\dA-Za-z_]+", "", unit) for unit in units if unit]
    for region in regions:
        province = next((name for name in PROVINCES if region.startswith(name)), "")
        city = region.removeprefix(province)
        # Of a place that nobody said the province of, any will do, and a county may stand behind its city.
        before = f"(?:{province}省?)?" if province else _ABOVE
        pattern = re.compile(f"{before}{city}" if city else province)
        if any(pattern.match(name) for name in names):
            return region
    return next((name for name in PROVINCES if any(unit.startswith(name) for unit in names)), None)
