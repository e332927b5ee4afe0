# `make help` lists what can be made. README.md has the plain commands behind it.

ARGS ?=
WHAT ?= comments
PORT ?= 8000
export PORT
python := .venv/bin/python
compile := .venv/bin/uv pip compile --universal --generate-hashes --no-header --python-version 3.11

.PHONY: help up test bench lint lock messages runtime development
.DEFAULT_GOAL := help

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

up: runtime ## run everything until Ctrl-C; PORT=8001, EMPTY=1 without the demonstration
	@exec $(python) -m config.up $(if $(EMPTY),--empty) $(ARGS)

test: development ## run every test; ARGS="tests/config -x" runs some
	@$(python) -m pytest -n auto $(ARGS)

bench: development ## measure what must be fast or right; WHAT=comments, drafts or reports
	@$(python) -m tests.benchmarks $(WHAT)

lint: development ## style, types, and the floors of the house
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy .
	@.venv/bin/lint-imports

lock: development ## write the locks anew; ARGS=--upgrade for the newest versions
	$(compile) $(ARGS) pyproject.toml -o requirements.txt
	$(compile) $(ARGS) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

messages: development ## gather the texts to translate, and compile the translations
	$(python) manage.py makemessages --locale zh_Hant --no-wrap --no-location --ignore .venv --ignore .local
	$(python) manage.py compilemessages --ignore .venv --ignore .local

runtime: lock-file = requirements.txt
# Lists what the other lists, too.
development: lock-file = requirements-dev.txt
development: installed-too = requirements.txt

# Installs only when the lock's content is not the one that was installed last.
runtime development:
	@if ! cmp -s $(lock-file) .venv/$(lock-file) || ! $(python) -c ''; then \
	  sh .ci/venv && echo 'Installing what $(lock-file) lists into .venv' && \
	  $(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(lock-file) && \
	  cp $(lock-file) $(installed-too) .venv/; \
	fi
