"""Load a company's files, build, and report: what `make own MAPPING=shop.yml` runs.

The database is shop.duckdb, named after the mapping, so that two data sets never share one. What
follows `--` goes to dbt build.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from load import command_line, load_files, tell
from own_data_loader.problems import LoadError
from own_data_loader.report import report, unread
from own_variables import variables_file

SAME_DATA = """
The same data with other commands:
  export CRM_DUCKDB_PATH={database}
  make build                # and make ask, make backfill: they read {file}
  dbt build --vars "$(cat {file})"
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is built, 1 when it is not, 2 when a mapping is wrong.

    A mapping is wrong, too, when a table got no row that can be read: a build of a minute would
    end in a report of nothing.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = words.index("--") if "--" in words else len(words)
    options = command_line("Load your files, build, and report.").parse_args(words[:end])
    try:
        if options.mapping == Path():
            raise LoadError("MAPPING is missing. Name your mapping: make own MAPPING=shop.yml")
        database = options.database or Path(f"{options.mapping.stem}.duckdb")
        mapping, loaded = load_files(options.mapping, database, options.file)
        print(f"{report(loaded)}\n", flush=True)
        if problems := unread(mapping, loaded):
            raise LoadError([*problems, f"Nothing was built. What was loaded is in {database}."])
    except LoadError as error:
        return tell(error)
    os.environ["CRM_DUCKDB_PATH"] = str(database)
    # dbt reads the environment when it is imported.
    from build import build

    code = build(words[end + 1 :])
    file = shlex.quote(str(variables_file(database)))
    print(SAME_DATA.format(database=shlex.quote(str(database.resolve())), file=file))
    return code


if __name__ == "__main__":
    sys.exit(main())
