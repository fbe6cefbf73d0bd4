# Everything below sets itself up: a fresh machine needs only Python 3.11+ and make.
# The system's own Python where it will do: distributions build it optimised, and with one that is
# not every command takes a third longer.
PYTHON ?= $(shell /usr/bin/python3 -c "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))" \
	2>/dev/null && echo /usr/bin/python3 || echo python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2

.PHONY: demo serve test test-fast test-slow lint consistency mutation versions soak docs pictures wheel newcomer bench lock schemas dictionary clean help

demo: $(VENV)/.run  ## score the spring 2026 round and allocate the financing tools
	$(BIN)/evaluator run scenarios/baseline.yaml

serve: $(VENV)/.run  ## the workbench for the baseline, in the browser
	$(BIN)/evaluator serve scenarios/baseline.yaml --open

# A browser and an office suite are slow by themselves.
SLOW := slow or browser or office
test: $(VENV)/.dev  ## every test but the slow ones, within minutes
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not ($(SLOW))"

FAST := agreement decision scoring results uncertainty loading test_hand_case.py test_repo
test-fast: $(VENV)/.dev  ## what a change of the mathematics or the loaders breaks, within a minute
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not ($(SLOW))" $(addprefix tests/,$(FAST))

test-slow: $(VENV)/.dev  ## the slow ones, and those in a browser and an office suite
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "$(SLOW)"

lint: $(VENV)/.dev  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

consistency: $(VENV)/.dev  ## what 200 random runs tell, against a second implementation
	$(BIN)/python -m tests.consistency --studies 200 --jobs $(WORKERS)
	$(BIN)/python -m tests.consistency --plant

docs: $(VENV)/.dev  ## the documentation site, in build/site; a dead link is an error
	$(BIN)/python docs/build.py

pictures: $(VENV)/.dev  ## the pictures of the README, in docs/images
	$(BIN)/python docs/pictures.py

wheel: $(VENV)/.run  ## dist/evaluator-<version>-py3-none-any.whl, to install anywhere
	$(BIN)/python -m flit_core.wheel --outdir dist

newcomer: $(VENV)/.dev  ## the wheel in a fresh environment elsewhere, without and with the extra pdf
	$(BIN)/python -m tests.newcomer

versions: $(VENV)/.dev  ## the lowest and the newest versions of all dependencies make the same runs
	$(BIN)/python -m tests.versions

soak: $(VENV)/.dev  ## at full size what CI runs at a tenth: kills, full disks, spoiled studies
	$(BIN)/python -m tests.soak

bench: $(VENV)/.dev  ## ratios against other libraries, measured in one run
	$(BIN)/python -m benchmarks

mutation: $(VENV)/.dev  ## plants 400 faults in the rooms that decide: the tests must see 90 %
	$(BIN)/python -m tests.mutation

schemas: $(VENV)/.run  ## JSON schemas for the editor
	$(BIN)/evaluator schema --out schemas

dictionary: $(VENV)/.run  ## docs/data-dictionary.md, of the registry of columns
	$(BIN)/python -m evaluator.record.dictionary > docs/data-dictionary.md

lock: $(VENV)/.dev  ## renew both lock files
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --extra build --extra pdf --extra memo --extra record --extra workbench --extra shared pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --extra build --extra pdf --extra memo --extra record --extra workbench --extra shared --extra dev --extra docs -c requirements.lock pyproject.toml -o requirements-dev.lock

# The locks carry hashes, so the project itself is installed apart from them.
$(VENV)/.run: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there. On Debian and Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) .ci/check_python.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q evaluator
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

clean:  ## remove what was made here
	rm -rf $(VENV) runs build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
