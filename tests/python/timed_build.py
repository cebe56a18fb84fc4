"""Build the demo with plain dbt and say how long it took and what came out."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """Run ``dbt build`` as a user would; its exit code is ours."""
    dbt = Path(sys.executable).with_name("dbt")
    started = time.monotonic()
    code = subprocess.run([dbt, "build"], check=False).returncode
    print(f"dbt build took {time.monotonic() - started:.1f} s in all")
    return code


if __name__ == "__main__":
    sys.exit(main())
