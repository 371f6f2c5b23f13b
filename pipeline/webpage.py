"""Where on a web page the article stands: its title, its body, and what lies before, between and after.

The body is the run of lines that holds most sentences, told by length, end marks and punctuation (lines.py), not by a
site's wording. Its title is found by titles.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.labels import is_name
from pipeline.lines import Look, is_byline, is_caption
from pipeline.titles import find_title, is_stamp

ENOUGH = 3.0  # the score of the shortest body: one sentence of some 20 characters
LEAD = 40  # lines without an end mark that may stand before the first sentence (verse) or behind the last (a list)
BRIDGE = 12  # lines of any form without an end mark that may stand between two sentences of one body: a table
LISTED = 60  # the same where they are no headlines: a programme, telephone numbers, verse
RUNS = 12  # dense runs that are weighed against each other
TITLE_WORTH = 5.0  # a run's score for each point of its title: a short article with a sure title beats long comments
# Rules that take the time at which an article was put on the page.
DATED = ("time-stamp", "dated-line", "field-row")
# Rules that take fields which an article may hold too.
WEAK = ("contact-line", "empty-field")
# Chrome that sites set between two paragraphs, and what an article says of times and places: none of it ends a body.
SOFT = (
    "paywall",
    "loading",
    "advert",
    "image-placeholder",
    "click-offer",
    "inline-related",
    "summary-label",
    "part-mark",
    *WEAK,
)
# What sites set between two paragraphs as well as below the last one.
PASSING = ("picture-pager", "call-to-follow", "special-topic-link", "reading-time")
# Notes that sites set between the first paragraphs too.
NOTED = ("copyright", "disclaimer")
_SIGNED = re.compile(
    "(?:[（(]?(?:完|本报综合|本文完|未完待续)[)）]?|[^。，]{4,24}(?:委员会|政府|办公室|全体[^。，]{1,4}|公司|协会|公会|编辑部|党委|中心|局|部|学会)"
    "|(?:19|20)\\d\\d年\\d{1,2}月\\d{1,2}日|附件?(?:[：:]|[一二三四五六1-9][：:.、])[^。]{2,60}|特此[^。，]{2,6}"
    "|[\N{EM DASH}\N{HORIZONTAL BAR}-]{1,2}[ ]?[^。]{2,60}|[^。，]{0,16}《[^》]{2,20}》[^。，]{0,4}(?:[（(][^）)]{4,30}[）)]|(?:19|20)\\d\\d年第?[^。，]{1,12})"
    "|[^。，]{2,40}(?:[摄攝]影[报報][道導导]|[摄攝](?:[（(][^）)]{2,12}[）)])?|整理|出品|[编編][译譯])[）)]?"
    "|(?:联系人|聯繫人|联络人|聯絡人|咨询电话|联系电话|聯絡電話|查詢電話|查询电话)[：:][^。]{2,60})"
)

_ATTACHMENTS = re.compile("附件[ ]?[0-9一二三四五六七八九]{0,2}[：:]?")
_ATTACHED = re.compile("[0-9一二三四五六七八九]{1,2}[.．、][ ]?[^。]{4,60}$")

# A number that stands alone, as sections of a feature are headed.
SECTION = re.compile(
    "[01]?[1-9]|[一二三四五六七八九十]{1,2}[、.．]?|[（(][一二三四五六七八九十]{1,2}[)）]|[IVX]{1,4}"
    "|(?:PART|Part)[ .]?[0-9一二三四五六七八九十]{1,2}"
)
# A line of a list that an article may hold: a field (地点：市博物馆), an item (1. 用准确的词).
FIELDS = re.compile(
    "[^，。：:]{1,10}[：:]|[●■◆▲★○◎•·▪□☆①-⑳]|[（(]?[一二三四五六七八九十0-9]{1,3}[)）.．、]|第[一二三四五六七八九十0-9]{1,3}[条章名]"
)
# A blank as wide as a character parts a name and an office, a column and the next.
PARTED = re.compile("[^ \u3000](?:\u3000|[ ]{2})[^ \u3000]")
# What a text says right above a list of its own.
_ANNOUNCED = re.compile("(?:如下|名单|名單|分别[为是]|分別[為是]|包括)[^。，]{0,6}[：:]$")
# Words that sites set where a picture was, and that are names of channels too.
_PLACEHOLDERS = ("图片", "圖片", "视频", "視頻", "音频")
_CONTACT = re.compile("[^。，：:]{2,30}(?:电话|電話|热线|熱線|邮箱|郵箱|传真|傳真)[^。，：:]{0,14}[：:]")

TORN = 20  # characters of a sentence with which a file breaks off
BLOCK = 4  # lines of a signature with its date, at most
# Who sent a letter: a place and a name.
_SENDER = re.compile(
    "[\u4e00-\u9fff]{2,14}[省市县區区縣州盟镇鎮村旗][ ]{1,2}[\u4e00-\u9fff]{1,2}[ ]{0,2}[\u4e00-\u9fff]{1,2}|[实實][习習][记記]者[^。，]{2,8}"
)
_TIPS = re.compile("[报報爆][料]|本[报報网網台]|[热熱][线線]")
_DATE = re.compile("(?:19|20)\\d\\d年(?:\\d{1,2}月(?:\\d{1,2}日)?)?")
_LINKED = "►▸▶→>＞·•#＃-—【[《"
_PERIOD = re.compile("(?:19|20)\\d\\d[.年/-]?\\d{0,2}月?[ ]?(?:[-~至]|\N{EM DASH}|\N{EN DASH}){1,2}")


class Region(msgspec.Struct):
    """Indexes of an article's lines: [start, stop) is the body, title its headline's."""

    start: int
    stop: int
    title: int | None
    score: float


def find_region(looks: Sequence[Look]) -> Region | None:
    """The body region and its title, or None for a page that holds no article."""
    found: tuple[float, int, int, int | None] | None = None
    runs = _dense_runs(looks)
    for first, last, score in [*runs, *(x for run in runs for x in _below_stamp(looks, *run))]:
        title, worth = find_title(looks, first, last)
        total = score + TITLE_WORTH * worth
        if found is None or total > found[0]:
            found = total, first, last, title
    if found is None:
        return None
    score, first, last, title = found
    while title is not None and first <= title:
        first += 1
    while first < last and not looks[first].prose:
        first += 1
    if title is not None:
        first = _pull_up(looks, title, first)
    last = _pull_down(looks, last)
    start = first
    low = title + 1 if title is not None else max(0, first - 3)
    while start > low and first - start < LEAD and _leads(looks[start - 1]):
        start -= 1
    if title is None or (first - start > 4 and not _opens(looks[title : start + 1], looks[start:first])):
        start = first
    above = looks[start - 1]
    if title is not None and title < start - 1 and above.rule is None and SECTION.fullmatch(above.text):
        start -= 1
    stop = _contacts(looks, last + 1)
    while stop < len(looks) and stop - last <= LEAD and (_signs(looks[stop]) or _heads_list(looks, stop)):
        stop += 1
    stop = _set_in_end(looks, start, stop)
    stop = _attached_end(looks, stop)
    if stop + 1 == len(looks) and _breaks_off(looks[stop]):
        stop += 1
    return Region(start, _list_end(looks, _block_end(looks, stop)), title, score)


def _dense_runs(looks: Sequence[Look]) -> list[tuple[int, int, float]]:
    """First line, last line and score of the runs of lines with the greatest sums, at most RUNS of them.

    The best run is found by Kadane's scan, the next ones left and right of it.
    """
    runs: list[tuple[int, int, float]] = []
    spans = [(0, len(looks))]
    while spans and len(runs) < RUNS:
        spans, todo = [], spans
        for low, high in todo:
            run = _densest(looks, low, high)
            if run is not None:
                runs.append(run)
                spans += [(low, run[0]), (run[1] + 1, high)]
    return runs


def _below_stamp(looks: Sequence[Look], first: int, last: int, score: float) -> list[tuple[int, int, float]]:
    """The part of a run below a stamp where little of its text stands above: a notice to all readers, and a menu."""
    sizes = [look.size if look.prose else 0 for look in looks[first : last + 1]]
    at = next((i for i in range(first, last) if (r := looks[i].rule) is not None and r.name in DATED), None)
    if at is None or 3 * sum(sizes[: at - first]) > sum(sizes):
        return []
    start = next(i for i in range(at, last + 1) if looks[i].prose)
    return [(start, last, score - sum(look.score for look in looks[first:start]))]


def _densest(looks: Sequence[Look], low: int, high: int) -> tuple[int, int, float] | None:
    """First line, last line and score of the best run in looks[low:high]."""
    best: tuple[int, int, float] | None = None
    begin, total = low, 0.0
    for i in range(low, high):
        if total <= 0:
            begin, total = i, 0.0
        total += looks[i].score
        if looks[i].prose and total >= ENOUGH and (best is None or total > best[2]):
            best = begin, i, total
    if best is None:
        return None
    first, last, score = best
    while not looks[first].prose:
        first += 1
    return first, last, score


def _leads(look: Look) -> bool:
    """Whether a line right above the first paragraph may be the article's: a subtitle, a byline, a crosshead."""
    if look.rule is not None or look.han < 2 or 2 * look.han < look.size:
        return False
    return look.score > -2 or look.markup == "caption" or is_caption(look.text)


