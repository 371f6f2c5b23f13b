"""Every record that goes out is what the schema and the contract say."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from made import dump, records

import pipeline
from pipeline.articles import Article
from pipeline.records import REASONS

SCHEMA = json.loads(resources.files("pipeline").joinpath("article.schema.json").read_text(encoding="utf-8"))
SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module", params=["seeds", "made"])
def run(request, tmp_path_factory):
    place = tmp_path_factory.mktemp(request.param)
    source = SEEDS if request.param == "seeds" else dump(place / "dump")
    pipeline.run(source, place / "out")
    return source, place / "out"


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_names_the_fields_of_the_record():
    assert list(SCHEMA["properties"]) == list(Article.__struct_fields__)
    assert SCHEMA["required"] == [name for name in Article.__struct_fields__ if name != "duplicate_of"]


def test_every_article_is_valid(run):
    validator = Draft202012Validator(SCHEMA)
    found = records(run[1] / "articles")
    assert found
    for article in found:
        assert [error.message for error in validator.iter_errors(article)] == []


def test_ids_are_unique(run):
    ids = [article["id"] for article in records(run[1] / "articles")]
    assert len(set(ids)) == len(ids)


def test_spans_and_drops_hold_every_character_once(run):
    """The promise, checked from the files alone."""
    source, out = run
    texts = {f"{source.name}/{p.relative_to(source).as_posix()}": p.read_text("utf-8") for p in source.rglob("*.txt")}
    places = {path: [0] * len(text) for path, text in texts.items()}
    for article in records(out / "articles"):
        paths = [one["path"] for one in article["sources"]]
        spans = [span for found in article["head_spans"].values() for span in found]
        spans += [span for block in article["paragraphs"] for span in block["spans"]]
        for index, start, end in spans:
            for i in range(start, end):
                places[paths[index]][i] += 1
    for drop in records(out / "dropped"):
        assert drop["reason"] in REASONS
        assert drop["rule"]
        assert drop["text"] == texts[drop["source"]][drop["start"] : drop["end"]]
        for i in range(drop["start"], drop["end"]):
            places[drop["source"]][i] += 1
    for path, text in texts.items():
        wrong = [i for i, ch in enumerate(text) if not ch.isspace() and ch != "\ufeff" and places[path][i] != 1]
        assert wrong == []


def test_text_is_the_paragraphs(run):
    for article in records(run[1] / "articles"):
        assert article["text"] == "\n".join(p["text"] for p in article["paragraphs"] if p["type"] != "caption")


def test_head_spans_stand_for_what_is_not_null(run):
    for article in records(run[1] / "articles"):
        assert set(article["head_spans"]) == {f for f in ("kicker", "title", "subtitle", "byline") if article[f]}


def test_read_articles_reads_what_was_written(run):
    found = list(pipeline.read_articles(run[1]))
    assert [article.id for article in found] == [article["id"] for article in records(run[1] / "articles")]
    assert list(pipeline.read_articles(run[1] / "articles")) == found


def test_the_manifest_says_what_went_in_and_came_out(run):
    source, out = run
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"]["documents"] == len(manifest["digests"]) == len(list(source.rglob("*.txt")))
    assert manifest["counts"]["emitted"]["articles"] == len(records(out / "articles"))
    assert sum(manifest["counts"]["dropped"].values()) == len(records(out / "dropped"))
    assert manifest["conservation"] == {"broken": 0, "checked": manifest["inputs"]["documents"]}
    assert manifest["versions"]["emit"] == manifest["rule_set"]
