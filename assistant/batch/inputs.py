"""PATH… -> Input: files, folders, archives and archives within them, in an order that is the same every time.

A rar or 7z is packed anew as a zip when it is opened (`repacked.py`), so that what is said of zips here holds for them.

Listing reads names only, never contents, so that a folder of 40,000 files begins at once; `Opener.data` gives the bytes of
one input when its turn comes. A zip is never held in memory whole: one within another is unpacked to a temporary file. Every
file is an input, whatever its kind: what cannot be read is told with its reason (`trouble`, where listing shows it already). Sizes that a zip states are believed only as an upper
limit: `zipfile` stops reading there.
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assistant.batch.repacked import as_zip, is_packed
from assistant.errors import ReadError, SettingsError
from assistant.read.file_name import apart, shown
from assistant.read.kind import SUFFIXES
from assistant.read.refusal import MAX_BYTES
from assistant.read.sources import is_ours

ARCHIVES = (".zip", ".rar", ".7z")
DEEPEST = 5
"""Zips within zips; deeper ones are made to hurt."""
MOST_ENTRIES = 200_000
"""Entries of one zip. A province's forms of a year are a tenth of that."""
MOST_UNPACKED = 32 * 2**30
"""Bytes that the forms of one zip may have together after unpacking."""
LARGEST_NESTED = 4 * 2**30
BOMB_RATIO = 200
BOMB_BYTES = 16 * 2**20
"""Word files of blank cells pack 50 : 1; what packs better than `BOMB_RATIO` and is this large is no form."""
_DIRECTORY_BYTES = 64 * 2**20

_KNOWN = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes if suffix)
_SYSTEM = ("__MACOSX", "Thumbs.db", "desktop.ini", ".DS_Store")
MOST_NAMED = 5
"""Of the files that are passed over; the rest are counted."""
_BAD_ZIP = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error, struct.error)


@dataclass(frozen=True, slots=True)
class Input:
    """One file to screen. `members` leads through zips, by position in each; `print` changes when the file on disk does."""

    name: str
    path: str
    members: tuple[int, ...] = ()
    print: str = ""
    trouble: str = ""

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


@dataclass(slots=True)
class Listing:
    """What was found in folders and zips and is no input: files of ours, and hidden ones that might be forms."""

    ours: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def told(self) -> str:
        parts = (("本程序写出的文件", self.ours), ("隐藏文件或临时文件", self.hidden))
        return "".join(
            f"另有 {len(names)} 个{why}没有读取：{'、'.join(names[:MOST_NAMED])}{'等' * (len(names) > MOST_NAMED)}。"
            for why, names in parts
            if names
        )


def named_in(file: Path) -> list[str]:
    """The paths that a list names, one a line; in a CSV the first column. A relative path starts at the list's folder."""
    from assistant.read.kind import decoded

    try:
        text, _ = decoded(file.read_bytes(), file.name)
    except OSError as error:
        raise SettingsError(f"无法读取清单 {file}（{error.strerror}）。请检查路径。") from error
    except ReadError as error:
        raise SettingsError(str(error)) from error
    lines = text.lstrip("\ufeff").splitlines()
    if file.suffix.lower() == ".csv":
        import csv

        lines = [row[0] for row in csv.reader(lines) if row]
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [str(file.parent / name) for name in names]


def inputs(paths: Iterable[str], opener: Opener, listing: Listing, besides: Path | None = None) -> Iterator[Input]:
    """Every input the paths hold, folders by name. `besides` is the run's own folder, which holds no inputs.

    No two have one name: what a person and the journal know an input by would stand for both.
    """
    taken: set[str] = set()
    for one in _inputs(paths, opener, listing, besides):
        name = apart(shown(one.name), taken)
        yield one if name == one.name else replace(one, name=name)


def _inputs(paths: Iterable[str], opener: Opener, listing: Listing, besides: Path | None) -> Iterator[Input]:
    called: dict[str, str] = {}
    for path in dict.fromkeys(os.path.abspath(path) for path in paths):
        base = os.path.basename(path) or path
        name = base if called.setdefault(base, path) == path else path  # two of one name are told apart by their paths
        if os.path.isdir(path):
            found = False
            for one, trouble in _folder(path, besides, listing):
                found = True
                called_so = name + one[len(path) :].replace(os.sep, "/")
                if trouble:
                    yield Input(called_so, one, trouble=f"无法读取 {_last(shown(called_so))}：{trouble}")
                else:
                    yield from _file(one, called_so, opener, listing)
            if not found:
                yield Input(name, path, trouble=f"文件夹 {shown(path)} 中没有可以读取的文件。")
        else:
            yield from _file(path, name, opener, listing)


