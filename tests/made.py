"""Dumps of our own making: pages and web pages with sentences that no paper printed."""

from __future__ import annotations

import json
from pathlib import Path

SUBJECTS = ("渔港", "果园", "书店", "剧团", "车间", "码头", "茶山", "学堂", "驿站", "灯塔")
VERBS = ("迎来", "送走", "翻新", "搬迁", "登记", "整修", "开放", "评选", "守护", "记录")


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