def _opens(above: Sequence[Look], leads: Sequence[Look]) -> bool:
    """Whether many lines over the first paragraph are the article's: below a stamp, or verse by its punctuation."""
    if any(is_stamp(x) or (x.rule is not None and x.rule.name == "original-title") for x in above):
        return True
    return sum(x.text[-1] in "，；、" or x.text[0] in "“「" for x in leads) > 1


def _pull_up(looks: Sequence[Look], title: int, first: int) -> int:
    """The first sentence below the title: a short lead that a table parts from the rest is the article's."""
    at = first
    for i in range(first - 1, title, -1):
        rule = looks[i].rule
        if rule is not None and rule.role != "none" and rule.name not in NOTED:
            break
        if looks[i].prose:
            at = i
    return at


def _is_soft(look: Look) -> bool:
    """Whether a line is chrome that sites set between two paragraphs: it does not end a body."""
    return look.rule is not None and (look.rule.name in SOFT or look.text in _PLACEHOLDERS)


def _is_passing(looks: Sequence[Look], i: int) -> bool:
    """Whether a line is a call or a control right above a whole sentence, as sites set into a text; below it they end one."""
    at = i
    while at < len(looks) and (rule := looks[at].rule) is not None and (rule.name in PASSING or _is_soft(looks[at])):
        at += 1
    return i < at < len(looks) and looks[at].prose and looks[at].ended and looks[at].rule is None


