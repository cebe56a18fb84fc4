# make alone lists the targets. Each installs what it needs by itself, once, into .venv; make UV=uv build does so with uv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REVERSE_ETL := .venv-reverse-etl
DUCKDB_2 := .venv-duckdb-2
DASHBOARD := .venv-dashboard
METRICS := .venv-metrics
DAGSTER := .venv-dagster
DLT := .venv-dlt
DOCS := .venv-docs
PEERS := .venv-peers
SNOWFLAKE := .venv-snowflake
TRINO := .venv-trino
BIGQUERY := .venv-bigquery
PINS := .venv-pins
# A variable that is set to nothing names no file.
ifeq ($(strip $(CRM_DUCKDB_PATH)),)
unexport CRM_DUCKDB_PATH
endif
# What reads a database reads the demo, and builds it first, unless another is named.
DATABASE_READ := $(if $(TARGET)$(CRM_DUCKDB_PATH),,crm.duckdb)
export DBT_PROFILES_DIR := $(CURDIR)
# dbt finds there what takes the values of rows out of its error messages (docs/privacy.md).
export PYTHONPATH := $(CURDIR)/examples/privacy

# The two ways to make an environment: what comes with Python, or uv where UV names it.
ifdef UV
make_environment = $(UV) venv --quiet --python $(PYTHON) $(1)
install = $(UV) pip install --quiet --python $(1)/bin/python -r $(2)
else
make_environment = $(PYTHON) -m venv $(1)
install = $(1)/bin/pip install --quiet --disable-pip-version-check -r $(2)
endif

.PHONY: help build own connect dashboard serve-dashboard erase prove check test lint lint-sql lint-text test-mutations test-fuzzy test-postgres test-ducklake test-spark
.PHONY: test-spark-once test-snowflake test-trino test-bigquery test-engines test-connectors test-reverse-etl test-value test-dashboard test-metrics test-dagster test-dlt test-duckdb-2 publish sync status segment-preview
.PHONY: tour ask remember recall benchmark benchmark-peers benchmark-identity docs backfill pins clean

help: ## This list
	@awk '/^## / { printf "\n%s\n", substr($$0, 4) } /^[a-z-]+:.*## / { name = $$0; sub(/:.*/, "", name); \
		sub(/^[^#]*## /, ""); printf "  make %-19s %s\n", name, $$0 }' $(MAKEFILE_LIST)

## Use it

build: $(VENV)/ready ## Build the demo with all its data tests, or your tables once dbt_project.yml names them; TARGET, VARS='{as_of_date: "2026-05-31"}'
	@$(BIN)/python examples/build/build.py $(if $(VARS),--vars '$(VARS)') $(if $(TARGET),--target $(TARGET))

# Into shop.duckdb, with shop.vars.yml beside it, which build, backfill and dbt read. FILES names files that the mapping leaves open.
own: $(VENV)/ready ## Load your own files, build, report: make own MAPPING=shop.yml; FILES="orders=PATH" where the mapping names none
	@$(BIN)/python examples/own_data/own.py "$(MAPPING)" $(if $(DATABASE),--database "$(DATABASE)") $(foreach file,$(FILES),--file "$(file)")

# To stand-ins that check as the platforms do, unless SEND=1. It reads the database that is named, and never the demo in its place.
sync: $(VENV)/ready $(REVERSE_ETL)/ready $(DATABASE_READ) ## Rehearse the sync of the audiences with drt; SEND=1 sends, ONLY=hubspot,meta to these alone
	@$(REVERSE_ETL)/bin/python examples/reverse_etl/sync.py $(if $(TARGET),--target $(TARGET)) $(if $(SEND),--send) $(if $(ONLY),--only "$(ONLY)")

# It reads no row: names of tables and columns say what a connector can do with them.
connect: $(VENV)/ready ## Look at a schema that a loader wrote, and say what to add: make connect SCHEMA=shopify_eu; TARGET and DATABASE where they differ
	@$(BIN)/python examples/connect/connect.py $(if $(DATABASE),--database "$(DATABASE)") $(if $(TARGET),--target $(TARGET)) "$(SCHEMA)"

dashboard: $(DASHBOARD)/ready $(DATABASE_READ) ## Write the boards of charts/ as pages that may be sent on: target/dashboard/index.html
	@$(DASHBOARD)/bin/python examples/dashboard/dashboard.py $(if $(TARGET),--target $(TARGET))

