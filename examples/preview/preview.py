"""Show what a change of segments, suppressions or variables would do, before anybody builds it.

    python examples/preview/preview.py
    python examples/preview/preview.py --vars '{churned_days: 180}' --markdown

The project as it stands in this folder is held against the tables of the last build, as of the
same day. The database is attached read-only and stays as it is: dbt builds what follows from the
change into a file that is thrown away, and reads everything else from the last build (--defer).
Segments and suppressions are worked out from the traits as they were built. With a new trait or any
other variable all that stands between staging and audiences is worked out again, but for who is one
person and for what the project remembers.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "build"))
from built_tables import schemas_of_tables
from own_variables import own_variables

ROOT = Path(__file__).resolve().parents[2]
# What follows from segments and suppressions, the traits being as they are.
FOLLOWING = ("segment_definitions", "segment_memberships", "contact_primary_segments")
FOLLOWING += ("segment_suppressions", "segment_overlaps", "int_audiences__eligibility")
FOLLOWING += ("audience_members",)
# Variables that say which segments and suppressions there are.
OF_SEGMENTS = {"segments", "disabled_segments", "shipped_segments"}
OF_SEGMENTS |= {"suppressions", "disabled_suppressions"}
# What a variable may change besides: all that leads there, but for memories and identities.
LEADING = ("+audience_members", "+segment_overlaps", "+contact_primary_segments")
REMEMBERED = ("config.materialized:incremental", "path:models/intermediate/identity")
REMEMBERED += ("path:models/intermediate/activity", "path:models/intermediate/quality")
REMEMBERED += ("path:models/staging", "path:models/connectors", "resource_type:seed")

# What is counted: SQL with the database in front of the schemas, which gives a name and a contact.
MEMBERS = "select segment_name as name, contact_id from {}{segments}.segment_memberships"
PRIMARY = "select segment_name as name, contact_id from {}{segments}.contact_primary_segments"
ELIGIBLE = """
    select distinct destination as name, contact_id
    from {}{audiences}.audience_members
    where is_eligible
"""
DEFINED = "select segment_name from {}{segments}.segment_definitions"
SENT = DEFINED + " where channels is not null"
REACHED = "select distinct segment_name as name, contact_id from {}{audiences}.audience_members"
REACHED += " where is_eligible"
HELD_BACK = """
    select segment_name, held_back_reason, count(distinct contact_id) as contact_count
    from {}{audiences}.audience_members
    where not is_eligible
    group by all
    order by segment_name, contact_count desc, held_back_reason
"""
COUNTS = """
    select
        coalesce(new_rows.name, old_rows.name) as name,
        count(old_rows.contact_id) as now,
        count(new_rows.contact_id) as then,
        count(*) filter (where old_rows.contact_id is null) as entering,
        count(*) filter (where new_rows.contact_id is null) as leaving

    from ({new}) as new_rows

    full outer join ({old}) as old_rows
        on new_rows.name = old_rows.name and new_rows.contact_id = old_rows.contact_id

    group by all
    order by name
"""
TWINS = """
    select segment_name || ' and ' || other_segment_name as pair
    from {}{segments}.segment_overlaps
    where jaccard >= {jaccard}
