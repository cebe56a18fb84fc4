"""A real reverse-ETL tool brings every platform to exactly the members, whatever goes wrong.

Needs drt: CRM_DRT names its program, in an environment made from requirements-reverse-etl.txt.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import DESTINATIONS, ROOT

sys.path.insert(0, str(ROOT / "examples" / "reverse_etl"))
from signing import signature
from stand_in import StandIn, serve
from sync import PLATFORMS, differences, left_behind, main, members, run_drt, write_project
from vendors import VENDORS

pytestmark = [
    pytest.mark.reverse_etl,
    pytest.mark.skipif("CRM_DRT" not in os.environ, reason="Needs drt: run it by make test."),
]

NAMES = list(PLATFORMS)
ADS = [name for name in NAMES if "identifiers" in PLATFORMS[name]]
KEYS = {row["destination"]: row["key_column"] for row in DESTINATIONS}
# Members of each audience that the tests keep: Mailchimp takes two requests for each.
KEPT = 40


def python() -> Path:
    """The Python of drt's environment."""
    return Path(os.environ["CRM_DRT"]).with_name("python")


def table(name: str, kind: str = "changes") -> str:
    return f"main_audiences.audience_{name}__{kind}"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with serve() as serving:
        yield serving


@pytest.fixture
def database(demo_database: Path, tmp_path: Path) -> Path:
    path = Path(shutil.copy(demo_database, tmp_path / "crm.duckdb"))
    with duckdb.connect(str(path)) as connection:
        for name in NAMES:
            key = KEYS[name]
            some = f"select {key} from {table(name)} order by 1 limit {KEPT}"
            for kind in ("contacts", "changes"):
                sql = f"delete from {table(name, kind)} where {key} not in ({some})"
                if kind == "contacts":
                    connection.execute(sql)
            connection.execute(
                f"delete from {table(name)} where {key} not in"
                f" (select {key} from {table(name, 'contacts')})"
            )
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drt").mkdir()
    return tmp_path / "drt"


def named(different: list[str]) -> set[str]:
    """The platforms that hold something else than their audience."""
    return {one.partition(":")[0] for one in different}


def sync(database: Path, folder: Path, stand_in: StandIn, *names: str) -> int:
    """Write the project and run every sync once; gives the exit code."""
    write_project(database, folder, names or NAMES)
    return run_drt(folder, python(), stand_in.environment()).returncode


def lists_as(name: str, *lists: str) -> str:
    """The SQL text of lists, as the audience of a platform writes them."""
    quoted = ", ".join(f'"{one}"' for one in lists)
    if name == "iterable":
        return f"""'{{"crmSegments": [{quoted}]}}'"""
    if name == "onesignal":
        return f"""'{{"segments": "{",".join(lists)}"}}'"""
    is_array = name in {"klaviyo", "mailchimp", "braze", "clevertap"}
    prefix = PLATFORMS[name].get("prefix", "")
    return f"'[{quoted}]'" if is_array else f"'{','.join(prefix + one for one in lists)}'"


def day_passes(database: Path, day: int, names: list[str] = NAMES) -> None:
    """The audiences move as the next build would move them: one leaves, one changes, one enters."""
    moment = f"cast('2026-07-0{day} 00:00:00' as timestamp)"
    with duckdb.connect(str(database)) as connection:
        for name in names:
            key, (_, mail, lists) = KEYS[name], VENDORS[name].content
            identifiers = PLATFORMS[name].get("identifiers", [])
            contacts, changes = table(name, "contacts"), table(name)
            leaves, moves = (
                row[0]
                for row in connection.sql(
                    f"select {key} from {contacts} order by 1 limit 2"
                ).fetchall()
            )
            connection.execute(f"delete from {contacts} where {key} = '{leaves}'")
            columns = [
                c[0] for c in connection.execute(f"select * from {contacts} limit 0").description
            ]
            kept = {key, "contact_id", *identifiers}
            blank = [f"{column} = null" for column in columns if column not in {*kept, lists}]
            blank.append(f"{lists} = {lists_as(name)}")
            connection.execute(
                f"update {changes} set {', '.join(blank)}, is_member = false,"
                f" change_type = 'exited', updated_at = {moment} where {key} = '{leaves}'"
            )
            moved = lists_as(name, "moved")
            new = f"md5('{name}{day}')"
            replaced = f"{new} as {key}, {moved} as {lists}"
            for number, column in enumerate(identifiers):
                value = "null" if number else f"sha256('new{day}')"
                replaced += f", {value} as {column}"
            if mail and not identifiers:
                replaced += f", 'n{day}@example.com' as {mail}"
            for target in (contacts, changes):
                stamp = f", updated_at = {moment}" if target == changes else ""
                connection.execute(
                    f"update {target} set {lists} = {moved}{stamp} where {key} = '{moves}'"
                )
                dated = f", {moment} as updated_at" if target == changes else ""
                connection.execute(
                    f"insert into {target} select * replace ({replaced}{dated}) from {target}"
                    f" where {key} = '{moves}'"
                )


