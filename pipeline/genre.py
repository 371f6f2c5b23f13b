"""Whether a document is a web page saved as text or a page of a newspaper: told by the wording and the form of its lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.lines import end_marked
from pipeline.mastheads import HEAD
from pipeline.records import Line
from pipeline.rules import ChromeRules, Rule
from pipeline.saved import find_fetched
from pipeline.titles import page_title

LONG = 50  # characters of a line that no newspaper column is as wide as
NARROW = 13  # characters of the lines that speak of a column
MANY = 5  # of them
WIDE = 80  # the same, sure even of a page set in one column
LONG_WEIGHT = 1.5  # of paragraphs that stand on one line each
LINKS = 4  # lines of links that a page of HTML which is no portal's does not hold
EDGE = 16  # lines at each end of a document that are asked first whether it is a web page
HEADLINE_WITHIN = 500  # lines above which a web page's title stands
BOTH_WEIGHT = 1.5  # of two lines with numbers at the head of a page which newspapers print, and sites too
STAMP_WEIGHT = 1.0  # of a date with a time of day or a source behind it
_STAMP = re.compile("(?:19|20)\\d\\d[-./年]\\d{1,2}[-./月]\\d{1,2}日?[ ]{0,3}(?:\\d{1,2}:\\d\\d|来源|來源)")
WEB_WEIGHT = 3.0  # weight of the different web rules that make a page a web page


def is_web(lines: Sequence[Line], rules: ChromeRules) -> bool:
    """Whether a document is a portal page saved as text.

    Told by the weight of the different rules that its lines meet (menus and share bars above all), by headlines that
    are printed twice, by a first line that is a headline and a site's name. A newspaper page quotes such words inside
    its sentences, never as lines of their own; where one prints a masthead, more is asked.
    """
    if sum(line.markup == "link" for line in lines) >= LINKS:
        return True
    if _is_plain_article(lines) or find_fetched([line.text for line in lines]):
        return True
    texts = [line.text for line in lines[:HEADLINE_WITHIN]]
    titled = any(title in texts[1:] for title in page_title(texts))
    edge = EDGE
    while True:
        ends = lines if len(lines) <= 2 * edge else [*lines[:edge], *lines[-edge:]]
        found = [(x.text, r) for x in ends if (r := rules.find(x.text, "web")) is not None and r.weight]
        hits = [r for text, r in found if _tells(text, r)]
        weight = sum({r.name: r.weight for r in hits if r.on == "web"}.values())
        weight += 2.0 if titled else 0.0
        if weight < 1:
            return False
        if edge > EDGE or ends is lines:
            break
        edge = 70
    weight += STAMP_WEIGHT if any(_STAMP.search(x.text) for x in lines[:HEAD] if len(x.text) < 90) else 0.0
    doubled = sum(1 for n in Counter(x.text for x in ends if 8 <= len(x.text) <= 45).values() if n > 1)
    weight += min(doubled, 6) / 3 + min(len(hits), 12) / 8
    weight += LONG_WEIGHT if _runs_long(lines) else 0.0
    forms = [(x.text, form) for x in lines[:6] if (form := rules.masthead(x.text, True)) is not None]
    weight -= min(2.0, sum(1.0 if form.name == "paper-name" else 2.0 for _, form in forms if not form.sites))
    weight -= BOTH_WEIGHT * (sum(form.sites and any(map(str.isdigit, text)) for text, form in forms) > 1)
    return weight >= WEB_WEIGHT and len(hits) * 40 >= len(ends)


def _tells(text: str, rule: Rule) -> bool:
    """Whether a line that a rule takes tells of a web page: newspapers quote such words, but inside their sentences."""
    if "，" in text or "。" in text:
        return rule.prose and rule.match == "start" and rule.on == "web"
    return len(text) <= 60


def is_broken(lines: Sequence[Line]) -> bool:
    """Whether most lines are of one width, with a comma or a stop in them: a text in narrow columns, no front page."""
    widths = Counter(len(x.text) for x in lines if len(x.text) >= NARROW)
    if sum(widths.values()) < MANY:
        return False
    width = widths.most_common(1)[0][0]
    full = [x.text for x in lines if width - 1 <= len(x.text) <= width + 1]
    marked = sum("，" in text or "。" in text or "、" in text for text in full)
    return len(full) * 2 >= sum(widths.values()) and marked * 2 >= len(full)


def _runs_long(lines: Sequence[Line]) -> bool:
    """Whether most of the text stands in lines that no column is as wide as: paragraphs, each on a line."""
    return sum(n for x in lines if (n := len(x.text)) >= WIDE) * 2 > sum(len(x.text) for x in lines)


def _is_plain_article(lines: Sequence[Line]) -> bool:
    """A headline, a stamp and paragraphs, as an article is stored alone: no page of a newspaper prints a time of day."""
    if len(lines) < 3 or len(lines[0].text) > 60 or not any(_STAMP.search(x.text) for x in lines[1:4]):
        return False
    ended = [len(x.text) for x in lines if end_marked(x.text)]
    if len(ended) >= 2 and 3 * len(ended) >= 2 * (len(lines) - 3):
        return True
    return sum(n for n in ended if n >= LONG) * 4 >= 3 * sum(len(x.text) for x in lines)
