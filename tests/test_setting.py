"""How a column was set: its width is read off lines that OCR narrowed, and off paragraphs too short to show one each."""

from __future__ import annotations

import pytest
from made import STORIES, unwrapped
from test_unwrap import IDEOGRAPHIC, TEXTS, printed, wrap

import pipeline

NARROWED = str.maketrans("，：；？！（）", ",:;?!()")
PROSE = [text for story in STORIES for text in story.paragraphs]


def texts_of(text):
    return [piece.text for piece in unwrapped(text).pieces]


def misread(line, first):
    """A printed line as OCR writes it: wide marks come out narrow, and a blank stands between every few characters."""
    bare = line.lstrip()
    out, count = line[: len(line) - len(bare)], first
    for here, after in zip(bare, f"{bare[1:]} ", strict=False):
        out += here
        if "\u4e00" <= here <= "\u9fff" and "\u4e00" <= after <= "\u9fff":
            count += 1
            out += " " * (count % 4 == 0)
    return out.translate(NARROWED)


def scanned(page):
    return "\n".join(misread(line, k) for k, line in enumerate(page.split("\n")))


def as_read(texts):
    """Texts without what OCR changes, so that those of a scanned page can be held against those of a clean one."""
    return [text.translate(NARROWED).replace(" ", "") for text in texts]


class TestLinesThatOcrNarrowed:
    """Narrow marks and added blanks make lines of one column come out of many widths; paragraphs are those of the paper."""

    @pytest.mark.parametrize(
        "cells",
        [20, 24, pytest.param(28, marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason="a mark behind a figure stays narrow")),
         32, 36, 40, 50],
    )  # fmt: skip
    def test_paragraphs_parted_by_indents(self, cells):
        page = printed(TEXTS, cells, IDEOGRAPHIC)
        assert as_read(texts_of(scanned(page))) == as_read(texts_of(page)) == as_read(TEXTS)

    @pytest.mark.parametrize("cells", [20, 24, 28, 32, 36, 40, 50])
    def test_paragraphs_parted_by_blank_lines(self, cells):
        page = printed(TEXTS, cells, between="\n")
        assert as_read(texts_of(scanned(page))) == as_read(texts_of(page)) == as_read(TEXTS)

    @pytest.mark.parametrize("cells", [24, 32, 40])
    def test_from_the_page_to_the_record(self, cells):
        """The articles of a scanned page have the paragraphs of the clean one."""
        page = "\n".join(story.title + "\n\n" + printed(story.paragraphs, cells, IDEOGRAPHIC) for story in STORIES)
        articles = pipeline.clean(scanned(page), punctuation="keep")
        assert [as_read(b.text for b in a.paragraphs) for a in articles] == [as_read(s.paragraphs) for s in STORIES]

    @pytest.mark.parametrize("cells", [28, 40, 60, 76])
    def test_lines_that_a_program_broke_at_narrow_marks_are_full_as_they_are(self, cells):
        """A program counts narrow marks as narrow: measured as wide, its lines would be of many widths."""
        texts = [text.translate(NARROWED) for text in PROSE]
        lines = ["\n".join(by_program(text, cells)) for text in texts]
        assert texts_of("\n\n".join(lines) + "\n") == texts

    def test_few_narrow_marks_say_nothing(self):
        """A paper may print a half-width mark itself."""
        page = printed(TEXTS, 28, IDEOGRAPHIC)
        one = page.replace("，", ",", 1)
        assert texts_of(one) == [TEXTS[0].replace("，", ",", 1), *TEXTS[1:]]


def by_program(text, cells):
    """Lines as a program breaks them: wherever the next character does not fit."""
    lines, used = [""], 0
    for ch in text:
        size = 1 if ch.isascii() else 2
        if used + size > cells:
            lines.append("")
            used = 0
        lines[-1] += ch
        used += size
    return lines


class TestShortParagraphs:
    """Paragraphs of two or three lines are too short to show a width each: together they show it."""

    @pytest.mark.parametrize("cells", [40, 44, 50, 60, 68, 76, 90])
    @pytest.mark.parametrize("indent", [IDEOGRAPHIC, ""], ids=["indented", "flush"])
    def test_they_are_unwrapped_by_their_common_width(self, cells, indent):
        texts = [text for text in PROSE if 2 <= len(wrap(text, cells)) <= 3]
        assert len(texts) > 8
        assert texts_of(printed(texts, cells, indent, between="\n")) == texts

    def test_two_alone(self):
        """Four lines are enough."""
        assert texts_of(printed(PROSE[:2], 90, between="\n")) == PROSE[:2]

    @pytest.mark.parametrize("count", [1, 2])
    def test_too_few_lines_stay_lines(self, count):
        """Three lines show no width, whosever they are."""
        lines = [*["昨天清晨，渔船归来", "渔民，船工都来了"][:count], "码头上，人群散去。"]
        assert texts_of("\n".join(lines) + "\n") == lines

    def test_from_the_page_to_the_record(self):
        pages = [story.title + "\n\n" + printed(story.paragraphs, 60, between="\n") for story in STORIES]
        articles = pipeline.clean("\n".join(pages))
        assert [(a.title, [b.text for b in a.paragraphs]) for a in articles] == [
            (story.title, list(story.paragraphs)) for story in STORIES
        ]


STANZAS = {
    "no marks": [
        ["灯塔把光放在平静的水上", "水把光交给晚归的船", "船上的人听着浪睡了"],
        ["岸上的人数着归帆", "数到第七盏就笑了", "像捡起一枚贝壳"],
        ["渔火照着石堤上的台阶", "母亲把灯挂得更高", "给夜里的海看"],
    ],
    "unequal": [
        ["灯塔把光放在平静的水上，像一封没有写完的信，", "水把光交给船，"],
        ["船上的人，", "听着浪睡了，梦里还在数着网眼，"],
        ["岸上的人数着归帆，", "数到第七盏，"],
    ],
    "equal": [
        ["灯塔把光放在水上，", "水把光交给归来的船，"],
        ["船上的人听浪睡了，", "岸上的人数着归帆，"],
        ["渔火照着石堤台阶，", "母亲把灯挂得更高，"],
        ["风从灯塔那边吹来，", "带着新网咸咸的气味，"],
    ],
    "a stop at the end of each": [
        ["灯塔把光放在水上", "水把光交给归来的船。"],
        ["船上的人听浪睡了", "岸上的人数着归帆。"],
        ["渔火照着石堤台阶", "母亲把灯挂得更高。"],
    ],
}


@pytest.mark.parametrize(
    "stanzas",
    [pytest.param(own, id=name) for name, own in STANZAS.items()],
)
def test_stanzas_stay_in_lines(stanzas):
    assert texts_of("\n\n".join("\n".join(stanza) for stanza in stanzas) + "\n") == [x for own in stanzas for x in own]
