"""Learning what ships in `pipeline/model`, from a corpus of articles: counts, networks, then the weights of what uses both.

`corpus` parts the articles, `counts`, `towers` and `topics` learn from their text, `pages` (with `wider`) sets them on
simulated pages, `truth` and `fitting` serve `weights`, which learns on those; `calibration` measures what came of it.
"""
