#!/usr/bin/env bash
# Two libraries for OFD (GB/T 33190), one writing what the other reads.
#
# easyofd 20260427 turns a PDF into an OFD without any PathObject, so that a ruled table comes out as loose words, writes the size of
# type as the attribute "size" where the standard has "Size", and puts the page box, in points, under Content/PageArea where the standard
# has Area, in millimetres. ofdkit 0.2.0 reads the words of that file, but with the size 0.0 and a page box of its default.
#
# Seen:
#   paths: 0, Size=: 0, size=: 2
#   ofdkit: [('预算数', 0.0), ('86.4', 0.0)] on a page of (0.0, 0.0, 140.0, 90.0), which is A4 nowhere
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check easyofd==20260427 ofdkit==0.2.0 reportlab==5.1.0
cat > show.py <<'PY'
import contextlib
import io
import zipfile

import ofdkit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
pdf = io.BytesIO()
page = canvas.Canvas(pdf, pagesize=(595, 842))
page.setFont("STSong-Light", 12)
page.grid([50, 150, 300], [700, 740, 780])
page.drawString(60, 750, "预算数")
page.drawString(160, 750, "86.4")
page.save()
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    from easyofd import OFD

    made = OFD().pdf2ofd(pdf.getvalue(), optional_text=True)
xml = zipfile.ZipFile(io.BytesIO(made)).read("Doc_0/Pages/Page_0/Content.xml").decode()
print(f"paths: {xml.count('PathObject')}, Size=: {xml.count(' Size=')}, size=: {xml.count(' size=')}")
with ofdkit.open(made) as document:
    first = document.pages[0]
    runs = [(run.text, run.size) for run in first.runs]
    print("ofdkit:", runs, "on a page of", first.box)
    width, height = first.box[2:]
assert "PathObject" not in xml, "rules are converted now"
assert " Size=" not in xml and all(size == 0 for _, size in runs), "sizes are written now"
assert (round(width), round(height)) != (210, 297), "the page box is written now"
PY
venv/bin/python show.py
