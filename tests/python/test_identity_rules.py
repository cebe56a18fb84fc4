"""The rules that make records one person or keep them apart, each by name."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable

import networkx as nx
import pytest
from identity import Identity, Record

ANN = {"first_name": "Ann", "last_name": "Miller"}
TOM = {"first_name": "Tom", "last_name": "Miller"}
PHONE = {"phone_e164": "+493023125000"}
BOB = {"first_name": "Bob", "last_name": "Miller"}
ROBERT = {"first_name": "Robert", "last_name": "Miller"}
MAILBOX = {"email": "millers@example.com"}
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
    "a_family_mailbox": ({**MAILBOX, **ANN, **BORN_1980}, {**MAILBOX, **TOM, **BORN_1990}, False),
    "one_mailbox_two_first_names_one_birth_date_known": (
        {**MAILBOX, **ANN, **BORN_1980},
        {**MAILBOX, **TOM},
        True,
    ),
    "one_mailbox_two_first_names_and_one_birth_date": (
        {**MAILBOX, **ANN, **BORN_1980},
        {**MAILBOX, **TOM, **BORN_1980},
        True,
    ),
    "one_mailbox_one_first_name_and_two_birth_dates": (
        {**MAILBOX, **ANN, **BORN_1980},
        {**MAILBOX, "first_name": "ANN ", "last_name": "Smith", **BORN_1990},
        True,
    ),
    "one_mailbox_a_made_up_birth_date": (
        {**MAILBOX, **ANN, "birth_date": "1970-01-01"},
        {**MAILBOX, **TOM, **BORN_1990},
        True,
    ),
    "one_mailbox_a_nickname_and_two_birth_dates": (
        {**MAILBOX, **BOB, **BORN_1980},
        {**MAILBOX, **ROBERT, **BORN_1990},
        True,
    ),
    "one_mailbox_an_initial_and_two_birth_dates": (
        {**MAILBOX, "first_name": "A.", **BORN_1980},
        {**MAILBOX, **TOM, **BORN_1990},
        True,
    ),
    "one_mailbox_an_umlaut_and_two_birth_dates": (
        {**MAILBOX, "first_name": "Jürgen", **BORN_1980},
        {**MAILBOX, "first_name": "JUERGEN-Hans", **BORN_1990},
        True,
    ),
    "one_mailbox_swapped_names_and_two_birth_dates": (
        {**MAILBOX, **ANN, **BORN_1980},
        {**MAILBOX, "first_name": "Miller", "last_name": "Anna", **BORN_1990},
        True,
    ),
    "a_family_mailbox_and_one_loyalty_number": (
        {**MAILBOX, **ANN, **BORN_1980, "identifiers": [("loyalty_number", "l1")]},
        {**MAILBOX, **TOM, **BORN_1990, "identifiers": [("loyalty_number", "l1")]},
        True,
    ),
    "a_family_mailbox_among_other_identifiers": (
        {**MAILBOX, **ANN, **BORN_1980},
        {"identifiers": [("email", "Millers@example.com")], **TOM, **BORN_1990},
        False,
    ),
    "one_phone_and_a_nickname": ({**PHONE, **BOB}, {**PHONE, **ROBERT}, True),
    "one_phone_and_a_nickname_swapped": (
        {**PHONE, **BOB},
        {**PHONE, "first_name": "Miller", "last_name": "Robert"},
        True,
    ),
    "one_phone_a_nickname_and_two_birth_dates": (
        {**PHONE, **BOB, **BORN_1980},
        {**PHONE, **ROBERT, **BORN_1990},
        False,
    ),
    "a_nickname_and_nothing_else": (BOB, ROBERT, False),
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
    "the_address_of_a_role_among_other_identifiers": (
        {"identifiers": [("email", "info@acme.example")]},
        {"identifiers": [("email", "Info+1@acme.example")]},
        False,
    ),
    "the_address_of_a_role_in_a_column_and_among_other_identifiers": (
        {"email": "info@acme.example"},
        {"identifiers": [("email", "info@acme.example")]},
        False,
    ),
    "a_placeholder_phone_among_other_identifiers": (
        {"identifiers": [("phone", "+491234567890")]},
        {"identifiers": [("phone", "+491234567890")]},
        False,
    ),
    "one_email_in_a_column_and_among_other_identifiers": (
        {"email": "annlee@gmail.com"},
        {"identifiers": [("email", "Ann.Lee+shop@GMAIL.com")]},
        True,
    ),
    "a_kelvin_sign_is_no_k": (
        {"email": "k@example.com"},
        {"identifiers": [("email", "\u212a@example.com")]},
        False,
    ),
    "one_phone_in_a_column_and_among_other_identifiers": (
        {"phone_e164": "+4915123456789"},
        {"identifiers": [("phone", "+4915123456789")]},
        True,
    ),
    "two_extensions_of_one_switchboard": (
        {"phone_e164": "+16502530000;ext=136", **ANN, **BORN_1980},
        {"phone_e164": "+16502530000;ext=250", **ANN, **BORN_1980},
        False,
    ),
    "an_extension_and_its_switchboard": (
        {"phone_e164": "+16502530000;ext=136"},
        {"phone_e164": "+16502530000"},
        False,
    ),
    "two_extensions_among_other_identifiers": (
        {"identifiers": [("phone", "+16502530000;ext=136")]},
        {"identifiers": [("phone", "+16502530000;ext=250")]},
        False,
    ),
    "one_extension": (
        {"phone_e164": "+16502530000;ext=136"},
        {"identifiers": [("phone", "+16502530000;ext=136")]},
        True,
    ),
    "an_extension_of_a_placeholder": (
        {"phone_e164": "+491234567890;ext=1", **ANN, **BORN_1980},
        {"phone_e164": "+491234567890;ext=1", **ANN, **BORN_1980},
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


FAMILY: dict[str, Record] = {
    "ann": {**MAILBOX, **ANN, **BORN_1980},
    "tom": {**MAILBOX, **TOM, **BORN_1990},
    "eve": {**MAILBOX, "first_name": "Eve", "birth_date": "2010-03-04"},
    "ian": {**MAILBOX, "first_name": "Ian", "birth_date": "2012-05-06"},
}


def test_four_people_of_one_mailbox_stay_four_and_the_mailbox_owns_nothing(
    identity: Identity,
) -> None:
    assert people(identity, FAMILY) == {frozenset({name}) for name in FAMILY}
    assert identity.rows("from int_contacts__identifier_owners") == []
    blocked = "select identifier_value, record_count, reason from identity_blocked_identifiers"
    reason = "holders_disagree_on_first_name_and_birth_date"
    assert identity.rows(blocked) == [("millers@example.com", 4, reason)]


def test_in_a_family_mailbox_first_name_or_birth_date_still_join(identity: Identity) -> None:
    records = {
        **{name: FAMILY[name] for name in ("ann", "tom")},
        "ann_guest": {**MAILBOX, **ANN},
        "tom_misspelt": {**MAILBOX, "first_name": "Tim", **BORN_1990},
        "nobody": {**MAILBOX},
    }

    assert people(identity, records) == {
        frozenset({"ann", "ann_guest"}),
        frozenset({"tom", "tom_misspelt"}),
        frozenset({"nobody"}),
    }


def test_no_mailbox_of_a_chain_joins_whose_people_disagree(identity: Identity) -> None:
    records = {
        "ann": {"email": "ann@example.com", **ANN, **BORN_1980},
        "between": {"email": "ann@example.com", "identifiers": [("email", "tom@example.com")]},
        "tom": {"email": "tom@example.com", **TOM, **BORN_1990},
    }

    assert len(in_every_order(identity, records)) == 3
    records["tom"] = {"email": "tom@example.com", **TOM}
    assert len(in_every_order(identity, records)) == 1


def test_a_household_line_spoils_no_mailbox(identity: Identity) -> None:
    records = {
        "ann": {"email": "ann@example.com", **PHONE},
        "ann_again": {"email": "ann@example.com", **BORN_1980},
        "tom": {**PHONE, **BORN_1990},
    }

    assert frozenset({"ann", "ann_again"}) in in_every_order(identity, records)


def test_who_differs_in_both_is_joined_where_the_seed_says_so(identity: Identity) -> None:
    conflicts_on = "update identifier_types set conflicts_on = ? where identifier_type = 'email'"
    shipped = "first_name+birth_date"
    try:
        for setting, count in ((None, 1), ("birth_date", 4), ("birth_date+first_name", 4)):
            identity.connection.execute(conflicts_on, [setting])
            assert len(people(identity, FAMILY)) == count
    finally:
        identity.connection.execute(conflicts_on, [shipped])


Person = dict[str, str]


def differ(one: Person, other: Person, attributes: str) -> bool:
    """Whether two people are known to differ on each of the attributes, written with + between."""
    return all(
        name in one and name in other and one[name] != other[name] for name in attributes.split("+")
    )


def joined(
    groups: Iterable[frozenset[str]],
    values: dict[tuple[str, ...], set[str]],
    guards: dict[str, str],
    facts: dict[str, Person],
) -> tuple[set[frozenset[str]], set[tuple[str, ...]]]:
    """The groups that undisputed values make of groups, and the disputed values: pair by pair."""
    group_of = {record: group for group in groups for record in group}
    known = {
        group: {
            name: next(iter(said))
            for name in ("first_name", "birth_date", "loyalty_number")
            if len(said := {facts[r][name] for r in group if name in facts[r]}) == 1
        }
        for group in group_of.values()
    }

    def disagree(holders: set[frozenset[str]], conflicts_on: Iterable[str]) -> bool:
        return any(
            differ(known[one], known[other], attributes)
            for one, other in itertools.combinations(holders, 2)
            for guard in conflicts_on
            for attributes in guard.split("|")
        )

    holders = {value: {group_of[r] for r in records} for value, records in values.items()}
    disputed = {v for v, held in holders.items() if disagree(held, [guards[v[0]]])}
    graph = nx.Graph()
    graph.add_nodes_from(known)
    for value in holders.keys() - disputed:
        nx.add_path(graph, holders[value])
    found: set[frozenset[str]] = set()
    for component in nx.connected_components(graph):
        rules = {
            guards[value[0]]
            for value, held in holders.items()
            if len(held) > 1 and held & component and len(component) > 1
        }
        found |= component if disagree(component, rules) else {frozenset().union(*component)}
    return found, disputed


@pytest.mark.parametrize("seed", range(4))
def test_the_people_behind_mailboxes_are_those_of_the_reference(
    identity: Identity, seed: int
) -> None:
    chance = random.Random(seed)
    records: dict[str, Record] = {}
    for number in range(60):
        record: dict[str, object] = {"email": f"e{chance.randrange(14)}@example.com"}
        if chance.random() < 0.3:
            record["identifiers"] = [("email", f"e{chance.randrange(30)}@example.com")]
        if chance.random() < 0.7:
            record["first_name"] = chance.choice(["Bob", "ROBERT", "Ann", "Änn", "Eve"])
        if chance.random() < 0.6:
            record["birth_date"] = chance.choice(["1980-05-01", "1990-06-02", "1970-01-01"])
        if chance.random() < 0.2:
            card = ("loyalty_number", f"l{chance.randrange(6)}")
            record["identifiers"] = [*record.get("identifiers", []), card]
        records[f"r{number:02}"] = record

    facts: dict[str, Person] = {}
    cards: dict[tuple[str, ...], set[str]] = {}
    mailboxes: dict[tuple[str, ...], set[str]] = {}
    for name, record in records.items():
        fact = facts[name] = {}
        if first_name := record.get("first_name"):
            plain = str(first_name).lower().replace("ä", "a")
            fact["first_name"] = {"bob": "robert"}.get(plain, plain)
        if record.get("birth_date", "1970-01-01") != "1970-01-01":
            fact["birth_date"] = str(record["birth_date"])
        mailboxes.setdefault(("email", str(record["email"])), set()).add(name)
        for kind, value in record.get("identifiers", ()):
            if kind == "loyalty_number":
                fact["loyalty_number"] = value
            shown = mailboxes if kind == "email" else cards
            shown.setdefault((kind, value), set()).add(name)
    alone = {frozenset({name}) for name in records}
    certain, _ = joined(alone, cards, {"loyalty_number": ""}, facts)
    personal, disputed = joined(certain, mailboxes, {"email": "first_name+birth_date"}, facts)
    divided: dict[tuple[str, ...], set[str]] = {}
    for value in disputed:
        for record in mailboxes[value]:
            for part in ("birth_date", "first_name"):
                if part in facts[record]:
                    key = (f"email_and_{part}", value[1], facts[record][part])
                    divided.setdefault(key, set()).add(record)
    guards = {
        "email_and_birth_date": "loyalty_number",
        "email_and_first_name": "birth_date|loyalty_number",
    }
    expected, _ = joined(personal, divided, guards, facts)

    assert people(identity, records) == expected
    assert disputed
    assert len(expected) < len(records)


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


BLOCKED_ADDRESSES = [
    *("info@acme.example", "INFO+2@acme.example", "no-reply@acme.example", "ann@test.com"),
    *("none@none.com", "i.n.f.o@gmail.com"),
]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_blocked_joins_nobody_and_owns_nothing_wherever_it_stands(
    identity: Identity, seed: int
) -> None:
    chance = random.Random(seed)
    records: dict[str, Record] = {}
    for number in range(12):
        address = chance.choice(BLOCKED_ADDRESSES)
        phone = chance.choice(["+491234567890", "+12345678900;ext=7"])
        column = {"email": address.lower(), "phone_e164": phone}
        elsewhere = {"identifiers": [("email", address), ("phone", phone), ("crm_id", "N/A")]}
        records[f"r{number}"] = chance.choice([column, elsewhere])

    assert len(people(identity, records)) == len(records)
    assert identity.rows("from int_contacts__identifier_owners") == []
    reasons = "select count(*) from identity_blocked_identifiers where reason = 'too_many_records'"
    assert identity.rows(reasons) == [(0,)]
    unshown = "select count(*) from identity_blocked_identifiers where identifier_value is null"
    assert identity.rows(unshown) == [(0,)]


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
    edges = identity.rows("select node_a, node_b from int_identity__edges")
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
