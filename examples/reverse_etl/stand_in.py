"""A stand-in for the platforms on loopback: it checks requests and keeps members as they do.

What each checks was read in the documentation of its vendor, not in platforms.yml, which it
tests. VENDORS names the page; docs/activation.md says for what no page could be found.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from checks import Asked, Endpoint, Row
from vendors import VENDORS


@dataclass
class StandIn:
    """What all platforms hold, what they were asked, and what they will do wrong next.

    Attributes:
        held: For each platform its members by key, or the hashes on each of its lists.
        requests: Platform, method, path, status and body of every request.
        failures: Answers to give to the next requests instead of doing them: 429, 500, ...
        breaks_after: Requests that a platform does before it answers 500 to all others.
        refused: For each platform texts; a row that holds one of them is a bad row.
        notes: What each platform remembers between requests.
        secrets: Value of each variable with a token or an id, as a platform knows it.
    """

    held: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in VENDORS})
    requests: list[tuple[str, str, str, int, Any]] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    breaks_after: dict[str, int] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in VENDORS})
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
        if self.failures:
            return self.failures.pop(0), {"message": "not now"}
        if self.breaks_after.get(name, 1) <= 0:
            return 500, {"message": "broken"}
        status, said = self._answer(name, method, f"/{rest}", headers, content)
        if name in self.breaks_after and status < 300:
            self.breaks_after[name] -= 1
        return status, said

    def _answer(
        self, name: str, method: str, path: str, headers: Mapping[str, str], content: bytes
    ) -> tuple[int, Any]:
        vendor, refused = VENDORS[name], self.refused.get(name, set())
        for header, value in vendor.headers.items():
            if headers.get(header) != value:
                return 401, {"message": f"wrong or missing {header}"}
        if name == "klaviyo" and method == "GET":
            return 200, self._job(path.rpartition("/")[2])
        base = f"{self.url}/{name}"
        held, notes = self.held[name], self.notes[name]
        try:
            done = vendor.steps(Asked(method, path, base, headers, content, held, notes, refused))
        except (ValueError, KeyError, TypeError, IndexError, AssertionError) as error:
            return 400, {"message": f"unreadable request: {error!r}"}
        if done:
            return done
        for endpoint in vendor.endpoints:
            match = re.fullmatch(endpoint.path, path)
            if match and endpoint.method == method:
                return self._do(name, endpoint, match.groupdict(), content)
        return 404, {"message": f"no {method} {path}"}

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
            if endpoint.problem(row)
            or any(text in texts[number] for text in self.refused.get(name, ()))
        ]
        if bad and endpoint.partly is None:
            return 400, {"message": f"a row is not right: {texts[bad[0]]}"}
        for number, row in enumerate(rows):
            if number not in bad:
                endpoint.keep(held, row, path)
        if endpoint.partly is None:
            return endpoint.said
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
                is_form = "urlencoded" in self.headers.get("Content-Type", "")
                body = json.loads(content) if content and not is_form else None
                stand_in.requests.append((name, self.command, f"/{rest}", status, body))
            payload = b"" if said is None else json.dumps(said).encode()
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
