"""What other libraries take for answers that the project gives too, each in a process of its own.

    python benchmarks/peers.py --size small
    python benchmarks/peers.py --folder FOLDER_THAT_RUN_PY_KEPT

A peer reads the tables that the project's models of the same answer read, and its answer is held
against theirs, row by row. What the project took is the CPU time of the models that are named here
in the full build; contracts and the writing of tables are in it, dbt's own start is not. A peer's
figures include its start and what it takes to get the rows out of the database.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from clustering import splink_clusters
from run import LAST_DAY, SIZES, dbt, generate, measured, seconds_by_node

# Amounts of libraries that reckon in binary numbers may differ by so much.
TOLERANCE = 0.0001
DAYS = 1095


@dataclass(frozen=True)
class Answer:
    """Something that the project and its peers work out.

    Attributes:
        models: The project's models of what a peer does.
        keys: What names a row.
        ours: The project's answer as a query; its first columns are the keys.
    """

    models: tuple[str, ...]
    keys: tuple[str, ...]
    ours: str


ANSWERS = {
    "RFM scores": Answer(
        (
            "contact_rfm_measures",
            "contact_rfm_scores",
            "int_rfm__interactions",
            "rfm_cut_points",
            "rfm_score_bands",
        ),
        ("contact_id",),
        "select contact_id, recency_days, frequency, monetary, recency_score, frequency_score,"
        " monetary_score from main_contacts.contact_rfm_scores",
    ),
    "purchase summaries": Answer(
        ("contact_purchase_summaries",),
        ("contact_id",),
        "select contact_id, repeat_purchase_days, recency_days, tenure_days,"
        " coalesce(mean_repeat_amount, 0) as mean_repeat_amount"
        " from main_contacts.contact_purchase_summaries",
    ),
    "clusters of records": Answer(
        ("int_identity__clusters",),
        ("node",),
        "select node, min(node) over (partition by component) as lowest"
        " from main_intermediate.int_identity__clusters where node in"
        " (select node_a from main_intermediate.int_identity__edges"
        " union all select node_b from main_intermediate.int_identity__edges)",
    ),
    "sessions": Answer(
        (
            "int_activity__visits",
            "int_behaviour__owned_visits",
            "int_contacts__sessions",
            "sessions",
        ),
        ("contact_id", "session_number"),
        "select contact_id, session_number, started_at, ended_at, event_count"
        " from main_contacts.sessions where contact_id is not null",
    ),
    "segments": Answer(
        ("segment_memberships",),
        ("segment_name", "contact_id"),
        "select segment_name, contact_id from main_segments.segment_memberships",
    ),
}
# The score is another one, so what is compared is how well it tells members from others.
LOOKALIKES = Answer(
    (
        "contact_lookalike_scores",
        "int_lookalikes__bin_weights",
        "int_lookalikes__bins",
        "int_lookalikes__contact_evidence",
        "int_lookalikes__contacts",
        "int_lookalikes__sampled_evidence",
        "int_lookalikes__trait_choices",
        "int_lookalikes__trait_overlaps",
        "int_lookalikes__traits",
        "int_lookalikes__value_counts",
        "lookalike_trait_weights",
    ),
    ("segment_name",),
    "select segment_name, contact_id, is_member, lookalike_score"
    " from main_segments.contact_lookalike_scores",
)


def purchases(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """The purchases of known contacts, amounts in hundredths."""
    return connection.sql(
        "select contact_id, ordered_on, cast(net_amount * 100 as bigint) as hundredths"
        " from main_contacts.orders where is_purchase and contact_id is not null"
    )


def rfm_by_pandas(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """Measures by groupby, quintiles by quantile and searchsorted."""
    import pandas as pd

    orders = purchases(connection).df()
    days = (pd.Timestamp(as_of) - orders["ordered_on"]).dt.days
    orders["days"] = days
    orders["recent"] = days <= 365
    orders["spent"] = orders["hundredths"].where(orders["recent"], 0)
    scores = orders.groupby("contact_id", as_index=False).agg(
        recency_days=("days", "min"), frequency=("recent", "sum"), monetary=("spent", "sum")
    )
    for measure in ("recency_days", "frequency", "monetary"):
        cuts = scores[measure].quantile([0.2, 0.4, 0.6, 0.8]).to_numpy()
        above = cuts.searchsorted(scores[measure].to_numpy())
        name = f"{measure.removesuffix('_days')}_score"
        scores[name] = 5 - above if measure == "recency_days" else 1 + above
    scores["monetary"] = scores["monetary"] / 100
    return scores


def rfm_by_polars(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """The same in expressions of polars."""
    import polars as pl

    days = (pl.lit(as_of).str.to_date() - pl.col("ordered_on")).dt.total_days()
    recent = pl.col("days") <= 365
    measures = (
        purchases(connection)
        .pl()
        .lazy()
        .with_columns(days=days)
        .group_by("contact_id")
        .agg(
            recency_days=pl.col("days").min(),
            frequency=recent.sum(),
            monetary=pl.when(recent).then(pl.col("hundredths")).otherwise(0).sum(),
        )
    )

    def above(measure: str) -> pl.Expr:
        cuts = [pl.col(measure).quantile(share, "linear") for share in (0.2, 0.4, 0.6, 0.8)]
        return pl.sum_horizontal((pl.col(measure) > cut).cast(pl.Int32) for cut in cuts)

    return (
        measures.with_columns(
            recency_score=5 - above("recency_days"),
            frequency_score=1 + above("frequency"),
            monetary_score=1 + above("monetary"),
        )
        .with_columns(monetary=pl.col("monetary") / 100)
        .collect()
        .to_arrow()
    )


def summaries_by_lifetimes(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """summary_data_from_transaction_data of lifetimes, in days."""
    from lifetimes.utils import summary_data_from_transaction_data

    orders = purchases(connection).df()
    orders["amount"] = orders["hundredths"] / 100
    return summary_data_from_transaction_data(
        orders, "contact_id", "ordered_on", "amount", observation_period_end=as_of
    ).reset_index()[["contact_id", "frequency", "recency", "T", "monetary_value"]]


def edges(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Both ends of every pair of records that share an identifier, as arrays."""
    return connection.sql(
        "select node_a, node_b from main_intermediate.int_identity__edges"
    ).fetchnumpy()


