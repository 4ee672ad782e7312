"""Invented, plausible forms for round trips: `random_form(seed, family)`."""

from __future__ import annotations

import random
from decimal import Decimal

from assistant.form.form import GROUPS, Band, Evaluator, Form
from tests.layouts import BANDS, SECTION_CAPS, SECTION_SOURCES

PROJECTS = [
    ("中小学校舍屋面维修", "澄塘市教育局", "澄塘市校产服务中心"),
    ("小型水库安全监测", "霁川县水利局", "霁川县水库运行站"),
    ("农机购置应用补贴", "岚浦区农业农村局", "岚浦区农机推广站"),
    ("农村公路养护", "青陂县交通运输局", "青陂县公路段"),
    ("政务云平台运维", "墨江市大数据局", "墨江市政务信息中心"),
    ("社区食堂运营补助", "栖霞沟区民政局", "栖霞沟区养老服务中心"),
]
PEOPLE = ["向晚舟", "谭见微", "佟令仪", "苗青圃", "邬承志", "薄言秋", "沙启明", "计成蹊"]
NAMES = {
    "quantity": ["维修改造面积", "巡查次数", "发放补贴户数", "培训技术人员", "印制宣传手册", "购置监测设备"],
    "quality": ["验收合格率", "设备完好率", "数据准确率", "培训考核通过率"],
    "timeliness": ["完工时间", "补贴发放时间", "故障响应时间", "资料归档时间"],
    "cost": ["维修综合单价", "人均培训成本", "项目总成本", "单台设备采购价"],
    "economic": ["带动农户增收", "节约能耗支出", "降低运输成本"],
    "social": ["受益群众人数", "群众知晓率", "安全责任事故", "公共服务保障能力"],
    "ecological": ["污水减排量", "施工扬尘投诉", "植被恢复率"],
    "sustainability": ["管护制度健全率", "设备使用年限", "长效运行机制"],
    "satisfaction": ["服务对象满意度", "受益学校满意度"],
}


def random_form(seed: int, family: str) -> Form:
    """An invented, plausible form: every kind of value, blank cells, blank groups, texts over several lines.

    Cells a template prints only where filled (a reason, a weight) are put as blank readings too, so
    that a reader can be asked whether it saw them.
    """
    rng = random.Random(f"{family}-{seed}")
    form = Form(family=family)
    project, department, unit = rng.choice(PROJECTS)
    people = rng.sample(PEOPLE, 4)
    year = rng.choice((2021, 2022, 2023, 2024))
    form.put("basic.project_name", f"{year}年{project}项目" if rng.random() < 0.3 else f"{project}项目")
    form.put("basic.department", department)
    form.put("basic.implementing_unit", unit)
    form.put("funds.unit", rng.choice(("万元", "万元", "元")))
    form.groups_printed = set(GROUPS)
    if family == "section":
        _random_section(form, rng, year, people, unit)
    else:
        _random_indicator(form, rng, year, people)
    return form


def _amount(rng: random.Random) -> str:
    return rng.choice((f"{rng.randint(1, 900)}", f"{rng.uniform(1, 900):.2f}", f"{rng.uniform(1, 90):.1f}"))


def _value(rng: random.Random, group: str, year: int) -> tuple[str, str]:
    """A target and a completion value of one kind."""
    n = rng.randint(2, 900)
    month = rng.randint(1, 11)
    rate = rng.randint(80, 99)
    kinds = {
        "timeliness": [
            (f"{year}年{month}月底前", f"{year}年{month}月{rng.randint(1, 28)}日"),
            (f"{month}月", f"{month}月"),
            (f"{year}.{month}.17-18", f"{year}.{month}.17-18"),
            ("≤30分钟", f"{rng.randint(5, 30)}分钟"),
            ("全年", "全年"),
        ],
        "cost": [
            (f"≤{n}元/平方米", f"{n}元/平方米"),
            (f"{n}元/人/天", f"{n}元/人/天"),
            ("一千五百元", "1500元"),
            (f"≤{n}.5万元", f"{n}.32万元"),
        ],
        "satisfaction": [(f"≥{rate}%", f"{rate + 0.6}%"), (f"{rate}%以上", f"{rate}.{n % 10}%")],
        "quality": [(f"≥{rate}%", f"{rate}%"), ("１００％", "１００％"), ("合格", "合格")],
    }
    counts = [
        (f"{n}人次", f"{n + 3}人次"),
        (f"≥{n}平方米", f"{n}平方米"),
        (f"{n}-{n + 10}户", f"{n + 4}户"),
        (f"不少于{n}台（套）", f"{n}台（套）"),
        ("0次", "0次"),
        ("有效提升", "有效提升"),
        (f"≥{n}", f"{n}"),
    ]
    return rng.choice(kinds.get(group, counts))


def _put_rows(form: Form, rng: random.Random, year: int, groups: list[str]) -> None:
    for group in groups:
        names = rng.sample(NAMES[group], rng.randint(1, min(3, len(NAMES[group]))))
        for n, name in enumerate(names, 1):
            path = f"indicators.{group}.{n}"
            target, actual = _value(rng, group, year)
            form.put(f"{path}.name", name)
            form.put(f"{path}.target", target if rng.random() < 0.95 else None)
            form.put(f"{path}.actual", actual if rng.random() < 0.95 else None)
            reason = "汛期连续降雨影响施工；已增加班组赶工，\n下一年度提前两个月启动招标。"
            form.put(f"{path}.reason", reason if rng.random() < 0.15 else None)