def _is_headline(look: Look) -> bool:
    """Whether a line may be another article's headline, as lists below a body hold them."""
    if look.rule is not None or look.ended or look.size < 12 or 2 * look.han < look.size:
        return False
    return FIELDS.match(look.text) is None and PARTED.search(look.text) is None


def _pull_down(looks: Sequence[Look], last: int) -> int:
    """The last sentence that no chrome parts from the body: a table or verse between does not end it."""
    at = i = last
    headlines = 0
    announced = False
    while i + 1 < len(looks) and i - at < LISTED:
        i += 1
        announced = announced or _ANNOUNCED.search(looks[i].text) is not None
        headlines += not announced and _is_headline(looks[i])
        if i - at > BRIDGE and 3 * headlines > i - at:
            break
        if _is_soft(looks[i]) or _is_passing(looks, i):
            continue
        if looks[i].rule is not None or (looks[i].times > 1 and not looks[i].ended and not _introduces(looks[i])):
            break
        if looks[i].prose:
            at, headlines, announced = i, 0, False
    return at


def _introduces(look: Look) -> bool:
    """Whether a line leads to the next: an article may print the same one several times (点评：)."""
    return look.text[-1] in "：:" and look.markup != "link"


def _signs(look: Look) -> bool:
    """Whether a line right below the last paragraph may be the article's: a signature, a date, a caption."""
    if (look.rule is not None and look.rule.name != "time-stamp") or look.markup == "link":
        return False
    if look.markup == "caption":
        return True
    if look.text[0] in "（(" and look.text[-1] in "）)" and look.han >= 2:
        return True
    if look.size >= 60 and look.han >= 40 and look.times == 1:
        return True
    if _CONTACT.match(look.text) or _PERIOD.match(look.text):
        return True
    return is_caption(look.text) or is_byline(look.text) or _SIGNED.fullmatch(look.text) is not None


