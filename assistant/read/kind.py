"""What kind of source some bytes are, told from the bytes; the suffix is only compared with it.

Used by `read_bytes`. A kind that cannot be read is refused here with what to do instead.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from assistant.errors import ReadError
from assistant.read.refusal import PASTE_INSTEAD, unreadable
from assistant.read.single_page import is_one

SUFFIXES = {
    "docx": (".docx", ".docm", ".dotx"),
    "xlsx": (".xlsx", ".xlsm", ".xltx"),
    "doc": (".doc", ".wps", ".dot"),
    "xls": (".xls", ".et", ".xlt"),
    "pdf": (".pdf",),
    "ofd": (".ofd",),
    "odt": (".odt", ".ott", ".fodt"),
    "ods": (".ods", ".ots", ".fods"),
    "rtf": (".rtf",),
    "word2003": (),
    "excel2003": (),
    "image": (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"),
    "html": (".html", ".htm", ".xhtml"),
    "mht": (".mht", ".mhtml"),
    "text": (".txt", ".md", ".markdown", ".csv", ".tsv", ".text", ""),
}
CALLED = {
    "docx": "Word 文档（docx）",
    "xlsx": "Excel 工作簿（xlsx）",
    "doc": "旧版 Word 文档（doc、wps）",
    "xls": "旧版 Excel 工作簿（xls、et）",
    "pdf": "PDF",
    "ofd": "OFD 版式文件",
    "odt": "OpenDocument 文档（odt）",
    "ods": "OpenDocument 表格（ods）",
    "rtf": "RTF 文档",
    "word2003": "2003 版 XML 格式的 Word 文档",
    "excel2003": "2003 版 XML 格式的 Excel 工作簿",
    "image": "图片",
    "html": "网页（HTML）",
    "mht": "单个文件网页（mht）",
    "text": "纯文本",
}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]|<table[\s>]", re.IGNORECASE)
# Office files in one XML, by what stands in their first lines.
_FLAT_XML = (
    (b"opendocument.text", "odt"), (b"opendocument.spreadsheet", "ods"), (b'progid="Word.Document"', "word2003"),
    (b'progid="Excel.Sheet"', "excel2003"),
)  # fmt: skip
_OTHER = (
    (b"Rar!\x1a\x07", "这是压缩包（rar）", "请先解压，再选择其中的表格文件"),
    (b"7z\xbc\xaf\x27\x1c", "这是压缩包（7z）", "请先解压，再选择其中的表格文件"),
    (b"\x1f\x8b", "这是压缩包（gz）", "请先解压，再选择其中的表格文件"),
    (b"GIF8", "不支持 GIF 图片", "请另存为 PNG 或 JPG 再试"),
)


def kind_of(data: bytes, name: str) -> str:
    """One of the keys of `SUFFIXES`; `ReadError` for a kind that is not read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Text, then; in two bytes a letter the marks of a web page are looked for in its plain form.
        plain = data[:16384].decode("utf-16", "ignore").encode()
        return "html" if _HTML.search(plain) and plain.lstrip().startswith(b"<") else "text"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_OLE):
        return _kind_of_ole(data, name)
    if data.startswith(b"PK"):
        return _kind_of_zip(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_IMAGES[:-1]) or (data.startswith(_IMAGES[-1]) and data[6:10] == bytes(4)):
        return "image"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise unreadable(name, "不支持 WebP 图片", "请另存为 PNG 或 JPG 再试")
    if head.startswith(b"{\\rtf"):
        return "rtf"
    for magic, why, remedy in _OTHER:
        if head.startswith(magic):
            raise unreadable(name, why, remedy)
    if is_one(data[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")):
        return "mht"
    xml = next((kind for mark, kind in _FLAT_XML if mark in head), None)
    if xml is not None:
        return xml
    suffix = PurePath(name).suffix.lower()
    if head.startswith(b"<") and _HTML.search(data[:8192]):
        return "html"
    if suffix in SUFFIXES["html"] and _HTML.search(data):
        return "html"
    return "text"


def remark_on_suffix(kind: str, name: str) -> str | None:
    """The sentence for a suffix that does not fit; None where it does, or where there is none to compare."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES[kind] or not suffix or not SUFFIXES[kind] or kind == "text":
        return None
    return f"文件后缀是 {suffix}，内容却是 {CALLED[kind]}，已按内容读取。"


def decoded(data: bytes, name: str) -> tuple[str, str | None]:
    """The text and, where the encoding had to be guessed or characters were lost, a sentence on that."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _lenient(data, encoding)
    sample = data[:4096]
    if b"\x00" in sample:
        # Text has no zero bytes, unless it is UTF-16 without its mark: then line ends show where the zeros stand.
        for line_end, encoding in ((b"\n\x00", "utf-16-le"), (b"\x00\n", "utf-16-be")):
            if line_end in sample and len(data) % 2 == 0:
                return _lenient(data, encoding)
        raise _not_text(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_written(text):
            return text, None
        raise _not_text(name)
    text, _ = max((_lenient(data, encoding) for encoding in ("utf-8", "gb18030")), key=lambda each: -each[0].count("�"))
    if text.count("�") * 50 > len(text) or not _looks_written(text):
        raise _not_text(name)
    return text, f"文字编码有损坏，{text.count('�')} 处无法识别，以“�”代替。"


def _lenient(data: bytes, encoding: str) -> tuple[str, str | None]:
    text = data.decode(encoding, errors="replace")
    lost = text.count("�")
    return text, f"文字编码有损坏，{lost} 处无法识别，以“�”代替。" if lost else None


def _looks_written(text: str) -> bool:
    """Control characters do not occur in a text that someone wrote."""
    strange = sum(1 for letter in text[:4096] if letter < " " and letter not in "\t\n\r\f\v\x1a")
    return strange * 100 <= min(len(text), 4096)


def _not_text(name: str) -> ReadError:
    return unreadable(
        name,
        "不是可识别的文件（支持 docx、doc、wps、xlsx、xls、et、pdf、ofd、odt、ods、rtf、png、jpg、tiff、html、mht、md、txt）",
        f"请转换为其中一种再试，{PASTE_INSTEAD}",
    )


def _kind_of_zip(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [part.replace("\\", "/").lower() for part in package.namelist()]
            declared = package.read("mimetype")[:200] if _small(package, "mimetype") else b""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, RuntimeError) as error:
        raise unreadable(
            name, "文件已损坏或没有传完整", "请重新下载或上传，或用 Word、WPS、Excel 打开后另存一份再试"
        ) from error
    if any(part.startswith("word/") for part in names):
        return "docx"
    if any(part.startswith("xl/") for part in names):
        return "xlsx"
    if b"opendocument.text" in declared:
        return "odt"
    if b"opendocument.spreadsheet" in declared:
        return "ods"
    if "ofd.xml" in names:
        return "ofd"
    if any(part.startswith("ppt/") for part in names):
        raise unreadable(name, "这是演示文稿（pptx）", f"请把表格另存为 .docx 或 .xlsx，{PASTE_INSTEAD}")
    raise unreadable(name, "这是压缩包（zip），不是表格文件", "请先解压，再选择其中的表格文件")


def _small(package: zipfile.ZipFile, part: str) -> bool:
    return part in package.NameToInfo and package.getinfo(part).file_size < 1000


def _kind_of_ole(data: bytes, name: str) -> str:
    """Old Office files and encrypted new ones share one container; stream names in it tell them apart."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise unreadable(name, "文件设有打开密码", "请先取消密码，另存后再试")
    if holds("WordDocument"):
        return "doc"
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise unreadable(name, "这是旧版 Office 文件，内容无法识别", "请用 Word、Excel 或 WPS 另存为 .docx 或 .xlsx 再试")
