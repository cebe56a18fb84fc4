"""A Spark cluster that lives on loopback for as long as a test run.

Standalone master, two workers and a Thrift server, each a process of its own as on a real cluster,
from the Spark that pip installs. ``PYTHONPATH=tests/python python -m engines.spark_cluster`` holds
one open.
"""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engines.postgres_server import free_port
from engines.processes import hold_open, stop

JARS_WANTED = Path(__file__).with_name("delta_jars.xml")
START_SECONDS = 180
JAVA_VERSIONS = (17, 21)

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
THRIFT_SERVER = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"

# For a few thousand rows on two cores: what is set here saves compiling and planning, not reading.
SETTINGS = {
    "spark.authenticate": "true",
    "spark.executor.memory": "1g",
    "spark.executor.cores": "1",
    "spark.cores.max": "2",
    # What lay on a lost worker is looked for a few seconds, not a minute, before it is made again.
    "spark.shuffle.io.retryWait": "1s",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    # Not UTC, so that what forgets to ask for UTC shows.
    "spark.sql.session.timeZone": "Asia/Tokyo",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.databricks.delta.stats.collect": "false",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.hadoop.hive.server2.thrift.bind.host": "127.0.0.1",
    "spark.hadoop.hive.server2.authentication": "NONE",
}


@dataclass(frozen=True)
class SparkCluster:
    """A running cluster.

    Attributes:
        environment: The variables that the target ``spark`` of profiles.yml reads.
        workers: The worker processes; each leads a group with its executors.
        folder: All its state, with the logs.
    """

    environment: Mapping[str, str]
    workers: tuple[subprocess.Popen[bytes], ...]
    folder: Path

    def kill_worker(self) -> None:
        """End the first worker and its executors at once, as when a machine is lost."""
        os.killpg(self.workers[0].pid, signal.SIGKILL)
        self.workers[0].wait()


def java() -> Path:
    """The system's Java.

    Raises:
        RuntimeError: There is none that Spark runs on; the message says what to install.
    """
    home = os.environ.get("JAVA_HOME")
    program = Path(home, "bin", "java") if home else Path(shutil.which("java") or "")
    install = (
        "Install one - on Debian: apt-get install openjdk-17-jre-headless; on macOS:"
        " brew install openjdk@17 - or point JAVA_HOME at it."
    )
    if not program.is_file():
        raise RuntimeError(f"Spark needs Java {' or '.join(map(str, JAVA_VERSIONS))}. {install}")
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if not version or int(version[1]) not in JAVA_VERSIONS:
        raise RuntimeError(
            f"Spark needs Java {' or '.join(map(str, JAVA_VERSIONS))}, but {program} says:"
            f" {said.strip() or 'nothing'}. {install}"
        )
    return program.resolve()


def spark_home() -> Path:
    """Where pip put Spark.

    Raises:
        RuntimeError: It did not; the message says what to install.
    """
    found = importlib.util.find_spec("pyspark")
    if not found or not found.origin:
        raise RuntimeError(
            "No Spark to test on. Install it: pip install -r requirements-dev-spark.txt"
        )
    return Path(found.origin).parent


