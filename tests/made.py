"""Dumps of our own making: pages and web pages with sentences that no paper printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from pipeline.records import Document
from pipeline.stages.decode import read_text
from pipeline.stages.emit import check_spans
from pipeline.stages.unwrap import unwrap_lines

SUBJECTS = ("渔港", "果园", "书店", "剧团", "车间", "码头", "茶山", "学堂", "驿站", "灯塔")
VERBS = ("迎来", "送走", "翻新", "搬迁", "登记", "整修", "开放", "评选", "守护", "记录")

# Two articles that speak of different things, as articles do.
FISHING = (
    "本报讯（记者林小满）昨天清晨，城南渔港迎来了今年的第一批渔船，码头上等候的人群挥着草帽，渔民们把一筐筐鲜鱼抬上岸。",
    "渔港管理处说，休渔期比去年长了三天，出海的渔船多了二十条，渔民们趁着这段时间把渔网和船舱都检修了一遍。",
    "傍晚，最后一条渔船靠岸，码头上的鱼市还没有散，渔民们算着这一天的收成，说明年还要添置新船和冷库。",
)
LESSONS = (
    "本报讯（记者周宁）市教育局昨天公布了新学期的课程安排，全市小学从下周起每天增加一节体育课，教师由各校自行安排。",
    "教育局负责人表示，学生的近视率连续三年下降，学校的操场和教室都做了改造，家长们对课后服务也表示满意。",
    "新学期里，各所小学还要开设书法课和劳动课，老师带着学生到田里种菜，考试的次数则比上学期减少一半。",
)
# Three paragraphs of which no two share much.
LINES = (
    "城南的渔港昨天迎来了今年的第一批客人，负责人说来年还要添置长椅。",
    "书店门口的灯亮到很晚，老板娘把新到的诗集一本一本摆上书架。",
    "茶山上的雾散得慢，采茶的人背着竹篓走在石阶上，谁也不说话。",
)


def sentence(n: int) -> str:
    """A sentence that differs for every number."""
    a, b = SUBJECTS[n % 10], VERBS[n // 10 % 10]
    return f"城南第{n}号{a}昨天{b}了今年的第{n % 7 + 2}批客人，负责人说来年还要添置{n % 13 + 3}张长椅。"


def paragraph(n: int, sentences: int = 3) -> str:
    """Some sentences."""
    return "".join(sentence(n * sentences + i) for i in range(sentences))


def article(n: int, paragraphs: int = 3) -> str:
    """A headline, a dateline and paragraphs."""
    lines = [f"{SUBJECTS[n % 10]}里的第{n}个春天", "", f"本报讯（记者林小满 周 宁）{paragraph(n * 10)}"]
    for i in range(1, paragraphs):
        lines += ["", paragraph(n * 10 + i)]
    return "\n".join(lines) + "\n"


def page(n: int, articles: int = 2) -> str:
    """A newspaper page."""
    head = f"海湾日报\n\n2031年3月{n % 27 + 1:02}日 星期{'一二三四五六日'[n % 7]}\n\n"
    return head + "\n\n".join(article(n * 100 + i) for i in range(articles))


def dump(folder: Path, documents: int = 6) -> Path:
    """A folder of pages, some in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(documents):
        place = folder / ("extra" if n % 3 == 2 else "")
        place.mkdir(exist_ok=True)
        (place / f"doc{chr(97 + n)}.txt").write_text(page(n), encoding="utf-8")
    return folder


