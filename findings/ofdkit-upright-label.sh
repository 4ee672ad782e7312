#!/usr/bin/env bash
# The upright first column of a Chinese form is one text object whose letters are set below one another: DeltaX is 0, DeltaY the step.
#
# ofdkit 0.2.0 gives such a label as one run with the place of its first letter, the width of its last one, and no height: DeltaY is not
# looked at. Whoever asks which rows a label stands beside, or which cell of a table it lies in, is told the first row for all four letters.
# Nor does a page have its paths, so the rules of the table are not to be had either.
#
# Seen:
#   TextRun(text='绩效指标', x=20.0, y=23.4, size=4.0, width=4.0, object_id='3', from_template=False)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ofdkit==0.2.0
cat > show.py <<'PY'
import io
import zipfile

import ofdkit

NAMES = 'xmlns:ofd="http://www.ofdspec.org/2016"'
parts = {
    "OFD.xml": f"<ofd:OFD {NAMES}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
    "Doc_0/Document.xml": f"<ofd:Document {NAMES}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>"
    '0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Page.xml"/></ofd:Pages>'
    "</ofd:Document>",
    "Doc_0/Page.xml": f'<ofd:Page {NAMES}><ofd:Content><ofd:Layer ID="2"><ofd:TextObject ID="3" Boundary="20 20 4 16" Font="1" '
    'Size="4"><ofd:TextCode X="0" Y="3.4" DeltaX="g 3 0" DeltaY="g 3 4">绩效指标</ofd:TextCode></ofd:TextObject></ofd:Layer>'
    "</ofd:Content></ofd:Page>",
}
made = io.BytesIO()
with zipfile.ZipFile(made, "w") as package:
    for name, content in parts.items():
        package.writestr(name, content)
with ofdkit.open(made.getvalue()) as document:
    (run,) = document.pages[0].runs
    print(run)
    assert run.width == 4.0 and not hasattr(run, "height"), "the run knows how far down it reaches now"
PY
venv/bin/python show.py
