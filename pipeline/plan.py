"""Shards, versions and where work files lie: all that tells whether a piece of work was done already.

A task is done when its folder exists, so a folder's name must carry everything that its content depends on: the stage,
the version of the stage and of all stages before it, and the documents that went in.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec

import pipeline
from pipeline import outputs
from pipeline.chain import Settings, check
from pipeline.inputs import Digests, Found, Problem, digest_all, discover
from pipeline.store import write_whole
from pipeline.unpack import Unpacker

# A shard is some seconds of work. Luigi's scheduler costs the square of the tasks, so their number has a bound and
# shards grow beyond it (measured: 2,000 tasks a run cost 18 s, 640 cost 2 s).
SHARD_BYTES = 8 << 20
MOST_SHARDS = 128

STAGES = ("decode", "strip_chrome", "unwrap_lines", "rejoin_columns", "link_pages", "emit")
# What turns emitted records into the files of a release; the first two only where duplicates are asked for.
FINISHING = ("sign_articles", "find_duplicates", "pack")

_HERE = Path(__file__).parent
_MODULES = {
    "decode": "stages/decode.py",
    "strip_chrome": "stages/chrome.py",
    "unwrap_lines": "stages/unwrap.py",
    "rejoin_columns": "stages/columns.py",
    "link_pages": "stages/link.py",
    "emit": "stages/emit.py",
    "sign_articles": "duplicates.py",
    "find_duplicates": "duplicates.py",
    "pack": "outputs.py",
}
_SETTINGS: dict[str, tuple[str, ...]] = {
    "decode": ("document_timeout",),
    "strip_chrome": ("path_pattern",),
    "emit": ("script", "punctuation"),
    "pack": ("format", "compress", "max_file_mb", "duplicates"),
}
_LIBRARIES = ("ftfy", "luigi", "msgspec", "numpy", "opencc-python-reimplemented", "regex", "scipy", "threadpoolctl")
_LIBRARIES_OF = {"sign_articles": ("rensa",), "pack": ("backports.zstd", "pyarrow")}
_AROUND = (
    "articles.py",
    "chain.py",
    "groups.py",
    "guard.py",
    "inputs.py",
    "reuse.py",
    "steps.py",
    "store.py",
    "tally.py",
    "tasks.py",
    "work.py",
)  # part of every stage's version
_IMPORT = re.compile(r"^\s{0,12}(?:from (pipeline[\w.]*) import ([\w, ()]+)|import (pipeline[\w.]*))", re.MULTILINE)


class Shard(msgspec.Struct, frozen=True):
    """Documents that are worked on together."""

    part: str  # part-0003-of-0008
    digest: str  # of the paths and contents of its documents
    documents: list[Found]

    @property
    def folder(self) -> str:
        """The name of its work folders."""
        return f"{self.part}-{self.digest}"

    @property
    def count(self) -> int:
        """How many documents it holds, those of slices among them."""
        return sum(found.documents for found in self.documents)


def short_digest(texts: Iterable[str]) -> str:
    """Twelve hexadecimal digits for some texts in their order."""
    sha = hashlib.sha256()
    for text in texts:
        sha.update(text.encode("utf-8", "surrogatepass"))
        sha.update(b"\0")
    return sha.hexdigest()[:12]


def shards(documents: Sequence[Found], shard_bytes: int = SHARD_BYTES) -> list[Shard]:
    """Documents in shards that stay as they are when others are added.

    A folder's documents lie together, as the pages of an issue and the articles of a day do, unless there are too many
    for one shard. The number of shards is a power of two and doubles with the dump, so that half of all documents stay
    where they are even then.
    """
    total = sum(found.size for found in documents)
    count = 1
    while count < MOST_SHARDS and total > count * shard_bytes:
        count *= 2
    in_folder: dict[str, int] = {}
    for found in documents:
        folder = found.inside or os.path.dirname(found.path)
        in_folder[folder] = in_folder.get(folder, 0) + found.size
    buckets: list[list[Found]] = [[] for _ in range(count)]
    for found in sorted(documents):
        folder = found.inside or os.path.dirname(found.path)
        key = folder if in_folder[folder] <= shard_bytes else found.path
        buckets[int(short_digest([key]), 16) % count].append(found)
    return [
        Shard(f"part-{i:04}-of-{count:04}", short_digest(f"{f.path}\n{f.sha256}" for f in bucket), bucket)
        for i, bucket in enumerate(buckets)
        if bucket
    ]


@cache
def _sources(module: str) -> frozenset[str]:
    """A module of the package and all of the package that it imports, as paths below the package.

    Not followed is the package itself, whose functions lead to all of it.
    """
    seen = {"__init__.py"}
    todo = [module]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += _imported(name)
    return frozenset(seen - {"__init__.py"})


@cache
def _imported(module: str) -> tuple[str, ...]:
    """What a module imports of the package, as paths below it."""
    found: set[str] = set()
    for origin, names, plain in _IMPORT.findall((_HERE / module).read_text(encoding="utf-8")):
        path = (origin or plain).split(".")[1:]
        below = [part.split()[0] for part in names.strip("() ").split(",") if part.strip()]
        for parts in (path, *([*path, part] for part in below)):
            found |= {"/".join(parts) + ".py", "/".join([*parts, "__init__.py"])}
    return tuple(name for name in sorted(found) if (_HERE / name).is_file())


@cache
def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _data_files() -> tuple[Path, ...]:
    found = (path for folder in ("rules", "model") for path in (_HERE / folder).glob("*") if path.is_file())
    return tuple(sorted(path for path in found if path.suffix not in (".py", ".pyc")))


def _library(name: str) -> str:
    try:
        return f"{name}=={metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return name


def versions(settings: Settings) -> dict[str, str]:
    """For each stage, a digest of the code, rules, model, libraries and settings that it and the stages before it use.

    Decoding uses no rules and no model, so that a new rule leaves what was decoded as it is.
    """
    known: dict[str, str] = {}
    base = [pipeline.__version__, *map(_library, _LIBRARIES), *(_file_digest(_HERE / name) for name in _AROUND)]
    for stage in (*STAGES, *FINISHING):
        told = [*base, stage, *map(_library, _LIBRARIES_OF.get(stage, ()))]
        told += [f"{name} {_file_digest(_HERE / name)}" for name in sorted(_sources(_MODULES[stage]))]
        if stage != "decode":
            told += [f"{path.name} {_file_digest(path)}" for path in _data_files()]
        told += [f"{name}={getattr(settings, name)}" for name in _SETTINGS.get(stage, ())]
        if stage == "strip_chrome" and settings.rules:
            told.append(hashlib.sha256(Path(settings.rules).read_bytes()).hexdigest())
        if stage in FINISHING:
            told.append(_file_digest(_HERE / "finish.py"))
        if stage == "pack":
            told.append(_file_digest(_HERE / "card.md"))
        known[stage] = short_digest(told)
        base = [known[stage]]
    return known


class Plan(msgspec.Struct):
    """A run before it starts: what goes in, in which shards, by which versions, and where to."""

    out: str
    settings: Settings
    roots: list[str]
    shards: list[Shard]
    problems: list[Problem]
    ignored: int
    versions: dict[str, str]
    digest: str

    @property
    def work(self) -> Path:
        """Where work files lie."""
        return work_of(self.out)

    @property
    def documents(self) -> int:
        """How many documents go in."""
        return sum(shard.count for shard in self.shards)

    def folder(self, stage: str, shard: Shard) -> Path:
        """Where a stage's result for a shard lies."""
        return stage_folder(self.out, stage, self.versions[stage], shard.folder)


