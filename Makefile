# Sikerja: the commands of the README. Everything is installed into .venv; nothing is left elsewhere.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin
RUN := $(BIN)/flask --app app
BENCH := .venv-bench
SIZES ?= 10000 100000
ENGINES ?= sqlite postgresql

.PHONY: help run test check audit lock format bench

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sikerja needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "python3-venv is missing: install it with 'apt-get install python3-venv', then run make again."; exit 1; }
	$(PYTHON) -m venv .venv

# A stamp holds the lock file's hash, so that a second call installs nothing.
define install
	@want=$$(sha256sum $(1) | cut -d' ' -f1); if [ "$$(cat .venv/$(1).installed 2>/dev/null || true)" != "$$want" ]; then \
		echo "installing $(1)"; $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && echo "$$want" > .venv/$(1).installed; fi
endef

run: .venv/bin/python ## install, migrate, load the sample into an empty register, serve
	$(call install,requirements.txt)
	@$(RUN) db upgrade
	@$(RUN) seed
	@if [ "$${SIKERJA_ENV:-development}" != production ]; then $(RUN) demo --if-empty; fi
	@$(RUN) sweep --quiet || true
	@echo "http://127.0.0.1:$(PORT)"
	@exec $(BIN)/gunicorn --config gunicorn.conf.py --bind 127.0.0.1:$(PORT) 'app:create_app()'

test: .venv/bin/python ## every test, on SQLite and on a real PostgreSQL, with a real browser
	$(call install,requirements.txt)
	$(call install,requirements-dev.txt)
	@tools/need-browser
	@echo "== SQLite"; SIKERJA_TEST_ENGINE=sqlite $(BIN)/pytest -n 2 $(PYTEST_ARGS)
	@echo "== PostgreSQL"; SIKERJA_TEST_ENGINE=postgresql $(BIN)/pytest -n 2 $(PYTEST_ARGS)

check: .venv/bin/python ## format, lint, types, floors of the house
	$(call install,requirements.txt)
	$(call install,requirements-dev.txt)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -p no:randomly tests/test_house.py

format: ## write the format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: ## Sikerja beside its rivals and plain SQL (SIZES="10000 100000 1000000" ENGINES="sqlite postgresql" BENCH_ARGS=…)
	@test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	@want=$$(sha256sum bench/requirements.txt | cut -d' ' -f1); if [ "$$(cat $(BENCH)/installed 2>/dev/null || true)" != "$$want" ]; then \
		echo "installing bench/requirements.txt"; \
		$(BENCH)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.txt && echo "$$want" > $(BENCH)/installed; fi
	@$(BENCH)/bin/python -m bench --sizes $(SIZES) --engines $(ENGINES) $(BENCH_ARGS)

audit: .venv/bin/python ## known vulnerabilities and licences of what is pinned
	$(BIN)/pip install --quiet --disable-pip-version-check pip-audit==2.10.1 pip-licenses==5.5.0
	$(BIN)/pip-audit --require-hashes -r requirements.txt
	$(BIN)/pip-licenses --format=markdown

lock: ## renew requirements*.txt from the .in files, those of the benchmark too
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9
	for name in requirements requirements-dev bench/requirements; do \
		$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $$name.in -o $$name.txt; done
