#!/usr/bin/env bash
# What was filled into the fields of a PDF form is no part of the page's text for pdfium; FPDFPage_Flatten makes it one.
#
# pypdfium2 5.15.2: after a flattening that reports success, a new text page of the same PdfPage still lacks the value. Only the page
# taken from the document anew has it.
#
# Seen:
#   before: 'Budget'
#   flattened (1), same page: 'Budget'
#   flattened, page taken again: 'Budget\r\n86.5'
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pypdfium2==5.15.2 reportlab==5.1.0
cat > show.py <<'PY'
import io

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from reportlab.pdfgen import canvas

made = io.BytesIO()
drawn = canvas.Canvas(made)
drawn.drawString(50, 750, "Budget")
drawn.acroForm.textfield(name="amount", x=120, y=740, width=80, height=20, value="86.5")
drawn.save()
document = pdfium.PdfDocument(made.getvalue())
page = document[0]
before = page.get_textpage().get_text_range()
done = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
same = page.get_textpage().get_text_range()
again = document[0].get_textpage().get_text_range()
print("before:", repr(before))
print(f"flattened ({done}), same page:", repr(same))
print("flattened, page taken again:", repr(again))
assert done == raw.FLATTEN_SUCCESS and "86.5" not in before + same and "86.5" in again, "one and the same page shows the value now"
PY
venv/bin/python show.py
