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
from assistant.policies.alignment import over, unmatched
from assistant.policies.bearing import bearing
from assistant.policies.clause import KINDS, NATIONAL, UNDATED, Document, Policies, clauses_in, read_file, read_policies
from assistant.policies.document_number import Number, number_in
from assistant.policies.ingest import recognised
from assistant.policies.ingest.dates import iso
from assistant.policies.ingest.lines import DATE
from assistant.policies.ingest.naming import is_interpretation
from assistant.policies.ingest.naming import plain as plain_title
from assistant.policies.ingest.official_text import Text, Unit
from assistant.policies.library import default_store, load_policies, shipped_policies
from assistant.text.regions import plain, region_of

FIRST_LINE = "# 官方文本，由 assistant policies add 读入；文字为原文，其余各键可以修改（含义见政策库说明）。\n"
NO_NUMBER = "（无文号）"
BY_ITS_TEXT = "按原文添加，效力以原文为准"
_PENALTIES = re.compile(r"法律责任|罚则|责任追究|处罚|处分")
"""Chapters whose clauses are penalties: a review comment is no accusation."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says of a document; what is None or empty is told from its text.

    `date` is ISO. `years` are the first and last evaluation year it governs, either may be None. `document` names the
    shipped document it is the text of, where number and title don't tell.
    """

    number: str = ""
    title: str = ""
    date: str = ""
    region: str = ""
    kind: str = ""
    years: tuple[int | None, int | None] | None = None
    superseded_by: str = ""
    document: str = ""


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of a text, before it is kept.

    `replaced` are the digests that its clauses take the place of, by id with the article; `left` the digests of the
    same document that stay, each with why. `doubts` are Chinese sentences on what the person has to say first (nothing
    is kept while there is one), `remarks` such on what to look at. `former` is the document in the store it would
    replace, if any.
    """

    document: Document
    text: Text
    replaced: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]
    remarks: tuple[str, ...]
    former: Document | None = None

    @property
    def clauses(self) -> int:
        return len(self.text.numbered)

    @property
    def beside(self) -> int:
        """Indicators of annexed tables, which are clauses as well."""
        return len(self.text.units) - len(self.text.numbered)

    def to_json(self) -> dict[str, Any]:
        document = self.document
        return {
            "id": document.id,
            "number": document.number,
            "title": document.title,
            "date": document.date,
            "in_force": self.text.in_force,
            "issuer": document.issuer,
            "region": document.region,
            "clauses": self.clauses,
            "indicators": self.beside,
            "names": [unit.article for unit in self.text.units],
            "replaced": len(self.replaced),
            "left": [{"digest": digest, "why": why} for digest, why in self.left],
            "doubts": list(self.doubts),
            "remarks": list(self.remarks),
        }


def take(source: Source, said: Said = NOTHING, *, store: Path | None = None, region: str | None = None) -> Taken:
    """What a file holds, without keeping it. `region` is the installation's own, which tells a city's province.

    Raises `PolicyError` for what is no policy.
    """
    store = store or default_store()
    text = recognised(source)
    policies = load_policies(store)
    shipped = _shipped_one(text, said, policies)
    document, doubts, remarks = _document(source, text, said, policies, shipped, region)
    own = Policies({document.id: document}, {one.id: one for one in clauses_in(shaped(document, text))}, "")
    digests = {one.id: one for one in shipped_policies().clauses_of(document.id)}
    merged = over(Policies({document.id: document}, digests, ""), own)
    replaced = tuple((one.id, one.article) for one in merged.clauses.values() if one.official and one.id in digests)
    left = tuple((f"{one.article}（{one.id}）", why) for one, why in unmatched(document.id, merged))
    former = next((one for one in _own(policies) if _is_same(one, document)), None)
    return Taken(document, text, replaced, left, doubts, (*text.problems, *remarks), former)


def keep(taken: Taken, source: Source, *, replace: bool = False, store: Path | None = None) -> Taken:
    """Put what was taken into the store. Raises `PolicyError` for a doubt, and for what is there already unless `replace`."""
    store = store or default_store()
    if taken.doubts:
        raise PolicyError(f"没有添加 {source.name}：{''.join(taken.doubts)}")
    own = _own(load_policies(store))
    _refuse_twice(source, taken.document, own, replace)
    for other in own:
        if other.text_sha256 == taken.document.text_sha256 and other.id != taken.document.id:
            path_of(store, other.id).unlink(missing_ok=True)
    write(store, shaped(taken.document, taken.text))
    return taken


def add(
    source: Source, said: Said = NOTHING, *, replace: bool = False, store: Path | None = None, region: str | None = None
) -> Taken:
    """Take and keep in one."""
    return keep(take(source, said, store=store, region=region), source, replace=replace, store=store)


def shown(taken: Taken) -> list[str]:
    """What was taken, a line each, for the person to compare with the document."""
    document, text = taken.document, taken.text
    names = [unit.article for unit in text.numbered]
    named = "、".join(names[:3]) + (f"……{names[-1]}" if len(names) > 4 else "".join(f"、{one}" for one in names[3:]))
    beside = f"；另有附表指标 {taken.beside} 项" if taken.beside else ""
    lines = [
        f"名称：{document.title or '没有认出'}",
        f"文号：{document.number}",
        f"印发机关：{document.issuer or '没有认出'}",
        f"日期：{document.date}" + (f"，{text.in_force} 起施行" if text.in_force else ""),
        f"条款：{taken.clauses} 条（{named}）{beside}",
    ]
    if taken.replaced or taken.left:
        lines.append(f"同一文件的自带摘要：{len(taken.replaced)} 条由原文取代，{len(taken.left)} 条没有取代")
        lines += [f"　没有取代 {digest}：{why}" for digest, why in taken.left]
    if taken.former:
        lines.append(f"将取代已添加的 {taken.former.id}《{taken.former.title}》")
    return lines


def told(added: Taken) -> str:
    """What was added, for the person who did."""
    document = added.document
    replaced = f"，取代其中 {len(added.replaced)} 条摘要" if added.replaced else ""
    beside = f"，附表指标 {added.beside} 项" if added.beside else ""
    number = "" if document.number.startswith("（") else document.number
    lines = [f"已添加《{document.title}》{number}：{added.clauses} 条{beside}{replaced}（编号 {document.id}）。"]
    return "\n".join([*lines, *(f"  请留意：{remark}" for remark in added.remarks)])


def amend(
    document_id: str,
    *,
    number: str,
    title: str,
    date: str,
    ended: bool,
    until: int | None = None,
    store: Path | None = None,
) -> Document:
    """Say otherwise of a document in the store: its number, title and date, and that it no longer holds (`until`: the
    last evaluation year it did). Its id stays, so that what was decided on it still names it.
    """
    store = store or default_store()
    document, _ = load_policies(store).find(document_id)
    if not document.own:
        raise PolicyError(f"{document.id} 是程序自带的摘要，不能修改；请添加这份文件的原文。")
    if not title.strip():
        raise PolicyError("名称不能为空。")
    data = read_file(path_of(store, document.id))
    data |= {"number": number.strip() or NO_NUMBER, "title": title.strip(), "date": iso_date(date) or UNDATED}
    data.pop("ended", None)
    years = {name: year for name, year in (data.get("years") or {}).items() if name != "until" or not document.ended}
    if ended:
        data["ended"] = True
        years |= {"until": until} if until else {}
    write(store, {**data, "years": years})
    return load_policies(store).documents[document.id]


def remove(name: str, *, store: Path | None = None) -> Document:
    """Take a document the person added out of the store, named by id, number or title; shipped digests come back."""
    store = store or default_store()
    named = path_of(store, name)
    if named.parent == store and named.is_file():
        # Also one that can no longer be read: removing it is the way out.
        document = _readable(named)
        named.unlink()
        return document or Document(name, "", name, "", "", "", "law", NATIONAL, "binding", own=True)
    document, _ = load_policies(store).find(name)
    if not document.own:
        raise PolicyError(f"{document.id} 是程序自带的摘要，不能删除；只能删除自己添加的文件。")
    path_of(store, document.id).unlink()
    return document


def _own(policies: Policies) -> list[Document]:
    return [document for document in policies.documents.values() if document.own]


def _readable(path: Path) -> Document | None:
    try:
        return next(iter(read_policies([path]).documents.values()))
    except PolicyError:
        return None


def _is_same(other: Document, document: Document) -> bool:
    return other.id == document.id or other.text_sha256 == document.text_sha256


def _refuse_twice(source: Source, document: Document, own: Iterable[Document], replace: bool) -> None:
    for other in own:
        if replace or not _is_same(other, document):
            continue
        if other.text_sha256 == document.text_sha256:
            raise PolicyError(
                f"没有添加 {source.name}：同样的文字已在 {other.id}《{other.title}》中。如需重新添加，请加 --replace。"
            )
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
    by_number, by_title = [], []
    for document in policies.documents.values():
        # Laws keep title and number through their revisions: the year tells which one this is.
        revised = document.kind == "law" and year and document.date[:4].isdigit() and document.date[:4] != year
        if revised or is_interpretation(document.title) != text.interpretation:
            continue
        other = number_in(document.number)
        if number is not None and number == other:
            by_number.append(document)
        elif title and title == _bare(document.title) and (number is None or other is None):
            by_title.append(document)
    alike = by_number or by_title
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
) -> tuple[Document, tuple[str, ...], list[str]]:
    """The document, what the person has to say before it is kept, and what to look at."""
    number, title = said.number or text.number, said.title or _title(text, shipped)
    if said.kind and said.kind not in KINDS:
        raise PolicyError(f"没有名为 {said.kind} 的种类。可选：{'、'.join(KINDS)}。")
    doubts = [
        doubt for doubt in text.doubts if not (number and "--number" in doubt) and not (title and "--title" in doubt)
    ]
    remarks: list[str] = []
    successor = _successor(said, policies)
    date = iso_date(said.date) or text.date or text.in_force or (shipped.date if shipped else UNDATED)
    where = said.region or (shipped.region if shipped else "") or _region(text, title, policies, region, remarks)
    years = _years(text, said, shipped, number, date, successor, remarks)
    document = Document(
        id=shipped.id if shipped else _id(number_in(number), title, date),
        number=number or (shipped.number if shipped else NO_NUMBER),
        title=title,
        issuer=text.issuer or (shipped.issuer if shipped else ""),
        date=date,
        status="征求意见稿，尚未生效" if text.draft else shipped.status if shipped else BY_ITS_TEXT,
        kind=said.kind or (shipped.kind if shipped else _kind(title, number)),
        region=_without_suffix(where),
        standing=shipped.standing if shipped else _standing(title, text),
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
    if text.interpretation:
        remarks.append("这是对文件的解读，不是规定，只作参考。")
    return document, tuple(doubts), remarks


def _title(text: Text, shipped: Document | None) -> str:
    """As the text gives it; where it leaves out who issued it, as we know it (中共中央 国务院关于…的意见)."""
    if shipped and (not text.title or plain_title(shipped.title).endswith(plain_title(text.title))):
        return shipped.title
    return text.title


def iso_date(said: str) -> str:
    """A day as a person writes it (2022-11-18, 2022年11月18日), ISO; raises `PolicyError` for anything else."""
    if not said.strip() or said.strip() == UNDATED:
        return ""
    day = iso(DATE.search(said))
    if not day:
        raise PolicyError(f"日期 {said} 不正确。请写成 2022-11-18。")
    return day


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
    text: Text,
    said: Said,
    shipped: Document | None,
    number: str,
    date: str,
    successor: Document | None,
    remarks: list[str],
) -> tuple[int | None, int | None]:
    """The evaluation years: as the person says, as the text says, as known of the digests, else from its date on."""
    if said.years:
        return said.years
    first, last = text.years if any(text.years) else (None, None)
    if shipped and first is None:
        first, last = shipped.years[0], last or shipped.years[1]
    elif first is None:
        known = number_in(number)
        year = (text.in_force or date.removeprefix(UNDATED))[:4] or (known.year if known else "")
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


def _standing(title: str, text: Text) -> str:
    """What is written for central departments, and what is no rule (yet), binds nobody who fills in a local form."""
    return (
        "reference"
        if text.draft or text.interpretation or re.match(r"中央(?:部门|单位|和国家机关|本级)", title)
        else "binding"
    )


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


def path_of(store: Path, document_id: str) -> Path:
    return store / f"{document_id}.yaml"


def write(store: Path, shaped: dict[str, Any]) -> None:
    """Written beside and renamed into place, so that no other process reads half a file."""
    data = FIRST_LINE + yaml.dump(shaped, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    try:
        store.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".adding-", dir=store)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(data)
        os.replace(name, path_of(store, shaped["id"]))
    except OSError as error:
        raise PolicyError(
            f"无法写入政策文件夹 {store}（{error.strerror}）。请检查权限，或用设置 policies_dir 换一个文件夹。"
        ) from error


def shaped(document: Document, text: Text) -> dict[str, Any]:
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
    return kept | {"clauses": [_clause(document, text, unit) for unit in text.units]}


def _clause(document: Document, text: Text, unit: Unit) -> dict[str, Any]:
    shaped = {
        "id": f"{document.id}#{unit.key}",
        "article": unit.article,
        "chapter": unit.chapter,
        "text": unit.text,
        "rules": list(bearing(unit.text)),
        "sanction": bool(_PENALTIES.search(unit.chapter)),
        "confidence": "excerpt" if text.scanned else "verified",
        "source": document.file,
        "note": f"{document.added} 由使用者添加的{'扫描件，文字由程序识别，未核对' if text.scanned else '原文'}",
    }
    return {key: value for key, value in shaped.items() if value}