def work_of(out: str) -> Path:
    """The folder of work files."""
    return Path(out) / ".work"


def stage_folder(out: str, stage: str, version: str, name: str) -> Path:
    """Where a stage's result lies."""
    return work_of(out) / stage / version / name


def make_plan(inputs: Iterable[str], out: str, settings: Settings) -> Plan:
    """Find and digest the inputs, and write the listings that tasks read.

    Raises InputError for an input that does not exist, and RuleError for rules that cannot be used.
    """
    work = work_of(out)
    check(settings)
    settings = _keep_rules(work, settings)
    outputs.check(settings)
    reading = settings.reading
    digests = Digests(work / "digests.msgpack", reading)
    unpacker = Unpacker(work, reading, _reading_version(settings))
    without = [str(Path(out) / name) for name in ("articles", "dropped")]
    listing = unpacker.unpack_all(digest_all(discover(inputs, without), digests))
    digests.save()
    unpacker.save()
    parts = shards(listing.documents)
    known = versions(settings)
    for shard in parts:
        write_listing(work, shard)
        if not stage_folder(out, "decode", known["decode"], shard.folder).exists():
            unpacker.need(shard.documents)
    told = [*known.values(), *(shard.folder for shard in parts), *listing.roots, *map(str, listing.problems)]
    return Plan(
        out=out,
        settings=settings,
        roots=listing.roots,
        shards=parts,
        problems=listing.problems,
        ignored=listing.ignored,
        versions=known,
        digest=short_digest([*told, str(listing.ignored)]),
    )


def _reading_version(settings: Settings) -> str:
    """A digest of what slices depend on beside the container."""
    code = (f"{name} {_file_digest(_HERE / name)}" for name in sorted(_sources("unpack.py")))
    return short_digest([str(settings.reading), *code])


def _keep_rules(work: Path, settings: Settings) -> Settings:
    """Settings that name the user's rules by their content, so that tasks cannot see them change."""
    if settings.rules is None:
        return settings
    data = Path(settings.rules).read_bytes()
    kept = work / "rules" / f"{hashlib.sha256(data).hexdigest()[:12]}.toml"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, data)
    return msgspec.structs.replace(settings, rules=str(kept))


def write_listing(work: Path, shard: Shard) -> None:
    """Write a shard's listing, whose name is its digest; where the files lie may change without the digest."""
    path = listing_path(work, shard.digest)
    data = msgspec.msgpack.encode(shard.documents)
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)


def read_listing(work: Path, digest: str) -> list[Found]:
    """The documents of a shard."""
    return msgspec.msgpack.decode(listing_path(work, digest).read_bytes(), type=list[Found])


def listing_path(work: Path, digest: str) -> Path:
    """Where a shard's listing lies."""
    return work / "listings" / f"{digest}.msgpack"
