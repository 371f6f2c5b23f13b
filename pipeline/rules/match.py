"""Rules compiled: which of them takes a line, and which lines of a page are worth asking."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

import msgspec

from pipeline.rules.wording import LONGEST, MATCH, Group, Rule, forms_of, is_sentence, numbered, widen, with_pattern

REMEMBERED = 10_000  # lines whose answer is kept
LONGEST_HEAD = 110
LONGEST_MENU = 300
ENTRIES = 4  # known ones of a menu in one row, at least
MENU_REASONS = ("navigation", "interaction")
_PARTS = re.compile("[^0-9A-Za-z\u3400-\u9fff]{1,9}")
_HALF_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF0E, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))} | {
    0x3000: " "
}

# What OCR makes of 第, and of a zero among digits.
_SLIP = re.compile("笫|(?<=[0-9])[Oo](?=[0-9年月日])|(?<=[0-9])[Oo](?=[0-9])")
_FAR_APART = re.compile(" {3,}")  # as page heads are set, which fill the page's width

# Around a whole line that is compared with a phrase: bullets, arrows and brackets of a link.
DECORATION = " \u3000\t[]【】()（）<>《》〈〉«»‹›·•●■◆▲▶►▼↓|｜:：…>＞-—+"

_DAY = (
    r"(?:(?:19|20)\d\d[ ]?(?:年|[-./])[ ]?\d{1,2}[ ]?(?:月|[-./])[ ]?\d{1,2}[ ]?[日口]?"
    r"|[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
    r"|(?:中华)?民国[ ]?[〇○零一二三四五六七八九十百\d]{1,4}年[一二三四五六七八九十\d]{1,3}月[一二三四五六七八九十\d]{1,3}日)"
)
# The beginnings of any date, for a scan of whole pages; where each branch begins with one letter, `re` skips to these.
_NEAR_DAY = (r"1[90]\d\d[ ]?[年./-]", r"2[90]\d\d[ ]?[年./-]")
_NEAR_CHINESE_DAY = ("二〇", "二○", "二零", "一九", "民国")
_WEEKDAY = r"(?:星期|周|礼拜)[一二三四五六日天]"
_LUNAR = (
    r"(?:(?:农历|夏历)?[ ]?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年[ ]?[闰正一二三四五六七八九十冬腊]{1,3}月"
    r"[初一二三四五六七八九十廿]{1,3}[日]?|农历[^。，]{2,12})"
)
_PAGE = (
    r"(?:[A-Z]?第?[ ]?(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})[ ]?版(?:[ ：:]{0,3}[\u4e00-\u9fff]{2,6})?"
    r"|[A-Z]?\d{1,3})"
)


class PaperLine(msgspec.Struct, frozen=True):
    """One form of line that a newspaper prints at the head or foot of a page."""

    name: str
    pattern: str
    head: bool = False
    sites: bool = False  # sites print such lines too, so that it does not tell a page of a paper
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """A site and the words it is known by."""

    name: str
    words: tuple[str, ...]


def half_width(text: str) -> str:
    """A line of a page's head with its full-width digits, letters, strokes and spaces made half-width.

    A name that is set wide, a space between all characters, is closed up.

    >>> half_width("第２版"), half_width("某 某 日 报"), half_width("2020年5月2O日")
    ('第2版', '某某日报', '2020年5月20日')
    """
    text = _FAR_APART.sub("  ", text.translate(_HALF_WIDTH))
    if not text.isascii() and _SLIP.search(text):
        text = _SLIP.sub(lambda found: "第" if found.group() == "笫" else "0", text)
    return text[::2] if len(text) >= 5 and text[1::2].isspace() and " " not in text[::2] else text


class ChromeRules:
    """All rules, compiled: one alternation for each kind of document and of match."""

    def __init__(
        self,
        rules: Iterable[Rule],
        lines: Iterable[PaperLine],
        names: Iterable[str],
        forms: Iterable[str],
        sites: Iterable[Site],
        variants: dict[str, str],
        menu: Iterable[str] = (),
    ) -> None:
        self.rules = list(rules)
        self.lines = list(lines)
        self.sites = list(sites)
        self.variants = variants
        self.simple = str.maketrans({form: simple for simple, forms_ in variants.items() for form in forms_})
        self._words = [(site.name, word.translate(self.simple)) for site in self.sites for word in site.words]
        self._starts = tuple(word for _, word in self._words)
        self._phrases: dict[str, dict[str, Rule]] = {"web": {}, "page": {}}
        self._longest = {"web": 0, "page": 0}  # of the phrases as they are compared
        self._known: dict[str, dict[str, Rule | None]] = {"web": {}, "page": {}}
        self._groups: dict[str, dict[str, Group]] = {}
        self._of_prose: dict[str, dict[str, Group]] = {}  # the few that are asked on sentences
        for kind in ("web", "page"):
            mine = [r for r in self.rules if r.on in (kind, "both")]
            for rule in mine:
                if rule.match == "line":
                    for phrase in rule.phrases:
                        self._phrases[kind].setdefault(self.key(phrase), rule)
            self._longest[kind] = max(map(len, self._phrases[kind]), default=0)
            patterned = [with_pattern(r) for r in mine if r.pattern or r.match != "line"]
            self._groups[kind] = {m: Group([r for r in patterned if r.match == m], m, variants) for m in MATCH}
            prose = [r for r in patterned if r.prose]
            self._of_prose[kind] = {m: Group([r for r in prose if r.match == m], m, variants) for m in MATCH}
        entries = {phrase for phrase, rule in self._phrases["web"].items() if rule.reason in MENU_REASONS}
        self._menu = {x for x in (*entries, *(word.translate(self.simple) for word in menu)) if len(x) > 1}
        self._entries: dict[str, list[str]] = {
            entry[0]: [] for entry in self._menu
        }  # by what they begin with, the longest first
        for entry in sorted(self._menu, key=len, reverse=True):
            self._entries[entry[0]].append(entry)
        endings = "|".join(map(re.escape, forms))
        paper = f"(?:{'|'.join(map(re.escape, names))}|[\u4e00-\u9fff]{{2,6}}(?:{endings}))"
        self.paper_name = re.compile(widen(paper, variants))
        fill = {"{paper}": paper, "{day}": _DAY, "{page}": _PAGE, "{lunar}": _LUNAR}
        fill["{date}"] = f"{_DAY}(?:[ ]{{0,4}}{_WEEKDAY})?"
        self._line_patterns = [widen(_filled(line.pattern, fill), variants) for line in self.lines]
        self._masthead: dict[bool, tuple[list[PaperLine], re.Pattern[str]]] = {}
        needs = {n for r in self.rules if r.on != "web" for n in r.needs}
        needs |= {n for x in self.lines if not x.head for n in x.needs}
        needs |= set(_NEAR_CHINESE_DAY)
        self._needs = sorted({form for need in needs for form in forms_of(need, variants)})
        self.day = re.compile(_DAY)

    def compile(self) -> None:
        """Compile all patterns now, before processes are forked that would each compile what they come to ask."""
        for groups in (*self._groups.values(), *self._of_prose.values()):
            for group in groups.values():
                group.compile()
        for head in (True, False):
            self._compile_masthead(head)

    @cached_property
    def _near(self) -> list[re.Pattern[str]]:
        """What a scan of a whole page looks for: needed words and days, then what rules without them may take."""
        near = [re.compile("|".join([*map(re.escape, self._needs), *_NEAR_DAY]))]
        near += [g.near for g in self._groups["page"].values() if g.near is not None]
        pairs = zip(self.lines, self._line_patterns, strict=True)
        undated = [p for x, p in pairs if not (x.head or x.needs or "{da" in x.pattern)]
        if undated:
            near.append(re.compile(f"^(?:{'|'.join(undated)})$", re.MULTILINE))
        return near

    def key(self, text: str) -> str:
        """What of a whole line is compared with a phrase: no decoration, no blanks, simplified."""
        return _bare(text).translate(self.simple)

    def asked_alone(self, rule: Rule | PaperLine) -> Callable[[str], bool]:
        """Whether one rule, asked by itself, takes a line on all kinds of documents that it is for."""
        if isinstance(rule, PaperLine):
            pattern = re.compile(self._line_patterns[self.lines.index(rule)])
            return lambda text: pattern.fullmatch(text) is not None
        alone = ChromeRules([rule], [], [], [], [], self.variants)
        kinds = ("web", "page") if rule.on == "both" else (rule.on,)
        return lambda text: all(alone.find(text, kind) is not None for kind in kinds)

    def find(self, text: str, kind: str) -> Rule | None:
        """The first rule that takes this line of a document of this kind.

        Answers are remembered: pages of one site share most of their menus, and a page asks of its ends twice.
        """
        known = self._known[kind]
        if text in known:
            return known[text]
        if len(known) >= REMEMBERED:
            known.clear()
        rule = known[text] = self._find(text, kind)
        return rule

    def _find(self, text: str, kind: str) -> Rule | None:
        rule = self.phrase(text, kind)
        if rule is not None and len(text) <= rule.longest:
            return rule
        groups = (self._of_prose if is_sentence(text) else self._groups)[kind]
        return groups["line"].find(text) or groups["start"].find(text) or groups["anywhere"].find(text)

    def worth_asking(self, texts: Sequence[str]) -> set[int]:
        """Indexes of the lines of a newspaper page that any rule may take.

        Few lines of a page are chrome. Searching all of them at once as one text leaves the scan to the matcher and
        asks each rule only where there is a chance, which makes pages some five times faster. A hit that runs over a
        line's end only costs a question.
        """
        text = "\n".join(texts)
        ends = [end - 1 for end in accumulate(len(line) + 1 for line in texts)]
        found: set[int] = set()
        for pattern in self._near:
            hit = pattern.search(text)
            while hit is not None:
                i = bisect_left(ends, hit.start())
                found.add(i)
                hit = pattern.search(text, ends[i] + 1)
        if self._phrases["page"]:
            found.update(i for i, line in enumerate(texts) if self.phrase(line, "page") is not None)
        return found

    def phrase(self, text: str, kind: str) -> Rule | None:
        """The rule whose phrase is this whole line; much faster than `find`."""
        if len(text) > LONGEST:
            return None
        bare = _bare(text)
        return self._phrases[kind].get(bare.translate(self.simple)) if len(bare) <= self._longest[kind] else None

    def masthead(self, text: str, head: bool) -> PaperLine | None:
        """The masthead form of a whole line; `head` when nothing but masthead stands above it."""
        if "，" in text or "。" in text or len(text := half_width(text)) > LONGEST_HEAD:
            return None
        lines, pattern = self._masthead.get(head) or self._compile_masthead(head)
        hit = pattern.fullmatch(text)
        return None if hit is None or hit.lastindex is None else lines[hit.lastindex - 1]

    def _compile_masthead(self, head: bool) -> tuple[list[PaperLine], re.Pattern[str]]:
        asked = [(line, p) for line, p in zip(self.lines, self._line_patterns, strict=True) if head or not line.head]
        self._masthead[head] = [line for line, _ in asked], numbered([p for _, p in asked])
        return self._masthead[head]

    def names_site(self, text: str) -> bool:
        """Whether a line is the name of a site or a paper and little else (明報新聞網, 某某晚报电子版).

        A name of its own behind a blank is a writer's (中時新聞網 陳柏宇).
        """
        if len(text) > 14 or "，" in text or "。" in text:
            return False
        if self.paper_name.fullmatch(text):
            return True
        bare = text.translate(self.simple)
        if not bare.startswith(self._starts):
            return False
        rests = [bare[len(word) :] for _, word in self._words if bare.startswith(word)]
        return any(
            len(rest) <= 4 and not (rest[:1] == " " and rest[1:].isalpha() and not rest.isascii()) for rest in rests
        )

    def names_menu(self, text: str) -> bool:
        """Whether a line is a menu set in one row, with marks or nothing between its entries (首页 新闻 体育 登录).

        Dumps that take the text of a whole box run entries together. Not all entries can be known; a headline that names
        two or three fields of life is no menu.
        """
        if not 8 <= len(text) <= LONGEST_MENU or any(mark in text for mark in "，。、！？；"):
            return False
        bare = text.translate(self.simple)
        parts = [part for part in _PARTS.split(bare) if part]
        alone = sum(part in self._menu for part in parts)
        if alone >= ENTRIES and 2 * alone >= len(parts) and max(map(len, parts)) <= 8:
            return True
        return any(self._runs_entries(part) for part in parts)

    def _runs_entries(self, text: str) -> bool:
        """Whether a text is hardly anything but entries of a menu, run together."""
        i = entries = other = 0
        while i < len(text) and 4 * other <= len(text):
            known = self._entries.get(text[i], ())
            size = next((len(entry) for entry in known if text.startswith(entry, i)), 0)
            entries += size > 0
            other += not size
            i += size or 1
        return entries > ENTRIES and 4 * other <= len(text)

    def site_of(self, text: str) -> str | None:
        """The site that a breadcrumb, a title's suffix or a footer names."""
        bare = text.translate(self.simple)
        return next((name for name, word in self._words if word in bare), None)


def _bare(text: str) -> str:
    return text.strip(DECORATION).replace(" ", "")


def _filled(pattern: str, fill: dict[str, str]) -> str:
    for name, value in fill.items():
        pattern = pattern.replace(name, value)
    return pattern
