"""The person's own policies: official texts they added, one readable file each, in the shape of policies/*.yaml.

The store is a folder of theirs (`policies_dir` of the settings), never part of the program. Everything here takes
the folder and may be called from a command or a page alike.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.document import Document as Source
from assistant.errors import PolicyError
from assistant.policies.clause import KINDS, NATIONAL, UNDATED, Document, Policies, read_policies
from assistant.policies.ingest import Text, recognised
from assistant.policies.library import default_store, load_policies
from assistant.text.document_number import Number, number_in
from assistant.text.regions import plain, region_of

FIRST_LINE = "# 官方文本，由 assistant policies add 读入；文字为原文，其余各键可以修改（含义见政策库说明）。\n"
_PENALTIES = re.compile(r"法律责任|罚则|责任追究|处罚|处分")
"""Chapters whose clauses are penalties: a review comment is no accusation."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says of a document; what is None or empty is told from its text.

    `years` are the first and last evaluation year it governs, either may be None. `document` names the
    shipped document it is the text of, where number and title don't tell.
    """

    number: str = ""
    title: str = ""
    region: str = ""
    kind: str = ""
    years: tuple[int | None, int | None] | None = None
    superseded_by: str = ""
    document: str = ""


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Added:
    """A document that was added: how many clauses, how many digests they took the place of, and what to look at
    (Chinese sentences)."""

    document: Document
    clauses: int
    replaced: int
    remarks: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.document.id,
            "number": self.document.number,
            "title": self.document.title,
            "clauses": self.clauses,
            "replaced": self.replaced,
            "remarks": list(self.remarks),
        }


def add(
    source: Source, said: Said = NOTHING, *, replace: bool = False, store: Path | None = None, region: str | None = None
) -> Added:
    """Put an official text into the store. `region` is the installation's own, which tells a city's province.

    Raises `PolicyError` for what is no policy, and for one that is there already unless `replace`.
    """
    store = store or default_store()
    text = recognised(source)
    policies = load_policies(store)
    shipped = _shipped_one(text, said, policies)
    document, remarks = _document(source, text, said, policies, shipped, region)
    own = _own(policies)
    _refuse_twice(source, document, own, replace)
    for other in own:
        if other.text_sha256 == document.text_sha256 and other.id != document.id:
            _path(store, other.id).unlink(missing_ok=True)
    _write(store, document, text)
    merged = load_policies(store)
    before = {clause.id for clause in policies.clauses_of(document.id) if not clause.official}
    replaced = sum(clause.official and clause.id in before for clause in merged.clauses_of(document.id))
    return Added(document, len(text.units), replaced, (*text.problems, *remarks))


def told(added: Added) -> str:
    """What was added, for the person who did."""
    document = added.document
    replaced = f"，取代其中 {added.replaced} 条摘要" if added.replaced else ""
    lines = [f"已添加《{document.title}》{document.number}：{added.clauses} 条{replaced}（编号 {document.id}）。"]
    return "\n".join([*lines, *(f"  请留意：{remark}" for remark in added.remarks)])


def remove(name: str, *, store: Path | None = None) -> Document:
    """Take a document the person added out of the store, named by id, number or title; shipped digests come back."""
    store = store or default_store()
    named = _path(store, name)
    if named.parent == store and named.is_file():
        # Also one that can no longer be read: removing it is the way out.
        document = _readable(named)
        named.unlink()
        return document or Document(name, "", name, "", "", "", "law", NATIONAL, "binding", own=True)
    document, _ = load_policies(store).find(name)
    if not document.own:
        raise PolicyError(f"{document.id} 是程序自带的摘要，不能删除；只能删除自己添加的文件。")
    _path(store, document.id).unlink()
    return document


def _own(policies: Policies) -> list[Document]:
    return [document for document in policies.documents.values() if document.own]


def _readable(path: Path) -> Document | None:
    try:
        return next(iter(read_policies([path]).documents.values()))
    except PolicyError:
        return None


def _refuse_twice(source: Source, document: Document, own: Iterable[Document], replace: bool) -> None:
    for other in own:
        if replace:
            continue
        if other.text_sha256 == document.text_sha256:
            raise PolicyError(
                f"没有添加 {source.name}：同样的文字已在 {other.id}《{other.title}》中。如需重新添加，请加 --replace。"
            )
        if other.id == document.id:
            raise PolicyError(
                f"没有添加 {source.name}：{other.id}《{other.title}》已经添加过。如需用这份文字取代它，请加 --replace。"
            )


# --- what is known of a document -------------------------------------------------------------


def _shipped_one(text: Text, said: Said, policies: Policies) -> Document | None:
    """The document in the library this is the text of: by what the person says, by number, or by title."""
    if said.document:
        return policies.find(said.document)[0]
    number, title = number_in(said.number or text.number), _bare(said.title or text.title)
    year = (text.date or text.in_force)[:4]
    alike = []
    for document in policies.documents.values():
        other = number_in(document.number)
        same_number = number is not None and number == other
        same_title = bool(title) and title == _bare(document.title) and (number is None or other is None)
        # Laws keep title and number through their revisions: the year tells which one this is.
        revised = document.kind == "law" and year and document.date[:4].isdigit() and document.date[:4] != year
        if (same_number or same_title) and not revised:
            alike.append(document)
    return alike[0] if len(alike) == 1 else None


def _bare(title: str) -> str:
    """A title without its qualifiers, its country and the notice that issues it; one that only speaks of another
    document (《…》解读, 关于贯彻落实《…》的通知) is no other name of that one."""
    title = unicodedata.normalize("NFKC", title)
    issued = re.search(r"(?:印发|发布|公布|颁布|转发)[^《〈<]*[《〈<](.+)[》〉>]", title)
    title = re.sub(r"[\s《》〈〉<>]|\([^()]*\)", "", issued[1] if issued else title)
    return title.removeprefix("中华人民共和国")


def _document(
    source: Source, text: Text, said: Said, policies: Policies, shipped: Document | None, region: str | None
) -> tuple[Document, list[str]]:
    """The document, and what the person should look at or say."""
    number, title = said.number or text.number, said.title or text.title or (shipped.title if shipped else "")
    if not title:
        raise PolicyError(f"没有添加 {source.name}：没有认出文件名称。请用 --title 写明。")
    if said.kind and said.kind not in KINDS:
        raise PolicyError(f"没有名为 {said.kind} 的种类。可选：{'、'.join(KINDS)}。")
    remarks: list[str] = []
    successor = _successor(said, policies)
    where = said.region or (shipped.region if shipped else "") or _region(text, title, policies, region, remarks)
    years = _years(text, said, shipped, number, successor, remarks)
    document = Document(
        id=shipped.id if shipped else _id(number_in(number), title, text.date),
        number=number or (shipped.number if shipped else "（无文号）"),
        title=title,
        issuer=text.issuer or (shipped.issuer if shipped else ""),
        date=text.date or text.in_force or (shipped.date if shipped else UNDATED),
        status="征求意见稿，尚未生效" if text.draft else shipped.status if shipped else "按原文添加，效力以原文为准",
        kind=said.kind or (shipped.kind if shipped else _kind(title, number)),
        region=_without_suffix(where),
        standing=shipped.standing if shipped else _standing(title, text.draft),
        years=years,
        superseded_by=successor.id if successor else shipped.superseded_by if shipped else None,
        about=shipped.about if shipped else (),
        own=True,
        file=source.name,
        added=datetime.date.today().isoformat(),
        text_sha256=_checksum(text),
        repeals=text.repeals,
    )
    if not number and not shipped:
        remarks.append("没有认出文号；如有，请用 --number 写明。")
    if text.draft:
        remarks.append("这是征求意见稿，只作参考。")
    return document, remarks


def _successor(said: Said, policies: Policies) -> Document | None:
    return policies.find(said.superseded_by)[0] if said.superseded_by else None


def _region(text: Text, title: str, policies: Policies, own: str | None, remarks: list[str]) -> str:
    known = (own, *(document.region for document in policies.documents.values()))
    found = region_of(text.issuer, title, known=tuple(filter(None, known)))
    if found is None:
        remarks.append("没有写明适用地域，暂按全国适用；如是地方文件，请用 --region 写明（省在前，如 山西阳泉）。")
    elif found != NATIONAL and region_of(found) != found:
        remarks.append(f"没有写明 {found} 属哪个省，请用 --region 写明（省在前，如 山西阳泉）。")
    return found or NATIONAL


def _without_suffix(region: str) -> str:
    """山西省阳泉市 -> 山西阳泉, 全国 -> national."""
    return NATIONAL if region in ("全国", NATIONAL) else plain(region)


def _years(
    text: Text, said: Said, shipped: Document | None, number: str, successor: Document | None, remarks: list[str]
) -> tuple[int | None, int | None]:
    """The evaluation years: as the person says, as the text says, as known of the digests, else from its date on."""
    if said.years:
        return said.years
    first, last = text.years if any(text.years) else (None, None)
    if shipped and first is None:
        first, last = shipped.years[0], last or shipped.years[1]
    elif first is None:
        known = number_in(number)
        year = (text.in_force or text.date)[:4] or (known.year if known else "")
        first = int(year) if year else None
        remarks.append(
            f"没有写明适用的评价年度，按日期定为{first}年起；如有不同，请用 --year 写明（如 2022 或 2022-2025）。"
            if first
            else "没有写明日期和适用的评价年度，暂按各年度都适用；请用 --year 写明（如 2022 或 2022-2025）。"
        )
    if successor and last is None and successor.years[0]:
        last = successor.years[0] - 1
    return first, last


def _kind(title: str, number: str) -> str:
    if re.search(r"绩效|评价", title):
        return "evaluation-rule"
    if title.startswith("中华人民共和国") or re.search(r"(?:法|条例)(?:$|[（(])", title) or "国务院令" in number:
        return "law"
    return "fund-regulation"


def _standing(title: str, draft: bool) -> str:
    """What is written for central departments, and what is no rule yet, binds nobody who fills in a local form."""
    return "reference" if draft or re.match(r"中央(?:部门|单位|和国家机关|本级)", title) else "binding"


def _id(number: Number | None, title: str, date: str) -> str:
    parts = [number.code, number.year, number.serial] if number else [title, date[:4]]
    return "-".join(re.sub(r"[^0-9A-Za-z一-鿿]", "", part) for part in parts if part)


def _checksum(text: Text) -> str:
    said = "\n".join(f"{unit.key} {re.sub(r'[^0-9A-Za-z一-鿿]', '', unit.text)}" for unit in text.units)
    return hashlib.sha256(unicodedata.normalize("NFKC", said).encode()).hexdigest()


# --- the file --------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Keys in the order given, clauses as blocks of text, lists of years on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text_node)


def _path(store: Path, document_id: str) -> Path:
    return store / f"{document_id}.yaml"


def _write(store: Path, document: Document, text: Text) -> None:
    """Written beside and renamed into place, so that no other process reads half a file."""
    data = FIRST_LINE + yaml.dump(
        _shaped(document, text), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    try:
        store.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".adding-", dir=store)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(data)
        os.replace(name, _path(store, document.id))
    except OSError as error:
        raise PolicyError(
            f"无法写入政策文件夹 {store}（{error.strerror}）。请检查权限，或用设置 policies_dir 换一个文件夹。"
        ) from error


def _shaped(document: Document, text: Text) -> dict[str, Any]:
    """The document as a policy file holds it, without what is empty."""
    first, last = document.years
    years = {name: year for name, year in (("from", first), ("until", last)) if year}
    shaped = {
        "id": document.id,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer,
        "date": document.date,
        "status": document.status,
        "kind": document.kind,
        "region": document.region,
        "standing": document.standing,
        "years": years,
        "superseded_by": document.superseded_by,
        "about": list(document.about),
        "repeals": list(document.repeals),
        "own": True,
        "file": document.file,
        "added": document.added,
        "text_sha256": document.text_sha256,
    }
    kept = {key: value for key, value in shaped.items() if value or key in ("issuer", "date")}
    return kept | {"clauses": [_clause(document, unit) for unit in text.units]}


def _clause(document: Document, unit: Any) -> dict[str, Any]:
    shaped = {
        "id": f"{document.id}#{unit.key}",
        "article": unit.article,
        "chapter": unit.chapter,
        "text": unit.text,
        "sanction": bool(_PENALTIES.search(unit.chapter)),
        "confidence": "verified",
        "source": document.file,
        "note": f"{document.added} 由使用者添加的原文",
    }
    return {key: value for key, value in shaped.items() if value}
