# Everything goes through .venv, built from requirements.lock on first use.
# Another Python: make PYTHON=python3.12 review

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help review test app lint bench docling docs page-speed images eval embedding rule lock clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
RUN := .venv/bin/python -m
FORM ?= eval_sets/forms/forms/sample.docx
SET ?= eval_sets/forms

help: ## this list
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

review: .venv/ready ## review the bundled sample (or FORM=path), print the report, write the annotated file to out/
	@$(RUN) assistant review "$(FORM)" --drafter template --format terminal --format docx --out out

test: .venv/ready-dev ## all tests, offline (ARGS="-k S01" for some)
	@# pytest keeps the tests as it compiled them even where the environment asks Python to keep nothing: half the collection.
	@PYTHONDONTWRITEBYTECODE= $(RUN) pytest $(ARGS)

app: .venv/ready ## the page, in the browser
	@$(RUN) streamlit run app.py

lint: .venv/ready-dev ## format, lint, order of the folders and types, without changing anything
	@$(RUN) ruff format --check --output-format concise .
	@$(RUN) ruff check .
	@.venv/bin/lint-imports --no-logo
	@$(RUN) mypy

bench: .venv/ready-bench ## measure reading, checking and batches, write docs/benchmarks*.md (or ONLY=batch, ONLY=reading, ONLY=policies)
	@$(RUN) dev.bench $(if $(ONLY),--only $(ONLY))

docling: .venv/ready ## install docling, 6 GB, in .venv-docling, for make bench to compare with (or DOCLING=its python)
	@.venv/bin/python dev/venv.py --apart docling

docs: .venv/ready-dev ## print the generated pages and README parts anew
	@$(RUN) dev.docs

page-speed: .venv/ready-dev ## measure the review page in a browser, write docs/page-speed.md (needs chromium)
	@$(RUN) dev.page_speed

images: .venv/ready-dev ## draw the pictures of the pages anew (needs chromium)
	@$(RUN) dev.screenshots

eval: .venv/ready ## cells read, precision and recall by rule over SET=folder
	@$(RUN) assistant eval checks "$(SET)"

embedding: .venv/ready-dev ## train the embedding of the retrieval anew (a few minutes, 9 GB)
	@$(RUN) dev.train_embedding

rule: .venv/ready ## a new rule file with empty cases: CODE=S12 NAME=what-is-wrong
	@$(RUN) dev.new_rule "$(CODE)" "$(NAME)"

lock: .venv/ready-dev ## resolve requirements.lock anew from pyproject.toml
	@$(RUN) uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --all-extras --group dev \
		--group bench --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock

clean: ## remove .venv, caches, the index and out/
	rm -rf .venv .index out build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: pyproject.toml requirements.lock dev/venv.py
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo '需要 Python 3.11 或更高版本：请安装后重试，或用 make PYTHON=路径 指定。' >&2; exit 1; }
	@"$(PYTHON)" dev/venv.py

.venv/ready-dev: .venv/ready
	@.venv/bin/python dev/venv.py --group dev

.venv/ready-bench: .venv/ready-dev
	@.venv/bin/python dev/venv.py --group bench
