"""Bad input gets a clear message that names the file, and loses nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from made import article, dump, page, records, release

import pipeline
from pipeline import running
from pipeline.inputs import InputError, discover
from pipeline.publish import OutputError
from pipeline.running import NothingReadError

GOOD = page(5)


def run(*inputs, out, **more):
    return pipeline.run([str(one) for one in inputs], out, **more)


def beside_good(tmp_path, name, data):
    """A run over a good document and a bad one; the good one's articles must be there."""
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    run(folder, out=tmp_path / "alone")
    (folder / name).write_bytes(data)
    found = run(folder, out=tmp_path / "out")
    alone = release(tmp_path / "alone")
    mine = [a for a in records(tmp_path / "out" / "articles") if a["sources"][0]["path"] == "dump/good.txt"]
    assert mine == records(tmp_path / "alone" / "articles")
    assert alone
    return found, records(tmp_path / "out" / "quarantine.jsonl")


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n \xe3\x80\x80\n", b"\xef\xbb\xbf"], ids=["empty", "white space", "only a BOM"]
)
def test_an_empty_file_is_not_bad(tmp_path, data):
    """It gives no article and is counted."""
    found, quarantined = beside_good(tmp_path, "empty.txt", data)
    assert (found.quarantined, found.empty, quarantined) == (0, 1, [])


def test_a_dump_of_empty_files_only_is_no_error(tmp_path):
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "a.txt").write_bytes(b"")
    assert run(tmp_path / "dump", out=tmp_path / "out").articles == 0
    assert (tmp_path / "out" / "manifest.json").exists()


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 64,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(255, -1, -1)) * 20,
        b"PK\x03\x04" + bytes(500),
    ],
    ids=["all bytes", "picture", "archive"],
)
def test_binary_noise_is_set_aside(tmp_path, data):
    found, (record,) = beside_good(tmp_path, "noise.txt", data)
    assert found.quarantined == 1
    assert (record["source"], record["stage"]) == ("dump/noise.txt", "decode")
    assert record["error"]
    assert record["message"]
    assert len(record["sha256"]) == 64


def test_a_truncated_utf8_sequence_costs_itself(tmp_path):
    """A document cut in the middle of a character is read; only that character is lost."""
    data = article(8).encode()[:-3]
    _, quarantined = beside_good(tmp_path, "cut.txt", data[:-1])
    assert quarantined == []
    texts = [a["text"] for a in records(tmp_path / "out" / "articles") if a["sources"][0]["path"] == "dump/cut.txt"]
    assert article(8).splitlines()[-1][:20] in "".join(texts)


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_file_that_is_gone_or_changed_when_its_turn_comes_is_read_by_the_next_run(tmp_path, monkeypatch, how):
    """It is set aside, the others go out, and it is not taken for done even when it comes back as it was."""
    folder = dump(tmp_path / "dump")
    run(folder, out=tmp_path / "whole")
    chain = running._run_chain

    def late(*args):
        file = folder / "doca.txt"
        text = file.read_text(encoding="utf-8")
        if how == "gone":
            file.unlink()
        else:
            file.write_text(page(99), encoding="utf-8")
        chain(*args)
        file.write_text(text, encoding="utf-8")

    with monkeypatch.context() as patch:
        patch.setattr(running, "_run_chain", late)
        assert run(folder, out=tmp_path / "out").quarantined == 1
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["stage"]) == ("dump/doca.txt", "read")
    assert run(folder, out=tmp_path / "out").fresh
    assert release(tmp_path / "out") == release(tmp_path / "whole")
    assert not run(folder, out=tmp_path / "out").fresh


def test_a_folder_with_nothing_to_read(tmp_path):
    (tmp_path / "dump" / "inner").mkdir(parents=True)
    (tmp_path / "dump" / "table.csv").write_text("a,b\n")
    with pytest.raises(NothingReadError, match=r"nothing to read in .*dump.*1 files of other kinds"):
        run(tmp_path / "dump", out=tmp_path / "out")


def test_nothing_to_read_keeps_the_last_release(tmp_path):
    """A share that was not mounted must not empty the archive."""
    folder = dump(tmp_path / "dump")
    run(folder, out=tmp_path / "out")
    before = release(tmp_path / "out")
    for file in folder.rglob("*.txt"):
        file.unlink()
    with pytest.raises(NothingReadError):
        run(folder, out=tmp_path / "out")
    assert release(tmp_path / "out") == before


def test_when_no_document_can_be_read_the_run_says_why(tmp_path):
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "noise.txt").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(NothingReadError, match=r"none of 1 documents.*quarantine\.jsonl"):
        run(tmp_path / "dump", out=tmp_path / "out")
    assert records(tmp_path / "out" / "quarantine.jsonl")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(tmp_path):
    folder = dump(tmp_path / "dump")
    (folder / "secret.txt").write_text(GOOD, encoding="utf-8")
    (folder / "secret.txt").chmod(0)
    assert run(folder, out=tmp_path / "out").quarantined == 1
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["stage"], record["error"]) == ("dump/secret.txt", "read", "PermissionError")


def test_a_link_to_nowhere_is_named(tmp_path):
    folder = dump(tmp_path / "dump")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    found = run(folder, out=tmp_path / "out")
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["stage"], record["error"]) == ("dump/gone.txt", "read", "FileNotFoundError")
    assert found.documents == 6


