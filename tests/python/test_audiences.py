"""Who may leave the warehouse, in which form, and what never does."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from project import ALL_DESTINATIONS, DESTINATIONS, ROOT, failures, query, run_dbt, run_model

Demo = Callable[[str], pd.DataFrame]

AD_PLATFORMS = [row["destination"] for row in DESTINATIONS if row["is_hashed"] == "true"]

JANE = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"
GMAIL_WITHOUT_DOTS = "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69"
GMAIL_WITH_DOTS = "831f6494ad6be4fcb3a724c3d5fef22d3ceffa3c62ef3a7984e45a0ea177f982"
WITH_PLUS = "61d6c2976b5d92b1ad63073a12fddd26040cd980067d03a93dd1cc50f1a3ac68"
DIGITS = "cc4160cbb01658fcff52a57f3403e0e9c7a4735cff1574df41ee3f3036697468"
ADSAPI = "49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d"

# What each platform publishes: SQL with a value in it, and what must come out.
HASHES = {
    "X's own example": ("hashed(trimmed_lower(v))", "adsapi", ADSAPI),
    "X trims and lowers": ("hashed(trimmed_lower(v))", " AdsApi\t", ADSAPI),
    "Google takes all white space out": (
        "hashed(google_email(v, 'false'))",
        " Jane.Doe @Example.com\t",
        JANE,
    ),
    "Google drops dots at Gmail": (
        "hashed(google_email(v, 'true'))",
        "Jane.Doe@gmail.com",
        GMAIL_WITHOUT_DOTS,
    ),
    "Google keeps dots elsewhere": (
        "hashed(google_email(v, 'true'))",
        "jane.doe@example.com",
        JANE,
    ),
    "Google keeps dots when told to": (
        "hashed(google_email(v, 'false'))",
        "jane.doe@gmail.com",
        GMAIL_WITH_DOTS,
    ),
    "Meta keeps dots": (
        "hashed_unless_hash(trimmed_lower(v))",
        " Jane.Doe@gmail.com ",
        GMAIL_WITH_DOTS,
    ),
    "Meta passes a SHA-256 through": (
        "hashed_unless_hash(trimmed_lower(v))",
        JANE.upper(),
        JANE,
    ),
    "Meta passes an MD5 through": (
        "hashed_unless_hash(trimmed_lower(v))",
        "d41d8cd98f00b204e9800998ecf8427e",
        "d41d8cd98f00b204e9800998ecf8427e",
    ),
    "Google hashes a phone with its plus": ("hashed(v)", "+18005550101", WITH_PLUS),
    "Meta and Snap hash digits": ("hashed(phone_digits(v))", "+1 (800) 555-0101", DIGITS),
    "Snap takes no double zero": ("hashed(phone_digits(v))", "0018005550101", DIGITS),
    "nothing gives nothing": ("hashed(v)", "", None),
    "Meta: nothing gives nothing": ("hashed_unless_hash(v)", "", None),
    "Meta's city is letters": ("meta_place(v)", " Saint-Louis (2) [x] ", "saintlouisx"),
    "Meta's postal code ends at the hyphen": ("meta_postal_code(v)", "94 105-1234", "94105"),
    "Meta's British postal code": ("meta_postal_code(v)", "SW1A 1AA", "sw1a1aa"),
}


@pytest.fixture(scope="module")
def target(demo_target: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's artifacts, so that compiling parses nothing again."""
    copy = tmp_path_factory.mktemp("audiences") / "target"
    shutil.copytree(demo_target, copy)
    return copy


@pytest.fixture(scope="module")
def hashes(demo_database: Path, target: Path) -> dict[str, str | None]:
    """Each expression of HASHES, worked out."""
    columns = []
    for number, (expression, _, _) in enumerate(HASHES.values()):
        macro = re.sub(r"\bv\b", f"'value_{number}'", expression)
        columns.append(f"{{{{ {macro} }}}} as hash_{number}")
    values = ", ".join(
        "'" + value.replace("'", "''") + f"' as value_{number}"
        for number, (_, value, _) in enumerate(HASHES.values())
    )
    result = run_dbt(
        *("compile", "--inline", f"select {', '.join(columns)} from (select {values}) as texts"),
        database=demo_database,
        target=target,
    )
    assert result.success, failures(result)
    row = duckdb.sql(result.result.results[0].node.compiled_code).fetchall()[0]
    return dict(zip(HASHES, row, strict=True))


