"""From bytes to a `Document`: `read` a file, or `read_bytes` what was uploaded or piped in.

The kind is told from the content; a wrong suffix is a remark in `problems`, not a failure. Readers are
imported when their kind turns up, so that a text never waits for a PDF library.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from assistant.document import Document
from assistant.errors import ReadError
from assistant.read.file_name import shown
from assistant.read.hidden import beside_tables, in_html, take_out_unseen
from assistant.read.hollow import close_up
from assistant.read.kind import CALLED, decoded, kind_of, remark_on_suffix
from assistant.read.refusal import MAX_BYTES, PASTE_INSTEAD, unreadable

__all__ = ["AS_WORD", "as_docx", "read", "read_bytes"]

AS_WORD = frozenset(("doc", "odt", "rtf", "word2003"))
"""Kinds that are read as the Word file they are turned into."""
AS_EXCEL = frozenset(("ods", "excel2003"))


def read(path: Path) -> Document:
    """The document in a file; `ReadError` says in one Chinese sentence why there is none."""
    name = shown(path.name)
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise _too_large(name)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise unreadable(name, "找不到这个文件", f"请检查路径 {shown(str(path))}") from error
    except IsADirectoryError as error:
        raise unreadable(name, "这是文件夹", "请选择其中的文件") from error
    except PermissionError as error:
        raise unreadable(name, "没有读取权限，或文件正被其他程序占用", "请关闭占用它的程序或检查权限后再试") from error
    except OSError as error:
        raise unreadable(name, f"读取出错（{error.strerror}）", "请检查磁盘或网络位置后再试") from error
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> Document:
    """The document in `data`; `name` is what people call it, its suffix is not trusted."""
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise unreadable(name, "文件是空的", "请确认选对了文件，或重新下载、上传")
    kind = kind_of(data, name)
    document = _read_as(kind, data, name, hashlib.sha256(data).hexdigest())
    take_out_unseen(document)
    for table in document.tables:
        if not table.ragged:
            close_up(table)
    remark = remark_on_suffix(kind, name)
    if remark:
        document.problems.insert(0, remark)
    if not document.blocks:
        reasons = "".join(document.problems).removesuffix("。")
        why = f"没有读到任何文字（{reasons}）" if reasons else "没有读到任何文字"
        raise unreadable(name, why, f"请确认文件里有内容，{PASTE_INSTEAD}")
    return document


def _read_as(kind: str, data: bytes, name: str, sha256: str) -> Document:
    if kind == "docx":
        from assistant.read.word import read_word

        return read_word(data, name, sha256)
    if kind == "xlsx":
        from assistant.read.excel import read_excel

        return read_excel(data, name, sha256)
    if kind == "pdf":
        from assistant.read.pdf import read_pdf

        return read_pdf(data, name, sha256)
    if kind == "image":
        from assistant.read.ocr import read_image

        return read_image(data, name, sha256)
    if kind == "xls":
        from assistant.read.old_excel import read_old_excel

        return read_old_excel(data, name, sha256)
    if kind == "ofd":
        from assistant.read.ofd import read_ofd

        return read_ofd(data, name, sha256)
    if kind in AS_WORD:
        from assistant.read.word import read_word

        return replace(read_word(_as_word(kind, data, name), name, sha256), kind=kind)
    if kind in AS_EXCEL:
        from assistant.read.excel import read_excel
        from assistant.read.office import converted

        suffix = ".xml" if data.lstrip()[:1] == b"<" else ".ods"
        return replace(read_excel(converted(data, suffix, "xlsx", name, CALLED[kind]), name, sha256), kind=kind)
    if kind == "html":
        return _read_page(data, name, sha256)
    if kind == "mht":
        from assistant.read.single_page import pages

        document = Document(name, kind, sha256)
        for page in pages(data):
            one = _read_page(page, name, sha256)
            document.blocks += one.blocks
            document.problems += one.problems
            document.beside_tables += one.beside_tables
        return document
    from assistant.read.text import read_text

    text, remark = decoded(data, name)
    document = read_text(text, name, sha256)
    if remark:
        document.problems.append(remark)
    return document


def as_docx(data: bytes, name: str) -> bytes | None:
    """The Word file that a document is read as, so that remarks can stand in it; None for one that is none.

    Its cells are those of the `Document`. Raises `ReadError` as reading does.
    """
    kind = kind_of(data, name)
    if kind == "docx":
        return data
    return _as_word(kind, data, name) if kind in AS_WORD else None


def _as_word(kind: str, data: bytes, name: str) -> bytes:
    if kind == "doc":
        from assistant.read.old_word import to_docx

        return to_docx(data, name)
    from assistant.read.office import converted

    suffix = ".xml" if data.lstrip()[:1] == b"<" else f".{kind}"
    return converted(data, suffix, "docx", name, CALLED[kind])


def _read_page(data: bytes, name: str, sha256: str) -> Document:
    from assistant.read.html import read_html

    document = read_html(data, name, sha256)
    text = decoded(data, name)[0]
    document.problems += in_html(text)
    document.beside_tables += beside_tables(text)
    return document


def _too_large(name: str) -> ReadError:
    return unreadable(name, f"文件超过 {MAX_BYTES // 2**20} MB", "请只保留自评表，压缩图片后重新保存")
