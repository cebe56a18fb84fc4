"""Ids that stay: what the ledger promises across builds, batches, orders and full refreshes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from identity import Identity, Record

EMAIL = {"email": "a@example.com"}
CURRENT = "select record_id, contact_id from int_identity__assignments"
MERGES = (
    "select absorbed_contact_id, contact_id, cast(merged_on as varchar), reason from contact_merges"
)


@pytest.fixture
def identity(compiled: Callable[[str], str]) -> Identity:
    """Identity resolution before its first build."""
    return Identity(compiled, last_model="contact_merges")


def record(name: str, created_at: str = "2025-01-01", **values: object) -> Record:
    """A record with some values."""
    return {"record_id": name, "created_at": created_at, **values}


def test_without_a_ledger_the_record_created_first_names_the_contact(identity: Identity) -> None:
    records = [record("later", "2025-02-01", **EMAIL), record("first", "2025-01-01", **EMAIL)]

    assert identity.build(records) == {"later": "first", "first": "first"}
    assert identity.rows(MERGES) == []


def test_records_of_one_moment_go_by_record_id(identity: Identity) -> None:
    assert set(identity.build([record("b", **EMAIL), record("a", **EMAIL)]).values()) == {"a"}


def test_an_old_record_that_arrives_late_takes_over_no_published_id(identity: Identity) -> None:
    known = record("known", "2025-06-01", **EMAIL)
    identity.build([known])

    contacts = identity.build([known, record("older", "2020-01-01", **EMAIL)])

    assert contacts == {"known": "known", "older": "known"}


def test_a_source_that_changes_when_it_first_knew_a_record_changes_no_id(
    identity: Identity,
) -> None:
    other = record("other", "2025-02-01", **EMAIL)
    identity.build([record("first", "2025-01-01", **EMAIL), other])

    contacts = identity.build([record("first", "2025-03-01", **EMAIL), other])

    assert set(contacts.values()) == {"first"}


def test_the_older_id_survives_a_merge_that_is_dated_and_explained(identity: Identity) -> None:
    one, other = record("one", "2025-02-01", **EMAIL), record("other", email="b@example.com")
    identity.build([one], as_of="2026-01-01")
    identity.build([one, other], as_of="2026-01-02")
    bridge = record("bridge", **EMAIL, identifiers=[("email", "b@example.com")])

    contacts = identity.build([one, other, bridge], as_of="2026-01-03")

    assert set(contacts.values()) == {"one"}
    assert identity.rows(MERGES) == [("other", "one", "2026-01-03", "email")]


def test_a_split_gives_the_id_back(identity: Identity) -> None:
    one, other = record("one", **EMAIL), record("other", "2025-02-01", **EMAIL)
    identity.build([one], as_of="2026-01-01")
    identity.build([one, record("other", "2025-02-01")], as_of="2026-01-02")
    identity.build([one, other], as_of="2026-01-03")
    assert identity.rows(MERGES) == [("other", "one", "2026-01-03", "email")]

    contacts = identity.build([one, record("other", "2025-02-01")], as_of="2026-01-04")

    assert contacts == {"one": "one", "other": "other"}
    assert identity.rows(MERGES) == []


def test_a_record_that_no_longer_arrives_follows_those_it_was_one_with(identity: Identity) -> None:
    identity.build([record("gone", **EMAIL), record("left", "2025-02-01", **EMAIL)])

    assert identity.build([record("left", "2025-02-01", **EMAIL)]) == {"left": "left"}
    assert identity.rows(MERGES) == [("gone", "left", "2026-06-30", "record_gone")]


def test_what_is_as_it_was_adds_nothing_to_the_ledger(identity: Identity) -> None:
    records = [record("one", **EMAIL), record("other", **EMAIL)]
    identity.build(records)
    identity.build(records)

    assert identity.rows("select count(*), max(build_number) from int_identity__ledger") == [(2, 1)]


def test_a_build_for_a_past_day_reads_and_moves_no_later_entry(identity: Identity) -> None:
    one, other = record("one", **EMAIL), record("other", "2025-02-01")
    joined = {**other, **EMAIL}
    identity.build([one, other], as_of="2026-01-01")
    identity.build([one, joined], as_of="2026-02-01")

    assert identity.build([one, other], as_of="2026-01-15") == {"one": "one", "other": "other"}
    assert identity.rows(MERGES) == []
    assert set(identity.build([one, joined], as_of="2026-02-01").values()) == {"one"}
    assert identity.rows(MERGES) == [("other", "one", "2026-02-01", "email")]


def test_an_erased_record_stays_erased_when_a_late_row_says_nothing(identity: Identity) -> None:
    identity.build([record("asked", is_erased=True, **EMAIL)])
    identity.build([record("asked", **EMAIL), record("other", **EMAIL)])

    assert identity.rows("select record_id, is_erased from contact_records order by 1") == [
        ("asked", True),
        ("other", False),
    ]
    assert identity.rows("select record_id from int_identity__erased_records") == [("asked",)]


def test_a_full_refresh_keeps_the_ledger(manifest: dict[str, Any]) -> None:
    config = manifest["nodes"]["model.crm_segmentation.int_identity__ledger"]["config"]

    assert config["materialized"] == "incremental"
    assert config["incremental_strategy"] == "append"
    assert config["full_refresh"] is False


TURNS = 5


def made_up_versions(seed: int) -> tuple[dict[str, Record], dict[str, Record]]:
    """Records by name, and those that get other identifiers later: people split and merge."""
    chance = random.Random(seed)

    def values(name: str) -> Record:
        found: dict[str, object] = {}
        if chance.random() < 0.7:
            found["email"] = f"e{chance.randrange(10)}@example.com"
        if chance.random() < 0.6:
            found["phone_e164"] = f"+4930{chance.randrange(10):08}"
        if chance.random() < 0.3:
            found["birth_date"] = chance.choice(["1980-05-01", "1990-06-02"])
        return record(name, f"2025-01-{chance.randint(1, 28):02}", **found)

    names = [f"r{number:02}" for number in range(18)]
    records = {name: values(name) for name in names}
    return records, {name: values(name) for name in chance.sample(names, 4)}


def in_turn(turn: int, records: dict[str, Record]) -> dict[str, Record]:
    """The same records once more, as people who share nothing with those of another turn."""
    found = {}
    for name, values in records.items():
        own = {**values, "record_id": f"{turn} {name}"}
        if "email" in own:
            own["email"] = f"{turn}{own['email']}"
        if "phone_e164" in own:
            own["phone_e164"] = f"+4930{turn}{own['phone_e164'][6:]}"
        found[f"{turn} {name}"] = own
    return found


def members(contacts: dict[str, str]) -> set[frozenset[str]]:
    """The record ids of each person."""
    return {
        frozenset(name for name, owner in contacts.items() if owner == contact)
        for contact in contacts.values()
    }


@pytest.mark.parametrize("seed", range(10))
def test_ids_survive_every_order_and_split_into_batches(
    compiled: Callable[[str], str], seed: int
) -> None:
    """Load records in batches of a random order, then changes; check every promise each time.

    Five orders are tried at once, each with people of its own, because a build costs the same.
    """
    records: dict[str, Record] = {}
    changed: dict[str, Record] = {}
    batches: list[list[str]] = [[], [], [], []]
    for turn in range(TURNS):
        of_turn, changes = (in_turn(turn, versions) for versions in made_up_versions(seed))
        records, changed = records | of_turn, changed | changes
        chance = random.Random(10 * seed + turn)
        names = list(of_turn)
        chance.shuffle(names)
        first, second = sorted(chance.sample(range(1, len(names)), 2))
        for number, batch in enumerate(
            (names[:first], names[first:second], names[second:], list(changes))
        ):
            batches[number] += batch
    final = members(Identity(compiled).build({**records, **changed}.values()))

    identity = Identity(compiled)
    present: dict[str, Record] = {}
    seen_first: dict[str, tuple[int, object, str]] = {}
    published: set[str] = set()
    contacts: dict[str, str] = {}
    for number, batch in enumerate(batches):
        source = changed if number == 3 else records
        present |= {name: source[name] for name in batch}
        for name in batch:
            seen_first.setdefault(name, (number, records[name]["created_at"], name))
        contacts = identity.build(present.values(), as_of=f"2026-01-{number + 1:02}")
        published |= set(contacts.values())

        # The contact is the record that was seen first, worked out anew.
        for person in members(contacts):
            assert {contacts[name] for name in person} == {min(person, key=seen_first.__getitem__)}
        # Every id that was ever published is a contact or leads to one, to that of its own record.
        merges = {absorbed: contact for absorbed, contact, _, _ in identity.rows(MERGES)}
        assert published == (published & set(contacts.values())) | set(merges)
        assert not set(merges) & set(contacts.values())
        assert all(contact == contacts[absorbed] for absorbed, contact in merges.items())
        assert dict(identity.rows(CURRENT)) == contacts

    assert members(contacts) == final
    # In every order the people are the same.
    turns = [
        {frozenset(n[2:] for n in person) for person in final if min(person)[0] == str(turn)}
        for turn in range(TURNS)
    ]
    assert all(people == turns[0] for people in turns)
    # From raw and ledger alone, everything else thrown away, the ids are the same.
    assert identity.build(present.values(), as_of="2026-01-04") == contacts
