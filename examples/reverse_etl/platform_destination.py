"""A destination of drt for the platforms of platforms.yml; run in place of drt's program.

    python examples/reverse_etl/platform_destination.py run

drt's own REST destination takes every answer of 2xx for a delivery. Most platforms answer 200 and
name in the body the rows that they did not take: those would be lost, because drt moves its cursor
past them. This one reads the answer. What failed is told by path and status, never by a row.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import quote

import httpx
from drt.cli.main import app
from drt.config.base import DescribableConfig, RateLimitConfig, RetryConfig
from drt.config.models import SyncOptions
from drt.connectors.registry import register_destination
from drt.destinations.base import SyncResult
from drt.destinations.rate_limiter import RateLimiter, resolve_rate_limiter
from drt.destinations.retry import resolve_retry, with_retry
from drt.destinations.row_errors import RowError
from lists import names_of
from pydantic import Field

VARIABLE = re.compile(r"\$\{(\w+)\}")
ENCODED = re.compile(r"base64\(([^)]*)\)")
PLACE = re.compile(r"\{([\w.]+)\}")
# What a null, or what is made of nulls alone, becomes: nothing, not even a key.
NOTHING = object()

Row = Mapping[str, Any]


class Refused(Exception):  # noqa: N818
    """A platform answered well and did not take a row."""


class PlatformConfig(DescribableConfig):
    """The destination of a sync: an entry of platforms.yml, and the ids of its lists by name."""

    type: Literal["platform"]
    platform: dict[str, Any]
    lists: dict[str, str] = Field(default_factory=dict)
    retry: RetryConfig | None = None
    rate_limit: RateLimitConfig | None = None

    def _describe_detail(self) -> str:
        return self.platform["address"]["variable"]


def from_environment(text: str) -> str:
    """A text with the variables of the environment that it names.

    Raises:
        ValueError: One of them is not set.
    """

    def value(match: re.Match[str]) -> str:
        if not os.environ.get(match[1]):
            raise ValueError(f"{match[1]} is not set.")
        return os.environ[match[1]]

    return ENCODED.sub(
        lambda match: base64.b64encode(match[1].encode()).decode(), VARIABLE.sub(value, text)
    )


def filled(template: Any, row: Row) -> Any:  # noqa: ANN401
    """A template of platforms.yml with the values of a row; NOTHING where it has none."""
    if isinstance(template, dict):
        pairs = {key: filled(value, row) for key, value in template.items()}
        kept = {key: value for key, value in pairs.items() if value is not NOTHING}
        return kept if kept or not template else NOTHING
    if isinstance(template, list):
        items = [filled(value, row) for value in template]
        kept = [value for value in items if value is not NOTHING]
        return kept if kept or not template else NOTHING
    if not isinstance(template, str):
        return template
    if not template.startswith("$") or template.startswith("${"):
        return from_environment(template)
    name, _, change = template[1:].partition("|")
    value = row[name]
    if change.startswith("if:"):
        return change.removeprefix("if:") if value else NOTHING
    if value is None:
        return "" if change == "blank" else NOTHING
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.loads(value) if change == "json" else value


def found(answer: Any, path: str) -> Any:  # noqa: ANN401
    """What stands at a path of an answer, `data.id` or `*.errors`; None where nothing does."""
    for name in path.split("."):
        if name == "*":
            rest = path.partition("*.")[2]
            parts = [found(one, rest) or [] for one in answer or []]
            return [error for part in parts for error in part]
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def rows_for(kind: str, rows: Iterable[Row], column: str | None, name: str = "") -> list[Row]:
    """Of the rows those that a request is for."""
    wanted = {
        "all": lambda row: True,
        "members": lambda row: row["is_member"],
        "exits": lambda row: not row["is_member"],
        "in_list": lambda row: row["is_member"] and name in names_of(row[column]),
        "out_of_list": lambda row: not row["is_member"] or name not in names_of(row[column]),
    }[kind]
    return [row for row in rows if wanted(row)]


def without_held(rows: Iterable[Row], identifiers: Iterable[str], name: str) -> list[Row]:
    """Rows to take off a list, without the hashes that one of its members has as well."""
    kept = []
    for row in rows:
        freed = dict(row)
        for column in identifiers:
            if name in names_of(row[f"{column}__lists"]):
                freed[column] = None
        if any(freed[column] for column in identifiers):
            kept.append(freed)
    return kept


class PlatformDestination:
    """Delivers batches; a batch has arrived when all of its requests went well."""

    def load(
        self, records: list[dict[str, Any]], config: PlatformConfig, sync_options: SyncOptions
    ) -> SyncResult:
        """Send the records in batches; the first that fails ends the sync."""
        result = SyncResult()
        if not records:
            return result
        platform = config.platform
        address = os.environ.get(platform["address"]["variable"]) or platform["address"]["default"]
        headers = {key: from_environment(value) for key, value in platform["headers"].items()}
        limiter = resolve_rate_limiter(config, sync_options, limiter_factory=RateLimiter)
        retry = resolve_retry(config.retry, sync_options)
        with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
            for start in range(0, len(records), platform["batch"]):
                batch = records[start : start + platform["batch"]]
                try:
                    for request, path, body, may_miss in requests_for(
                        platform, config.lists, batch
                    ):
                        limiter.acquire()
                        send(client, request, path, body, may_miss, retry)
                    result.success += len(batch)
                except (httpx.HTTPError, Refused, ValueError, KeyError) as error:
                    result.failed += len(batch)
                    status = getattr(getattr(error, "response", None), "status_code", None)
                    # An answer repeats what it refuses: not its text, nor that of what went wrong.
                    said = str(error) if isinstance(error, Refused) else type(error).__name__
                    result.row_errors.append(RowError(start, "", status, f"{said} ({status})"))
                    return result
        return result


def requests_for(
    platform: Mapping[str, Any], lists: Mapping[str, str], batch: list[dict[str, Any]]
) -> Iterable[tuple[Mapping[str, Any], str, Any, bool]]:
    """The requests of a batch: request, path, body, and whether a missing member is no fault."""
    column, identifiers = platform.get("lists"), platform.get("identifiers", [])
    for name in lists if identifiers else [""]:
        for request in platform["requests"]:
            rows = rows_for(request["for"], batch, column, name)
            if request["for"] == "out_of_list":
                rows = without_held(rows, identifiers, name)
            rows = [row for row in rows if not request.get("having") or row[request["having"]]]
            groups: dict[Any, list[Row]] = {}
            for row in rows:
                groups.setdefault(row.get(request.get("grouped_by", "")), []).append(row)
            for group in groups.values():
                own = {"list": lists.get(name), "random": secrets.randbits(62)}
                own["items"] = [filled(request["item"], row) for row in group if "item" in request]
                if column and not identifiers:
                    tags = names_of(group[0][column])
                    own["tag_states"] = [
                        {"name": tag, "status": "active" if tag in tags else "inactive"}
                        for tag in lists
                    ]
                body = filled(request["body"], {**group[0], **own})
                path = path_of(request["path"], {**group[0], **own})
                exits = not group[0]["is_member"]
                yield request, path, body, exits and request.get("missing_is_fine") == "exits"


def path_of(template: str, values: Row) -> str:
    """The path of a request, with values of its first row."""
    return PLACE.sub(
        lambda match: quote(str(values[match[1]]), safe=""), from_environment(template)
    )


def send(
    client: httpx.Client,
    request: Mapping[str, Any],
    path: str,
    body: Any,  # noqa: ANN401
    may_miss: bool,
    retry: RetryConfig,
) -> None:
    """Make one request and see that all of its rows were taken.

    Raises:
        httpx.HTTPError: The platform refused the request, or could not be reached.
        Refused: It took the request and not all of its rows.
    """

    def once(method: str, where: str, **content: Any) -> Any:  # noqa: ANN401
        response = client.request(method, where, **content)
        if may_miss and response.status_code == 404:
            return {}
        response.raise_for_status()
        return response.json() if response.content else {}

    answer = with_retry(lambda: once(request["method"], path, json=body), retry)
    where = f"{request['method']} {request['path']}"
    wrong = found(answer, request["refused"]) if "refused" in request else None
    if "follow" in request:
        wrong = after_the_receipt(
            lambda place: once("GET", place), request["follow"], answer, retry
        )
    ignored = request.get("ignored", {}).items()
    if isinstance(wrong, list):
        wrong = [one for one in wrong if not ignored or any(one.get(k) != v for k, v in ignored)]
    if wrong:
        count = len(wrong) if isinstance(wrong, list) else wrong
        raise Refused(f"{where} went well and did not take {count} of its rows")


def after_the_receipt(
    ask: Any,  # noqa: ANN401
    follow: Mapping[str, Any],
    answer: Any,  # noqa: ANN401
    retry: RetryConfig,
) -> Any:  # noqa: ANN401
    """Ask how a job went until it is done; what it refused.

    Raises:
        Refused: It ended in another way than well, or not within ten minutes.
    """
    place = PLACE.sub(lambda match: str(found(answer, match[1])), follow["path"])
    pause, state = retry.initial_backoff, None
    for _ in range(60):
        answer = with_retry(lambda: ask(place), retry)
        state = found(answer, follow["state"])
        if state not in follow["going_on"]:
            break
        time.sleep(min(pause, retry.max_backoff, 10))
        pause *= 2
    if state != follow["good"]:
        raise Refused(f"GET {follow['path']} said {state}")
    return found(answer, follow["refused"])


register_destination("platform", PlatformConfig, PlatformDestination)

if __name__ == "__main__":
    app()
