"""The platforms that take a row in several requests, or want each request signed.

Each has a function that answers a request, or leaves it to the endpoints by giving None.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from checks import (
    E164,
    E_MAIL,
    Answer,
    Asked,
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

Steps = Callable[[Asked], "Answer | None"]

DYNAMICS = "/api/data/v9.2/contacts"
DYNAMICS_KEY = re.compile(r"contacts\(new_crmcontactid='([0-9a-f]{32})'\)")
DYNAMICS_LENGTHS = {
    **{"emailaddress1": 100, "firstname": 50, "lastname": 50},
    **{"mobilephone": 50, "address1_city": 80, "address1_country": 80},
}


def dynamics_problem(row: Row) -> str | None:
    """Dynamics: a type, an alternate key, texts no longer than their columns."""
    if row.get("@odata.type") != "Microsoft.Dynamics.CRM.contact":
        return "no type"
    if any(len(row.get(name, "")) > length for name, length in DYNAMICS_LENGTHS.items()):
        return "a text that is too long"
    if not isinstance(row.get("donotbulkemail"), bool):
        return "donotbulkemail is no Boolean"
    key = DYNAMICS_KEY.fullmatch(row.get("@odata.id", ""))
    return contact_problem(row, key, row.get("emailaddress1"))


def dynamics_keep(held: dict[str, Any], row: Row, _: Any) -> None:  # noqa: ANN401
    """Dynamics: columns that are named are written, others stay."""
    key = DYNAMICS_KEY.fullmatch(row["@odata.id"])
    assert key
    segments_keep("key", "emailaddress1", "new_segments", separator=";")(
        held, row | {"key": key[1]}, {}
    )


def dynamics_steps(asked: Asked) -> Answer | None:
    """Dynamics: one contact by its key, and with If-Match none is made."""
    key = DYNAMICS_KEY.fullmatch(asked.path.removeprefix("/api/data/v9.2/"))
    if not key or asked.method != "PATCH":
        return None
    if asked.headers.get("If-Match") == "*" and key[1] not in asked.held:
        return 404, {"error": {"code": "0x80060891"}}
    values = asked.body()
    asked.held.setdefault(key[1], {})["lists"] = [x for x in values["new_segments"].split(";") if x]
    return 204, None


ELOQUA_FIELD = re.compile(r"\{\{Contact\.Field\(C_\w+\)\}\}")


def eloqua_import(asked: Asked) -> Answer:
    """Eloqua: the definition of an import has a name, fields in its markup, and an identifier."""
    body = asked.body()
    fields = body.get("fields") or {}
    if not 1 <= len(body.get("name", "")) <= 100 or not 1 <= len(fields) <= 100:
        return 400, {"failures": [{"field": "name, fields"}]}
    if not all(ELOQUA_FIELD.fullmatch(statement) for statement in fields.values()):
        return 400, {"failures": [{"field": "fields", "constraint": "markup"}]}
    if body.get("identifierFieldName") not in fields:
        return 400, {"failures": [{"field": "identifierFieldName"}]}
    imports = asked.notes.setdefault("imports", [])
    imports.append(body)
    return 201, {**body, "uri": f"/contacts/imports/{len(imports)}"}


def eloqua_data(asked: Asked, number: int) -> Answer:
    """Eloqua: rows go to the staging area, and a sync starts where the definition says so."""
    definition = asked.notes["imports"][number - 1]
    rows = asked.body()
    if len(asked.content) > 32_000_000 or not rows:
        return 404, {"failures": [{"constraint": "32 MB"}]}
    if any(set(row) - set(definition["fields"]) for row in rows):
        return 400, {"failures": [{"constraint": "a field that the definition has not"}]}
    if definition.get("isSyncTriggeredOnImport") is not True:
        return 204, None
    rejects, mail = [], "c_emailaddress"
    for row in rows:
        key = row[definition["identifierFieldName"]]
        # A contact has an address: who is not there cannot be made without one.
        is_known = key in asked.held or row.get(mail)
        problem = contact_problem(row, key, row.get(mail))
        if problem or not is_known or asked.is_bad(row) or any(len(v) > 100 for v in row.values()):
            rejects.append({"statusCode": "ELQ-00002", "fieldValues": row})
        else:
            segments_keep("c_crm_contact_id1", mail, "c_segments1", separator=",")(
                asked.held, row, {}
            )
    syncs = asked.notes.setdefault("syncs", [])
    syncs.append({"rejects": rejects, "rows": len(rows), "asked": 0})
    return 201, {"uri": f"/syncs/{len(syncs)}", "status": "pending"}


def eloqua_steps(asked: Asked) -> Answer | None:
    """Eloqua: an import is defined, filled, asked for, and then for the rows that it refused."""
    path = asked.path.removeprefix("/api/bulk/2.0")
    if (asked.method, path) == ("POST", "/contacts/imports"):
        return eloqua_import(asked)
    if asked.method == "POST" and (match := re.fullmatch(r"/contacts/imports/(\d+)/data", path)):
        return eloqua_data(asked, int(match[1]))
    match = re.fullmatch(r"/syncs/(\d+)(/rejects)?", path)
    if asked.method != "GET" or not match:
        return None
    sync = asked.notes["syncs"][int(match[1]) - 1]
    if match[2]:
        return 200, {"items": sync["rejects"], "totalResults": len(sync["rejects"])}
    sync["asked"] += 1
    # Its pages do not say which state goes with some rows refused: here it is the kinder one.
    done = "warning" if len(sync["rejects"]) == sync["rows"] else "success"
    return 200, {"uri": path, "status": done if sync["asked"] > 1 else "active"}


RESPONSYS_FIELDS = {
    *("CUSTOMER_ID_", "EMAIL_ADDRESS_", "EMAIL_PERMISSION_STATUS_", "MOBILE_NUMBER_"),
    *("CITY_", "STATE_", "COUNTRY_", "FIRST_NAME", "LAST_NAME", "LIFECYCLE_STAGE", "SEGMENTS"),
}


def responsys_merge(asked: Asked, values: Row, rule: Row, number: int) -> str:
    """Responsys: what becomes of a record: its id, or why it was not merged."""
    key, mail = values["CUSTOMER_ID_"], values.get("EMAIL_ADDRESS_")
    failed = f"MERGEFAILED: Record {number} = "
    if asked.is_bad(values) or contact_problem(values, key, mail):
        return failed + "INVALID_PARAMETER"
    if key in asked.held:
        if rule["updateOnMatch"] == "NO_UPDATE":
            return failed + "matched and not to be updated"
    elif not rule["insertOnNoMatch"]:
        return failed + "not found and not to be made"
    else:
        default = "I" if rule["defaultPermissionStatus"] == "OPTIN" else "O"
        merge(asked.held, key, {"permission": default})
    kept = {"email": mail} if mail else {}
    if "EMAIL_PERMISSION_STATUS_" in values:
        kept["permission"] = values["EMAIL_PERMISSION_STATUS_"]
    if "SEGMENTS" in values:
        kept["lists"] = [one for one in values["SEGMENTS"].split(",") if one]
    merge(asked.held, key, kept)
    return str(4_000_000 + list(asked.held).index(key))


def responsys_steps(asked: Asked) -> Answer | None:
    """Responsys: a token for name and password, then at most 200 records with the rule for them."""
    if (asked.method, asked.path) == ("POST", "/rest/api/v1.3/auth/token"):
        form = dict(parse_qsl(asked.content.decode()))
        wanted = {"user_name": "responsys-user", "password": "responsys-password"}
        if form != wanted | {"auth_type": "password"}:
            return 401, {"errorCode": "INVALID_USER_NAME_PASSWORD"}
        return 200, {"authToken": "responsys-session", "endPoint": asked.base}
    if (asked.method, asked.path) != ("POST", "/rest/api/v1.3/lists/responsys-list/members"):
        return None
    if asked.headers.get("Authorization") != "responsys-session":
        return 401, {"errorCode": "NOT_AUTHENTICATED"}
    data, rule = asked.body()["recordData"], asked.body()["mergeRule"]
    names, records = data["fieldNames"], data["records"]
    if not 1 <= len(records) <= 200:
        return 400, {"errorCode": "RECORD_LIMIT_EXCEEDED"}
    if not set(names) <= RESPONSYS_FIELDS or rule["matchColumnName1"] not in names:
        return 400, {"errorCode": "INVALID_FIELD_NAME"}
    if rule["updateOnMatch"] not in {"NO_UPDATE", "REPLACE_ALL"}:
        return 400, {"errorCode": "INVALID_PARAMETER"}
    if any(len(record) != len(names) or None in record for record in records):
        return 400, {"errorCode": "INVALID_REQUEST_CONTENT"}
    said = [
        [responsys_merge(asked, dict(zip(names, record, strict=True)), rule, number)]
        for number, record in enumerate(records)
    ]
    return 200, {"recordData": {"fieldNames": ["RIID_"], "records": said}}


# Ids that MoEngage does not take, because they stand for nobody.
NOBODY = {"unknown", "guest", "null", "0", "1", "true", "false", "user_attribute_unique_id"}


def moengage_problem(row: Row) -> str | None:
    """MoEngage: a customer with an id that stands for somebody, and nothing null."""
    attributes = row.get("attributes") or {}
    if row.get("type") != "customer" or None in attributes.values() or not attributes:
        return "no customer, or a null"
    if "mobile" in attributes and not E164.fullmatch(attributes["mobile"]):
        return "no phone number"
    key = row.get("customer_id")
    return contact_problem(row, key not in NOBODY and key, attributes.get("email"))


def onesignal_steps(asked: Asked) -> Answer | None:
    """OneSignal: who is made anew has an external id; who is there alone can be updated."""
    users = "/apps/onesignal-app/users"
    if (asked.method, asked.path) == ("POST", users):
        key = asked.body().get("identity", {}).get("external_id")
        if not key:
            return 400, {"errors": ["no identity"]}
        is_there = key in asked.held
        asked.held.setdefault(key, {})
        return 200 if is_there else 201, {"identity": {"external_id": key}}
    key = asked.path.removeprefix(f"{users}/by/external_id/")
    if asked.method != "PATCH" or key == asked.path:
        return None
    if key not in asked.held:
        return 404, {"errors": ["no such user"]}
    properties = asked.body()["properties"]
    known = {"language", "timezone_id", "country", "tags"}
    tags = properties.get("tags")
    if set(properties) - known or not all(isinstance(tag, str) for tag in (tags or {}).values()):
        return 400, {"errors": ["a property or a tag that is none"]}
    if asked.is_bad({"external_id": key}):
        return 400, {"errors": [f"a bad user: {key}"]}
    if tags and "segments" in tags:
        asked.held[key]["lists"] = [one for one in tags["segments"].split(",") if one]
    return 202, {"properties": properties}


CALL = re.compile(r"(\w+): (\w+)\(([^()]*)\)(?: @skip\(if: \$(\w+)\))?")
DECLARED = re.compile(r"\$(\w+): ([\w\[\]!]+)")


def shopify_field(asked: Asked, field: str, words: str, given: Row) -> Any:  # noqa: ANN401
    """Shopify: the value of one field of a query, by its arguments."""
    store, names = asked.held, re.findall(r"\$(\w+)", words)
    if field == "customerByIdentifier":
        wanted = given[names[0]]
        if "emailAddress:" in words:
            keys = [key for key, one in store.items() if one["email"] == wanted]
        else:
            assert (wanted["namespace"], wanted["key"]) == ("crm", "contact_id")
            keys = [key for key in store if key == wanted["value"]]
        return {"id": store[keys[0]]["id"]} if keys else None
    if field == "customerCreate":
        email = given[names[0]]["email"]
        is_taken = email in {one["email"] for one in store.values()}
        if is_taken or asked.is_bad(email) or not E_MAIL.fullmatch(email):
            return {"customer": None, "userErrors": [{"message": f"{email} is taken or wrong"}]}
        name = f"gid://shopify/Customer/{len(store) + 1}"
        store[name] = {"email": email, "id": name, "tags": set()}
        return {"customer": {"id": name}, "userErrors": []}
    if field == "metafieldsSet":
        (link,) = given[names[0]]
        right = (link["namespace"], link["key"], link["type"]) == ("crm", "contact_id", "id")
        keys = [key for key, one in store.items() if one["id"] == link["ownerId"]]
        if not right or not keys:
            return {"userErrors": [{"message": "no such metafield or owner"}]}
        store[link["value"]] = store.pop(keys[0])
        return {"userErrors": []}
    customers = [one for one in store.values() if one["id"] == given[names[0]]]
    tags = given[names[1]]
    if field not in {"tagsAdd", "tagsRemove"} or not customers or not 1 <= len(tags) <= 250:
        return {"userErrors": [{"message": f"no {field}, customer, or tags"}]}
    held = customers[0]["tags"]
    customers[0]["tags"] = held | set(tags) if field == "tagsAdd" else held - set(tags)
    customers[0]["lists"] = sorted(tag for tag in customers[0]["tags"] if tag.startswith("crm:"))
    return {"userErrors": []}


def shopify_steps(asked: Asked) -> Answer | None:
    """Shopify: GraphQL, whose fields are done in their order; what is wrong stands in a 200."""
    if asked.method != "POST" or not re.fullmatch(
        r"/admin/api/\d{4}-\d\d/graphql.json", asked.path
    ):
        return None
    if asked.notes.get("throttled", 0) > 0:
        asked.notes["throttled"] -= 1
        return 200, {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
    query, given = asked.body()["query"], asked.body()["variables"]
    needed = {name for name, kind in DECLARED.findall(query) if kind.endswith("!")}
    if needed - {name for name, value in given.items() if value is not None}:
        return 200, {"errors": [{"message": "a variable without a value"}]}
    calls = CALL.findall(query)
    if query.count("{") != query.count("}") or not calls or set(given) - needed:
        return 200, {"errors": [{"message": "a query that cannot be read"}]}
    return 200, {
        "data": {
            alias: shopify_field(asked, field, words, given)
            for alias, field, words, skipped in calls
            if not (skipped and given[skipped])
        }
    }


X_SECRETS = {
    "X_CONSUMER_KEY": "x-consumer",
    "X_CONSUMER_SECRET": "x-consumer secret",
    "X_ACCESS_TOKEN": "x-token",
    "X_ACCESS_TOKEN_SECRET": "x-token&secret",
    "X_ADS_ACCOUNT_ID": "x-account",
}


def x_steps(asked: Asked) -> Answer | None:
    """X: every request is signed, and none twice with one nonce."""
    header = asked.headers.get("Authorization", "")
    words = re.findall(r'(\w+)="([^"]*)"', header.removeprefix("OAuth "))
    given = {name: unquote(value) for name, value in words}
    said = given.pop("oauth_signature", "")
    named = (given.get("oauth_consumer_key"), given.get("oauth_token"))
    nonces = asked.notes.setdefault("nonces", set())
    if named != ("x-consumer", "x-token") or given.get("oauth_nonce", "") in nonces | {""}:
        return 401, {"errors": [{"code": "UNAUTHORIZED_ACCESS"}]}
    nonces.add(given["oauth_nonce"])
    joined = "&".join(f"{key}={quote(value, safe='')}" for key, value in sorted(given.items()))
    parts = (asked.method, asked.base + asked.path, joined)
    text = "&".join(quote(part, safe="") for part in parts)
    right = hmac.new(b"x-consumer%20secret&x-token%26secret", text.encode(), hashlib.sha1)
    if said != base64.b64encode(right.digest()).decode():
        return 401, {"errors": [{"code": "UNAUTHORIZED_ACCESS"}]}
    return None


def x_hashes(row: Row) -> list[str]:
    """The addresses of an operation, which is for one user here."""
    (user,) = row["params"]["users"]
    return user["email"]


def x_problem(row: Row) -> str | None:
    """X: an operation that there is, on hashes."""
    if row.get("operation_type") not in {"Update", "Delete"}:
        return "no operation"
    return hash_problem(x_hashes(row))


def x_keep(held: dict[str, Any], row: Row, path: Any) -> None:  # noqa: ANN401
    """X: Update puts somebody on the list, Delete takes off."""
    (added if row["operation_type"] == "Update" else removed)(x_hashes)(held, row, path)


ELOQUA_LOGIN = base64.b64encode(rb"eloqua-company\eloqua-user:eloqua-(password)").decode()
MOENGAGE_LOGIN = base64.b64encode(b"moengage-workspace:moengage-key").decode()
VENDORS_IN_STEPS = {
    "dynamics_365": Vendor(
        "https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/reference/upsertmultiple",
        {"DYNAMICS_365_TOKEN": "dynamics-token"},
        {"Authorization": "Bearer dynamics-token", "OData-Version": "4.0"},
        (
            Endpoint(
                *("POST", DYNAMICS + r"/Microsoft\.Dynamics\.CRM\.UpsertMultiple", 1000),
                lambda body: body["Targets"],
                dynamics_problem,
                dynamics_keep,
                said=(204, None),
            ),
        ),
        ("new_crmcontactid", "emailaddress1", "new_segments"),
        steps=dynamics_steps,
    ),
    "oracle_eloqua": Vendor(
        "https://docs.oracle.com/en/cloud/saas/marketing/eloqua-rest-api/op-api-bulk-2.0-contacts-imports-post.html",
        {
            "ORACLE_ELOQUA_COMPANY": "eloqua-company",
            "ORACLE_ELOQUA_USER": "eloqua-user",
            "ORACLE_ELOQUA_PASSWORD": "eloqua-(password)",
        },
        {"Authorization": f"Basic {ELOQUA_LOGIN}"},
        (),
        ("c_crm_contact_id1", "c_emailaddress", "c_segments1"),
        steps=eloqua_steps,
        largest=100_000,
    ),
    "oracle_responsys": Vendor(
        "https://docs.oracle.com/en/cloud/saas/marketing/responsys-develop/API/REST/api-v1.3-lists-listName-members-post.htm",
        {
            "ORACLE_RESPONSYS_USER": "responsys-user",
            "ORACLE_RESPONSYS_PASSWORD": "responsys-password",
            "ORACLE_RESPONSYS_LIST": "responsys-list",
        },
        {},
        (),
        ("customer_id_", "email_address_", "segments"),
        steps=responsys_steps,
        largest=200,
    ),
    "moengage": Vendor(
        "https://moengage.com/docs/api/user/track-user",
        {
            "MOENGAGE_WORKSPACE_ID": "moengage-workspace",
            "MOENGAGE_DATA_API_KEY": "moengage-key",
        },
        {"Authorization": f"Basic {MOENGAGE_LOGIN}"},
        (
            Endpoint(
                *("POST", r"/v1/customer/moengage-workspace", 1),
                lambda body: [body],
                moengage_problem,
                segments_keep("customer_id", "email", "crm_segments", "attributes", ","),
                said=(200, {"status": "success"}),
            ),
        ),
        ("customer_id", "email", "crm_segments"),
    ),
    "onesignal": Vendor(
        "https://documentation.onesignal.com/reference/update-user",
        {"ONESIGNAL_API_KEY": "onesignal-key", "ONESIGNAL_APP_ID": "onesignal-app"},
        {"Authorization": "Key onesignal-key"},
        (),
        ("external_id", None, "tags"),
        steps=onesignal_steps,
        largest=1,
    ),
    "shopify": Vendor(
        "https://shopify.dev/docs/api/admin-graphql/latest/mutations/tagsRemove",
        {"SHOPIFY_TOKEN": "shopify-token"},
        {"X-Shopify-Access-Token": "shopify-token"},
        (),
        ("contact_id", "email", "tags"),
        steps=shopify_steps,
        largest=1,
    ),
    "x": Vendor(
        "https://developer.x.com/en/docs/x-ads-api/audiences/api-reference/audience",
        X_SECRETS,
        {},
        (
            Endpoint(
                *("POST", r"/12/accounts/x-account/custom_audiences/(?P<list>[^/]+)/users", 2500),
                lambda body: body,
                x_problem,
                x_keep,
                # One count alone says that not all were taken.
                lambda good, bad: {"data": {"success_count": good, "total_count": good}},
            ),
        ),
        ("email", None, "custom_audiences"),
        steps=x_steps,
    ),
}
