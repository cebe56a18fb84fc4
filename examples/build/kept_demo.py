"""What says that the demo in this folder was built from nothing, in whole, and of what.

`make build` leaves it behind; the tests then read that demo and build none of their own.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATABASE = ROOT / "crm.duckdb"
KEPT = ROOT / "target/demo"
# What the demo is built from. A change elsewhere leaves it as it is.
BUILT_FROM = ("models", "macros", "seeds", "analyses", "tests/data", "tests/generic")
BUILT_FROM += ("dbt_project.yml", "profiles.yml", "selectors.yml", "requirements*.txt")


def sources() -> str:
    """A hash over all files that the demo is built from, and the versions of what builds it."""
    versions = [version(package) for package in ("dbt-core", "dbt-duckdb", "duckdb")]
    digest = hashlib.sha256(" ".join(versions).encode())
    tops = [top for name in BUILT_FROM for top in ROOT.glob(name)]
    for path in sorted({path for top in tops for path in (top, *top.rglob("*"))}):
        if path.is_file() and path.suffix != ".pyc":
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


def keep(built_from: str) -> None:
    """Keep what dbt wrote about the build that just ended, and say what it was built from."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in ("manifest.json", "partial_parse.msgpack"):
        shutil.copy(ROOT / "target" / name, KEPT)
    file = DATABASE.stat()
    stamp = {"sources": built_from, "size": file.st_size, "written": file.st_mtime_ns}
    (KEPT / "stamp.json").write_text(json.dumps(stamp), encoding="utf-8")


def is_kept() -> bool:
    """Whether the demo here is of the sources as they are, and nobody wrote to it since."""
    path = KEPT / "stamp.json"
    if not path.exists() or not DATABASE.exists():
        return False
    stamp, file = json.loads(path.read_text(encoding="utf-8")), DATABASE.stat()
    untouched = (stamp["size"], stamp["written"]) == (file.st_size, file.st_mtime_ns)
    return untouched and stamp["sources"] == sources()