def _folder(folder: str, besides: Path | None, listing: Listing) -> Iterator[tuple[str, str]]:
    """The files below a folder, and the folders that may not be looked into, with the reason."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError as error:
        yield folder, f"文件夹打不开（{error.strerror}），其中的文件没有读取。请检查权限后再试。"
        return
    for name, is_folder in found:
        path = os.path.join(folder, name)
        if is_folder:
            if not _hidden(name) and (besides is None or Path(path).resolve() != besides):
                yield from _folder(path, besides, listing)
        elif _counts(name, listing):
            yield path, _no_file(path)


def _no_file(path: str) -> str:
    """Why a path is no file to read; empty where it is one, or is not there, which reading it will say."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return ""
    if stat.S_ISREG(mode):
        return ""
    kind = "指向文件夹的链接" if stat.S_ISDIR(mode) else "设备或管道"
    return f"这是{kind}，不是文件。请直接选择其中的文件或文件夹。"


def _hidden(part: str) -> bool:
    return part.startswith((".", "~$")) or part in _SYSTEM


def _counts(name: str, listing: Listing) -> bool:
    """Whether a file found in a folder or zip is an input: all are, but for hidden ones and our own."""
    path = PurePosixPath(name.replace("\\", "/"))
    if any(_hidden(part) for part in path.parts):
        if (
            path.suffix.lower() in (*_KNOWN, *ARCHIVES)
            and not path.name.startswith("._")
            and "__MACOSX" not in path.parts
        ):
            listing.hidden.append(shown(path.name))
        return False
    if is_ours(path):
        listing.ours.append(shown(path.name))
        return False
    return True


def fingerprint(path: str) -> str:
    """Changes whenever the file on disk does: its size and times."""
    try:
        stat = os.stat(path)
    except OSError:
        return ""
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ctime_ns}"


def _file(path: str, name: str, opener: Opener, listing: Listing) -> Iterator[Input]:
    given = Input(name, path, print=fingerprint(path))
    if why := _no_file(path):
        yield replace(given, trouble=f"无法读取 {_last(shown(name))}：{why}")
    elif given.suffix in ARCHIVES:
        yield from _within(given, opener, listing)
    else:
        yield given


def _within(archive: Input, opener: Opener, listing: Listing) -> Iterator[Input]:
    """The inputs of a zip; the zip itself, with the reason, where it cannot be opened."""

    def told(why: str) -> Input:
        return Input(
            archive.name, archive.path, archive.members, archive.print, f"无法读取 {_last(shown(archive.name))}：{why}"
        )

    if len(archive.members) >= DEEPEST:
        yield told("压缩包套压缩包层数过多。请先解压再选择其中的文件。")
        return
    try:
        entries = opener.entries(archive)
    except ReadError as error:
        yield told(str(error))
        return
    unpacked = 0
    any_form = False
    for at, info in sorted(entries, key=lambda one: one_name(one[1])):
        name = one_name(info)
        if info.is_dir() or not _counts(name, listing):
            continue
        any_form = True
        unpacked += info.file_size
        if unpacked > MOST_UNPACKED:
            yield told(f"解压后超过 {MOST_UNPACKED // 2**30} GB，其余文件没有读取。请分成几个压缩包。")
            return
        inner = Input(f"{archive.name}/{name}", archive.path, (*archive.members, at), archive.print)
        if inner.suffix in ARCHIVES:
            yield from _within(inner, opener, listing)
        else:
            yield inner
    if not any_form:
        yield told("压缩包中没有可以读取的文件。")