serve-dashboard: $(DASHBOARD)/ready $(DATABASE_READ) ## Serve the boards on localhost, drawn anew when their YAML changes
	@$(DASHBOARD)/bin/python examples/dashboard/dashboard.py --serve $(if $(TARGET),--target $(TARGET))

publish: $(VENV)/ready ## Copy the built file for readers: make publish TO=readers.duckdb; FOR=bi leaves out all that is personal
	$(BIN)/python examples/publish/publish.py --to "$(TO)" $(if $(FOR),--for $(FOR))

segment-preview: $(VENV)/ready $(DATABASE_READ) ## What a change of segments, suppressions or VARS='{churned_days: 180}' would do; nothing is written
	@$(BIN)/python examples/preview/preview.py $(if $(VARS),--vars '$(VARS)') $(if $(MARKDOWN),--markdown)

tour: $(VENV)/ready $(DATABASE_READ) ## Ask the demo ten questions, one at a time, with the query and the answer of each; nothing is written
	@$(BIN)/python examples/tour/tour.py

ask: $(VENV)/ready $(DATABASE_READ) ## Questions in analyses/, and one answered: make ask Q=did_the_experiment_work; ONLY=S1263 for rows with that value
	@$(BIN)/python examples/build/ask.py "$(Q)" $(if $(ONLY),--only "$(ONLY)") $(if $(LIMIT),--limit $(LIMIT)) $(if $(VARS),--vars '$(VARS)') $(if $(TARGET),--target $(TARGET))

status: $(VENV)/ready ## Where the project stands: last run, rows in and rejected, contacts, segments to review, audiences, disk
	@$(BIN)/python examples/build/status.py $(if $(TARGET),--target $(TARGET))

# The history of the segments for past days.
backfill: $(VENV)/ready ## Measure past days: make backfill FROM=2026-01-31 TO=2026-06-30 STEP=month (day, week or month)
	$(BIN)/python examples/backfill/backfill.py --from "$(FROM)" --to "$(TO)" --step "$(or $(STEP),day)" $(if $(VARS),--vars '$(VARS)') $(if $(TARGET),--target $(TARGET))

remember: $(VENV)/ready ## Keep what cannot be worked out again in Parquet files: make remember TO=folder
	$(BIN)/python examples/remember/remember.py remember --to "$(TO)" $(if $(TARGET),--target $(TARGET))

recall: $(VENV)/ready ## Bring it back into an empty database, of the same or another engine: make recall FROM=folder TARGET=postgres
	$(BIN)/python examples/remember/remember.py recall --from "$(FROM)" $(if $(TARGET),--target $(TARGET))

# After the build that has carried out an erasure: docs/privacy.md.
erase: $(VENV)/ready ## Remove what was deleted or overwritten from the database's own files, so that nobody can read it there
	$(BIN)/python examples/erase/erase.py $(if $(TARGET),--target $(TARGET))

prove: $(VENV)/ready ## Find what erased people told in tables, views and files: make prove VALUES=values.txt FILES="crm.duckdb logs"
	@$(BIN)/python examples/erase/prove.py $(if $(TARGET),--target $(TARGET)) "$(VALUES)" $(FILES)

docs: $(VENV)/ready $(DOCS)/ready $(DATABASE_READ) ## All there is to read in one folder: pages, dbt's documentation, lineage, boards: target/site/index.html
	$(BIN)/dbt --quiet docs generate --static $(if $(TARGET),--target $(TARGET))
	@$(DOCS)/bin/python docs/website.py

clean: ## Remove the environments, dbt's folders and the demo's database
	rm -rf $(VENV) $(REVERSE_ETL) $(DUCKDB_2) $(DASHBOARD) $(METRICS) $(DAGSTER) $(DLT) $(DOCS) $(PEERS) $(SNOWFLAKE) $(TRINO) $(BIGQUERY) $(PINS) target logs crm.duckdb crm.duckdb.wal

## Work on it

check: $(VENV)/ready-dev crm.duckdb ## Lint what changed, parse, run the unit tests of changed models and their children: under a minute
	@$(BIN)/python tests/python/check_changes.py $(if $(SINCE),--since $(SINCE))

