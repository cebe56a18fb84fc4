"""Push the audiences of a database with drt: to stand-ins of the platforms, or to the real ones.

    python examples/reverse_etl/sync.py shop.duckdb
    python examples/reverse_etl/sync.py shop.duckdb --send --only hubspot,klaviyo

Without --send nothing leaves this machine: stand-ins check every request as the platforms would,
and what they hold in the end is compared with the audiences. With it, addresses and tokens come
from the environment, and what was delivered is remembered in shop.sync, beside the database.

drt and what it needs: requirements-reverse-etl.txt, in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from built_tables import schemas_of_tables
from lists import names_of
from own_variables import own_variables
from stand_in import StandIn, serve
from vendors import VENDORS

HERE = Path(__file__).resolve().parent
PLATFORMS = yaml.safe_load((HERE / "platforms.yml").read_text(encoding="utf-8"))
PROJECT = HERE.parents[1] / "dbt_project.yml"
AUDIENCE = re.compile(r"audience_(\w+)__changes")
VARIABLE = re.compile(r"\$\{(\w+)\}")


def audiences(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The schema of the changes of every destination that is built, by its name."""
    schemas = schemas_of_tables(connection)
    found = {AUDIENCE.fullmatch(table): schema for table, schema in schemas.items()}
    return {match[1]: schema for match, schema in sorted(found.items(), key=str) if match}


