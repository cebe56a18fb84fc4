"""Fail on YAML that dbt has deprecated or does not know.

dbt 1.11 checks its own files only for four cloud warehouses. The engines of this project are added
here, so that a misspelt key is an error and not silence.
"""

from __future__ import annotations

import sys
import tempfile

from dbt.cli.main import dbtRunner
from dbt.jsonschemas import jsonschemas


def main() -> int:
    """Parse the whole project with every deprecation as an error; 0 when there is none."""
    jsonschemas._JSONSCHEMA_SUPPORTED_ADAPTERS |= {"duckdb", "postgres", "spark"}
    with tempfile.TemporaryDirectory() as target:
        strict = ["--warn-error-options", '{"error": ["Deprecations"]}']
        flags = ["--no-partial-parse", "--profiles-dir", ".", "--target-path", target, "--quiet"]
        return 0 if dbtRunner().invoke([*strict, "parse", *flags]).success else 1


if __name__ == "__main__":
    sys.exit(main())
