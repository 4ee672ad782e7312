"""Grounding: what is borne out passes, and every way of saying more than that is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.draft.figures import said
from assistant.draft.grounding import Saying, ground, ground_reason, quotes
from assistant.form.finding import Finding
from assistant.form.masking import Mask
from assistant.policies.library import clause
from assistant.retrieve.retriever import Retrieved
from assistant.rules.clean import clean

LAW, RATE = clause("budget-law-2018#art-57"), clause("mof-2020-10#annex-execrate")
OFFERED = [Retrieved(LAW, 0.5, "规则所依据的条款"), Retrieved(RATE, 0.4, "规则所依据的条款")]
SCORE = Finding(
    "S03",
    "error",
    "scores.execution",
    "执行率=8÷12=66.7%，按执行率×10分计算应得6.67分，自评10分，多计3.33分。",
    {"stated": Decimal(10), "expected": Decimal("6.6666666666666667"), "rate": Decimal("0.6666666666666667")},
    ("funds.total.executed",),
)
GOOD = "执行率为66.7%，应得6.67分，自评10分，多计3.33分。请更正该项得分和总分。"


def _reasons(
    comment=GOOD, *, rewrite=None, policy=(LAW.id,), field="scores.execution", finding=SCORE, offered=None, **other
):
    form = clean("section")
    saying = Saying(field, comment, rewrite, tuple(policy), **other)
    findings = [finding] if finding else []
    return ground(form, saying, findings, OFFERED if offered is None else offered, Mask(form))


@pytest.mark.parametrize(
    "comment",
    [
        GOOD,
        "全年为“12个乡镇”提供服务“48场次”，请核实。",
        "完成值填写“97.5％”，请注明来源。",
        "“图书 完好率”请写明口径。",
        "“预算执行率100％,10分”与应得分不符。",
        "请在“主要经验做法”栏补充具体做法。",
        "自评结论称“项目自评总分100分，等级为优”，请核实。",
        "请说明六千册图书的配送情况。",
        "一是核实得分；二是说明一项原因，十分必要。",
        "1. 请核实得分。\n2. 请补充原因。",
        "请核实：1、得分；2、原因；3、总分。①得分 ②原因",
        "预算12万元，请核实。",
        "预算120000元，请核实。",
        "数量指标2的完成值请核实。",
        "请乡镇和财政局、有关行政村核实。",
        "国家表样给预算执行率留10分，请核对。",
        "《中华人民共和国预算法》第五十七条要求支出按预算执行，请核实。",
        "2022年12月20日完成，请附证明。",
        "2022.12.20 完成，请附证明。",
        "应得7分左右，请核实。",
        "执行率67%，请核实。",
    ],
    ids=[
        "数字来自问题说明", "照引表中文字", "全角半角相同", "空格不计", "标点不计", "栏目名称可以引", "长句照引", "中文数字", "一和十不算数",
        "序号不算数", "行内序号不算数", "单位在表头的金额", "换算成元", "指标的编号", "泛指的单位", "数字来自所引条款", "条文名称", "日期照写", "日期换写法", "证据四舍五入到整数", "比率四舍五入",
    ],
)  # fmt: skip
def test_what_form_finding_and_clause_bear_out_passes(comment):
    assert _reasons(comment, policy=(LAW.id, RATE.id)) == []


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("执行率为68.7%，请核实。", "68.7%"),
        ("应得8.5分，请核实。", "8.5"),
        ("共有三十五人参加，请核实。", "35人"),
        ("九个项目未完成，请核实。", "：9"),
        ("执行率12%，请核实。", "12%"),
        ("2022年11月完成，请核实。", "2022年11月"),
        ("2022年12月21日完成，请核实。", "2022年12月21日"),
        ("11月底前完成，请核实。", "11月"),
        ("配送12个亿，请核实。", "12个亿"),
        ("预算12元，请核实。", "12元"),
        ("执行八点五万元，请核实。", "8.5"),
        ("超过一半的任务未完成，请核实。", "一半"),
        ("七成任务完成，请核实。", "7成"),
        ("48人参加，请核实。", "48人"),
        ("得分：97、10，请核实。", "97"),
        ("本表填报规范，建议给予满分。", "评分或下结论"),
        ("审核通过，请继续保持。", "评分或下结论"),
        ("该单位弄虚作假，请核实。", "指责"),
        ("请石桥镇补充说明。", "桥镇"),
        ("请鸿达公司补充说明。", "达公司"),
        ("执行率为66.7%，自评10分。", "做什么"),
        ("配送图书60,000册，请核实。", "60,000册"),
        ("自评结论称“全部任务圆满完成”，请核实。", "引文不在"),
        ("目标写明「提供49场次」，请核实。", "引文不在"),
        ('原文为"覆盖率达到90%以上"，请核实。', "引文不在"),
        ("完成值“97.5%请核实。", "引号不成对"),
        ("《政府投资条例》有明确要求，请核实。", "《政府投资条例》"),
        ("按第五十八条的要求，请核实。", "第五十八条"),
        ("按晋财绩〔2022〕10号文件，请核实。", "晋财绩〔2022〕10号"),
        ("应将元改为万元，PERSON_3 已确认。", "PERSON_3"),
        ("", "意见是空的"),
        ("Please check the execution score and the total again.", "不是中文"),
        ("请核实。" * 200, "超过"),
    ],
    ids=[
        "比率改了", "分数编造", "中文数字编造", "个数编造", "数字对而单位错", "月份改了", "日子改了", "没有这个月", "量级改了", "万元成了元", "中文金额编造", "编造比例",
        "成数编造", "数对而量词错", "冒充序号", "替人打分", "宣布通过", "扣帽子", "别处的地名", "别处的单位", "没有要求", "多一个零", "编造引文", "引文改了一字", "直引号引文",
        "引号不成对", "编造文件", "别的条文", "编造文号", "无主代号", "空意见", "外文", "太长",
    ],
)  # fmt: skip
def test_what_is_not_borne_out_is_named(comment, reason):
    reasons = _reasons(comment)
    assert any(reason in one for one in reasons), reasons


def test_a_rewrite_is_held_to_the_same_and_leaves_slots_for_what_is_missing():
    assert _reasons(rewrite="执行率66.7%，得6.67分。原因：【请补充：未支出的原因】。") == []
    assert any("54" in one for one in _reasons(rewrite="培训到课54人。"))


def test_a_clause_must_be_one_of_those_offered_but_none_need_be_named():
    assert any("mof-2021-101#2-cost" in one for one in _reasons(policy=("mof-2021-101#2-cost",)))
    assert _reasons(policy=()) == [] == _reasons(policy=(), offered=[])


def test_a_clause_that_was_offered_but_is_not_named_lends_nothing():
    own = "国家表样给预算执行率留10分，执行率为全年执行数与全年预算数之比，请核对99项。"
    assert _reasons(own.replace("99项", ""), policy=(RATE.id,)) == []
    official = replace(LAW, digest="各级政府应当在99日内拨付。", official=True, confidence="verified")
    offered = [Retrieved(official, 0.5, ""), Retrieved(RATE, 0.4, "")]
    assert _reasons("拨付应在99日内，请核实。", policy=(official.id,), offered=offered) == []
    assert any("99日" in one for one in _reasons("拨付应在99日内，请核实。", policy=(RATE.id,), offered=offered))


OURS = "支出必须按预算执行、不得虚假列支"


@pytest.mark.parametrize("marks", ["“{}”", "「{}」", "『{}』", '"{}"'])
def test_a_digest_is_never_quoted_as_the_documents_own_words(marks):
    comment = f"预算法要求{marks.format(OURS)}，请核实。"
    assert any("不是文件原文，不能加引号" in one for one in _reasons(comment))
    assert any("不能加引号" in one for one in _reasons(rewrite=f"按{marks.format(OURS)}执行。"))


@pytest.mark.parametrize("said", ["规定：", "明确：", "指出:", "原文为：", "的原文：", "明确规定："])
def test_a_digest_behind_a_colon_does_not_pass_for_the_text_of_an_article(said):
    reasons = _reasons(f"《中华人民共和国预算法》第五十七条{said}{OURS}。请核实。")
    assert any("冒号后照录的是本库归纳的要点" in one for one in reasons), reasons


def test_a_text_that_no_article_has_is_caught_behind_a_colon():
    reasons = _reasons("《中华人民共和国预算法》第五十七条规定：单位应当逐月公开支出明细。请核实。")
    assert any("不是所引条款的原文" in one for one in reasons)


def test_the_official_text_itself_may_be_quoted_and_our_digest_told_in_plain_words():
    official = replace(
        LAW, digest="各部门、各单位应当对预算支出情况开展绩效评价。", official=True, confidence="verified"
    )
    offered = [Retrieved(official, 0.5, "")]
    for comment in (
        "预算法第五十七条规定：“各单位应当对预算支出情况开展绩效评价”，请补充。",
        "《中华人民共和国预算法》第五十七条规定：各部门、各单位应当对预算支出情况开展绩效评价。请补充。",
    ):
        assert _reasons(comment, policy=(official.id,), offered=offered) == []
    assert _reasons(f"预算法要求{OURS}，请核实。") == []
    assert _reasons("按《中华人民共和国预算法》第五十七条规定：请补充支出原因。") == []


def test_our_advice_on_a_clause_is_never_quoted_as_the_documents():
    columns = clause("yangquan-form-2022#funds-columns")
    offered = [Retrieved(columns, 0.5, "")]
    assert columns.advice and "差一万倍" in columns.advice
    reasons = _reasons("表样说明“把元填进万元栏会差一万倍”。", policy=(columns.id,), offered=offered)
    assert any("不能加引号" in one or "引文不在" in one for one in reasons)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("政府采购法要求验收，请核实。", "提到的文件不在"),
        ("预算法实施条例对此有要求，请核实。", "提到的文件不在"),
        ("《项目支出绩效评价管理办法》第五十七条有要求，请核实。", "条号与文件对不上"),
        ("请张伟同志核实后更正。", "没有的人：张伟"),
        ("请李建国说明原因。", "没有的人：李建国"),
        ("請核實該項得分並更正總分。", "繁体字"),
        ("<b>请核实</b>该项得分。", "标记或网址"),
        ("**请核实**该项得分。", "标记或网址"),
        ("| 请核实 | 得分 |", "标记或网址"),
        ("请核实该项得分，见[说明](#a)。", "标记或网址"),
        ("请核实得分，详见网址 www.example.com 的说明文字。", "标记或网址"),
        ("请\u200b核实\u202e该项得分。", "看不见的字符"),
        ("作为AI语言模型，我建议核实得分。", "模型说自己"),
        ("根据系统提示词的要求，请核实得分。", "模型说自己"),
        ("本表经审核合格，请归档。", "下结论"),
        ("建议评为优秀等次。请核实。", "下结论"),
        ("建议总分给100分。", "下结论"),
        ("一切正常，请保持。", "下结论"),
        ("请核实，否则将追究责任。", "追责"),
        ("建议核减下年度预算。", "追责"),
        ("因疫情影响未完成，请核实。", "没有的事情：疫情"),
        ("请于下月底前整改。", "没有出处的时限"),
        ("数百场服务未开展，请核实。", "数百"),
        ("上百人参加，请核实。", "上百"),
        ("比上年增长一倍，请核实。", "一倍"),
        ("剩余三分之一资金未支出，请核实。", "三分之一"),
        ("参加人数为叁拾伍人，请核实。", "35人"),
        ("预算执行三千万元，请核实。", "30000000元"),
        ("预算为１３万元，请核实。", "13万元"),
        ("该项目在海南实施，请核实。", "海南"),
        ("该项目在临江市实施，请核实。", "临江市"),
    ],
)  # fmt: skip
def test_more_ways_of_saying_what_nothing_bears_out_are_named(comment, reason):
    reasons = _reasons(comment, policy=(LAW.id, RATE.id))
    assert any(reason in one for one in reasons), reasons


@pytest.mark.parametrize(
    ("rewrite", "reason"),
    [
        ("因供应商延期，未按时到货。", "没有的原因"),
        ("由于人员调整，任务推迟。", "没有的原因"),
        ("受市场价格影响，支出减少。", "没有的原因"),
        ("群众满意度显著提高。", "没有的成绩"),
        ("活动得到读者一致好评。", "没有的成绩"),
        ("项目获得上级表彰。", "没有的成绩"),
        ("全部完成各项任务。", "没有的成绩"),
    ],
)
def test_a_rewrite_tells_of_no_cause_and_no_achievement_that_the_form_does_not_tell_of(rewrite, reason):
    assert any(reason in one for one in _reasons(rewrite=rewrite))


def test_a_cause_the_form_gives_and_a_slot_for_one_it_does_not_may_stand_in_a_rewrite():
    assert _reasons(rewrite="因个别偏远站点冬季道路结冰，得6.67分。") == []
    assert _reasons(rewrite="因【请补充：未完成的原因】，得6.67分。") == []


def test_a_comment_that_speaks_of_another_row_does_not_stand_in_this_one():
    finding = Finding("I09", "warning", "indicators.quality.1.actual", "完成值照抄指标值。")
    wrong = _reasons("“配送图书数量”的完成值请核实。", finding=finding, field=finding.field)
    assert any("另一行指标" in one for one in wrong)
    assert _reasons("“图书完好率”的完成值请核实。", finding=finding, field=finding.field) == []
    assert _reasons("“图书完好率”与“配送图书数量”请一并核实。", finding=finding, field=finding.field) == []


def test_a_token_that_was_never_given_out_is_named_also_where_nothing_is_masked():
    form = clean("section")
    saying = Saying("scores.execution", "请由 PERSON_3 核实该项得分。", None, (LAW.id,))
    for on in (True, False):
        assert any("PERSON_3" in one for one in ground(form, saying, [SCORE], OFFERED, Mask(form, on=on)))


def test_words_the_form_uses_itself_are_not_held_against_a_comment():
    form = clean("section")
    form.put("goals.effect", "受疫情影响，海南分馆停办，大模型检索未上线。")
    saying = Saying("scores.execution", "疫情对海南分馆和大模型检索的影响请说明。", None, (LAW.id,))
    assert ground(form, saying, [SCORE], OFFERED, Mask(form)) == []


def test_a_comment_on_a_finding_stands_in_its_field_or_one_related():
    assert _reasons(field="funds.total.executed") == []
    assert any("不一致" in one for one in _reasons(field="scores.output"))


def test_a_remark_without_a_finding_needs_a_filled_cell():
    remark = "“图书完好率”请写明口径。"
    assert _reasons(remark, finding=None, field="indicators.quality.1.name") == []
    assert any("没有栏目" in one for one in _reasons(remark, finding=None, field="indicators.quality.9.name"))
    assert any("是空的" in one for one in _reasons(remark, finding=None, field="indicators.quality.1.reason"))


def _figures(text):
    return {(str(figure.value.normalize()), figure.unit) for figure in said(text).figures}


def test_figures_are_compared_as_numbers_with_what_they_count():
    assert _figures("1,290元") == _figures("1290 元") == _figures("１２９０.０元") == {("1.29E+3", "元")}
    assert _figures("百分之九十五") == _figures("95％") == {("95", "%")}
    assert _figures("一百二十人") == {("1.2E+2", "人")} and _figures("120名") == {("1.2E+2", "名")}
    assert _figures("86.4万元") == _figures("八十六点四万元") == _figures("864000元")
    assert _figures("第三十条，一项，十分") == {("3E+1", "条")} or _figures("一项，十分") == set()


def test_dates_are_read_in_every_spelling_and_a_span_shares_its_year():
    assert said("2022年1月—12月").dates == said("2022.1-2022.12").dates == {(2022, 1, None), (2022, 12, None)}
    assert said("2022年12月20日").dates == said("2022-12-20").dates == said("20221220").dates == {(2022, 12, 20)}
    assert said("2022.5万元").dates == frozenset()


def test_a_quote_must_stand_in_the_very_field():
    assert _reasons(quote="10") == []
    assert any("引文不在栏目 scores.execution" in one for one in _reasons(quote="项目自评总分"))
    assert any("没有照引" in one for one in _reasons(quote=""))


def test_a_proof_must_stand_in_its_own_field():
    total = clean("section").get("conclusion.summary")[:10]
    assert _reasons(quote="10", proof=(("conclusion.summary", total),)) == []
    assert any("作为证明" in one for one in _reasons(quote="10", proof=(("conclusion.problems", total),)))
    assert any("作为证明" in one for one in _reasons(quote="10", proof=(("conclusion.nothing", total),)))


def test_a_remark_of_the_models_own_leaves_computed_cells_alone():
    reasons = _reasons("总分请核对。", finding=None, field="scores.total", quote="100", policy=())
    assert any("只由计算核对" in one for one in reasons)


def test_a_rewrite_that_changes_nothing_is_none():
    assert any("与原文相同" in one for one in _reasons(rewrite="10"))


def test_a_reason_to_withdraw_rests_on_words_of_the_form():
    form = clean("section")
    words = form.get("conclusion.problems")[:12]
    assert ground_reason(form, "存在问题栏已经写明原因。", words) == []
    assert ground_reason(form, "存在问题栏已经写明原因。", "表里没有这句话")
    assert ground_reason(form, "存在问题栏写明已完成77次。", words)
    assert ground_reason(form, "", words)
    assert ground_reason(form, "It is explained elsewhere.", words)


def test_quotes_are_found_in_every_kind_of_quotation_mark():
    assert quotes('“甲乙”「丙丁」『戊己』"庚辛"‘壬癸’“。”') == ["甲乙", "丙丁", "戊己", "庚辛", "壬癸"]
