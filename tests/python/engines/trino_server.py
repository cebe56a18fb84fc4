"""A Trino server that lives on loopback for as long as a test run.

One process is coordinator and worker. Its tables are Iceberg tables in a folder of the run, their
catalogue is files beside them. ``PYTHONPATH=tests/python python -m engines.trino_server`` holds one
open.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engines.postgres_server import free_port
from engines.processes import hold_open, stop

VERSION = "476"
SHA_256 = "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f"
OLDEST_JAVA = 24
START_SECONDS = 240
CATALOG = "crm"
JAVA_FOLDER = Path("/usr/lib/jvm")

JVM = """
-server
-Xmx{memory}
-XX:+UseG1GC
-XX:+ExitOnOutOfMemoryError
-XX:-OmitStackTraceInFastThrow
-XX:ReservedCodeCacheSize=256M
-Djdk.attach.allowAttachSelf=true
-Dfile.encoding=UTF-8
-Duser.timezone=Asia/Tokyo
--sun-misc-unsafe-memory-access=allow
"""  # The time zone is not UTC, so that what forgets to ask for UTC shows.

CONFIG = """
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
node.internal-address=127.0.0.1
query.max-memory=1GB
query.max-memory-per-node=1GB
"""

CATALOG_OF_ICEBERG = """
connector.name=iceberg
iceberg.catalog.type=TESTING_FILE_METASTORE
hive.metastore.catalog.dir=local:///warehouse
fs.native-local.enabled=true
local.location={folder}
iceberg.unique-table-location=true
"""


@dataclass(frozen=True)
class TrinoServer:
    """A running server.

    Attributes:
        environment: The variables that the target ``trino`` of profiles.yml reads.
        folder: All its state, with its log and its tables.
    """

    environment: Mapping[str, str]
    folder: Path


def java_home() -> Path:
    """A Java that this Trino runs on: of JAVA_HOME, of the path, or where Debian puts them.

    Raises:
        RuntimeError: There is none; the message says what to install.
    """
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    if on_path := shutil.which("java"):
        homes.append(Path(on_path).resolve().parents[1])
    homes += sorted(JAVA_FOLDER.glob("*"), reverse=True)
    for home in homes:
        if _java_version(home / "bin" / "java") >= OLDEST_JAVA:
            return home
    raise RuntimeError(
        f"Trino {VERSION} needs Java {OLDEST_JAVA} or newer, and none was found. Install one, such"
        " as Temurin 25 or openjdk-25-jre-headless, and point JAVA_HOME at it."
    )


def _java_version(program: Path) -> int:
    """The major version that a Java says it has; 0 where there is none."""
    if not program.is_file():
        return 0
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    return int(version[1]) if version else 0


def server_home(say: Callable[[str], None]) -> Path:
    """Folder of the server: that of CRM_TRINO_SERVER, else one that was fetched once and is kept.

    Raises:
        RuntimeError: It could not be fetched; the message says what to do.
    """
    if named := os.environ.get("CRM_TRINO_SERVER"):
        return Path(named)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "crm_segmentation"
    home = cache / f"trino-server-{VERSION}"
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _unpack(_fetched(Path(folder), say), Path(folder)).rename(home)
    return home


def _fetched(folder: Path, say: Callable[[str], None]) -> Path:
    """The server's archive, by Maven, from where its settings say that packages come from."""
    if not shutil.which("mvn"):
        raise RuntimeError(
            "No Maven to fetch Trino with. Install it (on Debian: apt-get install maven), or unpack"
            f" trino-server-{VERSION}.tar.gz yourself and point CRM_TRINO_SERVER at its folder."
        )
    say(f"Fetching Trino {VERSION}, 0.8 GB, once")
    artifact = f"io.trino:trino-server:{VERSION}:tar.gz"
    command = ["mvn", "-q", "-B", "dependency:get", f"-Dartifact={artifact}", "-Dtransitive=false"]
    command.append(f"-Dmaven.repo.local={folder / 'maven'}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise RuntimeError(f"Maven could not fetch {artifact}:\n{last}")
    archive = folder / f"maven/io/trino/trino-server/{VERSION}/trino-server-{VERSION}.tar.gz"
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA_256:
        raise RuntimeError(f"{archive.name} has SHA-256 {found}, and not {SHA_256}.")
    return archive


def _unpack(archive: Path, folder: Path) -> Path:
    """Unpack the server, with no connector but that of Iceberg.

    The files of a connector are links to those of others, so that all are unpacked first. Its sum
    was compared, so that a Python before 3.11.4, which knows no filters, may unpack it as it is.
    """
    with tarfile.open(archive) as files:
        files.extraction_filter = getattr(tarfile, "tar_filter", lambda member, _: member)
        files.extractall(folder)
    home = folder / f"trino-server-{VERSION}"
    for plugin in (home / "plugin").iterdir():
        if plugin.name != "iceberg":
            shutil.rmtree(plugin)
    return home


@contextmanager
def trino_server(say: Callable[[str], None] = print, memory: str = "3G") -> Iterator[TrinoServer]:
    """Start a fresh server on a free port and stop it whatever happens.

    Args:
        say: Takes the lines that tell how far it is.
        memory: Size of Java's heap, as Java's -Xmx has it.

    Yields:
        The server, when it takes queries.
    """
    home, java = server_home(say), java_home()
    started, port = time.monotonic(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="crm_trino_"))
    configuration = folder / "etc"
    (configuration / "catalog").mkdir(parents=True)
    written = {
        "jvm.config": JVM.format(memory=memory),
        "config.properties": CONFIG.format(port=port),
        "node.properties": f"node.environment=crm\nnode.id=crm\nnode.data-dir={folder / 'data'}\n",
        "log.properties": "io.trino=WARN\n",
        f"catalog/{CATALOG}.properties": CATALOG_OF_ICEBERG.format(folder=folder),
    }
    for name, text in written.items():
        (configuration / name).write_text(text.lstrip(), encoding="utf-8")
    # Without this, an end by SIGTERM would leave the server running.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [home / "bin" / "launcher", "run", "--etc-dir", configuration],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={
                **os.environ,
                "JAVA_HOME": str(java),
                "PATH": f"{java / 'bin'}{os.pathsep}{os.environ['PATH']}",
            },
            start_new_session=True,
        )
    try:
        _wait_for(port, server, folder / "server.log")
        say(f"Trino: the server answers, {time.monotonic() - started:.0f} s")
        yield TrinoServer(
            environment={
                "CRM_TRINO_HOST": "127.0.0.1",
                "CRM_TRINO_PORT": str(port),
                "CRM_TRINO_USER": "crm",
                "CRM_TRINO_CATALOG": CATALOG,
                "CRM_TRINO_THREADS": "2",
            },
            folder=folder,
        )
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server takes queries; raise with the log's end when it cannot."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/info", timeout=5) as answer:
                if not json.load(answer)["starting"]:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            pass
        time.sleep(0.5)
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    raise RuntimeError("Trino did not start. The end of its log:\n" + "\n".join(last))


def main() -> None:
    """Hold a server open until Ctrl-C, and say how to reach it."""
    with trino_server() as server:
        hold_open("trino", server.environment)


if __name__ == "__main__":
    main()
