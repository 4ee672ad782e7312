"""Official-looking texts of invented offices, for the tests of adding policies, as each kind of file."""

from __future__ import annotations

import html
import io

from docx import Document as open_word

from tests.odd_files import Pdf

MEASURE = """关于印发《云栖县专项资金绩效自评管理办法》的通知
云财绩〔2021〕8号
县直各部门：
    根据《项目支出绩效评价管理办法》（财预〔2020〕10号）等规定，我局制定了《云栖县专项资金绩效自评管理办法》，现予印发。
    附件：云栖县专项资金绩效自评管理办法
云栖县财政局
2021年6月30日
附件
云栖县专项资金绩效自评管理办法
目　录
第一章　总则……………………1
第二章　自评的内容……………2
第一章　总　则
第一条　为规范自评工作，根据有关规定，制定本办法。
第二条　专项资金的自评适用本办法。
本办法所称专项资金，是指县级财政安排、有专门用途的资金。
第二章　自评的内容
第三条　单位逐项填写完成情况，包括：
（一）产出；
（二）效果。
没有完成的，写明缘由和打算，按照
第二条规定的范围办理。
第四条　得分由各项相加。依照第三条第二款写明缘由的，可以不扣分。
第五条　评价结果分为四档。
第五条之一　档次由县财政局复核。
第十条之外的情形，由县财政局另行规定。
第三章　法律责任
第六条　弄虚作假的，按有关规定处理。
第四章　附　则
第七条　本办法由县财政局负责解释。
第八条　本办法自2021年8月1日起施行。《云栖县专项资金自评暂行办法》（云财绩〔2017〕3号）同时废止。
抄送：县人大常委会办公室。
"""

NOTICE = """云栖县财政局关于开展2022年度项目绩效自评的通知
云财绩【２０２３】　２号
各单位：
现将有关事项通知如下：
一、自评范围
2022年度安排的全部项目。
二、工作要求
（一）如实填报。按照财预〔2020〕10号文件第十一条的要求填写。
（二）按时报送。
1.纸质件一份。
2.电子件一份。
三、其他事项。未尽事宜另行通知。
云栖县财政局
2023年2月6日
"""


def to_docx(text: str) -> bytes:
    opened = open_word()
    for line in text.splitlines():
        opened.add_paragraph(line.strip())
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def to_html(text: str) -> bytes:
    """As a government site shows it: a way home above, links below."""
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    page = f"<div>首页 &gt; 政务公开 &gt; 政策文件</div>{lines}<div>打印本页</div><div>版权所有：某某网</div>"
    return f"<!DOCTYPE html><html><head><title>政策</title></head><body>{page}</body></html>".encode()


LINE_CHARS, PAGE_LINES = 30, 24


def to_pdf(text: str) -> bytes:
    """As printed: paragraphs set in lines of one width over several pages, each with its number at the foot."""
    lines = [
        whole[at : at + LINE_CHARS]
        for line in text.splitlines()
        for whole in [f"　　{line.strip()}" if line.strip().endswith(("。", "：", "；")) else line.strip()]
        for at in range(0, len(whole), LINE_CHARS)
    ]
    pdf = Pdf()
    for first in range(0, len(lines), PAGE_LINES):
        page = pdf.page()
        for row, line in enumerate(lines[first : first + PAGE_LINES]):
            page.text(80, 80 + 24 * row, line, 12)
        page.text(260, 720, f"— {first // PAGE_LINES + 1} —", 12)
    return pdf.bytes()
