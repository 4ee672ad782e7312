"""B06: the stamp line left empty."""

from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.needs import Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank


@rule(
    "B06",
    "stamp-missing",
    severity="warning",
    policy=("yangquan-form-2022#text-columns", "mof-2020-10#art-21"),
    soft=True,
    absence=Absence(),
    needs=Needs(printed=("basic.stamp",)),
)
def stamp_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """单位(盖章)处空白。

    The form prints 单位(盖章) and nothing stands there. A stamp that is only an image cannot be seen in
    a text, so the reviewer looks at the original; a form that prints no such line lacks nothing.

    Field: `basic.stamp`.
    """
    if form.printed("basic.stamp") and is_blank(form.get("basic.stamp")):
        yield Hit("basic.stamp", "“单位(盖章)”处空白，未见单位名称或公章，请核对原件并补盖。")


FIRES = [
    Case("盖章处空白", {"basic.stamp": None}, ("basic.stamp",)),
    Case("盖章处只有一条横线", {"basic.stamp": "____"}, ("basic.stamp",)),
]
SILENT = [
    Case("写了单位名称", {"basic.stamp": "松源市图书馆"}),
    Case("表上没有盖章一栏", {"basic.stamp.*": None}),
    Case("国家表不印盖章", {}, family="indicator"),
]