"""
HEADS = {
    "segments": "Members of segments",
    "primary": "Contacts by primary segment",
    "audiences": "Contacts that each destination may contact",
}


class Preview:
    """The tables of the last build, and beside them those that the change would make.

    Attributes:
        database: The DuckDB file of the last build; it is only read.
        folder: Where everything is written.
        variables: The variables of this company's data.
        changed: Variables that the change gives other values.
        traits: The traits that were built.
    """

    def __init__(self, database: Path, folder: Path, changed: dict[str, Any]) -> None:
        """Take the day that was last built, so that nothing but the change tells the two apart."""
        self.database, self.folder, self.changed = database, folder, changed
        with duckdb.connect(str(database), read_only=True) as connection:
            self.schemas = schemas_of_tables(connection)
            if "run_info" not in self.schemas:
                sys.exit(f"{database} holds no build of this project: run make build first.")
            day = connection.sql(f"select as_of_date from {self.schemas['run_info']}.run_info")
            (as_of,) = day.fetchall()[0]
            traits = f"describe {self.schemas['contact_traits']}.contact_traits"
            self.traits = {column for column, *_ in connection.sql(traits).fetchall()}
        self.variables = {**own_variables(), "as_of_date": f"{as_of:%Y-%m-%d}"}

    def build(self) -> None:
        """Have dbt build what follows from the change.

        Raises:
            RuntimeError: dbt could not; the message is its own.
        """
        profiles = yaml.safe_load((ROOT / "profiles.yml").read_text(encoding="utf-8"))
        output = profiles["crm_segmentation"]["outputs"]["duckdb"]
        output["path"] = str(self.folder / "preview.duckdb")
        output["attach"] = [{"path": str(self.database.absolute()), "read_only": True}]
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")

        project = self._dbt(["parse"]).result
        # Where the last build has each table: in the same schema of the other file.
        state = (self.folder / "target/manifest.json").read_text(encoding="utf-8")
        for quote in ('"', '\\"'):
            state = state.replace(f"{quote}preview{quote}", f"{quote}{self.database.stem}{quote}")
        (self.folder / "state").mkdir()
        (self.folder / "state/manifest.json").write_text(state, encoding="utf-8")

        traits = {*project.nodes["model.crm_segmentation.contact_traits"].columns}
        is_more = set(self.changed) - OF_SEGMENTS or traits - self.traits
        selected = ["-s", *(LEADING if is_more else FOLLOWING)]
        selected += ["--exclude", *REMEMBERED] if is_more else []
        deferred = ["--defer", "--favor-state", "--state", str(self.folder / "state")]
        self._dbt(["run", *selected, *deferred], project)

    def _dbt(self, command: Sequence[str], project: Manifest | None = None) -> dbtRunnerResult:
        """Run one dbt command, on a project that was read before where there is one."""
        flags = ["--profiles-dir", str(self.folder), "--project-dir", str(ROOT), "--quiet"]
        # What went wrong is told once, by whoever catches it.
        flags += ["--log-level", "none", "--target-path", str(self.folder / "target")]
        flags += ["--log-path", str(self.folder / "logs")]
        flags += ["--vars", json.dumps(self.variables | self.changed)]
        try:
            result = dbtRunner(manifest=project).invoke([*command, *flags])
        finally:
            DuckDBConnectionManager.close_all_connections()
        if not result.success:
            nodes = getattr(result.result, "results", None) or []
            failed = [f"{n.node.name}: {n.message}" for n in nodes if str(n.status) == "error"]
            raise RuntimeError(str(result.exception or "\n".join(failed)))
        return result

    @contextmanager
    def both(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to what the change would make, with the last build attached."""
        with duckdb.connect(str(self.folder / "preview.duckdb"), read_only=True) as connection:
            connection.sql(f"attach '{self.database.absolute()}' (read_only)")
            yield connection

    def sides(self, sql: str, **more: object) -> dict[str, str]:
        """A query on the last build (old) and on what the change would make (new)."""
        schemas = {
            "segments": self.schemas["segment_memberships"],
            "audiences": self.schemas["audience_members"],
        }
        last = f'"{self.database.stem}".'
        return {
            "old": sql.format(last, **schemas, **more),
            "new": sql.format("", **schemas, **more),
        }


def changes(preview: Preview) -> dict[str, list[tuple[Any, ...]]]:
    """What would change, by the parts of HEADS: rows of name, now, then, entering and leaving."""
    counted = {"segments": MEMBERS, "primary": PRIMARY, "audiences": ELIGIBLE}
    with preview.both() as connection:
        return {
            part: connection.sql(COUNTS.format(**preview.sides(sql))).fetchall()
            for part, sql in counted.items()
        }


