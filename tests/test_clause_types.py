"""Plain words for what went wrong, what is done about it, and for a new date and nothing else."""

import pytest

from assistant.facts.reach import names_measure
from assistant.facts.texts import remarks
from assistant.text.clause_types import names_fault, tells

FAULTS = """
排查不细|缓解不明显|修复不彻底|清理不及时|救助不到位|服务质量不高|照顾困难老人不周|站点偏远|两户退出合作社|部分群众积极性较低|验收后才发现渗漏|无人员值守|没有一户愿意搬|少跑了两趟
投诉较多|事故多发|发病率高|投诉比上年多了6件|事故率下降缓慢|排放浓度降低不够|负担重|会议过多|工期过紧|场地有限|培训形式单一|清理的淤泥堆积路边|更换的设备故障频繁
鱼苗到货晚了20天|比计划迟了半个月|少办5场|入户核查漏了两户|还差12公里没铺|清运车辆跟不上|月底报账出纳忙不过来|年轻医生留不住
老人子女联系不上|旧泵带不动|部分沟渠没有清到位|台账记得不细|乡镇上报晚|村医年纪大|冬季管道冻坏3处|井盖被偷|系统经常掉线
早稻种子供不应求|春荒时饲草青黄不接|招标流标两次|家长不理解|群众嫌远|技术员一人管五个村|数据对不上|设备坏了没人修|需求估计过高
"""
NO_FAULTS = """
为群众排忧解难|攻坚克难|救助受灾群众500人|施工期间无人员伤亡|事故比上年少3起|举办过多次培训|群众办事更轻松|贫困户稳定退出|落实过紧日子要求|惠及偏远乡镇群众
为困难学生发放助学金|采用单一来源方式采购|反复征求群众意见|由松源市政建设有限公司承建|调动群众积极性|验收合格后才支付尾款|让群众少跑3趟|老人不出村就能看病
火灾起数下降12%|发病率低于全省平均水平|设备故障率为0|测量误差小于1厘米|没有一户返贫|工期不拖延|资金未超支|不受天气影响|清理塌方30处|盘活闲置校舍3间|疏通堵塞管道2公里
群众全部疏散|邻里互相帮忙|修旧如旧|藏品珍贵|扶贫助弱|惠及全县老少|每周三开放到晚|淘汰落后产能|缩短排队时间|排查故障灯具46盏|培训外出务工人员300人|转移安置受灾群众
紧张有序推进施工|开展过多轮演练|无人员受伤|足不出户即可办理|全年信访比上年少12件|降低企业负担
全年巡护1200公里|没有发生安全事故|全部搬进新居|早晚各巡查一次|不少于两次|做到不漏一户|维修用时短|确保不超期|养护经费比上年多了5万元|投诉少
"""
MEASURES = """
补苗300株|补水2次|重划片区|重配药剂|重组施工班子|新增公益岗5个|确定每村联络员|明确由副镇长牵头|提前备料|已有2家企业签约|重点村逐村包干|补贴改按季发放
补办剩余3场|补训未参加人员12人|重做防水层|重签供货合同|登记造册后逐户送达|补栽死苗300株|标准调整为每户2万元|改为线上授课
按乡镇包片下达月度批次，每月通报|将未改造户全部纳入台账|实行挂图作战，逐户销号|由分管局长约谈施工方|派技术员驻点指导|发函催办
向邻县调剂疫苗2000支|责令施工单位返修|换用抗旱品种|把体检车开到村里|对未参加人员单独组织考试|重新招标，12月签约|错峰安排清淤
与气象局共享预警信息|分两班轮流值守|招录4名公益岗|从备用库调拨草料30吨|与职校联合培养|取消不合格供应商资格|续聘原运维单位一年
"""
NO_MEASURES = """
公示期间有异议2件|回访对象多在外地|招标文件要求外地企业参加|合同约定次年付款|更换的设备为进口件|组织单位撤销|受灾户补偿标准为每亩800元|补贴对象为60岁以上老人
补贴人数为80人|重要活动均在线上|重型设备价格为3万元|线上报名登记的只有20人|补助标准为每户2万元|参加培训的有12人|登记在册的为86户|重点村共12个|采购的设备为进口产品
合同签订的时间为11月|购置价格为每台3万元|重大节日较多|补偿款由征收方计算|重症病床仅6张|招募的志愿者都是学生|规范要求提高|市场采购价上涨|提前入冬|雨季提前来临|提前封冻
重要设备均在山上|培训的对象都是农户|公示期为7天|维修费用为2万元|补缴人数仅30人|活动均在室外开展|收储价为每斤1元|重阳节当天降温|招标控制价为80万元|排查的隐患有12处
争取2025年5月完工|力争明年完成|拟于2025年3月验收|待手续齐全后实施|定于2025年4月重新举办|剩余部分明年完成|尽早实施|年后补种|天气转暖后再施工
户主外出打工，无法入户|供应商采购周期长|农户自行购买|按上级通知取消|机构改革，职能划转|由30人减为18人|财政资金未到位|学校放假，培训顺延
"""


