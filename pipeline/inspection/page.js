"use strict";
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const W = D.words, root = document.documentElement, $ = (id) => document.getElementById(id);
  const raw = $("raw"), out = $("out"), detail = $("detail"), arcs = $("arcs"), search = $("search");
  const SLOTS = ["kicker", "title", "subtitle", "byline"];
  const hash = new URLSearchParams(location.hash.slice(1));
  const kept = {
    get(key) { try { return localStorage.getItem("newsreflow." + key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem("newsreflow." + key, value); } catch { /* a file may have no store */ } },
  };
  let lang = hash.get("lang") || kept.get("lang") || (navigator.language.startsWith("zh") ? "zh" : "en");
  if (lang !== "zh") lang = "en";

  const ui = (key) => W.ui[key][lang];
  const kindOf = (bit) => (bit.article < 0 && bit.kind !== "jump_line" ? "drop" : bit.kind);
  const kindWord = (kind) => (W.kind[kind] ? W.kind[kind][lang] : kind);
  const make = (tag, cls, ...inside) => {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    node.append(...inside.filter((x) => x !== null && x !== undefined));
    return node;
  };
  const draw = (tag, attributes, parent) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    parent.append(node);
    return node;
  };
  const percent = (share) => (share > 0.995 ? "> 99 %" : `${Math.round(share * 100)} %`);
  const between = (bit) => (bit.first === bit.last ? `${bit.first}` : `${bit.first}–${bit.last}`);
  const startOf = (bit) => bit.spans[0][0];

  const textOf = new Map();
  const holders = D.bits.map(() => []);
  const linksOf = D.bits.map(() => []);
  D.links.forEach((link, k) => { linksOf[link.first].push(k); linksOf[link.then].push(k); });
  const endOf = new Map(D.ends.map((end, k) => [end.bit, k]));
  const jumpOf = new Map(D.jumps.map((jump) => [jump.bit, jump]));
  const doubtful = D.links.map((link, k) => k).filter((k) => D.links[k].doubtful)
    .sort((a, b) => startOf(D.bits[D.links[a].first]) - startOf(D.bits[D.links[b].first]));
  const rowOfBit = D.bits.map(() => []);
  const rows = [];

  // ------------------------------------------------------------------ the document

  function drawRows() {
    const cuts = [];
    D.bits.forEach((bit, b) => bit.spans.forEach(([start, end]) => cuts.push([start, end, b])));
    cuts.sort((x, y) => x[0] - y[0]);
    let at = 0, seen = 0;
    const sheet = $("rows");
    for (const [number, start, line] of D.rows) {
      const text = Array.from(line), say = make("span", "say");
      const row = make("div", "row", make("span"), make("span", "no", line.trim() && number !== seen ? String(number) : ""), make("span", "tag"), make("span", "art"), say);
      row.dataset.line = number;
      row.kinds = new Set();
      let done = start, lead = null;
      while (at < cuts.length && cuts[at][1] <= start) at += 1;
      for (let k = at; k < cuts.length && cuts[k][0] < start + text.length; k += 1) {
        const [from, to, b] = cuts[k], a = Math.max(from, done), z = Math.min(to, start + text.length), bit = D.bits[b];
        if (z <= a) continue;
        if (a > done) say.append(text.slice(done - start, a - start).join(""));
        const words = text.slice(a - start, z - start).join("");
        const span = make("span", `bit k-${kindOf(bit)}${bit.article < 0 ? " dropped" : ""}`, words);
        span.dataset.b = b;
        textOf.set(b, (textOf.get(b) || "") + words);
        holders[b].push(span);
        rowOfBit[b].push(row);
        row.kinds.add(bit.kind);
        say.append(span);
        done = z;
        if (lead === null) { lead = bit; row.first = rowOfBit[b].length === 1; }
      }
      if (done < start + text.length) say.append(text.slice(done - start).join(""));
      if (lead === null) row.classList.add(line.trim() ? "bare" : "blank");
      else {
        row.lead = lead;
        row.classList.toggle("more", !row.first);
        row.children[2].className = `tag k-${kindOf(lead)}${lead.article < 0 ? " dropped" : ""}`;
        row.children[3].textContent = lead.article < 0 ? "" : String(lead.article + 1);
        say.style.setProperty("--edge", `var(--${{ drop: "drop", jump_line: "jump" }[kindOf(lead)] || kindOf(lead)})`);
      }
      if (line.trim()) seen = number;
      rows.push(row);
      sheet.append(row);
    }
    for (const end of D.ends) holders[end.bit].at(-1)?.classList.add("end");
  }

  // ------------------------------------------------------------------ the articles

  function pieces(block, story) {
    const inside = [];
    block.texts.forEach(([bit, text, page], k) => {
      if (k) {
        const before = block.texts[k - 1][0];
        const link = D.links.findIndex((x) => x.first === before && x.then === bit && x.article === story);
        const mend = make("span", `mend${link >= 0 && D.links[link].doubtful ? " doubtful" : ""}`);
        if (link >= 0) { mend.dataset.link = link; mend.title = D.links[link].evidence ? percent(D.links[link].evidence.score) : ""; }
        inside.push(mend);
      }
      const span = make("span", bit >= 0 ? "bit" : "far", text);
      if (bit >= 0) { span.dataset.b = bit; holders[bit].push(span); } else if (page) {
        const badge = make("span", "badge");
        badge.dataset.page = page;
        inside.push(badge);
      }
      inside.push(span);
    });
    return inside;
  }

  function drawStories() {
    D.stories.forEach((story, n) => {
      const card = make("article", "story");
      card.dataset.story = n;
      card.append(make("header", "", make("span", "num", String(n + 1))));
      const head = Object.fromEntries(story.head.map((block) => [block.type, block]));
      for (const slot of SLOTS) {
        if (head[slot]) card.append(make("div", slot, ...pieces(head[slot], n)));
        else if (slot === "title") card.append(make("div", "title missing"));
      }
      for (const block of story.blocks) card.append(make("p", block.type, ...pieces(block, n)));
      card.append(make("div", "away"));
      $("stories").append(card);
    });
    if (!D.stories.length) $("stories").append(make("p", "soft empty"));
  }

  // ------------------------------------------------------------------ arcs from piece to piece

  function shown(row) { return row && row.offsetParent !== null; }

  // Where the rows stand is measured once, before anything is drawn: to measure and draw by turns lays the page out each time.
  let places = new Map();
  function arc(first, then, cls, share) {
    const from = rowOfBit[first].at(-1), to = rowOfBit[then][0];
    if (!places.has(from) || !places.has(to)) return null;
    const [top, height] = places.get(from), [below, size] = places.get(to);
    const y1 = top + height - Math.min(height, 24) / 2 + 3, y2 = below + Math.min(size, 24) / 2 - (from === to ? 0 : 3), x = 79;
    const depth = Math.min(68, 6 + 9 * Math.log2(1 + Math.abs(y2 - y1) / 24));
    const g = draw("g", { class: cls }, arcs), d = `M${x} ${y1}C${x - depth} ${y1} ${x - depth} ${y2} ${x - 4} ${y2}`;
    draw("path", { class: "line", d }, g);
    draw("path", { class: "tip", d: `M${x - 6} ${y2 - 3.5}L${x} ${y2}L${x - 6} ${y2 + 3.5}z` }, g);
    const hit = draw("path", { class: "hit", d }, g);
    if (share !== undefined) {
      const label = draw("text", { x: Math.max(34, x - depth * 0.75 - 4), y: (y1 + y2) / 2 + 4, visibility: "hidden" }, g);
      label.textContent = percent(share);
    }
    return { g, hit };
  }

  function drawArcs() {
    arcs.replaceChildren();
    places = new Map(rows.filter((row) => row.lead && shown(row)).map((row) => [row, [row.offsetTop, row.offsetHeight]]));
    D.links.forEach((link, k) => {
      const near = link.sort !== "seam" && between2(link) === 0;
      if (!link.doubtful && (near || (link.sort === "step" && !link.evidence))) return;
      if (link.sort === "head" && !link.doubtful && link.then > link.first) return;
      const made = arc(link.first, link.then, `${link.sort}${link.doubtful ? " doubtful" : ""}`, link.evidence?.score);
      if (made) { made.g.dataset.link = k; made.hit.dataset.link = k; }
    });
    D.ends.forEach((end, k) => { const made = arc(end.bit, end.best, "rival", end.evidence.score); if (made) { made.g.dataset.end = k; made.hit.dataset.end = k; } });
    mark();
  }
  // Bits that stand between the two ends of a link.
  function between2(link) { return Math.abs(link.then - link.first) - 1; }

  // ------------------------------------------------------------------ what is looked at

  let held = null, seenNow = null;
  const same = (a, b) => a && b && a.sort === b.sort && a.n === b.n;

  function bitsIn(look) {
    const lit = new Set(), kin = new Set();
    if (!look) return { lit, kin };
    if (look.sort === "bit") {
      lit.add(look.n);
      const bit = D.bits[look.n];
      if (bit.article >= 0) D.bits.forEach((other, b) => {
        const together = bit.paragraph >= 0 ? other.paragraph === bit.paragraph : other.paragraph < 0 && other.kind === bit.kind;
        if (other.article === bit.article && together) kin.add(b);
      });
    } else if (look.sort === "story") D.bits.forEach((bit, b) => { if (bit.article === look.n) kin.add(b); });
    else if (look.sort === "link") { lit.add(D.links[look.n].first); lit.add(D.links[look.n].then); }
    else if (look.sort === "end") { lit.add(D.ends[look.n].bit); kin.add(D.ends[look.n].best); }
    return { lit, kin };
  }

  let marked = [];
  function mark() {
    const look = seenNow || held;
    for (const node of marked) node.classList.remove("lit", "kin", "on", "held");
    for (const text of arcs.querySelectorAll("text")) text.setAttribute("visibility", "hidden");
    marked = [];
    const add = (node, cls) => { node.classList.add(cls); marked.push(node); };
    const { lit, kin } = bitsIn(look);
    for (const b of kin) holders[b].forEach((node) => { if (look.sort !== "story" || raw.contains(node)) add(node, "kin"); });
    for (const b of lit) { holders[b].forEach((node) => add(node, "lit")); rowOfBit[b].forEach((row) => add(row, "held")); }
    if (!look) return;
    for (const g of arcs.children) {
      const link = g.dataset.link !== undefined ? D.links[g.dataset.link] : null;
      let on = look.sort === "link" && g.dataset.link === String(look.n);
      on ||= look.sort === "end" && g.dataset.end === String(look.n);
      on ||= look.sort === "bit" && link !== null && (link.first === look.n || link.then === look.n || (kin.has(link.first) && kin.has(link.then) && link.sort === "seam"));
      on ||= look.sort === "story" && link !== null && link.article === look.n;
      if (on) {
        add(g, "on");
        if (look.sort !== "story") g.querySelector("text")?.setAttribute("visibility", "visible");
      }
    }
    if (look.sort === "link") document.querySelectorAll(`.mend[data-link="${look.n}"]`).forEach((node) => add(node, "on"));
    const story = look.sort === "story" ? look.n : look.sort === "link" ? D.links[look.n].article : look.sort === "bit" ? D.bits[look.n].article : -1;
    if (story >= 0) add($("stories").children[story], "on");
  }

  function look(at) {
    if (same(at, seenNow) || (!at && !seenNow)) return;
    seenNow = at;
    mark();
    tell(seenNow || held);
  }

  function hold(at, bring = true) {
    held = at;
    seenNow = null;
    mark();
    tell(held);
    if (at && bring) show(at);
  }

  function into(pane, node) {
    if (!node || !shown(node)) return;
    const box = node.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    const free = getComputedStyle(pane).overflowY === "visible";
    if (free) { if (pane === raw) node.scrollIntoView({ block: "center" }); return; }
    if (box.top >= frame.top + 34 && box.bottom <= frame.bottom - 10) return;
    pane.scrollTop += box.top - frame.top - Math.min(frame.height * 0.32, 220);
  }

  function show(at) {
    const { lit, kin } = bitsIn(at);
    const first = at.sort === "link" ? D.links[at.n].first : Math.min(...(lit.size ? lit : kin));
    if (Number.isFinite(first)) into(raw, rowOfBit[first]?.[0]);
    if (at.sort === "story") into(out, $("stories").children[at.n]);
    else if (at.sort === "link") into(out, document.querySelector(`.mend[data-link="${at.n}"]`) || holders[D.links[at.n].then].find((node) => out.contains(node)));
    else if (Number.isFinite(first)) into(out, holders[first].find((node) => out.contains(node)));
  }

  const lookOf = (node) => {
    const found = node.closest?.("[data-link],[data-end],[data-b]");
    if (found?.dataset.link !== undefined) return { sort: "link", n: +found.dataset.link };
    if (found?.dataset.end !== undefined) return { sort: "end", n: +found.dataset.end };
    if (found?.dataset.b !== undefined) return { sort: "bit", n: +found.dataset.b };
    const row = node.closest?.(".row");
    if (row?.lead) return { sort: "bit", n: D.bits.indexOf(row.lead) };
    const story = node.closest?.(".story header");
    if (story) return { sort: "story", n: +story.parentNode.dataset.story };
    return null;
  };

  // ------------------------------------------------------------------ why

  const goto = (bit) => {
    const node = make("button", "goto", `${ui("line")} ${between(D.bits[bit])}`);
    node.type = "button";
    node.addEventListener("click", () => hold({ sort: "bit", n: bit }));
    return node;
  };
  const quote = (bit) => make("span", "quote", (textOf.get(bit) || "").trim());
  const ruleWord = (rule) => (W.rule[rule] ? W.rule[rule][lang] : D.examples[rule] ? `${ui("wording")} “${D.examples[rule]}”` : "");

  function signs(kind, evidence) {
    const most = Math.max(4, ...evidence.signs.map((s) => Math.abs(s[1])));
    const box = make("div");
    const sorted = [...evidence.signs.filter((s) => s[0] !== "prior"), ...evidence.signs.filter((s) => s[0] === "prior")];
    for (const [name, effect, facts] of sorted) {
      const words = (W.sign[kind]?.[name] || W.common[name] || W.common.other)[effect >= 0 ? "for" : "against"][lang];
      const bar = make("i");
      bar.style.width = `${Math.min(50, (Math.abs(effect) / most) * 50)}%`;
      const list = make("ul");
      for (const [fact, weight] of facts) list.append(make("li", weight < 0 ? "less" : "", W.fact[fact][lang]));
      const mark = make("em", "", `${effect >= 0 ? "+" : "−"}${Math.abs(effect).toFixed(1)}`);
      box.append(make("div", `sign ${effect >= 0 ? "for" : "against"} ${name}`, make("div", "t", make("span", "", words), mark), make("div", "scale", bar), facts.length ? list : null));
    }
    return box;
  }

  function rival(words, found, taken) {
    if (!found) return null;
    const box = make("p", "", `${words} `, goto(found.bit), ` (${percent(found.score)})`);
    if (found.taken !== null && found.taken !== undefined) box.append(`, ${taken} `, goto(found.taken));
    box.append(quote(found.bit));
    return box;
  }

  function tellLink(link) {
    const box = make("div"), a = textOf.get(link.first) || "", b = textOf.get(link.then) || "", why = link.evidence;
    box.append(make("h3", "", ui(link.sort)));
    if (why) box.append(make("div", `big${link.doubtful ? " low" : ""}`, percent(why.score)));
    box.append(make("p", "soft", goto(link.first), " → ", goto(link.then)));
    box.append(make("div", "cut", `…${Array.from(a.trim()).slice(-18).join("")}`, make("b", "", "‖"), `${Array.from(b.trim()).slice(0, 18).join("")}…`));
    if (!why) {
      box.append(make("p", "soft", ui("not_weighed")));
      return box;
    }
    if (link.caveat) box.append(make("p", "soft", ui(link.caveat)));
    box.append(signs({ seam: "seam", step: "follow", head: "headline" }[link.sort], why));
    const rivals = make("div", "links soft");
    const first = { seam: "instead", step: "instead_step", head: "instead_head" }[link.sort];
    const one = rival(ui(first), why.onward, ui("taken_on")), two = rival(ui("rather"), why.before, ui("taken_by"));
    if (one) rivals.append(one);
    if (two) rivals.append(two);
    if (rivals.children.length) box.append(rivals);
    return box;
  }

  function tellBit(n) {
    const bit = D.bits[n], box = make("div");
    box.append(make("h3", "", kindWord(bit.kind), bit.article < 0 && bit.kind !== "jump_line" ? ` · ${ui("dropped")}` : ""));
    box.append(make("p", "soft", `${ui("line")} ${between(bit)}`, bit.article >= 0 ? ` · ${ui("article")} ${bit.article + 1}` : ""));
    box.append(make("p", "", ruleWord(bit.rule)));
    if (bit.rule) box.append(make("p", "soft", `${ui("rule")}: ${bit.rule}`));
    const jump = jumpOf.get(n);
    if (jump) {
      const text = W.outcome[jump.outcome][lang];
      box.append(make("p", "", `${ui(jump.towards === "to" ? "to_page" : "from_page")} ${jump.page}: ${text} ${jump.path}`));
      if (jump.article >= 0) box.append(make("p", "soft", `${ui("article")} ${jump.article + 1}`));
    }
    const stray = D.strays.find((x) => x.bit === n);
    if (stray) box.append(make("p", "", `${ui("stray")}: `, goto(stray.best), ` (${percent(stray.evidence.score)})`), quote(stray.best), signs("headline", stray.evidence));
    if (endOf.has(n)) box.append(tellEnd(D.ends[endOf.get(n)]));
    const own = linksOf[n].map((k) => [k, D.links[k]]);
    for (const [, link] of own.filter(([, x]) => x.sort === "seam")) box.append(tellLink(link));
    const others = own.filter(([, x]) => x.sort !== "seam" && x.evidence);
    if (others.length) {
      const list = make("div", "links");
      for (const [k, link] of others) {
        const button = make("button", "goto", ui(`short_${link.sort}`));
        button.type = "button";
        button.addEventListener("click", () => hold({ sort: "link", n: k }));
        list.append(make("p", "", button, ` ${between(D.bits[link.first])} → ${between(D.bits[link.then])}`, link.evidence ? ` (${percent(link.evidence.score)})` : ""));
      }
      box.append(list);
    }
    return box;
  }

  function tellEnd(end) {
    const box = make("div");
    box.append(make("h3", "", ui("end")), make("p", "", `${ui("best")}: `, goto(end.best), ` (${percent(end.evidence.score)})`), quote(end.best));
    if (end.evidence.before) box.append(make("p", "soft", `${ui("taken_on")} `, goto(end.evidence.before.bit)));
    box.append(signs("seam", end.evidence));
    return box;
  }

  function tellStory(n) {
    const story = D.stories[n], box = make("div");
    const title = story.head.find((block) => block.type === "title");
    box.append(make("h3", "", `${ui("article")} ${n + 1}`), make("p", "", title ? title.texts.map((t) => t[1]).join("") : ui("untitled")));
    box.append(make("p", "soft", `${ui("confidence")} ${percent(story.confidence)}`), make("p", "soft", story.id));
    const list = make("div", "links");
    D.links.forEach((link, k) => {
      if (link.article !== n || !link.evidence || (link.sort === "step" && !link.doubtful)) return;
      const button = make("button", "goto", ui(`short_${link.sort}`));
      button.type = "button";
      button.addEventListener("click", () => hold({ sort: "link", n: k }));
      list.append(make("p", "", button, ` ${between(D.bits[link.first])} → ${between(D.bits[link.then])} (${percent(link.evidence.score)})`));
    });
    box.append(list);
    return box;
  }

  function tell(at) {
    if (!at) {
      detail.replaceChildren(make("p", "soft", ui("hint")));
      if (!D.borne_out) detail.append(make("p", "", ui("other_version")));
      const list = make("div", "links");
      list.append(make("h3", "", doubtful.length ? `${ui("doubtful")}: ${doubtful.length}` : ui("none_doubtful")));
      for (const k of doubtful) {
        const link = D.links[k], button = make("button", "goto", `${ui("line")} ${D.bits[link.first].last} → ${D.bits[link.then].first}`);
        button.type = "button";
        button.addEventListener("click", () => hold({ sort: "link", n: k }));
        list.append(make("p", "", button, ` ${percent(link.evidence.score)}`, make("span", "quote", ui(link.sort))));
      }
      detail.append(list);
      return;
    }
    const made = { bit: () => tellBit(at.n), link: () => tellLink(D.links[at.n]), end: () => tellEnd(D.ends[at.n]), story: () => tellStory(at.n) }[at.sort]();
    detail.replaceChildren(made);
    if (!seenNow) $("why").scrollTop = 0;
  }

  // ------------------------------------------------------------------ labels, search

  const picked = new Set();
  function drawLabels() {
    const counts = new Map();
    for (const bit of D.bits) counts.set(bit.kind, (counts.get(bit.kind) || 0) + new Set(bit.spans.map((s) => s[0])).size);
    const box = $("labels"), known = Object.keys(W.kind).filter((kind) => counts.has(kind));
    const dropped = (kind) => D.bits.some((bit) => bit.kind === kind && bit.article < 0);
    const button = (kinds, word, cls, n) => {
      const node = make("button", cls, make("i", "swatch"), make("span", "w"), make("span", "n", String(n)));
      node.type = "button";
      node.word = word;
      node.kinds = kinds;
      node.addEventListener("click", () => {
        const on = kinds.every((kind) => picked.has(kind));
        for (const kind of kinds) if (on) picked.delete(kind); else picked.add(kind);
        filter();
      });
      box.append(node);
    };
    for (const kind of known.filter((k) => !dropped(k))) button([kind], () => kindWord(kind), `k-${kind}`, counts.get(kind));
    box.append(make("span", "gap"));
    const out_ = known.filter(dropped);
    if (out_.length) button(out_, () => ui("dropped"), "k-drop dropped all", out_.reduce((sum, kind) => sum + counts.get(kind), 0));
    for (const kind of out_) button([kind], () => kindWord(kind), `k-${kind === "jump_line" ? kind : "drop"} dropped`, counts.get(kind));
  }
  function filter() {
    raw.classList.toggle("filtered", picked.size > 0);
    for (const row of rows) row.classList.toggle("match", [...row.kinds].some((kind) => picked.has(kind)));
    for (const node of $("labels").querySelectorAll("button")) node.setAttribute("aria-pressed", String(node.kinds.every((kind) => picked.has(kind))));
    drawArcs();
  }

  let hits = [], hitAt = -1;
  function find() {
    const words = search.value.trim().toLowerCase(), ranges = [];
    hits = [];
    hitAt = -1;
    for (const node of [...rows.map((row) => row.lastChild), ...document.querySelectorAll(".story p, .story > div")]) {
      const text = node.textContent.toLowerCase();
      let at = words ? text.indexOf(words) : -1;
      node.parentNode.classList.toggle("hit", at >= 0 && node.parentNode.classList.contains("row"));
      if (at >= 0) hits.push(node);
      for (; at >= 0; at = text.indexOf(words, at + words.length)) ranges.push(rangeIn(node, at, at + words.length));
    }
    if (globalThis.Highlight && CSS.highlights) CSS.highlights.set("found", new Highlight(...ranges.filter(Boolean)));
    document.getElementById("hits").textContent = words ? `${hits.length} ${ui("hits")}` : "";
  }
  function rangeIn(node, from, to) {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), range = document.createRange();
    let at = 0, begun = false;
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      if (!begun && from < at + text.length) { range.setStart(text, from - at); begun = true; }
      if (begun && to <= at + text.length) { range.setEnd(text, to - at); return range; }
      at += text.length;
    }
    return null;
  }
  function nextHit(step) {
    if (!hits.length) return;
    hitAt = (hitAt + step + hits.length) % hits.length;
    into(raw.contains(hits[hitAt]) ? raw : out, hits[hitAt]);
    $("hits").textContent = `${hitAt + 1} / ${hits.length}`;
  }

  // ------------------------------------------------------------------ keys

  let doubtAt = -1;
  function step(by) {
    if (!D.stories.length) return;
    const now = held?.sort === "story" ? held.n : held?.sort === "bit" ? D.bits[held.n].article : held?.sort === "link" ? D.links[held.n].article : by > 0 ? -1 : D.stories.length;
    hold({ sort: "story", n: Math.max(0, Math.min(D.stories.length - 1, now + by)) });
  }
  function doubt(by) {
    if (!doubtful.length) return;
    doubtAt = (doubtAt + by + doubtful.length) % doubtful.length;
    hold({ sort: "link", n: doubtful[doubtAt] });
  }
  const KEYS = {
    j: () => step(1), k: () => step(-1), n: () => doubt(1), N: () => doubt(doubtAt < 0 ? 0 : -1),
    "/": () => { search.focus(); search.select(); }, Escape: () => hold(null), "?": () => $("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Enter") { event.preventDefault(); nextHit(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { search.value = ""; find(); search.blur(); }
      return;
    }
    const act = KEYS[event.key];
    if (act && !$("keys").open) { event.preventDefault(); act(); }
  });
  search.addEventListener("input", find);
  for (const pane of [raw, out]) {
    pane.addEventListener("mouseover", (event) => look(lookOf(event.target)));
    pane.addEventListener("mouseleave", () => look(null));
    pane.addEventListener("click", (event) => {
      if (String(getSelection())) return;
      const at = lookOf(event.target);
      hold(same(at, held) ? null : at);
    });
  }

  // ------------------------------------------------------------------ words, light and dark

  function words() {
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    const [rawHead, outHead, whyHead] = document.querySelectorAll("h2");
    rawHead.textContent = ui("raw");
    outHead.textContent = ui("articles");
    whyHead.textContent = ui("why");
    outHead.append(make("small", "", String(D.stories.length)));
    rawHead.append(make("small", "", `${D.rows.filter((row) => row[2].trim()).length} ${ui("lines")}`));
    search.placeholder = `${ui("search")}  /`;
    search.setAttribute("aria-label", ui("search"));
    $("language").textContent = ui("language");
    $("theme").title = ui("theme");
    $("help").title = ui("help");
    $("path").textContent = D.path;
    const facts = [D.publication, D.date, D.page && (lang === "zh" ? `第${D.page}版` : `page ${D.page}`), ui(D.kind === "web" ? "web" : "newspaper"), D.encoding];
    const mended = Object.values(D.repairs).reduce((a, b) => a + b, 0);
    const size = (chosen) => chosen.reduce((sum, bit) => sum + bit.spans.reduce((n, [a, z]) => n + z - a, 0), 0);
    if (D.bits.length) facts.push(`${percent(size(D.bits.filter((bit) => bit.article >= 0)) / size(D.bits))} ${ui("kept")}`);
    if (mended) facts.push(`${mended} ${ui("repairs")}`);
    facts.push(doubtful.length ? `${doubtful.length} ${ui("doubtful")}` : ui("none_doubtful"));
    $("facts").replaceChildren(...facts.filter(Boolean).map((fact) => make("span", "", fact)));
    for (const row of rows) if (row.lead) row.children[2].textContent = W.kind[row.lead.kind]?.tag[lang] ?? "";
    for (const row of rows) if (row.lead) row.children[2].title = kindWord(row.lead.kind);
    D.bits.forEach((bit, b) => {
      if (bit.article < 0) holders[b].forEach((node) => { node.title = `${kindWord(bit.kind)}: ${ruleWord(bit.rule)} (${bit.rule})`; });
    });
    document.querySelectorAll(".story").forEach((card, n) => {
      const story = D.stories[n], meter = make("span", `meter${story.confidence < D.doubtful ? " low" : ""}`, make("i"));
      meter.firstChild.style.width = `${Math.round(story.confidence * 100)}%`;
      card.firstChild.replaceChildren(card.firstChild.firstChild, make("span", "", meter, percent(story.confidence)));
      card.firstChild.title = ui("confidence");
      if (story.authors.length) card.firstChild.append(make("span", "", story.authors.join(" ")));
      for (const flag of story.flags) card.firstChild.append(make("span", "chip", W.flag[flag]?.[lang] ?? flag));
      const missing = card.querySelector(".missing");
      if (missing) missing.textContent = ui("untitled");
      const away = [story.continued_from && `${ui("from_page")} ${story.continued_from}`, story.continued_to && `${ui("to_page")} ${story.continued_to}`, story.elsewhere.length && `${ui("elsewhere")}: ${story.elsewhere.join(", ")}`];
      card.lastChild.textContent = away.filter(Boolean).join(" · ");
      card.lastChild.hidden = !card.lastChild.textContent;
    });
    for (const badge of document.querySelectorAll(".badge")) {
      const page = badge.dataset.page;
      badge.textContent = !/^[A-Z]?\d+$/.test(page) ? page : lang === "zh" ? `第${page}版` : `page ${page}`;
    }
    const empty = document.querySelector("#stories .empty");
    if (empty) empty.textContent = ui("none");
    for (const node of $("labels").querySelectorAll("button")) node.querySelector(".w").textContent = node.word();
    const list = make("dl"), told = ui("keys").split("|");
    ["j", "k", "n", "N", "/", "Esc", "?"].forEach((key, k) => list.append(make("dt", "", key), make("dd", "", told[k])));
    $("keys").replaceChildren(list);
    tell(held);
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  function theme() { root.dataset.theme = hash.get("theme") || kept.get("theme") || (dark.matches ? "dark" : "light"); }
  $("theme").addEventListener("click", () => { hash.delete("theme"); kept.set("theme", root.dataset.theme === "dark" ? "light" : "dark"); root.dataset.theme = kept.get("theme") || (root.dataset.theme === "dark" ? "light" : "dark"); });
  $("language").addEventListener("click", () => { lang = lang === "zh" ? "en" : "zh"; kept.set("lang", lang); words(); });
  $("help").addEventListener("click", () => $("keys").showModal());
  $("keys").addEventListener("click", () => $("keys").close());
  dark.addEventListener("change", theme);

  function open() {
    const line = +hash.get("line"), story = +hash.get("article");
    const join = (hash.get("join") || "").split("-").map(Number);
    const k = join.length === 2 ? D.links.findIndex((x) => D.bits[x.first].last === join[0] && D.bits[x.then].first === join[1]) : -1;
    if (k >= 0) hold({ sort: "link", n: k });
    else if (line) { const b = D.bits.findIndex((bit) => bit.first <= line && line <= bit.last); if (b >= 0) hold({ sort: "bit", n: b }); }
    else if (story >= 1 && story <= D.stories.length) hold({ sort: "story", n: story - 1 });
  }

  theme();
  drawRows();
  drawStories();
  drawLabels();
  words();
  drawArcs();
  open();
  new ResizeObserver(() => drawArcs()).observe($("rows"));
})();
