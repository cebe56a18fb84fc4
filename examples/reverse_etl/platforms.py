"""Stand-ins for HubSpot and Snap on loopback: they check as the real ones do, and keep all."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SHA256 = re.compile(r"[0-9a-f]{64}")
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
LIFECYCLE_STAGES = {
    *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead"),
    *("opportunity", "customer", "evangelist", "other"),
}
UPSERT = "/crm/v3/objects/contacts/batch/upsert"
USERS = "/v1/segments/users"
LARGEST_BATCH = {UPSERT: 100, USERS: 100_000}


@dataclass
class Platforms:
    """What both platforms hold, what they were asked, and what they will do wrong next."""

    tokens: dict[str, str]
    hubspot: dict[str, dict[str, str]] = field(default_factory=dict)
    snap: dict[tuple[str | None, str | None], set[str]] = field(default_factory=dict)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    # Answers to give to the next requests instead of doing them: 429, 500, ...
    failures: list[int] = field(default_factory=list)
    # Requests to do before `failures` begin.
    good_requests_first: int = 0
    # Ids that HubSpot refuses, and with them their whole batch.
    refused: set[str] = field(default_factory=set)
    url: str = ""

    def answer(self, method: str, path: str, token: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Check a request as the platform's documentation says, then do it.

        Returns:
            The HTTP status and the body of the answer.
        """
        if self.failures and self.good_requests_first <= 0:
            return self.failures.pop(0), {"message": "not now"}
        if path not in LARGEST_BATCH or method not in {"POST", "DELETE"}:
            return 404, {"message": f"no {method} {path}"}
        if token != f"Bearer {self.tokens[path]}":
            return 401, {"message": "wrong or missing token"}
        try:
            rows = json.loads(body)["inputs" if path == UPSERT else "users"]
        except (ValueError, KeyError, TypeError) as error:
            return 400, {"message": f"unreadable body: {error!r}"}
        if not 1 <= len(rows) <= LARGEST_BATCH[path]:
            return 400, {"message": f"{len(rows)} rows in a batch of at most {LARGEST_BATCH[path]}"}
        problem = self._hubspot_problem(rows) if path == UPSERT else self._snap_problem(rows)
        if problem:
            return 400, {"message": problem}
        self.good_requests_first -= 1
        if path == UPSERT:
            for row in rows:
                self.hubspot.setdefault(row["id"], {}).update(row["properties"])
        else:
            for row in rows:
                user = (row["email_sha256"], row["phone_sha256"])
                self.snap.pop(user, None)
                if method == "POST":
                    self.snap[user] = set(row["segments"].split(","))
        return 200, {"results": len(rows)}

    def _hubspot_problem(self, rows: list[dict[str, Any]]) -> str | None:
        ids = [row.get("id") for row in rows]
        if len(set(ids)) < len(ids):
            return "an id stands twice in the batch"
        for row in rows:
            properties = row.get("properties") or {}
            if row.get("idProperty") != "contact_id" or not row.get("id"):
                return "an input without id or idProperty"
            if row["id"] in self.refused:
                return f"property values were not valid: {row['id']}"
            if not all(isinstance(value, str | bool) for value in properties.values()):
                return "a property is neither text nor truth value"
            if "email" in properties and not E_MAIL.fullmatch(properties["email"]):
                return f"not an e-mail address in {row['id']}"
            if properties.get("lifecyclestage", "other") not in LIFECYCLE_STAGES:
                return f"unknown lifecyclestage {properties['lifecyclestage']}"
        return None

    def _snap_problem(self, rows: list[dict[str, Any]]) -> str | None:
        for row in rows:
            hashes = [row.get("email_sha256"), row.get("phone_sha256")]
            if not any(hashes) or not all(h is None or SHA256.fullmatch(h) for h in hashes):
                return "an identifier is missing or no SHA-256"
        return None


@contextmanager
def serve(tokens: dict[str, str]) -> Iterator[Platforms]:
    """Both platforms on a free port of loopback, for as long as the block lasts.

    Args:
        tokens: The token that each path expects.
    """
    platforms = Platforms(tokens)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                status, said = platforms.answer(
                    self.command, self.path, self.headers.get("Authorization") or "", body
                )
                platforms.requests.append((self.command, self.path, status))
            payload = json.dumps(said).encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platforms.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield platforms
    finally:
        server.shutdown()
        server.server_close()