def delta_jars(say: Callable[[str], None]) -> Path:
    """Folder with the jars that delta_jars.xml names, fetched by Spark's own Ivy the first time.

    Raises:
        RuntimeError: They could not be fetched; the message has Ivy's last lines.
    """
    folder = Path(sys.prefix) / "spark-jars"
    kept = folder / JARS_WANTED.name
    if kept.exists() and kept.read_bytes() == JARS_WANTED.read_bytes():
        return folder
    say("Fetching Delta Lake from Maven Central, once")
    shutil.rmtree(folder, ignore_errors=True)
    ivy = next((spark_home() / "jars").glob("ivy-*.jar"))
    command = [java(), "-jar", ivy, "-ivy", JARS_WANTED, "-types", "jar"]
    command += ["-retrieve", folder / "[artifact]-[revision].[ext]"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise RuntimeError(f"Ivy could not fetch what {JARS_WANTED.name} names:\n{last}")
    shutil.copy(JARS_WANTED, kept)
    return folder


@contextmanager
def spark_cluster(say: Callable[[str], None] = print) -> Iterator[SparkCluster]:
    """Start a fresh cluster on free ports and stop it whatever happens.

    Args:
        say: Takes the lines that tell how far it is.

    Yields:
        The cluster, when its Thrift server takes connections.
    """
    started = time.monotonic()
    home, program, jars = spark_home(), java(), delta_jars(say)
    folder = Path(tempfile.mkdtemp(prefix="crm_spark_"))
    master_port, thrift_port = free_port(), free_port()
    settings = SETTINGS | {
        "spark.authenticate.secret": secrets.token_hex(16),
        "spark.master": f"spark://127.0.0.1:{master_port}",
        "spark.driver.extraClassPath": f"{jars}/*",
        "spark.executor.extraClassPath": f"{jars}/*",
        "spark.local.dir": f"{folder}/local",
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.hadoop.javax.jdo.option.ConnectionURL": ("jdbc:derby:memory:metastore;create=true"),
        "spark.hadoop.hive.server2.thrift.port": str(thrift_port),
    }
    (folder / "conf").mkdir()
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    (folder / "conf" / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    environment = {
        **os.environ,
        "JAVA_HOME": str(program.parents[1]),
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "PYSPARK_PYTHON": sys.executable,
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        name: str, program: str, *arguments: str, memory: str = "256m"
    ) -> subprocess.Popen[bytes]:
        with (folder / f"{name}.log").open("wb") as log:
            processes[name] = subprocess.Popen(
                [home / "bin" / program, *arguments],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                # The Thrift server is the driver, but takes its memory from here, not from
                # spark.driver.memory. With half a gigabyte it does little but collect garbage.
                env={**environment, "SPARK_DAEMON_MEMORY": memory},
                start_new_session=True,
            )
        return processes[name]

    # Without this, an end by SIGTERM would leave the cluster running.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        host = ("--host", "127.0.0.1")
        start(
            "master", "spark-class", MASTER, *host, "--port", str(master_port), "--webui-port", "0"
        )
        _wait_for(master_port, "master", processes, folder)
        for number in (1, 2):
            work = ("--work-dir", str(folder / f"work_{number}"), "--webui-port", "0")
            size = ("--cores", "1", "--memory", "1g")
            start(
                f"worker_{number}",
                "spark-class",
                WORKER,
                *host,
                *work,
                *size,
                settings["spark.master"],
            )
        say(f"Spark: master and two workers started, {time.monotonic() - started:.0f} s")
        start(
            "thrift_server",
            "spark-submit",
            "--class",
            THRIFT_SERVER,
            "--name",
            "crm",
            "spark-internal",
            memory="2g",
        )
        _wait_for(thrift_port, "thrift_server", processes, folder)
        say(f"Spark: the Thrift server answers, {time.monotonic() - started:.0f} s")
        yield SparkCluster(
            environment={
                "CRM_SPARK_HOST": "127.0.0.1",
                "CRM_SPARK_PORT": str(thrift_port),
                "CRM_SPARK_USER": "crm",
            },
            workers=(processes["worker_1"], processes["worker_2"]),
            folder=folder,
        )
    finally:
        for name in reversed(processes):
            stop(processes[name])
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def _wait_for(
    port: int, name: str, processes: Mapping[str, subprocess.Popen[bytes]], folder: Path
) -> None:
    """Return when the port takes connections; raise with the log's end when its process cannot."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and processes[name].poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    last = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    raise RuntimeError(f"Spark's {name} did not start. The end of its log:\n" + "\n".join(last))


def main() -> None:
    """Hold a cluster open until Ctrl-C, and say how to reach it."""
    with spark_cluster() as cluster:
        hold_open("spark", cluster.environment)


if __name__ == "__main__":
    main()
