"""N07: another year's or another project's text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.facts.texts import about, clauses, narratives
from assistant.form.form import Form, once
from assistant.form.profile import Profile
from assistant.rules.needs import NARRATIVE, Needs, OneOf
from assistant.rules.rule import Case, Hit, rule
from assistant.text import CACHE, fold, period, quantities_in, year
from assistant.text.quotation import quoted

# Led by its first figure, so that the search skips to where a year can begin.
_YEAR = re.compile(r"((?:1(?<![\d.]1)9|2(?<![\d.]2)0)\d{2})年(?!.{0,4}第?\d+号)")
_CITED = re.compile(r"《[^》]*》|[〔\[【(（][^〔\[【(（〕\]】)）]*[〕\]】)）]|“[^”]*”")
# A year named for comparison, as a beginning or as the date of a document or an honour is no slip.
_BEFORE = re.compile(
    r"(?:荣获|获得|获|评为|自|从|较|比|与|同|由|于|截至|截止|始于|源于|根据|按照|依据|早在|对比|相比|参照|延续|至|到|[-—~、和及])\s*$"
)
_AFTER = re.compile(
    r"^(?:\d{1,2}月)?(?:\d{1,2}日)?(?:度|底|末|初|起|开始|以来|至今|以前|之前)?[^，,。；;]{0,12}?(?:相比|比较|同期|以来|至今|起|开始|结转|结余|印发|出台|发布|下发|批准|批复|立项|启动|成立|建成|颁布"
    r"|实施的|获|荣获|被评|评为|欠|遗留|基数|水平|[-—~至到]\s*(?:19|20)?\d{2})"
)
_STOP = re.compile(r"[，,。；;]")
_PLACE = re.compile(
    r"(?:^|同时|完成|推进|实施|开展|参与|承接|承办|援建|支援|帮扶|前往|赴|到|在|对|为|与|和|及|向|由|、)(?![到在对为与和及向由赴])([\u4e00-\u9fff]{2,3}?)(?:省|市|县|自治州|自治县)(?![级直内外场民各省市区县政财委域容花树])"
)
_NO_NAME = re.compile(
    r"[节反]$|[全我本各该城跨外超上下门夜菜都股集闹返地在向和与及对是到于为等多两几每有此从由使让把被将并或省市县区州镇乡村的个了]|大型|中小|地级|强|贫困|试点|示范|文明|先进|发达|周边|其他|相关|兄弟"
    r"|希望|联合|会同|依托|借助|坚持|按照|根据|联系|对接|邀请|经由|建议|请求|恳请|建立|加强|推进|完成|开展|配合|支持|协调|联系|报送|争取|落实|实现|服务|覆盖|涉及|组织|邀请|带动|辐射"
)
_NAMED_WORK = re.compile(
    r"[\u4e00-\u9fff]{4,}(?<![心民事统政望幸福])工程|[\u4e00-\u9fff]{4,}项目(?=竣工|验收|施工|招标|开工|完工|建设)"
)
RESULTS = ("goals.actual", "execution.note", "conclusion.summary")
"""Texts that report results: there a counted one the form knows nothing of is foreign too."""
ITS_OWN_SHARE = 0.25
"""Share of a clause's telling words found elsewhere in the form under which it is not about this project."""
UNKNOWN_SHARE = 0.15
"""The same of a counted result that names nothing: here next to no word may be known."""
LEAST_TELLING, LEAST_TELLING_OF_COUNT = 5, 3
"""Telling words under which a clause is too short to judge; a counted result says what it is in fewer."""
LEAST_TELLING_OF_CELL = 12
"""Telling words from which a whole cell is judged by the things it keeps naming."""
_NOT_COUNTED = re.compile(
    r"百分点|同比|环比|[比较](?:上年|去年|上一年|往年|同期|项目?实施前)|执行率|报告|简报|信息|材料|文件|方案|论文|稿件|批示|通报|台账|受[益惠]|惠及|带动"
)
"""A comparison with another year, the execution rate, what any office writes, and who gains by it, whatever the project."""
_PAYMENT = re.compile(r"质保金|保证金|[预进首尾余货]度?款|工程款|支付|支出|结[算余转]|拨付|执行率")
"""Money spent or kept back: any project says so."""
_OFFICE = re.compile(
    r"宣传|培训|队伍|人员|管理|制度|监督|绩效|预算|资金|经费|业务|机制|措施|问题|整改|群众|部门|单位|基层|学习|领导|责任|考核|能力|素质|意识|信息|数据|档案|台账|创新|经验|做法|协调|沟通|计划|进度"
    r"|建设|改造|建成|工程|方式|效率|安全|技术|专业|存在|部分|个别|较[\u4e00-\u9fff]|下一|以来|提前|统一|实行|设立"
)
GOALS = ("goals.output", "goals.effect", "goals.expected")