def clusters_by_scipy(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """connected_components of scipy on a sparse matrix."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = edges(connection)
    nodes, ends = np.unique(np.concatenate([pairs["node_a"], pairs["node_b"]]), return_inverse=True)
    half = len(pairs["node_a"])
    links = coo_array((np.ones(half, "int8"), (ends[:half], ends[half:])), (len(nodes),) * 2)
    return with_lowest(nodes, connected_components(links, directed=False)[1])


def clusters_by_igraph(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """The same by igraph."""
    import igraph
    import numpy as np

    pairs = edges(connection)
    nodes, ends = np.unique(np.concatenate([pairs["node_a"], pairs["node_b"]]), return_inverse=True)
    graph = igraph.Graph(len(nodes), ends.reshape(2, -1).T)
    return with_lowest(nodes, np.array(graph.connected_components().membership))


def clusters_by_splink(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """Splink's clustering of pairs, on a database in memory."""
    from splink import DuckDBAPI

    linked = connection.sql("from main_intermediate.int_identity__edges").arrow()  # noqa: F841
    memory = duckdb.connect()
    memory.sql("create table edges as select node_a, node_b from linked")
    memory.sql(
        "create table nodes as select node_a as id from edges union select node_b from edges"
    )
    clusters = splink_clusters(DuckDBAPI(memory))
    return memory.sql(
        f"select id as node, min(id) over (partition by cluster_id) as lowest from {clusters}"
    ).to_arrow_table()


def with_lowest(nodes: Any, components: Any) -> Any:  # noqa: ANN401
    """Nodes with the lowest node of their component, which names it whoever found it."""
    import pandas as pd

    found = pd.DataFrame({"node": nodes, "component": components})
    found["lowest"] = found.groupby("component")["node"].transform("min")
    return found[["node", "lowest"]]


def sessions_by_window(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """One query with two windows over all events, in DuckDB."""
    return connection.sql("""
        with gaps as (
            select contact_id, occurred_at,
                lag(occurred_at) over (partition by contact_id order by occurred_at) as silent_since
            from main_contacts.events
            where contact_id is not null and event_name not like 'message%'
        ),
        numbered as (
            select contact_id, occurred_at,
                sum(cast(silent_since is null or occurred_at > silent_since + interval 30 minutes as int))
                    over (partition by contact_id order by occurred_at range unbounded preceding) as number
            from gaps
        )
        select contact_id, cast(number as int) as session_number,
            min(occurred_at) as started_at, max(occurred_at) as ended_at, count(*) as event_count
        from numbered group by contact_id, number
    """).to_arrow_table()


def segments_by_queries(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """A query for each segment, as somebody would write it who has no project."""
    definitions = connection.sql(
        "select segment_name, criteria from main_segments.segment_definitions"
    ).fetchall()
    connection.execute("create temp table members (segment_name varchar, contact_id varchar)")
    for name, criteria in definitions:
        condition = " and ".join(f"({criterion})" for criterion in criteria.split("; "))
        connection.execute(
            f"insert into members select ?, contact_id from main_contacts.contact_traits"
            f" where not is_erased and {condition}",
            [name],
        )
    return connection.sql("from members").to_arrow_table()


def lookalikes_by_scikit_learn(connection: duckdb.DuckDBPyConnection, as_of: str) -> Any:  # noqa: ANN401
    """Logistic regression on levels and deciles of the traits that the project learns from.

    Each half of the contacts is scored by what was learnt from the other.
    """
    import pandas as pd
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.preprocessing import FunctionTransformer, KBinsDiscretizer, OneHotEncoder

    def columns(names: list[str], kind: str) -> FunctionTransformer:
        return FunctionTransformer(lambda rows: rows[names].astype(kind))

    learnt = connection.sql(
        "select segment_name, list(trait), list(is_number)"
        " from main_intermediate.int_lookalikes__traits group by all order by all"
    ).fetchall()
    contacts = connection.sql(
        "from main_contacts.contact_traits where not is_erased order by contact_id"
    ).df()
    scores = []
    for segment, traits, are_numbers in learnt:
        members = connection.sql(
            "select contact_id from main_segments.segment_memberships where segment_name = $name",
            params={"name": segment},
        ).df()
        is_member = contacts["contact_id"].isin(members["contact_id"])
        if not 0 < is_member.sum() < len(contacts):
            continue
        numbers = [trait for trait, is_number in zip(traits, are_numbers, strict=True) if is_number]
        texts = [trait for trait in traits if trait not in numbers]
        bins = KBinsDiscretizer(10, quantile_method="averaged_inverted_cdf")
        levels = OneHotEncoder(min_frequency=0.01, handle_unknown="infrequent_if_exist")
        filled = contacts.assign(**{name: contacts[name].fillna(-1) for name in numbers})
        parts = [make_pipeline(columns(texts, "str"), levels)]
        if numbers:
            parts.append(make_pipeline(columns(numbers, "float"), bins))
        model = make_pipeline(make_union(*parts), LogisticRegression(max_iter=1000))
        score = cross_val_predict(model, filled, is_member, cv=2, method="decision_function")
        scored = contacts[["contact_id"]].assign(segment_name=segment, is_member=is_member)
        scores.append(scored.assign(score=score))
    return pd.concat(scores)[["segment_name", "contact_id", "is_member", "score"]]


Peer = Callable[[duckdb.DuckDBPyConnection, str], Any]
PEERS: dict[tuple[str, str], Peer] = {
    ("RFM scores", "pandas"): rfm_by_pandas,
    ("RFM scores", "polars"): rfm_by_polars,
    ("purchase summaries", "lifetimes"): summaries_by_lifetimes,
    ("clusters of records", "scipy"): clusters_by_scipy,
    ("clusters of records", "igraph"): clusters_by_igraph,
    ("clusters of records", "Splink"): clusters_by_splink,
    ("sessions", "one window query"): sessions_by_window,
    ("segments", "a query each"): segments_by_queries,
    ("look-alikes", "scikit-learn"): lookalikes_by_scikit_learn,
}


def give(database: Path, answer: str, peer: str, as_of: str, to: Path) -> None:
    """Let a peer answer, and write what it says into a Parquet file."""
    with duckdb.connect(str(database), read_only=True, config={"threads": "2"}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        said = PEERS[answer, peer](connection, as_of)  # noqa: F841
    with duckdb.connect() as writer:
        writer.sql("from said").write_parquet(str(to))


def differing_rows(connection: duckdb.DuckDBPyConnection, answer: Answer, theirs: Path) -> int:
    """How many rows only one of both has, or has with another value."""
    said = connection.sql(f"from read_parquet('{theirs}')")
    ours = connection.sql(answer.ours)
    pairs = [
        (f'ours."{own}"', f'theirs."{name}"', kind)
        for own, name, kind in zip(ours.columns, said.columns, said.types, strict=True)
    ]
    keys = len(answer.keys)
    same_row = " and ".join(f"{own} = {other}" for own, other, _ in pairs[:keys])
    differs = " or ".join(
        f"coalesce(abs({own} - {other}) > {TOLERANCE}, true)"
        if str(kind) in {"DOUBLE", "FLOAT"}
        else f"{own} is distinct from {other}"
        for own, other, kind in pairs
    )
    (count,) = connection.sql(
        f"select count(*) from ({answer.ours}) as ours"
        f" full join read_parquet('{theirs}') as theirs on {same_row} where {differs}"
    ).fetchone()
    return count


def areas_under_curve(connection: duckdb.DuckDBPyConnection, theirs: Path) -> list[float]:
    """How often a member scores above somebody else, ours and theirs, on average of all segments."""
    return [
        connection.sql(f"""
            with ranked as (
                select segment_name, is_member,
                    rank() over (partition by segment_name order by score)
                    + (count(*) over (partition by segment_name, score) - 1) / 2 as place
                from ({scores}) as scores (segment_name, contact_id, is_member, score)
            ),
            sums as (
                select count_if(is_member) as members, count_if(not is_member) as others,
                    sum(place) filter (is_member) as places
                from ranked group by segment_name
            )
            select avg((places - members * (members + 1) / 2) / members / others) from sums
        """).fetchone()[0]
        for scores in (LOOKALIKES.ours, f"from read_parquet('{theirs}')")
    ]


def build(folder: Path, contacts: int) -> None:
    """Make up data of a size and build the project on it."""
    folder.mkdir(parents=True, exist_ok=True)
    generate(folder / "crm.duckdb", contacts, DAYS)
    dbt(folder, LAST_DAY, "seed", "-s", "path:seeds/reference")
    dbt(folder, LAST_DAY, "run")
    (folder / "full.json").write_text(json.dumps(seconds_by_node(folder)), encoding="utf-8")


def compare(folder: Path) -> int:
    """Print a table of all peers; how many of them say something else than the project."""
    database = folder / "crm.duckdb"
    took = json.loads((folder / "full.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(database), read_only=True) as connection:
        as_of = str(
            connection.sql(
                "select max(as_of_date) from main_contacts.contact_rfm_scores"
            ).fetchone()[0]
        )
    print("| answer | by | CPU s | elapsed s | peak GB | answers |")
    print("|---|---|---|---|---|---|")
    wrong, shown = 0, set()
    for name, peer in PEERS:
        answer = ANSWERS.get(name, LOOKALIKES)
        if name not in shown:
            seconds = sum(took[f"model.crm_segmentation.{model}"] for model in answer.models)
            count = f"{len(answer.models)} model{'s' if len(answer.models) > 1 else ''}"
            print(f"| {name} | this project, {count} | {seconds:.1f} | | | |")
            shown.add(name)
        with tempfile.TemporaryDirectory() as scratch:
            theirs = Path(scratch) / "answer.parquet"
            command = ["--folder", str(folder), "--give", name, peer, as_of, str(theirs)]
            cost = measured([sys.executable, __file__, *command])
            with duckdb.connect(str(database), read_only=True) as connection:
                if answer is LOOKALIKES:
                    ours, others = areas_under_curve(connection, theirs)
                    verdict = f"area under the curve {others:.4f}, ours {ours:.4f}"
                else:
                    rows = differing_rows(connection, answer, theirs)
                    wrong += rows > 0
                    verdict = f"{rows:,} rows differ" if rows else "the same"
        print(f"| {name} | {peer} | {cost} | {verdict} |", flush=True)
    return wrong


def main() -> int:
    """Measure the peers; 0 when each gives the project's answer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=SIZES, default="small", help="how many contacts")
    parser.add_argument("--folder", type=Path, help="what benchmarks/run.py --keep has left")
    parser.add_argument("--give", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.give:
        answer, peer, as_of, to = arguments.give
        give(arguments.folder / "crm.duckdb", answer, peer, as_of, Path(to))
        return 0
    if arguments.folder:
        return compare(arguments.folder)
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch), SIZES[arguments.size])
        return compare(Path(scratch))


if __name__ == "__main__":
    sys.exit(main())
