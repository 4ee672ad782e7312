"""B07: one person leads the project, leads the evaluation and fills in the form."""

from collections.abc import Iterator

from assistant.form.form import Form
from assistant.form.profile import Profile
from assistant.rules.needs import EVALUATORS, AllOf, Needs
from assistant.rules.rule import Case, Hit, rule
from assistant.text import bare, is_blank


@rule(
    "B07",
    "self-reviewed",
    severity="warning",
    policy=("mof-2020-10#art-5", "mof-2020-10#art-20", "mof-2020-10#art-21"),
    soft=True,
    needs=Needs((AllOf(("basic.leader", "filler.name")), EVALUATORS)),
)
def self_reviewed(form: Form, profile: Profile) -> Iterator[Hit]:
    """项目负责人、评价组长（或唯一评价人）与填报人是同一人。

    Nobody but the person evaluated has looked at the form. Two of the three in one hand is usual and
    not reported; the leading evaluator is the one called 组长, else the first of the block.

    Field: `evaluators`. Evidence: `name`.
    """
    people = [person for person in form.evaluators if not is_blank(person.name)]
    leader, filler = bare(form.get("basic.leader")), bare(form.get("filler.name"))
    if not people or not leader or leader != filler:
        return
    leading = next(
        (person for person in people if person.role and "组长" in person.role and "副" not in person.role), people[0]
    )
    if bare(leading.name) == leader:
        role = "唯一的评价人员" if len(people) == 1 else "评价组长"
        message = f"{leading.name}既是项目负责人，又是{role}和填报人，自评缺少他人复核，请调整评价人员或说明复核情况。"
        yield Hit("evaluators", message, {"name": leading.name}, ("basic.leader", "filler.name"))


FIRES = [
    Case(
        "负责人自任组长又自己填报",
        {"filler.name": "周明远", "evaluators": [{"role": "组长", "name": "周明远"}, {"role": "成员", "name": "陈立"}]},
        ("evaluators",),
    ),
    Case(
        "唯一的评价人就是负责人兼填报人，姓名中间空格",
        {"filler.name": "周 明远", "evaluators": [{"name": "周明远"}]},
        ("evaluators",),
    ),
]
SILENT = [
    Case("负责人任组长，他人填报", {"evaluators": [{"role": "组长", "name": "周明远"}]}),
    Case("负责人填报，他人任组长", {"filler.name": "周明远"}),
    Case(
        "负责人只是成员",
        {"filler.name": "周明远", "evaluators": [{"role": "成员", "name": "周明远"}, {"role": "组长", "name": "何静"}]},
    ),
]
