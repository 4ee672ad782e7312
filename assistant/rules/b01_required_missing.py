"""B01: required cells of the head and the foot that stand empty."""

from collections.abc import Iterator

from assistant.form.form import Form, label
from assistant.form.profile import Profile
from assistant.rules.absence import Absence
from assistant.rules.rule import Case, Hit, rule
from assistant.text import is_blank

PATHS = {
    "project_name": "basic.project_name",
    "leader": "basic.leader",
    "department": "basic.department",
    "implementing_unit": "basic.implementing_unit",
    "period": "basic.period",
    "evaluation_year": "basic.evaluation_year",
    "fill_date": "basic.fill_date",
    "filler": "filler.name",
    "evaluators": "evaluators",
}


@rule(
    "B01",
    "required-missing",
    severity="error",
    policy=("mof-2020-10#ch5-form", "yangquan-form-2022#text-columns", "mof-2020-10#art-8"),
    absence=Absence(),
)
def required_missing(form: Form, profile: Profile) -> Iterator[Hit]:
    """必填的基本信息未填。

    Project name, leader, department, implementing unit, period, year, fill date, filler or evaluators
    stand empty although the form prints the label or its template profile asks for the cell. A national
    form without 项目负责人 lacks nothing; one that prints the label and leaves it empty does.

    Field: the empty cell.
    """
    required = profile.template(form).required_basic
    paths = PATHS | {key: f"basic.{key}" for key in required if key not in PATHS}
    for key, path in paths.items():
        if path == "evaluators":
            asked, empty = form.evaluators_printed, all(is_blank(person.name) for person in form.evaluators)
        else:
            asked, empty = form.printed(path), is_blank(form.get(path))
        if empty and (asked or key in required):
            yield Hit(path, f"“{label(path).rpartition(' › ')[2]}”未填写，请补填。")


FIRES = [
    Case("项目负责人留空", {"basic.leader": None}, ("basic.leader",)),
    Case("填报日期只画一条斜线", {"basic.fill_date": "/"}, ("basic.fill_date",)),
    Case("评价人员一个也没有", {"evaluators": []}, ("evaluators",)),
    Case("市县表式要求填报人，表上却没有这一栏", {"filler.name.*": None}, ("filler.name",)),
    Case("国家表印了主管部门而未填", {"basic.department": None}, ("basic.department",), family="indicator"),
    Case("国家表印了负责人而未填", {"basic.leader": None}, ("basic.leader",), family="indicator"),
]
SILENT = [
    Case("国家表没有负责人、填报日期这些栏", {}, family="indicator"),
    Case("联系电话不在必填之列", {"basic.phone": None}),
    Case("单位盖章另有规则", {"basic.stamp": None}),
    Case(
        "本级口径不要求填报人",
        {"filler.name.*": None},
        profile={"templates": {"section": {"required_basic": ["leader"]}}},
    ),
]
