# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# What Python compiled is kept: the tests start many programs.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test test-optimised fuzz check format golden screenshots bench docs clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.runtime: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime
	$(PIP) --editable '.[test]'
	@touch $@

demo: $(VENV)/.runtime ## start broker, stub authentication service and demo service provider
	@exec $(BIN)/ketenbroker demo

check: $(VENV)/.test ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## everything: checks, tests, real browser, real PostgreSQL
	@$(BIN)/python -m tests.prepare
	$(BIN)/python -m pytest --numprocesses 2 --guards beside

guards: $(VENV)/.test ## each check of the receiver off in turn: a named test must fail
	$(BIN)/python -m tests.guards

test-optimised: $(VENV)/.test ## the tests once more under `python -O`, which removes the asserts of the program
	@$(BIN)/python -m tests.prepare
	PYTHONOPTIMIZE=1 $(BIN)/python -m pytest --numprocesses 2

fuzz: $(VENV)/.test ## a million spoilt messages, signxml's opinion, atheris where it can be installed, killed brokers; takes an hour
	-$(PIP) --editable '.[test,fuzz]'
	$(BIN)/python -m pytest --kills 250 tests/simulator/test_audit_completeness.py
	$(BIN)/python -m tests.mutants.fuzz

format: $(VENV)/.test ## rewrite the sources in the project's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.runtime ## write the pages of docs/ that list settings, rules, errors and commands
	$(BIN)/python docs/generate.py

golden: $(VENV)/.test ## write the messages in tests/saml/golden anew, to review what changed
	$(BIN)/python -m pytest --regenerate-golden tests/saml/test_golden.py

screenshots: $(VENV)/.test ## pictures of every page in screenshots/, to look at
	$(BIN)/python -m pytest --screenshots tests/browser

bench: $(VENV)/.test ## cost of a login, of refusals, of a register with a million mandates, of bulk work, of the audit log; takes half an hour
	$(BIN)/python bench/login.py
	$(BIN)/python bench/refusals.py
	$(BIN)/python bench/register.py
	$(BIN)/python bench/invitations.py
	$(BIN)/python bench/register_file.py
	$(BIN)/python -m bench.audit

clean: ## remove what was made: environment, keys, store
	rm -rf $(VENV) var certs/*.pem certs/*.key