def test_all_platforms_end_with_the_members_after_entries_updates_and_exits(
    database: Path, folder: Path, stand_in: StandIn
) -> None:
    assert sync(database, folder, stand_in) == 0
    assert differences(database, stand_in, NAMES) == []
    requests = len(stand_in.requests)
    assert {name for name, *_ in stand_in.requests} == set(NAMES)

    assert sync(database, folder, stand_in) == 0
    assert len(stand_in.requests) == requests, "a day without news was sent"

    for day in (1, 2):
        day_passes(database, day)
        assert named(differences(database, stand_in, NAMES)) == set(NAMES)
        assert sync(database, folder, stand_in) == 0
        assert differences(database, stand_in, NAMES) == []
    without = [one for one in stand_in.held["hubspot"].values() if not one["lists"]]
    assert len(without) == 2, "HubSpot keeps who left, without segments"


def test_what_platforms_have_of_their_own_stays_as_it_was(
    database: Path, folder: Path, stand_in: StandIn
) -> None:
    """Tags that people set, and an unsubscription; an exit makes nobody who is not there."""
    names = ["shopify", "oracle_responsys", "dynamics_365", "oracle_eloqua", "onesignal"]
    with duckdb.connect(str(database)) as connection:
        first = {
            name: connection.sql(f"select {KEYS[name]} from {table(name)} order by 1").fetchall()
            for name in names
        }
        sql = f"select contact_id, email from {table('shopify', 'contacts')} order by 1 limit 3"
        (leaves, address), (moves, other), _ = connection.sql(sql).fetchall()
        for name in names:
            # Who entered and left between two deliveries was never there.
            absent = f"{KEYS[name]} = '{first[name][-1][0]}'"
            connection.execute(f"delete from {table(name, 'contacts')} where {absent}")
            lists = VENDORS[name].content[2]
            connection.execute(
                f"update {table(name)} set is_member = false, {lists} = {lists_as(name)}"
                f" where {absent}"
            )
    store = {
        "gid://shopify/Customer/90": (address, {"VIP", "crm:left_long_ago"}),
        "gid://shopify/Customer/91": (other, {"loyal"}),
    }
    stand_in.held["shopify"] = {
        name: {"email": email, "id": name, "tags": tags} for name, (email, tags) in store.items()
    }
    assert sync(database, folder, stand_in, *names) == 0
    assert differences(database, stand_in, names) != [], "a tag with our prefix is not known"
    held = stand_in.held["shopify"]
    assert {held[leaves]["id"], held[moves]["id"]} == set(store)
    held[leaves]["tags"] -= {"crm:left_long_ago"}
    held[leaves]["lists"] = sorted(tag for tag in held[leaves]["tags"] if tag != "VIP")
    assert differences(database, stand_in, names) == []
    for name in names:
        assert first[name][-1][0] not in stand_in.held[name], name

    responsys = stand_in.held["oracle_responsys"]
    assert {one["permission"] for one in responsys.values()} == {"I"}
    unsubscribed = first["oracle_responsys"][1][0]
    responsys[unsubscribed]["permission"] = "O"
    day_passes(database, 1, names)
    stand_in.notes["shopify"]["throttled"] = 2
    assert sync(database, folder, stand_in, *names) == 0
    assert differences(database, stand_in, names) == []
    assert stand_in.notes["shopify"]["throttled"] == 0
    assert responsys[unsubscribed]["lists"] == ["moved"]
    assert responsys[unsubscribed]["permission"] == "O"
    assert held[leaves]["tags"] == {"VIP"}
    assert held[moves]["tags"] == {"loyal", "crm:moved"}