def records(path: Path) -> list[dict]:
    """The records of a JSONL file, or of all JSONL files of a folder in order."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def release(out: Path) -> dict[str, bytes]:
    """All that a run gave out, byte for byte, but for the report, which tells times and the run before."""
    aside = (".work", "report.html")
    files = [path for path in out.rglob("*") if path.is_file() and not {*aside} & {*path.relative_to(out).parts}]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(files)}


def everything(out: Path) -> str:
    """All article and dropped texts of a run."""
    found = records(out / "articles") if (out / "articles").exists() else []
    return json.dumps(found, ensure_ascii=False)


def commands(folder: Path) -> None:
    """Our commands, as an installed package has them."""
    (folder / "bin").mkdir()
    for name, module in (("newsreflow", "pipeline.cli"), ("luigi", "luigi")):
        command = folder / "bin" / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        command.chmod(0o755)


class Story(NamedTuple):
    """An article of which no other speaks."""

    title: str
    paragraphs: tuple[str, ...]


HARBOUR = Story(
    "城南渔港迎来首批渔船",
    (
        "本报讯（记者林小满）昨天清晨，城南渔港迎来了今年的第一批渔船。二十六条渔船排成一列，从灯塔下慢慢驶进港池，"
        "码头上等候的人群挥着草帽，喊着船老大的名字。",
        "渔港管理处主任周宁介绍，今年的休渔期比去年早结束三天，渔民们趁着这段时间把渔船全部检修了一遍，渔网也换成了大网眼的新网。",
        "船老大何川一边收缆一边告诉记者，这一趟出海捕到了两千多斤黄鱼，渔船还没有靠岸，码头上的收购商就已经把鱼订走了。",
    ),
)
HOSPITAL = Story(
    "县医院开设夜间儿科门诊",
    (
        "本报讯（记者高云）从本周起，县人民医院开设夜间儿科门诊，每晚六点到十点都有两名医生值班，患儿看病不用再挤急诊。",
        "儿科主任许文静介绍，入冬以来患呼吸道疾病的孩子明显增多，最多的一天，急诊接诊了三百多名患儿，家长抱着孩子在走廊里排队。",
        "医院还把化验窗口和药房的下班时间推迟到晚上十点半，患儿做完检查、取完药，就可以直接回家，医生第二天会打电话回访。",
    ),
)
FOOTBALL = Story(
    "山城队客场逆转晋级决赛",
    (
        "本报讯（记者何平）在昨晚进行的足球联赛半决赛中，山城队客场以三比二逆转海湾队，时隔九年再次晋级决赛。",
        "上半场比赛，海湾队利用两次角球机会连入两球。中场休息时，山城队主教练换上了两名年轻前锋，球队的进攻速度明显加快。",
        "比赛第八十八分钟，替补前锋在禁区外起脚远射，足球击中门柱弹入球网，山城队的球迷在看台上唱起了队歌。",
    ),
)
SCHOOL = Story(
    "乡村小学有了自己的天文台",
    (
        "本报讯（记者方圆）十一月的夜晚，石桥小学的操场上还亮着灯，四十多名学生排着队，等着用新建的天文台观测土星光环。",
        "校长梁启明说，天文台由退休教师带着学生设计，圆顶是乡里的铁匠打的，望远镜是从大学借来的旧镜片改装而成。",
        "学生们给天文台写了值班表，每晚两名同学记录星象，学期末要把观测日记装订成册，放进学校的图书馆。",
    ),
)
STORIES = (HARBOUR, HOSPITAL, FOOTBALL, SCHOOL)


def column(paragraphs: Sequence[str], size: int, indent: int = 2) -> list[str]:
    """Paragraphs in lines of `size` characters, set in by some; no line begins with a mark that may not begin one."""
    lines = []
    for text in paragraphs:
        rest = "\N{IDEOGRAPHIC SPACE}" * indent + text
        while rest:
            stop = size
            while stop < len(rest) and rest[stop] in "，。、：；？！”）":
                stop -= 1
            lines.append(rest[:stop])
            rest = rest[stop:]
    return lines


def beside(*columns: Sequence[str], size: int, gutter: int = 6) -> str:
    """Columns of `size` characters side by side on one line, `gutter` half-width blanks between them."""
    rows = []
    for own in zip_longest(*columns, fillvalue=""):
        row, filled = "", 0
        for k, text in enumerate(own):
            if text:
                row += " " * (k * (2 * size + gutter) - filled) + text
                filled = k * (2 * size + gutter) + 2 * len(text)
        rows.append(row)
    return "\n".join(rows) + "\n"


def unwrapped(text: str) -> Document:
    """A page whose lines are put together: every character is in one piece or in one drop, or ConservationError is raised."""
    document = read_text(text, "made.txt")
    unwrap_lines(document)
    spans = [span for piece in document.pieces for span in piece.spans]
    check_spans(document, spans + [(drop.start, drop.end) for drop in document.drops])
    return document
