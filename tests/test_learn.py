"""Lines that many pages of a dump share become rules to read, edit and pass."""

import pytest
from test_chrome import PARAGRAPH, document

import pipeline
from pipeline.cli import main
from pipeline.inputs import discover
from pipeline.learn import as_rules, learn
from pipeline.rules import load_rules
from pipeline.stages.chrome import strip_chrome

TITLES = ("老桥新生", "山里的夜校", "渔港早市", "秋收时节", "书车来了", "樟树下的夏天", "戏院重开", "灯塔与书")
SLIP = "成为田野周刊忠实读者"  # stands among paragraphs on every page
TEXTS = [
    f"{title}的故事要从三年前说起，那一年村里来了第{n}位年轻人，带着一台旧电脑和一箱书。"
    for n, title in enumerate(TITLES, 1)
]


def site_page(n):
    return (
        f"某某网首页 > 乡村 > 正文\n登录\n注册\n田野俱乐部\n{TITLES[n]}\n2024-10-0{n + 1} 08:00 来源：某某网\n分享到：\n"
        f"{TEXTS[n]}\n{SLIP}\n{PARAGRAPH[: 30 + n]}。\n记者手记\n{TEXTS[n][10:]}\n（完）\n责任编辑：王某\n相关新闻\n"
        "田野生活馆\n版权所有 某某网"
    )


@pytest.fixture
def dump(tmp_path):
    folder = tmp_path / "dump"
    folder.mkdir()
    for n in range(len(TITLES)):
        (folder / f"{n}.txt").write_text(site_page(n), encoding="utf-8")
    return folder


def test_learned_rules_are_used(dump, tmp_path, capsys):
    """A line that slips through on every page of a site is dropped once it is learned; nothing else changes."""
    out = tmp_path / "site.toml"
    assert main(["learn-chrome", str(dump), "-o", str(out)]) == 0
    assert "8 documents" in capsys.readouterr().err
    before, after = (pipeline.clean(site_page(2), rules=rules)[0] for rules in (None, str(out)))
    assert SLIP in before.text
    assert SLIP not in after.text
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs if p.text != SLIP]


def test_what_is_learned(dump):
    """Menus are learned where no rule knows them, and what stands among paragraphs only where it is long."""
    learned = learn(discover([str(dump)]))
    assert [line.text for line in learned.lines["web"]] == [SLIP, "田野俱乐部", "田野生活馆"]
    assert {line.documents for line in learned.lines["web"]} == {8}
    assert learned.lines["page"] == []


def test_the_file_can_be_read(dump, tmp_path):
    """The rule file holds each line with how often and where it stands, and loads."""
    text = as_rules(learn(discover([str(dump)])), "dump")
    assert f'    "{SLIP}",  # 8 documents, as dump/0.txt\n' in text
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    made = document(site_page(0))
    strip_chrome(made, load_rules(path))
    assert [line.rule for line in made.lines if line.text == SLIP] == ["learned-web"]


def test_copies_count_once(dump):
    """The same article crawled many times teaches nothing."""
    for n in range(1, 8):
        (dump / f"{n}.txt").write_text(site_page(0) + f"\n{n}", encoding="utf-8")
    assert learn(discover([str(dump)])).lines == {"web": [], "page": []}


def test_newspaper_pages(tmp_path):
    """On newspaper pages only long lines are learned: a short one may be the name of a column."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for n, text in enumerate(TEXTS):
        lines = (TITLES[n], f"本报讯 {text}", "田野短波", text[5:], "田野热线每日为您倾听乡村声音", PARAGRAPH)
        (folder / f"{n}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    learned = learn(discover([str(folder)]))
    assert [line.text for line in learned.lines["page"]] == ["田野热线每日为您倾听乡村声音"]


def test_nothing_learned_is_a_file_without_rules(tmp_path):
    (tmp_path / "a.txt").write_text(PARAGRAPH, encoding="utf-8")
    out = tmp_path / "site.toml"
    assert main(["learn-chrome", str(tmp_path / "a.txt"), "-o", str(out)]) == 0
    assert load_rules(out).find("登录", "web") is not None


def test_bad_documents_are_passed_over(dump, capsys):
    (dump / "noise.txt").write_bytes(bytes(range(256)) * 64)
    assert main(["learn-chrome", str(dump), "-o", str(dump.parent / "site.toml")]) == 0
    assert "1 could not be read" in capsys.readouterr().err


def test_usage_errors(tmp_path, capsys):
    assert main(["learn-chrome", str(tmp_path / "none"), "-o", str(tmp_path / "x.toml")]) == 2
    (tmp_path / "a.txt").write_text(PARAGRAPH, encoding="utf-8")
    assert main(["learn-chrome", str(tmp_path / "a.txt"), "-o", str(tmp_path / "none" / "x.toml")]) == 2
    assert "x.toml" in capsys.readouterr().err