def test_a_signature_is_that_of_the_example_of_rfc_5849() -> None:
    parameters = {
        **{"file": "vacation.jpg", "size": "original", "oauth_nonce": "chapoH"},
        **{"oauth_consumer_key": "dpf43f3p2l4k3l03", "oauth_token": "nnch734d00sl2jdk"},
        **{"oauth_signature_method": "HMAC-SHA1", "oauth_timestamp": "137131202"},
    }
    keys = {"consumer_secret": "kd94hf93k423kf44", "token_secret": "pfkkdhi9sl3r4s00"}
    signed = signature("GET", "http://photos.example.net/photos", parameters, keys)
    assert signed == "MdpQcU8iPSUjWoN/UDMsK2sui9I="


def test_busy_and_broken_platforms_are_asked_again(
    database: Path, folder: Path, stand_in: StandIn
) -> None:
    stand_in.failures = [429, 503, 429, 500]

    assert sync(database, folder, stand_in) == 0
    assert differences(database, stand_in, NAMES) == []
    assert [status for *_, status, _ in stand_in.requests][:4] == [429, 503, 429, 500]


def test_a_delivery_that_stops_half_way_is_made_again(
    database: Path,
    folder: Path,
    stand_in: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All rows of the first build have one updated_at: a cursor between them must not be kept."""
    for name in NAMES:
        monkeypatch.setitem(PLATFORMS[name], "batch", min(PLATFORMS[name]["batch"], KEPT // 4))
    stand_in.breaks_after = dict.fromkeys(NAMES, 3)
    assert sync(database, folder, stand_in) != 0
    done = {(name, status) for name, *_, status, _ in stand_in.requests if status in {200, 500}}
    assert {name for name, status in done if status == 500} == set(NAMES)
    assert named(differences(database, stand_in, NAMES)) == set(NAMES)
    assert any(any(held.values()) for held in stand_in.held.values())
    day_passes(database, 1)

    stand_in.breaks_after = {}
    assert sync(database, folder, stand_in) == 0
    assert differences(database, stand_in, NAMES) == []


def test_one_bad_row_stops_the_sync_and_loses_nobody(
    database: Path, folder: Path, stand_in: StandIn
) -> None:
    """Also where the platform answers 200 and says in the body that it did not take the row."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for name in NAMES:
            key, mail, _ = VENDORS[name].content
            column = key if name in ADS or not mail else mail
            wanted = f"{column} is not null"
            sql = f"select {column} from {table(name)} where {wanted} order by 1 limit 1"
            stand_in.refused[name] = {connection.sql(sql).fetchall()[0][0]}
    assert sync(database, folder, stand_in) != 0
    assert named(differences(database, stand_in, NAMES)) == set(NAMES)

    stand_in.refused = {}
    assert sync(database, folder, stand_in) == 0
    assert differences(database, stand_in, NAMES) == []


def test_a_wrong_token_delivers_nothing(database: Path, folder: Path, stand_in: StandIn) -> None:
    """Each token and id of each platform is wrong once, those of the others at the same time."""
    rounds = max(len(VENDORS[name].secrets) for name in NAMES)
    for number in range(rounds):
        wrong = {
            name: list(VENDORS[name].secrets)[number]
            for name in NAMES
            if number < len(VENDORS[name].secrets)
        }
        other = stand_in.environment() | dict.fromkeys(wrong.values(), "another")
        write_project(database, folder, wrong)
        done = run_drt(folder, python(), other)
        assert done.returncode != 0
        assert not any(any(held.values()) for held in stand_in.held.values()), wrong
    refused = {status for *_, status, _ in stand_in.requests}
    # What is asked before a wrong id is used goes well: a token for name and password.
    assert refused - {200} <= {400, 401, 404}
    assert {name for name, *_, status, _ in stand_in.requests if status >= 400} == set(NAMES)


@pytest.mark.parametrize("status", [400, 500])
def test_a_sync_that_fails_prints_and_keeps_nobody_and_no_token(
    status: int, database: Path, folder: Path, stand_in: StandIn
) -> None:
    """Platforms repeat what they were sent when they refuse it."""

    def refuse(method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:  # noqa: ANN401
        return status, {"message": f"invalid: {body.decode()}", "headers": dict(headers)}

    stand_in.answer = refuse
    write_project(database, folder, NAMES)
    done = run_drt(folder, python(), stand_in.environment())
    wrong = differences(database, stand_in, NAMES)
    kept = [f for f in folder.rglob("*") if f.is_file() and f.name != "published.duckdb"]
    text = "\n".join([done.stdout, done.stderr, *(f.read_text(encoding="utf-8") for f in kept)])
    told = set()
    for name in NAMES:
        key, mail, _ = VENDORS[name].content
        with duckdb.connect(str(database), read_only=True) as connection:
            columns = f"{key}, {mail or 'null'}"
            rows = connection.sql(f"select {columns} from {table(name)}").fetchall()
        told |= {value for row in rows for value in row[name not in ADS :] if value}

    assert done.returncode != 0
    assert done.stdout.count("failed") >= len(NAMES)
    assert len(wrong) > len(NAMES)
    assert len(kept) > len(NAMES)
    assert len(told) > KEPT
    assert [value for value in told if value in text] == []
    assert [token for token in stand_in.secrets.values() if token in text] == []


def sent_to(stand_in: StandIn, name: str, method: str, ending: str) -> list[Any]:
    """The bodies of the requests to a path of a platform that went well."""
    return [
        body
        for platform, how, path, status, body in stand_in.requests
        if (platform, how, status) == (name, method, 200) and path.endswith(ending)
    ]


def test_ad_platforms_are_told_of_a_consent_that_somebody_gave_and_of_no_other(
    database: Path, folder: Path, stand_in: StandIn
) -> None:
    with duckdb.connect(str(database)) as connection:
        silent = dict(
            connection.sql(
                "select contact_id, hashed_email from main_audiences"
                ".audience_google_customer_match__changes where hashed_email is not null"
                " order by 1 limit 2"
            ).fetchall()
        )
        # One never decided, of the other nobody knows about ads but what was said about SMS.
        ids = ", ".join(f"'{one}'" for one in silent)
        connection.execute(
            f"delete from main_contacts.contact_consents where contact_id in ({ids})"
        )
        connection.execute(
            "insert into main_contacts.contact_consents (contact_id, channel, consent_status,"
            f" counts_from, is_granted) values ('{max(silent)}', 'sms', 'granted',"
            " '2026-01-01', true)"
        )
    assert sync(database, folder, stand_in, "google_customer_match", "meta") == 0

    bodies = sent_to(stand_in, "google_customer_match", "POST", ":ingest")
    consented: dict[bool, set[str]] = {True: set(), False: set()}
    for member in (one for body in bodies for one in body["audienceMembers"]):
        hashes = [part.get("emailAddress") for part in member["userData"]["userIdentifiers"]]
        consented["consent" in member].update(filter(None, hashes))
    assert consented[False] == set(silent.values())
    assert len(consented[True]) > KEPT / 2

    with duckdb.connect(str(database), read_only=True) as connection:
        sql = "select email, contact_id from main_audiences.audience_meta__changes"
        contacts = dict(connection.sql(sql).fetchall())
    for body in sent_to(stand_in, "meta", "POST", "/users"):
        are_silent = {contacts[row[0]] in silent for row in body["payload"]["data"] if row[0]}
        assert are_silent <= {"customer_consent" not in body}
        assert body.get("customer_consent", True) is True


@pytest.mark.parametrize("name", [one for one in ADS if len(PLATFORMS[one]["identifiers"]) > 1])
def test_who_leaves_a_list_takes_no_hash_off_that_one_of_its_members_has(
    name: str, database: Path, folder: Path, stand_in: StandIn
) -> None:
    """Two people share a telephone; one is on the list, the other is not."""
    email, phone = PLATFORMS[name]["identifiers"]
    lists = PLATFORMS[name]["lists"]
    with duckdb.connect(str(database)) as connection:
        for kind in ("contacts", "changes"):
            connection.execute(
                f"update {table(name, kind)} set {phone} = sha256('shared'),"
                f" {email} = sha256({KEYS[name]}), {lists} = case when {KEYS[name]} ="
                f" (select min({KEYS[name]}) from {table(name, kind)}) then 'one' else 'other' end"
            )
    assert sync(database, folder, stand_in, name) == 0
    # All who are not on it are told anew, and so taken off; who is on it is not.
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            f"update {table(name)} set updated_at = cast('2026-07-01' as timestamp)"
            f" where {lists} = 'other'"
        )
    requests = len(stand_in.requests)
    assert sync(database, folder, stand_in, name) == 0
    assert len(stand_in.requests) > requests
    assert differences(database, stand_in, [name]) == []
    shared = members(database, name)["one"] & members(database, name)["other"]
    assert len(shared) == 1


def run_main(*words: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Run sync.py by drt's Python; its exit code and what it printed."""
    script = ROOT / "examples/reverse_etl/sync.py"
    clean = {k: v for k, v in os.environ.items() if k != "CRM_DUCKDB_PATH"}
    done = subprocess.run(
        [str(python()), str(script), *words],
        env=clean | (environment or {}),
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_another_database_is_synced_itself_and_what_it_lacks_is_named(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Path(shutil.copy(database, tmp_path / "shop.duckdb"))
    with duckdb.connect(str(own)) as connection:
        for name in KEYS:
            if name != "snap":
                connection.execute(f"drop table {table(name)}")
        # A destination of one's own, which nobody has written a sync for.
        connection.execute("create table main_audiences.audience_letters__changes as select 1 as n")
        left = connection.sql(f"select count(*) from {table('snap')}").fetchall()[0][0]
    code, said = run_main(environment={"CRM_DUCKDB_PATH": str(own)})

    assert code == 0, said
    assert f"Audiences of {own} with a sync: snap." in said
    assert f"{left} synced" in said
    assert "Not built, and so not synced: hubspot, klaviyo," in said
    assert f"CRM_DUCKDB_PATH={own} make build" in said
    assert "Built and without a sync here: letters." in said

    with duckdb.connect(str(own)) as connection:
        connection.execute(f"drop table {table('snap')}")
    for words in ([str(own)], [str(tmp_path / "none.duckdb")], [str(own), "--only", "hubspot"]):
        assert main(words) == 2
        assert "make build" in capsys.readouterr().out
    (tmp_path / "no.duckdb").write_text("no database")
    assert main([str(tmp_path / "no.duckdb")]) == 2
    assert "cannot be read" in capsys.readouterr().out
    assert main([str(own), "--only", "hubspt"]) == 2
    assert "those that have one are hubspot, klaviyo" in capsys.readouterr().out
    assert main([str(own), "--target", "postgres"]) == 2


def test_tables_that_the_last_build_left_out_are_not_synced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their members may have withdrawn since. One that the seed switches off has exits to tell."""
    database = tmp_path / "shop.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.sql("create table audience_members as select 'hubspot' as destination")
        for name, count in {"hubspot": 1, "klaviyo": 1, "mailchimp": 0}.items():
            for kind in ("contacts", "changes"):
                rows = f"select range as contact_id from range({count})"
                connection.sql(f"create table audience_{name}__{kind} as {rows}")
        assert left_behind(connection, ["hubspot", "klaviyo", "mailchimp"]) == ["klaviyo"]
    assert main([str(database), "--only", "klaviyo"]) == 2
    assert "Not synced, because the last build left them out" in capsys.readouterr().out


def test_sending_asks_for_what_is_not_set_and_remembers_what_was_delivered(
    database: Path, stand_in: StandIn
) -> None:
    code, said = run_main(str(database), "--send")
    assert code == 2
    assert "mailchimp is not sent: set MAILCHIMP_API_KEY, MAILCHIMP_LIST_ID, MAILCHIMP_URL." in said
    assert "META_ACCESS_TOKEN, the ids of its lists in the file of --lists" in said
    assert stand_in.requests == []

    numbered = {one: f"id-{n}" for n, one in enumerate(sorted(members(database, "meta")))}
    lists = database.with_suffix(".lists.yml")
    lists.write_text("meta:\n" + "".join(f"  {k}: {v}\n" for k, v in numbered.items()))
    words = (str(database), "--send", "--only", "hubspot,meta")
    code, said = run_main(*words, environment=stand_in.environment())
    assert code == 0, said
    assert set(stand_in.held["meta"]) == set(numbered.values())
    named = {one: stand_in.held["meta"][numbered[one]] for one in numbered}
    assert named == members(database, "meta")
    assert differences(database, stand_in, ["hubspot"]) == []
    assert not list(database.with_suffix(".sync").glob("*.duckdb")), "a copy of people stays"

    requests = len(stand_in.requests)
    assert run_main(*words, environment=stand_in.environment())[0] == 0
    assert len(stand_in.requests) == requests


def test_the_steps_of_the_page_send_a_companys_own_data(tmp_path: Path, stand_in: StandIn) -> None:
    """The numbered steps of docs/activation.md, run as they stand, but to stand-ins."""
    page = (ROOT / "docs/activation.md").read_text(encoding="utf-8")
    steps = page.partition("## Send your own data\n")[2].partition("\n## ")[0]
    commands = re.findall(r"^ {3}((?:make|export) .*)$", steps, re.MULTILINE)
    assert [one.split()[:2] for one in commands] == [
        *(["make", "own"], ["export", "CRM_DUCKDB_PATH=shop.duckdb"], ["make", "sync"]),
        *(["export", "HUBSPOT_TOKEN=..."], ["make", "sync"]),
    ]
    for name in ("minimal", "minimal.yml"):
        source = ROOT / "examples/own_data" / name
        target = tmp_path / name.replace("minimal.yml", "shop.yml")
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    text = (tmp_path / "shop.yml").read_text(encoding="utf-8")
    shop = re.search(r"^   ```yaml\n(.*?)^   ```", steps, re.MULTILINE | re.DOTALL)
    assert shop
    added = "".join(f"  {line.strip()}\n" for line in shop[1].splitlines()[1:])
    (tmp_path / "shop.yml").write_text(text + added, encoding="utf-8")

    environment = {k: v for k, v in os.environ.items() if k != "CRM_DUCKDB_PATH"}
    environment["DBT_TARGET_PATH"] = str(tmp_path / "target")
    environment["HUBSPOT_URL"] = stand_in.environment()["HUBSPOT_URL"]
    printed = ""
    for command in commands:
        words = shlex.split(command.partition("#")[0])
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            value = str(tmp_path / value) if name == "CRM_DUCKDB_PATH" else "hubspot-token"
            environment[name] = value
            continue
        places = {"MAPPING=shop.yml": f"MAPPING={tmp_path}/shop.yml"}
        words = [places.get(word, word) for word in words]
        words += [f"DATABASE={tmp_path}/shop.duckdb"] if words[1] == "own" else []
        done = subprocess.run(
            words, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        printed += done.stdout
    database = tmp_path / "shop.duckdb"
    assert f"Audiences of {database} with a sync: hubspot, mailchimp." in printed
    assert "All hold exactly the members of their audience." in printed
    assert stand_in.held["hubspot"]
    assert differences(database, stand_in, ["hubspot"]) == []


def test_no_sync_keeps_the_rows_that_a_platform_refused(database: Path, folder: Path) -> None:
    """A dead letter is a row with an address in a file beside the project."""
    write_project(database, folder, NAMES)
    syncs = list((folder / "syncs").glob("*.yml"))
    assert len(syncs) == len(NAMES)
    for path in syncs:
        text = path.read_text(encoding="utf-8")
        assert "on_error: fail" in text
        assert "dlq" not in text


def test_the_page_names_every_destination_and_says_how_it_is_reached() -> None:
    page = (ROOT / "docs/activation.md").read_text(encoding="utf-8")
    lines = page.partition("## Which destinations `make sync` reaches\n")[2].partition("\n## ")[0]
    rows = {line.split("|")[1].strip(): line for line in lines.splitlines() if line[:1] == "|"}
    told = {name: row for name, row in rows.items() if name in KEYS}
    assert set(told) == set(KEYS)
    for name, row in told.items():
        assert ("not built" in row) == (name not in PLATFORMS), name
    assert set(VENDORS) == set(PLATFORMS)
    for name, vendor in VENDORS.items():
        assert PLATFORMS[name]["batch"] <= vendor.most_rows, name
        assert vendor.page.startswith("https://")
