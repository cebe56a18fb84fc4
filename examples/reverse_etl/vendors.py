"""The platforms that take a row in one request, and what their documentation says of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from checks import (
    E164,
    Endpoint,
    Row,
    Vendor,
    added,
    contact_problem,
    hash_problem,
    merge,
    removed,
    segments_keep,
)
from vendors_in_steps import VENDORS_IN_STEPS

LIFECYCLE_STAGES = {
    *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead"),
    *("opportunity", "customer", "evangelist", "other"),
}


def hubspot_problem(row: Row) -> str | None:
    """HubSpot: texts alone, and a stage by its internal name."""
    properties = row.get("properties") or {}
    if row.get("idProperty") != "contact_id" or not properties:
        return "an input without idProperty or properties"
    if not all(isinstance(value, str) for value in properties.values()):
        return "a property that is no text"
    if properties.get("lifecyclestage", "other") not in LIFECYCLE_STAGES:
        return "an unknown lifecyclestage"
    return contact_problem(row, row.get("id"), properties.get("email"))


def klaviyo_problem(row: Row) -> str | None:
    """Klaviyo: a profile with an external id, phone in E.164, and nothing null."""
    attributes = row.get("attributes") or {}
    if row.get("type") != "profile" or None in attributes.values():
        return "no profile, or a null"
    if "phone_number" in attributes and not E164.fullmatch(attributes["phone_number"]):
        return "no phone number"
    if not isinstance(attributes.get("properties", {}).get("crm_segments"), list):
        return "segments that are no list"
    return contact_problem(row, attributes.get("external_id"), attributes.get("email"))


def klaviyo_keep(held: dict[str, Any], row: Row, _: Mapping[str, str]) -> None:
    """Klaviyo: properties are merged."""
    attributes = row["attributes"]
    mail = {"email": attributes["email"]} if "email" in attributes else {}
    lists = {"lists": attributes["properties"]["crm_segments"]}
    merge(held, attributes["external_id"], mail | lists)


def mailchimp_problem(row: Row) -> str | None:
    """Mailchimp: merge fields of at most 255 characters, a status for new members alone."""
    if "status" in row:
        return "a status, which would subscribe anew who has unsubscribed"
    if row.get("status_if_new") != "subscribed" or "" in row.get("merge_fields", {"": 1}):
        return "no status_if_new"
    if any(len(value) > 255 for value in row["merge_fields"].values()):
        return "a merge field that is too long"
    return contact_problem(row, row.get("email_address"), row.get("email_address"))


def mailchimp_tags(held: dict[str, Any], row: Row, path: Mapping[str, str]) -> None:
    """Mailchimp: a tag is set or taken off; others stay."""
    lists = set(held[path["key"]].get("lists", ()))
    names = {tag["name"]: tag["status"] for tag in row["tags"]}
    active = {name for name, status in names.items() if status == "active"}
    held[path["key"]]["lists"] = sorted(lists - set(names) | active)


def google_hashes(row: Row) -> list[str]:
    """The addresses and phone numbers of a member."""
    identifiers = row.get("userData", {}).get("userIdentifiers", [])
    known = [one.get("emailAddress") or one.get("phoneNumber") for one in identifiers]
    return [value for value in known if value]


def google_problem(row: Row) -> str | None:
    """Google: hashes, an address with all four parts, both consents or neither."""
    for one in row.get("userData", {}).get("userIdentifiers", []):
        address = one.get("address")
        parts = {"givenName", "familyName", "regionCode", "postalCode"}
        if address is not None and set(address) != parts:
            return "an address that is not whole"
        if address and hash_problem([address["givenName"], address["familyName"]]):
            return "a name that is not hashed"
    consent = row.get("consent")
    if consent and consent != dict.fromkeys(("adUserData", "adPersonalization"), "CONSENT_GRANTED"):
        return "a consent that is none"
    return hash_problem(google_hashes(row))


def google_whole(body: Row) -> bool:
    """Google: one list of an account, and how hashes are written."""
    destinations = body.get("destinations") or [{}]
    account = destinations[0].get("operatingAccount", {})
    named = account.get("accountType") == "GOOGLE_ADS" and account.get("accountId") == "google-id"
    return named and bool(destinations[0].get("productDestinationId")) and body["encoding"] == "HEX"


def google_ingested(body: Row) -> bool:
    """Google: who uploads has accepted the terms of Customer Match."""
    terms = body.get("termsOfService", {})
    accepted = terms.get("customerMatchTermsOfServiceStatus") == "ACCEPTED"
    return accepted and google_whole(body)


def meta_whole(body: Row) -> bool:
    """Meta: the token, a schema as wide as its rows, and a session where people are added."""
    payload = body["payload"]
    wide = all(len(row) == len(payload["schema"]) for row in payload["data"])
    known = {"EMAIL", "PHONE", "FN", "LN", "CT", "ST", "ZIP", "COUNTRY"}
    return body.get("access_token") == "meta-token" and wide and set(payload["schema"]) <= known


def meta_added(body: Row) -> bool:
    """Meta: whoever adds names a session."""
    session = body.get("session", {})
    named = session.get("session_id", 0) > 0 and session.get("batch_seq") == 1
    return named and session.get("last_batch_flag") is True and meta_whole(body)


def snap_whole(body: Row) -> bool:
    """Snap: one kind of identifier in a request."""
    schema = body["users"][0]["schema"]
    return len(body["users"]) == 1 and schema in (["EMAIL_SHA256"], ["PHONE_SHA256"])


def salesforce_problem(row: Row) -> str | None:
    """Salesforce: type, external id, texts no longer than their fields."""
    if row.get("attributes") != {"type": "Contact"}:
        return "no type"
    limits = {"Email": 80, "FirstName": 40, "LastName": 80, "MailingCity": 40}
    if any(len(row.get(name, "")) > limit for name, limit in limits.items()):
        return "a text that is too long"
    return contact_problem(row, row.get("CRM_Contact_Id__c"), row.get("Email"))


META = r"/v[\d.]+/(?P<list>[^/]+)/users"
SNAP = r"/v1/segments/(?P<list>[^/]+)/users"
MEMBER = r"/3\.0/lists/mailchimp-list/members/(?P<key>[0-9a-f]{32})"
VENDORS = {
    "hubspot": Vendor(
        "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/batch/upsert-contacts",
        {"HUBSPOT_TOKEN": "hubspot-token"},
        {"Authorization": "Bearer hubspot-token"},
        (
            Endpoint(
                *("POST", r"/crm/v3/objects/contacts/batch/upsert", 100),
                lambda body: body["inputs"],
                hubspot_problem,
                segments_keep("id", "email", "crm_segments", "properties"),
            ),
        ),
        ("contact_id", "email", "crm_segments"),
    ),
    "klaviyo": Vendor(
        "https://developers.klaviyo.com/en/v2026-07-15/reference/bulk_import_profiles.md",
        {"KLAVIYO_API_KEY": "klaviyo-key"},
        {"Authorization": "Klaviyo-API-Key klaviyo-key", "revision": "2026-07-15"},
        (
            Endpoint(
                *("POST", r"/api/profile-bulk-import-jobs", 10_000),
                lambda body: body["data"]["attributes"]["profiles"]["data"],
                klaviyo_problem,
                klaviyo_keep,
                # The answer is a receipt; what became of the job is asked for.
                lambda good, bad: {"data": {"id": f"{good}-{len(bad)}"}},
                lambda body: body["data"]["type"] == "profile-bulk-import-job",
            ),
        ),
        ("external_id", "email", "crm_segments"),
    ),
    "mailchimp": Vendor(
        "https://mailchimp.com/developer/marketing/api/list-members/add-or-update-list-member/",
        {"MAILCHIMP_API_KEY": "mailchimp-key", "MAILCHIMP_LIST_ID": "mailchimp-list"},
        {"Authorization": "Basic " + base64.b64encode(b"crm:mailchimp-key").decode()},
        (
            Endpoint(
                *("PUT", MEMBER, 1),
                lambda body: [body],
                mailchimp_problem,
                lambda held, row, path: merge(held, path["key"], {"email": row["email_address"]}),
            ),
            Endpoint(
                *("POST", MEMBER + "/tags", 1),
                lambda body: [body],
                lambda row: None if row.get("tags") else "no tags",
                mailchimp_tags,
            ),
        ),
        ("subscriber_hash", "email_address", "tags"),
    ),
    "google_customer_match": Vendor(
        "https://developers.google.com/data-manager/api/reference/rest/v1/audienceMembers/ingest",
        {"GOOGLE_TOKEN": "google-token", "GOOGLE_ADS_CUSTOMER_ID": "google-id"},
        {"Authorization": "Bearer google-token"},
        (
            Endpoint(
                *("POST", r"/v1/audienceMembers:ingest", 10_000),
                lambda body: body["audienceMembers"],
                google_problem,
                added(google_hashes),
                required=google_ingested,
            ),
            Endpoint(
                *("POST", r"/v1/audienceMembers:remove", 10_000),
                lambda body: body["audienceMembers"],
                google_problem,
                removed(google_hashes),
                required=google_whole,
            ),
        ),
        ("hashed_email", "hashed_phone_number", "user_lists"),
    ),
    "meta": Vendor(
        "https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences",
        {"META_ACCESS_TOKEN": "meta-token"},
        {},
        (
            Endpoint(
                *("POST", META, 10_000),
                lambda body: body["payload"]["data"],
                hash_problem,
                added(lambda row: row[:2]),
                lambda good, bad: {"num_received": good, "num_invalid_entries": len(bad)},
                meta_added,
            ),
            Endpoint(
                *("DELETE", META, 10_000),
                lambda body: body["payload"]["data"],
                hash_problem,
                removed(lambda row: row[:2]),
                lambda good, bad: {"num_received": good, "num_invalid_entries": len(bad)},
                meta_whole,
            ),
        ),
        ("email", "phone", "custom_audiences"),
        "/v26.0",
    ),
    "snap": Vendor(
        "https://developers.snap.com/api/marketing-api/Ads-API/customer-lists",
        {"SNAP_TOKEN": "snap-token"},
        {"Authorization": "Bearer snap-token"},
        tuple(
            Endpoint(
                *(method, SNAP, 100_000),
                lambda body: body["users"][0]["data"],
                hash_problem,
                kept(lambda row: row),
                required=snap_whole,
            )
            for method, kept in (("POST", added), ("DELETE", removed))
        ),
        ("email_sha256", "phone_sha256", "segments"),
    ),
    "salesforce": Vendor(
        "https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-sobjects-collections-upsert.html",
        {"SALESFORCE_TOKEN": "salesforce-token"},
        {"Authorization": "Bearer salesforce-token"},
        (
            Endpoint(
                *(
                    "PATCH",
                    r"/services/data/v\d+\.0/composite/sobjects/Contact/CRM_Contact_Id__c",
                    200,
                ),
                lambda body: body["records"],
                salesforce_problem,
                segments_keep("CRM_Contact_Id__c", "Email", "Segments__c"),
                lambda good, bad: [
                    {"success": False, "errors": [{"statusCode": "STRING_TOO_LONG"}]}
                    if n in bad
                    else {"success": True, "errors": []}
                    for n in range(good + len(bad))
                ],
            ),
        ),
        ("crm_contact_id__c", "email", "segments__c"),
    ),
    "braze": Vendor(
        "https://www.braze.com/docs/api/endpoints/user_data/post_user_track/",
        {"BRAZE_API_KEY": "braze-key"},
        {"Authorization": "Bearer braze-key"},
        (
            Endpoint(
                *("POST", r"/users/track", 75),
                lambda body: body["attributes"],
                lambda row: contact_problem(row, row.get("external_id"), row.get("email")),
                segments_keep("external_id", "email", "crm_segments"),
                lambda good, bad: {
                    "message": "success",
                    "errors": [{"input_array": "attributes", "index": n} for n in bad],
                },
            ),
        ),
        ("external_id", "email", "crm_segments"),
    ),
    "clevertap": Vendor(
        "https://developer.clevertap.com/docs/upload-user-profiles-api",
        {"CLEVERTAP_ACCOUNT_ID": "clevertap-id", "CLEVERTAP_PASSCODE": "clevertap-passcode"},
        {
            "X-CleverTap-Account-Id": "clevertap-id",
            "X-CleverTap-Passcode": "clevertap-passcode",
        },
        (
            Endpoint(
                *("POST", r"/1/upload", 1000),
                lambda body: body["d"],
                lambda row: (
                    contact_problem(row, row.get("identity"), row["profileData"].get("Email"))
                    if row.get("type") == "profile"
                    else "no profile"
                ),
                segments_keep("identity", "Email", "crm_segments", "profileData"),
                lambda good, bad: {
                    "status": "partial" if bad else "success",
                    "processed": good,
                    "unprocessed": [{"status": "fail", "code": 523} for _ in bad],
                },
            ),
        ),
        ("identity", "email", "crm_segments"),
    ),
    "iterable": Vendor(
        "https://api.iterable.com/api/docs",
        {"ITERABLE_API_KEY": "iterable-key"},
        {"Api-Key": "iterable-key"},
        (
            Endpoint(
                *("POST", r"/api/users/bulkUpdate", 1000),
                lambda body: body["users"],
                lambda row: contact_problem(row, row.get("userId"), row.get("email")),
                segments_keep("userId", "email", "crmSegments", "dataFields"),
                lambda good, bad: {"successCount": good, "failCount": len(bad)},
            ),
        ),
        ("user_id", "email", "data_fields"),
    ),
    **VENDORS_IN_STEPS,
}