def test_a_pipe_is_not_waited_for(tmp_path):
    folder = dump(tmp_path / "dump")
    os.mkfifo(folder / "pipe.txt")
    run(folder, out=tmp_path / "out")
    (record,) = records(tmp_path / "out" / "quarantine.jsonl")
    assert (record["source"], record["error"]) == ("dump/pipe.txt", "NotAFile")


@pytest.mark.parametrize("place", ["a file", "below a file", "read-only"])
def test_an_output_folder_that_cannot_be_written(tmp_path, place):
    (tmp_path / "file").write_text("x")
    places = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "out", "read-only": "/proc/newsreflow"}
    with pytest.raises(OutputError, match="cannot write to the output folder"):
        run(dump(tmp_path / "dump"), out=places[place])


def test_a_path_that_does_not_exist_is_a_usage_error(tmp_path):
    command = [sys.executable, "-m", "pipeline.cli", "run", str(dump(tmp_path / "dump")), "nowhere", "-o", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "newsreflow: nowhere: no such file or folder\n"
    assert not (tmp_path / "out" / "articles").exists()


def test_a_glob_without_matches_is_a_usage_error(tmp_path):
    with pytest.raises(InputError, match="no file or folder has a name like this"):
        run(tmp_path / "*.txt", out=tmp_path / "out")


def test_a_loop_of_links_ends(tmp_path):
    folder = dump(tmp_path / "dump")
    (folder / "extra" / "up").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    found = run(folder, out=tmp_path / "out")
    assert found.documents == 6
    problems = {record["source"]: record["error"] for record in records(tmp_path / "out" / "quarantine.jsonl")}
    assert problems["dump/extra/up"] == "SymlinkLoop"
    assert set(problems) <= {"dump/extra/up", "dump/self"}


def test_links_to_folders_elsewhere_are_followed(tmp_path):
    dump(tmp_path / "elsewhere")
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "link").symlink_to(tmp_path / "elsewhere")
    assert "dump/link/doca.txt" in [found.path for found in discover([str(tmp_path / "dump")]).documents]


def test_two_inputs_of_one_name_stay_apart(tmp_path):
    """Each document keeps a path of its own, and both are read."""
    for place in ("north", "south"):
        dump(tmp_path / place / "pages", 2)
    found = run(tmp_path / "north" / "pages", tmp_path / "south" / "pages", out=tmp_path / "out")
    assert found.documents == 4
    paths = {source["path"] for a in records(tmp_path / "out" / "articles") for source in a["sources"]}
    assert paths == {f"{place}/pages/doc{x}.txt" for place in ("north", "south") for x in "ab"}
    ids = [a["id"] for a in records(tmp_path / "out" / "articles")]
    assert len(ids) == len(set(ids))


def test_a_file_given_twice_is_read_once(tmp_path):
    folder = dump(tmp_path / "dump", 2)
    found = discover([str(folder), str(folder / "doca.txt"), f"{folder}/./", str(folder / "*.txt")])
    assert [one.path for one in found.documents] == ["dump/doca.txt", "dump/docb.txt"]


@pytest.mark.parametrize(
    "name",
    ["[第1版].txt", "what?.txt", "two words .txt", "新闻 2031-03-04 第3版.txt", "*.txt", "-o.txt", "a\nb.txt"],
)
def test_odd_names(tmp_path, name):
    """In a folder, and given by their own names."""
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / name).write_text(GOOD, encoding="utf-8")
    run(tmp_path / "dump", out=tmp_path / "out")
    paths = {source["path"] for a in records(tmp_path / "out" / "articles") for source in a["sources"]}
    assert paths == {f"dump/{name}"}
    run(tmp_path / "dump" / name, out=tmp_path / "again")
    assert (
        release(tmp_path / "again")["articles/part-0000-of-0001.jsonl"]
        == release(tmp_path / "out")["articles/part-0000-of-0001.jsonl"]
    )


def test_a_name_that_is_no_text(tmp_path):
    folder = os.fsencode(tmp_path) + b"/dump"
    os.mkdir(folder)
    with open(folder + b"/\xd0\xc2\xce\xc5.txt", "wb") as file:
        file.write(GOOD.encode())
    run(tmp_path / "dump", out=tmp_path / "out")
    paths = {source["path"] for a in records(tmp_path / "out" / "articles") for source in a["sources"]}
    assert paths == {r"dump/\xd0\xc2\xce\xc5.txt"}


def test_odd_output_names(tmp_path):
    out = tmp_path / "出 [1]?*"
    run(dump(tmp_path / "dump"), out=out)
    assert records(out / "articles")


def test_output_inside_the_input_is_not_read(tmp_path):
    folder = dump(tmp_path / "dump")
    for _ in range(2):
        assert run(folder, out=folder / "output").documents == 6


def test_hidden_files_are_passed_over(tmp_path):
    folder = dump(tmp_path / "dump", 2)
    (folder / "._doca.txt").write_bytes(b"\0\1\2")
    assert len(discover([str(folder)]).documents) == 2


def test_long_lines_and_odd_characters(tmp_path):
    data = ("长" * 200_000 + "\n" + "\0\x01\x02" + "\u2028" + "第二行，有一句话。\n").encode()
    beside_good(tmp_path, "odd.txt", data)
