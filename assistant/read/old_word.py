"""A .doc, or a .wps of WPS Office, which is the same format -> .docx.

msdoc2docx reads the format itself, in half a second and on any machine; where it refuses a file, or finds no table in it,
LibreOffice is asked, if it is installed. Each of the two loses tables that the other keeps.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from assistant.errors import ReadError
from assistant.read import office
from assistant.read.refusal import unreadable

WHAT = "旧版 Word 文档（.doc、.wps）"
log = logging.getLogger(__name__)


def to_docx(data: bytes, name: str) -> bytes:
    """The document as a .docx; `ReadError` where neither road leads to one."""
    from doc2docx import convert
    from doc2docx.errors import EncryptedDocumentError

    converted = b""
    with tempfile.TemporaryDirectory(prefix="form-") as folder:
        source, target = Path(folder, "form.doc"), Path(folder, "form.docx")
        source.write_bytes(data)
        try:
            convert(source, target)
            converted = target.read_bytes()
        except EncryptedDocumentError as error:
            raise unreadable(name, "文件设有打开密码", "请先取消密码，另存后再试") from error
        except Exception as error:  # a young library: what it does not expect it meets with any exception there is
            log.info("%s", type(error).__name__)
    if converted and _has_table(converted):
        return converted
    if office.program() is not None:
        try:
            return office.converted(data, ".doc", "docx", name, WHAT)
        except ReadError:
            if not converted:
                raise
    if not converted:
        raise unreadable(name, f"这是{WHAT}，无法转换", "请安装 LibreOffice 后再试，或用 Word、WPS 另存为 .docx 再试")
    return converted


def _has_table(docx: bytes) -> bool:
    from assistant.read.package import Package

    package = Package(docx, "")
    return b"<w:tbl>" in package.bytes(package.main_part("word/document.xml"))