def _each(texts: str) -> list[str]:
    return texts.replace("\n", "|").strip("|").split("|")


@pytest.mark.parametrize("clause", _each(FAULTS))
def test_a_clause_says_what_is_wanting_in_plain_words(clause: str):
    assert names_fault(clause)


@pytest.mark.parametrize("clause", _each(NO_FAULTS))
def test_a_clause_without_anything_wanting_names_no_fault(clause: str):
    assert not names_fault(clause)


@pytest.mark.parametrize("measure", _each(MEASURES))
def test_a_deed_after_the_cause_is_a_measure(measure: str):
    assert names_measure(f"因连日降雨，工地停工。{measure}")


@pytest.mark.parametrize("rest", _each(NO_MEASURES))
def test_a_new_date_or_another_cause_is_no_measure(rest: str):
    assert not names_measure(f"因连日降雨，工地停工。{rest}")


def test_a_fault_at_the_end_of_a_clause_is_what_it_says_and_one_it_acts_on_is_not():
    assert tells("设备更新跟不上", "fault")
    assert names_fault("更换老化管道")
    assert not tells("更换老化管道", "fault")


def test_a_date_with_something_done_is_more_than_a_date():
    assert tells("待征地手续办好后再开工", "date")
    assert not tells("2025年3月前与村民签好协议", "date")


@pytest.mark.parametrize(
    "text",
    [
        "护林员一人管两千亩，巡不过来。与相邻两村合并巡护班",
        "疫苗冷链箱用了十年，温控不准。从备用金中换了6台",
        "招生没招满，少了14人。与三所初中挂钩，提前到班里讲政策",
        "老人嫌远不来。每周三开接送车",
    ],
)
def test_a_problem_told_plainly_and_what_was_done_about_it_are_both_found(text: str):
    said = remarks(text)
    assert said.problems
    assert said.measures


@pytest.mark.parametrize(
    ("clause", "kinds"),
    [
        ("泵站设备老化", {"fault"}), ("更换老化管道", set()), ("由镇政府逐户复核", {"deed", "order"}), ("补栽死苗300株", {"deed"}),
        ("请财政部门增加专项投入", {"deed", "order", "plea"}), ("工作经费不足", {"fault", "shortage"}), ("下一步完善台账", {"deed", "plan", "slogan"}), ("群众反映良好", {"praise"}),
        ("补贴人数为80人", {"state"}), ("进一步提高服务", {"slogan", "praise"}), ("争取2025年5月完工", {"date"}), ("共开放图书馆3处", set()),
    ],
)  # fmt: skip
def test_a_clause_tells_of_these_and_no_other(clause, kinds):
    asked = ("fault", "deed", "order", "plea", "shortage", "plan", "praise", "state", "slogan", "date")
    assert {kind for kind in asked if tells(clause, kind)} == kinds
