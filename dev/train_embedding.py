"""Train the embedding that ships: sayings and clauses -> assistant/retrieve/lexicon/embedding.npz (`make embedding`).

Each saying of eval_sets/retrieval/train.yaml is a text with the clauses that answer it; so is what each
rule says (its title, and its messages on its own cases), and each clause for itself. Ridge regression
from features to clauses gives a matrix with a column a clause; its leading directions are kept. Nothing is random but
which wordings of a saying are taken, and that is seeded: the same inputs give the same file.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.policies.clause import Policies, read_policies
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import features, is_number, text_of, unit, weighed
from assistant.rules.check import check
from assistant.rules.clean import apply
from assistant.rules.rule import cases, load
from assistant.settings.shipped import folder

ROOT = Path(__file__).parent.parent
SAYINGS = ROOT / "eval_sets/retrieval/train.yaml"
QUERIES = ROOT / "eval_sets/retrieval/queries.jsonl"

WORDINGS = 8
"""Wordings taken of a saying."""
OTHER_WORDS = 0.5
"""Share of them said with synonyms."""
SEED = 1
TOO_NEAR = 0.5
"""Share of character pairs in common from which a saying would give an evaluation query away."""
SELDOM = 3
"""A feature must stand in this many texts."""
LATER_COUNTS = 0.15
"""How much less each further clause of a topic is meant: 1, 1/1.15, 1/1.3 …"""
SINGLE_CHARACTER = 0.9
RIDGE = 1.0
DIRECTIONS = 224
NOTHING = 1.0
"""Length of the axis of nothing that every query has: a query that means no clause more than this is far from all."""
NOTHING_COUNTS = 4.0
"""How much more what resembles the examples of nothing counts."""

_BEFORE = ("请问", "审核时发现", "表里", "这个项目", "自评表里", "该单位", "我看", "有的单位", "老师，")
_AFTER = ("，这样行吗", "，怎么办", "，有规定吗", "，依据哪条", "，合适吗", "呢", "，请核实", "，请补充")
_ADORNED = 0.35
"""Share of wordings that get such words before and after, so that they come to mean nothing."""


@dataclass
class Example:
    """A text with the clauses it means (best first) and the rules it is about; no clause: it means nothing here."""

    text: str
    clauses: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


def main() -> None:
    policies = read_policies(folder("policies").glob("*.yaml"))
    trained = train(list(examples(policies)), policies)
    np.savez_compressed(lexicon.EMBEDDING, **trained)
    size = lexicon.EMBEDDING.stat().st_size / 1e6
    print(f"{lexicon.EMBEDDING.relative_to(ROOT)}: {trained['matrix'].shape} {size:.1f} MB")


# --- what it is trained on -------------------------------------------------------------------


def examples(policies: Policies) -> Iterator[Example]:
    data = yaml.safe_load(SAYINGS.read_text(encoding="utf-8"))
    secret = [pairs(json.loads(line)["query"]) for line in QUERIES.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(SEED)
    synonyms = [line.split("|") for line in data["synonyms"]]
    by_rule: dict[str, list[str]] = {}
    for topic in data["topics"]:
        if topic["rules"]:
            by_rule.setdefault(topic["rules"][0], topic["clauses"])
        for saying in topic["says"]:
            for text in wordings(saying, data["wordings"], chance, synonyms):
                if not gives_away(text, secret):
                    yield Example(text, topic["clauses"], topic["rules"])
    for saying in data["nothing"]:
        for text in wordings(saying, {}, chance, synonyms):
            yield Example(text)
    for code, text in rule_messages():
        if not gives_away(text, secret):
            yield Example(text, list(dict.fromkeys([*load()[code].policy, *by_rule.get(code, [])]))[:6], [code])
    for clause in policies.clauses.values():
        yield Example(text_of(clause), [clause.id])


def wordings(saying: str, named: dict[str, str], chance: random.Random, synonyms: list[list[str]]) -> list[str]:
    """Some of the texts a saying stands for, some in other words, some with words around that mean nothing."""
    found: dict[str, None] = {}
    for _ in range(WORDINGS * 3):
        found.setdefault(_wording(saying, named, chance))
    texts = []
    for text in list(found)[:WORDINGS]:
        if chance.random() < OTHER_WORDS:
            text = _in_other_words(text, chance, synonyms)
        if chance.random() < _ADORNED:
            before, after = chance.choice(("", *_BEFORE)), chance.choice(("", *_AFTER))
            text = f"{before}{text}{after}"
        texts.append(text)
    return texts


def _wording(saying: str, named: dict[str, str], chance: random.Random) -> str:
    text = re.sub(r"<(.+?)>", lambda name: f"{{{named[name[1]]}}}", saying)
    while choice := re.search(r"\{([^{}]*)\}", text):
        text = text[: choice.start()] + chance.choice(choice[1].split("|")) + text[choice.end() :]
    return text


def _in_other_words(text: str, chance: random.Random, synonyms: list[list[str]]) -> str:
    """Up to two words of the text replaced by synonyms."""
    possible = [(word, others) for others in synonyms for word in others if word in text]
    for word, others in chance.sample(possible, min(2, len(possible))):
        text = text.replace(word, chance.choice(others), 1)
    return text


def rule_messages() -> Iterator[tuple[str, str]]:
    """What each rule says: its title, and its messages on the cases in its own file."""
    for code, rule in load().items():
        yield code, rule.title
        for case in cases(rule)[0]:
            form, used = apply(case)
            for finding in check(form, used)[0]:
                if finding.rule == code:
                    yield code, finding.message


def pairs(text: str) -> set[str]:
    text = re.sub(r"\W", "", text)
    return {text[at : at + 2] for at in range(len(text) - 1)}


def gives_away(text: str, secret: list[set[str]]) -> bool:
    """Whether a text is too near a query of the evaluation set to be trained on."""
    mine = pairs(text)
    return any(len(mine & one) >= TOO_NEAR * len(mine | one) for one in secret)


# --- training --------------------------------------------------------------------------------


def train(given: list[Example], policies: Policies) -> dict[str, Any]:
    """The arrays `assistant.retrieve.embedding.TrainedNgrams` reads."""
    places, weights, unseen = _vocabulary(given)
    texts = [weighed(example.text, places, weights, unseen) for example in given]
    ids = list(policies.clauses)
    kernel = _kernel(texts, len(places))
    kernel[np.diag_indices_from(kernel)] += RIDGE
    duals = np.linalg.solve(kernel, _meant(given, ids))
    del kernel
    matrix: np.ndarray = np.zeros((len(places), duals.shape[1]), dtype=np.float32)
    for (at, values), dual in zip(texts, duals, strict=True):
        matrix[at] += np.outer(values, dual)
    projected = np.stack([values @ matrix[at] for at, values in texts])
    _, _, directions = np.linalg.svd(projected[:, 1:], full_matrices=False)
    anchors = directions[:DIRECTIONS].T
    kept = np.hstack([matrix[:, :1], matrix[:, 1:] @ anchors])
    queries = np.hstack([NOTHING + NOTHING_COUNTS * projected[:, :1], projected[:, 1:] @ anchors])
    anchors = unit(np.hstack([np.zeros((len(ids), 1)), anchors]))
    scales = np.abs(kept).max(axis=1) / 127
    codes, rule_anchors = _rule_anchors(given, unit(queries))
    return {
        "features": np.array("\n".join(places)),
        "weights": weights.astype(np.float16),
        "unseen": np.float32(unseen),
        "nothing": np.float32(NOTHING),
        "nothing_counts": np.float32(NOTHING_COUNTS),
        "matrix": np.round(kept / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "clauses": np.array("\n".join(ids)),
        "anchors": anchors.astype(np.float16),
        "rules": np.array("\n".join(codes)),
        "rule_anchors": rule_anchors.astype(np.float16),
    }


OFTEN = 100
"""Texts from which a feature is worth a column of a full matrix; the many rarer ones are added up text by text."""


def _kernel(texts: list[tuple[list[int], np.ndarray]], features: int) -> np.ndarray:
    """How much each two texts have in common."""
    holders: list[list[tuple[int, float]]] = [[] for _ in range(features)]
    for row, (at, values) in enumerate(texts):
        for place, value in zip(at, values, strict=True):
            holders[place].append((row, float(value)))
    often = [one for one in holders if len(one) >= OFTEN]
    common: np.ndarray = np.zeros((len(texts), len(often)), dtype=np.float32)
    for column, one in enumerate(often):
        common[[row for row, _ in one], column] = [value for _, value in one]
    kernel: np.ndarray = common @ common.T
    for one in holders:
        if 0 < len(one) < OFTEN:
            rows = [row for row, _ in one]
            held = np.asarray([value for _, value in one], dtype=np.float32)
            kernel[np.ix_(rows, rows)] += np.outer(held, held)
    return kernel


def _vocabulary(given: list[Example]) -> tuple[dict[str, int], np.ndarray, float]:
    """The features that are kept, by place, each with its weight, and the weight of one nobody has seen."""
    counts: Counter[str] = Counter()
    for example in given:
        counts.update(set(features(example.text)))
    kept = sorted(feature for feature, count in counts.items() if count >= SELDOM)
    rarity = [np.log(len(given) / counts[feature]) + 0.5 for feature in kept]
    single = [SINGLE_CHARACTER if len(feature) == 1 and not is_number(feature) else 1.0 for feature in kept]
    weights = np.asarray(rarity, dtype=np.float32) * np.asarray(single, dtype=np.float32)
    weights = weights.astype(np.float16).astype(np.float32)
    return {feature: at for at, feature in enumerate(kept)}, weights, float(np.log(len(given)) * UNSEEN)


UNSEEN = 1.2
"""How much an unknown feature counts against the rarest known one: what is mostly unknown is near nothing."""


def _meant(given: list[Example], ids: list[str]) -> np.ndarray:
    """A row an example: how much it means nothing, then each clause."""
    at = {clause_id: place for place, clause_id in enumerate(ids, 1)}
    meant: np.ndarray = np.zeros((len(given), len(ids) + 1), dtype=np.float32)
    for row, example in zip(meant, given, strict=True):
        for place, clause_id in enumerate(example.clauses):
            row[at[clause_id]] = 1 / (1 + LATER_COUNTS * place)
        row[0] = not example.clauses
    return meant


def _rule_anchors(given: list[Example], queries: np.ndarray) -> tuple[list[str], np.ndarray]:
    """For each rule the mean of what is said of it, the topics it leads counting most."""
    codes = list(load())
    anchors = np.zeros((len(codes), queries.shape[1]), dtype=np.float32)
    for example, query in zip(given, queries, strict=True):
        for place, code in enumerate(example.rules):
            anchors[codes.index(code)] += query / (1 + place)
    return codes, unit(anchors)


if __name__ == "__main__":
    main()
