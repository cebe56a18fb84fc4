"""What holds on Spark alone: the cluster, and how it is started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engines import spark_cluster
from engines.conftest import Built

Builds = Callable[[str], Built]


@pytest.mark.spark
def test_a_build_survives_the_loss_of_a_worker(built: Builds) -> None:
    """The second build passed although a worker was killed in it; its answers: test_parity."""
    demo = built("spark")
    demo.on("incremental")

    assert demo.engine.cluster
    assert demo.lost_worker_after
    assert demo.engine.cluster.workers[0].poll() is not None
    assert demo.engine.cluster.workers[1].poll() is None


@pytest.mark.spark
def test_models_are_delta_tables(built: Builds) -> None:
    """Plain files would take neither a merge nor a constraint."""
    demo = built("spark")
    demo.on("full")
    query = demo.engine.query
    described = {row[0]: row[1] for row in query("describe extended main_contacts.orders").values}

    assert described["Provider"] == "delta"
    with pytest.raises(Exception, match="required_columns"):
        query("insert into main_contacts.orders (source_system) values ('without a key')")


@pytest.mark.spark
def test_nothing_is_left_beside_the_clusters(built: Builds) -> None:
    demo = built("spark")
    demo.on("full")
    left = demo.engine.query("show tables in main_intermediate like '*__edges_*|*__leaders_*'")

    assert left.values == []


def test_a_missing_java_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RuntimeError, match=r"Java 17 or 21.*apt-get install"):
        spark_cluster.java()


def test_an_old_java_is_said_with_what_it_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(RuntimeError, match=r"11\.0\.2"):
        spark_cluster.java()
