#!/usr/bin/env bash
# An amount set with an EQ field of Word (分散对齐, \o\ad) is shown in the cell by Word, but such a field has no result in the file:
# all there is of it is its code.
#
# mammoth 1.13.0, and markitdown 0.1.9 which stands on it, give an empty cell and no message; python-docx 1.2.0 gives "" as the text
# of the cell. Nothing tells the caller that a number was left out.
#
# Seen:
#   mammoth: <table><tr><td><p>预算数</p></td><td></td></tr></table> messages: []
#   markitdown: | 预算数 |  |
#   python-docx: ''
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mammoth==1.13.0 'markitdown[docx]==0.1.9' python-docx==1.2.0
cat > show.py <<'PY'
import io
import zipfile

import docx
import mammoth
from markitdown import MarkItDown

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/package/2006"
field = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> EQ \\o\\ad(46.20,\u3000\u3000\u3000) </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
cell = "<w:tc><w:tcPr/><w:p>{}</w:p></w:tc>".format
row = cell("<w:r><w:t>预算数</w:t></w:r>") + cell(field)
parts = {
    "[Content_Types].xml": f'<Types xmlns="{P}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{P}/relationships"><Relationship Id="r1" Type="{R}/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{W}"><w:body><w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>'
    f"<w:tr>{row}</w:tr></w:tbl><w:p/></w:body></w:document>",
}
with zipfile.ZipFile("form.docx", "w") as package:
    for name, content in parts.items():
        package.writestr(name, content)
data = open("form.docx", "rb").read()
html = mammoth.convert_to_html(io.BytesIO(data))
print("mammoth:", html.value, "messages:", html.messages)
text = MarkItDown().convert("form.docx").text_content
print("markitdown:", text.splitlines()[-1])
own = docx.Document(io.BytesIO(data)).tables[0].cell(0, 1).text
print("python-docx:", repr(own))
assert "46" not in html.value and html.messages == [] and "46" not in text and own == "", "the field is read or told now"
PY
venv/bin/python show.py
