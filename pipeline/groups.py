"""Documents that links bind together: told to each shard that holds one of them, and emitted as one."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline import guard
from pipeline.plan import short_digest
from pipeline.records import Document, Link
from pipeline.reuse import read_outcomes
from pipeline.stages import emit, link
from pipeline.store import DOCUMENTS, Piece, read_document, read_piece
from pipeline.tally import Tally

ENDS = "ends"  # the file beside rejoined documents that holds them


class Ends(msgspec.Struct):
    """The jump ends of one document, and where its record stands."""

    path: str
    sha256: str
    piece: Piece
    ends: list[link.JumpEnd]


def read_ends(folder: Path) -> list[Ends]:
    """The jump ends of a shard's documents."""
    found = []
    with (folder / ENDS).open("rb") as file:
        for one in read_outcomes(folder):
            if one.record[1] and one.pieces[1][1]:
                ends = msgspec.msgpack.decode(read_piece(file, one.pieces[1]), type=list[link.JumpEnd])
                found.append(Ends(one.path, one.digest, one.record, ends))
    return found


class Member(msgspec.Struct):
    """A document that links bind to others; `folder` and `piece` say where its record stands."""

    path: str
    sha256: str
    folder: str
    piece: Piece


class Group(msgspec.Struct):
    """Documents that links bind together."""

    members: list[Member]
    links: list[Link]


class Groups(msgspec.Struct):
    """The groups that concern one shard; the digest changes when anything changes that its articles take from
    others."""

    digest: str
    groups: list[Group]


NO_GROUPS = Groups("alone", [])


class Issues:
    """The links of issues by a digest of their jump ends: an issue that did not change is not linked again."""

    FILE = "issues"

    def __init__(self, earlier: Iterable[Path]) -> None:
        self._known: dict[str, list[Link]] = {}
        self._linked: dict[str, list[Link]] = {}
        for folder in earlier:
            if (folder / self.FILE).exists():
                self._known |= msgspec.msgpack.decode((folder / self.FILE).read_bytes(), type=dict[str, list[Link]])

    def links(self, ends: list[link.JumpEnd]) -> list[Link]:
        """The links between the ends of one issue."""
        digest = hashlib.sha256(msgspec.msgpack.encode(ends)).hexdigest()
        found = self._known.get(digest)
        self._linked[digest] = link.link_issue(ends) if found is None else found
        return self._linked[digest]

    def save(self, folder: Path) -> None:
        """Write what was linked."""
        (folder / self.FILE).write_bytes(msgspec.msgpack.encode(self._linked))


def group_by_part(
    ends: Mapping[str, Sequence[Ends]], folders: Mapping[str, Path], issues: Issues
) -> tuple[list[Link], dict[str, Groups]]:
    """All links, and what concerns each shard, from the jump ends and the folder of each shard by its name.

    A shard that holds any document of a group is told the whole group, and so comes to the same articles as the others
    that hold the rest.
    """
    found: dict[str, Member] = {}
    part_of: dict[str, str] = {}
    for part, records in ends.items():
        for one in records:
            found[one.path] = Member(one.path, one.sha256, str(folders[part]), one.piece)
            part_of[one.path] = part
    in_order = sorted((one for records in ends.values() for one in records), key=lambda one: one.path)
    links = [one for issue in link.issues(end for each in in_order for end in each.ends) for one in issues.links(issue)]
    groups: dict[str, list[Group]] = {}
    for paths in emit.linked_groups(links):
        inside = set(paths)
        group = Group([found[path] for path in paths], [one for one in links if one.first[0] in inside])
        for part in sorted({part_of[path] for path in paths}):
            groups.setdefault(part, []).append(group)
    return links, {part: Groups(_digest(mine), mine) for part, mine in groups.items()}


def group_digest(group: Group, here: Container[str]) -> str:
    """Of all that a group's articles in a shard depend on, which of its documents are in the shard included."""
    told = [f"{member.path} {member.path in here}" for member in group.members]
    return short_digest([_digest([group]), *told])


def _digest(groups: Sequence[Group]) -> str:
    told = [f"{m.path} {m.sha256}" for group in groups for m in group.members]
    return short_digest([*told, *(str(one) for group in groups for one in group.links)])


def groups_of(folder: Path, part: str) -> Groups:
    """What LinkPages said to a shard."""
    path = folder / part
    return msgspec.msgpack.decode(path.read_bytes(), type=Groups) if path.exists() else NO_GROUPS


def emit_group(group: Group, wording: emit.Wording, tally: Tally) -> emit.Emitted:
    """Emit the documents of a group, from whichever shards they are in."""
    documents = []
    for member in group.members:
        with (Path(member.folder) / DOCUMENTS).open("rb") as file:
            documents.append(read_document(file, member.piece))
    return emit_safely(documents, group.links, wording, tally)


def emit_safely(documents: list[Document], links: Iterable[Link], wording: emit.Wording, tally: Tally) -> emit.Emitted:
    """Emit; a document that fails is set aside and costs the others nothing but their links to it.

    Every shard that holds a part of a group comes to the same result, since it sees the same group.
    """
    try:
        with guard.document():
            return emit.emit(documents, list(links), wording)
    except Exception as error:
        if len(documents) == 1:
            tally.quarantine(documents[0].path, documents[0].sha256, "emit", error)
            return emit.Emitted([], [])
    alone = [emit_safely([document], [], wording, tally) for document in documents]
    bad = {one.source for one in tally.quarantined}
    good = [document for document in documents if document.path not in bad]
    if good and len(good) < len(documents):
        kept = [one for one in links if one.first[0] not in bad and one.then[0] not in bad]
        return emit_safely(good, kept, wording, tally)
    tally.count("links", "failed")
    return emit.Emitted(
        [article for emitted in alone for article in emitted.articles],
        [drop for emitted in alone for drop in emitted.dropped],
    )
