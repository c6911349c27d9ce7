# The only entry point for people and CI. Each target does its own set-up on a machine that has
# git, make and a Python >= 3.12 (on PATH or under pyenv; otherwise uv fetches one).
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PY := $(BIN)/python
JOBS ?= 2
# whole installations at a time; two of them leave a third of two cores idle
SCENARIOS ?= 3
# in the order that their folder says
BY_FILE := --dist loadfile --no-loadscope-reorder
# Where the machine forbids compiled code to be kept, each of the many processes that the tests start
# would compile thousands of files anew.
export PYTHONDONTWRITEBYTECODE =

# as pip does with a package: the first start need not
COMPILE := $(PY) -m compileall -q -j $(JOBS) src

.PHONY: help up test check unit integration scenarios e2e bench soak fmt audit lock tools-for-tests docs clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

up: .venv/.base ## run Evenfall with its own database; Ctrl-C ends it
	@$(BIN)/evenfall up

# the type checker has one thread: the unit tests take what it leaves of two cores
test: .venv/.dev ## everything CI runs
	$(MAKE) --jobs=2 --output-sync=target check unit
	$(MAKE) integration scenarios e2e

check: .venv/.dev ## style, types, layout, locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PY) tools/check_requirements.py
	$(PY) tools/check_function_size.py

unit: .venv/.dev ## pure code and the rules of the architecture; no database
	$(PY) -m pytest tests/unit -n $(JOBS) -q

integration: .venv/.dev ## domains on a real PostgreSQL
	$(PY) -m pytest tests/architecture tests/integration tests/fuzz -n $(JOBS) -q

scenarios: .venv/.dev tools-for-tests ## the whole system with real tools, processes killed, clocks moved
	$(PY) -m pytest tests/scenarios -n $(SCENARIOS) $(BY_FILE) -q -m "not soak"

e2e: .venv/.dev tools-for-tests ## pages in a real browser
	$(PY) -m pytest tests/e2e -n $(JOBS) $(BY_FILE) -q

soak: .venv/.dev tools-for-tests ## the long scenarios, and those with bars of seconds, one at a time
	$(PY) -m pytest tests/scenarios -q -m soak
	EVENFALL_TEST_BARS=strict $(PY) -m pytest -q tests/scenarios/test_kill.py \
		tests/scenarios/test_rollouts.py tests/scenarios/test_steps_killed.py tests/scenarios/test_up.py

bench: .venv/.dev tools-for-tests ## speed, beside the rivals
	$(PY) -m tests.bench

fmt: .venv/.dev ## format the code
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

audit: .venv/.dev ## known vulnerabilities of the locked packages (asks the advisory service)
	$(BIN)/pip-audit -r requirements/base.txt --disable-pip --no-deps

lock: .venv/.dev ## compile the lock files anew
	$(PY) tools/check_requirements.py --write

docs: .venv/.dev ## write the generated reference pages and the OpenAPI file
	$(PY) tools/write_reference.py

tools-for-tests:
	@sh tools/install_test_tools.sh

clean: ## remove the environment and caches; data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build

.venv/bin/python:
	sh tools/make_venv.sh

.venv/.base: requirements/base.txt | .venv/bin/python
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(COMPILE)
	touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(COMPILE)
	touch $@ .venv/.base
