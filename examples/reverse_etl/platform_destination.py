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
from signing import authorization

VARIABLE = re.compile(r"\$\{(\w+)\}")
ENCODED = re.compile(r"base64\((.*)\)")
PLACE = re.compile(r"\{([\w.]+)\}")
# What a null, or what is made of nulls alone, becomes: nothing, not even a key.
NOTHING = object()

Row = Mapping[str, Any]


class Refused(Exception):  # noqa: N818
    """A platform answered well and did not take a row."""


class Busy(Exception):  # noqa: N818
    """A platform answered well that it has no time now."""


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
    if change.startswith("in:"):
        return change.removeprefix("in:").replace("{}", str(value))
    if value is None:
        return "" if change == "blank" else NOTHING
    if isinstance(value, datetime | date):
        return value.isoformat()
    return json.loads(value) if change == "json" else value


def found(answer: Any, path: str) -> Any:  # noqa: ANN401
    """What stands at a path of an answer, `data.id` or `*.errors`; None where nothing does."""
    name, _, rest = path.partition(".")
    if name == "*":
        parts = [found(one, rest) if rest else one for one in answer or []]
        lists = [part if isinstance(part, list) else [part] for part in parts if part]
        return [one for part in lists for one in part]
    answer = answer.get(name) if isinstance(answer, dict) else None
    return found(answer, rest) if rest else answer


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
        limiter = resolve_rate_limiter(config, sync_options, limiter_factory=RateLimiter)
        retry = resolve_retry(config.retry, sync_options)
        start, batch = 0, records[: platform["batch"]]
        try:
            with Conversation(platform, limiter, retry) as conversation:
                for start in range(0, len(records), platform["batch"]):
                    batch = records[start : start + platform["batch"]]
                    for request, values in requests_for(platform, config.lists, batch):
                        conversation.send(request, values)
                    result.success += len(batch)
        except (httpx.HTTPError, Refused, Busy, ValueError, KeyError) as error:
            result.failed += len(batch)
            status = getattr(getattr(error, "response", None), "status_code", None)
            # An answer repeats what it refuses: not its text, nor that of what went wrong.
            said = str(error) if isinstance(error, Refused) else type(error).__name__
            result.row_errors.append(RowError(start, "", status, f"{said} ({status})"))
        return result


def requests_for(
    platform: Mapping[str, Any], lists: Mapping[str, str], batch: list[dict[str, Any]]
) -> Iterable[tuple[Mapping[str, Any], dict[str, Any]]]:
    """The requests of a batch, each with the values that fill its templates."""
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
                own["item"] = own["items"][0] if own["items"] else None
                if column and not identifiers:
                    tags = names_of(group[0][column])
                    own["tag_states"] = [
                        {"name": tag, "status": "active" if tag in tags else "inactive"}
                        for tag in lists
                    ]
                    own["tags_on"] = sorted(tags)
                    own["tags_off"] = [tag for tag in lists if tag not in tags]
                    own["has_no_tags_off"] = not own["tags_off"]
                yield request, {**group[0], **own}


def path_of(template: str, values: Row, kept: Mapping[str, Any]) -> str:
    """The path of a request, with values of its first row, and with what answers before it said."""

    def value(match: re.Match[str]) -> str:
        if match[1] in kept:
            return str(kept[match[1]])
        return quote(str(values[match[1]]), safe="")

    return PLACE.sub(value, from_environment(template))


