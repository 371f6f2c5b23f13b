"""What real pages hold around articles and simulated ones do not: heads of many shapes, photographs, and lines of no article.

Works on the text of a simulated page and its gold. All words are made here or taken from the article itself.
"""

from __future__ import annotations

import random
import re
from typing import Any

CLAUSE = re.compile(r"[^，。；：、！？“”‘’（）《》()\s]{4,14}")
NO_BREAK = frozenset("，。、；：？！）》」』”’…—·％%,.;:?!)]")
OPENERS = frozenset("“‘（《「『(")
COLUMNS = (
    "今日谈",
    "快评",
    "民生访谈",
    "记者观察",
    "街谈巷议",
    "读者来信",
    "经济观察",
    "一线调查",
    "新春走基层",
    "文化视点",
    "论坛",
    "连线",
    "关注",
)
SECTIONS = (
    "要闻",
    "综合",
    "经济",
    "国际",
    "社会",
    "文化",
    "体育",
    "副刊",
    "视点",
    "专版",
    "广告",
    "城事",
    "天下",
    "健康周刊",
)
# Shares of headlines with a kicker; of these with a second one, and with the name of a column for it.
KICKER, TWO_KICKERS, COLUMN_NAME = 0.25, 0.1, 0.3
# Shares of headlines in two lines, and with a deck; of decks that open with a dash, and that have a second line.
BROKEN, DECK, DASH, TWO_DECKS = 0.3, 0.15, 0.5, 0.2
TIGHT = 0.5  # share of pages whose head lines stand without blank lines between them
CROWDED = {"layer": 0.2, "ocr": 0.06}  # share of pages without any blank line
CLUTTERED = 0.4  # share of pages with lines of no article
ABOVE_HEAD = 0.4  # of such lines, the share right above a headline
PHOTO = 0.1  # share of pages with a photograph that has a headline of its own
WIDE = 60  # characters of a line that no column is as wide as


class Dressing:
    """One simulated issue on its way to look like a real one."""

    def __init__(self, rng: random.Random, files: dict[str, str], gold: dict[str, Any]) -> None:
        self.rng, self.files, self.gold = rng, files, gold
        self.tight = {name: rng.random() < TIGHT for name in files}
        self.clutter: list[str] = []

    def dress(self) -> None:
        """Change the pages and their gold; `clutter` in the gold holds the lines that are no article's."""
        for article in list(self.gold["articles"]):
            self.head(article)
        for name in self.files:
            if self.rng.random() < PHOTO:
                self.photograph(name)
            if self.rng.random() < CLUTTERED:
                for _ in range(self.rng.randint(1, 4)):
                    self.strew(name)
            style = "ocr" if any(len(line) > WIDE for line in self.files[name].split("\n")) else "layer"
            if self.rng.random() < CROWDED[style]:
                self.files[name] = re.sub(r"\n{2,}", "\n", self.files[name])
        self.gold["clutter"] = self.clutter

    def head(self, article: dict[str, Any]) -> None:
        """Set a headline in one to three lines, with or without a kicker above and a deck below."""
        r, title = self.rng, article["title"]
        words = CLAUSE.findall("".join(p["text"] for p in article["paragraphs"]))
        name = next((n for n, text in self.files.items() if title and text.count(f"\n{title}\n") == 1), None)
        if name is None or len(words) < 2:
            return
        text = self.files[name]
        kicker, deck = [], []
        if r.random() < KICKER:
            kicker = [r.choice(COLUMNS)] if r.random() < COLUMN_NAME else [self.phrase(words)]
            if len(kicker[0]) > 5 and r.random() < TWO_KICKERS:
                kicker.append(self.phrase(words))
        if not article["subtitle"] and r.random() < DECK:
            deck = [("——" if r.random() < DASH else "") + self.phrase(words)]
            if r.random() < TWO_DECKS:
                deck.append(self.phrase(words))
        lines = self.broken(title) if r.random() < BROKEN else [title]
        gap = "\n" if self.tight[name] or f"\n\n{title}\n\n" not in text else "\n\n"
        parts = [gap.join(part) for part in (kicker, ["\n".join(lines)], deck) if part]
        self.files[name] = text.replace(f"\n{title}\n", f"\n{gap.join(parts)}\n")
        article["kicker"] = " ".join(kicker) or article["kicker"]
        article["subtitle"] = " ".join(deck) or article["subtitle"]

    def phrase(self, words: list[str]) -> str:
        """A line that may stand above or below a headline."""
        first = self.rng.choice(words)
        return first if len(first) > 9 or self.rng.random() < 0.3 else first + self.rng.choice(words)

    def broken(self, title: str) -> list[str]:
        """A headline in two lines: at a space, else near its middle."""
        if " " in title.strip():
            return title.split(" ", 1)
        middle = len(title) // 2 + self.rng.randint(-2, 2)
        if len(title) < 10 or title[middle] in NO_BREAK or title[middle - 1] in OPENERS:
            return [title]
        if title[middle].isascii() and title[middle - 1].isascii():
            return [title]
        return [title[:middle], title[middle:]]

    def photograph(self, name: str) -> None:
        """A photograph's text with a headline of its own: an article."""
        r = self.rng
        words = CLAUSE.findall(self.files[name])
        if len(words) < 8:
            return
        title = r.choice(words)
        said = "，".join(r.choice(words) for _ in range(r.randint(3, 6)))
        caption = f"{r.choice(('图为', '近日，', '昨天，', ''))}{said}。 {r.choice(('本报记者 ', '新华社记者 ', ''))}{writer(r)} 摄"
        self.put(name, f"{title}\n\n{caption}", False)
        blank = dict.fromkeys(("kicker", "subtitle", "byline", "continued_from", "continued_to"))
        paragraphs = [{"type": "caption", "text": caption, "pieces": 1}]
        self.gold["articles"].append(blank | {"key": f"photo {name}", "title": title, "paragraphs": paragraphs})

    def strew(self, name: str) -> None:
        """A line or two of no article, often right above a headline."""
        lines = clutter(self.rng)
        self.clutter += lines
        self.put(name, "\n".join(lines), self.rng.random() < ABOVE_HEAD)

    def put(self, name: str, block: str, above_head: bool) -> None:
        """Put lines between two blocks of a page."""
        text = self.files[name]
        titles = [a["title"] for a in self.gold["articles"] if a["title"] and text.count(f"\n\n{a['title']}\n") == 1]
        if above_head and titles:
            title = self.rng.choice(titles)
            self.files[name] = text.replace(f"\n\n{title}\n", f"\n\n{block}\n\n{title}\n")
            return
        blocks = text.split("\n\n")
        blocks.insert(self.rng.randint(1, len(blocks)), block)
        self.files[name] = "\n\n".join(blocks)