test: lint $(REVERSE_ETL)/ready ## All linters and tests on DuckDB; CI runs build and test
	CRM_DRT=$(CURDIR)/$(REVERSE_ETL)/bin/drt $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/ready-dev ## All linters, and generated seeds as generated
	@$(MAKE) --no-print-directory --jobs=2 lint-sql lint-text

# Style of SQL, and YAML that dbt has deprecated or does not know.
lint-sql: $(VENV)/ready-dev
	$(BIN)/python tests/python/lint_sql.py

# Style of Python and YAML; spelling; generated seeds as generated.
lint-text: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .
	$(BIN)/python tests/python/spelling.py
	$(BIN)/python seeds/raw/generate.py --check
	$(BIN)/python seeds/reference/generate_standards.py --check

# Outside CI: it takes minutes, and says of the tests what they say of the code.
test-mutations: $(VENV)/ready-dev crm.duckdb ## Break twenty rules, one at a time: each must make a test fail
	PYTHONPATH=$(CURDIR)/examples/build $(BIN)/python tests/python/mutations.py $(RULES)

pins: ## Work out all requirements files anew from pyproject.toml
	test -d $(PINS) || $(PYTHON) -m venv $(PINS)
	$(PINS)/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	$(PINS)/bin/python tests/python/pin_requirements.py

## Test it elsewhere

test-postgres: $(VENV)/ready-dev-postgres ## The demo on a PostgreSQL server started for it, compared with DuckDB cell by cell
	$(BIN)/pytest -m postgres tests/python/engines

test-ducklake: $(VENV)/ready-dev-ducklake ## The same on DuckLake, with its catalogue in a file and in PostgreSQL; readers, snapshots, erasure
	$(BIN)/pytest -m ducklake tests/python/engines

test-spark: $(VENV)/ready-dev-spark ## The same on a Spark cluster: master, two workers, Thrift server; needs Java 17 or 21
	$(BIN)/pytest -m spark tests/python/engines

# Spark within the time that CI has: the demo built once and compared, no second day, no lost worker, no macro tests.
test-spark-once: $(VENV)/ready-dev-spark ## The demo built once on that cluster and compared: the short form of test-spark
	$(BIN)/pytest -m spark tests/python/engines -k "full or seeds or delta_tables or left_beside"

# fakesnow is DuckDB 2 behind Snowflake's words: docs/engines.md says what it cannot show.
test-snowflake: $(SNOWFLAKE)/ready ## The demo on fakesnow, which answers as Snowflake, compared with DuckDB cell by cell
	$(SNOWFLAKE)/bin/pytest -m snowflake tests/python/engines

# The server is fetched once, by Maven, and kept: trino_server.py says where, and what to set for one that is there already.
test-trino: $(TRINO)/ready ## The demo on a Trino server with Iceberg tables, compared with DuckDB cell by cell; needs Java 24 or newer
	$(TRINO)/bin/pytest -m trino tests/python/engines

# bqemulator is DuckDB behind BigQuery's words: docs/engines.md says what it cannot show. Its own plugin for pytest wants Docker.
test-bigquery: $(BIGQUERY)/ready ## The demo on bqemulator, which answers as BigQuery, compared with DuckDB cell by cell
	$(BIGQUERY)/bin/pytest -p no:bqemulator -m bigquery tests/python/engines

# The differences stand in one table, also in target/engine_parity.md.
test-engines: $(VENV)/ready-dev-postgres $(VENV)/ready-dev-spark ## DuckDB, PostgreSQL and Spark in one run
	$(BIN)/pytest -m "postgres or spark" tests/python/engines

test-duckdb-2: $(VENV)/ready $(DUCKDB_2)/ready crm.duckdb ## The demo built with DuckDB 2, compared with that of make build
	$(BIN)/python examples/publish/publish.py --to target/published.duckdb
	CRM_DEMO=crm.duckdb CRM_PUBLISHED=target/published.duckdb $(DUCKDB_2)/bin/pytest -m duckdb_2 tests/python/test_duckdb_2.py

test-fuzzy: $(VENV)/ready-dev $(VENV)/ready-fuzzy ## Fuzzy matching with Splink, on the demo and on made-up people
	$(BIN)/pytest -m fuzzy tests/python/test_fuzzy_matching.py tests/python/test_fuzzy_thin_data.py

