# `make run` and `make test` each work alone on a fresh clone: both build .venv when it is missing or stale, `make run` with what
# running needs, everything else with the tools of development on top. Where uv is installed, it does the installing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
DEVELOPS := $(VENV)/.develops
SPEAKS := $(VENV)/.speaks
CATALOGUES := $(wildcard src/mailaudit/language/locale/*/LC_MESSAGES/*.po)
UV := $(shell command -v uv 2>/dev/null)
# Nothing is compiled ahead: the first process that imports a module keeps what it compiled, and most modules nobody imports.
INSTALL := $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile) -c constraints.txt
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check format lint types layers docs catalogues language extras slow integration fuzz lock sbom clean

run: $(SPEAKS)
	# The example's dates lie after this moment, whenever it is run.
	SOURCE_DATE_EPOCH=1796032800 $(BIN)/mailaudit check examples/platform/campaign.yml

test: $(DEVELOPS) $(SPEAKS)
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not integration and not slow"

# What the default suite leaves out because it takes long: more examples, longer lists, every command of the pages.
slow: $(DEVELOPS)
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "slow and not integration"

check: $(DEVELOPS) lint types layers docs catalogues test

format: $(DEVELOPS)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(DEVELOPS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(DEVELOPS)
	$(BIN)/mypy

layers: $(DEVELOPS)
	$(BIN)/lint-imports

docs: $(DEVELOPS)
	$(BIN)/python docs/generate.py --check

# Every message is in every catalogue, translated, with its placeholders.
catalogues: $(DEVELOPS)
	$(BIN)/python -m tools.language.catalogue check

# After a sentence has changed: writes what is to be said into every catalogue, and tells what is not translated.
language: $(DEVELOPS)
	$(BIN)/python -m tools.language.catalogue extract
	$(BIN)/python -m tools.language.catalogue check

# What some integration tests need besides: `make extras EXTRAS=postgres,spark`.
extras: $(DEVELOPS)
	$(INSTALL) -e '.[dev,$(EXTRAS)]'

integration: $(DEVELOPS)
	$(BIN)/python -m pytest -q -m integration

# Bent seeds for an hour; `make fuzz SECONDS=60 SEED=1` bends the same ones again.
fuzz: $(DEVELOPS)
	PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(or $(SECONDS),3600) $(addprefix --seed ,$(SEED))

# What the image and the action install, with the hashes of its files; within constraints.txt, and with what builds the program.
lock:
	printf "babel\nhatchling\n" | uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 -c constraints.txt pyproject.toml - -o requirements.txt

# What is installed, with versions and licences; in a fresh clone that is what running needs.
sbom: $(RUNS)
	$(PYTHON) -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom
	$(VENV)/sbom/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o mailaudit.cdx.json $(BIN)/python

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(RUNS): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mailaudit needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear $(if $(UV),--without-pip) $(VENV)
	$(INSTALL) -e .
	touch $@ $(SPEAKS)

# Installing compiles the catalogues of the languages.
$(SPEAKS): $(RUNS) $(CATALOGUES)
	$(INSTALL) --no-deps -e .
	touch $@

$(DEVELOPS): $(RUNS)
	$(INSTALL) -e '.[dev]'
	touch $@
