"""Identity resolution on made-up records: the compiled models, run in turn in DuckDB."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import duckdb
import networkx as nx
import pandas as pd
from project import RELATION, ROOT

# In the order in which they are built. For CLUSTERING, which select pairs, networkx stands in.
MODELS = [
    "int_identity__records",
    "int_identity__other_identifiers",
    "int_identity__blocked_keys",
    "int_identity__identifiers",
    "int_identity__certain_edges",
    "int_identity__certain_people",
    "int_identity__personal_identifiers",
    "int_identity__personal_values",
    "int_identity__disputed_personal_identifiers",
    "int_identity__personal_chains",
    "int_identity__disputed_personal_chains",
    "int_identity__people",
    "int_identity__divided_identifiers",
    "int_identity__shared_identifiers",
    "int_identity__distinguishing_values",
    "int_identity__disputed_identifiers",
    "int_identity__chains",
    "int_identity__disputed_chains",
    "int_identity__edges",
    "int_identity__link_ends",
    "int_identity__clusters",
    "int_identity__twins",
    "int_identity__erasure_signals",
    "int_identity__erasures",
    "int_identity__erased_records",
    "int_identity__known_identifiers",
    "int_identity__erased_keys",
    "int_identity__erasure_reviews",
    "int_identity__ledger",
    "int_identity__assignments",
    "contact_records",
    "contact_merges",
    "contact_record_links",
    "int_identity__past_identifiers",
    "int_contacts__known_records",
    "int_contacts__identifier_owners",
    "int_contacts__separations",
    "int_identity__judged_identifiers",
    "identity_blocked_identifiers",
]
CLUSTERING = {
    "int_identity__certain_people",
    "int_identity__personal_chains",
    "int_identity__chains",
    "int_identity__twins",
}
# What is kept between builds, with its columns.
MEMORIES = {
    "int_identity__erasures": """record_id varchar, build_number integer, known_on date,
        twin_id varchar, erasure_reason varchar, erased_at timestamp""",
    "int_identity__known_identifiers": """record_id varchar, build_number integer, known_on date,
        identifier_type varchar, identifier_key varchar, is_joining boolean""",
    "int_identity__ledger": """record_id varchar, build_number integer, known_on date,
        first_seen_at timestamp, contact_id varchar, link_type varchar, is_erased boolean""",
}
INPUTS = {
    "stg_people__contacts": """record_id varchar, source_system varchar, source_contact_id varchar,
        email varchar, phone_e164 varchar, phone_line varchar, birth_date date, first_name varchar,
        last_name varchar, raw_country varchar, country_code varchar, created_at timestamp,
        is_erased boolean""",
    "stg_people__contact_identifiers": """record_id varchar, source_system varchar,
        source_contact_id varchar, source_identifier_type varchar, identifier_type varchar,
        is_known_type boolean, identifier_value varchar, raw_identifier_value varchar,
        seen_at timestamp, raw_seen_at varchar""",
    "base_people__phone_numbers": """phone varchar, country_code varchar, phone_e164 varchar,
        phone_line varchar, rejection_reason varchar""",
    "int_identity__logins": "record_id varchar, anonymous_id varchar",
    "stg_people__former_identifiers": """record_id varchar, identifier_type varchar,
        identifier_key varchar""",
    "int_identity__fuzzy_edges": """record_id_a varchar, record_id_b varchar,
        match_probability double""",
    "int_identity__erasure_requests": "record_id varchar, asked_at timestamp",
    "stg_people__consents": """record_id varchar, channel varchar, consent_status varchar,
        occurred_at timestamp""",
    "erasure_decisions": "record_id varchar, decision varchar, decided_on date",
}
BEFORE_THE_FIRST_BUILD = re.compile(r"all_entries as \(.*?where 1 = 0\s*\)", re.S)
AS_OF_DATE = re.compile(r"cast\('[0-9-]{10}' as date\)")

Record = Mapping[str, object]


def components(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The lowest node of the component of each node that a pair joins to another."""
    graph = nx.Graph((a, b) for a, b in pairs if a != b)
    lowest_of: dict[int, int] = {}
    for component in nx.connected_components(graph):
        lowest_of |= dict.fromkeys(component, min(component))
    return lowest_of


def number_of_line(line: str) -> dict[str, str]:
    """A phone number with and without its extension."""
    return {"phone_e164": line.split(";")[0], "phone_line": line}