@rule(
    "N07",
    "stale-text",
    severity="warning",
    kind="contradiction",
    policy=("mof-2020-10#art-7", "mof-2021-101#1-relevance", "mof-2020-10#ch5-form"),
    soft=True,
    needs=Needs((OneOf((*NARRATIVE, "indicators.*.name")),)),
)
def stale_text(form: Form, profile: Profile) -> Iterator[Hit]:
    """文字是其他年度或其他项目的。

    A text or the name of a row speaks of a year before the period and the year evaluated as if it were this one's, a goal of a
    year after them, any text of one more than a year later; or a clause names a place or a work of its
    own that nothing else in the form knows, or counts a result hardly one word of which stands elsewhere. Years of documents, comparisons (较2021年), beginnings
    (自2020年起) and carry-overs are in place, and reasons and measures may look ahead one year. So is a
    later year to which a row says that its work was put off. Left to the
    model: another project's text without a name in it.

    Field: the text's. Evidence: `year` or `clause`.
    """
    years = _years(form)
    for path, text in narratives(form).items():
        stale = _stale_year(path, text, years) if years else None
        if years and stale and not _postponed_to(form, stale.year):
            of_form = f"{years[0]}年" if years[0] == years[1] else f"{years[0]}—{years[1]}年"
            message = f"文中写{quoted(stale.written)}，本表评价的是{of_form}，疑为沿用其他年度的文字，请核对更新。"
            yield Hit(path, message, {"year": stale.year}, ("basic.evaluation_year",))
        elif clause := _foreign(form, path, text):
            message = f"{quoted(clause)}与本项目的目标、指标无关，疑为其他项目的文字，请核对删除。"
            yield Hit(path, message, {"clause": clause}, ("basic.project_name",))
    if not years:
        return
    for row in form.rows:
        if row.reason and (stale := _stale_year(row.path("reason"), row.reason, years)):
            message = f"原因中写{quoted(stale.written)}，与评价年度不符，疑为沿用其他年度的文字，请核对更新。"
            yield Hit(row.path("reason"), message, {"year": stale.year}, ("basic.evaluation_year",))
        if stale := _stale_year(row.path("name"), row.name, years):
            message = (
                f"{row.label}的名称写{quoted(stale.written)}，与评价年度不符，疑为沿用其他年度的指标，请核对更新。"
            )
            yield Hit(row.path("name"), message, {"year": stale.year}, ("basic.evaluation_year",))


def _years(form: Form) -> tuple[int, int] | None:
    """First and last year the form may speak of: the period's and the year evaluated."""
    span, evaluated = period(form.get("basic.period")), year(form.get("basic.evaluation_year"))
    known = [evaluated] if evaluated else []
    if span:
        known += [span[0].year] + ([span[1].year] if span[1] else [])
    return (min(known), max(known)) if known else None


class Named(NamedTuple):
    """A year in a text, the words around it, and whether it is named for comparison or as a beginning."""

    year: int
    written: str
    in_place: bool


@lru_cache(CACHE)
def _years_named(text: str) -> tuple[Named, ...]:
    if "年" not in text:
        return ()
    folded = _CITED.sub(" ", fold(text))
    return tuple(
        Named(
            int(match[1]),
            _STOP.split(folded[match.start() : match.end() + 16])[0],
            bool(_BEFORE.search(folded[: match.start()]) or _AFTER.search(folded[match.end() : match.end() + 24])),
        )
        for match in _YEAR.finditer(folded)
    )


def _stale_year(path: str, text: str, years: tuple[int, int]) -> Named | None:
    for named in _years_named(text):
        if named.year < years[0] and not named.in_place:
            return named
        if named.year > years[1] + 1 or (named.year > years[1] and path in GOALS):
            return named
    return None