def warnings(preview: Preview, members: Iterable[tuple[Any, ...]]) -> list[str]:
    """What somebody should look at before the change is merged, a sentence each.

    Args:
        preview: A preview that is built.
        members: The part `segments` of its changes.
    """
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    limits = project["vars"]["crm_segmentation"] | preview.variables | preview.changed
    smallest = limits["segment_smallest_count"]
    twins = preview.sides(TWINS, jaccard=limits["segment_twin_jaccard"])
    with preview.both() as connection:
        before, after = (
            {name for (name,) in connection.sql(preview.sides(DEFINED)[side]).fetchall()}
            for side in ("old", "new")
        )
        sent = {name for (name,) in connection.sql(preview.sides(SENT)["new"]).fetchall()}
        reached = connection.sql(COUNTS.format(**preview.sides(REACHED))).fetchall()
        reasons: dict[str, list[tuple[str, int]]] = {}
        for name, reason, count in connection.sql(preview.sides(HELD_BACK)["new"]).fetchall():
            reasons.setdefault(name, []).append((reason, count))
        pairs = connection.sql(f"{twins['new']} except {twins['old']} order by 1").fetchall()

    told = [f"{name} would be no segment any more." for name in sorted(before - after)]
    counts = {name: (now, then) for name, now, then, *_ in members}
    for name in sorted(after):
        now, then = counts.get(name, (0, 0))
        if not then and (now or name not in before):
            told.append(f"{name} would be empty: nobody fits its criteria.")
        elif 0 < then < smallest and not 0 < now < smallest:
            few = f"{name} would have {then} members, fewer than segment_smallest_count"
            told.append(f"{few} ({smallest}).")
    told += [
        f"No destination could contact a member of {name}; today {now} can be."
        for name, now, then, *_ in reached
        if now and not then and name in after
    ]
    reachable = {name for name, _, then, *_ in reached if then}
    told += [
        unreached(name, counts[name][1], reasons.get(name, []))
        for name in sorted(sent - before - reachable)
        if counts.get(name, (0, 0))[1]
    ]
    return told + [f"{pair} would be nearly the same people." for (pair,) in pairs]


def unreached(name: str, count: int, reasons: Sequence[tuple[str, int]]) -> str:
    """What to say of a segment whose members nobody could contact.

    Args:
        name: The segment.
        count: Its members.
        reasons: Why members are held back, each with how many, the commonest first; none where no
            destination has a channel of the segment.
    """
    said = f"No destination could contact any of the {count} members of {name}: "
    if not reasons:
        return f"{said}the variable destinations names none for its channels."
    counted = ", ".join(f"{reason} {number}" for reason, number in reasons)
    hint = ""
    if reasons[0][0] == "lower_priority_segment":
        hint = " Give it a lower priority number if its message should win."
    return f"{said}{counted} (docs/glossary.md says what each means).{hint}"


def table(rows: Sequence[tuple[Any, ...]], *, markdown: bool) -> list[str]:
    """Rows of name, now, then, entering and leaving as lines, columns below each other."""
    if markdown:
        head = ["| name | now | then | enter | leave |", "|---|---:|---:|---:|---:|"]
        return head + ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    width = max(len(row[0]) for row in rows)
    head = [" " * width + "     now    then   enter   leave"]
    return head + [row[0].ljust(width) + "".join(f"{n:>8}" for n in row[1:]) for row in rows]


def report(
    found: Mapping[str, Sequence[tuple[Any, ...]]], told: Sequence[str], *, markdown: bool
) -> str:
    """Changes and warnings as text for a terminal, or as Markdown for a pull request."""
    mark = "### " if markdown else ""
    lines: list[str] = []
    for part, head in HEADS.items():
        changed = [row for row in found[part] if row[3] or row[4]]
        same = f"{len(found[part]) - len(changed)} others stay as they are."
        lines += [mark + head, "", *(table(changed, markdown=markdown) if changed else [])]
        lines += ["", same, ""] if changed else ["Nothing changes.", ""]
    if told:
        lines += [f"{mark}To look at", "", *(f"- {warning}" for warning in told)]
    return "\n".join(lines).rstrip()


def without_trace(message: str) -> str:
    """A message of dbt without the macros that it came through."""
    traced = ("Compilation Error in", "> in macro", "> called by")
    lines = [line for line in message.splitlines() if not line.strip().startswith(traced)]
    return "\n".join(lines).strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what would change; 0 when the change can be built."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--vars", default="{}", help="variables that the change gives other values")
    parser.add_argument("--markdown", action="store_true", help="tables for a pull request")
    given = parser.parse_args(arguments)
    database = Path(os.environ.get("CRM_DUCKDB_PATH", "crm.duckdb"))
    if not database.exists():
        sys.exit(f"{database} does not exist: run make build first, or set CRM_DUCKDB_PATH.")
    with tempfile.TemporaryDirectory() as name:
        preview = Preview(database, Path(name), yaml.safe_load(given.vars) or {})
        try:
            preview.build()
        except RuntimeError as error:
            sys.exit(f"The change cannot be built:\n{without_trace(str(error))}")
        found = changes(preview)
        told = warnings(preview, found["segments"])
        print(report(found, told, markdown=given.markdown))
    return 0


if __name__ == "__main__":
    sys.exit(main())
