"""The rules that make records one person or keep them apart, each by name."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from identity import Identity, Record

ANN = {"first_name": "Ann", "last_name": "Miller"}
TOM = {"first_name": "Tom", "last_name": "Miller"}
PHONE = {"phone_e164": "+493023125000"}
OTHER_PHONE = {"phone_e164": "+493023125001"}
BORN_1980 = {"birth_date": "1980-05-01"}
BORN_1990 = {"birth_date": "1990-06-02"}

# What two records say -> whether they are one person.
PAIRS: dict[str, tuple[Record, Record, bool]] = {
    "one_email": ({"email": "a@example.com"}, {"email": "a@example.com"}, True),
    "two_emails": ({"email": "a@example.com"}, {"email": "b@example.com"}, False),
    "one_mailbox_in_two_spellings": (
        {"email": "annlee@gmail.com"},
        {"email": "ann.lee+shop@googlemail.com"},
        True,
    ),
    "a_dot_counts_outside_gmail": (
        {"email": "annlee@example.com"},
        {"email": "ann.lee@example.com"},
        False,
    ),
    "one_email_whatever_the_birth_dates": (
        {"email": "a@example.com", **BORN_1980},
        {"email": "a@example.com", **BORN_1990},
        True,
    ),
    "a_placeholder": ({"email": "test@test.com"}, {"email": "test@test.com"}, False),
    "a_placeholder_with_a_tag": ({"email": "noreply+1@a.com"}, {"email": "noreply+1@a.com"}, False),
    "the_domain_of_a_placeholder": ({"email": "x@none.com"}, {"email": "x@none.com"}, False),
    "the_address_of_a_role": ({"email": "info@shop.com"}, {"email": "info@shop.com"}, False),
    "a_placeholder_phone": (
        {"phone_e164": "+491234567890", **ANN, **BORN_1980},
        {"phone_e164": "+491234567890", **ANN, **BORN_1980},
        False,
    ),
    "a_placeholder_id": (
        {"identifiers": [("loyalty_number", "n/a")]},
        {"identifiers": [("loyalty_number", "n/a")]},
        False,
    ),
    "one_loyalty_number": (
        {"identifiers": [("loyalty_number", "l1")]},
        {"identifiers": [("loyalty_number", "l1")]},
        True,
    ),
    "the_same_value_of_two_types": (
        {"identifiers": [("loyalty_number", "1")]},
        {"identifiers": [("crm_id", "1")]},
        False,
    ),
    "one_phone_and_nothing_against_it": (PHONE, PHONE, True),
    "one_phone_and_one_name": ({**PHONE, **ANN}, {**PHONE, **ANN}, True),
    "one_phone_and_swapped_names": (
        {**PHONE, **ANN},
        {**PHONE, "first_name": "MILLER", "last_name": "Ann"},
        True,
    ),
    "one_phone_and_an_accent": (
        {**PHONE, "first_name": "Élodie", "last_name": "Weiss"},
        {**PHONE, "first_name": "Elodie", "last_name": "Weiss"},
        True,
    ),
    "a_household_by_birth_date": (
        {**PHONE, **ANN, **BORN_1980},
        {**PHONE, **ANN, **BORN_1990},
        False,
    ),
    "a_household_by_name": ({**PHONE, **ANN}, {**PHONE, **TOM}, False),
    "a_household_by_name_one_birth_date_known": (
        {**PHONE, **ANN, **BORN_1980},
        {**PHONE, **TOM},
        False,
    ),
    "one_phone_and_birth_date_under_two_names": (
        {**PHONE, **BORN_1980, "first_name": "Basti", "last_name": "Kuhn"},
        {**PHONE, **BORN_1980, "first_name": "Sebastian", "last_name": "Kuhn"},
        True,
    ),
    "a_made_up_birth_date_proves_nothing": (
        {**PHONE, **ANN, "birth_date": "1970-01-01"},
        {**PHONE, **TOM, "birth_date": "1970-01-01"},
        False,
    ),
    "a_made_up_birth_date_disproves_nothing": (
        {**PHONE, **ANN, "birth_date": "1970-01-01"},
        {**PHONE, **ANN, **BORN_1980},
        True,
    ),
    "one_phone_two_loyalty_numbers": (
        {**PHONE, "identifiers": [("loyalty_number", "l1")]},
        {**PHONE, "identifiers": [("loyalty_number", "l2")]},
        False,
    ),
    "logins_from_one_browser": ({"logins": ["b1"], **ANN}, {"logins": ["b1"], **ANN}, True),
    "two_people_at_one_browser": ({"logins": ["b1"], **ANN}, {"logins": ["b1"], **TOM}, False),
    "a_device_is_sold_on": (
        {"identifiers": [("device_id", "d1")]},
        {"identifiers": [("device_id", "d1")]},
        False,
    ),
}


@pytest.fixture(scope="module")
def identity(compiled: Callable[[str], str]) -> Identity:
    """Identity resolution; its ledger is emptied by `people`."""
    return Identity(compiled)


def people(identity: Identity, records: dict[str, Record]) -> set[frozenset[str]]:
    """Build on the records from nothing: the record ids of each person."""
    identity.connection.sql("delete from int_identity__ledger")
    contacts = identity.build({"record_id": name, **record} for name, record in records.items())
    members: dict[str, set[str]] = {}
    for record_id, contact_id in contacts.items():
        members.setdefault(contact_id, set()).add(record_id)
    assert len(contacts) == len(records)
    return {frozenset(records) for records in members.values()}


@pytest.mark.parametrize("rule", PAIRS)
def test_two_records_are_one_person_or_two(identity: Identity, rule: str) -> None:
    one, other, are_one = PAIRS[rule]

    assert len(people(identity, {"one": one, "other": other})) == (1 if are_one else 2)


def in_every_order(identity: Identity, records: dict[str, Record]) -> set[frozenset[str]]:
    """The people, after checking that no order of the records finds others."""
    found = {
        frozenset(people(identity, dict(order)))
        for order in itertools.permutations(records.items())
    }
    assert len(found) == 1
    return set(found.pop())


def test_people_are_compared_and_not_records(identity: Identity) -> None:
    records = {
        "no_date": {"email": "a@example.com", **PHONE},
        "with_date": {"email": "a@example.com", **BORN_1980},
        "relative": {**PHONE, **BORN_1990},
    }

    assert in_every_order(identity, records) == {
        frozenset({"no_date", "with_date"}),
        frozenset({"relative"}),
    }


def test_a_phone_whose_holders_disagree_joins_nobody_and_owns_nothing(identity: Identity) -> None:
    records = {
        "ann": {**PHONE, **BORN_1980},
        "undated": {**PHONE},
        "tom": {**PHONE, **BORN_1990},
    }

    assert len(in_every_order(identity, records)) == 3
    assert (
        identity.rows("from int_contacts__identifier_owners where identifier_type = 'phone'") == []
    )
    blocked = "select identifier_value, record_count, reason from identity_blocked_identifiers"
    assert identity.rows(blocked) == [("+493023125000", 3, "holders_disagree_on_birth_date")]


def test_no_link_of_a_chain_holds_whose_people_disagree(identity: Identity) -> None:
    middle = {"identifiers": [("phone", OTHER_PHONE["phone_e164"])]}
    records = {
        "ann": {**PHONE, **BORN_1980},
        "between": {**PHONE, **middle},
        "tom": {**OTHER_PHONE, **BORN_1990},
    }

    assert len(in_every_order(identity, records)) == 3
    del records["tom"]
    assert len(in_every_order(identity, records)) == 1


def test_a_household_line_spoils_no_other_link(identity: Identity) -> None:
    records = {
        "ann": {**PHONE, **ANN, **BORN_1980},
        "ann_again": {**PHONE, **ANN, **BORN_1980},
        "tom": {**PHONE, **TOM, **BORN_1990, "email": "tom@example.com"},
        "tom_again": {"email": "tom@example.com"},
    }

    assert in_every_order(identity, records) == {
        frozenset({"ann", "ann_again"}),
        frozenset({"tom", "tom_again"}),
    }


@pytest.mark.parametrize(("holders", "person_count"), [(10, 1), (11, 11)])
def test_a_value_on_more_records_than_its_limit_joins_nobody(
    identity: Identity, holders: int, person_count: int
) -> None:
    assert len(people(identity, {f"r{n}": PHONE for n in range(holders)})) == person_count


def test_a_blocked_value_owns_nothing_and_is_listed(identity: Identity) -> None:
    people(identity, {"one": {"email": "test@test.com"}, "other": {"email": "info@shop.com"}})

    assert identity.rows("from int_contacts__identifier_owners") == []
    blocked = (
        "select identifier_value, record_count, reason from identity_blocked_identifiers order by 1"
    )
    assert identity.rows(blocked) == [
        ("info@shop.com", 1, "role_address"),
        ("test@test.com", 1, "placeholder"),
    ]


def test_a_blocked_value_of_an_erased_person_is_not_shown(identity: Identity) -> None:
    people(
        identity,
        {
            "asked": {
                "email": "test@test.com",
                "is_erased": True,
                "identifiers": [("crm_id", "1")],
            },
            "same": {"email": "none@none.com", "identifiers": [("crm_id", "1")]},
        },
    )

    shown = "select identifier_value, reason from identity_blocked_identifiers"
    assert identity.rows(shown) == [(None, "placeholder")] * 2


def test_a_chain_of_ten_thousand_is_one_person(identity: Identity) -> None:
    def link(number: int) -> Record:
        return {
            "email": f"e{number // 2}@example.com",
            "phone_e164": f"+4930{(number + 1) // 2:08}",
            **ANN,
        }

    assert len(people(identity, {f"r{number}": link(number) for number in range(10_000)})) == 1


def made_up_records(seed: int, count: int = 40) -> dict[str, Record]:
    """Records that share and disagree at random."""
    chance = random.Random(seed)
    records: dict[str, Record] = {}
    for number in range(count):
        record: dict[str, object] = {
            "created_at": f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} 10:00:00"
        }
        if chance.random() < 0.4:
            record["email"] = f"e{chance.randrange(count)}@example.com"
        if chance.random() < 0.6:
            record["phone_e164"] = f"+4930{chance.randrange(count):08}"
        if chance.random() < 0.3:
            record["birth_date"] = chance.choice(["1980-05-01", "1990-06-02"])
        if chance.random() < 0.3:
            record |= chance.choice([ANN, TOM])
        if chance.random() < 0.2:
            record["identifiers"] = [("loyalty_number", f"l{chance.randrange(count)}")]
        records[f"r{number:02}"] = record
    return records


@pytest.mark.parametrize("seed", range(5))
def test_no_two_people_joined_by_a_phone_disagree(identity: Identity, seed: int) -> None:
    records = made_up_records(seed)
    found = people(identity, records)
    edges = identity.rows("select node_a, node_b from int_identity__certain_edges")
    number_of = dict(identity.rows("select record_id, record_number from int_identity__records"))
    person_of = dict(identity.rows("select node, component from int_identity__people"))
    assert edges
    for members in found:
        dates: dict[object, set[object]] = {}
        for name in members:
            date = records[name].get("birth_date")
            person = person_of.get(number_of[name], number_of[name])
            dates.setdefault(person, set()).update({date} - {None})
        agreed = {next(iter(known)) for known in dates.values() if len(known) == 1}
        assert len(agreed) <= 1


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_records_decides_nothing(identity: Identity, seed: int) -> None:
    records = made_up_records(seed)
    found = people(identity, records)
    items = list(records.items())
    for turn in range(3):
        random.Random(turn).shuffle(items)
        moved = [(name, {**record, "created_at": f"2025-01-{n + 1:02}"})
                 for n, (name, record) in enumerate(items[:28])]  # fmt: skip
        assert people(identity, dict([*moved, *items[28:]])) == found
    assert 1 < len(found) < len(records)


@pytest.mark.parametrize("seed", range(5))
def test_every_link_leads_to_a_record_of_the_same_contact(identity: Identity, seed: int) -> None:
    people(identity, made_up_records(seed))
    links = """
        select links.record_id, links.contact_id, others.contact_id, links.link_type
        from contact_record_links as links
        left join contact_records as others on links.linked_record_id = others.record_id
    """
    rows = identity.rows(links)
    assert len(rows) == 40
    for record_id, contact_id, other_contact_id, link_type in rows:
        if record_id == contact_id:
            assert (other_contact_id, link_type) == (None, "first_record")
        else:
            assert other_contact_id == contact_id
            assert link_type != "first_record"
