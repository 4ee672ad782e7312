#!/usr/bin/env bash
# Whether a number in Excel is a date is told from its format code, and both common readers tell it by letters they should not count, and
# miss letters that Chinese Excel does count.
#
# openpyxl 3.1.5 and python-calamine 0.9.1, on 45366 (15 March 2024) written with each code:
#   0!m         46 metres, "!" in a code makes the next sign a literal: both give the date 2024-03-15
#   0*h         a number filled up with h: openpyxl gives a datetime, calamine the number: they differ
#   e"年"       Chinese Excel shows 2024年: both give the number 45366
#   [$-804]aaaa Chinese Excel shows 星期五: both give the number 45366
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1 xlsxwriter==3.2.9
cat > show.py <<'PY'
import datetime

import openpyxl
import python_calamine
import xlsxwriter

CODES = ["0!m", "0*h", 'e"年"', "[$-804]aaaa"]
book = xlsxwriter.Workbook("codes.xlsx")
sheet = book.add_worksheet()
for row, code in enumerate(CODES):
    sheet.write_number(row, 0, 45366, book.add_format({"num_format": code}))
book.close()
one = [row[0].value for row in openpyxl.load_workbook("codes.xlsx").active.rows]
other = [row[0] for row in python_calamine.CalamineWorkbook.from_path("codes.xlsx").get_sheet_by_index(0).to_python()]
for code, by_openpyxl, by_calamine in zip(CODES, one, other):
    print(f"{code:12} openpyxl {by_openpyxl!r}  calamine {by_calamine!r}")
dates = [(isinstance(a, datetime.date), isinstance(b, datetime.date)) for a, b in zip(one, other)]
assert dates == [(True, True), (True, False), (False, False), (False, False)], "codes are told apart in another way now"
PY
venv/bin/python show.py