def left_behind(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> list[str]:
    """Destinations whose tables are of an earlier build and hold people whom no run looks at now.

    What the variable destinations does not name any more keeps its tables, with members who may
    have withdrawn since: `audience_members` does not know the destination.

    Args:
        connection: The database.
        names: Destinations that have tables.
    """
    schemas = schemas_of_tables(connection)
    if "audience_members" not in schemas:
        return []
    members = f"{schemas['audience_members']}.audience_members"
    known = connection.sql(f"select distinct destination from {members}").fetchall()
    left = []
    for name in sorted(set(names) - {row[0] for row in known}):
        table = f"audience_{name}__contacts"
        # Nobody is in one that was switched off in the seed: its exits are still to be told.
        if table in schemas and connection.sql(f"from {schemas[table]}.{table} limit 1").fetchone():
            left.append(name)
    return left


def consent_channel() -> str | None:
    """The channel whose decision counts for ads where nobody decided about them; None: no other."""
    project = yaml.safe_load(PROJECT.read_text(encoding="utf-8"))
    variables = project["vars"]["crm_segmentation"] | own_variables()
    default = variables["consent_defaults"].get("ads")
    return default if isinstance(default, str) else None


def select_of(name: str, schemas: Mapping[str, str], channel: str | None) -> str:
    """The query of what a platform is told: its changes, who decided for ads, who holds a hash.

    Args:
        name: The destination.
        schemas: The schema of every table.
        channel: The channel that ads follow, where one does.
    """
    platform = PLATFORMS[name]
    changes = f'built."{schemas[f"audience_{name}__changes"]}".audience_{name}__changes'
    identifiers = platform.get("identifiers", [])
    columns, joins = ["changes.*"], []
    if identifiers:
        consents = f'built."{schemas["contact_consents"]}".contact_consents'
        followed = f"'{channel}'" if channel else "null"
        columns.append("consents.has_ad_consent")
        joins.append(f"""
            left join (
                select contact_id, true as has_ad_consent from {consents}
                group by contact_id
                having coalesce(
                    bool_or(case when channel = 'ads' then is_granted end),
                    bool_or(case when channel = {followed} then is_granted end)
                )
            ) as consents on changes.is_member and changes.contact_id = consents.contact_id""")
    for column in identifiers:
        columns.append(f"holders_{column}.lists as {column}__lists")
        joins.append(f"""
            left join (
                select {column}, string_agg({platform["lists"]}, ',') as lists from {changes}
                where is_member group by {column}
            ) as holders_{column} on changes.{column} = holders_{column}.{column}""")
    return f"select {', '.join(columns)} from {changes} as changes {' '.join(joins)}"


def list_names(
    connection: duckdb.DuckDBPyConnection, name: str, schemas: Mapping[str, str]
) -> set[str]:
    """The lists of a platform: all segments that are defined, and those that somebody is in."""
    column = PLATFORMS[name]["lists"]
    table = f'"{schemas[f"audience_{name}__changes"]}".audience_{name}__changes'
    rows = connection.sql(f"select distinct {column} from {table} where is_member").fetchall()
    names = {name for (text,) in rows for name in names_of(text)}
    if schema := schemas.get("segment_definitions"):
        defined = connection.sql(f'select segment_name from "{schema}".segment_definitions')
        prefix = PLATFORMS[name].get("prefix", "")
        names |= {prefix + segment for (segment,) in defined.fetchall()}
    return names


def write_project(
    database: Path, folder: Path, names: Iterable[str], ids: Mapping[str, Any] | None = None
) -> None:
    """Write drt's project for some destinations, with a copy of what it reads.

    drt opens DuckDB to write and would keep dbt out, so it reads a copy, which holds nothing else.

    Args:
        database: The DuckDB file that dbt built.
        folder: Where drt works; its cursors in .drt stay from run to run.
        names: The destinations.
        ids: For each ad platform the id of each list; the names themselves where left out.
    """
    (folder / "syncs").mkdir(parents=True, exist_ok=True)
    (folder / "home" / ".drt").mkdir(parents=True, exist_ok=True)
    for old in (folder / "syncs").glob("*.yml"):
        old.unlink()
    copy = folder / "published.duckdb"
    copy.unlink(missing_ok=True)
    known_file = folder / "lists.json"
    known = json.loads(known_file.read_text(encoding="utf-8")) if known_file.exists() else {}
    channel = consent_channel()
    with duckdb.connect(str(copy)) as connection:
        connection.execute(
            f"attach '{str(database).replace(chr(39), chr(39) * 2)}' as built (read_only)"
        )
        connection.execute("use built")
        schemas = schemas_of_tables(connection)
        for name in names:
            lists: dict[str, str] = {}
            if "lists" in PLATFORMS[name]:
                # A list that somebody was once put on is told of who left it, for good.
                known[name] = sorted({*known.get(name, []), *list_names(connection, name, schemas)})
                has_own_ids = ids is not None and "identifiers" in PLATFORMS[name]
                lists = ids[name] if has_own_ids else {one: one for one in known[name]}
            sql = select_of(name, schemas, channel)
            connection.execute(f"create table published.main.{name} as {sql}")
            write_sync(folder / "syncs" / f"{name}.yml", name, lists, is_rehearsal=ids is None)
    known_file.write_text(json.dumps(known, indent=1), encoding="utf-8")
    profile = {"crm": {"type": "duckdb", "database": str(copy)}}
    texts = {
        "drt_project.yml": {"name": "crm_audiences", "version": "0.1", "profile": "crm"},
        "home/.drt/profiles.yml": profile,
    }
    for place, content in texts.items():
        (folder / place).write_text(yaml.safe_dump(content), encoding="utf-8")


def write_sync(path: Path, name: str, lists: Mapping[str, str], *, is_rehearsal: bool) -> None:
    """Write the sync of a destination: everything that changed since the cursor, member or not."""
    platform = PLATFORMS[name]
    wait = {"initial_backoff": 0.01, "max_backoff": 1} if is_rehearsal else {"max_backoff": 120}
    pace = 1000 if is_rehearsal else platform["per_second"]
    sync = {
        "name": name,
        "model": f"select * from main.{name}",
        "destination": {"type": "platform", "platform": platform, "lists": dict(lists)},
        "sync": {
            "mode": "incremental",
            "cursor_field": "updated_at",
            # What drt hands over at once goes by one connection; the destination cuts it to size.
            "batch_size": max(1000, platform["batch"]),
            # skip would move the cursor past what it skipped, and nobody would send it again.
            "on_error": "fail",
            "rate_limit": {"requests_per_second": pace},
            "retry": {"max_attempts": 5, **wait},
        },
    }
    path.write_text(yaml.safe_dump(sync, sort_keys=False, width=200), encoding="utf-8")


def run_drt(
    folder: Path, python: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run every sync once.

    Args:
        folder: drt's project.
        python: The Python of drt's environment.
        environment: Addresses and tokens, beside the variables of this process.

    Returns:
        The finished process; its exit code is not 0 when a sync failed.
    """
    quiet = {"HOME": str(folder / "home"), "DO_NOT_TRACK": "1", "DRT_TELEMETRY": "0"}
    command = [str(python), str(HERE / "platform_destination.py"), "run"]
    return subprocess.run(
        *(command,),
        cwd=folder,
        env={**os.environ, **quiet, **environment},
        check=False,
        capture_output=True,
        text=True,
    )


def members(database: Path, name: str) -> dict[Any, Any]:
    """What a platform should hold: address and lists by key, or the hashes of each list."""
    key, mail, column = VENDORS[name].content
    with duckdb.connect(str(database), read_only=True) as connection:
        schema = audiences(connection)[name]
        table = f'"{schema}".audience_{name}__contacts'
        columns = f"{key}, {mail or 'null'}, {column}"
        rows = connection.sql(f"select {columns} from {table}").fetchall()
    if "identifiers" in PLATFORMS[name]:
        hashes: dict[Any, Any] = {}
        for one, other, text in rows:
            for part in text.split(","):
                hashes.setdefault(part, set()).update({one, other} - {None})
        return hashes
    return {one: (mail, sorted(segments_of(text))) for one, mail, text in rows}


def segments_of(text: str) -> list[str]:
    """The segments of a member, in whatever way its platform writes them."""
    if text.startswith("{"):
        values = json.loads(text)
        return values["crmSegments"] if "crmSegments" in values else values["segments"].split(",")
    return json.loads(text) if text.startswith("[") else re.split("[;,] ?", text)


def differences(database: Path, stand_in: StandIn, names: Iterable[str]) -> list[str]:
    """Who is held differently by a platform and by its audience, by our ids or by list alone."""
    wrong = []
    for name in names:
        expected, held = members(database, name), stand_in.held[name]
        if "identifiers" in PLATFORMS[name]:
            lists = {one: hashes for one, hashes in held.items() if hashes}
            for one in sorted(expected.keys() | lists.keys()):
                count = len(expected.get(one, set()) ^ lists.get(one, set()))
                if count:
                    wrong.append(f"{name}: {count} hashes differ on the list {one}")
            continue
        found = {
            key: (value.get("email"), sorted(value["lists"]))
            for key, value in held.items()
            if value.get("lists")
        }
        differing = [k for k in expected.keys() | found.keys() if expected.get(k) != found.get(k)]
        wrong += [f"{name}: {key} differs" for key in sorted(differing)]
    return wrong


def missing_settings(name: str, ids: Mapping[str, Any]) -> list[str]:
    """What has to be set before a destination can be sent to, as a person would write it."""
    platform = PLATFORMS[name]
    named = set(VARIABLE.findall(json.dumps(platform)))
    if "default" not in platform["address"]:
        named.add(platform["address"]["variable"])
    missing = [variable for variable in sorted(named) if not os.environ.get(variable)]
    if "identifiers" in platform and not ids.get(name):
        missing.append(f"the ids of its lists in the file of --lists ({name}: {{segment: id}})")
    return missing


def rehearse(database: Path, names: Sequence[str]) -> int:
    """Sync into empty stand-ins that fail at first; 0 when they hold what they should."""
    with tempfile.TemporaryDirectory() as folder, serve() as stand_in:
        write_project(database, Path(folder), names)
        stand_in.failures = [429, 503]
        done = run_drt(Path(folder), Path(sys.executable), stand_in.environment())
        print(done.stdout + done.stderr)
        wrong = differences(database, stand_in, names)
    failed = sum(status >= 400 for *_, status, _ in stand_in.requests)
    print(
        f"{len(stand_in.requests)} requests, of which the stand-ins refused {failed}: the first"
        " two on purpose (429 and 503), to see that a delivery is tried again."
    )
    for name in names:
        what = "lists" if "identifiers" in PLATFORMS[name] else "contacts"
        print(f"  {name}: {len(stand_in.held[name])} {what}")
    print("\n".join(wrong) or "All hold exactly the members of their audience.")
    print("Nothing left this machine: these were stand-ins. make sync SEND=1 sends.")
    return 1 if wrong or done.returncode else 0


def send(database: Path, names: Sequence[str], folder: Path, ids: Mapping[str, Any]) -> int:
    """Sync to the platforms themselves; 0 when every sync went well."""
    write_project(database, folder, names, ids)
    done = run_drt(folder, Path(sys.executable), {})
    print(done.stdout + done.stderr)
    # drt's copy is personal data, and the next run writes it anew.
    (folder / "published.duckdb").unlink()
    if done.returncode:
        print("What was not delivered goes with the next run.")
    return done.returncode


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and sync: 0 went well, 1 something did not, 2 nothing to be done."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    named = Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb"))
    parser.add_argument("database", type=Path, nargs="?", default=named, help="DuckDB file")
    parser.add_argument("--send", action="store_true", help="to the platforms, not to stand-ins")
    parser.add_argument("--only", default="", help="destinations, separated by commas")
    parser.add_argument("--lists", type=Path, help="YAML file: {meta: {segment: id of its list}}")
    parser.add_argument("--target", default="duckdb", help="must be duckdb")
    given = parser.parse_args(arguments)
    database = given.database
    if given.target != "duckdb":
        print(f"make sync reads DuckDB files, and {given.target} is none.")
        print("examples/reverse_etl/README.md says how drt reads PostgreSQL.")
        return 2
    if not database.exists():
        print(f"{database} is not there. Build it first: CRM_DUCKDB_PATH={database} make build")
        return 2
    os.environ["CRM_DUCKDB_PATH"] = str(database)
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            built = audiences(connection)
            left = left_behind(connection, built)
    except duckdb.Error as error:
        print(f"{database} cannot be read, perhaps because dbt is building it: {error}")
        return 2
    remedy = f"name it in the variable destinations and run CRM_DUCKDB_PATH={database} make build"
    built = {name: schema for name, schema in built.items() if name not in left}
    if left:
        print(
            f"Not synced, because the last build left them out, so that their tables are not of"
            f" today: {', '.join(left)}. To have one again, {remedy}."
        )
    only = [name.strip() for name in given.only.split(",") if name.strip()]
    for name in only:
        if name not in PLATFORMS:
            print(f"{name} has no sync: those that have one are {', '.join(PLATFORMS)}.")
        elif name not in built and name not in left:
            print(f"{name} has no audience in {database}: {remedy}.")
    if any(name not in PLATFORMS or name not in built for name in only):
        return 2
    names = [name for name in PLATFORMS if name in built and (not only or name in only)]
    if not names:
        print(f"{database} has no audience of a destination that has a sync: {remedy}.")
        return 2
    print(f"Audiences of {database} with a sync: {', '.join(names)}.")
    if not only:
        others = [name for name in PLATFORMS if name not in built and name not in left]
        if others:
            print(f"Not built, and so not synced: {', '.join(others)}. To have one, {remedy}.")
        if unsent := [name for name in built if name not in PLATFORMS]:
            print(f"Built and without a sync here: {', '.join(unsent)}. See docs/activation.md.")
    if not given.send:
        return rehearse(database, names)
    lists = given.lists or database.with_suffix(".lists.yml")
    ids = yaml.safe_load(lists.read_text(encoding="utf-8")) or {} if lists.exists() else {}
    lacking = {name: missing_settings(name, ids) for name in names}
    for name, missing in lacking.items():
        if missing:
            print(f"{name} is not sent: set {', '.join(missing)}.")
    ready = [name for name in names if not lacking[name]]
    if not ready or (only and len(ready) < len(names)):
        return 2
    return send(database, ready, database.with_suffix(".sync").absolute(), ids)


if __name__ == "__main__":
    sys.exit(main())
