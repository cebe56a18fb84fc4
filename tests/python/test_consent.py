"""A no counts in whatever words and by whatever road it comes: nobody is reached under one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml
from project import RELATION, ROOT

LAST_MOMENT = datetime(2026, 6, 30, 23, 59, 59)
TABLES = {
    table["name"]: [column["name"] for column in table["columns"]]
    for table in yaml.safe_load(
        (ROOT / "models/staging/_raw__sources.yml").read_text(encoding="utf-8")
    )["sources"][0]["tables"]
}
# From raw tables to recipients, in the order of their building; the rest is made up by the test.
MODELS = [
    "base_people__consents",
    "stg_people__consents",
    "base_activity__event_rows",
    "base_activity__objection_names",
    "base_activity__objections",
    "base_people__contact_tags",
    "base_people__objection_tags",
    "base_people__tag_objections",
    "stg_activity__objections",
    "int_contacts__undated_noes",
    "contact_consents",
    "int_consents__objections",
    "int_consents__message_histories",
    "base_people__contacts",
    "int_contacts__bounced_keys",
    "int_consents__dead_keys",
    "int_consents__rejected_addresses",
    "int_consents__rejected_noes",
    "int_consents__shared_keys",
    "int_audiences__channel_states",
    "int_audiences__ways",
    "int_audiences__forbidden_keys",
    "int_audiences__reachability",
    "int_audiences__eligibility",
    "int_audiences__recipients",
]
SEEDS = ["destinations", "event_names", "placeholder_identifiers"]
STAGED = ["base_people__spellings", "base_people__channels"]
NOTHING_ELSE = {
    "base_activity__data_horizon": "select cast(null as date) as passed_until",
    "base_people__phone_numbers": "select '' as phone, '' as country_code,"
    " '' as phone_e164 limit 0",
    "int_identity__identifiers": "select '' as record_id, '' as identifier_type,"
    " '' as identifier_key limit 0",
    "int_behaviour__visitors": "select '' as source_system, '' as visitor_type,"
    " '' as visitor_id, '' as contact_id limit 0",
    "segment_suppressions": "select '' as segment_name, '' as contact_id limit 0",
    "segment_holdouts": "select '' as segment_name, '' as contact_id limit 0",
    "segment_definitions": "select 'all' as segment_name, 1 as priority,"
    " '|email|sms|push|ads|' as channels",
    "segment_memberships": "select 'all' as segment_name, contact_id from contacts",
    "contact_traits": "select contact_id, null as lifecycle_stage, null as funnel_stage,"
    " null as rfm_group, 0 as purchase_count from contacts",
}
SOURCE_RECORDS = """
    create table int_contacts__source_records as
    select md5(source_system || chr(31) || source_contact_id) as record_id, version_at as updated_at
    from base_people__contacts where row_status = 'kept'
