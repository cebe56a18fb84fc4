"""Who is one person: connected components against networkx, the demo against its true people."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from itertools import pairwise
from math import comb
from pathlib import Path

import duckdb
import networkx as nx
import pandas as pd
import pytest
from project import RELATION, ROOT, failures, query, run_dbt

LARGEST_NODE = 2**31 - 2
CHAIN_LENGTHS = (100, 1_000, 10_000)
Edges = list[tuple[int, int]]


# -- Connected components --------------------------------------------------------------


def renumbered(graph: nx.Graph, seed: int, largest: int = LARGEST_NODE) -> Edges:
    """The edges of a graph with random node numbers, in random order and direction."""
    chance = random.Random(seed)
    numbers = chance.sample(range(largest + 1), graph.number_of_nodes())
    number_of = dict(zip(graph.nodes, numbers, strict=True))
    edges = [(number_of[a], number_of[b]) for a, b in graph.edges]
    chance.shuffle(edges)
    return [edge if chance.random() < 0.5 else edge[::-1] for edge in edges]


def union_of_cliques(sizes: Iterable[int]) -> nx.Graph:
    """Cliques that nothing connects."""
    return nx.disjoint_union_all([nx.complete_graph(size) for size in sizes])


def made_up_graphs() -> dict[str, Edges]:
    """Graphs by name: the shapes that are hard for such algorithms, and random ones."""
    graphs: dict[str, Edges] = {
        "empty": [],
        "only_loops": [(1, 1), (2, 2)],
        "one_edge": [(7, 3)],
        "repeated_and_reversed_edges": [(1, 2), (2, 1), (1, 2), (2, 2), (4, 3), (3, 4)],
        "smallest_and_largest_node": [(0, LARGEST_NODE), (1, LARGEST_NODE - 1), (5, 6)],
        "chain_upwards": [(node, node + 1) for node in range(5_000)],
        "chain_downwards": [
            (LARGEST_NODE - node, LARGEST_NODE - node - 1) for node in range(5_000)
        ],
        "star_around_the_lowest": [(0, node) for node in range(1, 10_000)],
        "star_around_the_highest": [(node, 10_000) for node in range(10_000)],
        "star": renumbered(nx.star_graph(2_000), seed=1),
        "two_stars_with_a_bridge": renumbered(nx.barbell_graph(2, 3), seed=2),
        "clique": renumbered(nx.complete_graph(120), seed=3),
        "cliques": renumbered(union_of_cliques(range(2, 30)), seed=4),
        "cliques_on_a_ring": renumbered(nx.ring_of_cliques(200, 6), seed=5),
        "binary_tree": renumbered(nx.balanced_tree(2, 10), seed=6),
        "grid": renumbered(nx.grid_2d_graph(50, 50), seed=7),
    }
    for length in CHAIN_LENGTHS:
        graphs[f"chain_of_{length}"] = renumbered(nx.path_graph(length), seed=length)
    # From loose pairs to one giant component, in sparse and in dense numbering.
    for seed, edge_count in enumerate((200, 1_000, 3_000)):
        largest = 1_999 if seed % 2 else LARGEST_NODE
        graph = nx.gnm_random_graph(2_000, edge_count, seed=seed)
        graphs[f"random_{edge_count}"] = renumbered(graph, seed, largest)
    return graphs


GRAPHS = made_up_graphs()
REBUILT = ("cliques", "empty", "one_edge")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with graphs.duckdb: a model per graph in a project of its own, a few built twice."""
    folder = tmp_path_factory.mktemp("graphs")
    (folder / "dbt_project.yml").write_text(
        "name: crm_segmentation\n"
        "profile: crm_segmentation\n"
        f"macro-paths: ['{ROOT / 'macros'}']\n"
        "models: {+materialized: connected_components}\n",
        encoding="utf-8",
    )
    (folder / "models").mkdir()
    rows = [(name, *edge) for name, edges in GRAPHS.items() for edge in edges]
    edges = pd.DataFrame(rows, columns=["graph", "node_a", "node_b"])
    with duckdb.connect(str(folder / "graphs.duckdb")) as connection:
        connection.register("edge_rows", edges)
        connection.sql("create table edges as select * from edge_rows")
        # As an interrupted run leaves them behind.
        connection.sql("create table star__edges_0 as select 1 as node_a, 2 as node_b")
        connection.sql("create table star__leaders_1 as select 1 as node, 2 as leader")
    for name in GRAPHS:
        sql = f"select node_a, node_b from main.edges where graph = '{name}'\n"
        (folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    for selected in (GRAPHS, REBUILT):
        result = run_dbt(
            *("run", "-s", *selected),
            database=folder / "graphs.duckdb",
            target=folder / "target",
            project=folder,
        )
        assert result.success, failures(result)
    return folder


def components(edges: Edges) -> dict[int, int]:
    """The lowest node of the component of each node that an edge joins to another."""
    graph = nx.Graph((a, b) for a, b in edges if a != b)
    lowest_of: dict[int, int] = {}
    for component in nx.connected_components(graph):
        lowest_of |= dict.fromkeys(component, min(component))
    return lowest_of


@pytest.mark.parametrize("name", GRAPHS)
def test_the_components_are_those_of_networkx(built: Path, name: str) -> None:
    rows = query(built / "graphs.duckdb", f"select node, component from main.{name}")
    assert rows["node"].is_unique
    assert dict(zip(rows["node"], rows["component"], strict=True)) == components(GRAPHS[name])


def log_of(built: Path) -> str:
    """Everything that dbt sent to the database."""
    return (built / "target" / "logs" / "dbt.log").read_text(encoding="utf-8")


def test_nothing_but_the_tables_is_left_behind(built: Path) -> None:
    tables = query(built / "graphs.duckdb", "select table_name from information_schema.tables")
    assert set(tables["table_name"]) == {"edges", *GRAPHS}


def test_a_chain_ten_times_as_long_takes_a_few_rounds_more(built: Path) -> None:
    log = log_of(built)
    rounds = {
        length: len(set(re.findall(f'"chain_of_{length}__leaders_([0-9]+)"', log)))
        for length in CHAIN_LENGTHS
    }
    assert rounds[CHAIN_LENGTHS[0]] >= 2
    assert max(rounds.values()) <= 20
    for shorter, longer in pairwise(CHAIN_LENGTHS):
        assert rounds[longer] - rounds[shorter] <= 6


def test_no_round_compares_every_leader_with_every_other(built: Path) -> None:
    # Inside a transaction DuckDB holds new tables for empty; a join of leaders on != is then its
    # first choice, and a million contacts would take days.
    model = f"chain_of_{CHAIN_LENGTHS[0]}"
    statement = re.search(
        rf'create +table\s+"graphs"."main"."{model}__edges_1"\s+as \((.+?)\n\s+\);',
        log_of(built),
        re.S,
    )
    assert statement is not None
    with duckdb.connect() as connection:
        connection.sql("begin")
        inputs = {
            "edges_0": "range as node_a, range + 1 as node_b",
            "leaders_0": "range as node, range as leader",
        }
        for table, columns in inputs.items():
            connection.sql(f"create table {model}__{table} as select {columns} from range(1000)")
        plan = connection.sql("explain " + RELATION.sub(r'"\1"', statement[1])).fetchall()[0][1]
    assert "HASH_JOIN" in plan
    assert "NESTED_LOOP" not in plan
    assert "CROSS_PRODUCT" not in plan


# -- The demo --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contact_records(demo: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The records of the demo's source systems, each with its contact."""
    return demo("from main_contacts.contact_records")


def test_a_contact_has_the_id_of_the_record_that_was_seen_first(
    demo: Callable[[str], pd.DataFrame], contact_records: pd.DataFrame
) -> None:
    edges = demo("""
        select ones.record_id as one, others.record_id as other
        from main_intermediate.int_identity__edges as edges
        inner join main_intermediate.int_identity__records as ones
            on edges.node_a = ones.record_number
        inner join main_intermediate.int_identity__records as others
            on edges.node_b = others.record_number
    """)
    graph = nx.Graph(zip(edges["one"], edges["other"], strict=True))
    graph.add_nodes_from(contact_records["record_id"])
    first_seen_at = dict(
        zip(contact_records["record_id"], contact_records["first_seen_at"], strict=True)
    )
    expected = {}
    for component in nx.connected_components(graph):
        first = min(component, key=lambda record_id: (first_seen_at[record_id], record_id))
        expected |= dict.fromkeys(component, first)
    found = dict(zip(contact_records["record_id"], contact_records["contact_id"], strict=True))
    assert len(found) == len(contact_records)
    assert found == expected
    assert len(set(found.values())) < len(found)


def pair_count(groups: Iterable[Hashable]) -> int:
    """Pairs of members that are in the same group."""
    return sum(comb(size, 2) for size in Counter(groups).values())


def test_the_contacts_of_the_demo_are_its_true_people(contact_records: pd.DataFrame) -> None:
    path = ROOT / "tests/fixtures/true_people.csv"
    person_of = {
        (row["source_system"], row["source_contact_id"]): row["person_id"]
        for row in csv.DictReader(path.open(encoding="utf-8"))
    }
    records = list(
        zip(contact_records["source_system"], contact_records["source_contact_id"], strict=True)
    )
    assert set(records) == set(person_of)
    contacts = list(contact_records["contact_id"])
    people = [person_of[record] for record in records]
    right = pair_count(zip(contacts, people, strict=True))
    assert right / pair_count(people) >= 0.91, "recall"
    assert right == pair_count(contacts), "precision"
