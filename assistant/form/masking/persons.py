"""Where a text names persons: a trained tagger and words together, each finding what the other misses.

The tagger knows names by their company; words know the frames a name stands in (学员…、由…接手, lists with
amounts), surnames, titles, and names of other scripts. In doubt a name is one: what is masked in vain costs a
token, what is not costs somebody's privacy. What stays (units, places, official words) is in `words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.form.masking.slots import slots
from assistant.form.masking.tagger import FAR, PERSON, Tagged, tag
from assistant.form.masking.view import CHINESE, Span, joined, readings
from assistant.form.masking.words import alternatives, any_of, begins, characters, ends, words

ORDINARY = {
    "n",
    "v",
    "vn",
    "vd",
    "a",
    "ad",
    "an",
    "d",
    "TIME",
    "LOC",
    "ORG",
    "nw",
    "t",
    "m",
    "q",
    "r",
    "c",
    "p",
    "f",
    "s",
}
_RUN = re.compile(f"[{CHINESE}]+")
_ONE = re.compile(f"[{CHINESE}]")
_AMOUNT = r"(?:\([^()]{0,30}\))?[ ]?(?:[:：]|[各计得获领补发]|补助|补贴|资助|救助|奖励)?[ ]?(?:\d[\d.,]*[ ]?(?:万?元|[一-鿿]{1,2})?)?"
_PAUSE = r"[ ]?(?:[、,，;；/]|和|及|与|以及|\n|[ ])[ ]?(?:\d{1,3}[.、)])?[ ]?"
LED, SHAPED, LIKELY, LONGER, EACH = 11.5, 10.0, 6.0, 8.0, 1.5
"""How far (`Tagged.near`) a name may be from the tagger's best reading: where a word leads to it, where it has a surname
and the length of a name, anywhere, and to lengthen one found; and how much a character more is worth. Measured on forms: half a false mark a form would come
from each class alone."""

_NEXT = re.compile(rf"(?P<amount>{_AMOUNT}){_PAUSE}(?P<item>[{CHINESE}]{{2,12}})")
_ITEM_ENDS = re.compile(rf"(?P<item>[{CHINESE}]{{2,3}}){_AMOUNT}{_PAUSE}")
_BEFORE = re.compile(rf"(?P<item>[{CHINESE}]{{2,4}})(?P<amount>{_AMOUNT}){_PAUSE}$")
_PAID = re.compile(r"(?:\([^()]{0,30}\))?[^\d、,，;；。]{0,4}?\d[\d.,]*[ ]?(?P<unit>万?元|[一-鿿]{1,2}|)")
_UNIT_PAID = re.compile(r"\d[\d.,]*[ ]?(?P<unit>万?元|[一-鿿]{1,2}|)[ ]?$")
_HOME_OF = re.compile(r"[一-鿿]家[湾村沟庄河坪山屯堡寨岭坡洼峪口营桥店集铺]")
_REGIONS = re.compile(
    rf"(?:[、,][{CHINESE}]{{2,4}})*(?:等[{CHINESE}]{{0,4}}?|[两三四五六七八九十\d]+个[{CHINESE}]{{0,2}}?)(?:县|市|区|州|乡镇|乡|镇|村)(?![长委干支主党书民])"
)
"""孟连、江城、金平等边境县: a list of places."""
_KEPT = re.compile(
    rf"{alternatives(words('stays.public') | {one for one in words('stays.words') if len(one) > 2})}|[{CHINESE}]{{1,12}}[〔\[(]\d{{4}}[〕\])]"
)
"""Names and words as they stand, whatever else begins in them; the number of a document."""
_COUNTED = re.compile(
    rf"(?<![{CHINESE}])[{CHINESE}]{{2,4}}(?:[、,和][{CHINESE}]{{2,4}}?)+(?=(?:[两二三四五六七八九]|\d+)[位名个人]+)"
)
_COUNT = re.compile(r"[两二三四五六七八九\d]+[位名个人]+")
_SHARED = re.compile(rf"[{CHINESE}](?:[、,和][{CHINESE}])+(?=[两二三四几]位|[两二三四]名)")
_STANDS_ALONE = re.compile(rf"(?![{CHINESE}A-Za-z])")
_SMALL = characters("surnames.small_words")
_SURNAMES = characters("surnames.plain") | characters("surnames.also_words") | _SMALL
_SURE = characters("surnames.plain") - characters("surnames.also_words") - _SMALL
_TITLE = re.compile(any_of("titles.long"))
_KIN = re.compile(
    rf"(?P<name>[{''.join(sorted(_SURNAMES - _SMALL))}])家(?=[两二三四五]?(?:兄弟|姐妹|父子|母女|夫妇|夫妻|婆媳|母子|兄妹|老太|老爷|大儿|小儿|儿子|闺女|老两口|老人))"
)
"""陈家三兄弟"""
_SHORT = re.compile(
    rf"[{''.join(sorted(_SURNAMES - _SMALL))}][{''.join(sorted(one for one in words('titles.short') if len(one) == 1))}](?![{''.join(sorted(one for one in words('titles.short') if len(one) == 1))}])"
)
_ROLE = re.compile(rf"(?:{any_of('roles')})(?P<told>[ ]?(?:[:：]|[为是]|[(\[【“\"])[ ]?)?")
_FRAME = re.compile(any_of("before"))
_FOREIGN = re.compile(rf"(?P<left>[{CHINESE}]{{1,8}})(?P<rest>(?:·[{CHINESE}]{{1,8}})+)")
_SOUNDS = re.compile(f"[{''.join(sorted(characters('foreign.syllables')))}]{{4,8}}")
_ENDING = re.compile(any_of("foreign.endings"))
_OF_PEOPLES = re.compile(
    rf"(?:{any_of('foreign.names')})+[{''.join(sorted(characters('foreign.ends')))}]?|[岩玉][{''.join(sorted(characters('foreign.dai')))}]{{1,2}}"
)
"""扎西次仁, 呼和巴雅尔, 岩温: names of peoples, one or more together."""
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ .·-]{1,2}[A-Z][a-z']*\.?)+")
_LATIN_WORD = re.compile(r"[ ][A-Z][a-z']+")
_LETTERS = re.compile(r"[A-Za-z]")


@lru_cache(4096)
def persons(text: str) -> tuple[Span, ...]:
    """The spans of names, without titles, in print order. The same text is asked for many times."""
    return tuple(
        joined(view.span(*span) for view in readings(text) for span in _Found(view.text, tag(view.text)).all())
    )


def spreads(name: str) -> bool:
    """Whether a name found in one text is looked for in all others: not where it may be an ordinary word (高峰)."""
    return len(name) > 2 or (len(name) == 2 and name[0] in _SURE)


class _Found:
    """One reading of a text, and what was found in it."""

    def __init__(self, text: str, tagged: Tagged):
        self._text = text
        self._words = tagged.words
        self._near = tagged.near
        self._at = {word.start: word for word in self._words}
        self._ends = {word.end for word in self._words}
        self._known: dict[int, int] = {}
        self._kept = [match.span() for match in _KEPT.finditer(text)]

    def all(self) -> list[Span]:
        found = [
            *self._tagged(),
            *self._titled(),
            *self._in_roles(),
            *self._in_frames(),
            *self._shared_title(),
            *self._latin(),
        ]
        found = [span for span in found if not self._stays(*span)] + [*self._foreign(), *self._sounds()]
        kinds = {start: word.kind for start, word in self._at.items()}
        found += [span for span in slots(self._text, kinds) if not self._stays(*span, official=False)]
        found = joined([*found, *self._almost(found)])
        return joined([*found, *self._companions(found)])

    # --- what the tagger says

    def _tagged(self) -> Iterator[Span]:
        for at, word in enumerate(self._words):
            if word.kind != PERSON:
                continue
            start, end = self._trimmed(word.start, word.end)
            titled = self._text[end:].startswith(tuple(words("titles.long") | words("titles.short")))
            title = max(
                (one for one in words("titles.long") if self._text[start:end].endswith(one)), key=len, default=""
            )
            title = title or (self._text[end - 1] if self._short_title(start, end) else "")
            if title:
                end, titled = end - len(title), True
            name = self._text[start:end]
            if not name or any(one.isdigit() for one in name):
                continue
            if len(name) == 1 and not (titled and self._surname(start)):
                continue
            yield self._longer(start, end, at)

    def _trimmed(self, start: int, end: int) -> Span:
        def part_of_name(one: str) -> bool:
            return one.isalpha() or one.isdigit()

        while start < end and not part_of_name(self._text[start]):
            start += 1
        while start < end and not part_of_name(self._text[end - 1]):
            end -= 1
        return start, end

    def _short_title(self, start: int, end: int) -> bool:
        return end - start == 2 and bool(self._surname(start)) and self._text[end - 1] in words("titles.short")

    def _longer(self, start: int, end: int, at: int) -> Span:
        """A name the tagger cut: 段玉|成, a foreign name beyond its middle, the first half of a Latin one."""
        text = self._text
        if _LETTERS.match(text[start]):
            while more := _LATIN_WORD.match(text, end):
                end = more.end()
            while start > 1 and text[start - 1] == " " and (word := re.search(r"[A-Z][a-z']+$", text[: start - 1])):
                start = word.start()
            return start, end
        if self._of_other_script(start, end):
            return self._spread(start, end)
        follows = self._words[at + 1] if at + 1 < len(self._words) and self._words[at + 1].start == end else None
        single = (
            follows
            and follows.end - follows.start == 1
            and follows.kind not in {"w", "u", "p", "c", "d", "r", "m", "q"}
        )
        if single and end - start == 2 and self._surname(start) == 1 and text[end] in characters("given"):
            end += 1
        return start, end

    def _of_other_script(self, start: int, end: int) -> bool:
        name = self._text[start:end].replace("·", "")
        syllables = characters("foreign.syllables")
        if set(name) - syllables:
            return False
        if len(name) == 2:
            return (
                name[0] not in _SURNAMES and len(self._text) > end + 1 and set(self._text[end : end + 2]) <= syllables
            )
        return len(name) > 3 or (len(name) == 3 and name[0] not in _SURNAMES)

    def _spread(self, start: int, end: int) -> Span:
        """As far as the characters go that names of other scripts are written in."""
        syllables = characters("foreign.syllables") | {"·"}
        while start and self._text[start - 1] in syllables:
            start -= 1
        while end < len(self._text) and self._text[end] in syllables and not begins(self._text, end, "after"):
            end += 1
        return self._trimmed(start, end)

    # --- what the tagger nearly says

    def _almost(self, found: list[Span]) -> Iterator[Span]:
        """What the tagger would take for a name but for a little, as much as the words around and in it allow.

        Those a word leads to come first, then the likeliest, a longer one before the shorter one in it."""
        covered = {at for start, end in found for at in range(start, end)}
        ranked = sorted(
            (not self._led(start), far - EACH * (end - start), start, end) for (start, end), far in self._near.items()
        )
        for free, _, start, end in ranked:
            far = self._near[start, end]
            if not _RUN.fullmatch(self._text, start, end) or self._stays(start, end):
                continue
            title = ends(self._text, end, "titles.long")
            if len(title) >= end - start - 1 > 0 or far > self._allowed(start, end, led=not free):
                continue
            if start in covered and begins(self._text, start + 1, "titles.long"):
                continue  # 王局长: the name is found, the title stays
            touched = covered & set(range(start, end))
            longer = LONGER if free or len(touched) < 2 else LED
            if touched and (far > longer or len(touched) == end - start):
                continue
            covered |= set(range(start, end))
            yield start, end

    def _allowed(self, start: int, end: int, *, led: bool) -> float:
        """How far from the tagger's best reading a name may be here."""
        name, size = self._text[start:end], self._surname(start)
        if set(name[size or 1 :]) & characters("never"):
            return 0.0
        foreign = len(name) > 2 and not set(name) - characters("foreign.syllables")
        shaped = bool(size and size < len(name) <= size + 2)
        if name[:2] in words("stays.words") and not (len(name) == 3 and name[2] in characters("given")):
            shaped = False
        if len(name) == 2 and name[0] in words("nicknames") and name[1] in _SURNAMES - _SMALL:
            return LONGER if self._ordinary(start, end) or self._cuts(start, end) else SHAPED
        if led:
            return LED if shaped or foreign else SHAPED if not self._ordinary(start, end) else LIKELY
        if self._ordinary(start, end):
            return LIKELY if shaped else 0.5
        if self._cuts(start, end):
            return LONGER if shaped or foreign else 0.5
        given = self._at.get(start + 1)
        if shaped and len(name) == 3 and given and given.end == end and given.kind in {"v", "vn", "d", "ad"}:
            return LIKELY
        return SHAPED if shaped or foreign else LIKELY

    def _cuts(self, start: int, end: int) -> bool:
        """Whether a word of the tagger's begins or ends within these characters and goes on outside."""
        return start not in self._at or end not in self._ends

    def _led(self, start: int) -> bool:
        """Whether a word stands before that leads to somebody: 学员…, 由…, 户主：…"""
        before = self._text[:start].rstrip(' :("“[【是为')
        if ends(before, len(before), "roles"):
            return True
        leads = ends(before, start, "before") if len(before) == start else ""
        return leads in words("agents") or len(leads) > 1

    # --- words

    def _surname(self, at: int) -> int:
        """How many characters the surname that may begin here has; 0 where none does."""
        if begins(self._text, at, "surnames.compound"):
            return 2
        one = self._text[at : at + 1]
        return int(one in _SURNAMES)

    def _ordinary(self, start: int, end: int) -> bool:
        """Whether the tagger takes these characters for one word of the language."""
        word = self._at.get(start)
        return bool(word and word.end == end and word.kind in ORDINARY)

    def _stays(self, start: int, end: int, *, official: bool = True) -> bool:
        """Whether this only looks like a person: an official word, somebody everybody knows, part of a unit's name.

        Without `official`, where the place says that somebody is meant, an official word alone does not stay."""
        text = self._text[start:end]
        if official and text in words("stays.words"):
            return True
        for begin, until in self._kept:
            if (
                start < until
                and begin < end
                and (official or begin < start or end < until or text in words("stays.public"))
            ):
                return True
        if len(text) > 2 and (text.endswith("族") or text[-1] in characters("stays.places") or _HOME_OF.match(text)):
            return True
        if _REGIONS.match(self._text, end):
            return True
        follows = self._at.get(end)
        rest = self._text[follows.start : follows.end] if follows else ""
        if rest in words("stays.units"):
            return True
        unit = begins(self._text, end, "stays.units")
        return len(unit) > 1

    def _titled(self) -> Iterator[Span]:
        """王局长, 李建国副主任: from where a word begins."""
        for match in _TITLE.finditer(self._text):
            end = match.start()
            for length in (4, 3, 2, 1):
                start = end - length
                if start < 0 or not (size := self._surname(start)) or not _RUN.fullmatch(self._text, start, end):
                    continue
                if length > size + 2 or (
                    length == 2 and size == 2 and not begins(self._text, start, "surnames.compound")
                ):
                    continue
                if set(self._text[start + size : end]) & characters("never"):
                    continue
                if {self._text[start:end], self._text[start : match.end()]} & words("stays.words"):
                    break
                if self._is_titled(start, size, end, match.end()):
                    yield start, end
                    break
        for match in _SHORT.finditer(self._text):
            start, end = match.start(), match.end() - 1
            if match[0] in words("stays.words") or self._near.get((start, match.end()), FAR) > SHAPED:
                continue
            yield start, end

    def _is_titled(self, start: int, size: int, end: int, title_end: int) -> bool:
        """Whether the characters up to a title are a name: a surname alone, or one with a given name."""
        far = min(self._near.get((start, title_end), FAR), self._near.get((start, end), FAR))
        led = bool(ends(self._text, start, "before"))
        small = self._text[start] in _SMALL and size == 1
        word = self._at.get(start)
        if end - start == size:
            if small:
                return far < (SHAPED if led else LONGER)
            return led or far < SHAPED or bool(word and word.end <= title_end)
        if far < (SHAPED if not small else LIKELY):
            return True
        first = led or not start or not _ONE.match(self._text[start - 1])
        return first and not small and not self._ordinary(start, end) and bool(word and word.end <= end)

    def _shared_title(self) -> Iterator[Span]:
        """虞、柳两位副主任: surnames alone that share what follows."""
        for match in _SHARED.finditer(self._text):
            places = [at for at in range(*match.span()) if self._text[at] not in "、,和"]
            if all(self._surname(at) for at in places):
                yield from ((at, at + 1) for at in places)
        yield from (match.span("name") for match in _KIN.finditer(self._text))
        for match in _COUNTED.finditer(self._text):  # 江山和文明两位驻村队员
            items = [
                (one.start() + match.start(), one.end() + match.start()) for one in re.finditer("[^、,和]+", match[0])
            ]
            counted = _COUNT.match(self._text, match.end())
            named = all(1 < end - start < 4 and self._surname(start) for start, end in items)
            if named and counted and begins(self._text, counted.end(), "people"):
                yield from items

    def _in_roles(self) -> Iterator[Span]:
        """学员…, 经办人：…"""
        for match in _ROLE.finditer(self._text):
            told = bool(match["told"])
            if name := self._name_from(match.end(), told=told):
                yield name

    def _name_from(self, start: int, *, told: bool) -> Span | None:
        """The name that begins here, if one does; `told` where a colon or the like says so."""
        size = self._surname(start)
        if not size or (self._text[start] in _SMALL and not told and not self._named(start)):
            return None
        sure = self._text[start] in _SURE or size == 2
        for length in (size + 2, size + 1):
            end = start + length
            if end > len(self._text) or not _RUN.fullmatch(self._text, start, end):
                continue
            name = self._text[start:end]
            if set(name[size:]) & characters("never"):
                continue
            if name in words("stays.words") or any(
                name.startswith(one) for one in words("stays.words") if len(one) > 1
            ):
                return None
            whole = self._at.get(start)
            if whole and whole.end > end and whole.kind in ORDINARY:
                continue
            alone = bool(_STANDS_ALONE.match(self._text, end))
            goes_on = alone or bool(begins(self._text, end, "after")) or bool(begins(self._text, end, "titles.long"))
            ends_word = end in self._ends
            if self._ordinary(start, end):
                if told and alone:
                    return start, end
                if (
                    length == size + 2
                    and self._text[end : end + 1] in {"、", ","}
                    and self._at[start].kind in {"n", "nz"}
                ):
                    return start, end
                continue
            if goes_on and (ends_word or told or alone):
                return start, end
            if sure and told and ends_word:
                return start, end
        return None

    def _named(self, start: int) -> bool:
        """Whether a small word (和, 都) can only be a surname here: 患者和志刚, before two characters no word begins with."""
        follows = self._at.get(start + 1)
        return bool(follows and follows.end == start + 3 and follows.kind in {"ORG", "LOC", "PER", "nz"})

    def _in_frames(self) -> Iterator[Span]:
        """由…接手: between a word that leads to somebody and what somebody does."""
        for match in _FRAME.finditer(self._text):
            if match.start() not in self._at and match.end() not in self._at:
                continue
            start = match.end()
            size = self._surname(start)
            if not size or (self._text[start] in _SMALL and match[0] not in words("agents")):
                continue
            for length in (size + 2, size + 1):
                end = start + length
                if not _RUN.fullmatch(self._text, start, end):
                    continue
                name = self._text[start:end]
                if set(name[size:]) & characters("never") or any(name.startswith(one) for one in words("stays.words")):
                    continue
                does = len(begins(self._text, end, "after")) > 1
                given = len(match[0]) > 1 and self._text[start] in _SURE and _STANDS_ALONE.match(self._text, end)
                ordinary = self._ordinary(start, end)
                if (does and ordinary and match[0] in words("agents")) or (
                    (does or given) and not ordinary and end in self._ends
                ):
                    yield start, end
                    break

    # --- names of other scripts

    def _foreign(self) -> Iterator[Span]:
        """Names with · in them, mostly of the characters that foreign sounds are written in, and endings only names have."""
        syllables = characters("foreign.syllables")
        for match in _FOREIGN.finditer(self._text):
            start, end = match.span("left")
            for at in range(end - 1, start, -1):  # 护边员托合塔西·…: what leads to the name is no part of it
                if ends(self._text, at, "roles") or self._text[at - 1] == "族" or ends(self._text, at, "agents"):
                    start = at
                    break
            while start < match.end("left") and self._text[start] not in syllables and end - start > 4:
                start += 1
            end = match.start("rest")
            while end < match.end() and not (self._text[end - 1] != "·" and begins(self._text, end, "after")):
                word = self._at.get(end)
                if word and word.kind in {"v", "vn", "p", "d", "c"} and self._text[end] not in syllables:
                    break
                end += 1
            name = self._text[start:end].replace("·", "")
            if end > match.start("rest") + 1 and name and 2 * sum(one in syllables for one in name) >= len(name):
                yield start, end
        for match in _ENDING.finditer(self._text):
            span = self._spread(*match.span())
            if not self._stays(*span):
                yield span
        for match in _OF_PEOPLES.finditer(self._text):
            start, end = match.span()
            inside = self._at.get(start)
            if (
                start in self._at
                and not (inside and inside.end > end and inside.kind != PERSON)
                and not self._stays(start, end)
            ):
                yield self._trimmed(start, end)

    def _sounds(self) -> Iterator[Span]:
        """那仁满都拉: four characters and more of foreign sounds in which the tagger sees no words."""
        for match in _SOUNDS.finditer(self._text):
            inside = [word for word in self._words if word.start < match.end() and match.start() < word.end]
            plain = sum(word.end - word.start == 1 or word.kind == PERSON for word in inside)
            if 2 * plain > len(inside) and not self._stays(*match.span()):
                yield match.span()

    def _latin(self) -> Iterator[Span]:
        for match in _LATIN.finditer(self._text):
            if ends(
                self._text[: match.start()].rstrip(" :("), len(self._text[: match.start()].rstrip(" :(")), "roles"
            ) or begins(self._text, match.end(), "titles.long"):
                yield match.span()

    # --- lists

    def _companions(self, found: list[Span]) -> Iterator[Span]:
        """What stands in one list with a name: 王秀英600元、江河500元."""
        known = self._known = dict(found)
        waiting = list(found)
        while waiting:
            start, end = waiting.pop()
            for other in (self._right(end), self._left(start)):
                if (
                    other
                    and known.get(other[0], 0) < other[1]
                    and not any(one < other[0] < known[one] for one in known)
                ):
                    known[other[0]] = other[1]
                    waiting.append(other)
                    yield other
        for end in list(known.values()):  # 刘伟、石榴、孙丽: between two names a word of the language is one
            match = _NEXT.match(self._text, end)
            beyond = _ITEM_ENDS.match(self._text, match.start("item")) if match else None
            if match and beyond and beyond.end() in known and self._surname(match.start("item")):
                yield beyond.span("item")

    def _right(self, end: int) -> Span | None:
        match = _NEXT.match(self._text, end)
        if not match:
            return None
        start, run = match.span("item")
        paid, after = _UNIT_PAID.search(match["amount"]), _PAID.match(self._text, run)
        same = bool(paid and after and paid["unit"] == after["unit"])
        if run - start <= 4 and self._listed(start, run, paid=same):
            return start, run
        return self._name_from(start, told=True) if self._text[start:run] else None

    def _left(self, start: int) -> Span | None:
        match = _BEFORE.search(self._text[max(0, start - 60) : start])
        if not match:
            return None
        moved = max(0, start - 60)
        begin, end = match.start("item") + moved, match.end("item") + moved
        if begin and _ONE.match(self._text[begin - 1]):
            return None
        paid, after = _UNIT_PAID.search(match["amount"]), _PAID.match(self._text, self._end_of(start))
        return (
            (begin, end)
            if self._listed(begin, end, paid=bool(paid and after and paid["unit"] == after["unit"]))
            else None
        )

    def _end_of(self, start: int) -> int:
        return max((end for one, end in self._known.items() if one == start), default=start)

    def _listed(self, start: int, end: int, *, paid: bool) -> bool:
        """Whether an item of a list that holds a name is one too."""
        name = self._text[start:end]
        if name in words("roles") or ends(name, len(name), "titles.long"):
            return False
        if name in words("stays.sums"):
            return False
        if paid:
            return not begins(self._text, end, "stays.units")
        if self._stays(start, end):
            return False
        size = self._surname(start)
        if not size or end - start > size + 2 or end - start == size:
            return False
        return name[:2] not in words("stays.words") or name[2:] in characters("given")
