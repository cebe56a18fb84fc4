"""Work out the requirements files: exact versions with the hashes of their files, no addresses.

What a build needs becomes requirements.txt, every extra of pyproject.toml becomes
requirements-<extra>.txt. Their versions are chosen together, so that files installed into one
environment agree; a dependency group is an environment of its own and is chosen alone, against what
a package of it asks for where tool.pins.overrides of pyproject.toml says so. What is pinned already
stays, unless UPGRADE=1 is set.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


def requirements_file(name: str) -> Path:
    """The file of an extra or a group; that of a build for an empty name."""
    return ROOT / (f"requirements-{name}.txt" if name else "requirements.txt")


def without_hashes(pins: str) -> str:
    """The lines that name a version, each once."""
    named = {line.rstrip(" \\") for line in pins.splitlines() if line[:1].isalnum()}
    return "\n".join(sorted(named))


def pinned(names: Iterable[str]) -> str:
    """The versions that the requirements files of these names hold; none where UPGRADE is set."""
    files = [requirements_file(name) for name in names]
    if os.environ.get("UPGRADE"):
        return ""
    return without_hashes("\n".join(file.read_text("utf-8") for file in files if file.exists()))


def compile_pins(wanted: list[str], constraints: str, overrides: Iterable[str] = ()) -> str:
    """Exact pins with hashes for Python 3.11 and newer on every platform, as uv chooses them."""
    command = [str(UV), "pip", "compile", *wanted, "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-strip-extras", "--no-header", "--no-annotate", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        files = {"constraints": constraints, "overrides": "\n".join(overrides)}
        for name, text in files.items():
            file = Path(folder) / f"{name}.txt"
            file.write_text(text, encoding="utf-8")
            command += [f"--{name}", str(file)]
        pins = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ).stdout
    return with_bare_names(pins)


def with_bare_names(pins: str) -> str:
    """Pins with a second one, without extras, before each that names some.

    For pip ``a[b]==1`` is no pin of ``a``, which others may ask for: it looks at the newest
    ``a``, finds no hash of it, and stops. Nor is ``a==1`` one of ``a[b]``.
    """
    blocks = re.split(r"^(?=[a-z0-9])", pins, flags=re.MULTILINE)
    bare = re.compile(r"^([a-z0-9._-]+)\[[a-z0-9,._-]+\](?===)")
    return "".join((bare.sub(r"\1", one) if bare.match(one) else "") + one for one in blocks)


def write(name: str, pins: str) -> None:
    """Write the requirements file of an extra or a group."""
    whose = f"{name} of pyproject.toml" if name else "what a build needs"
    header = f"# Exact pins of {whose}, worked out by make pins.\n"
    requirements_file(name).write_text(header + pins, encoding="utf-8")
    print(f"{requirements_file(name).name}: {pins.count('==')} packages")


def main() -> int:
    """Write all requirements files; 0 when uv found versions that agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = list(project["project"]["optional-dependencies"])
    together = [word for extra in extras for word in ("--extra", extra)]
    chosen = compile_pins(["pyproject.toml", *together], pinned(["", *extras]))
    versions = without_hashes(chosen)
    for extra in ["", *extras]:
        wanted = ["--extra", extra] if extra else []
        write(extra, compile_pins(["pyproject.toml", *wanted], versions))
    overrides = project["tool"]["pins"]["overrides"]
    for group in project["dependency-groups"]:
        wanted = ["--group", f"pyproject.toml:{group}"]
        write(group, compile_pins(wanted, pinned([group]), overrides.get(group, ())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