def _last(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def one_name(info: zipfile.ZipInfo) -> str:
    """An entry's name as its maker wrote it; parts that would lead out of the zip are left out."""
    parts = [part for part in _written(info).replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts)


def _written(info: zipfile.ZipInfo) -> str:
    """Chinese Windows packs names in GBK and does not say so; others write UTF-8 without the flag, or a field of its own."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename  # zipfile has used the field itself
    at = 0
    while at + 4 <= len(info.extra):
        kind, size = struct.unpack_from("<HH", info.extra, at)
        value = info.extra[at + 4 : at + 4 + size]
        if kind == 0x7075 and len(value) > 5 and struct.unpack_from("<I", value, 1)[0] == zlib.crc32(raw):
            return value[5:].decode("utf-8", errors="replace")
        at += 4 + size
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


class Opener:
    """Gives the bytes of inputs. Keeps the zips on the way to the last one open, as inputs come in the order of their zips."""

    def __init__(self) -> None:
        self._open: list[tuple[tuple[str, tuple[int, ...]], zipfile.ZipFile, IO[bytes]]] = []

    def close(self) -> None:
        while self._open:
            _, archive, file = self._open.pop()
            archive.close()
            file.close()

    def entries(self, archive: Input) -> list[tuple[int, zipfile.ZipInfo]]:
        """The entries of a zip with their positions. Raises `ReadError` with a reason, without the name."""
        return list(enumerate(self._archive(archive.path, archive.members).infolist()))

    def data(self, one: Input) -> bytes:
        """The bytes of an input. Raises `ReadError` as `assistant.read` words it."""
        from assistant.read.refusal import unreadable

        name = _last(one.name)
        if one.trouble:
            raise ReadError(one.trouble)
        try:
            if not one.members:
                return _read_file(one.path, name)
            archive = self._archive(one.path, one.members[:-1])
            info = archive.infolist()[one.members[-1]]
            _refuse(info, MAX_BYTES)
            return archive.read(info)
        except ReadError as error:
            raise error if str(error).startswith("无法读取") else ReadError(f"无法读取 {name}：{error}") from error
        except OSError as error:
            raise unreadable(name, f"读取出错（{error.strerror}）", "请检查磁盘或网络位置后再试") from error
        except (*_BAD_ZIP, IndexError) as error:
            raise unreadable(name, "压缩包中的这一份已损坏或设有密码", "请重新压缩，或解压后再试") from error

    def _archive(self, path: str, members: tuple[int, ...]) -> zipfile.ZipFile:
        key = (path, members)
        file: Any
        while self._open and not (
            self._open[-1][0][0] == path and members[: len(self._open[-1][0][1])] == self._open[-1][0][1]
        ):
            _, archive, file = self._open.pop()
            archive.close()
            file.close()
        if self._open and self._open[-1][0] == key:
            return self._open[-1][1]
        try:
            if members:
                outer = self._archive(path, members[:-1])
                info = outer.infolist()[members[-1]]
                _refuse(info, LARGEST_NESTED)
                file = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the zip is
                with outer.open(info) as packed:
                    shutil.copyfileobj(packed, file, 2**20)
            else:
                file = open(path, "rb")  # noqa: SIM115
            if is_packed(file):
                packed, file = file, as_zip(file, MOST_ENTRIES)
                packed.close()
            _refuse_directory(file)
            opened = zipfile.ZipFile(file)
        except FileNotFoundError as error:
            raise ReadError(f"找不到这个文件。请检查路径 {shown(path)}。") from error
        except OSError as error:
            raise ReadError(f"读取出错（{error.strerror}）。请检查磁盘或网络位置后再试。") from error
        except _BAD_ZIP as error:
            why = (
                "压缩包设有密码"
                if "encrypted" in str(error) or "password" in str(error)
                else "压缩包已损坏或没有传完整"
            )
            raise ReadError(f"{why}。请重新压缩，或解压后再试。") from error
        self._open.append((key, opened, file))
        return opened


def _read_file(path: str, name: str) -> bytes:
    from assistant.read.refusal import unreadable

    try:
        if os.path.getsize(path) > MAX_BYTES:
            raise ReadError(f"文件超过 {MAX_BYTES // 2**20} MB。请只保留自评表，压缩图片后重新保存。")
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError as error:
        raise unreadable(name, "找不到这个文件", f"请检查路径 {shown(path)}") from error
    except PermissionError as error:
        raise unreadable(name, "没有读取权限，或文件正被其他程序占用", "请关闭占用它的程序或检查权限后再试") from error


def _refuse(info: zipfile.ZipInfo, most: int) -> None:
    if info.flag_bits & 0x1:
        raise ReadError("压缩包设有密码。请解压后再选择其中的文件。")
    if info.file_size > most:
        raise ReadError(f"解压后超过 {most // 2**20} MB。请只保留自评表后重新保存。")
    if info.file_size > BOMB_BYTES and info.file_size > BOMB_RATIO * max(1, info.compress_size):
        raise ReadError("压缩比异常，不像自评表，没有解压。请检查文件来源。")


def _refuse_directory(file: IO[bytes]) -> None:
    """A zip's directory is read whole by `zipfile`; one far larger than any of forms is refused first."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_600))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return  # zipfile says so
    entries, directory = struct.unpack_from("<H", tail, at + 10)[0], struct.unpack_from("<L", tail, at + 12)[0]
    zip64 = tail.rfind(b"PK\x06\x06")
    if zip64 >= 0 and len(tail) >= zip64 + 48:
        entries, directory = (
            struct.unpack_from("<Q", tail, zip64 + 32)[0],
            struct.unpack_from("<Q", tail, zip64 + 40)[0],
        )
    if entries > MOST_ENTRIES or directory > _DIRECTORY_BYTES:
        raise ReadError(f"压缩包中超过 {MOST_ENTRIES} 个文件。请分成几个压缩包。")