test-value: $(VENV)/ready-dev $(VENV)/ready-value ## Look-alikes beside scikit-learn's logistic regression
	$(BIN)/pytest -m value tests/python/test_lookalikes.py

# Needs chromium and chromium-driver, of Debian or another. SCREENSHOTS=docs takes the pictures of the README anew.
test-dashboard: dashboard ## The boards in a browser: every chart drawn, figures as SQL gives them, nothing personal, nothing sent
	CRM_SCREENSHOTS="$(SCREENSHOTS)" $(DASHBOARD)/bin/pytest -m dashboard --confcutdir tests/python/pages tests/python/pages

test-metrics: $(METRICS)/ready $(DATABASE_READ) ## Metrics validated by MetricFlow, each compared with SQL on the tables
	$(METRICS)/bin/pytest -m metrics --confcutdir tests/python/metrics tests/python/metrics

test-dlt: $(VENV)/ready $(DLT)/ready ## A REST interface and CSV files landed by dlt in the raw tables, and read by dbt
	$(DLT)/bin/pytest -m dlt --confcutdir tests/python/landing_dlt tests/python/landing_dlt

# Four builds of a small shop, about five minutes.
test-dagster: $(DAGSTER)/ready ## The daily run in Dagster: two days, one whose data is broken, the day after
	$(DAGSTER)/bin/pytest -m dagster --confcutdir tests/python/daily_dagster tests/python/daily_dagster

test-connectors: $(VENV)/ready-dev ## Connectors, with every table and column of every system taken away once, and round trips of exports and dlt
	CRM_EVERY_REMOVAL=1 $(BIN)/pytest tests/python/test_connectors.py tests/python/test_connect.py
	$(BIN)/pytest -m connectors tests/python/test_connectors_round_trips.py

test-reverse-etl: $(VENV)/ready-dev $(REVERSE_ETL)/ready ## The demo's audiences pushed by drt, and what platforms then hold
	CRM_DRT=$(CURDIR)/$(REVERSE_ETL)/bin/drt $(BIN)/pytest -m reverse_etl

## Measure it

SIZE ?= small
benchmark: $(VENV)/ready-dev ## A build beside the same answers by hand; SIZE=smoke, small, medium or full
	$(BIN)/python benchmarks/run.py --size $(SIZE)

benchmark-peers: $(PEERS)/ready ## pandas, polars, lifetimes, Splink and others beside the project, answers compared; SIZE=small, medium or full
	$(PEERS)/bin/python benchmarks/peers.py --size $(SIZE)

benchmark-identity: $(VENV)/ready-dev $(VENV)/ready-fuzzy ## Precision and recall of identity: DATA=people.parquet LABELS=pairs.parquet
	$(BIN)/python benchmarks/identity.py $(if $(DATA),--data $(DATA)) $(if $(LABELS),--labels $(LABELS))

# The demo, where nobody has built it yet.
crm.duckdb:
	$(MAKE) build

$(VENV)/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3")'
	@echo "Installing what a build needs into $(VENV), about half a minute"
	@$(call make_environment,$(VENV))
	@$(call install,$(VENV),requirements.txt)
	@touch $@

# Each further environment adds to .venv; their pins agree, because make pins works them out together.
$(VENV)/ready-%: requirements-%.txt $(VENV)/ready
	@echo "Adding $< to $(VENV)"
	@$(call install,$(VENV),$<)
	@touch $@

$(SNOWFLAKE)/ready $(TRINO)/ready $(BIGQUERY)/ready: .venv-%/ready: requirements-dev-%.txt
	@echo "Installing $< into .venv-$*"
	@$(call make_environment,.venv-$*)
	@$(call install,.venv-$*,$<)
	@touch $@

# Without a look at what packages ask for: dbt-colibri asks for a sqlglot with which it fails (tool.pins.overrides of pyproject.toml).
$(DOCS)/ready: requirements-docs.txt
	@echo "Installing $< into $(DOCS)"
	@$(call make_environment,$(DOCS))
	@$(call install,$(DOCS),$< --no-deps)
	@touch $@

# Environments of their own, whose pins need not agree with dbt's.
.venv-%/ready: requirements-%.txt
	@echo "Installing $< into .venv-$*"
	@$(call make_environment,.venv-$*)
	@$(call install,.venv-$*,$<)
	@touch $@
