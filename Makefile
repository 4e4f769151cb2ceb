# Everything runs in a virtual environment inside the checkout; nothing but Python 3.11+, make and git is needed.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test soak lint types codegen-check unit postgres generate clean

demo: $(READY)
	$(BIN)/python examples/quickstart.py

test: lint types codegen-check unit postgres

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[server]" --group dev
	touch $(READY)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy
	$(BIN)/basedpyright --project pyproject.toml

codegen-check: $(READY)
	$(BIN)/python -m codegen --check

unit: $(READY)
	$(BIN)/python -m pytest -n 2

# What goes through a server once more, over PostgreSQL with two workers for each server.
postgres: $(READY)
	$(BIN)/python -m pytest -n 2 --database=postgresql tests/server tests/helpers

# The tests that `unit` runs with bounded counts, at full count: every byte of a stream cut, a thousand runs, a
# thousand writes before a kill.
soak: $(READY)
	OPENAI_ASSISTANTS_SOAK=1 $(BIN)/python -m pytest -n 2 tests/helpers tests/server/test_kills.py
	OPENAI_ASSISTANTS_SOAK=1 $(BIN)/python -m pytest -n 2 --database=postgresql tests/server/test_kills.py

generate: $(READY)
	$(BIN)/python -m codegen

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dist
