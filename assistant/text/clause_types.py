"""What clauses of officials say without a set phrase: that something went wrong, or what is done about it.

Rules on problems, measures and reasons share it. Judged is how a clause is built: the verb that did not
get there (跟不上, 没清到位), what falls behind and by how much (晚了20天), the adjective it ends in (到货晚);
who is set to do what (由…复核, 将…调到). Of the words of trades only those stand here that any project in the
open or with people may need (塌方, 死苗, 清淤, 录播); what a project is about is never judged by them. Functions are
cached by text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from assistant.text import CACHE, bare, numerals

# --- faults ----------------------------------------------------------------------------------

_NUMBER = rf"[\d{numerals.ORDER}两几半]"
_SET_WORDS = (
    r"不足|不够|不高|不强|不大|不多|不深|不细|不实|不严|不快|不力|不佳|不准|不齐|不全|不均|不平衡|不充分|不到位|不完善|不健全|不完整|不完备|不及时|不彻底|不周(?!岁|年)"
    r"|不规范|不明显|不明确|不合理|不科学|不精准|不精细|不匹配|不一致|不统一|不理想|不稳定|不顺畅|不畅|不便|不清|不熟|不符|不紧密|不广|不满意|不积极|不主动"
    r"|不(?:会(?!议|计)|愿|肯|理解|配合|认可|接受|支持|懂|知道|知晓|在家|通畅|稳|牢|匀|适应|适合|适宜|达标|合格|过关|规律|连续|对称|对口|相适应|相称|协调|灵|具体|透明|直观|方便|一样|过硬|合身|成熟|重视|爱|好$|好(?:找|办|管|用|开展|组织))"
    r"|缺乏|缺少|缺失|欠缺|欠佳|欠账|缺口|短缺|紧缺|紧张(?!有序|施工|忙碌)|匮乏|滞后|落后|偏低|偏少|偏慢|偏高|偏小|偏弱|偏紧|偏长|偏短|偏大|偏差|较低|较慢|较少|较弱|较差|较晚|较短"
    r"|薄弱|有待|仍需|尚需|还需|仍须|亟待|亟需|急需|尚有|还有.{0,8}(?:差距|空间)|提升空间|差距|短板|弱项|困难(?!群[众体]|[学师]生|家庭|职工|户|人[员群]|老人|残疾|党员|儿童|妇女|企业|地区|村|对象)|难度|难以|难题|瓶颈|制约|受限|局限|受阻"
    r"|尚未|没有|无法|不能|延期|延迟|延误|延后|推迟|推后|拖延|缓慢"
    r"|存在.{0,14}(?:问题|风险|隐患|现象|漏洞)|单一(?!来源|窗口|[^，。；]{0,2}采购)|参差不齐|老化|陈旧|流失|浪费|空缺|脱节|流于形式|超支|超期|逾期|停[工课产用摆办诊演馆业航运]|减员|扣分|失分|扣减"
    r"|(?!偏远[\u4e00-\u9fff]|过紧日子|过重[大要阳])[较过偏太](?:远|长|重|紧|窄|旧|老|杂|复杂|繁|繁琐|分散|单薄|粗|浅|差|弱|笼统|简单|滞后|松散)|任务重|压力大|压力较大|人手少|人员少|淡薄|不一|误差|故障"
    r"|损坏|破损|返工|渗漏|超出|冲突|反复(?!征求|论证|讨论|核[对实查]|研究|比[选较]|推敲|打磨|沟通|协商|宣[传讲]|练习|演练|修改|校[对核]|测[试算])|漏报|漏填|错报|遗漏|疏漏|把握不|掌握不|重视不|了解不|认识不|把关不|衔接不|配合不|落实不|做得不|频繁|混乱|老旧|破旧|有限(?!公司|责任|合伙)|矛盾.{0,3}突出|工学矛盾|参与度低|知晓率低|(?:影响|挫伤|打击|伤)[^，。；]{0,8}积极性|积极性[^，。；]{0,4}[不低差弱]|还不|仍不|尚不|不太"
    r"|(?:周期|流程|时间|工期|距离|路程|路途|间隔|战线)(?:较|过|偏)?[长远]|(?:成本|造价|费用|风险|流动性|压力|损耗|门槛|强度|年龄|年纪|半径|坡度|落差|缺口)(?:较|过|偏)*[高大]"
    r"|(?:样本量?|数量|面积|力度|规模|范围|面|密度|人手|力量|产量|收益|效率|频率|频次|进度|速度|额度|标准|比例|占比|知晓率|参与率|到课率|利用率|使用率|主动性|热情|意愿)(?:较|过|偏|还|仍|相对)*[小少低慢弱窄]"
    r"|[仅只](?:有|完成|达|能|为|占|实现|开展|执行|支出|到|剩|够|来了?|办了?|覆盖|做)|(?<!不)(?:低于|少于|晚于|慢于|差于|落后于|滞后于)|下降|影响.{0,6}(?:进度|完成|开展|效果|质量)|受.{1,16}影响"
    # idioms of too little, too many, out of step
    r"|供不应求|供过于求|入不敷出|捉襟见肘|力不从心|杯水车薪|青黄不接|顾此失彼|各自为政|身兼|一人[管兼包]|断[层档货供]|缺[页货岗]|脱销|靠手[抄工]|[月年天日底末后]才(?!支付|付|拨|发放|能|可以?|予|上岗|进[入场]|投[入用]|使用)|排长队|意见不[一合统]|有意见|怨言|工期压缩|来不及|重[\u4e00-\u9fff]{1,3}轻[\u4e00-\u9fff]{1,2}|走样|走过场|扯皮|推诿|垫底|落在后面|靠后"
    # what broke, got lost or came to nothing
    r"|[冻烧损冲毁压旱涝淹撞泡](?:坏|毁|断|垮|死)|坏(?:了|死|掉)|枯死|死苗|开裂|裂缝|漏[水气油雨]|塌[方陷]|垮塌|断(?:裂|电|水|网|流|供)|淤[积塞堵]|堵塞|丢失|损毁|被[偷盗占毁冲拆撞压挖砍淹]|掉线|卡顿|死机|积水|脱落|锈蚀|生锈|褪色|闲置|空置|空着|闲着|搁置|荒废"
    r"|退[回货单]|流标|废标|弃标|违约(?!金|责任)|受[潮损灾淹冻涝旱]|(?:费用?|成本|价格?)[^，。；]{0,4}(?:上[升涨]|走高)|重报|作废|涨价|减产|歉收|绝收|反弹|堆积|积压|排队|扎堆|赶工|拖(?:到|至|沓|了)|落空|白跑|返贫|超[支期时标员载编龄]|[空缺]编|缺岗|缺[人员课页项][^，。；]{0,2}$"
    r"|离职|辞职|调走|调离|(?<!稳定)(?<!有序)(?<!脱贫)(?<!如期)(?<!全部)(?<!自愿)退出(?!贫困)|中途|嫌|担心|(?<!培训)(?<!组织)(?<!帮助)(?<!输送)(?<!有序)外出务工(?!.{0,4}(?:培训|岗位))|模糊|(?:改|变更|调整)了[两三四五六七八九几]|估计[过偏]?[高低多少]|报[少多错漏]了?|不服"
)
# 跟不上, 顾不过来, 招不到: what was tried and did not get there. 绝不…, 确保不… promise; 不上报, 不开工 do nothing.
_NOT_REACHED = (
    r"(?<=[\u4e00-\u9fff])(?<![以证保做确并绝决从毫概均都也又仍还而则就且若如可会须应要后前差])不"
    r"(?:上(?![报交缴涨门级])|下(?![发达降乡去的])|了(?![解然])|起(?![诉到来])|动(?![用摇工])|住(?![院校宿])|到(?!位|[\d一-十])|开(?![展工放设支具发机])|进(?![行入度])|出(?![现台险境村户县校镇院组乡厅市]|[\u4e00-\u9fff]?事)|过来|过(?=$|去)|来(?=$)|及(?=$)|拢|通(?=$|畅)|清|完(?![成善])|成(?=$|了)|够|着(?=$)|见(?=$))"
)
_NOT_DONE = (
    r"未(?!发生|发现|出现|超|造成|产生|突破|逾|见|来|成年|婚|引发|收到|接到|拖|截留|挪|违|泄|受|知|雨绸)[\u4e00-\u9fff]"
    r"|(?<![沉埋淹湮出吞])没(?!收|有|落(?!到|实))[\u4e00-\u9fff]|无(?:人(?!机|员[伤死受失返违]|伤|身|死|受伤|投诉|掉队|返贫|超)|处|力|望|暇)[\u4e00-\u9fff]"
)
# 晚了20天, 少12户, 还差8个点; 不少于, 减少, 至少 are something else.
_BY_HOW_MUCH = (
    rf"(?<![不减至多缺缩最早提])(?!(?<=[众民业户])少跑)(?:晚|迟|慢|少|漏|差|欠|短|拖|缺|误|丢|延)[办做开发建种栽修配送检测交报到付装用跑来去招收验批写填查登录放演播讲训运]?[了下]?(?:约|近)?{_NUMBER}|多了{_NUMBER}+[^，。]{{0,2}}[天日月]|压了{_NUMBER}"
    r"|比(?:计划|原定|原计划|目标|预期|预定|合同|规定|要求)[^，。；]{0,6}[晚迟慢少低差]|误了|耽[误搁]"
)
_HOW_IT_WENT = (
    r"得(?:太|较|偏|不|比较|有些|还)[\u4e00-\u9fff]|[^认获取值晓舍懒觉记显使变懂]得[晚迟慢少粗乱差低松急紧](?:$|，)"
)
# The adjective a clause ends in tells what is wrong; 减少, 至少, 早晚 are no such adjectives.
_ENDS_IN = r"(?<=[\u4e00-\u9fff])(?<![减不多至缺当昨今早缩放夜傍大最更每到老])(?:晚|迟|慢|差|乱|少|(?<![换修如拆收利])旧|(?<![解克排破攻纾救避遇])难|(?<![疏解消扩])散|(?<![扶助])弱|(?<![珍尊宝名])贵|(?<!帮)忙|(?<![轻放宽蓬])松|窄|浅|(?<![降减压])低|[太偏]\S|[路道]远|[路程]长|雨天?多|事多)了?些?$"
_TOO = r"(?<![超通经不越难])过(?:高|低|大|小|多|少|长|短|快|慢|早|晚|迟|细|粗|窄|密|疏|紧|松|重|轻|急|旧|老|杂|繁)(?![程期年]|日子|阳节|[次场期项轮届种个批回遍])|偏(?:[高低大小多少长短快慢早晚迟弱旧老重轻紧松窄差](?!远|山)|远(?![\u4e00-\u9fff]))"

_MUCH = (
    r"(?:投诉|事故|差错|纠纷|损耗|污染|发病率?|死亡率?|违[法章]|案件|火灾|失业率?|辍学率?|漏损率?|返工率?|缺勤率?|信访量?)"
    r"(?:量|数|起数|件数|人数)?[还仍也]?(?:[较偏]多|多[发了]|频发|频繁|上升|增[多加]|[较偏]?高$|多$|比[^，。；]{2,4}多)|负担[较偏]?重"
)
_FAULT = re.compile("|".join((_SET_WORDS, _NOT_REACHED, _NOT_DONE, _BY_HOW_MUCH, _HOW_IT_WENT, _ENDS_IN, _TOO, _MUCH)))
_NOT_HAPPENED = (
    r"(?:未|没有?|无|零|杜绝|不再)(?:再|新)?(?:发生|发现|出现|产生|造成|引发|收到|接到)?(?:任何|一[起例件宗次]|过)?"
)
# A fault that is being removed, or did not come about, is none: 弥补短板, 克服困难, 没有发生渗漏, 确保不超期.
_REMOVING = re.compile(
    r"补齐|弥补|补足|填补|解决|克服|破解|破除|防止|避免|杜绝|消除|化解|降低|减少|攻克|查找|查摆|进一步查|改变|扭转|确保|保证|做到|力求|严防|谨防|以免|免得|预防|责令|责成|限期|督促"
)
_REMOVED = re.compile(
    rf"(?:{_REMOVING.pattern})[^，。；]{{0,12}}$"
    rf"|{_NOT_HAPPENED}[^，。；]{{0,4}}$|[不未]$"
)
# What is helped, cleared or made use of is told by what ails it: 救助受灾群众, 清理塌方12处, 盘活闲置校舍.
_ACTED_ON = re.compile(
    r"(?:救[助济援]|帮[扶助]|安置|慰问|转移|惠及|覆盖|资助|关爱|服务|照顾|扶持|清[理除运掏]|疏[通浚]|修[复补缮]|抢[修救通]|排[除查]|盘活|利用|整治|治理|处[置理]|封堵|灌注|回收|排查|缓解|缩短|淘汰)(?:了|全部|所有|各类|\d+[\u4e00-\u9fff])?$"
)
_AILING = re.compile(
    r"受[潮损灾淹冻涝旱]|积水|淤[积塞堵]|破损|损[坏毁]|塌[方陷]|垮塌|裂缝|开裂|闲置|空置|渗漏|堵塞|脱落|锈蚀|积压|堆积|故障|流失|荒废|陈旧|老旧|偏远|外出务工|漏[水气油雨]|排队|落后"
)
_NOTHING_HAPPENED = re.compile(
    r"没有?(?:再|新)?(?:发生|出现|产生|造成|引发|收到|接到|一[起例件宗次]|一[户处](?:返贫|受[灾损]|伤亡|上访|掉队|落下|停)|一[个名]?人(?:掉队|返贫|伤亡|受伤|死亡|失学|辍学|落下))"
)
# 投诉少, 能耗低: little of what is bad is good.
_BAD_THING = r"(?:投诉|事故|损耗|成本|费用|能耗|纠纷|差错|故障|污染|损失|误差|病虫害|缺勤|花费|用时|耗时|发病|死亡|伤亡|违法|违章|案件|警情|火灾|火情|失业|辍学|排放|浓度|负担|门槛|信访|上访|漏损|破损|返工|流失)"
_LITTLE_OF_A_BAD_THING = re.compile(
    rf"{_BAD_THING}[^，。；]{{0,10}}(?:[少低小短]|减少|下降|降低|[低少小]于.{{1,12}}|为(?:0|零))了?(?:[\d.]+[\u4e00-\u9fff%]{{0,5}})?$"
)


WORDS_BEFORE = 30
"""Characters before a fault in which the verb stands that removes it."""


@lru_cache(CACHE)
def faults(clause: str) -> tuple[tuple[int, int], ...]:
    """Where a clause names something wanting that is not being put right: start and end of each naming."""
    if _LITTLE_OF_A_BAD_THING.search(clause):
        return ()
    return tuple(
        (match.start(), match.end())
        for match in _FAULT.finditer(clause)
        if not _is_removed(clause, match)
        and not _NOTHING_HAPPENED.match(clause, match.start())
        and not (
            _AILING.fullmatch(match[0]) and match.end() < len(clause) and _ACTED_ON.search(clause[: match.start()])
        )
    )


def _is_removed(clause: str, fault: re.Match[str]) -> bool:
    """Whether the words before a fault take it away: 解决排水不畅; not where they are what goes badly: 解决不及时."""
    removed = _REMOVED.search(clause[max(0, fault.start() - WORDS_BEFORE) : fault.start()])
    said_of_it = fault[0].startswith("不") and fault.end() == len(clause)
    return removed is not None and not (said_of_it and _REMOVING.fullmatch(removed[0]) is not None)


def names_fault(clause: str) -> bool:
    """Whether a clause names something wanting, not something that is being put right."""
    return bool(faults(clause))


@lru_cache(CACHE)
def _says_fault(clause: str) -> bool:
    """Whether a fault is what a clause says in the end (设备更新跟不上), not a thing it acts on (更换老化管道)."""
    return any(end >= len(clause) - 1 for _, end in faults(clause))


# --- measures --------------------------------------------------------------------------------

_TIME = (
    r"(?:(?:20\d\d|[明次来后本今当下]|下一)年度?(?:的)?)?(?:\d{1,2}月(?:\d{1,2}[日号])?|[一二三四1-4]季度|[上下]半年|[春夏秋冬][季天]?|汛期|春节|暑期|寒假|暑假|开学|下学期|节|年|月|周|季)?"
    r"[份底初上中下旬前后内以之末起]*"
)
_ALREADY = rf"(?:{_TIME})?[，,]?(?:我[局站馆院校所中心单位]{{1,2}}|现|目前|并|且|再|同时|另外?|随后|此后|后|每[天日周月季年旬][一二三四五六日末初]?|为此|对此|已经?|将|拟|正在?|要|会|可|应|计划|准备|决定|要求|逐步|及时|全部|统一|集中|继续)*"
# Who is set to do it, to whom, with what, how: a deed told by its frame, whatever the verb.
_FRAME = re.compile(
    rf"^{_ALREADY}(?:由(?!于|原|此|\d)[\u4e00-\u9fff\d]{{2,12}}[\u4e00-\u9fff]{{2}}|把.{{3,}}|将(?!近).{{4,}}|向[\u4e00-\u9fff]{{2,10}}(?:申请|发|提|告|反映|汇报|报|借|调|购|派|送|公|通|讲|说|推)"
    r"|[与同和][\u4e00-\u9fff、]{2,12}(?:签|联|共|协|合|建|对接|商|沟通|约定|衔接)|与[\u4e00-\u9fff]{0,8}(?:局|部门|院|校|站|所|办|公司|厂|城管|交警|公安|[村乡镇]|社区|街道|厅|队|户|社|单位|企业|商)[\u4e00-\u9fff]{2}|会同|联合|派[\u4e00-\u9fff\d]|抽调|选派|增派|委托|指定|聘请?|雇|租|借[用调](?!的)|启用|试行|推行|实行|采用|改[在从到为用由成]|换[用成装上]|设立?[置\d\u4e00-\u9fff]|用[\u4e00-\u9fff]{2,8}[补代替复核查]"
    r"|对[\u4e00-\u9fff\d]{2,12}(?:单独|逐|重新|进行|开展|给予|实行|予以|分|上门|补|再|加|专)|在[\u4e00-\u9fff\d]{2,10}(?:设|建|开|增|加|安|装|贴|公|办)|按(?![照上要规文通合实])[\u4e00-\u9fff]{1,6}(?:分|包|下|拨|调|核|结|配|发|补|轮|排)|请[\u4e00-\u9fff]{2,10}[\u4e00-\u9fff]{2})"
)
_DEED = re.compile(
    r"(?:下达|取消[^，]{2,14}(?:资格|名额)|发[放送布函]|互认|错[开时峰]|录播|收[购储]|责成|添[了置加购]|先(?![后进天期生])[\u4e00-\u9fff]{2}|送(?:\d|[一二三两几]|修|检|教|学|训)|附[上带有]|附[\u4e00-\u9fff]{1,3}[表单图]|盯[办守]|现场盯|签[字名收]|打卡|留[样痕底]|拍照|上传|改[走抽派签乘种养投送报录购租]|分解|通报|约谈|督[促导办查]|包[片联保抓干]|挂[图牌]|销号|专班|驻[点村场厂]|续[聘签租订保]|调[剂拨配换派运集]|责令|限期|返[工修]|增[派加设配聘购开补殖印]|加[派密装开固印挂宽高盖演场班]|加[\u4e00-\u9fff]?\d|点名|改[在到由用从][\u4e00-\u9fff]|倒排|优先|补(?:[办训种做录建栽植植齐足充测考签报修交购配课检查验招派挖铺装印抓提开拍写苗水网肥土料药位强课打修]|发(?!票)|上)|重(?:[做签办装建修种栽铺报发选排订测印拍写绘讲开修划配选组设置构]|新)|上门|备[足用好]|登记(?:造册|入册|建档|在[案册表]|编号|核[实对])|建[立群档账]"
    r"|分[批班组片期类段][\u4e00-\u9fff]|轮[流班岗换]|值守|抽[检查调]|单独|另行|签[约订署]|预[付约订存购]|锁定|共享|告知|提醒|公示|催[办收缴促交]|开[通设辟]|推[行广送]|专人|逐[户项一村人点个台件]|回访|招[录聘募]|招标(?!文件|公告|价|方案)|培[训养]|租[用赁]|奖励|扣[减除罚].{0,4}(?:款|费|金)|罚|追[缴回责]"
    r"|下沉|盘点|抢修|维修|修[复缮理订补]|疏通|清淤|加固|升级|延长|提(?:[高至]|前(?!入[冬春夏秋汛]|到来|来临|[封上]冻|降|进入|结束|放假|开学|转))|压[缩减实]|缩短|放宽|简化|下放|授权|列入|纳入|核[实查对]|复[核查测检]|整[改治修合]|完善|规范|采购|购[买置]|联合|组建|成立|划[分定]|明确|[张发]贴|发函|走访|电话联系|集中办理|摸排|排查|(?<!合同)(?<!协议)约定|确定[^，]{0,6}(?:人|员|户|队|单位)$|新增[^，]{0,6}(?:岗|员|设备|车)|转[为到至交]|腾[退出]|腾挪|拨付|垫付|结清|追加|盘活|对接)(?!的|[人户件册台场套]数|人员为|价|标准为|时间为|费为)"
)
# 补贴人数为80人, 线上登记的只有20人 tell how things stand; 改为, 调整为 and the like tell what was done.
_STATES = re.compile(
    rf"(?:(?<![改调整增扩减定降设提高换转升变分合缩延])为|只有|仅有?|共有?|(?<!没)(?<![设建拥])有)(?:每[\u4e00-\u9fff]{{1,2}})?[约近]?[\d{numerals.ORDER}两][\d.]*[\u4e00-\u9fff%]{{0,3}}$|有[\u4e00-\u9fff]{{1,4}}[\d{numerals.ORDER}两]+[\u4e00-\u9fff]$|^[^，。；]{{2,6}}的[^，。；]{{1,8}}(?:为|是)[^，。；]+$|(?:均|都|全|多)[在是属系][^，。；]{{1,10}}$"
)
_RESOLVE = re.compile(
    r"(?:今后|下一步|继续|进一步|不断|切实|持续|积极|依法|依规|要|将|将会|努力)*(?:提高|提升|加强|加大|加快|增强|强化|优化|改进|改善|做好|落实|推进|严格|努力|应.{1,2}尽.).{0,4}"
)


def _states(clause: str) -> bool:
    """Whether a clause only tells how many there are or how things stand: 补贴人数为80人, 重要活动均在线上."""
    return _STATES.search(clause) is not None


def _acts(clause: str) -> bool:
    """Whether a clause after the cause tells of something done about it: a deed by its frame or its verb."""
    return (
        not _says_fault(clause)
        and not _RESOLVE.fullmatch(clause)
        and bool(_FRAME.match(clause) or (_DEED.search(clause) and not _states(clause)))
    )


def _sets_to_work(clause: str) -> bool:
    """The same of a clause that may as well be the cause: only its frame (由…, 将…, 派…) tells it for a deed."""
    return not _says_fault(clause) and not _RESOLVE.fullmatch(clause) and _FRAME.match(clause) is not None


# --- a new date and nothing else ---------------------------------------------------------------

_DATE = r"(?:(?:\d{4}年?|[明次来后今当]年|下一?年度?|本年|年)(?:度|的)?)?(?:第?[一二三四1-4]季度?|[上下]半年|\d{1,2}月份?(?:\d{1,2}[日号])?|[春夏秋冬][季天]|[春秋][播种收耕]|汛期|雨季|春节|国庆|五一|清明|中秋|元旦|[寒暑][假期]|新学[期年]|下学期|开学|开春|入冬|近期|[年月季]|节)?[份底末初上中下旬]*(?:之?以?[前后内]|期间|时)?"
_INTENT = r"已|为|将|拟|预计|计划|现|改|争取|力争|力求|努力|确保|保证|预定|约定|初定|暂定|定[于在]|初步|打算|准备|尽[快早量]|及早|早日|抓紧|抓|继续|全部|全面|再|方可?|才能?|可|能|重新|如期|按[期时]|择[期机]|适时|顺延|延期|延迟|推迟|延后|推后|延|移|至迟|最迟|最晚|到|至|于|在|待|整体|陆续|逐步|分[批期]"
_COMPLETED = r"进行|举行|举办|[办做建修装种验结]完|[办建修装]好|完成|完工|实施|开展|召开|开工|动工|施工|复工|支付|付清|结清|结算|到位|验收|竣工|补[办种栽发做]|执行|建成|建好|投用|投入使用|使用|启用|交付|组织|落实|实现|达到目标|达标|启动|安排|发放|推进|办理|整改|收尾|通车|通水|运行"
_WAIT = r"待[^，,]{1,14}?(?:[以之]?后|时)(?:即|立即|再|方)?|(?<![前午])[^，,]{2,10}(?:转暖|批复|批准|齐全|办好|办妥|到位|结束|解除|恢复|具备|退去|落地|放开|允许)(?:[以之]?后|时)(?:即|立即|再|方)?"
_WHAT = r"(?:剩余|其余|余下|未完成)[^，,，]{0,8}?(?=[明次来下今年将拟计预于在争力到至]|\d{4}年)(?:部分|任务|工程|工作)?|工程|项目|任务|工作|活动|目标|该项|此项|本项"
_SAYS_WHEN = re.compile(f"{_WAIT}|{_WHAT}|{_INTENT}|{_COMPLETED}|{_DATE}")


@lru_cache(CACHE)
def _is_only_a_date(clause: str) -> bool:
    """Whether a clause says no more than that the thing will be done, or when: 争取2025年5月完工, 待批复后实施."""
    return not _SAYS_WHEN.sub("", clause)


# --- pleas, plans, praise ------------------------------------------------------------------------

_FORWARD = re.compile(r"下一?步|下一?年|下一?阶段|明年|来年|今后|后续|接下来|为此|整改|将(?!近)|拟")
_PRAISE = re.compile(r"良好|顺利|完成|显著|有效|有力|保障|保证|提升|提高|圆满|达到|较好|满意|充分")
_MONEY_NOUN = r"(?:经费|资金|财政|财力|预算|拨款|专款|补助|(?<!宣传)(?<!人力)(?<!精力)(?<!技术)投入|专项|支持力度|保障力度|补贴标准)(?!使用|管理|编制|约束|公开|评审|意识|监管|监督|支付|绩效|效益|效率|执行|核算|结算|拨付进度|支出进度)"
_ASKED = r"(?:建议|希望|恳请|恳望|敬请|盼望?|请求|请|望|期望|期盼|呼吁|申请|争取|寻求|需要|需|应)"
_PLEA = re.compile(
    rf"向(?:上|上级|财政|省里?|市里?|县里?)(?:积极|主动|持续|多方)*(?:争取|申请|要)|"
    rf"{_ASKED}.{{0,20}}(?:财政|上级|[市县省]里|[省市县][厅局级]|主管[部局]门?|政府|各级|领导).{{0,16}}(?:投入|支持|扶持|补助|资金|经费|预算|拨款|倾斜|保障|标准|增拨|追加|照顾|列支|列入|解决)"
    rf"|(?:财政|上级|政府|市里|县里).{{0,8}}(?:加大|增加|追加|给予|提高|保障|增拨|倾斜).{{0,12}}(?:投入|支持|补助|资金|经费|预算|拨款|力度|倾斜)"
    rf"|(?:加大|增加|追加|增拨|提高|争取|落实|申请|保障|足额安排|足额拨付).{{0,10}}{_MONEY_NOUN}"
    rf"|{_ASKED}.{{0,10}}(?:加大|增加|追加|增拨|提高|给予|保障|足额|及时).{{0,10}}{_MONEY_NOUN}"
)
_SHORT_OF_MONEY = re.compile(
    r"(?:经费|资金|财力|预算|费用|财政投入|资金投入|经费投入|财政补助|补助资金|配套资金)(?:投入|保障|安排|来源|额度|总量|规模)?[^，。；;,：:]{0,6}?"
    r"(?:不足|紧张|短缺|缺口|缺乏|有限|偏少|较少|偏低|偏小|偏紧|匮乏|困难|薄弱|压力较?大|不够|难以为继|难以保障|难以满足|无法满足|不能满足|没有保障|无保障|得不到保障|跟不上|捉襟见肘|入不敷出|[没无]有?着落|少$)|钱不够"
    r"|(?:经费|资金|财力|投入)[^，。；;,：:]{0,12}(?:差距大?|不匹配|不相适应|不适应)|(?:缺乏|缺少|欠缺|没有|缺)(?:必要的?|足够的?|专项|工作|相应的?){0,2}(?:经费|资金)(?!使用|管理|监)"
)
_NOT_SHORT = re.compile(
    r"(?:解决|缓解|弥补|克服|避免|防止|改变)[^，。；]{0,8}$|(?:使用|管理|监管|监督|执行|支付|编制|绩效|约束|调整|下达|拨付|到位|核算)"
)
# A few words of resolve, with nothing that went wrong in them, do not say why anything happened.
_SLOGAN = re.compile(
    r"(?:今后|下一步|继续|进一步|不断|切实|持续|积极|依法|依规|要)*"
    r"(?:提高|提升|加强|加大|增强|强化|完善|优化|改进|改善|做好|落实|推进|严格|规范|努力|认真|扎实|深入|巩固|再接再厉|精益求精|应.{1,2}尽.).{0,8}"
)


@lru_cache(CACHE)
def _asks_for_money(clause: str) -> bool:
    return _PLEA.search(clause) is not None


def _is_short_of_money(clause: str) -> bool:
    match = _SHORT_OF_MONEY.search(clause)
    return (
        match is not None and not _NOT_SHORT.search(clause[: match.start()] + " ") and not _NOT_SHORT.search(match[0])
    )


def _is_slogan(clause: str) -> bool:
    words = bare(clause)
    return bool(_SLOGAN.fullmatch(words)) and not names_fault(words)


def _looks_ahead(clause: str) -> bool:
    return _FORWARD.search(clause) is not None


def _praises(clause: str) -> bool:
    return _PRAISE.search(clause) is not None


# --- the one question ----------------------------------------------------------------------------

Kind = Literal["fault", "deed", "order", "plea", "shortage", "plan", "praise", "state", "slogan", "date"]

_KINDS: dict[Kind, Callable[[str], bool]] = {
    "fault": _says_fault,
    "deed": _acts,
    "order": _sets_to_work,
    "plea": _asks_for_money,
    "shortage": _is_short_of_money,
    "plan": _looks_ahead,
    "praise": _praises,
    "state": _states,
    "slogan": _is_slogan,
    "date": _is_only_a_date,
}


def tells(clause: str, kind: Kind) -> bool:
    """Whether a clause tells of one of these; it may tell of several, or of none.

    `fault`: what went wrong, said in the end and not merely acted on (`names_fault` asks for the naming alone).
    `deed`: something done about it; `order`: the same by its frame alone (由…, 将…, 派…), where it may as well be the cause.
    `plea`: more money asked for; `shortage`: too little money. `plan`: what comes next. `praise`: that it went well.
    `state`: how many there are, how things stand. `slogan`: only resolve. `date`: when, and nothing else.
    """
    return _KINDS[kind](clause)
