# Every target installs what it needs first; `make help` lists them.
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help

help:  ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP)  ## make .venv with the locked dependencies and parley itself

$(STAMP): requirements.lock pyproject.toml
	python3 -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

run: install  ## serve the demo bot on http://127.0.0.1:8080
	$(VENV)/bin/parley serve --config demo.toml --dev

# Compiled once: many of the tests' processes read all of the code.
test: install  ## run every test
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest

check: install  ## format, lint, types, import rules, spelling, secrets
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/codespell
	git ls-files -z | grep -zv requirements.lock | xargs -0 $(VENV)/bin/detect-secrets-hook \
		--disable-plugin KeywordDetector --disable-plugin BasicAuthDetector

format: install  ## rewrite the code in the project's format
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

faults: install  ## the long way through what may go wrong: 200 seeded rounds of each kind, a long broadcast, killed twice
	$(PY) -m tests.faults --rounds 200
	PARLEY_FAULTS_CONTACTS=10000 $(PY) -m pytest -n 0 -s tests/faults/test_broadcast.py

transcripts: install  ## rewrite the bot's lines in every transcript; review the diff
	PARLEY_WRITE_TRANSCRIPTS=1 $(PY) -m pytest tests/transcripts

answers: install  ## rewrite the tables of what answers and questions are understood; review the diff
	PARLEY_WRITE_ANSWERS=1 $(PY) -m pytest tests/answers tests/flow/test_faq.py

examples: install  ## rewrite the list of the providers' documented requests; review the diff
	PARLEY_WRITE_EXAMPLES=1 $(PY) -m pytest tests/adapters/test_examples_page.py

bench: install  ## CPU and latency per message beside the floor's
	$(PY) -m bench
	$(PY) -m bench.inbox

lock: install  ## compile requirements.lock anew from pyproject.toml
	$(VENV)/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --python-version 3.11 --quiet -o requirements.lock

.PHONY: help install run test faults check format transcripts answers examples bench lock