class Identity:
    """A warehouse with nothing in it but identity resolution; its ledger is kept between builds."""

    def __init__(self, compiled: Callable[[str], str], last_model: str = MODELS[-1]) -> None:
        """Start with an empty ledger.

        Args:
            compiled: The compiled SQL of a model, by the model's name.
            last_model: Where a build ends; what it does not need takes time.
        """
        self.models = MODELS[: MODELS.index(last_model) + 1]
        settings = {"autoinstall_known_extensions": "false", "threads": 1}
        self.connection = duckdb.connect(config=settings)
        self.connection.sql("set TimeZone = 'UTC'")
        self.sql = {name: RELATION.sub(r'"\1"', compiled(name)) for name in self.models}
        for memory in set(MEMORIES) & set(self.sql):
            self.sql[memory], count = BEFORE_THE_FIRST_BUILD.subn(
                f"all_entries as (select * from {memory})", self.sql[memory]
            )
            assert count == 1
        for table, columns in (INPUTS | MEMORIES).items():
            self.connection.sql(f"create table {table} ({columns})")
        for seed in ("identifier_types", "placeholder_identifiers", "first_name_variants"):
            path = ROOT / f"seeds/reference/{seed}.csv"
            rows = pd.read_csv(path, keep_default_na=False, na_values=[""])
            self.connection.register("seed_rows", rows)
            self.connection.sql(f"create table {seed} as select * from seed_rows")

    def build(self, records: Iterable[Record], as_of: str = "2026-06-30") -> dict[str, str]:
        """Build every model on the records; the ledger alone remembers the build before.

        Args:
            records: Columns of stg_people__contacts by name, record_id among them; further
                identifiers as `identifiers`, pairs of type and value, phone numbers in E.164;
                anonymous ids as `logins`. A number may end in an extension, as in ;ext=12.
                A record that `is_erased` asks for erasure, at `asked_at` if there is one; one that
                `is_rejected` has no usable row. `consents` are pairs of status and moment, and
                `decision` is what was decided.
            as_of: The as-of date of the build, yyyy-mm-dd.

        Returns:
            The contact id of every record.
        """
        columns = [column.split()[0] for column in INPUTS["stg_people__contacts"].split(",")]
        contacts, identifiers, logins = [], [], []
        requests, consents, decisions = [], [], []
        phones: set[tuple[object, ...]] = set()
        for number, record in enumerate(records):
            record_id = record["record_id"]
            defaults: dict[str, object] = {
                "source_system": "shop",
                "source_contact_id": record_id,
                "created_at": f"2025-01-01 00:00:{number % 60:02}",
                "is_erased": False,
            }
            if line := record.get("phone_e164"):
                record = {**record, **number_of_line(line)}
            contacts.append([{**defaults, **record}.get(column) for column in columns])
            for kind, value in record.get("identifiers", ()):
                row = (record_id, "shop", record_id, kind, kind, True, value.lower(), value)
                identifiers.append((*row, None, None))
                if kind == "phone":
                    phones.add((value, "DE", *number_of_line(value).values(), None))
            logins += [(record_id, anonymous_id) for anonymous_id in record.get("logins", ())]
            requests += [(record_id, record.get("asked_at"))] if record.get("is_erased") else []
            consents += [(record_id, "email", *consent) for consent in record.get("consents", ())]
            if "decision" in record:
                decisions.append((record_id, record["decision"], as_of))
            if record.get("is_rejected"):
                contacts.pop()
        for table, rows in {
            "stg_people__contacts": contacts,
            "stg_people__contact_identifiers": identifiers,
            "base_people__phone_numbers": list(phones),
            "int_identity__logins": logins,
            "int_identity__erasure_requests": requests,
            "stg_people__consents": consents,
            "erasure_decisions": decisions,
        }.items():
            width = len(INPUTS[table].split(","))
            frame = pd.DataFrame(rows, columns=[f"c{n}" for n in range(width)], dtype=object)
            self.connection.register("input_rows", frame)
            self.connection.sql(f"delete from {table}")
            self.connection.sql(f"insert into {table} select * from input_rows")
        for name in self.models:
            self._run(name, AS_OF_DATE.sub(f"cast('{as_of}' as date)", self.sql[name]))
        rows = self.connection.sql("select record_id, contact_id from contact_records").fetchall()
        return dict(rows)

    def _run(self, name: str, sql: str) -> None:
        """Build one model."""
        if name in MEMORIES:
            self.connection.sql(f"insert into {name} {sql}")
            return
        if name in CLUSTERING:
            nodes = components(self.connection.sql(sql).fetchall())
            frame = pd.DataFrame(nodes.items(), columns=["node", "component"], dtype="int64")
            self.connection.register("component_rows", frame)
            sql = "select * from component_rows"
        self.connection.sql(f"create or replace table {name} as {sql}")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query."""
        return self.connection.sql(sql).fetchall()
