"""I07: a group of indicators that the profile requires and the form leaves empty."""

from collections.abc import Iterator

from assistant.form.form import GROUPS, Form
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.rule import Case, Hit, rule

BENEFIT = ("economic", "social", "ecological", "sustainability")


@rule(
    "I07",
    "group-empty",
    severity="warning",
    policy=(
        "mof-2020-10#art-13-indicators",
        "mof-2021-101#2-types",
        "mof-2015-88#indicator-tree",
        "cpc-sc-2018-34#7-goals",
    ),
    absence=Absence("words"),
)
def group_empty(form: Form, profile: Profile) -> Iterator[Hit]:
    """缺少应设的指标类别。

    No named indicator in a group the profile's template requires (by default 数量, 质量, 时效, 成本 and
    满意度), or none at all under 效益 where one is required. Rows with a name but no values count.

    Field: `indicators.<group>`; `indicators.social` stands for 效益.
    """
    template = profile.template(form)
    filled = {row.group for row in form.rows}
    for group in template.required_groups:
        if group not in filled:
            yield Hit(f"indicators.{group}", f"未设{GROUPS[group]}，请补充或说明不设的理由。")
    if template.required_benefit and filled.isdisjoint(BENEFIT):
        yield Hit("indicators.social", "经济、社会、生态效益和可持续影响指标均未设，请至少补充一类效益指标。")


FIRES = [
    Case("没有时效指标", {"indicators.timeliness.*": None}, ("indicators.timeliness",)),
    Case(
        "成本一栏印了而没有填名称",
        {"indicators.cost.*": None, "indicators.cost.1.name": None},
        ("indicators.cost",),
        family="indicator",
    ),
    Case("效益各类都没有", {"indicators.social.*": None, "indicators.sustainability.*": None}, ("indicators.social",)),
    Case("没有满意度指标", {"indicators.satisfaction.*": None}, ("indicators.satisfaction",), family="indicator"),
]
SILENT = [
    Case("效益有一类即可", {"indicators.social.*": None}),
    Case("有名称而没有值的，由I01、I02说", {"indicators.cost.1.target": None, "indicators.cost.1.actual": None}),
    Case(
        "口径文件不要求成本",
        {"indicators.cost.*": None},
        profile={"templates": {"section": {"required_groups": ["quantity", "quality", "timeliness", "satisfaction"]}}},
    ),
]
