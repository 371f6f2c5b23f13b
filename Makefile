# make run    clean seeds/ into output/
# make test   style, types and tests
# Needs Python 3.10 to 3.13 and make; PYTHON names another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-long bench train floors docs clean

run: $(VENV)/.run
	$(BIN)/newsreflow run seeds -o output
	@echo "Articles: output/articles; what was left out: output/dropped; for people: output/report.html."

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist worksteal

test-long: $(VENV)/.test
	$(BIN)/python -m pytest -m long

# What a run costs, and web pages beside other tools; DUMP names a folder of .txt files.
bench: $(VENV)/.run
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python tests/bench.py $(DUMP)

# The model again: make train CORPUS="a.jsonl b.jsonl" SIMULATOR=simulate.py
train: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train]'
	$(BIN)/python -m pipeline.training $(CORPUS) --simulator $(SIMULATOR)

# Figures on the sample dump may only get better: this writes what is better, and never what is worse.
floors: $(VENV)/.test
	rm -rf $(VENV)/floors
	$(BIN)/newsreflow run seeds -o $(VENV)/floors --quiet
	$(BIN)/newsreflow eval tests/gold $(VENV)/floors --floors tests/gold/floors.json --raise-floors

# The API reference, from the docstrings.
docs: $(VENV)/.test
	$(BIN)/python -m pdoc -o build/docs $(shell find pipeline -name '*.py' | sort | sed 's:/__init__.py$$::; s:.py$$::; s:/:.:g')
	@echo "API reference: build/docs/index.html."

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[report]'
	touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
