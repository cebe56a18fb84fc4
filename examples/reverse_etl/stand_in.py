"""A stand-in for the platforms on loopback: it checks requests and keeps members as they do.

What each checks was read in the documentation of its vendor, not in platforms.yml, which it
tests. VENDORS names the page; docs/activation.md says for what no page could be found.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SHA256 = re.compile(r"[0-9a-f]{64}")
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
LIFECYCLE_STAGES = {
    *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead"),
    *("opportunity", "customer", "evangelist", "other"),
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Endpoint:
    """What a platform takes at one path.

    Attributes:
        method: HTTP method.
        path: Pattern of the whole path; groups `list` and `key` are named.
        largest: Most rows in a request.
        rows: The rows of a body.
        problem: What is wrong with a row, None where nothing is.
        keep: Takes a row in: what the platform holds, the row, and the groups of the path.
        partly: How an answer of 200 names the rows not taken; None: one bad row refuses all.
        required: What must stand in the body beside its rows.
    """

    method: str
    path: str
    largest: int
    rows: Callable[[Row], list[Any]]
    problem: Callable[[Any], str | None]
    keep: Callable[[dict[str, Any], Any, Mapping[str, str]], None]
    partly: Callable[[int, list[int]], Any] | None = None
    required: Callable[[Row], bool] = lambda body: True


@dataclass(frozen=True)
class Vendor:
    """A platform: how it knows who asks, what it takes, and what a member is to it.

    Attributes:
        page: Where its documentation stands.
        secrets: Variables of the environment with a token or an id, and a value for each.
        headers: Headers that every request must have, made of those values.
        content: Column of the key, of the e-mail address, and of the lists of an audience.
        root: What an address of its interface ends in.
    """

    page: str
    secrets: Mapping[str, str]
    headers: Mapping[str, str]
    endpoints: tuple[Endpoint, ...]
    content: tuple[str, str | None, str]
    root: str = ""


def merge(held: dict[str, Any], key: str, values: Row) -> None:
    """Take in the values of a member, whether it is there or not."""
    held.setdefault(key, {}).update(values)


def contact_problem(row: Row, key: Any, email: str | None) -> str | None:  # noqa: ANN401
    """What is wrong with a contact on any platform: no key, or an address that is none."""
    if not key:
        return "no key"
    return "no e-mail address" if email is not None and not E_MAIL.fullmatch(email) else None


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


def hash_problem(hashes: list[Any]) -> str | None:
    """Ad platforms: at least one value, each a SHA-256 in lower-case hexadecimal."""
    given = [value for value in hashes if value]
    if not given or not all(isinstance(v, str) and SHA256.fullmatch(v) for v in given):
        return "an identifier is missing or no SHA-256"
    return None


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


def added(hashes: Callable[[Any], list[str]]) -> Callable[..., None]:
    """Ad platforms: put the hashes of a row on the list."""

    def keep(held: dict[str, Any], row: Any, path: Mapping[str, str]) -> None:  # noqa: ANN401
        held.setdefault(path["list"], set()).update(value for value in hashes(row) if value)

    return keep


def removed(hashes: Callable[[Any], list[str]]) -> Callable[..., None]:
    """Ad platforms: take the hashes of a row off the list."""

    def keep(held: dict[str, Any], row: Any, path: Mapping[str, str]) -> None:  # noqa: ANN401
        held.setdefault(path["list"], set()).difference_update(hashes(row))

    return keep


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


def segments_keep(key: str, email: str, lists: str, inner: str = "") -> Callable[..., None]:
    """CRMs: merge e-mail address and lists under a key; inner is where the values stand."""

    def keep(held: dict[str, Any], row: Row, _: Mapping[str, str]) -> None:
        values = row[inner] if inner else row
        mail = values.get(email, row.get(email))
        names = values[lists]
        names = names.split(";") if isinstance(names, str) else names
        named = {"lists": [name for name in names if name]}
        merge(held, row[key], named | ({"email": mail} if mail else {}))

    return keep


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
}


@dataclass
class StandIn:
    """What all platforms hold, what they were asked, and what they will do wrong next.

    Attributes:
        held: For each platform its members by key, or the hashes on each of its lists.
        requests: Platform, method, path, status and body of every request.
        failures: Answers to give to the next requests instead of doing them: 429, 500, ...
        good_requests_first: Requests to do before `failures` begin.
        refused: Texts; a row that holds one of them is a bad row.
        secrets: Value of each variable with a token or an id, as a platform knows it.
    """

    held: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in VENDORS})
    requests: list[tuple[str, str, str, int, Any]] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    good_requests_first: int = 0
    refused: set[str] = field(default_factory=set)
    secrets: dict[str, str] = field(
        default_factory=lambda: {k: v for one in VENDORS.values() for k, v in one.secrets.items()}
    )
    url: str = ""

    def environment(self) -> dict[str, str]:
        """Variables of the environment that lead every platform here."""
        addresses = {
            f"{variable}_URL": f"{self.url}/{name}{vendor.root}"
            for name, vendor in VENDORS.items()
            for variable in ["GOOGLE_DATA_MANAGER" if name.startswith("google") else name.upper()]
        }
        return addresses | self.secrets

    def answer(
        self, method: str, place: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[int, Any]:
        """Check a request as the platform's documentation says, then do it.

        Returns:
            The HTTP status and the body of the answer.
        """
        name, _, rest = place.lstrip("/").partition("/")
        if self.failures and self.good_requests_first <= 0:
            return self.failures.pop(0), {"message": "not now"}
        vendor = VENDORS[name]
        for header, value in vendor.headers.items():
            if headers.get(header) != value:
                return 401, {"message": f"wrong or missing {header}"}
        if name == "klaviyo" and method == "GET":
            return 200, self._job(rest.rpartition("/")[2])
        for endpoint in vendor.endpoints:
            match = re.fullmatch(endpoint.path, f"/{rest}")
            if match and endpoint.method == method:
                return self._do(name, endpoint, match.groupdict(), content)
        return 404, {"message": f"no {method} /{rest}"}

    def _do(
        self, name: str, endpoint: Endpoint, path: dict[str, str], content: bytes
    ) -> tuple[int, Any]:
        held = self.held[name]
        try:
            body = json.loads(content)
            rows = endpoint.rows(body)
            whole = endpoint.required(body)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            return 400, {"message": f"unreadable body: {error!r}"}
        if not whole:
            return 400, {"message": "something is missing beside the rows"}
        if not 1 <= len(rows) <= endpoint.largest:
            return 400, {"message": f"{len(rows)} rows, of {endpoint.largest} at most"}
        if name == "mailchimp" and "tags" in body and path["key"] not in held:
            return 404, {"message": "no such member"}
        if name == "google_customer_match":
            path = {"list": body["destinations"][0]["productDestinationId"]}
        texts = [json.dumps(row) for row in rows]
        if len(set(texts)) < len(texts) and "list" not in path:
            return 400, {"message": "a row stands twice in the batch"}
        bad = [
            number
            for number, row in enumerate(rows)
            if endpoint.problem(row) or any(text in texts[number] for text in self.refused)
        ]
        if bad and endpoint.partly is None:
            return 400, {"message": f"a row is not right: {texts[bad[0]]}"}
        self.good_requests_first -= 1
        for number, row in enumerate(rows):
            if number not in bad:
                endpoint.keep(held, row, path)
        if endpoint.partly is None:
            return 200, {}
        return 200, endpoint.partly(len(rows) - len(bad), bad)

    def _job(self, number: str) -> Row:
        """A job of Klaviyo's is at work when it is first asked for."""
        asked = sum(
            f"profile-bulk-import-jobs/{number}" in path for _, _, path, *_ in self.requests
        )
        failed = int(number.partition("-")[2])
        state = "complete" if asked % 2 else "processing"
        return {"data": {"id": number, "attributes": {"status": state, "failed_count": failed}}}


@contextmanager
def serve() -> Iterator[StandIn]:
    """All platforms on a free port of loopback, for as long as the block lasts."""
    stand_in = StandIn()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                status, said = stand_in.answer(
                    self.command, self.path, dict(self.headers.items()), content
                )
                name, _, rest = self.path.lstrip("/").partition("/")
                body = json.loads(content) if content else None
                stand_in.requests.append((name, self.command, f"/{rest}", status, body))
            payload = json.dumps(said).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