"""
PROFILE = ["first_name", "last_name", "gender", "city", "region", "postal_code", "country_code"]
PROFILE += ["language_code", "time_zone"]

# Written here once more: what the seeds must make of them.
CHANNEL_WORDS: dict[str | None, str] = {
    "email": "email",
    "E-Mail": "email",
    " e_mails ": "email",
    "e\u2011mail": "email",
    "\uff25\uff2d\uff21\uff29\uff2c": "email",
    "Newsletter": "email",
    "courrier e\u0301lectronique": "email",
    "Correo Electrónico": "email",
    '["email"]': "email",
    "SMS": "sms",
    "text-messages": "sms",
    "Kurznachricht": "sms",
    "PUSH Notifications": "push",
    "Werbung": "ads",
    "ALL": "all",
    "alle Kanäle": "all",
    "tous": "all",
    "todos los canales": "all",
}
UNKNOWN_CHANNELS = ["pigeon", "mail", "email,sms", '{"channel": "email"}', "channel 7", "-"]
YES_WORDS = ["granted", "GRANTED", "Opt-In", "opted_in", "true", "TRUE", "1", "1.0", "yes", "ja"]
YES_WORDS += ["Subscribed", "eingewilligt", "oui", "sí", '"granted"', "accorde\u0301"]
NO_WORDS = ["withdrawn", "unsubscribed", "opt_out", "Opt-Out", "stop", "STOP", "no", "false", "0"]
NO_WORDS += [
    "cleaned",
    "FALSE",
    "0.0",
    "nein",
    "abgemeldet",
    "Désabonné",
    "dado de baja",
    "revoked",
]
UNKNOWN_STATUSES = ["maybe", "-1", "10", "!granted", '{"granted": false}', "not yes", "yes/no", "2"]
UNKNOWN_STATUSES += ["granted?", "\u0414\u0410", "unknown", "11", "no consent granted"]
UNREADABLE = [None, "", "yesterday", "31/12/2025", "0000-00-00", "1969-12-31", "1767225600"]
TO_COME = ["2026-07-03", "2031-01-01", "9999-12-31"]
# The second and the last stand in no seed.
UNSUBSCRIPTIONS = ["message_unsubscribed", "Désinscription", "opted-out", "Marketing Opt-Out"]
COMPLAINTS = ["message_complained", "Spam Report"]
BOUNCES = ["message_bounced", "Hard Bounce"]
WAYS = [("email", "email"), ("push", "contact_id"), ("ads", "email_or_phone"), ("ads", "email")]
CHANNELS = ["email", "sms", "push", "ads"]


@dataclass
class World:
    """Raw rows, who is whose, and what reached whom."""

    records: dict[str, str] = field(default_factory=dict)
    contacts: list[dict[str, str | None]] = field(default_factory=list)
    consents: list[dict[str, str | None]] = field(default_factory=list)
    events: list[dict[str, str | None]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    browsers: list[tuple[str, str]] = field(default_factory=list)
    rejected: dict[str, list[str]] = field(default_factory=dict)
    tags: list[dict[str, str | None]] = field(default_factory=list)

    def tag(self, record: str, tag: str, moment: str | None, **more: str) -> None:
        """A row of raw_contact_tags."""
        row = {"source_system": "s", "source_contact_id": record, "tag": tag}
        self.tags.append({**row, "tagged_at": moment, **more})

    def person(self, *records: str, email: str | None = None, written: str = "2025-01-01") -> None:
        """A person with some records, all with one address; the first names the person."""
        for record in records:
            self.records[record] = records[0]
            self.version(record, email, written)

    def version(self, record: str, email: str | None, written: str) -> None:
        """A further version of a record."""
        row = {"source_system": "s", "source_contact_id": record, "email": email}
        self.contacts.append({**row, "created_at": "2025-01-01", "updated_at": written})

    def rejected_row(self, record: str, email: str, **more: str) -> None:
        """A row of raw_contacts that cannot be kept, because nobody can read when it was made."""
        row = {"source_system": "s", "source_contact_id": record, "email": email}
        self.contacts.append({**row, "created_at": "yesterday", **more})
        self.rejected.setdefault(record, []).append(email)

    def says(
        self, record: str, channel: str | None, status: str | None, moment: str | None
    ) -> None:
        """A row of raw_consents."""
        row = {"source_system": "s", "source_contact_id": record, "channel": channel}
        self.consents.append({**row, "consent_status": status, "occurred_at": moment})

    def event(
        self, record: str | None, name: str, channel: str | None, moment: str | None, **more: str
    ) -> None:
        """A row of raw_events."""
        row = {"source_system": "s", "source_contact_id": record, "event_name": name}
        row |= {"event_id": f"e{len(self.events)}", "channel": channel, "occurred_at": moment}
        self.events.append({**row, **more})

    def newest(self, record: str) -> str | None:
        """The address of the newest version."""
        versions = [row for row in self.contacts if row["source_contact_id"] == record]
        return max(versions, key=lambda row: str(row["updated_at"]))["email"]


Chain = Callable[[World], duckdb.DuckDBPyConnection]
KEY = "md5('s' || chr(31) || {})"


def made_up(world: World) -> dict[str, tuple[pd.DataFrame, str]]:
    """What is not under test between raw tables and recipients: rows, and the SQL on them."""
    people = sorted(set(world.records.values()))
    newest = [(record, world.newest(record)) for record in world.records]
    addresses = [(person, world.newest(person)) for person in people]
    columns = ["visitor_id", "channel", "event_name", "last_occurred_at"]
    moment = "cast(last_occurred_at as timestamp)"
    return {
        "int_contacts__known_records": (
            pd.DataFrame(world.records.items(), columns=["k", "p"], dtype="string"),
            f"select {KEY.format('k')} as record_id, {KEY.format('p')} as contact_id",
        ),
        "contact_records": (
            pd.DataFrame(world.records.items(), columns=["k", "p"], dtype="string"),
            f"select {KEY.format('k')} as record_id, {KEY.format('p')} as contact_id,"
            " false as is_erased",
        ),
        "int_identity__records": (
            pd.DataFrame(newest, columns=["k", "email"], dtype="string"),
            f"select {KEY.format('k')} as record_id, 's' as source_system, k as source_contact_id,"
            " md5(lower(email)) as email_key, cast(null as varchar) as phone_key",
        ),
        "int_activity__identifications": (
            pd.DataFrame(world.browsers, columns=["a", "k"], dtype="string"),
            "select 's' as source_system, a as anonymous_id, k as source_contact_id",
        ),
        "int_activity__daily": (
            pd.DataFrame(world.receipts, columns=columns, dtype="string"),
            "select 's' as source_system, 'contact' as visitor_type, visitor_id, channel,"
            f" event_name, {moment} as last_occurred_at, cast({moment} as date) as occurred_on,"
            " 1 as event_count",
        ),
        "contacts": (
            pd.DataFrame(addresses, columns=["person", "address"], dtype="string"),
            f"select {KEY.format('person')} as contact_id, person, lower(address) as email,"
            " cast(null as varchar) as phone_e164, false as is_erased, false as is_held_back,"
            " timestamp '2025-01-01' as first_seen_at,"
            f" {', '.join(f'null as {column}' for column in PROFILE)}",
        ),
    }


@pytest.fixture(scope="module")
def chain(demo_database: Path, compiled: Callable[[str], str]) -> Chain:
    """Builds everything from raw tables to recipients on made-up rows, as of 2026-06-30."""
    sql = {model: RELATION.sub(r'"\1"', compiled(model)) for model in MODELS}
    with duckdb.connect(str(demo_database), read_only=True) as demo:
        given = {seed: demo.sql(f"from main_reference.{seed}").df() for seed in SEEDS}
        given |= {table: demo.sql(f"from main_staging.{table}").df() for table in STAGED}

    def build(world: World) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        connection.sql("set TimeZone = 'UTC'; set threads = 1")
        frames = {name: (rows, "select *") for name, rows in given.items()} | made_up(world)
        raw = {"contacts": world.contacts, "consents": world.consents, "events": world.events}
        raw |= {"contact_tags": world.tags}
        for name, rows in raw.items():
            columns = TABLES[f"raw_{name}"]
            frame = pd.DataFrame(rows, columns=columns, dtype="object").astype("string")
            frames[f"raw_{name}"] = (frame, "select *")
        for name, (rows, select) in frames.items():
            connection.register("rows", rows)
            connection.sql(f'create table "{name}" as {select} from rows')
        for name, select in NOTHING_ELSE.items():
            connection.sql(f"create table {name} as {select}")
        for model in MODELS:
            connection.sql(f'create table "{model}" as {sql[model]}')
            if model == "base_people__contacts":
                connection.sql(SOURCE_RECORDS)
        return connection

    return build


def reached(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Channel, identifier and person of everybody who may be contacted."""
    sql = """
        select channel, identifier, person from int_audiences__eligibility
        inner join contacts using (contact_id) where held_back_reason is null
    """
    return set(connection.sql(sql).fetchall())


