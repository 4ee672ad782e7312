"""`assistant eval`: the program held against labelled sets."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from assistant.commands.command import (
    DONE,
    DRAFTERS,
    FOUND,
    command,
    print_json,
    say,
    settings_of,
    with_format,
    with_model,
)


def add(commands: Any) -> None:
    parser = commands.add_parser("eval", help="用已标注的表检验程序", description="用已标注的表检验程序")
    parts = parser.add_subparsers(metavar="对象", required=True, title="对象")
    checks = command(parts, "checks", "读取和规则：读对的栏目、各规则的查全率和查准率", _checks)
    checks.add_argument(
        "folders", nargs="+", type=Path, metavar="目录", help="含 forms/ 和 labels/ 或 labels.jsonl 的目录"
    )
    checks.add_argument("--by-form", action="store_true", help="逐份列出")
    checks.add_argument("--misses", action="store_true", help="列出读错的栏目、漏报和误报")
    with_format(checks)
    checks.add_argument("--split", metavar="名称", help="只用标注中 split 为此值的表，如 dev、test")
    for name in ("cells", "recall", "precision", "soft-recall", "soft-precision"):
        checks.add_argument(
            f"--min-{name}", type=float, default=0.0, metavar="比例", help="低于此值（0–1）时退出码为 1"
        )

    retrieval = command(parts, "retrieval", "检索：BM25、向量和混合检索的查全率和用时", _retrieval)
    retrieval.add_argument(
        "set", nargs="?", type=Path, metavar="文件或目录", help="每行一条 query 和 relevant；默认 eval_sets/retrieval"
    )
    retrieval.add_argument(
        "--documents", type=Path, metavar="目录", help="先把其中的官方文本添加到临时政策库；默认取查询旁边的 documents"
    )
    with_format(retrieval)
    for name in ("hit", "recall"):
        retrieval.add_argument(
            f"--min-{name}", type=float, default=0.0, metavar="比例", help="混合检索低于此值（0–1）时退出码为 1"
        )

    masking = command(parts, "masking", "隐去姓名和号码：隐去的比例，错隐的处数", _masking)
    masking.add_argument(
        "set", nargs="?", type=Path, metavar="目录", help="含已标注句子 *.jsonl 的目录；默认 eval_sets/masking"
    )
    masking.add_argument(
        "--forms",
        nargs="*",
        type=Path,
        metavar="目录",
        help="在这些表中数错隐的处数；默认 eval_sets/forms 和 eval_sets/blind",
    )
    masking.add_argument("--misses", action="store_true", help="列出漏隐和错隐的句子编号，不列文字")
    with_format(masking)
    for name in ("persons", "numbers"):
        masking.add_argument(
            f"--min-{name}", type=float, default=0.0, metavar="比例", help="低于此值（0–1）时退出码为 1"
        )

    drafting = command(parts, "drafting", "起草的意见：有出处的比例、说到的要点、栏目和条款、编造的数字", _drafting)
    drafting.add_argument(
        "set", nargs="?", type=Path, metavar="目录", help="含 labels.yaml 的目录；默认 eval_sets/drafting"
    )
    drafting.add_argument(
        "--drafter", choices=DRAFTERS[1:3], default="template", metavar="方式", help="template、model"
    )
    drafting.add_argument("--verify", action="store_true", help="同 review")
    drafting.add_argument("--misses", action="store_true", help="列出每一处没说到的、不该说的和没有出处的")
    with_model(drafting)
    with_format(drafting)


def _checks(arguments: argparse.Namespace) -> int:
    from assistant.evaluate.checks import evaluate, report
    from assistant.form import profile as profiles

    evaluation = evaluate(arguments.folders, profiles.load(arguments.profile), split=arguments.split)
    if arguments.format == "json":
        print_json(evaluation.to_json())
    else:
        print(report(evaluation, by_form=arguments.by_form, misses=arguments.misses))
    least = {
        "cells": arguments.min_cells,
        "hard recall": arguments.min_recall,
        "hard precision": arguments.min_precision,
        "soft recall": arguments.min_soft_recall,
        "soft precision": arguments.min_soft_precision,
    }
    short = [name for name, share in evaluation.shares().items() if share < least.get(name, 0.0)]
    if short:
        say(f"未达到要求：{'、'.join(short)}。")
    return FOUND if short else DONE


def _added(arguments: argparse.Namespace, files: list[Path], documents: Path | None) -> int:
    """Queries over added texts, and those that nothing answers."""
    from assistant.evaluate.added import measure
    from assistant.settings.settings import load_settings

    answers = measure(files, documents, load_settings())
    if arguments.format == "json":
        print_json(answers.to_json())
    else:
        print(answers.told())
    met = not answers.queries or (answers.hit_5 >= arguments.min_hit and answers.recall_5 >= arguments.min_recall)
    if not met:
        say("检索未达到要求。")
    return DONE if met else FOUND


def _retrieval(arguments: argparse.Namespace) -> int:
    from assistant.evaluate import retrieval as evaluation
    from assistant.evaluate.added import documents_of

    path = arguments.set or evaluation.SET
    documents = arguments.documents or documents_of(path)
    if documents or path.name == evaluation.NOTHING:
        return _added(arguments, [path / "queries.jsonl" if path.is_dir() else path], documents)
    from assistant.policies.library import load_policies
    from assistant.retrieve.search import Search
    from assistant.settings.settings import load_settings

    policies = load_policies()
    queries = evaluation.read_queries(path, policies.clauses)
    search = Search(policies, load_settings())
    if search.note:
        say(search.note)
    scores = evaluation.evaluate(search, queries)
    if arguments.format == "json":
        print_json({"embedding": search.embedding_name, "scores": [one.to_json() for one in scores]})
    else:
        print(evaluation.report(scores, search.embedding_name))
    search.close()
    hybrid = [one for one in scores if one.way == "hybrid"]
    met = all(one.hit_5 >= arguments.min_hit and one.recall_5 >= arguments.min_recall for one in hybrid)
    if not met:
        say("混合检索未达到要求。")
    return DONE if met else FOUND


def _masking(arguments: argparse.Namespace) -> int:
    from assistant.evaluate import masking as evaluation

    scores = evaluation.parts(evaluation.read_set(arguments.set or evaluation.SET))
    vain = evaluation.in_forms(evaluation.FORMS if arguments.forms is None else arguments.forms)
    if arguments.format == "json":
        print_json({"scores": [one.to_json() for one in scores], "forms": vain.to_json()})
    else:
        print(evaluation.report(scores, vain, misses=arguments.misses))
    short = scores[0].persons_share < arguments.min_persons or scores[0].numbers_share < arguments.min_numbers
    if short:
        say("隐去的比例未达到要求。")
    return FOUND if short else DONE


def _drafting(arguments: argparse.Namespace) -> int:
    from assistant.evaluate.drafting import evaluate, report
    from assistant.form import profile as profiles
    from assistant.review.reviewer import Reviewer
    from assistant.settings.shipped import folder

    reviewer = Reviewer(
        profile=profiles.load(arguments.profile), drafter=arguments.drafter, settings=settings_of(arguments)
    )
    scores = evaluate(arguments.set or folder("eval_sets") / "drafting", reviewer, arguments.drafter)
    if arguments.format == "json":
        print_json(scores.to_json())
    else:
        print(report(scores, misses=arguments.misses))
    return FOUND if scores.figures_invented else DONE