class Conversation:
    """What is said to a platform from the first request of a sync to its last.

    Args:
        platform: Its entry of platforms.yml.
        limiter: Holds back requests that would come too fast.
        retry: How often, and after which pauses, a request is tried again.
    """

    def __init__(
        self, platform: Mapping[str, Any], limiter: RateLimiter, retry: RetryConfig
    ) -> None:
        """Open the client; nothing is sent yet."""
        self.platform, self.limiter, self.retry = platform, limiter, retry
        address = platform["address"]
        self.keys = {k: from_environment(v) for k, v in platform.get("signed", {}).items()}
        self.client = httpx.Client(
            base_url=os.environ.get(address["variable"]) or address["default"],
            headers={k: from_environment(v) for k, v in platform["headers"].items()},
            auth=self._sign,
            timeout=60,
        )

    def __enter__(self) -> Conversation:
        """Log in where the platform wants that."""
        if login := self.platform.get("login"):
            form = {key: from_environment(value) for key, value in login["form"].items()}
            answer = self._ask("POST", login["path"], data=form)
            self.client.headers[login["header"]] = str(found(answer, login["token"]))
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client."""
        self.client.close()

    def _sign(self, request: httpx.Request) -> httpx.Request:
        """A request with its signature, where the platform wants one."""
        if self.keys:
            signed = authorization(request.method, str(request.url), self.keys)
            request.headers["Authorization"] = signed
        return request

    def send(self, request: Mapping[str, Any], values: Row) -> None:
        """Make one request, with those that it needs before, and see that its rows were taken.

        Raises:
            httpx.HTTPError: The platform refused the request, or could not be reached.
            Refused: It took the request and not all of its rows.
        """
        kept: dict[str, Any] = {}
        for before in request.get("first", []):
            if before.get("unless") not in kept:
                self._make(before, values, kept)
        if request.get("needs", "") not in {"", *kept}:
            # Who leaves and was never there has nothing to be taken off.
            return
        exits = not values["is_member"]
        may_miss = exits and request.get("missing_is_fine") == "exits"
        self._make(request, values, kept, may_miss=may_miss)

    def _make(
        self,
        request: Mapping[str, Any],
        values: Row,
        kept: dict[str, Any],
        *,
        may_miss: bool = False,
    ) -> None:
        """One request; what its answer says of `keep` goes to kept."""
        self.limiter.acquire()
        answer = self._ask(
            request["method"],
            path_of(request["path"], values, kept),
            may_miss=may_miss,
            json=filled(request["body"], {**values, **kept}),
            headers=request.get("headers"),
        )
        for name, paths in request.get("keep", {}).items():
            known = [value for value in (found(answer, path) for path in paths) if value]
            kept |= {name: known[0]} if known else {}
        where = f"{request['method']} {request['path']}"
        wrong = refused_count(request, answer, len(values["items"]))
        if "follow" in request:
            wrong = wrong or after_the_receipt(
                lambda place: self._ask("GET", place), request["follow"], answer, self.retry
            )
        if wrong:
            raise Refused(f"{where} went well and did not take {wrong} of its rows")

    def _ask(self, method: str, place: str, *, may_miss: bool = False, **content: Any) -> Any:  # noqa: ANN401
        """The answer to a request, tried again while the platform is busy or broken."""
        busy = self.platform.get("busy", {})

        def once() -> Any:  # noqa: ANN401
            response = self.client.request(method, place, **content)
            if may_miss and response.status_code == 404:
                return {}
            response.raise_for_status()
            answer = response.json() if response.content else {}
            if busy and busy["is"] in found(answer, busy["at"]):
                raise Busy
            return answer

        return with_retry(once, self.retry, retry_on=lambda error: isinstance(error, Busy))


def refused_count(request: Mapping[str, Any], answer: Any, sent: int) -> int:  # noqa: ANN401
    """How many rows a request that went well was not taken for, as its answer says.

    Args:
        request: Where its answer says so: `refused`, `taken`, `each_answer`.
        answer: The answer.
        sent: Rows of the request.
    """
    places = request.get("refused", [])
    ignored = request.get("ignored", {}).items()
    count = 0
    for place in [places] if isinstance(places, str) else places:
        wrong = found(answer, place) or 0
        if isinstance(wrong, list):
            wrong = len([w for w in wrong if not ignored or any(w.get(k) != v for k, v in ignored)])
        count += wrong if isinstance(wrong, int) else 1
    if "taken" in request:
        count += sent - (found(answer, request["taken"]) or 0)
    if each := request.get("each_answer"):
        said = found(answer, each["at"]) or []
        said = said if isinstance(said, list) else [said]
        count += sent - sum(re.fullmatch(each["like"], str(one)) is not None for one in said)
    return count


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
        answer = ask(place)
        state = found(answer, follow["state"])
        if state not in follow["going_on"]:
            break
        time.sleep(min(pause, retry.max_backoff, 10))
        pause *= 2
    if state not in follow["good"]:
        raise Refused(f"GET {follow['path']} said {state}")
    if "refused_at" in follow:
        answer = ask(place + follow["refused_at"])
    return found(answer, follow["refused"]) if "refused" in follow else 0


register_destination("platform", PlatformConfig, PlatformDestination)

if __name__ == "__main__":
    app()
