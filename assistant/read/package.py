"""A Word or Excel file is a zip of XML parts; this opens one without trusting it.

Used by `word.py` and `excel.py`. Sizes are checked before unpacking, entities are not resolved,
nothing is fetched.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from functools import cached_property

from lxml import etree

from assistant.errors import ReadError
from assistant.read.refusal import MAX_PART_BYTES, unreadable

_PARSER = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)

# "Strict" files use these names for the same things; the readers know only the usual ones.
_STRICT_NAMES = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of one zip package by name; every fault in it is a `ReadError` about the file `name`."""

    def __init__(self, data: bytes, name: str):
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self._damaged() from error
        self.names = frozenset(self._zip.namelist())

    @cached_property
    def _spelled(self) -> dict[str, str]:
        return {name.replace("\\", "/").lower(): name for name in self.names}

    def named(self, part: str) -> str:
        """The part as the package spells it: Office looks for it in any case and takes \\ for /."""
        return part if part in self.names else self._spelled.get(part.lower(), part)

    def has(self, part: str) -> bool:
        return part in self.names

    def bytes(self, part: str) -> bytes:
        try:
            info = self._zip.getinfo(part)
        except KeyError as error:
            raise self._damaged(f"缺少内部文件 {part}") from error
        if info.flag_bits & 0x1:
            raise unreadable(self.name, "文件已加密", "请先取消密码再上传")
        if info.file_size > MAX_PART_BYTES:
            raise unreadable(self.name, f"解压后超过 {MAX_PART_BYTES // 2**20} MB", "请只保留自评表后重新保存")
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise self._damaged() from error

    def xml(self, part: str) -> etree._Element:
        data = self.bytes(part)
        for strict, usual in _STRICT_NAMES.items():
            if strict in data[:4096]:
                data = data.replace(strict, usual)
        try:
            root = etree.fromstring(data, _PARSER)
        except etree.XMLSyntaxError as error:
            raise self._damaged(f"{part} 不完整或有错") from error
        if root is None:
            raise self._damaged(f"{part} 是空的")
        return root

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> (kind, part name) of what `part` refers to; the package itself is the part `""`."""
        folder, _, file = part.replace("\\", "/").rpartition("/")
        path = self.named(posixpath.join(folder, "_rels", f"{file}.rels"))
        if path not in self.names:
            return {}
        found = {}
        for relation in self.xml(path).iter(_RELATIONSHIP):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], self.named(whole))
        return found

    def main_part(self, usual: str) -> str:
        """The part the package names as its document, `usual` where it names none that is there."""
        for kind, part in self.relations("").values():
            if kind == "officeDocument" and part in self.names:
                return part
        return self.named(usual)

    def _damaged(self, detail: str = "") -> ReadError:
        why = f"文件已损坏或没有传完整（{detail}）" if detail else "文件已损坏或没有传完整"
        return unreadable(self.name, why, "请用 Word、WPS 或 Excel 打开后另存一份再试")
