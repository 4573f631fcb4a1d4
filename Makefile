# The commands of the checkout. Needed beforehand: Python 3.11 or newer, pip, make and git. Everything else is put into
# the checkout: uv into .uv, the locked packages into .venv.

.DEFAULT_GOAL := help
SHELL := /bin/sh

UV_VERSION := 0.13.9
# The machine's own uv when it is not too old for the lock file, else one in the checkout.
UV := $(or $(shell uv --version 2>/dev/null | awk '{ split($$2, v, "."); exit !(v[1] > 0 || v[2] >= 8) }' \
	&& command -v uv),.uv/bin/uv)
BIN := .venv/bin
STAMP := .venv/.synced
PRACTICE := $(CURDIR)/.practice

# Byte code is what makes a start quick, whatever the environment says about it.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV
export UV_COMPILE_BYTECODE := 1

# Runs one step of the checks with its name and how long it took; the first that fails ends the run.
step = @printf '%-14s' '$(1)'; from=$$(date +%s); \
	if said=$$($(2) 2>&1); then printf ' fine %4d s\n' $$(( $$(date +%s) - from )); \
	else printf ' RED  %4d s\n%s\n' $$(( $$(date +%s) - from )) "$$said"; exit 1; fi

.PHONY: help
help: ## Say what can be done here.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

.PHONY: demo
demo: $(STAMP) ## Open the practice shop. Writes nothing outside the checkout.
	@$(BIN)/pcc-desk --home '$(PRACTICE)' demo

.PHONY: test
test: $(STAMP) ## Run every test.
	@$(BIN)/pytest -n 4

.PHONY: check
check: $(STAMP) ## Check format, lint, types, imports and spelling, then run every test.
	$(call step,format,$(BIN)/ruff format --check .)
	$(call step,lint,$(BIN)/ruff check .)
	$(call step,types,$(BIN)/mypy)
	$(call step,imports,$(BIN)/lint-imports)
	$(call step,spelling,$(BIN)/codespell)
	$(call step,trust,$(BIN)/python -m trust --short)
	@echo tests
	@$(BIN)/pytest -n 4 --durations 10

.PHONY: schedules
schedules: $(STAMP) ## Live 10,000 seeded schedules of faults and kills on the way into the state's record.
	@$(BIN)/python -m tests.desk.schedules --schedules 10000

.PHONY: bench
bench: $(STAMP) ## Measure the desk in a terminal, beside what it is compared with.
	@$(BIN)/python -m compileall -q src
	@UV_PROJECT_ENVIRONMENT=.bench/rivals $(UV) sync --locked --quiet --only-group bench
	@$(BIN)/python -m benches

.PHONY: trust
trust: $(STAMP) ## Measure what the trust in the desk rests on: kills, cuts of the power, failing disks, tampering.
	@$(BIN)/python -m trust

.PHONY: picture
picture: $(STAMP) ## Draw the README's picture anew from the practice shop.
	@$(BIN)/python -m benches.picture docs/desk.svg

.PHONY: training
training: $(STAMP) ## Make the invented people and products of data/training anew.
	@$(BIN)/python -m pcc_desk.simulator.make_training --seed 1124

.PHONY: clean
clean: ## Remove what these commands made, the practice shop included.
	rm -rf .uv .venv .bench .practice build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benches trust -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml uv.lock | $(UV)
	@$(UV) sync --locked
	@$(BIN)/python -m compileall -q src
	@touch $@

# The first Python that is new enough: uv takes the same one up from the PATH.
.uv/bin/uv:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Fetching uv $(UV_VERSION) into .uv"; rm -rf .uv; \
			$$python -m venv --without-pip .uv && \
			$$python -m pip --python .uv/bin/python --disable-pip-version-check install --quiet uv==$(UV_VERSION); \
			exit $$?; \
		fi; \
	done; \
	echo 'PCC Desk needs Python 3.11 or newer, and none is on the PATH. Install one, then run make again.' >&2; exit 1
