"""Learn what ships in `pipeline/model`: counts of characters, networks, and the weights of logistic models.

    python -m pipeline.training CORPUS.jsonl... --simulator simulate.py [--out DIR] [--keep counts,continuation,topics,headings,breaks]

A corpus holds one article a line: {"title": str, "paragraphs": [str], …}. The same corpus gives the same model, byte for
byte, on one machine with the same libraries.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipeline import breaks, continuation, hashed, headings, topics
from pipeline.ngrams import COUNTS, MODEL
from pipeline.training.breaks import train_breaks
from pipeline.training.corpus import CorpusError, cut_places, frequent_characters, read_texts, split_corpus
from pipeline.training.counts import count_characters
from pipeline.training.headings import train_headings
from pipeline.training.pages import ISSUES, pages_of, simulate
from pipeline.training.topics import train_topics
from pipeline.training.towers import train_continuation, train_opening
from pipeline.training.weights import learn

FILES = {
    "counts": COUNTS,
    "continuation": continuation.WEIGHTS,
    "topics": topics.TOPICS,
    "headings": headings.HEADINGS,
    "breaks": breaks.BREAKS,
}


def train_texts(paths: Sequence[Path], out: Path, keep: Collection[str] = ()) -> None:
    """Learn from text alone: counts and networks, but for those to keep."""
    if "counts" not in keep:
        say("counting characters")
        count_characters(paths, out)
    texts = read_texts(paths)
    if "continuation" not in keep:
        say("learning what goes on in what")
        characters = frequent_characters(texts)
        cuts = cut_places(texts, characters)
        opening = train_opening(cuts, len(characters))
        towers = (*train_continuation(cuts, len(characters)), opening)
        continuation.save(out / continuation.WEIGHTS, characters, towers)
    if "topics" not in keep:
        say("learning what texts speak of")
        topics.save(out / topics.TOPICS, train_topics(texts))
    if "headings" not in keep:
        say("learning what words headlines have")
        hashed.save(out / headings.HEADINGS, *train_headings(paths))
    if "breaks" not in keep:
        say("learning where paragraphs end")
        hashed.save(out / breaks.BREAKS, *train_breaks(paths))


def train(
    corpora: Sequence[Path], simulator: Path, out: Path, keep: Collection[str] = (), issues: int = ISSUES
) -> None:
    """Make a whole model in the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    missing = [FILES[name] for name in keep if not (out / FILES[name]).exists()]
    if missing:
        raise CorpusError(f"nothing to keep: {out} holds no {' and no '.join(missing)}")
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        files = split_corpus(corpora, Path(folder))
        train_texts(files["count"], out, keep)
        say("learning weights on simulated pages")
        learn(pages_of(simulate(simulator, files["learn"], Path(folder), issues)), out)


def say(what: str) -> None:
    """Tell on the terminal what is done now: all of it takes the better part of an hour."""
    print(what, file=sys.stderr, flush=True)


def names(text: str) -> list[str]:
    """What to keep, of `FILES`, with commas between."""
    found = text.split(",")
    for name in found:
        if name not in FILES:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(FILES)}")
    return found


def main() -> None:
    """Make the model again."""
    parser = argparse.ArgumentParser(
        "python -m pipeline.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--simulator", type=Path, required=True, help="program that sets articles on pages")
    parser.add_argument("--out", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--keep", type=names, default=[], help="what not to make again: counts,continuation,topics")
    parser.add_argument("--issues", type=int, default=ISSUES, help="issues of each corpus and each simulator")
    args = parser.parse_args()
    try:
        train(args.corpus, args.simulator, args.out, args.keep, args.issues)
    except (CorpusError, OSError) as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
