"""The grade a text says (优 良 中 差, 优秀 良好 合格 …), and the grade a word stands for.

Everyday praise uses the same words (优化, 良好的社会效益, 服务优良, 群众反映良好), so a word counts as a
grade only where the whole text is one, where it follows what announces a grade (等级, 评定为, 自评结果), or
where it stands beside the score.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.text.score import NUMERAL
from assistant.text.spelling import chosen

MEANS = {
    "优秀": "优",
    "优": "优",
    "良好": "良",
    "良": "良",
    "中等": "中",
    "合格": "中",
    "及格": "中",
    "一般": "中",
    "中": "中",
    "不合格": "差",
    "不及格": "差",
    "较差": "差",
    "差": "差",
}
"""Each word a grade goes by, and its letter. 合格 is the third of four bands wherever forms use it."""

_WORD = "(?P<word>" + "|".join(sorted(MEANS, key=len, reverse=True)) + ")"
_QUOTE = "[“”\"'「」『』《》‘’]*"
# After a grade nothing may follow that would make it part of another word; a list of grades is the scale, not a verdict.
_END = (
    rf"(?!{_QUOTE}\s*[、，,/和或及]?\s*{_QUOTE}(?:良|中|差|合格|不合格|较差)(?:好|等)?{_QUOTE}[、，,/和或及。四三等])"
    rf"{_QUOTE}\s*(?=$|等(?![、，])|级|档|[。．.；;，,、！!)）】\]\s]|[(（])"
)
_LINK = r"(?:结果|等级|等次|档次|级别|级|评定|确定|核定|属于|属|达到|达|应|均|综合|总体|为|是|于|在|[:：,，、/（(\s“\"‘「])*"
_ANNOUNCED = re.compile(
    r"(?:等级|等次|档次|评级|级别|评定|评为|定为|定级|自评结论|自评结果|评价结论|评价结果|(?<!部门)自评(?=\s*[:：为是“优良合不差])|绩效(?=\s*[:：为是“])|"
    r"(?<!群众)(?<!社会)(?<!公众)(?<!对象)(?<!师生)(?<!各界)(?:自我)?评价(?=\s*[:：为是“]))"
    + _LINK
    + _QUOTE
    + _WORD
    + _END
)
_BESIDE_SCORE = re.compile(r"(?<![-—~\d.])" + NUMERAL + r"\s*分?[，,、；;：:（(\s/]*" + _LINK + _QUOTE + _WORD + _END)
_WITH_ITS_NOUN = re.compile(rf"(?:为|属于?|达到?|获评?|评|定|是){_QUOTE}{_WORD}{_QUOTE}(?:等级|等次|档次|档)(?!分)")
_ALONE = re.compile(
    r"^[\s“\"（(]*(?:本?(?:项目|次|年度)?(?:的?绩效)?(?:自评|自我评价|评价|考核|总体|综合)*(?:等级|等次|结果|结论|情况|评定)*(?:为|是|[:：])?)?"
    rf"[\s“\"（(]*{_WORD}(?:等级|等次|等|级|档)?[\s”\"）)。.！!；;]*$"
)
# A grade of another year, or of something else, is not this form's.
_ELSEWHERE = re.compile(r"(?:连续|上一?年|去年|往年|历年|以往|曾|此前|前[一二两三]年|下一?年)[^，。；,;]{0,14}$")


class Said(NamedTuple):
    """The grade word as written and the letter it stands for."""

    word: str
    grade: str


def letter(word: str) -> str:
    """The letter a grade word stands for; a word that is none stays as it is."""
    return MEANS.get(word.strip(), word.strip())


@lru_cache(maxsize=4096)
def said(text: str | None) -> Said | None:
    """The grade a text gives this project; None where it gives none."""
    if not text:
        return None
    text = chosen(text)
    alone = _ALONE.match(text)
    if alone:
        return Said(alone["word"], MEANS[alone["word"]])
    for pattern in (_ANNOUNCED, _BESIDE_SCORE, _WITH_ITS_NOUN):
        for match in pattern.finditer(text):
            if not _ELSEWHERE.search(text, max(0, match.start() - 20), match.start()):
                return Said(match["word"], MEANS[match["word"]])
    return None


@lru_cache(maxsize=4096)
def is_bare(text: str | None) -> bool:
    """Whether a text is a grade and nothing else, as 优, 自评等级：良。"""
    return bool(text and _ALONE.match(text))
