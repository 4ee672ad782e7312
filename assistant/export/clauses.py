"""Policies as a person reads them: the list of documents, and one document or clause in full.

Whatever is shown says how far it was checked and whether it is the document's own text or our digest of it; our
advice stands apart from both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assistant.policies.clause import (
    ADDED_TEXT,
    CONFIDENCE,
    KINDS,
    NATIONAL,
    SCANNED_TEXT,
    UNDATED,
    Clause,
    Document,
    Policies,
)
from assistant.rules.rule import load

COLUMNS = ("编号", "文号", "名称", "施行或印发", "适用年度", "地域", "种类", "条款", "来源")
DIGEST_NOTICE = "自带的条款是本库用自己的话写的归纳，不是官方原文，引用前请核对；添加官方文本后以原文为准。"
ADVICE = "审核提示（不是文件的规定）"


def listing(policies: Policies) -> list[tuple[str, ...]]:
    """A row for each document, under `COLUMNS`; what the person added comes first."""
    documents = sorted(policies.documents.values(), key=lambda document: not document.own)
    return [
        (
            document.id,
            document.number,
            document.title,
            document.date,
            years(document),
            region(document.region),
            KINDS[document.kind],
            tally(policies.clauses_of(document.id)),
            origin(document, policies),
        )
        for document in documents
    ]


def listing_json(policies: Policies) -> list[dict[str, Any]]:
    return [_document_json(document, policies) for document in policies.documents.values()]


def years(document: Document) -> str:
    """2019年起, 2016—2018年, 不限; with what took its place."""
    first, last = document.years
    if first is None and last is None:
        said = "不限或未查到"
    elif first == last:
        said = f"{first}年"
    elif last is None:
        said = f"{first}年起"
    else:
        said = f"{first or ''}—{last}年"
    if document.ended:
        return f"{said}（已废止）"
    return f"{said}（已由 {document.superseded_by} 取代）" if document.superseded_by else said


def region(name: str) -> str:
    return "全国" if name == NATIONAL else name


def tally(clauses: Sequence[Clause]) -> str:
    """26条：已核原文20，待核6."""
    counts = Counter(clause.confidence_label for clause in clauses)
    said = "，".join(
        f"{label}{counts[label]}" for label in (ADDED_TEXT, SCANNED_TEXT, *CONFIDENCE.values()) if counts[label]
    )
    return f"{len(clauses)}条：{said}" if clauses else "0条"


def origin(document: Document, policies: Policies) -> str:
    """Whose it is, and whether its clauses are its own text or digests."""
    if not document.own:
        return "自带摘要"
    official = [clause.official for clause in policies.clauses_of(document.id)]
    return "本单位添加的原文" if all(official) else f"本单位添加的原文，另有{official.count(False)}条自带摘要"


def standing(document: Document) -> str:
    """What a document is to whoever fills in a form: the same words wherever it is shown."""
    if document.standing != "binding":
        return "仅供参照，不约束填表单位"
    return "可作依据" if document.region == NATIONAL else f"在{document.region}可作依据，其他地方仅供参照"


def issued(document: Document) -> str:
    """印发：财政部，2020-02-25; what is not known is left out."""
    known = (document.issuer, "" if document.date == UNDATED else document.date)
    return f"印发：{'，'.join(filter(None, known))}" if any(known) else ""


def shown(name: str, policies: Policies) -> str:
    """A document with its clauses, or a clause, as plain text. Raises `PolicyError` for an unknown name."""
    document, clauses = policies.find(name)
    lines = [
        f"《{document.title}》{document.number}",
        f"编号：{document.id}　来源：{origin(document, policies)}{f'（{document.file}，{document.added}）' if document.own else ''}",
        "　".join(filter(None, (issued(document), f"效力：{document.status}"))),
        f"适用：{region(document.region)}，{years(document)}　种类：{KINDS[document.kind]}",
        f"{standing(document)}。",
    ]
    if any(not clause.official for clause in clauses):
        lines.append(DIGEST_NOTICE)
    chapter = ""
    for clause in clauses:
        if clause.chapter and clause.chapter != chapter:
            chapter = clause.chapter
            lines += ["", chapter]
        lines += ["", *_clause(clause)]
    return "\n".join(lines)


def shown_json(name: str, policies: Policies) -> dict[str, Any]:
    document, clauses = policies.find(name)
    return _document_json(document, policies) | {
        "items": [
            clause.to_json() | {"rules": bearing(clause), "source": clause.source, "note": clause.note}
            for clause in clauses
        ]
    }


def bearing(clause: Clause) -> list[str]:
    """The rules that rest on a clause, first those whose authors chose it."""
    chosen = [] if clause.mismatched else [code for code, rule in load().items() if clause.id in rule.policy]
    return list(dict.fromkeys([*chosen, *clause.rules]))


def _clause(clause: Clause) -> list[str]:
    lines = [
        f"{clause.article}〔{clause.confidence_label}〕{'（罚则，不列为一般问题的依据）' if clause.sanction else ''}  {clause.id}"
    ]
    lines += [f"  {line}" for line in f"{clause.wording}：{clause.digest}".split("\n")]
    if clause.advice:
        lines.append(f"  {ADVICE}：{clause.advice}")
    rules = bearing(clause)
    if rules:
        lines.append(f"  有关规则：{'、'.join(rules)}")
    if clause.note or clause.source:
        lines.append(f"  核对情况：{'；'.join(part for part in (clause.note, clause.source) if part)}")
    return lines


def _document_json(document: Document, policies: Policies) -> dict[str, Any]:
    clauses = policies.clauses_of(document.id)
    counts = Counter(clause.confidence for clause in clauses)
    return {
        "id": document.id,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer,
        "date": document.date,
        "status": document.status,
        "years": {"from": document.years[0], "until": document.years[1]},
        "superseded_by": document.superseded_by,
        "ended": document.ended,
        "region": document.region,
        "kind": document.kind,
        "standing": document.standing,
        "clauses": len(clauses),
        "official": sum(clause.official for clause in clauses),
        "confidence": {name: counts[name] for name in CONFIDENCE if counts[name]},
        "own": document.own,
    }
