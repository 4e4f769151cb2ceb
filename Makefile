# Everything runs in a virtual environment inside the checkout; nothing but Python 3.11+, make and git is needed.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEER := .venv-peer
PEER_READY := $(PEER)/.ready
BENCH := .venv-bench

.PHONY: demo test soak mutation coverage bench checks lint mypy pyright codegen-check unit postgres peer generate clean

demo: $(READY)
	$(BIN)/python examples/quickstart.py

# The checks use one core each.
test: $(READY)
	$(MAKE) --jobs=2 --output-sync checks
	$(MAKE) unit
	$(MAKE) postgres

checks: lint mypy pyright codegen-check

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[server]" --group dev
	touch $(READY)

# The official client, in an environment of its own: tests run it against the server in the box.
peer: $(PEER_READY)

$(PEER_READY): tests/peer/requirements.txt
	$(PYTHON) -m venv $(PEER) || python3 -m venv --clear $(PEER)
	$(PEER)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/peer/requirements.txt
	touch $(PEER_READY)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

mypy: $(READY)
	$(BIN)/mypy

pyright: $(READY)
	$(BIN)/basedpyright --project pyproject.toml

codegen-check: $(READY)
	$(BIN)/python -m codegen --check

unit: $(READY) $(PEER_READY)
	$(BIN)/python -m pytest -n 3 --dist worksteal

# What goes through a server once more, over PostgreSQL with two workers for each server; not what no database can change.
postgres: $(READY)
	$(BIN)/python -m pytest -n 3 --dist worksteal --database=postgresql tests/server tests/helpers

# The tests that `unit` runs with bounded counts, at full count: every byte of a stream cut, a thousand runs, a thousand
# writes before a kill, hundreds of random sequences of operations, ten thousand broken connections; the server under
# 200 streams, with figures; mutants. Whole programs on trio, too.
soak: $(READY) $(PEER_READY)
	OPENAI_ASSISTANTS_SOAK=1 $(BIN)/python -m pytest -n 2 tests/helpers tests/fuzzing tests/attack tests/doctor \
		tests/faults tests/dialects tests/both_versions tests/migrate tests/server/test_kills.py
	OPENAI_ASSISTANTS_SOAK=1 $(BIN)/python -m pytest -n 2 --database=postgresql tests/server/test_kills.py
	$(BIN)/python -m tests.load
	$(BIN)/python -m tests.mutation

# Small defects put into the client's flows and the run state machine: which of them do the tests not notice?
mutation: $(READY)
	$(BIN)/python -m tests.mutation $(ARGS)

# Lines and branches of what is written by hand, over both databases; fails if one is missing. With Python 3.12 or newer:
# 3.11 loses lines behind an exception that is caught in a `yield from`.
coverage: $(READY) $(PEER_READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 3 --dist worksteal
	$(BIN)/coverage run -m pytest -n 3 --dist worksteal --database=postgresql tests/server tests/helpers
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Our client beside bare httpx and the official client, which is installed into an environment of its own.
bench: $(BENCH)/.ready
	$(BENCH)/bin/python -m tests.benchmarks --json $(BENCH)/figures.json $(ARGS)

$(BENCH)/.ready: pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --editable . "openai==3.52.0"
	touch $(BENCH)/.ready

generate: $(READY)
	$(BIN)/python -m codegen

clean:
	rm -rf $(VENV) $(PEER) $(BENCH) .mypy_cache .ruff_cache .pytest_cache dist
