"""A file with an official text -> `Text`: number, title, issuer, dates, and its clauses one by one.

Articles (第十一条) are the clauses; a text without articles is split by its points (一、, （一）, 1.) or its questions; what
tables of indicators say of each is a clause of its own. What cannot be told is left empty, or asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.document import Document, Paragraph
from assistant.errors import ParseError, PolicyError
from assistant.form.injection import commands_in_policy
from assistant.policies.document_number import number_in
from assistant.policies.ingest import dates, naming
from assistant.policies.ingest.articles import articles, missing
from assistant.policies.ingest.lines import Lines, lines_of
from assistant.policies.ingest.notice import chosen, without_closing
from assistant.policies.ingest.official_text import Body, Text, Unit
from assistant.policies.ingest.points import points, questions
from assistant.policies.ingest.tables import indicators
from assistant.text.quotation import inner

MOST_NAMED = 3
MOST_CLAUSES = 2000
"""Far above any law; a file beyond it is no document of this kind."""


def recognised(document: Document) -> Text:
    """The official text in a document as read. Raises `PolicyError` for a document that is none."""
    whole = lines_of(document)
    first, body, left_out = _split(whole)
    rows = indicators(whole.lines, whole.tables)
    if not body and not rows:
        raise _not_a_policy(document)
    if len(body) + len(rows) > MOST_CLAUSES:
        raise _refused(document, f"条款超过 {MOST_CLAUSES} 条", "请只保留一份文件的正文")
    closing: list[str] = []
    ending = ""
    if body:
        ending = "\n".join(body[-1].text.split("\n")[-8:])
        body[-1], closing = without_closing(body[-1])
    head = whole.lines[:first]
    numbers = naming.own_numbers(head)
    number = numbers[0] if len(numbers) == 1 else number_in(document.name) if not numbers else None
    carried_out = naming.carried_out(head)
    issuer = naming.issuer([line for line in head if not carried_out or carried_out not in line], closing, number)
    said = "\n".join(unit.text for unit in body)
    by_article = bool(body) and body[0].key.startswith("art")
    brought = by_article or naming.brings(head, above=bool(body))
    title, to_look_at = naming.title(head, carried_out, issuer, brought=brought)
    if body and not by_article and not (number or naming.DOCUMENT.search(title)):
        raise _not_a_policy(document)
    excerpt = naming.is_excerpt(title)
    date = dates.issued(head, closing)
    scanned = any(block.confidence < 1 for block in document.blocks if isinstance(block, Paragraph))
    return Text(
        (*body, *rows),
        number=str(number) if number else "",
        title=naming.without_excerpt(title),
        issuer=issuer,
        date=date,
        in_force=dates.in_force(said, date, head),
        years=dates.years(title, said),
        draft="征求意见稿" in "\n".join((title, *head)),
        interpretation=naming.is_interpretation(title),
        excerpt=excerpt,
        scanned=scanned,
        repeals=dates.repealed(ending),
        problems=(
            *document.problems,
            *document.beside_tables,
            *(["文字由扫描图识别，可能有错字；请对照原件核对后再引用。"] if scanned else []),
            *(["这是节选，没有收入的条款不在政策库中。"] if excerpt else []),
            *left_out,
            *to_look_at,
            *_spoken("\n".join(head), [*body, *rows], closing),
        ),
        doubts=_doubts(numbers, title),
    )


def _doubts(numbers: Sequence[object], title: str) -> tuple[str, ...]:
    """What the person has to say before the text is kept."""
    doubts = []
    if len(numbers) > 1:
        doubts.append(
            f"文中有几个文号（{'、'.join(map(str, numbers))}），不能确定哪一个是本文件的。请用 --number 写明。"
        )
    if not title:
        doubts.append("没有认出文件名称。请用 --title 写明。")
    return tuple(doubts)


def _spoken(head: str, units: Sequence[Unit], closing: Sequence[str]) -> list[str]:
    """What is said of words in a text that are meant for a program; no official text has such."""
    texts = [("正文之前", head), *((unit.article, unit.text) for unit in units), ("正文之后", "\n".join(closing))]
    found = commands_in_policy(texts)
    if not found:
        return []
    where = "、".join(dict.fromkeys(name for name, _ in found[:MOST_NAMED])) + (
        "等处" if len(found) > MOST_NAMED else ""
    )
    return [
        f"{where}有写给程序的话（“{inner(found[0][1])}”）。条文只当作材料，程序不会照办；请对照原件核实是否为文件原文。"
    ]


def _refused(document: Document, why: str, remedy: str) -> PolicyError:
    return PolicyError(f"没有添加 {document.name}：{why}。{remedy}。")


def _not_a_policy(document: Document) -> PolicyError:
    from assistant.parse import parse

    try:
        parse(document)
    except ParseError:
        return _refused(
            document,
            "没有认出条款（第一条、第二条……或一、（一）……）",
            "请确认这是办法、规定、通知等文件的正文",
        )
    return _refused(document, "这是自评表，不是政策文件", "审核自评表请用 assistant review")


def _split(whole: Lines) -> tuple[int, list[Unit], list[str]]:
    """The line the clauses begin at, the clauses, and what was left out of them."""
    lines = whole.lines
    by_articles = articles(lines)
    by_article = chosen(by_articles, lines)
    by_points = points(lines)
    by_point = chosen(by_points, lines)
    # One article alone may be a quotation, unless nothing else gives the text an order.
    if by_article and (len(by_article.units) > 1 or not by_point):
        left_out = [*_others(by_articles, by_article, "条"), *_gaps(by_article)]
        if any(body.last < by_article.first and len(body.units) > 1 for body in by_points):
            left_out.append("正文之前的通知事项（一、二……）没有录入。")
        return by_article.first, by_article.units, left_out
    asked = questions(lines)
    if by_point and len(by_point.units) > 1 and not (asked and len(asked.units) > len(by_point.units)):
        before_tables = [at for at, _ in whole.tables if at <= by_point.first]
        if not before_tables:
            return by_point.first, by_point.units, _others(by_points, by_point, "项")
    if asked:
        return asked.first, asked.units, []
    return (whole.tables[0][0] if whole.tables else 0), [], []


def _others(bodies: Sequence[Body], chosen: Body, word: str) -> list[str]:
    others = [body for body in bodies if body is not chosen and len(body.units) > 1]
    count = sum(len(body.units) for body in others)
    return [f"文件中另有一份从头编号的文字（{count}{word}）没有录入，请另存为单独的文件再添加。"] if others else []


def _gaps(body: Body) -> list[str]:
    """What is said where numbers are skipped: a page may be missing."""
    gaps = missing(body)
    named = "、".join(gaps[:5]) + (f"等{len(gaps)}条" if len(gaps) > 5 else "")
    return [f"正文中没有{named}，请核对文件是否完整。"] if gaps else []