def writer(r: random.Random) -> str:
    """A name."""
    return r.choice("王李张刘陈杨黄赵吴周徐孙") + "".join(
        r.choice("伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚") for _ in range(r.randint(1, 2))
    )


def clutter(r: random.Random) -> list[str]:
    """Lines that newspapers print between articles: contacts, sections, notices, listings."""
    number = "".join(r.choice("0123456789") for _ in range(8))
    hour, day = r.randint(6, 23), r.randint(1, 28)
    return r.choice([
        [f"{r.choice(('新闻', '读者', '爆料', '广告', '订阅'))}热线：{number}"],
        [f"扫一扫 关注{r.choice(('本报微信', '官方微博', '更多内容'))}"],
        [f"本版{r.choice(('编辑', '责编', '美编', '校对'))} {writer(r)}"],
        [r.choice(SECTIONS)],
        [f"{r.choice(SECTIONS)} {r.choice('ABC')}{r.randint(1, 16):02d}"],
        [f"投稿邮箱 {r.choice('abcdef')}{r.choice('mnpqr')}{number[:4]}"],
        ["今日天气", f"多云转晴 {r.randint(3, 12)}℃到{r.randint(13, 30)}℃ 偏北风{r.randint(2, 4)}级"],
        ["遗失声明", f"{writer(r)}遗失身份证，号码{number}{number[:4]}，声明作废。"],
        ["今日汇率", f"100美元 {r.randint(600, 800)}.{r.randint(10, 99)}", f"100欧元 {r.randint(700, 999)}.{r.randint(10, 99)}"],
        [f"{hour}:{r.choice(('00', '10', '30', '45'))} {r.choice(('新闻联播', '电视剧', '天气预报', '健康讲堂', '少儿节目'))}"],
        [f"双色球第{number[:7]}期", " ".join(f"{r.randint(1, 33):02d}" for _ in range(7))],
        [f"{r.randint(2, 16)}版 {r.choice(('乡村医生的三十年', '短视频里的戏曲', '老街新貌', '港口拥堵缓解'))}"],
        [f"{r.choice(('招租', '转让', '招聘'))}：临街旺铺{r.randint(30, 200)}平方米，电话{number}"],
        ["（本版图片均为资料图片）"],
        [f"{r.randint(1, 12)}月{day}日 星期{r.choice('一二三四五六日')}"],
    ])  # fmt: skip
