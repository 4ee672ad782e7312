#!/usr/bin/env bash
# A rar whose files are stored as they are (WinRAR's method "store") and whose last file is a Word file ends with that file, and a Word
# file is a zip. libarchive, asked for any format, reads the archive as that zip: it lists the parts of the Word file, and the other
# files are not there. No error is raised. With format_name="rar" the same archive is read as it is.
#
# libarchive-c 5.3 over libarchive 3.6.2 (Debian 12; the library itself must be installed). Seen:
#   any format: ['word/document.xml']
#   as rar: ['a.txt', 'b.docx']
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libarchive-c==5.3
cat > show.py <<'PY'
import io
import struct
import zipfile
import zlib

import libarchive


def block(body):
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def stored(name, data):
    head = struct.pack("<BHH", 0x74, 0x8000, 32 + len(name))
    sizes = struct.pack("<LLBLLBBHL", len(data), len(data), 2, zlib.crc32(data), 0x58210000, 20, 0x30, len(name), 0x20)
    return block(head + sizes + name) + data


word = io.BytesIO()
with zipfile.ZipFile(word, "w") as package:
    package.writestr("word/document.xml", "<w:document/>")
archive = b"Rar!\x1a\x07\x00" + block(struct.pack("<BHHHL", 0x73, 0, 13, 0, 0))
archive += stored(b"a.txt", b"one") + stored(b"b.docx", word.getvalue()) + block(struct.pack("<BHH", 0x7B, 0x4000, 7))


def names(**how):
    with libarchive.memory_reader(archive, **how) as entries:
        return [entry.pathname for entry in entries]


anything, as_rar = names(), names(format_name="rar")
print("any format:", anything)
print("as rar:", as_rar)
assert anything == ["word/document.xml"] and as_rar == ["a.txt", "b.docx"], "the archive is told for what it is now"
PY
venv/bin/python show.py