_PUT_OFF = re.compile(r"延期|延迟|推迟|顺延|延后|推后|延至|延到|改期|[改调]整?[到至在]")


@once
def _put_off_to(form: Form) -> frozenset[int]:
    """The years that rows name where they say that their work was put off."""
    cells = [text for row in form.rows for text in (row.reason, row.actual) if text and _PUT_OFF.search(text)]
    return frozenset(named.year for text in cells for named in _years_named(text))


def _postponed_to(form: Form, year: int) -> bool:
    years = _years(form)
    return years is not None and year > years[1] and year in _put_off_to(form)


class Suspect(NamedTuple):
    """A clause that may speak of another project: its telling words, the places it names, what makes it suspect.

    `counted` are the figures of what it counts, unless that is paper of the office (分析报告9篇).
    """

    clause: str
    telling: frozenset[str]
    places: tuple[str, ...]
    names_work: bool
    counted: tuple[str, ...]

    @property
    def head(self) -> str:
        """The first telling word: the thing the clause speaks of."""
        return min(self.telling, key=self.clause.find)


@lru_cache(CACHE)
def _suspects(text: str) -> tuple[Suspect, ...]:
    figures = [quantity.value.text for quantity in quantities_in(text) if quantity.value.kind in ("count", "rate")]
    found = []
    for clause in clauses(text):
        places = tuple(name for name in _PLACE.findall(clause) if not _NO_NAME.search(name))
        names_work = ("工程" in clause or "项目" in clause) and _NAMED_WORK.search(clause) is not None
        folded = fold(clause)
        if not places and _PAYMENT.search(clause):
            continue
        counted = tuple(figure for figure in figures if figure in folded)
        if counted and _NOT_COUNTED.search(clause):
            counted = ()
        least = LEAST_TELLING_OF_COUNT if counted else LEAST_TELLING
        if (places or names_work or counted) and len(telling := about(clause)) >= least:
            found.append(Suspect(clause, telling, places, names_work, counted))
    return tuple(found)