@pytest.mark.parametrize("claim", HASHES)
def test_hashes_are_those_the_platforms_publish(hashes: dict[str, str | None], claim: str) -> None:
    assert hashes[claim] == HASHES[claim][2]


E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"\+?\d[\d ()/-]{6,}\d")
HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
# What a platform wants plain, and the columns that are ours.
PLAIN = {"country_code", "postal_code", "change_type", "updated_at", "is_member"}
LISTS = {"user_lists", "custom_audiences", "segments"}


def personal_texts(rows: pd.DataFrame, known: set[str]) -> list[str]:
    """Values that tell who somebody is: by their form, or because a contact is known by them."""
    found = []
    for column in rows.columns:
        for value in rows[column].dropna().astype(str):
            is_hash = HASH.fullmatch(value) is not None
            is_telling = E_MAIL.search(value) or value.strip().lower() in known
            is_telling = is_telling or (column not in PLAIN and PHONE.fullmatch(value))
            if not is_hash and (is_telling or (column not in PLAIN | LISTS and value)):
                found.append(f"{column}: {value}")
    return found


def test_the_detector_finds_what_it_is_for() -> None:
    rows = pd.DataFrame(
        {
            "a": ["x ann@example.com", None],
            "b": ["+49 30 1234567", JANE],
            "user_lists": ["Ann", "s"],
        }
    )
    assert len(personal_texts(rows, {"ann"})) == 3


@pytest.mark.parametrize("destination", AD_PLATFORMS)
@pytest.mark.parametrize("kind", ["contacts", "changes"])
def test_nothing_unhashed_goes_to_an_ad_platform(demo: Demo, destination: str, kind: str) -> None:
    contacts = demo(
        "select email, phone_e164, first_name, last_name, address_line, city"
        " from main_personal.contacts"
    )
    known = {str(v).strip().lower() for v in contacts.to_numpy().ravel() if v is not None}
    rows = demo(f"from main_audiences.audience_{destination}__{kind}")

    assert len(rows) > 0
    assert personal_texts(rows, known) == []


def test_a_phone_is_a_member_without_an_address_only_where_phones_are_taken(demo: Demo) -> None:
    sql = "select count(*) as n from main_audiences.audience_{}__contacts where {} is null"
    assert demo(sql.format("meta", "email"))["n"][0] > 0
    assert demo(sql.format("x", "email"))["n"][0] == 0


