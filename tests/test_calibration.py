"""Tables that hold scores against the truth: they count what is right, and say when scores promise too much."""

from __future__ import annotations

import math

import pytest

from pipeline.records import Document, Join, Paragraph, Part, Piece
from pipeline.training.calibration import Case, expected_error, join_cases, shown, table, temperature

GOLD = {
    "articles": [
        {
            "title": "城南渔港迎来首批渔船",
            "paragraphs": [
                {"text": "昨天清晨，城南渔港迎来了今年的第一批渔船，码头上等候的人群挥着草帽。", "type": "p"},
                {"text": "渔民们趁着这段时间把渔船检修了一遍，渔网也换成了新网。", "type": "p"},
            ],
        }
    ]
}


def piece(text):
    return Piece(text, [], "body", "", 1, 1)


def page(*paragraphs):
    """A document whose paragraphs are made of these texts, each join with a score of .9."""
    made = [Paragraph("p", [piece(t) for t in texts], [Join(0.9, "seam")] * (len(texts) - 1)) for texts in paragraphs]
    return Document("p1.txt", "", "utf-8", "", parts=[Part(made)])


@pytest.mark.parametrize(
    ("texts", "right"),
    [
        (("昨天清晨，城南渔港迎来了今年的", "第一批渔船，码头上等候的人群挥着草帽。"), [True]),
        (("昨天清晨，城南渔港迎来了今年", "第一批渔船，码头上等候的人群挥着草帽。"), [True]),  # a lost character
        (("昨天清晨，城南渔港迎来了今年的", "把渔船检修了一遍，渔网也换成了新网。"), [False]),
        (("渔民们趁着这段时间", "城南渔港迎来首批渔船"), [False]),  # a headline
        (("昨天清晨，城南渔港迎来了今年的", "不在真相里的一句话，谁也不知道它从哪里来。"), []),
    ],
)
def test_a_join_is_right_where_gold_goes_on(texts, right):
    assert list(join_cases(page(texts), GOLD)) == [Case(0.9, answer) for answer in right]


def test_each_score_is_counted_once():
    cases = [Case(score / 100, score % 2 == 0) for score in range(101)]
    rows = table(cases)
    assert sum(n for _, n, _, _ in rows) == 101
    assert rows[-1][:2] == ("[0.95, 1]", 6)
    assert rows[0][3] == pytest.approx(0.5)
    assert "| [0.5, 0.7) | 20 | 0.595 | 0.500 |" in shown("score", cases)


def test_scores_that_keep_their_word_need_no_temperature():
    """Of a hundred joins with a score of s, s hundredths are right."""
    honest = [Case(score / 100, k < score) for score in (20, 60, 90, 97) for k in range(100)]
    assert temperature(honest) == pytest.approx(1, abs=0.01)
    assert expected_error(honest) == pytest.approx(0, abs=1e-9)
    loud = [Case(1 / (1 + math.exp(-2 * math.log(c.score / (1 - c.score)))), c.right) for c in honest]
    assert temperature(loud) == pytest.approx(2, abs=0.02)
    assert expected_error(loud) > 0.05
