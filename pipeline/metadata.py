"""What a document says of itself, read from the lines that are dropped: paper or site, date, source, editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.lines import Look, is_byline
from pipeline.records import Line, Meta
from pipeline.rules import ChromeRules
from pipeline.rules.match import half_width
from pipeline.titles import STAMPS, is_stamp, squeeze
from pipeline.webpage import Region

_DATE = re.compile(
    r"((?:19|20)\d\d)[ ]?(?:年|[-./])[ ]?(\d{1,2})[ ]?(?:月|[-./])[ ]?(\d{2}(?=\d{2}[:：])|\d{1,2}(?!\d))"
)
_CHINESE_DATE = re.compile(
    "([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
# The Republic's years count from 1912.
_REPUBLIC_DATE = re.compile(
    "[民][国國][ ]?([〇○零一二三四五六七八九十百\\d]{1,4})年([一二三四五六七八九十\\d]{1,3})月([一二三四五六七八九十\\d]{1,3})日"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_DATE = re.compile(
    rf"\b(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)})[a-z]{{0,6}}[. ]{{1,2}}(?:(\d{{1,2}})[, ]{{1,3}})?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?!\d)")
_SOURCE = re.compile(
    "(?:(?:来源|來源|稿源|新闻引据|新聞引據)[ ]{0,2}[：:|]|来源于[ ]|來源於[ ]"
    "|(?:转|轉|转载|轉載|摘)自[：:]|(?:来|來)自(?:微信)?公[众眾][号號][：:])[ ]{0,3}"
    "([^ ，。；|｜(（)）】\u3000]{1,30}?)"
    "(?=$|[ ，。；|｜(（)）】\u3000]|参与互动|參與互動|作者|编辑|責任)"
)
_AUTHOR = re.compile(
    "(?:作者|記者|记者|撰文|撰稿|撰稿編輯|撰稿编辑|文)[ ]{0,2}[：:/｜|][ ]{0,3}([\u4e00-\u9fffA-Za-z·、 ]{2,30}?)"
    "(?=[ ]{0,3}(?:[()（）|｜，。;；]|来源|來源|发布|發布|发表|時間|时间|编辑|責|责|阅读|评论|20\\d\\d|$))"
)
# 聯合報／記者某某／台北即時報導, 政治中心／某某報導
_REPORTER = re.compile(
    "[记記]者[ ]?([\u4e00-\u9fff]{2,4}(?:、[\u4e00-\u9fff]{2,4}){0,3})[ ]?[／/]|[／/][ ]?([\u4e00-\u9fff]{2,4})(?:報導|报导|报道)"
    "|(?:^|[ ／/])([\u4e00-\u9fff]{2,4})(?<![心组組部室])[／/][\u4e00-\u9fff]{2,4}(?:即時|即时)?(?:報導|报导|报道)"
)
_PAPER = re.compile("([\u4e00-\u9fff]{2,8}(?:[报報网網社]|[电電][视視][台臺]))[ ]?[／/]")
_STATED = re.compile("(?:最新|最后|最後)?(?:发布|發布|發佈|发表|發表|更新|输入|輸入|发稿|時間|时间|出版)")
_EDITOR = re.compile(
    "(?:责任编辑|責任編輯|责编|責編|编辑|編輯)[ ]{0,2}[：:/ ]{0,2}[ ]{0,2}([\u4e00-\u9fffA-Za-z_·、 ]{2,30}?)"
    "(?=[ ]{0,3}(?:[()（）】\\]|｜，。;；\u3000]|[A-Z]{1,4}\\d|\\d|责|責|编辑|編輯|来源|來源|作者|校对|审核|$))"
)
_ORIGINAL = re.compile("(?:原标题|原標題|原题|原題)[ ]?[】\\]]?(?:[：:]|为|為)[ ]?(.{2,110}?)[)）】]?$")
_PAGE = re.compile(
    "第[ ]?([A-Z]?\\d{1,3}|[一二三四五六七八九十]{1,3})[ ]?版|(?<![A-Za-z0-9])([A-Z]\\d{1,3})[ ]?版?"
    "|^(\\d{1,2})[ ]?(?:版|$|(?=[ ]{1,4}[\u4e00-\u9fff]))|(?<=[日一二三四五六 ])[ ](\\d{1,2})$|(?<=[\u4e00-\u9fff])[ ]{1,4}(\\d{1,2})$"
)
_CRUMB = re.compile("[ ]{0,3}(?:[ ]-[ ]|>{1,3}|»|›|＞|→|/|-{2}>?)[ ]{0,3}")
_SUFFIXES = re.compile("[ ]{0,2}(?:[_|｜]|--|[ ]-[ ]|-(?=[\u4e00-\u9fff]{2,8}$))[ ]{0,2}")
# The first step of a breadcrumb that names a site.
_HOME = re.compile("([^。，]{2,12})(?:首页|首頁|主页|主頁)|([^。，]{2,12}(?:[网網报報]|在线|在線))")
_NAMING = ("site-name", "epaper-menu", "epaper-tools")
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "十": 10}


_LONE_DAY = re.compile("[0-3]?[0-9]")
_YEAR_MONTH = re.compile("([0-9]{4})[^0-9]{1,2}([0-9]{1,2}).*")


def iso_date(text: str) -> str | None:
    """The first date of a line, ISO 8601.

    >>> iso_date("2025年12月19日 星期五"), iso_date("二〇二五年十月二十日"), iso_date("2025-13-40")
    ('2025-12-19', '2025-10-20', None)
    >>> [iso_date(text) for text in ("中華民國一○九年四月四日", "SATURDAY, APRIL 4, 2020", "6 May 2019", "May 2019")]
    ['2020-04-04', '2020-04-04', '2019-05-06', None]
    """
    if hit := _DATE.search(text):
        year, month, day = (int(g) for g in hit.groups())
    elif hit := _CHINESE_DATE.search(text):
        year = int("".join(str(_DIGITS[c]) for c in hit.group(1)))
        month, day = chinese_number(hit.group(2)), chinese_number(hit.group(3))
    elif hit := _REPUBLIC_DATE.search(text):
        year = 1911 + chinese_number(hit.group(1))
        month, day = chinese_number(hit.group(2)), chinese_number(hit.group(3))
    elif hit := _ENGLISH_DATE.search(text):
        year, month, day = (
            int(hit.group(4)),
            1 + _MONTHS.index(hit.group(2).lower()),
            int(hit.group(3) or hit.group(1) or 0),
        )
    else:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def chinese_number(text: str) -> int:
    """A number below 200 in Chinese numerals or digits.

    >>> [chinese_number(x) for x in ("三", "十二", "二十", "三十一", "一○九", "一百零九", "12")]
    [3, 12, 20, 31, 109, 109, 12]
    """
    if text.isascii():
        return int(text)
    if "百" in text:
        rest = text.partition("百")[2].lstrip("零〇○")
        return 100 + (chinese_number(rest) if rest else 0)
    if "十" not in text:
        return int("".join(c if c.isascii() else str(_DIGITS[c]) for c in text))
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def iso_time(text: str) -> str | None:
    """The first time of day of a line, ISO 8601."""
    hit = _TIME.search(text)
    if hit is None:
        return None
    hour, minute, second = hit.groups()
    return f"{int(hour):02d}:{minute}" + (f":{second}" if second else "")


def page_of(text: str) -> str | None:
    """The page that a line names.

    >>> [page_of(text) for text in ("第14版（生态）", "A03", "三版", "")]
    ['14', 'A03', None, None]
    """
    hit = _PAGE.search(text)
    if hit is None:
        return None
    page: str = next(g for g in hit.groups() if g)
    if page[0] in _DIGITS:
        return str(chinese_number(page))
    return page.lstrip("0") or None


def read_masthead(meta: Meta, lines: Sequence[Line], rules: ChromeRules) -> None:
    """Fill paper, date and page from the masthead lines of a newspaper page; the first that says it counts."""
    for at, line in enumerate(lines):
        text = half_width(line.text)
        if line.rule == "lone-number" and _LONE_DAY.fullmatch(text):
            month = next((x.text for x in lines[max(at - 1, 0) : at + 2] if x.rule == "year-month"), None)
            if month is not None:
                meta.date = meta.date or iso_date(_YEAR_MONTH.sub(rf"\1-\2-{text}", half_width(month)))
                continue
        if line.rule in ("paper-name", "folio", "paper-and-page", "parts") and meta.publication is None:
            hit = rules.paper_name.search(text)
            meta.publication = hit.group() if hit else None
        if line.rule == "head-paper" and meta.publication is None:
            meta.publication = text
        if meta.date is None:
            meta.date = iso_date(text)
        if meta.page is None and line.rule in (
            "folio",
            "page-head",
            "paper-and-page",
            "date-line",
            "lone-number",
            "parts",
            "section",
            "section-name",
        ):
            bare = rules.day.sub(" ", text)
            meta.page = page_of(bare.strip() if line.rule != "folio" else bare)


def read_web(meta: Meta, looks: Sequence[Look], region: Region, rules: ChromeRules) -> None:
    """Fill the record from the lines around the title and right below the body.

    Dates are read only between the breadcrumb and the body's first lines, or right below the body: what stands in the
    list of other articles is theirs.
    """
    top = region.title if region.title is not None else region.start
    head = looks[max(0, top - 6) : region.start]
    foot = looks[region.stop : region.stop + 8]
    cut = next((i for i, x in enumerate(foot) if x.rule is not None and x.rule.role == "list"), len(foot))
    foot = foot[:cut]
    below = looks[top + 1 : region.start]
    above = looks[max(0, top - 6) : top]
    stated = [x for x in above if _STATED.search(x.text)] + [x for x in foot if _STATED.match(x.text)]
    timed = [x for x in _joined(below) if iso_time(x.text)]
    for look in (*timed, *_joined(below), *stated, *_joined(above), *foot):
        if meta.date is None and look.rule is not None and look.rule.name in ("source-line", *STAMPS):
            meta.date = iso_date(look.text)
            if meta.date is not None:
                meta.time = iso_time(look.text)
    signed = [x for x in looks[region.start : region.start + 2] if is_byline(x.text)]
    for look in (*head, *signed, *foot):
        if meta.source is None and (hit := _SOURCE.search(look.text)):
            meta.source = hit.group(1).strip()
        if meta.author is None and look.size < 100 and (hit := _AUTHOR.search(look.text)):
            meta.author = hit.group(1).strip()
        if meta.author is None and look.size < 100 and (hit := _REPORTER.search(look.text)):
            meta.author = next(g for g in hit.groups() if g)
        if meta.source is None and is_stamp(look) and (hit := _PAPER.search(look.text)):
            meta.source = hit.group(1)
        if (
            meta.editor is None
            and look.rule is not None
            and look.rule.reason == "credit"
            and (hit := _EDITOR.search(look.text))
        ):
            meta.editor = hit.group(1).strip()
        if meta.original_title is None and look.size < 130 and (hit := _ORIGINAL.search(look.text)):
            meta.original_title = hit.group(1).strip()
    _read_site(meta, looks, region, rules)


def _joined(looks: Sequence[Look]) -> list[Look]:
    """Lines with a date that is set in pieces (2019, 09/07, 19:02) put together."""
    found: list[Look] = []
    last = False
    for look in looks:
        short = look.rule is not None and look.rule.name == "short-time"
        if short and last:
            found[-1] = msgspec.structs.replace(found[-1], text=f"{found[-1].text}/{look.text}")
        else:
            found.append(look)
        last = short
    return found


def _read_site(meta: Meta, looks: Sequence[Look], region: Region, rules: ChromeRules) -> None:
    top = region.title if region.title is not None else region.start
    crumbs = [x.text for x in looks[: region.start] if x.rule is not None and x.rule.name == "breadcrumb"]
    if crumbs:
        steps = [s.strip() for s in _CRUMB.split(re.sub("^.{0,6}位置[ ]{0,3}[：:]?", "", crumbs[-1])) if s.strip()]
        steps = [s for s in steps if s not in ("正文", "内容", "详情", "首页", "首頁", "主页", "主頁")]
        meta.publication = rules.site_of(crumbs[-1])
        named = rules.site_of(steps[0]) is not None if steps else False
        if steps and (hit := _HOME.fullmatch(steps[0])):
            named = True
            name = hit.group(1) or hit.group(2)
            meta.publication = meta.publication or (name if len(name) > 2 or hit.group(2) else None)
        rest = steps[1:] if named else steps
        meta.channel = rest[0] if rest else None
    name = squeeze(looks[region.title].text) if region.title is not None else ""
    if meta.publication is None:
        for look in looks[: min(3, top + 1)]:
            parts = [p.strip() for p in _SUFFIXES.split(look.text)]
            if name and name not in squeeze(look.text):
                continue
            if len(parts) > 1 and len(parts[-1]) <= 16 and len(parts[0]) >= 5:
                meta.publication = rules.site_of(" ".join(parts[1:])) or parts[-1]
                break
    if meta.publication is None:
        signed = [x for x in looks[region.stop :] if x.rule is not None and x.rule.reason == "notice"]
        first = [x for x in looks[: min(3, top)] if x.size <= 12 and (x.rule is None or x.rule.name in _NAMING)]
        for look in (*first, *reversed(signed)):
            hit = rules.paper_name.search(look.text)
            meta.publication = rules.site_of(look.text) or (hit.group() if hit else None)
            if meta.publication is not None:
                break