def _set_in_end(looks: Sequence[Look], start: int, stop: int) -> int:
    """Where a text ends whose paragraphs are all set in, as the lines of the page below it are not."""
    own = [look.set_in for look in looks[start:stop] if look.prose]
    if not own or not all(own) or looks[-1].set_in:
        return stop
    end = stop
    while (
        end < len(looks) and looks[end].set_in and ((rule := looks[end].rule) is None or rule.name in (*WEAK, *DATED))
    ):
        end += 1
    return end if end == len(looks) or not looks[end].set_in else stop


def _attached_end(looks: Sequence[Look], stop: int) -> int:
    """Where what is attached to an official document ends: its list and what stands below 附件, down to the page's own lines."""
    end = stop
    if any(_ATTACHMENTS.match(look.text) for look in looks[max(stop - 1, 0) : stop]):
        while end < len(looks) and looks[end].rule is None and _ATTACHED.match(looks[end].text):
            end += 1
        end = _block_end(looks, end)
        while end < len(looks) and _signs(looks[end]):
            end += 1
    foot = end
    if end < len(looks) and _ATTACHMENTS.fullmatch(looks[end].text) and looks[end].text[-1] != "：":
        while foot < len(looks) and (x := looks[foot]).rule is None and x.markup != "link" and x.times == 1:
            foot += 1
    return foot if foot - end > 2 else end


def _breaks_off(look: Look) -> bool:
    """Whether the last line of all, right below the text, is the beginning of a sentence that the file does not hold."""
    whole = look.rule is not None or look.ended or look.times > 1 or look.markup == "link"
    return not whole and look.size >= TORN and 2 * look.han >= look.size and "，" in look.text


def _block_end(looks: Sequence[Look], stop: int) -> int:
    """Where a signature of up to three lines ends: a day closes it, or the page's own lines stand right below a name."""
    for i in range(stop, min(stop + BLOCK, len(looks))):
        look = looks[i]
        if _DATE.fullmatch(look.text.replace(" ", "")) is not None and "日" in look.text:
            return i + 1
        if (
            look.rule is not None
            or look.size > 24
            or look.times > 1
            or look.markup == "link"
            or look.text[0] in _LINKED
        ):
            break
    if stop + 1 < len(looks) and looks[stop].rule is None and looks[stop].times == 1 and looks[stop].markup != "link":
        below = looks[stop + 1].rule
        closed = below is not None and (below.role == "end" or below.name in ("share-bar", "pager"))
        if closed and (is_name(looks[stop].text) or _SENDER.fullmatch(looks[stop].text)):
            return stop + 1
    return stop


def _contacts(looks: Sequence[Look], stop: int) -> int:
    """Where the body ends when contacts follow it at once: those of a footer stand with notices."""
    end = stop
    while end < len(looks) and (rule := looks[end].rule) is not None and rule.name == "contact-line":
        if _TIPS.search(looks[end].text):
            break
        end += 1
    if end < len(looks) and (rule := looks[end].rule) is not None and rule.reason != "notice":
        return end
    return stop


def _list_end(looks: Sequence[Look], stop: int) -> int:
    """Where a list ends that the editor's line or a disclaimer closes: a chronicle, a table behind the last sentence.

    Other articles stand below those lines, not above them; tags and links may, but they are short or marked.
    """
    long = 0
    for i in range(stop, min(stop + LEAD, len(looks))):
        look = looks[i]
        if look.rule is not None and look.rule.role == "end":
            closed = look.rule.name in ("disclaimer", "editor-line") and i - stop >= 4 and 2 * long >= i - stop
            return i if closed else stop
        dated = _DATE.fullmatch(look.text) is not None
        if look.times > 1 or look.markup == "link" or look.text[0] in _LINKED or (look.rule is not None and not dated):
            return stop
        long += look.size >= 10 or dated
    return stop


def _heads_list(looks: Sequence[Look], i: int) -> bool:
    """Whether a line leads to a list that is the article's: a career, telephone numbers."""
    look = looks[i]
    return look.rule is None and look.text[-1] in "：:" and i + 1 < len(looks) and _signs(looks[i + 1])