def _random_section(form: Form, rng: random.Random, year: int, people: list[str], unit: str) -> None:
    form.put("basic.leader", people[0])
    form.put("basic.phone", rng.choice(("0988-6203118", "13900001234", "6203118")))
    form.put(
        "basic.period", rng.choice((f"{year}年1月-12月", f"{year}.1.1-{year}.12.31", f"{year}年1月至{year}年12月"))
    )
    form.put("basic.evaluation_year", rng.choice((f"{year}", f"{year}年", f"{year}年度")))
    form.put("basic.stamp", unit if rng.random() < 0.7 else None)
    form.put("basic.fill_date", rng.choice((f"{year + 1}.3.18", f"{year + 1}年3月18日", f"{year + 1}-03-18")))
    sources = rng.choice(SECTION_SOURCES)
    for source in ("total", *sources):
        filled = source == "total" or rng.random() < 0.6
        for column in ("budget", "received", "executed"):
            form.put(f"funds.{source}.{column}", _amount(rng) if filled else None)
    if "county" in sources:
        form.put("funds.county.budget", _amount(rng))
    form.put("goals.output", "1.维修校舍屋面1200平方米；\n2.培训管护人员45人次，印制手册2000册。")
    form.put("goals.effect", "保障师生安全，学校满意度达到90%以上。")
    points = rng.choice(("10", "9.5分", "8"))
    form.put("execution.note", rng.choice((points, f"预算执行率95%，{points}")) if points.endswith("分") else points)
    groups = [group for group in GROUPS if rng.random() < 0.75 or group in ("quantity", "social", "satisfaction")]
    _put_rows(form, rng, year, groups)
    form.put("scores.execution", points)
    for section, cap in (("output", 50), ("benefit", 30), ("satisfaction", 10)):
        score = f"{rng.randint(cap // 2, cap)}{rng.choice(('', '', '分'))}"
        form.put(f"scores.{section}", score if rng.random() < 0.9 else None)
    form.put("scores.total", f"{rng.randint(60, 100)}{rng.choice(('', '分'))}")
    form.put("conclusion.summary", "自评得分95分，等级为优。\n屋面维修全部完成，验收合格率100%，资金支付与进度一致。")
    form.put("conclusion.experience", rng.choice(("推行“一校一档”，先查漏点后定方案，减少返工。", None)))
    form.put("conclusion.problems", "1.部分学校报送资料不及时。\n2.下一步明确报送时限，逐月通报。")
    form.evaluators = [
        Evaluator("组长", people[1], "副局长", unit),
        Evaluator("成员", people[2], rng.choice(("工程师", "科长")), unit),
        *([Evaluator("成员", people[3], "会计", unit)] if rng.random() < 0.5 else []),
    ]
    form.evaluators_printed = True
    form.put("filler.name", people[2])
    form.put("filler.phone", "0988-6203119")
    form.caps = {section: Decimal(cap) for section, cap in SECTION_CAPS.items()}
    form.bands = [Band(grade, Decimal(floor)) for grade, floor in BANDS.items()]


def _random_indicator(form: Form, rng: random.Random, year: int, people: list[str]) -> None:
    form.put("basic.evaluation_year", f"{year}年度")
    if rng.random() < 0.4:
        form.put("basic.leader", people[0])
        form.put("basic.phone", "0988-6203118")
    columns = [
        column
        for column in ("initial_budget", "budget", "executed")
        if column != "initial_budget" or rng.random() < 0.8
    ]
    sources = rng.choice((("fiscal", "carried_over", "other"), ("central", "provincial", "city", "other")))
    for column in columns:
        form.put(f"funds.total.{column}", _amount(rng))
        for source in sources:
            form.put(f"funds.{source}.{column}", _amount(rng) if rng.random() < 0.6 else None)
    form.put("funds.total.weight", "10")
    form.put("funds.total.rate", rng.choice(("97.00%", "88.5%", "100%")))
    form.put("funds.total.score", rng.choice(("9.7", "10", "8.85")))
    form.put("goals.expected", "目标1：完成养护里程320公里；\n目标2：处置路面病害5.6万平方米。")
    form.put("goals.actual", "养护里程326公里，处置路面病害5.72万平方米，群众满意度93%。")
    groups = [group for group in GROUPS if rng.random() < 0.8 or group in ("quantity", "social", "satisfaction")]
    _put_rows(form, rng, year, groups)
    for row in list(form.rows):
        weight = rng.choice((5, 8, 10, 12.5))
        form.put(row.path("weight"), f"{weight}")
        form.put(row.path("score"), f"{weight - rng.choice((0, 0, 0, 1))}" if rng.random() < 0.95 else None)
    form.put("scores.total", f"{rng.randint(70, 100)}")
    form.caps = {"execution": Decimal(10)}
    if rng.random() < 0.5:
        caps = rng.choice(
            (
                {"output": 50, "benefit": 30, "satisfaction": 10},
                {"output": 40, "cost": 20, "benefit": 20, "satisfaction": 10},
            )
        )
        form.caps |= {section: Decimal(cap) for section, cap in caps.items()}
    if rng.random() < 0.3:
        form.put("conclusion.problems", "养护机械不足。下一步与邻县共用摊铺设备，三季度前签订协议。")
