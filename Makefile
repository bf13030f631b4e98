# Every habit of the project has a name here; `make help` lists them. Paths stay relative and quoted: ours may have spaces.

PY := .venv/bin/python
RUNTIME := gateway/requirements.txt users_service/requirements.txt posts_service/requirements.txt deploy/local/requirements.txt
DEVELOPMENT := tests/requirements.txt
LOCKED := $(RUNTIME) $(DEVELOPMENT)

.PHONY: help setup run seed test check bench lock up down clean
.DELETE_ON_ERROR:

help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: .venv/installed .venv/installed-development ## make .venv and install all that the other targets need
	@echo "Everything is installed in .venv."

run: .venv/installed ## run it all without Docker on http://127.0.0.1:8000 until Ctrl-C (PORT=8000 HOST=127.0.0.1 DATA_DIR=var)
	@exec $(PY) -m deploy.local.run

seed: .venv/installed ## fill what runs with demo people and posts (USERS=200 POSTS=2000 SEED=1 URL=http://127.0.0.1:8000)
	@exec $(PY) -m deploy.local.seed

test: .venv/installed .venv/installed-development ## run the tests (ARGS="-k words -x" goes to pytest)
	@$(PY) -m pytest $(ARGS)

check: .venv/installed .venv/installed-development ## lint, formatting, types and who may import whom
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

bench: .venv/installed .venv/installed-development ## measure the gateway on real services with demo data
	@$(PY) -m bench $(ARGS)

lock: .venv/installed-development ## compile every requirements.in into its requirements.txt (ARGS=--upgrade for newer ones)
	@for folder in $(dir $(LOCKED)); do echo "$$folder"; (cd "$$folder" && "$(CURDIR)/$(PY)" -m uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(ARGS) requirements.in -o requirements.txt) || exit 1; done

up: ## run it all in containers on http://127.0.0.1:8000 until Ctrl-C
	docker compose up --build

down: ## stop and remove the containers; their data stays
	docker compose down

clean: ## remove .venv and all caches; data stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@sh deploy/local/venv.sh

.venv/installed: .venv/bin/python $(RUNTIME)
	@$(PY) deploy/local/install.py $(RUNTIME)
	@touch $@

.venv/installed-development: .venv/bin/python $(DEVELOPMENT)
	@$(PY) deploy/local/install.py $(DEVELOPMENT)
	@touch $@
