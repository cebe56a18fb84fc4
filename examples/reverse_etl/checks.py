"""What a stand-in checks, and what it keeps: the words that all platforms are told in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SHA256 = re.compile(r"[0-9a-f]{64}")
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
Row = dict[str, Any]
# HTTP status, and the body of the answer; None where it has none.
Answer = tuple[int, Any]


@dataclass
class Asked:
    """A request to a platform that takes a row in several.

    Attributes:
        method: HTTP method.
        path: Its path.
        base: What stands before the path.
        headers: Its headers.
        content: Its body, as it came.
        held: The members of the platform, by key.
        notes: What the platform remembers between requests.
        refused: Texts; a row that holds one of them is a bad row.
    """

    method: str
    path: str
    base: str
    headers: Mapping[str, str]
    content: bytes
    held: dict[str, Any]
    notes: dict[str, Any]
    refused: set[str]

    def body(self) -> Any:  # noqa: ANN401
        """The JSON of the request."""
        return json.loads(self.content)

    def is_bad(self, row: Any) -> bool:  # noqa: ANN401
        """Whether a row is one of those that the platform is to refuse."""
        return any(text in json.dumps(row) for text in self.refused)


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
        said: The answer where `partly` gives none.
    """

    method: str
    path: str
    largest: int
    rows: Callable[[Row], list[Any]]
    problem: Callable[[Any], str | None]
    keep: Callable[[dict[str, Any], Any, Mapping[str, str]], None]
    partly: Callable[[int, list[int]], Any] | None = None
    required: Callable[[Row], bool] = lambda body: True
    said: Answer = (200, {})


@dataclass(frozen=True)
class Vendor:
    """A platform: how it knows who asks, what it takes, and what a member is to it.

    Attributes:
        page: Where its documentation stands.
        secrets: Variables of the environment with a token or an id, and a value for each.
        headers: Headers that every request must have, made of those values.
        content: Column of the key, of the e-mail address, and of the lists of an audience.
        root: What an address of its interface ends in.
        steps: Answers a request that is no endpoint's; None where it is one's, or nobody's.
        largest: Most rows in a request that `steps` answers.
    """

    page: str
    secrets: Mapping[str, str]
    headers: Mapping[str, str]
    endpoints: tuple[Endpoint, ...]
    content: tuple[str, str | None, str]
    root: str = ""
    steps: Callable[[Asked], Answer | None] = lambda asked: None
    largest: int | None = None

    @property
    def most_rows(self) -> int:
        """Most rows in a request, whichever it is."""
        return self.largest or min(endpoint.largest for endpoint in self.endpoints)


def merge(held: dict[str, Any], key: str, values: Row) -> None:
    """Take in the values of a member, whether it is there or not."""
    held.setdefault(key, {}).update(values)


def contact_problem(row: Row, key: Any, email: str | None) -> str | None:  # noqa: ANN401
    """What is wrong with a contact on any platform: no key, or an address that is none."""
    if not key:
        return "no key"
    return "no e-mail address" if email is not None and not E_MAIL.fullmatch(email) else None


def hash_problem(hashes: list[Any]) -> str | None:
    """Ad platforms: at least one value, each a SHA-256 in lower-case hexadecimal."""
    given = [value for value in hashes if value]
    if not given or not all(isinstance(v, str) and SHA256.fullmatch(v) for v in given):
        return "an identifier is missing or no SHA-256"
    return None


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


def segments_keep(
    key: str, email: str, lists: str, inner: str = "", separator: str = ";"
) -> Callable[..., None]:
    """CRMs: merge e-mail address and lists under a key; inner is where the values stand."""

    def keep(held: dict[str, Any], row: Row, _: Mapping[str, str]) -> None:
        values = row[inner] if inner else row
        mail = values.get(email, row.get(email))
        names = values[lists]
        names = names.split(separator) if isinstance(names, str) else names
        named = {"lists": [name for name in names if name]}
        merge(held, row[key], named | ({"email": mail} if mail else {}))

    return keep