def keys(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the exposures say of each destination."""
    metas = [e["config"]["meta"] for e in manifest["exposures"].values()]
    return {meta["destination"]: meta for meta in metas if "destination" in meta}


def test_every_destination_has_its_two_tables_and_an_exposure(manifest: dict[str, Any]) -> None:
    exposed = keys(manifest)
    for row in DESTINATIONS:
        name = row["destination"]
        for kind in ("contacts", "changes"):
            columns = manifest["nodes"][f"model.crm_segmentation.audience_{name}__{kind}"][
                "columns"
            ]
            assert row["key_column"] in columns, name
            assert len(columns) <= 500
        assert exposed[name]["key"] == row["key_column"]
    assert set(exposed) == {row["destination"] for row in DESTINATIONS}


def test_a_destination_without_its_proof_of_erasure_fails(manifest: dict[str, Any]) -> None:
    """The seed says which destinations there are; whatever stands on all of them reads them all."""
    seeded = {row["destination"] for row in DESTINATIONS}
    models = ROOT / "models" / "audiences"
    folders = {f.parent.name for f in models.glob("*/audience_*__changes.sql")}
    reads = {
        node: {
            (found[1], found[2])
            for parent in manifest["nodes"][node]["depends_on"]["nodes"]
            if (found := re.search(r"\.audience_(\w+)__(contacts|changes)$", parent))
        }
        for node in (
            "model.crm_segmentation.erased_contacts",
            "test.crm_segmentation.audiences_are_sound",
        )
    }

    hint = "Add it to shipped_destinations() in macros/project/destinations.sql"
    proof, sound = reads.values()
    assert folders == seeded
    assert {name for name, _ in proof} == seeded, hint
    assert sound == {(name, kind) for name in seeded for kind in ("contacts", "changes")}, hint


def destinations_named_in(path: Path) -> int:
    """How many destinations a file names as a text or at the head of a line, as a list does."""
    text = path.read_text(encoding="utf-8")
    names = "|".join(row["destination"] for row in DESTINATIONS)
    return len(set(re.findall(rf"""(?:["']|^)({names})(?:["']|,)""", text, re.MULTILINE)))


def test_no_other_file_lists_the_destinations() -> None:
    """A second list would be the one that is forgotten."""
    listing = {
        path.relative_to(ROOT).as_posix()
        for folder in ("macros", "models", "seeds", "tests", "analyses", "examples")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".sql", ".yml", ".py", ".csv"} and destinations_named_in(path) > 5
    }

    # What systems send and which connectors read are other lists, in which many names occur, too.
    listing -= {"examples/own_data/words.csv", "tests/python/test_own_data_words.py"}
    listing -= {"macros/project/connectors.sql", "tests/python/test_connectors.py"}
    listing -= {"tests/python/landed_further_trips.py"}
    # A stand-in has rules for each platform that has a sync.
    listing -= {"examples/reverse_etl/vendors.py", "examples/reverse_etl/vendors_in_steps.py"}
    listing -= {"tests/python/test_reverse_etl.py"}
    assert listing == {"macros/project/destinations.sql", "seeds/reference/destinations.csv"}


def test_every_exit_keeps_what_its_platform_finds_people_by(manifest: dict[str, Any]) -> None:
    nodes = manifest["nodes"]
    for row in DESTINATIONS:
        node = nodes[f"model.crm_segmentation.audience_{row['destination']}__changes"]
        meta = node["config"]["meta"]
        assert meta["key"] == row["key_column"]
        assert bool(meta["identifiers"]) == (row["is_hashed"] == "true"), row["destination"]
        assert set(meta["identifiers"]) <= set(node["columns"])


@pytest.mark.parametrize("destination", [row["destination"] for row in DESTINATIONS])
def test_an_audience_holds_the_eligible_and_nobody_else(demo: Demo, destination: str) -> None:
    key = next(r["key_column"] for r in DESTINATIONS if r["destination"] == destination)
    contacts = demo(f"from main_audiences.audience_{destination}__contacts")
    id_column = "contact_id" if "contact_id" in contacts else key
    eligible = demo(
        "select distinct contact_id from main_audiences.audience_members"
        f" where destination = '{destination}' and is_eligible"
    )
    changes = demo(f"from main_audiences.audience_{destination}__changes")

    assert len(contacts) > 0
    assert set(contacts[id_column]) == set(eligible["contact_id"])
    assert set(changes[key]) == set(contacts[key])
    assert set(changes["change_type"]) == {"entered"}


def test_who_is_eligible_has_consent_and_nobody_is_lost(demo: Demo) -> None:
    wrong = demo(
        """
        select members.* from main_audiences.audience_members as members
        inner join main_reference.destinations as destinations using (destination)
        left join main_contacts.contact_consents as consents
            on consents.contact_id = members.contact_id
            and consents.channel = case destinations.channel when 'ads' then 'email' else destinations.channel end
        where members.is_eligible and not coalesce(consents.is_granted, false)
        """  # noqa: E501
    )
    rows = demo(
        """
        select
            (select count(*) from main_audiences.audience_members where destination = 'hubspot') as judged,
            (select count(*) from main_segments.segment_memberships inner join main_segments.segment_definitions
                using (segment_name) where channels like '%|email|%') as members
        """  # noqa: E501
    )

    assert len(wrong) == 0
    assert rows["judged"][0] == rows["members"][0] > 0


def test_reachability_has_every_contact_and_agrees_with_the_members(demo: Demo) -> None:
    counts = demo(
        """
        select
            (select count(*) from main_personal.contacts) * count(distinct channel) as expected,
            count(*) as found
        from main_audiences.contact_reachability
        """
    )
    wrong = demo(
        """
        select members.*, reachability.*
        from main_audiences.audience_members as members
        inner join main_reference.destinations as destinations using (destination)
        inner join main_audiences.contact_reachability as reachability
            on members.contact_id = reachability.contact_id
            and destinations.channel = reachability.channel
        where (members.is_eligible and not reachability.may_be_contacted)
            or (destinations.destination != 'x' and members.held_back_reason is distinct from case
                when members.held_back_reason in ('suppressed', 'holdout', 'lower_priority_segment')
                    and (reachability.may_be_contacted or reachability.held_back_reason in
                        ('frequency_cap', 'holdout', 'no_identifier')) then members.held_back_reason
                else reachability.held_back_reason end)
        """
    )

    assert counts["expected"][0] == counts["found"][0] > 0
    assert len(wrong) == 0


def test_the_cap_leaves_one_segment_per_contact_where_messages_are_counted(demo: Demo) -> None:
    most = demo(
        """
        select destination, max(n) as n from (
            select destination, contact_id, count(*) as n from main_audiences.audience_members
            where is_eligible group by all
        ) group by all
        """
    ).set_index("destination")["n"]

    assert most["hubspot"] == most["onesignal"] == 1
    assert most["meta"] > 1


def test_what_should_be_json_is(demo: Demo) -> None:
    for table, column in {
        "iterable__contacts": "data_fields",
        "braze__contacts": "payload",
        "braze__changes": "payload",
        "onesignal__contacts": "tags",
        "mailchimp__contacts": "tags",
    }.items():
        rows = demo(f"select {column} as text from main_audiences.audience_{table}")
        assert [json.loads(text) for text in rows["text"]]


MISTAKES = [
    {"name": "no_reason", "segments": ["*"], "criteria": ["is_subscribed"]},
    {"name": "no_segments", "reason": "r", "criteria": ["is_subscribed"]},
    {
        "name": "odd_segment",
        "reason": "r",
        "segments": ["loyal_customer"],
        "criteria": ["is_erased"],
    },
    {"name": "no_criteria", "reason": "r", "segments": ["*"]},
    {"name": "odd_trait", "reason": "r", "segments": ["*"], "criteria": ["is_suscribed"]},
    {"name": "odd_key", "reasons": "r", "segments": ["*"], "criteria": ["is_subscribed"]},
    {"name": "Bad Name", "reason": "r", "segments": ["*"], "criteria": ["is_subscribed"]},
    {"name": "twice", "reason": "r", "segments": ["*"], "criteria": ["is_subscribed"]},
    {"name": "twice", "reason": "r", "segments": ["*"], "criteria": ["is_subscribed"]},
    {"name": "good", "reason": "r", "segments": ["gardeners"], "criteria": ["is_subscribed"]},
]
MESSAGES = {
    "no_reason": "has no reason. Add one line that says why these contacts are left alone.",
    "no_segments": "names no segments. List those whose offer it concerns",
    "odd_segment": "which does not exist. Did you mean loyal_customers",
    "no_criteria": "has 0 criteria. Write one to three conditions on traits",
    "odd_trait": "which is no trait. Did you mean is_subscribed",
    "odd_key": "has the key 'reasons', which nothing reads. Did you mean reason?",
    "Bad Name": "has a name that is not lower-case words joined by underscores.",
    "twice": "stands 2 times in the variable suppressions. Give each its own name.",
}
WRONG_VARIABLES = {
    "consent_defaults": {"email": "perhaps", "sms": False},
    "frequency_caps": {"email": 0, "sms": 1},
    "frequency_caps_in_season": {"pigeon": 1},
    "high_seasons": [["Nov", "12-31"]],
    "tombstone_days": 0,
    "destinations": ["hubspot", "kaviyo"],
}
COMPLAINTS = [
    "consent_defaults.email is 'perhaps': write one of: true, false, email",
    "frequency_caps.email is '0': write a whole number from 1 to 1000000",
    "frequency_caps_in_season has the key 'pigeon', which it does not know",
    "high_seasons has ['Nov', '12-31']: write its first and last day",
    "tombstone_days is '0'",
    "destinations names 'kaviyo', which is no destination. Did you mean klaviyo?",
]


def test_a_mistake_gives_an_error_that_says_what_to_change(
    demo_database: Path, tmp_path: Path
) -> None:
    result = run_dbt(
        *("run", "-s", "segment_suppressions"),
        database=demo_database,
        target=tmp_path,
        variables={"suppressions": MISTAKES},
    )
    said = failures(result)
    for name, message in MESSAGES.items():
        lines = [line for line in said.splitlines() if f"Suppression '{name}' " in line]
        assert any(message in line for line in lines), (name, said)
    assert "'good'" not in said


def test_a_wrong_variable_is_named_with_what_to_write(demo_database: Path, tmp_path: Path) -> None:
    result = run_dbt(
        *("run", "-s", "audience_members"),
        database=demo_database,
        target=tmp_path,
        variables=WRONG_VARIABLES,
    )
    said = failures(result)
    assert [complaint for complaint in COMPLAINTS if complaint not in said] == []


def test_a_day_without_news_writes_no_row_and_an_erasure_reaches_everything(
    demo_database: Path, tmp_path: Path, target: Path
) -> None:
    database = tmp_path / "crm.duckdb"
    shutil.copy(demo_database, database)
    changes = [f"audience_{row['destination']}__changes" for row in DESTINATIONS]
    states = " union all by name ".join(f"select * from main_audiences.{name}" for name in changes)
    before = query(database, states)

    result = run_dbt(
        *("run", "-s", *changes), database=database, target=target, variables=ALL_DESTINATIONS
    )
    assert result.success, failures(result)
    assert query(database, states).equals(before)

    erased = query(
        database,
        "select contacts.contact_id, email, phone_e164, first_name from main_personal.contacts"
        " inner join main_audiences.audience_hubspot__contacts using (contact_id, email)"
        " where phone_e164 is not null order by 1 limit 1",
    ).iloc[0]
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update main_raw.raw_contacts set deleted_at = '2026-06-30 10:00:00'"
            " where md5(source_system || chr(31) || source_contact_id) in ("
            " select record_id from main_contacts.contact_records where contact_id = ?)",
            [erased["contact_id"]],
        )
    result = run_dbt(
        *("run", "-s", "base_people__contacts+"),
        database=database,
        target=target,
        variables=ALL_DESTINATIONS,
    )
    assert result.success, failures(result)

    left = query(database, states)
    assert not left.isin([erased["email"], erased["phone_e164"]]).to_numpy().any()
    gone = query(
        database, "select * from main_audiences.audience_hubspot__changes where not is_member"
    )
    assert list(gone["contact_id"]) == [erased["contact_id"]]
    assert gone[["email", "firstname", "phone"]].isna().to_numpy().all()
    proof = query(database, "from main_audiences.erased_contacts").set_index("contact_id")
    assert proof.loc[erased["contact_id"], "is_removed"]
    assert proof.loc[erased["contact_id"], "destination_count"] >= 12
    assert set(proof.columns) == {"destination_count", "is_removed", "told_at"}


def test_a_family_behind_one_mailbox_is_one_recipient(compiled: Callable[[str], str]) -> None:
    family = ["c1", "c2", "c3", "c4"]
    columns = ["gender", "city", "region", "postal_code", "country_code", "language_code"]
    columns.append("time_zone")
    seen = ["2025-03-01", "2025-01-01", "2025-01-01", "2025-04-01", "2025-01-01"]
    contacts = pd.DataFrame(
        {
            "contact_id": [*family, "c5"],
            "email": [*["family@example.com"] * 4, "alone@example.com"],
            "phone_e164": pd.Series([None] * 5, dtype="string"),
            "first_name": ["Ann", "Tom", "Eve", "Ian", "Bob"],
            "last_name": "Miller",
            "first_seen_at": pd.to_datetime(seen),
            **dict.fromkeys(columns),
        }
    )
    traits = pd.DataFrame({"contact_id": contacts["contact_id"], "purchase_count": 1})
    traits = traits.assign(lifecycle_stage="new", funnel_stage="action", rfm_group="other")
    eligible = pd.DataFrame({"contact_id": contacts["contact_id"], "segment_name": "everybody"})
    eligible = eligible.assign(channel="email", identifier="email", held_back_reason=None)
    eligible["held_back_reason"] = eligible["held_back_reason"].astype("string")

    found = run_model(
        compiled("int_audiences__recipients"),
        {"int_audiences__eligibility": eligible, "contacts": contacts, "contact_traits": traits},
    )

    assert sorted(found["contact_id"]) == ["c2", "c5"]
