# make build: the environment, then the demo with all its dbt tests. make test: everything CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REVERSE_ETL := .venv-reverse-etl
export DBT_PROFILES_DIR := $(CURDIR)

.PHONY: build test test-postgres test-reverse-etl sync lint docs clean

build: $(VENV)/ready
	$(BIN)/python tests/python/timed_build.py

test: lint
	$(BIN)/pytest

# The demo on a PostgreSQL server started for it, compared with DuckDB cell by cell.
test-postgres: $(VENV)/ready-postgres
	$(BIN)/pytest -m postgres tests/python/engines

# The audiences of the demo, pushed by drt to stand-ins of two platforms; sync shows it once.
test-reverse-etl: $(VENV)/ready $(REVERSE_ETL)/ready
	CRM_DRT=$(CURDIR)/$(REVERSE_ETL)/bin/drt $(BIN)/pytest -m reverse_etl

sync: $(REVERSE_ETL)/ready
	$(REVERSE_ETL)/bin/python examples/reverse_etl/sync.py

# Style of Python, YAML and SQL; YAML that dbt has deprecated or does not know; generated seeds as generated.
lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .
	$(BIN)/python seeds/raw/generate.py --check
	$(BIN)/python seeds/reference/generate_standards.py --check
	$(BIN)/python tests/python/check_deprecations.py
	$(BIN)/sqlfluff lint --disable-progress-bar models tests analyses

docs: $(VENV)/ready
	$(BIN)/dbt docs generate --static

$(VENV)/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3")'
	@echo "Installing the environment into $(VENV), about a minute"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/ready-postgres: $(VENV)/ready requirements-postgres.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-postgres.txt
	touch $@

$(REVERSE_ETL)/ready: requirements-reverse-etl.txt
	$(PYTHON) -m venv $(REVERSE_ETL)
	$(REVERSE_ETL)/bin/pip install --quiet --disable-pip-version-check -r requirements-reverse-etl.txt
	touch $@

clean:
	rm -rf $(VENV) $(REVERSE_ETL) target logs crm.duckdb crm.duckdb.wal
