"""B05: telephone numbers that cannot be rung."""

from collections.abc import Iterator

from assistant.form.form import Form, label
from assistant.form.profile import Profile
from assistant.rules.needs import AllOf, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import phone
from assistant.text.quotation import quoted


@rule(
    "B05",
    "phone-invalid",
    severity="error",
    policy=("yangquan-form-2022#text-columns", "mof-2020-10#ch5-form"),
    needs=Needs((AllOf(("basic.phone", "filler.phone")),)),
)
def phone_invalid(form: Form, profile: Profile) -> Iterator[Hit]:
    """联系电话不是有效的固定电话或手机号码。

    A Chinese number has 7 or 8 digits, with or without an area code, or 11 digits. Eight bare digits
    where seven are usual cannot be told from here, and a masked number (138****1234) is not judged.
    Silent on an empty cell.

    Field: that phone. Evidence: `stated`.
    """
    for path in ("basic.phone", "filler.phone"):
        text = form.get(path)
        if text and phone(text) == "invalid":
            message = (
                f"{label(path).replace(' › ', '的')}{quoted(text)}位数不对，不是有效的固定电话或手机号码，请核对。"
            )
            yield Hit(path, message, {"stated": text})


FIRES = [
    Case("手机号码多一位", {"basic.phone": "137000056781"}, ("basic.phone",)),
    Case("区号后只有六位", {"filler.phone": "0990-550135"}, ("filler.phone",)),
    Case("区号后只有四位，合起来八位", {"basic.phone": "0990-5501"}, ("basic.phone",)),
    Case("填了姓名", {"basic.phone": "周明远"}, ("basic.phone",)),
]
SILENT = [
    Case("不带区号的七位号码", {"basic.phone": "5550134"}),
    Case("不带区号的八位号码", {"basic.phone": "55501340"}),
    Case("手机号码", {"filler.phone": "13800000000"}),
    Case("隐去中间四位", {"basic.phone": "138****0000"}),
    Case("400号码，全国都能打", {"basic.phone": "400-550-0134"}),
    Case("前面加了国家代码", {"filler.phone": "+86 13800000000"}),
    Case("带分机", {"basic.phone": "0990-5550134转802"}),
    Case("未填", {"basic.phone": None}),
]
