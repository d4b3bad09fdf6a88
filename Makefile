# Each target can be run again and again; the second run installs nothing.
# Needs only python3 (3.11 or later, with venv), make and a package index.

# The first that is new enough; if none is, python3, so that the refusal names it.
PYTHON ?= $(or $(shell for name in python3 python3.13 python3.12 python3.11; do \
    $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
  done),python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
PINNED := -c requirements/constraints.txt

RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo google test check lint types layers docstrings docs wheel bench drills constraints clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- what people run --------------------------------------------------------------------------

demo: $(RUN_READY) ## responses in two shapes become tables; killed and started again on the way
	$(BIN)/python examples/demo.py

google: $(DEV_READY) ## a Google Sheets to test against; open the address that it prints in a browser
	$(BIN)/python -m formbridge.testing.google

test: $(DEV_READY) ## every test, in parallel and in random order (drills in their short form)
	$(BIN)/python -m pytest -n auto $(ARGS)

check: lint types layers docstrings docs ## what must hold besides the tests

bench: $(DEV_READY) ## the figures, into benchmarks/results.md
	$(BIN)/python -m benchmarks

drills: $(DEV_READY) ## the crash drills at full size: minutes, not seconds
	$(BIN)/python -m pytest tests/faults tests/testing tests/adapters/sheets -m drill --long -p no:randomly --timeout 0 -s $(ARGS)

# --- the parts of `check` -----------------------------------------------------------------------

lint: $(DEV_READY) ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(DEV_READY) ## mypy --strict on the package, the examples, and the uses of public names
	$(BIN)/mypy

layers: $(DEV_READY) ## import-linter: who may import whom
	$(BIN)/lint-imports

docstrings: $(DEV_READY) ## interrogate: each public name says what it promises, each test what it shows
	@$(BIN)/interrogate src tests || { $(BIN)/interrogate -vv src tests | grep MISSED; exit 1; }

docs: $(DEV_READY) ## the site, into site/; a broken link fails
	$(BIN)/mkdocs build --strict --quiet

wheel: $(DEV_READY) ## the wheel, built and tested with src/ out of reach
	.ci/wheel $(BIN)/python

# --- the environment ----------------------------------------------------------------------------

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "FormBridge needs Python 3.11 or later; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
	         "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# The build backend comes first and pinned, so that building the package fetches nothing unpinned.
$(RUN_READY): pyproject.toml requirements/constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet $(PINNED) hatchling editables
	$(PIP) install --quiet $(PINNED) --no-build-isolation --editable '.[cli,container]'
	@touch $@

$(DEV_READY): requirements/dev.txt $(RUN_READY)
	$(PIP) install --quiet $(PINNED) --no-build-isolation --requirement requirements/dev.txt --editable '.[all]'
	@touch $@

constraints: | $(VENV)/bin/python ## resolve every dependency afresh and write the pins
	rm -rf build/resolve && $(VENV)/bin/python -m venv build/resolve
	build/resolve/bin/python -m pip install --quiet --requirement requirements/dev.txt '.[all]'
	{ sed -n '/^#/p' requirements/constraints.txt; \
	  build/resolve/bin/python -m pip freeze --exclude formbridge; } > build/constraints.txt
	mv build/constraints.txt requirements/constraints.txt
	rm -rf build/resolve

clean: ## remove what make made
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