@lru_cache(CACHE)
def _named_again(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The telling words of a whole cell, and the clauses that hold one it names more than once."""
    telling = about(_OFFICE.sub(" ", text))
    if len(telling) < LEAST_TELLING_OF_CELL:
        return telling, ()
    repeated = [word for word in telling if text.count(word) > 1]
    return telling, tuple(clause for clause in clauses(text) if any(word in clause for word in repeated))


def _foreign(form: Form, path: str, text: str) -> str | None:
    """The clause that speaks of what the rest of the form does not know; None where there is none."""
    telling, again = _named_again(text) if path not in GOALS else (frozenset(), ())
    suspects = _suspects(text)
    if not again and not suspects:
        return None
    elsewhere = _everything(form).replace(text, " ", 1)
    if again and not any(word in elsewhere for word in telling):
        return again[0]
    for suspect in suspects:
        share = sum(word in elsewhere for word in suspect.telling) / len(suspect.telling)
        if share > ITS_OWN_SHARE:
            continue
        unknown_place = any(name not in elsewhere for name in suspect.places)
        long_enough = len(suspect.telling) >= LEAST_TELLING
        if (long_enough and (unknown_place or suspect.names_work)) or (
            suspect.counted
            and path in RESULTS
            and share <= UNKNOWN_SHARE
            and suspect.head not in elsewhere
            and not _gives(form, suspect.counted)
        ):
            return suspect.clause
    return None


def _gives(form: Form, figures: tuple[str, ...]) -> bool:
    """Whether a row's target or completion value is one of these figures: the result is the row's under another name."""
    cells = {fold(text) for row in form.rows for text in (row.target, row.actual) if text}
    return not cells.isdisjoint(figures)


@once
def _everything(form: Form) -> str:
    """All the form says, its amounts apart."""
    cells = [text for path, of in form.readings.items() if (text := of.text) and path[:5] != "funds"]
    return "\n".join(cells + [person.organization for person in form.evaluators if person.organization])


FIRES = [
    Case(
        "指标名称还是前几年的",
        {"indicators.timeliness.1.name": "2020年流动服务完成时间"},
        ("indicators.timeliness.1.name",),
    ),
    Case(
        "目标写的是上一年", {"goals.effect": "2021年安排流动服务48场次，缓解乡镇居民借书难的状况。"}, ("goals.effect",)
    ),
    Case(
        "目标写的是下一年",
        {"goals.output": "2023年配送图书6000册，流动图书服务48场次，阅读推广活动12场。"},
        ("goals.output",),
    ),
    Case(
        "结论写的是上一年",
        {"conclusion.summary": "2021年度项目自评总分100分，等级为优，借阅覆盖率52.6%，读者满意度94.3%，达到指标值。"},
        ("conclusion.summary",),
    ),
    Case(
        "年份后面只是标点",
        {"conclusion.summary": "自评总分100分，等级为优。2021年度配送任务按期完成，获得读者好评，借阅覆盖率52.6%。"},
        ("conclusion.summary",),
    ),
    Case(
        "夹带其他地方的工程",
        {"goals.actual": "实际检测水样1200份，受益农村人口8.3万人。同时完成栖桐县体育馆屋面改造工程竣工验收。"},
        ("goals.actual",),
        family="indicator",
    ),
    Case(
        "问题写的是其他项目",
        {
            "conclusion.problems": "存在问题：农村户厕改造参与度不高，部分户厕建成后闲置。整改措施：驻村工作队逐户核查闲置户厕，落实清掏管护人员。"
        },
        ("conclusion.problems",),
    ),
    Case(
        "结果里有表上没有的一件事",
        {"goals.actual": "实际检测水样1200份，受益农村人口8.3万人，老旧小区加装电梯12部。"},
        ("goals.actual",),
        family="indicator",
    ),
    Case(
        "经验写的是其他项目",
        {"conclusion.experience": "全程跟踪审计滨河路雨污分流改造工程，确保管网接驳质量。"},
        ("conclusion.experience",),
    ),
]
SILENT = [
    Case("指标名称里的年份用作比较", {"indicators.social.1.name": "借阅量较2021年增长率"}),
    Case("与上一年比较", {"conclusion.experience": "设立荐书登记簿，登记量较2021年增长两成。"}),
    Case("文件的年份", {"goals.effect": "落实松政发〔2019〕12号和《2020年公共文化服务方案》，借阅覆盖率达到50%以上。"}),
    Case("从那年开始的做法", {"conclusion.experience": "自2019年以来与文化站签订服务协议，按季度排定路线。"}),
    Case("下一年的整改安排", {"conclusion.problems": "存在问题：到场读者偏少。整改措施：2023年春季集中安排场次。"}),
    Case(
        "延期到的那一年，指标行已说明",
        {
            "goals.output": "全年提供流动图书服务48场次，配送图书6000册，阅读推广活动12场，其中2场于2023年3月26日组织实施。",
            "indicators.quantity.3.actual": "10场，2场延期",
            "indicators.quantity.3.reason": "因疫情影响，2场延期到2023年3月举行。已与文化站商定场地。",
        },
    ),
    Case(
        "与上年比较的幅度不是另一项结果",
        {"goals.actual": "检测水样1200份，受益农村人口8.3万人，取样达标比例比上年提高21.4个百分点。"},
        family="indicator",
    ),
    Case("上年结转资金", {"execution.note": "其中2021年结转资金已按规定统筹使用，执行率100%，10分。"}),
    Case("写全了本项目的名称", {"conclusion.experience": "乡镇流动图书服务项目实行月调度，松源市图书馆专人负责。"}),
    Case(
        "换了说法的结果，数与指标一致",
        {
            "goals.actual": "检测水样1200份，受益农村人口8.3万人，修剪苗木6500株。",
            "indicators.quantity.3.name": "养护绿化树",
            "indicators.quantity.3.target": "6500株",
            "indicators.quantity.3.actual": "6500株",
        },
        family="indicator",
    ),
    Case(
        "未支出的钱是什么款，任何项目都会写",
        {"goals.actual": "检测水样1200份，受益农村人口8.3万人，未支出的12万元为质保金和未到节点的工程进度款。"},
        family="indicator",
    ),
    Case("谁从中受益，任何项目都会写", {"goals.actual": "检测水样1200份，受惠养殖户260户。"}, family="indicator"),
    Case(
        "任何单位都会写的材料",
        {"goals.actual": "检测水样1200份，受益农村人口8.3万人，撰写调研报告6篇。"},
        family="indicator",
    ),
    Case("泛指的市县", {"conclusion.experience": "建立市县两级联动机制，全市统一配送，各县设专人对接。"}),
]
