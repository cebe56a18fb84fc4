"""Load CSV or Parquet files into the raw tables that the project reads, as a mapping file says.

make own MAPPING=MAPPING.yml loads, builds and reports. By hand:
python examples/own_data/load.py MAPPING.yml --database PATH.duckdb [--file name=path ...]
CRM_DUCKDB_PATH=PATH.duckdb dbt build --vars "$(cat PATH.vars.yml)"
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from own_data_loader.contract import read_contract, read_variable_names
from own_data_loader.mapping import Mapping, dbt_variables, read_mapping
from own_data_loader.problems import LoadError
from own_data_loader.report import next_command, report
from own_data_loader.tables import LoadedTable, load
from own_variables import write_variables


def command_line(description: str) -> argparse.ArgumentParser:
    """The arguments that say what is loaded, and where to."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("mapping", type=Path, help="the mapping, a YAML file")
    parser.add_argument("--database", type=Path, help="the DuckDB file to write to")
    parser.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="where a file of the mapping is; may be repeated",
    )
    return parser


def load_files(
    path: Path, database: Path, file_arguments: Sequence[str]
) -> tuple[Mapping, list[LoadedTable]]:
    """Load what a mapping names, its variables beside the database; the mapping and its tables."""
    contract = read_contract()
    mapping = read_mapping(path, contract, read_variable_names(), file_arguments)
    loaded = load(mapping, contract, database)
    write_variables(database, path, dbt_variables(mapping))
    return mapping, loaded


def tell(error: LoadError) -> int:
    """Print what the user has to put right; the exit code that says so."""
    for problem in error.problems:
        print(f"error: {problem}", file=sys.stderr)
    return 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all went well, 2 when the user has something to put right."""
    parser = command_line("Load CSV or Parquet files into the raw tables of a DuckDB file.")
    parser.add_argument(
        "--print-vars",
        action="store_true",
        help="load nothing; print the variables for dbt build --vars",
    )
    options = parser.parse_args(arguments)
    try:
        if options.print_vars:
            mapping = read_mapping(
                options.mapping, read_contract(), read_variable_names(), options.file
            )
            print(json.dumps(dbt_variables(mapping)))
            return 0
        if options.database is None:
            raise LoadError("--database is missing. Name the DuckDB file to write to.")
        mapping, loaded = load_files(options.mapping, options.database, options.file)
        print(f"{report(loaded)}\n\nRun next:\n{next_command(mapping, options.database)}")
    except LoadError as error:
        return tell(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