def by_email(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Whom an e-mail may go to."""
    return {person for channel, _, person in reached(connection) if channel == "email"}


def granted(*people: str, moment: str = "2026-01-01") -> World:
    """People with an address each, who have all granted e-mail."""
    world = World()
    for person in people:
        world.person(person, email=f"{person}@example.com")
        world.says(person, "email", "granted", moment)
    return world


def test_a_channel_is_known_by_any_of_its_names(chain: Chain) -> None:
    world = granted(*[f"p{n}" for n in range(len(CHANNEL_WORDS))])
    for number, word in enumerate(CHANNEL_WORDS):
        world.says(f"p{number}", word, "withdrawn", "2026-02-01")
    others = {f"p{n}" for n, c in enumerate(CHANNEL_WORDS.values()) if c not in ("email", "all")}
    assert by_email(chain(world)) == others

    world = granted(*[f"p{n}" for n in range(len(CHANNEL_WORDS))])
    for number, word in enumerate(CHANNEL_WORDS):
        world.event(f"p{number}", "message_unsubscribed", word, "2026-02-01")
    assert by_email(chain(world)) == others


def test_an_objection_on_an_unknown_channel_counts_for_all_and_a_grant_for_none(
    chain: Chain,
) -> None:
    world = granted(*[f"p{n}" for n in range(len(UNKNOWN_CHANNELS) + 1)])
    for number, word in enumerate(UNKNOWN_CHANNELS):
        world.says(f"p{number}", word, "withdrawn", "2026-02-01")
        # Neither such a word nor one for another channel lifts it.
        world.says(f"p{number}", word, "granted", "2026-03-01")
        world.says(f"p{number}", "sms", "granted", "2026-03-01")
    world.says(f"p{len(UNKNOWN_CHANNELS)}", None, "withdrawn", "2026-02-01")
    connection = chain(world)

    assert by_email(connection) == set()
    told = connection.sql(
        "select consent_status, count(*) from stg_people__consents where known_channel is null"
        " and raw_channel is not null group by all order by all"
    ).fetchall()
    assert told == [("granted", len(UNKNOWN_CHANNELS)), ("withdrawn", len(UNKNOWN_CHANNELS))]


def test_only_words_that_mean_yes_are_read_as_one(chain: Chain) -> None:
    words = YES_WORDS + NO_WORDS + UNKNOWN_STATUSES
    people = [f"p{n}" for n in range(len(words))]
    after_a_yes, after_a_no = granted(*people), World()
    for person, word in zip(people, words, strict=True):
        after_a_yes.says(person, "email", word, "2026-02-01")
        after_a_no.person(person, email=f"{person}@example.com")
        after_a_no.says(person, "email", "withdrawn", "2026-01-01")
        after_a_no.says(person, "email", word, "2026-02-01")
    yes = {person for person, word in zip(people, words, strict=True) if word in YES_WORDS}

    assert by_email(chain(after_a_yes)) == yes
    assert by_email(chain(after_a_no)) == yes


def test_a_withdrawal_holds_whatever_its_date(chain: Chain) -> None:
    dates = UNREADABLE + TO_COME
    people = [f"p{n}" for n in range(len(dates))]
    consents, events = granted(*people), granted(*people)
    for person, moment in zip(people, dates, strict=True):
        consents.says(person, "email", "withdrawn", moment)
        events.event(person, "message_unsubscribed", "email", moment)

    for world in (consents, events):
        assert by_email(chain(world)) == set()


def test_a_grant_needs_a_date_that_can_be_read(chain: Chain) -> None:
    world = World()
    for number, moment in enumerate(UNREADABLE + TO_COME):
        world.person(f"p{number}", email=f"p{number}@example.com")
        world.says(f"p{number}", "email", "granted", moment)
    assert by_email(chain(world)) == set()


def test_a_no_belongs_to_the_address_too(chain: Chain) -> None:
    world = World()
    for case in ("asked", "withdrawn", "complained", "bounced", "newer"):
        for person in ("ann", "bob"):
            address = f"Info@{case}.example"
            world.person(f"{case}-{person}", email=address.lower() if person == "bob" else address)
            world.says(f"{case}-{person}", "email", "granted", "2026-01-01")
    for case in ("withdrawn", "newer"):
        world.says(f"{case}-ann", "email", "withdrawn", "2026-02-01")
    for case in ("complained", "bounced"):
        world.event(f"{case}-ann", f"message_{case}", "email", "2026-02-01")
    world.says("newer-bob", "email", "granted", "2026-02-02")

    assert by_email(chain(world)) == {"asked-ann", "asked-bob", "newer-bob"}


def test_a_no_counts_although_its_contact_row_was_rejected(chain: Chain) -> None:
    cases = [
        "said_yes",
        "withdrew",
        "unsubscribed",
        "complained",
        "withdrew_before",
        "asked",
        "keyless",
    ]
    world = granted(*cases, moment="2026-02-01")
    more = {"asked": {"deleted_at": "2026-02-03"}}
    for case in cases[:-1]:
        world.rejected_row(f"{case}-r", f"{case}@example.com", **more.get(case, {}))
    world.rejected_row("", "Keyless@example.com", deleted_at="2026-02-03")
    world.says("said_yes-r", "email", "granted", "2026-02-02")
    world.says("withdrew-r", "email", "withdrawn", "2026-02-02")
    world.says("withdrew_before-r", "email", "withdrawn", "2026-01-02")
    world.event("unsubscribed-r", "message_unsubscribed", "email", "2026-02-02")
    world.event("complained-r", "message_complained", "email", "2026-01-02")

    assert by_email(chain(world)) == {"said_yes", "withdrew_before"}


def test_a_tag_that_says_no_holds_a_contact_back_until_a_later_yes(chain: Chain) -> None:
    cases = ["vip", "older", "newer", "undated", "to_come", "taken_off"]
    world = granted(*cases, moment="2026-02-01")
    world.tag("vip", "VIP", "2026-03-01")
    world.tag("older", "Do Not Contact", "2026-01-01")
    world.tag("newer", "do-not-contact", "2026-03-01")
    world.tag("undated", "Abbestellung", None)
    world.tag("to_come", "STOP", "2031-01-01")
    world.tag("taken_off", "unsubscribed", "2026-03-01", removed_at="2026-04-01")

    connection = chain(world)
    assert by_email(connection) == {"vip", "older"}
    told = connection.sql("select tag from base_people__objection_tags where not is_known")
    assert {tag for (tag,) in told.fetchall()} == {
        *("do not contact", "do-not-contact", "abbestellung", "stop", "unsubscribed")
    }


def test_an_address_that_has_not_bounced_is_not_bounced(chain: Chain) -> None:
    old, new = ("old@{}.example", "2026-01-01"), ("new@{}.example", "2026-02-10")
    cases = {
        "still_there": ([old], "2026-02-10"),
        "corrected": ([old, new], "2026-02-10"),
        "gone_back": ([old, new, (old[0], "2026-02-20")], "2026-02-10"),
        # The source has overwritten the address: what was written after the bounce may still be it.
        "overwritten": ([new], "2026-01-01"),
        "overwritten_and_asked_anew": ([new], "2026-02-10"),
    }
    world = World()
    for person, (versions, consent) in cases.items():
        world.records[person] = person
        for address, written in versions:
            world.version(person, address.format(person.replace("_", "-")), written)
        world.event(person, "message_bounced", "email", "2026-02-01")
        world.says(person, "email", "granted", consent)

    assert by_email(chain(world)) == {"corrected", "overwritten_and_asked_anew"}


Said = tuple[datetime, bool]


def read(moment: str | None) -> datetime | None:
    """A moment that can be read, lies in the past and after 1970."""
    try:
        found = datetime.fromisoformat(moment or "")
    except ValueError:
        return None
    return found if datetime(1970, 1, 1) <= found <= LAST_MOMENT else None


class Reference:
    """Who may be reached, worked out from the rows one by one."""

    def __init__(self, world: World) -> None:
        """Collect what everybody said; what a browser said, everybody who used it."""
        self.world = world
        self.said: dict[tuple[str, str], list[Said]] = {}
        self.complained: set[tuple[str, str]] = set()
        self.bounces: list[tuple[str, str, datetime]] = []
        for row in world.consents:
            self.consent(row)
        for row in world.events:
            record = row["source_contact_id"]
            used = [k for a, k in world.browsers if a == row.get("anonymous_id")]
            for voice in [record] if record else used:
                self.event(row, voice)

    def channels(self, word: str | None, *, is_no: bool) -> list[str]:
        """The channels that a word means."""
        meant = CHANNEL_WORDS.get(word, "all" if is_no else "none")
        return CHANNELS if meant == "all" else [meant]

    def consent(self, row: dict[str, str | None]) -> None:
        """One row of raw_consents."""
        is_no = row["consent_status"] not in YES_WORDS
        moment = read(row["occurred_at"])
        if not is_no and moment is None:
            return
        record = str(row["source_contact_id"])
        person = self.world.records.get(record, record)
        for channel in self.channels(row["channel"], is_no=is_no):
            said = (moment or LAST_MOMENT, not is_no)
            self.said.setdefault((person, channel), []).append(said)

    def event(self, row: dict[str, str | None], record: str) -> None:
        """One row of raw_events, said through one record."""
        person, moment = self.world.records.get(record, record), read(row["occurred_at"])
        for channel in self.channels(row["channel"], is_no=True):
            if row["event_name"] in UNSUBSCRIPTIONS:
                said = (moment or LAST_MOMENT, False)
                self.said.setdefault((person, channel), []).append(said)
            elif row["event_name"] in COMPLAINTS:
                self.complained.add((person, channel))
            elif moment and record in self.world.records:
                self.bounces.append((record, channel, moment))

    def newest(self, person: str, channel: str) -> Said | None:
        """The newest decision of a person; at one moment a no is newer than a yes."""
        found = self.said.get((person, channel), [])
        if not found and channel == "ads":
            found = self.said.get((person, "email"), [])
        return max(found, key=lambda said: (said[0], not said[1])) if found else None

    def has_complained(self, person: str, channel: str) -> bool:
        """A complaint about the channel, or about the one whose decision stands in."""
        stands_in = channel == "ads" and not self.said.get((person, "ads"))
        return (person, channel) in self.complained or (
            stands_in and (person, "email") in self.complained
        )

    def address_then(self, record: str, moment: datetime) -> str | None:
        """The address that a record had at a moment, as far as its versions tell."""
        versions = [row for row in self.world.contacts if row["source_contact_id"] == record]
        versions.sort(key=lambda row: str(row["updated_at"]))
        before = [row for row in versions if str(row["updated_at"]) <= str(moment)]
        return (before[-1] if before else versions[0])["email"]

    def is_dead(self, address: str, channel: str) -> bool:
        """Whether the last message to an address came back, and nothing got through since."""
        bounced = [
            moment
            for record, on, moment in self.bounces
            if on == channel and self.address_then(record, moment) == address
        ]
        received = [
            moment
            for row in self.world.receipts
            for moment in [datetime.fromisoformat(row["last_occurred_at"])]
            if row["channel"] == channel
            and self.world.newest(row["visitor_id"]) == address
            and self.address_then(row["visitor_id"], moment) == address
        ]
        return bool(bounced) and not (received and max(received) > max(bounced))

    def may_reach(self, person: str, channel: str, identifier: str) -> bool:
        """Whether a person may be reached by a way."""
        own = self.newest(person, channel)
        if own is None or not own[1] or self.has_complained(person, channel):
            return False
        if identifier == "contact_id":
            bounced = [
                moment
                for record, on, moment in self.bounces
                if on == channel and self.world.records[record] == person
            ]
            return not bounced or own[0] > max(bounced)
        address = self.world.newest(person)
        if address is None or self.is_dead(address, channel):
            return False
        holders = {
            self.world.records[record]
            for record in self.world.records
            if self.world.newest(record) == address
        }
        shown = {row for row, addresses in self.world.rejected.items() if address in addresses}
        under_the_key = [said for p in holders if (said := self.newest(p, channel))]
        # A rejected row reaches nobody, and so only its no says something about others.
        under_the_key += [said for r in shown if (said := self.newest(r, channel)) and not said[1]]
        newest = max(under_the_key, key=lambda said: (said[0], not said[1]))
        return newest[1] and not any(self.has_complained(p, channel) for p in holders | shown)


def add_village(world: World, name: str, chance: random.Random) -> None:
    """People with several records, addresses that several of them have, and words of all kinds."""
    addresses = [f"box{n}@{name}.example" for n in range(5)]
    days = [f"2026-0{chance.randint(1, 6)}-{chance.randint(10, 28)}" for _ in range(6)]
    records: list[str] = []
    for number in range(chance.randint(2, 8)):
        names = [f"{name}-{number}", f"{name}-{number}b"][: chance.randint(1, 2)]
        world.person(*names, email=chance.choice(addresses))
        records += names
        for record in names:
            if chance.random() < 0.3:
                world.version(record, chance.choice([*addresses, None]), chance.choice(days))
    world.browsers += [(f"{name}-b{n}", chance.choice(records)) for n in (0, 0, 1)]
    for number in range(chance.randint(0, 2)):
        world.rejected_row(f"{name}-r{number}", chance.choice(addresses))
        records.append(f"{name}-r{number}")
    channels = [*CHANNEL_WORDS, *UNKNOWN_CHANNELS, *["email"] * 30, None]
    for record in records:
        for _ in range(chance.randint(0, 4)):
            status = chance.choice(
                [chance.choice(YES_WORDS)] * 3 + [chance.choice(NO_WORDS + UNKNOWN_STATUSES)]
            )
            moment = chance.choice([*days * 3, chance.choice(UNREADABLE + TO_COME)])
            world.says(record, chance.choice(channels), status, moment)
    for _ in range(chance.randint(0, 3)):
        event = chance.choice(UNSUBSCRIPTIONS + COMPLAINTS + BOUNCES)
        voice = chance.choice([*records, None])
        more = {} if voice else {"anonymous_id": f"{name}-b{chance.randint(0, 2)}"}
        moment = chance.choice([*days * 3, chance.choice(UNREADABLE + TO_COME)])
        world.event(voice, event, chance.choice(channels), moment, **more)
    for record in records:
        if record in world.records and chance.random() < 0.2:
            receipt = {"visitor_id": record, "channel": "email", "event_name": "message_opened"}
            world.receipts.append({**receipt, "last_occurred_at": chance.choice(days)})


@pytest.mark.parametrize("seed", range(3))
def test_no_destination_gets_a_key_under_which_the_newest_decision_is_a_no(
    chain: Chain, seed: int
) -> None:
    chance, world = random.Random(seed), World()
    for number in range(40):
        add_village(world, f"v{number}", chance)
    reference, connection = Reference(world), chain(world)
    people = set(world.records.values())
    expected = {
        (*way, person) for way in WAYS for person in people if reference.may_reach(person, *way)
    }

    assert reached(connection) ^ expected == set()
    assert len(expected) > 50
    # One recipient per address, and none but those.
    recipients = connection.sql(
        "select channel, identifier, lower(email) as key from int_audiences__recipients"
        " where identifier != 'contact_id'"
    ).fetchall()
    keys = {(c, i, world.newest(p)) for c, i, p in expected if i != "contact_id"}
    assert sorted(recipients) == sorted(keys)
