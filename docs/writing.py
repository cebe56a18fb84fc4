"""What the scripts that write pages share: the project as dbt reads it, and a page compared."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def read_manifest() -> dict[str, Any]:
    """dbt's manifest of this project, as JSON; where dbt cannot read it, the script ends."""
    # A script that needs no manifest does not wait for dbt.
    from dbt.cli.main import dbtRunner

    with tempfile.TemporaryDirectory() as target:
        flags = ["--profiles-dir", str(ROOT), "--project-dir", str(ROOT), "--target-path", target]
        result = dbtRunner().invoke(["parse", "--quiet", *flags])
    if not result.success:
        sys.exit(f"dbt could not read the project: {result.exception}")
    return result.result.to_dict()


def write_or_check(page: Path, text: str) -> int:
    """Write a page or, with --check on the command line, compare it.

    Args:
        page: The file.
        text: The page as it should be.

    Returns:
        The exit code: 1 where the page was compared and is another.
    """
    if "--check" in sys.argv[1:]:
        return 0 if page.exists() and page.read_text(encoding="utf-8") == text else 1
    page.write_text(text, encoding="utf-8")
    return 0
