# make build: the environment, then the demo with all its data tests. make test: linters and tests; CI runs both, and test-postgres.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REVERSE_ETL := .venv-reverse-etl
export DBT_PROFILES_DIR := $(CURDIR)

.PHONY: build test test-fuzzy test-postgres test-spark test-spark-once test-engines test-reverse-etl test-value
.PHONY: sync benchmark benchmark-identity lint docs backfill clean

build: $(VENV)/ready
	$(BIN)/python tests/python/timed_build.py

test: lint $(REVERSE_ETL)/ready
	CRM_DRT=$(CURDIR)/$(REVERSE_ETL)/bin/drt $(BIN)/pytest -n 2 --dist loadfile

# The demo on a PostgreSQL server started for it, compared with DuckDB cell by cell.
test-postgres: $(VENV)/ready-postgres
	$(BIN)/pytest -m postgres tests/python/engines

# The demo on a Spark cluster started for it (master, two workers, Thrift server), likewise. Needs Java 17 or 21.
test-spark: $(VENV)/ready-spark
	$(BIN)/pytest -m spark tests/python/engines

# Spark within the time that CI has: the demo built once and compared, no second day, no lost worker, no macro tests.
test-spark-once: $(VENV)/ready-spark
	$(BIN)/pytest -m spark tests/python/engines -k "full or seeds or delta_tables or left_beside"

# DuckDB, PostgreSQL and Spark in one run; the differences in one table, also in target/engine_parity.md.
test-engines: $(VENV)/ready-postgres $(VENV)/ready-spark
	$(BIN)/pytest -m "postgres or spark" tests/python/engines

# Fuzzy matching on the demo and on made-up people, with Splink installed for it.
test-fuzzy: $(VENV)/ready-fuzzy
	$(BIN)/pytest -m fuzzy tests/python/test_fuzzy_matching.py

# Look-alikes beside scikit-learn's logistic regression, on made-up worlds and on the demo.
test-value: $(VENV)/ready-value
	$(BIN)/pytest -m value tests/python/test_lookalikes.py

# Precision and recall of identity resolution on people whose truth is known, e.g.
# make benchmark-identity DATA=people.parquet LABELS=pairs.parquet
benchmark-identity: $(VENV)/ready-fuzzy
	$(BIN)/python benchmarks/identity.py $(if $(DATA),--data $(DATA)) $(if $(LABELS),--labels $(LABELS))

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

# The history of the segments for past days: make backfill FROM=2026-01-31 TO=2026-06-30 STEP=month (day, week or month).
backfill: $(VENV)/ready
	$(BIN)/python examples/backfill/backfill.py --from "$(FROM)" --to "$(TO)" --step "$(or $(STEP),day)" $(if $(TARGET),--target $(TARGET))

# What a build costs beside the same answers by hand: SIZE is smoke, small, medium or full (benchmarks/README.md).
SIZE ?= small
benchmark: $(VENV)/ready
	$(BIN)/python benchmarks/run.py --size $(SIZE)

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

$(VENV)/ready-fuzzy: $(VENV)/ready requirements-fuzzy.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-fuzzy.txt
	touch $@

$(VENV)/ready-value: $(VENV)/ready requirements-value.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-value.txt
	touch $@

$(VENV)/ready-spark: $(VENV)/ready requirements-spark.txt
	@echo "Installing Spark into $(VENV), two to five minutes"
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-spark.txt
	touch $@

$(REVERSE_ETL)/ready: requirements-reverse-etl.txt
	$(PYTHON) -m venv $(REVERSE_ETL)
	$(REVERSE_ETL)/bin/pip install --quiet --disable-pip-version-check -r requirements-reverse-etl.txt
	touch $@

clean:
	rm -rf $(VENV) $(REVERSE_ETL) target logs crm.duckdb crm.duckdb.wal
