"""What a release consists of: formats, files of bounded size, duplicates, and that others read it as it is."""

from __future__ import annotations

import json
import random

import msgspec
import pytest
from made import article, dump, page, paragraph, records, release

import pipeline
from pipeline import outputs
from pipeline.articles import Article
from pipeline.duplicates import Signed, find
from pipeline.inputs import InputError
from pipeline.outputs import Packing, card, pack, read_lines, release_files


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A dump and its plain release."""
    place = tmp_path_factory.mktemp("plain")
    pipeline.run(dump(place / "dump", 8), place / "out", report=False)
    return place


@pytest.fixture(params=[("parquet", "none"), ("jsonl", "zst"), ("jsonl", "gz")], ids="-".join)
def packed(request, plain, tmp_path):
    form, compress = request.param
    pytest.importorskip("pyarrow")
    pipeline.run(plain / "dump", tmp_path / "out", format=form, compress=compress, report=False)
    return tmp_path / "out"


class TestFormats:
    """Every format holds the same records, and the same bytes each time."""

    def test_articles_are_the_same(self, plain, packed):
        assert list(pipeline.read_articles(packed)) == list(pipeline.read_articles(plain / "out"))

    def test_dropped_records_are_the_same(self, plain, packed):
        found = []
        for file in release_files(packed / "dropped"):
            found += outputs.read_rows(file) if file.suffix == ".parquet" else map(json.loads, read_lines(file))
        assert found == records(plain / "out" / "dropped")

    def test_the_manifest_names_the_files(self, packed):
        manifest = json.loads((packed / "manifest.json").read_bytes())
        for name, size in manifest["files"].items():
            assert (packed / name).stat().st_size == size

    def test_another_format_works_on_no_document(self, plain, tmp_path):
        out = tmp_path / "out"
        pipeline.run(plain / "dump", out, report=False)
        before = {path.name for path in out.glob(".work/emit/*/*")}
        pipeline.run(plain / "dump", out, compress="zst", report=False)
        assert {path.name for path in out.glob(".work/emit/*/*")} == before
        assert [path.name for path in (out / "articles").iterdir()] == ["part-0000-of-0001.jsonl.zst"]

    def test_a_missing_library_is_told_before_the_run(self, plain, tmp_path, monkeypatch):
        monkeypatch.setattr(outputs, "find_spec", lambda name: None)
        with pytest.raises(InputError, match=r"pip install 'newsreflow\[parquet\]'"):
            pipeline.run(plain / "dump", tmp_path / "out", format="parquet")
        with pytest.raises(InputError, match=r"pip install 'newsreflow\[duplicates\]'"):
            pipeline.run(plain / "dump", tmp_path / "out", duplicates=True)

    def test_parquet_has_the_records_fields(self):
        pytest.importorskip("pyarrow")
        assert outputs.article_schema(duplicates=True).names == list(Article.__struct_fields__)


@pytest.mark.parametrize("compress", ["none", "gz", "zst"])
def test_files_are_of_bounded_size_and_in_order(tmp_path, compress):
    lines = [json.dumps({"n": n, "text": "字" * (n % 40)}).encode() + b"\n" for n in range(200)]
    files = pack(lines, tmp_path, "part-0000-of-0001", Packing(compress=compress, most=2000), lambda: None)
    found = release_files(tmp_path)
    assert len(found) == files > 3
    assert found[0].name.startswith("part-0000-of-0001.jsonl")
    assert [line for file in found for line in read_lines(file)] == lines
    assert all(sum(map(len, read_lines(file))) <= 2000 for file in found)


def test_a_record_larger_than_the_bound_has_a_file_of_its_own(tmp_path):
    lines = [b"1\n", b"2" * 99 + b"\n", b"3\n"]
    assert pack(lines, tmp_path, "part", Packing(most=10), lambda: None) == 3
    assert [file.name for file in release_files(tmp_path)] == ["part.jsonl", "part_002.jsonl", "part_003.jsonl"]


def test_no_records_no_file(tmp_path):
    assert pack([], tmp_path, "part", Packing(), lambda: None) == 0
    assert release_files(tmp_path) == []


class TestOthersReadIt:
    """The release as it lies there, by those who work on."""

    def test_pandas(self, plain):
        pandas = pytest.importorskip("pandas")
        (file,) = release_files(plain / "out" / "articles")
        assert len(pandas.read_json(file, lines=True)) == len(records(file))

    def test_polars(self, packed):
        polars = pytest.importorskip("polars")
        if not list(packed.glob("articles/*.parquet")):
            pytest.skip("Parquet is what Polars is told to read")
        assert polars.read_parquet(packed / "articles").height == len(list(pipeline.read_articles(packed)))

    def test_duckdb(self, packed):
        duckdb = pytest.importorskip("duckdb")
        suffix = "".join(release_files(packed / "articles")[0].suffixes)
        rows = duckdb.sql(f"select count(id) from '{packed}/articles/*{suffix}'").fetchall()
        assert rows == [(len(list(pipeline.read_articles(packed))),)]

    def test_datasets(self, plain, tmp_path):
        datasets = pytest.importorskip("datasets")
        found = datasets.load_dataset(str(plain / "out"), split="train", cache_dir=str(tmp_path / "cache"))
        assert found.num_rows == len(records(plain / "out" / "articles"))

    @pytest.mark.parametrize("duplicates", [False, True])
    def test_the_card_names_the_columns(self, duplicates):
        yaml = pytest.importorskip("yaml")
        told = yaml.safe_load(card(duplicates).split("---\n")[1])
        names = [column["name"] for column in told["dataset_info"]["features"]]
        assert names == [name for name in Article.__struct_fields__ if duplicates or name != "duplicate_of"]


STORY = article(5, 4)
OTHER = article(6, 4)


class TestDuplicates:
    """The same story in several papers is marked, whatever the order, and nothing else is."""

    @pytest.fixture
    def folder(self, tmp_path):
        pytest.importorskip("rensa")
        folder = tmp_path / "dump"
        folder.mkdir()
        for day, name, text in (
            (3, "a", STORY),
            (4, "b", STORY),
            (5, "c", STORY.replace("负责人", "负责同志", 1)),
            (6, "d", OTHER),
            (7, "e", article(7, 4)),
        ):
            text = f"海湾日报\n\n2031年3月{day:02}日 星期二\n\n{text}"
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        return folder

    def marked(self, out):
        found = {one.sources[0].path: one for one in pipeline.read_articles(out)}
        assert len(found) == 5
        return found

    def test_the_first_by_date_is_kept(self, folder, tmp_path):
        pipeline.run(folder, tmp_path / "out", duplicates=True, report=False)
        found = self.marked(tmp_path / "out")
        kept = found["dump/a.txt"].id
        assert [found[f"dump/{name}.txt"].duplicate_of for name in "abcde"] == [None, kept, kept, None, None]
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
        assert manifest["counts"]["duplicates"] == {"compared": 5, "marked": 2}

    def test_the_switch_adds_nothing_but_the_marks(self, folder, tmp_path):
        pipeline.run(folder, tmp_path / "on", duplicates=True, report=False)
        pipeline.run(folder, tmp_path / "off", report=False)
        on, off = records(tmp_path / "on" / "articles"), records(tmp_path / "off" / "articles")
        assert [{k: v for k, v in one.items() if k != "duplicate_of"} for one in on] == off

    def test_a_day_that_arrives_later_changes_no_file_before_it(self, folder, tmp_path):
        out = tmp_path / "out"
        pipeline.run(folder, out, duplicates=True, report=False)
        before = self.marked(out)
        (folder / "f.txt").write_text(f"海湾日报\n\n2031年3月09日 星期日\n\n{STORY}", encoding="utf-8")
        pipeline.run(folder, out, duplicates=True, report=False)
        after = {one.sources[0].path: one for one in pipeline.read_articles(out)}
        assert {path: one for path, one in after.items() if path in before} == before
        assert after["dump/f.txt"].duplicate_of == before["dump/a.txt"].id
        pipeline.run(folder, tmp_path / "fresh", duplicates=True, report=False)
        assert release(tmp_path / "fresh") == release(out)

    def signed(self, texts):
        from pipeline.duplicates import sign

        each = [
            msgspec.convert(
                {
                    **dict.fromkeys(("publication", "page", "kicker", "title", "subtitle", "byline", "agency")),
                    **dict.fromkeys(("continued_from", "continued_to")),
                    **{"id": f"{n:016x}", "date": f"2031-03-{n % 28 + 1:02}", "text": text, "script": "Hans"},
                    **{"sources": [{"path": f"{n}.txt", "sha256": "", "page": None}], "confidence": 1.0},
                    **{"head_spans": {}, "authors": [], "paragraphs": [], "flags": []},
                },
                Article,
            )
            for n, text in enumerate(texts)
        ]
        return list(sign(each, {}))

    def test_any_order_gives_the_same(self):
        pytest.importorskip("rensa")
        chance = random.Random(3)
        texts = []
        for n in range(60):
            text = paragraph(n // 3, 12)
            cut = chance.randrange(len(text))
            texts.append(text[:cut] + "误" * (n % 3) + text[cut + n % 3 :])
        signed = self.signed(texts)
        found = find(signed)
        assert len(found) >= 30
        assert not set(found) & set(found.values())
        for _ in range(5):
            assert find(chance.sample(signed, len(signed))) == found

    def test_short_texts_must_be_equal(self):
        pytest.importorskip("rensa")
        signed = self.signed(["今天多云，气温3到8度。", "今天多云，气温3到9度。", "今天多云，气温3到8度"])
        assert find(signed) == {f"{2:016x}": f"{0:016x}"}

    def test_articles_without_text_are_no_duplicates(self):
        assert find([]) == {}
        assert self.signed(["", ""]) == []

    def test_what_names_a_duplicate_names_one_that_is_kept(self):
        """A chain of small changes is not one story: the far end resembles only its neighbour."""
        pytest.importorskip("rensa")
        whole = [paragraph(n, 2) for n in range(12)]
        signed = self.signed(["".join(whole[n : n + 8]) for n in range(4)])
        found = find(signed)
        assert not set(found) & set(found.values())

    def test_a_signature_is_small(self):
        pytest.importorskip("rensa")
        (one,) = self.signed([page(3)])
        assert isinstance(one, Signed)
        assert len(one.sketch) < 800
