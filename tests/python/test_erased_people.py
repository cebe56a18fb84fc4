"""Whom an erasure reaches, whom it leaves alone, and who comes back: days on made-up records."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from identity import Identity, Record

EMAIL = {"email": "ann@example.com"}
OTHER_EMAIL = {"email": "ann@other.example"}
PHONE = {"phone_e164": "+493023125000"}
LOYALTY = {"identifiers": [("loyalty_number", "l-77")]}
BROWSER = {"logins": ["browser-1"]}
ERASED = "select record_id, erasure_reason from int_identity__erased_records order by 1"
REVIEWS = (
    "select record_id, identifier_types, verdict from int_identity__erasure_reviews order by 1"
)


@pytest.fixture
def identity(compiled: Callable[[str], str]) -> Identity:
    """Identity resolution before its first build."""
    return Identity(compiled, last_model="int_contacts__separations")


def record(name: str, created_at: str = "2025-01-01", **values: object) -> Record:
    """A record with some values."""
    return {"record_id": name, "created_at": created_at, **values}


@pytest.mark.parametrize("shared", [EMAIL, PHONE, LOYALTY], ids=["email", "phone", "loyalty"])
@pytest.mark.parametrize("days_between", [0, 2], ids=["in_one_update", "two_days_later"])
def test_a_row_emptied_with_its_request_takes_its_twin_with_it(
    identity: Identity, shared: Record, days_between: int
) -> None:
    twin = record("twin", "2025-02-01", **shared)
    identity.build([record("asks", **shared), twin], as_of="2026-03-01")
    if days_between:
        asked = record("asks", is_erased=True, asked_at="2026-03-02 10:00", **shared)
        identity.build([asked, twin], as_of="2026-03-02")

    emptied = record("asks", is_erased=True, asked_at="2026-03-02 10:00")
    identity.build([emptied, twin], as_of="2026-03-04")

    assert identity.rows(ERASED) == [("asks", "request"), ("twin", "twin")]
    contacts = "select distinct contact_id, is_erased from int_identity__assignments"
    assert identity.rows(contacts) == [("asks", True)]
    assert identity.rows("select * from contact_records where not is_erased") == []


def test_a_request_in_a_row_that_is_rejected_takes_its_twin_with_it(identity: Identity) -> None:
    twin = record("twin", "2025-02-01", **EMAIL)
    identity.build([record("asks", **EMAIL), twin], as_of="2026-03-01")

    rejected = record("asks", is_erased=True, is_rejected=True, **EMAIL)
    identity.build([rejected, twin], as_of="2026-03-02")

    assert identity.rows(ERASED) == [("asks", "request"), ("twin", "twin")]
    assert identity.rows("select record_id, is_erased from contact_records") == [("twin", True)]


def test_twins_of_twins_are_erased_and_what_a_household_shares_is_not(identity: Identity) -> None:
    born = {"first_name": "Ann", "last_name": "Lee", "birth_date": "1980-05-01"}
    others = {"first_name": "Bob", "last_name": "Lee", "birth_date": "1979-05-01"}
    family = [
        record("asks", **EMAIL, **PHONE, **born),
        record("twin", "2025-02-01", **EMAIL, **LOYALTY),
        record("twin_of_twin", "2025-02-02", **LOYALTY),
        record("husband", "2025-02-03", **PHONE, **others),
    ]
    identity.build(family, as_of="2026-03-01")

    family[0] = record("asks", is_erased=True)
    contacts = identity.build(family, as_of="2026-03-02")

    assert [name for name, _ in identity.rows(ERASED)] == ["asks", "twin", "twin_of_twin"]
    assert contacts["husband"] == "husband"
    assert identity.rows(REVIEWS) == []


def test_a_shared_browser_erases_nobody_but_holds_back(identity: Identity) -> None:
    asks, other = record("asks", **EMAIL, **BROWSER), record("other", "2025-02-01", **BROWSER)
    assert len(set(identity.build([asks, other], as_of="2026-03-01").values())) == 1

    contacts = identity.build([{**asks, "is_erased": True}, other], as_of="2026-03-02")

    assert contacts == {"asks": "asks", "other": "other"}
    assert identity.rows(ERASED) == [("asks", "request")]
    assert identity.rows(REVIEWS) == [("other", "|anonymous_id|", "held_back")]

    unlinked = record("other", "2025-02-01")
    identity.build([record("asks", is_erased=True, **EMAIL), unlinked], as_of="2026-03-04")

    assert identity.rows(REVIEWS) == []
    assert identity.rows("select record_id from contact_records where not is_erased") == [
        ("other",)
    ]


def test_who_joins_an_erased_identifier_later_is_told_until_somebody_decides(
    identity: Identity,
) -> None:
    identity.build([record("asks", **EMAIL)], as_of="2026-03-01")
    emptied = record("asks", is_erased=True, asked_at="2026-03-02 10:00")
    identity.build([emptied], as_of="2026-03-02")
    joins = record("joins", "2026-03-05", **EMAIL)

    contacts = identity.build([emptied, joins], as_of="2026-03-06")

    assert contacts["joins"] == "joins"
    assert identity.rows(REVIEWS) == [("joins", "|email|", "held_back")]

    identity.build([emptied, {**joins, "decision": "release"}], as_of="2026-03-07")
    assert identity.rows(REVIEWS) == [("joins", "|email|", "released")]
    assert identity.rows(ERASED) == [("asks", "request")]

    identity.build([emptied, {**joins, "decision": "erase"}], as_of="2026-03-08")
    assert identity.rows(REVIEWS) == []
    assert identity.rows(ERASED) == [("asks", "request"), ("joins", "decision")]


@pytest.mark.parametrize(
    ("created_at", "consents", "verdict"),
    [
        ("2026-03-05", [("granted", "2026-03-05 09:00")], "came_back"),
        ("2026-03-05", [("granted", "2026-03-01 09:00")], "held_back"),
        ("2026-03-05", [("withdrawn", "2026-03-05 09:00")], "held_back"),
        ("2025-03-05", [("granted", "2026-03-05 09:00")], "held_back"),
        ("2026-03-05", [], "held_back"),
    ],
    ids=["new_record_and_consent", "old_consent", "no_consent", "old_record", "silent"],
)
def test_who_comes_back_with_a_new_record_and_a_new_consent_is_a_new_person(
    identity: Identity, created_at: str, consents: list[tuple[str, str]], verdict: str
) -> None:
    identity.build([record("asks", **EMAIL)], as_of="2026-03-01")
    # The source keeps the address in the row.
    asked = record("asks", is_erased=True, asked_at="2026-03-02 10:00", **EMAIL)
    identity.build([asked], as_of="2026-03-02")

    back = record("back", created_at, consents=consents, **EMAIL)
    contacts = identity.build([asked, back], as_of="2026-03-06")

    assert contacts == {"asks": "asks", "back": "back"}
    assert identity.rows(REVIEWS) == [("back", "|email|", verdict)]
    owners = "select contact_id, cast(owned_since as varchar) from int_contacts__identifier_owners"
    assert identity.rows(owners) == [("back", f"{created_at} 00:00:00")]


def test_a_twin_that_arrives_with_the_request_is_older_than_it(identity: Identity) -> None:
    asked = record("asks", is_erased=True, asked_at="2026-03-02 10:00", **EMAIL)
    older, newer = record("older", "2026-01-01", **EMAIL), record("newer", "2026-03-05", **EMAIL)

    contacts = identity.build([asked, older, newer], as_of="2026-03-06")

    assert contacts == {"asks": "asks", "older": "asks", "newer": "newer"}
    assert identity.rows(ERASED) == [("asks", "request"), ("older", "twin")]
    assert identity.rows(REVIEWS) == [("newer", "|email|", "held_back")]


def test_as_of_a_day_before_the_request_nobody_is_erased(identity: Identity) -> None:
    records = [record("asks", **EMAIL), record("twin", "2025-02-01", **EMAIL)]
    identity.build(records, as_of="2026-03-01")
    identity.build([record("asks", is_erased=True), records[1]], as_of="2026-03-03")

    assert set(identity.build(records, as_of="2026-03-02").values()) == {"asks"}
    assert identity.rows(ERASED) == []


def test_who_was_parted_from_an_erased_person_inherits_the_history_of_both(
    identity: Identity,
) -> None:
    asks, other = record("asks", **EMAIL, **BROWSER), record("other", "2025-02-01", **BROWSER)
    identity.build([asks, other], as_of="2026-03-01")
    identity.build([{**asks, "is_erased": True}, other], as_of="2026-03-02")
    separations = "select erased_contact_id, contact_id from int_contacts__separations"
    assert identity.rows(separations) == [("asks", "other")]

    identity.build([record("asks", is_erased=True), other], as_of="2026-03-04")
    assert identity.rows(separations) == [("asks", "other")]


def test_who_was_parted_and_is_older_keeps_the_id(identity: Identity) -> None:
    older, asks = record("older", **BROWSER), record("asks", "2025-02-01", **EMAIL, **BROWSER)
    identity.build([older, asks], as_of="2026-03-01")

    contacts = identity.build([older, {**asks, "is_erased": True}], as_of="2026-03-02")

    assert contacts == {"older": "older", "asks": "asks"}
    assert identity.rows("from int_contacts__separations") == []
