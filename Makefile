# Pandu: every command a person needs. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export FLASK_APP := lms.app
ROOMS := web accounts learning authoring reporting offline

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.PHONY: run
run: $(VENV)/ready compile-words ## Set up everything and serve the living demo on http://127.0.0.1:8000
	@PANDU_DEMO=1 PORT=$(PORT) $(BIN)/python -m lms.serve

.PHONY: test
test: $(VENV)/ready-dev compile-words ## Set up and run all tests (SQLite; PostgreSQL and Chromium where present)
	@$(BIN)/python tests/run.py

.PHONY: check
check: $(VENV)/ready-dev compile-words ## Format, lint, types, import contracts, templates
	$(BIN)/ruff format --check lms tests bench migrations/env.py
	$(BIN)/ruff check lms tests bench migrations/env.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint lms --lint --quiet

.PHONY: bench
bench: $(VENV)/ready-dev compile-words ## Measure speed, size and memory, as ratios beside a floor
	@$(BIN)/python -m bench

.PHONY: fix
fix: $(VENV)/ready-dev ## Format and mend what can be mended
	$(BIN)/ruff format lms tests bench migrations/env.py
	$(BIN)/ruff check --fix lms tests bench migrations/env.py

.PHONY: screenshots
screenshots: $(VENV)/ready-dev compile-words ## Take the README's pictures from a running demo (needs Chromium)
	@$(BIN)/python -m tests.screenshots

.PHONY: words
words: $(VENV)/ready-dev ## Collect the sentences of each room into its catalogue and compile them
	@for room in $(ROOMS); do mkdir -p lms/$$room/translations; \
	  PYTHONPATH=. $(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output --no-wrap --project=Pandu -k _l -k lazy_gettext -k ngettext:1,2 -o lms/$$room/translations/messages.pot lms/$$room || exit 1; \
	  if [ -f lms/$$room/translations/id/LC_MESSAGES/messages.po ]; then \
	    $(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete -i lms/$$room/translations/messages.pot -d lms/$$room/translations -l id || exit 1; \
	  else \
	    $(BIN)/pybabel -q init -i lms/$$room/translations/messages.pot -d lms/$$room/translations -l id || exit 1; \
	  fi; \
	done
	@$(MAKE) -s compile-words

.PHONY: compile-words
compile-words: $(VENV)/ready
	@for room in $(ROOMS); do mkdir -p lms/$$room/translations; \
	  po=lms/$$room/translations/id/LC_MESSAGES/messages.po; mo=$${po%.po}.mo; \
	  if [ -f $$po ] && [ ! $$mo -nt $$po ]; then $(BIN)/pybabel -q compile -d lms/$$room/translations || exit 1; fi; \
	done

.PHONY: lock
lock: $(VENV)/ready-dev ## Pin the requirements anew
	$(BIN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-options -o requirements.txt requirements.in
	$(BIN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-options -o requirements-dev.txt requirements-dev.in

$(VENV)/ready: requirements.txt
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@
