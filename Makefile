# Two commands are enough: `make serve` and `make test`. `make` alone lists the rest.
PYTHON ?= python3
PROCESSES ?= 2
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

ASSETS := api/pages/assets/manifest.json
WEB := $(shell find web -type f -not -path "web/node_modules/*" -not -name "*.md")

.DEFAULT_GOAL := help
.PHONY: help install serve test browser pictures check format bench lock wheel clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) $(ASSETS) ## set up the environment in .venv

# pip installs only uv (hash-pinned); uv installs the rest from the hashed lock: 4 times faster than pip alone.
$(STAMP): requirements.lock requirements-bootstrap.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# What the pages load is bundled from web/ with the node of the lock; a wheel carries it ready made.
$(ASSETS): $(STAMP) $(WEB)
	@$(BIN)/python web/build.py

serve: $(STAMP) $(ASSETS) ## build the store if need be and serve it on http://127.0.0.1:8000
	@$(BIN)/chiso serve

test: $(STAMP) $(ASSETS) ## run every test, file by file in two processes (PROCESSES=1: in one)
	@$(BIN)/python -W error::DeprecationWarning -m pytest --numprocesses $(PROCESSES) --dist loadfile

browser: $(STAMP) $(ASSETS) ## run the tests in a real browser alone (Chromium; CHISO_CHROMIUM names another)
	@$(BIN)/python -W error::DeprecationWarning -m pytest tests/browser

pictures: $(STAMP) $(ASSETS) ## take the pictures of the README anew (needs a browser)
	@$(BIN)/python -m tests.browser.pictures

check: $(STAMP) ## lint, types, import contract, Turtle formatting
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --verbose
	@find ontology shapes graph library tests -name '*.ttl' -not -path '*/malformed/*' -print0 | xargs -0 -n 50 $(BIN)/turtlefmt --check

format: $(STAMP) ## put Python and Turtle into their canonical form
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	@find ontology shapes graph library tests -name '*.ttl' -not -path '*/malformed/*' -print0 | xargs -0 -n 50 $(BIN)/turtlefmt

bench: $(STAMP) $(ASSETS) ## measure what we claim about speed (minutes; see benchmarks/README.md)
	@$(BIN)/python -m benchmarks

lock: ## write requirements.lock anew from pyproject.toml (needs uv in .venv)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --extra dev --override requirements-overrides.txt --output-file requirements.lock pyproject.toml
	@printf 'uv==%s\n' "$$($(BIN)/uv --version | cut -d' ' -f2)" | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file requirements-bootstrap.lock -

wheel: $(STAMP) $(ASSETS) ## build the wheel into dist/
	@$(BIN)/python -m build --quiet --wheel --no-isolation

clean: ## remove what was made, keep the data
	@rm -rf $(VENV) web/node_modules api/pages/assets dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
