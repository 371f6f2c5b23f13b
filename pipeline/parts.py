"""Build the parts of articles: paragraphs, heads, captions, bylines and jump lines, each at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.flow import as_learned
from pipeline.heads import broken, broken_in, lay_out_head
from pipeline.mend import SPEAKS_OF, Draft
from pipeline.ngrams import codes, distinct, keys
from pipeline.page import PHOTO_STORY
from pipeline.records import Document, Drop, Join, Paragraph, Part, Piece
from pipeline.threads import coverage, coverages


class Builder:
    """The parts of one page while they are put together; `home` says which part each piece of the page is in."""

    def __init__(self, document: Document, members: Sequence[int], draft: Draft) -> None:
        self.document = document
        self.pieces = document.pieces
        self.members = members
        self.draft = draft
        self.parts: list[Part] = []
        self.home: dict[int, int] = {}

    def drop(self, piece: Piece, reason: str, rule: str) -> None:
        """Record what stands in no article."""
        self.document.drops += [Drop(a, b, reason, rule) for a, b in piece.spans]

    def articles(self, joins: Mapping[int, float], follows: Mapping[int, float]) -> None:
        """One part an article; `joins` and `follows` give the share of joins and steps like these that are right."""
        for a, run in enumerate(self.draft.articles):
            paragraphs = []
            for k in run:
                unit = self.draft.units[k]
                own = [self.pieces[self.members[m]] for m in unit.pieces]
                sure = [Join(joins[m], "seam") for m in unit.pieces[:-1]]
                paragraphs.append(Paragraph("h" if unit.short else "p", own, sure))
                self.home.update({self.members[m]: a for m in unit.pieces})
            odds = [follows.get(k, 0.5) for k in run[:-1]] + [j.score for p in paragraphs for j in p.joins]
            self.parts.append(Part(paragraphs, confidence=round(sum(odds) / len(odds), 4) if odds else 1.0))
        self._heads()

    def _heads(self) -> None:
        """Give the lines of each head their parts."""
        draft = self.draft
        heads = {a: [self.pieces[self.members[m]] for m in head.members] for a, head in draft.heads.items()}
        several = [a for a, lines in heads.items() if len(lines) > 1]
        texts = [[p.text for p in heads[a]] for a in several]
        words = [draft.pairs(draft.members(a)) for a in several]
        odds = dict(zip(several, broken_in(texts), strict=True))
        spoken = dict(zip(several, coverages(draft.page, texts, words), strict=True))
        for a, lines in heads.items():
            self.parts[a].head = lay_out_head(lines, odds.get(a, []), spoken.get(a, []))
            self.home.update({self.members[m]: a for m in draft.heads[a].members})

    def captions(self) -> None:
        """A caption stands in the article that it stands in, or, with a headline of its own beside it, for itself."""
        for group in caption_groups(self.pieces):
            own = [self.pieces[k] for k in group]
            paragraph = Paragraph("caption", own, [Join(1.0, "credit")] * (len(own) - 1))
            head = [m for m in self.draft.free if self.members[m] in (group[0] - 1, group[-1] + 1)]
            if head and sum(len(p.text) for p in own) >= PHOTO_STORY:
                self._own_part(group, paragraph)
                lines = self._with_neighbours(head[0])
                own = [self.pieces[self.members[m]] for m in lines]
                self.parts[-1].head = lay_out_head(own, broken([p.text for p in own]).tolist(), [])
                self.home.update({self.members[m]: len(self.parts) - 1 for m in lines})
                self.draft.free = [m for m in self.draft.free if m not in lines]
                continue
            before = next((k for k in range(group[0] - 1, -1, -1) if k in self.home), None)
            after = next((k for k in range(group[-1] + 1, len(self.pieces)) if k in self.home), None)
            anchor = before if before is not None else after
            if anchor is None:
                self._own_part(group, paragraph)
                continue
            target = self.parts[self.home[anchor]]
            at = next((n + 1 for n, p in enumerate(target.paragraphs) if self.pieces[anchor] in p.pieces), 0)
            target.paragraphs.insert(0 if before is None else at, paragraph)
            self.home.update(dict.fromkeys(group, self.home[anchor]))

    def _with_neighbours(self, line: int) -> list[int]:
        """A free headline line with the free ones that stand in a row with it."""
        lines = [line]
        while lines[0] - 1 in self.draft.free and self.members[lines[0]] - self.members[lines[0] - 1] == 1:
            lines.insert(0, lines[0] - 1)
        while lines[-1] + 1 in self.draft.free and self.members[lines[-1] + 1] - self.members[lines[-1]] == 1:
            lines.append(lines[-1] + 1)
        return lines

    def _own_part(self, group: Sequence[int], paragraph: Paragraph) -> None:
        self.home.update({k: len(self.parts) for k in group})
        self.parts.append(Part([paragraph]))

    def bylines(self) -> None:
        """A byline belongs to the headline above it, else to the paragraph below it, else to the article above.

        Between a text and the next headline it signs the text, on a page that sets no byline below its headlines, or if it
        says where its writer lives.
        """
        heads = {id(p): n for n, part in enumerate(self.parts) for ps in part.head.values() for p in ps}
        places = []
        for k, piece in enumerate(self.pieces):
            if piece.label == "byline":
                above = next((n for n in range(k - 1, -1, -1) if self.pieces[n].label != "byline"), None)
                below = next((n for n in range(k + 1, len(self.pieces)) if self.pieces[n].label != "byline"), None)
                own = heads.get(id(self.pieces[above])) if above is not None else None
                places.append((k, piece, own, above, below))
        at_foot = all(own is None for _, _, own, _, _ in places)
        for k, piece, own, above, below in places:
            text = self.home.get(above) if above is not None else None
            then = self.home.get(below) if below is not None else None
            signs = at_foot and below is not None and id(self.pieces[below]) in heads
            signs = signs or piece.rule == "signature"
            targets = (own, text, then) if signs else (own, then, text)
            target = next((part for part in targets if part is not None), None)
            if target is None:
                self.drop(piece, "page_furniture", "byline_without_article")
                continue
            self.parts[target].head.setdefault("byline", []).append(piece)
            self.home[k] = target

    def jumps(self) -> None:
        """A 下转 line speaks of the article that ends at it, a 上接 line of the one that begins at it."""
        for k, piece in enumerate(self.pieces):
            if piece.label != "jump_line":
                continue
            self.drop(piece, "jump_line", "jump_line")
            towards, _, number = piece.rule.partition(":")
            places = range(k + 1, len(self.pieces)) if towards == "from" else range(k - 1, -1, -1)
            near = next((n for n in places if self.pieces[n].label in ("body", "short") and n in self.home), None)
            if near is None:
                continue
            part = self.parts[self.home[near]]
            if towards == "from":
                part.continued_from = part.continued_from or number
            else:
                part.continued_to = part.continued_to or number

    def leftovers(self) -> None:
        """Headline lines that name no article of the page."""
        for m in self.draft.free:
            self.drop(self.pieces[self.members[m]], "page_furniture", "headline_without_article")


def caption_groups(pieces: Sequence[Piece]) -> list[list[int]]:
    """Captions with the credit lines right after them."""
    groups: list[list[int]] = []
    for k, p in enumerate(pieces):
        if p.label != "caption":
            continue
        if groups and groups[-1][-1] == k - 1 and len(p.text) <= 24 and p.rule == "picture_credit":
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups


def caption_heads(draft: Draft, pieces: Sequence[Piece], members: Sequence[int]) -> list[int]:
    """Headline lines, alone beside a photograph's text and of its words: they name no other article."""
    place = {k: m for m, k in enumerate(members)}
    out = []
    for group in caption_groups(pieces):
        text = "".join(pieces[k].text for k in group)
        if len(text) < PHOTO_STORY:
            continue
        pairs = distinct(keys(codes(as_learned(text)), 2))
        for k in (group[0] - 1, group[-1] + 1):
            m = place.get(k)
            if m is not None and draft.page.short[m] and coverage(draft.page, pieces[k].text, [pairs])[0] >= SPEAKS_OF:
                out.append(m)
                break
    return out
