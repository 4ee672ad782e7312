"""Text -> the clauses that answer it, best first: words (BM25), meaning (vectors) and rules, fused by reciprocal rank.

Each part only orders clauses; how it measures does not matter to the others. A clause stands higher
the higher its places are. The rules a text is about are known (a finding's), or recognised. Where
no part is certain enough, nothing is found, rather than whatever comes nearest.

The embedding that ships was trained on the shipped clauses. Of what a person added later it knows too little to tell it
from anything else, so that is found by its words, and the two orders are put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.policies.clause import Clause, Policies
from assistant.retrieve import embedding as embeddings
from assistant.retrieve import lexicon
from assistant.retrieve.embedding import EndpointError
from assistant.retrieve.index import Index, indexed, open_index
from assistant.retrieve.words import Words
from assistant.rules.rule import Rule, load

if TYPE_CHECKING:
    import numpy as np

    from assistant.settings.settings import Settings

WORDS, MEANING, RULES = "words", "meaning", "rules"
PARTS = (WORDS, MEANING, RULES)

WORDS_IN_DOUBT, RULES_IN_DOUBT = 0.8, 0.2
MEANING_SURE = 0.10
"""How much a place in the words and in the rules counts beside 1 for the meaning where that is not sure at all;
nothing from the similarity at which it is (that share of the way from the index's floor to 1). Sayings and
clauses share few words, so meaning leads. Chosen on the dev half of eval_sets/retrieval, also with
embeddings trained on a third of the sayings: so fare queries nobody foresaw."""
KNOWN_RULES = 0.3
"""… and in the rules where they are known: a prior, not the answer."""
FIRST_PLACES = 3
"""The constant of reciprocal rank: the smaller, the more the first places count."""
NEAREST = 1000
"""Clauses asked of the index: all of them, unless a person has added a library and embeds it by an endpoint."""
MOST_RANKED = 1000
"""Clauses given an order; beyond them nothing answers anything."""
LIKENESS_TOLD = 30
"""The first clauses, of which is told how much of a text an added one holds."""
ADDED_WEIGHT = 1.6
"""How much a place among the added texts counts beside 1 for a place among all others: who adds a text means it."""

HALF_KNOWN = 0.5
MUCH_IN_COMMON = 0.6
"""Share of a query's words (by weight) that one clause must hold to be found by its words alone."""
OFF_SUBJECT = 0.94
"""From here on a query is so near to what no clause answers that likeness in meaning is chance. No sentence of
unrelated.txt was both below it and like a clause; one query of eval_sets/retrieval in a hundred is above it."""
ADDED_LOOKED_AT = 5
ADDED_IN_COMMON, ADDED_SUBJECT, ADDED_DOUBT = 0.2, 0.92, 2.0
"""An added text must hold this share of a query's words; more, by how far the query is off the subject."""

RULE_SHARPNESS = 12.0
RULES_RECOGNISED = 3
"""A text may be about several rules; the first ones count by how much nearer they are."""
RULE_DOUBTFUL, RULE_SURE = 0.25, 0.65
"""Likeness to what is said of a rule: below the first it says nothing, from the second it is the rule."""
NAMED_BY_RULE, NAMES_RULE = 1.0, 0.5
"""What a clause is worth to a rule: chosen by the rule's author, or itself saying that it bears on the rule."""

ELSEWHERE = 0.9
"""Taken as a factor where a clause is practice of another place …"""
SUPERSEDED = 0.9
"""… where another document has taken its place …"""
OTHER_SUBJECT = 0.9
"""… and where its document is about a kind of project the text does not speak of."""


@dataclass(frozen=True, slots=True)
class Match:
    """A clause for a text. `score` is 1 where it is first in every part; `similarity` is the cosine of the vectors."""

    clause: Clause
    score: float
    similarity: float


class Search:
    """Opened once, then asked. `note` is Chinese, empty unless something had to be done without."""

    def __init__(self, policies: Policies, settings: Settings):
        import numpy as np

        self.policies = policies
        self._clauses = list(policies.clauses.values())
        self._ids = [clause.id for clause in self._clauses]
        self._at = {clause_id: at for at, clause_id in enumerate(self._ids)}
        self._folder = settings.index_dir
        self._rules: dict[str, Rule] = load()
        self._worth: dict[str, np.ndarray] = {}
        self._words = Words(self._clauses, self._folder)
        self._added: np.ndarray = np.array([clause.official for clause in self._clauses], dtype=bool)
        self._marks = _Marks(self._clauses)
        self._embedding = embeddings.chosen(settings)
        self._index: Index
        try:
            self._open()
        except EndpointError as error:
            self._fall_back(error)

    def _open(self) -> None:
        """The index of what the embedding can tell apart: all clauses, or those it was trained on."""
        import numpy as np

        told_apart = indexed(self.policies, self._embedding)
        self._index, self.note = open_index(told_apart, self._embedding, self._folder)
        known = told_apart.clauses
        self._indexed: np.ndarray = np.array([clause_id in known for clause_id in self._ids], dtype=bool)

    def ranked(
        self,
        text: str,
        *,
        among: Collection[str] | None = None,
        rules: Iterable[str] | None = None,
        place: str | None = None,
        parts: Collection[str] = PARTS,
        most: int = MOST_RANKED,
    ) -> list[Match]:
        """The clauses for a text, best first; empty where no part is certain.

        `among`: ids of the clauses that apply (all). `rules`: the rules it is about (recognised).
        `place`: where the asking is done, so that rules of other places come later. `parts`: the
        parts to ask, for measuring. `most`: how many at most.
        """
        import numpy as np

        eligible = self.mask(among)
        words = self._words.scores(text)
        similar = self._similarities(text)
        known = list(rules) if rules is not None else None
        trained = embeddings.shipped()
        if known is not None:
            worth, sureness = self._prior(known), 1.0
        else:
            vector = trained.of_queries([text])[0]
            if not self._certain(text, words, similar, eligible, trained.off_subject(vector)):
                return []
            worth, sureness = self._recognised(vector)
        sure = self._index.floor + MEANING_SURE * (1 - self._index.floor)
        doubt = 1 - _share_between(float(similar[eligible].max(initial=0)), self._index.floor, sure)
        weights = self._weights(parts, doubt, sureness, known=known is not None)
        others = eligible & self._indexed
        scores = {WORDS: words, MEANING: similar, RULES: worth}
        fused = sum(weights[part] * _reciprocal(scores[part], others) for part in parts)
        best = sum(weights[part] for part in parts) / (1 + FIRST_PLACES)
        fused = fused / best if best else fused
        added = eligible & self._added & ((words > 0) | (worth > 0))
        if added.any() and len(parts) > 1:
            by_words: np.ndarray = (1 + FIRST_PLACES) * _reciprocal(
                words + (words.max() * worth if known is not None else 0), added
            )
            if known is not None:
                # A finding: what its rule is tied to has its place already.
                fused = np.where(others, fused, by_words)
            else:
                order = np.argsort(-fused, kind="stable")[: int((fused > 0).sum())]
                places = np.full(len(fused), np.inf)
                places[order] = np.arange(1, len(order) + 1)
                fused = ((1 + FIRST_PLACES) / (FIRST_PLACES + places) + ADDED_WEIGHT * by_words) / (1 + ADDED_WEIGHT)
        fused = fused * self._factors(text, place)
        order = np.argsort(-fused, kind="stable")[:most]
        return [
            Match(
                self._clauses[at],
                round(float(fused[at]), 4),
                round(self._likeness(text, int(at), similar, place=rank), 4),
            )
            for rank, at in enumerate(order)
            if fused[at] > 0
        ]

    def mask(self, among: Collection[str] | np.ndarray | None) -> np.ndarray:
        """Which clauses are meant, by position."""
        import numpy as np

        if among is None:
            return np.ones(len(self._ids), dtype=bool)
        if isinstance(among, np.ndarray):
            return among
        found: np.ndarray = np.array([clause_id in among for clause_id in self._ids], dtype=bool)
        return found

    def _likeness(self, text: str, at: int, similar: np.ndarray, *, place: int) -> float:
        """The similarity of a clause; of one without a vector, the share of the words it holds (of the first ones)."""
        if self._indexed[at]:
            return float(similar[at])
        return self._words.share_held(text, at) if place < LIKENESS_TOLD else 0.0

    def similarity(self, text: str) -> dict[str, float]:
        """How near each clause is to a text in meaning."""
        return dict(zip(self._ids, (float(one) for one in self._similarities(text)), strict=True))

    @property
    def floor(self) -> float:
        """The similarity below which a clause that nothing else ties to a text supports nothing."""
        return self._index.floor

    @property
    def embedding_name(self) -> str:
        return self._embedding.name

    @property
    def index(self) -> Index:
        return self._index

    def close(self) -> None:
        self._index.close()

    # --- the parts ---------------------------------------------------------------------------

    def _weights(self, parts: Collection[str], doubt: float, sureness: float, *, known: bool) -> dict[str, float]:
        """How much each part counts for this text. A part asked alone counts whatever it knows."""
        if len(parts) == 1:
            return dict.fromkeys(parts, 1.0)
        rules = KNOWN_RULES if known else RULES_IN_DOUBT * doubt * sureness
        return {WORDS: WORDS_IN_DOUBT * doubt, MEANING: 1.0, RULES: rules}

    def _similarities(self, text: str) -> np.ndarray:
        import numpy as np

        try:
            vector = self._embedding.of_queries([text])[0]
        except EndpointError as error:
            self._index.close()
            self._fall_back(error)
            vector = self._embedding.of_queries([text])[0]
        similar: np.ndarray = np.full(len(self._ids), -1.0, dtype=np.float32)
        for clause_id, similarity in self._index.nearest(vector, NEAREST).items():
            at = self._at.get(clause_id)
            if at is not None:
                similar[at] = similarity
        return similar

    def _fall_back(self, error: EndpointError) -> None:
        """An endpoint that is down must not stop a review: the embedding that ships does instead."""
        self._embedding = embeddings.shipped()
        self._open()
        self.note = f"{error}本次改用自带的向量。{self.note}"

    def _recognised(self, vector: np.ndarray) -> tuple[np.ndarray, float]:
        """What each clause is worth to the rules a text seems to be about, and how sure that is (0 to 1)."""
        import numpy as np

        near = embeddings.shipped().rules(vector)
        first = sorted(near, key=lambda code: -near[code])[:RULES_RECOGNISED]
        shares = np.exp([RULE_SHARPNESS * (near[code] - near[first[0]]) for code in first])
        worth = sum(share * self._prior([code]) for share, code in zip(shares, first, strict=True))
        return worth, _share_between(near[first[0]], RULE_DOUBTFUL, RULE_SURE)

    def _prior(self, codes: Iterable[str]) -> np.ndarray:
        import numpy as np

        return sum((self._worth_to(code) for code in codes), np.zeros(len(self._ids), dtype=np.float32))

    def _worth_to(self, code: str) -> np.ndarray:
        """What each clause is worth to a rule, those put first being worth most."""
        import numpy as np

        if code not in self._worth:
            worth: np.ndarray = np.zeros(len(self._ids), dtype=np.float32)
            for clause in self.policies.for_rule(code):
                worth[self._at[clause.id]] = NAMES_RULE / (1 + 0.3 * clause.rules.index(code))
            named = self._rules[code].policy if code in self._rules else ()
            for place, clause_id in enumerate(named):
                if clause_id in self._at:
                    worth[self._at[clause_id]] = max(worth[self._at[clause_id]], NAMED_BY_RULE / (1 + 0.1 * place))
            self._worth[code] = worth
        return self._worth[code]

    def _factors(self, text: str, place: str | None) -> np.ndarray:
        factors = self._marks.replaced.copy()
        for region, (clause, rows) in self._marks.by_region.items():
            if not clause.holds_at(place):
                factors[rows] *= ELSEWHERE if place is not None else self._marks.nowhere[region]
        spoken = self._spoken(text)
        for document, rows in self._marks.about.items():
            if document not in spoken:
                factors[rows] *= OTHER_SUBJECT
        return factors

    def _spoken(self, text: str) -> set[str]:
        """The documents about something that a text speaks of, in its own or the official words."""
        said = "\n".join((text, *lexicon.official_terms(text)))
        return {one for one in self._marks.about if self.policies.documents[one].concerns(said)}

    def _certain(
        self, text: str, words: np.ndarray, similar: np.ndarray, eligible: np.ndarray, off_subject: float
    ) -> bool:
        """Whether a clause means what a text says, or holds most of its words, or a run of them as it stands.

        A text with a saying of the thesaurus in it is about our subject, so half the similarity will do. One that is
        about something else is like a clause by chance.
        """
        if not eligible.any():
            return False
        enough = self._index.floor * (HALF_KNOWN if lexicon.official_terms(text) else 1)
        on_subject = self._embedding is not embeddings.shipped() or off_subject < OFF_SUBJECT
        if on_subject and similar[eligible].max() >= enough:
            return True
        if self._words.share_held(text, int((words * eligible).argmax())) >= MUCH_IN_COMMON:
            return True
        added = eligible & self._added
        due = ADDED_IN_COMMON + ADDED_DOUBT * max(0.0, off_subject - ADDED_SUBJECT)
        first = (-(words * added)).argsort(kind="stable")[:ADDED_LOOKED_AT] if added.any() else ()
        if any(self._words.share_held(text, int(at)) >= due for at in first if added[at]):
            return True
        return self._words.stands_in_one(text)


class _Marks:
    """What of the clauses decides how far each is taken, worked out once: where it holds, whether it still does, and
    what kind of project it is about."""

    def __init__(self, clauses: list[Clause]):
        import numpy as np

        self.replaced: np.ndarray = np.array(
            [SUPERSEDED if clause.document.replaced else 1.0 for clause in clauses], dtype=np.float32
        )
        regions: dict[str, list[int]] = {}
        about: dict[str, list[int]] = {}
        self.nowhere: dict[str, np.ndarray] = {}
        for at, clause in enumerate(clauses):
            regions.setdefault(clause.region, []).append(at)
            if clause.document.about:
                about.setdefault(clause.document.id, []).append(at)
        self.by_region = {region: (clauses[rows[0]], np.array(rows)) for region, rows in regions.items()}
        self.about = {document: np.array(rows) for document, rows in about.items()}
        for region, rows in regions.items():
            # Where no place is known, forms are found as such, and a person's own texts are rules where they are.
            at_home = [clauses[at].document.kind == "form-template" or clauses[at].document.own for at in rows]
            self.nowhere[region] = np.where(at_home, 1.0, ELSEWHERE).astype(np.float32)


def _share_between(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`."""
    return min(1.0, max(0.0, (value - low) / (high - low))) if low < high else float(value >= high)


def _reciprocal(scores: np.ndarray, eligible: np.ndarray) -> np.ndarray:
    """1 / (place + constant) for the clauses a part has anything to say of, 0 for others."""
    import numpy as np

    said = eligible & (scores > 0)
    places = np.full(len(scores), np.inf)
    order = np.argsort(-np.where(said, scores, -np.inf), kind="stable")[: int(said.sum())]
    places[order] = np.arange(1, len(order) + 1)
    return 1 / (places + FIRST_PLACES)
