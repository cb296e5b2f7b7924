# Two commands are all: `make demo` runs the main job with simulated agents, `make test` passes the tests.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint format generated coverage picture bench clean

demo: $(STAMP)
	$(BIN)/driftlang demo

test: $(STAMP)
	$(BIN)/python -m pytest tests/specification tests/errors tests/unit tests/golden tests/command_line tests/browser tests/end_to_end

lint: $(STAMP)
	$(BIN)/ruff check driftlang tests
	$(BIN)/ruff format --check driftlang tests
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format driftlang tests
	$(BIN)/ruff check --fix driftlang tests

# What `build` makes of the library, kept so that a change of it is seen; the tests build it again and compare.
generated: $(STAMP)
	$(BIN)/python -m tests.library_builds generated

# How often the intervals of the report hold the truth, in simulated studies (about eight minutes).
coverage: $(STAMP)
	$(BIN)/python -m tests.bench.coverage

# The picture of the README, out of the run that `make demo` made.
picture: $(STAMP)
	$(BIN)/driftlang report demo/runs/demo -o demo/picture --figures
	cp demo/picture/curve.png generated/curve.png

bench: $(STAMP)
	$(BIN)/python -m tests.bench.start_up
	$(BIN)/python -m tests.bench.parsing
	$(BIN)/python -m tests.bench.mutations
	$(BIN)/python -m tests.bench.trial_overhead
	$(BIN)/python -m tests.bench.many_at_once
	$(BIN)/python -m tests.bench.sandbox_start
	$(BIN)/python -m tests.bench.sandbox_start
	$(BIN)/python -m tests.bench.recovery
	$(BIN)/python -m tests.bench.build
	$(BIN)/python -m tests.bench.injection
	$(BIN)/python -m tests.bench.journal
	$(BIN)/python -m tests.bench.scheduler
	$(BIN)/python -m tests.bench.exposure

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage demo
