"""OAuth 1.0a (RFC 5849): each request is signed, and no secret goes with it."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote


def percent(text: str) -> str:
    """A text with everything escaped but letters, digits and ``-._~``."""
    return quote(text, safe="~")


def signature(
    method: str, address: str, parameters: Mapping[str, str], keys: Mapping[str, str]
) -> str:
    """The HMAC-SHA1 of a request, in base64.

    Args:
        method: HTTP method, in capitals.
        address: Where it goes, without what stands behind a question mark.
        parameters: Those of the address and of OAuth. A JSON body is not among them.
        keys: `consumer_secret` and `token_secret`.
    """
    pairs = sorted((percent(key), percent(value)) for key, value in parameters.items())
    joined = "&".join(f"{key}={value}" for key, value in pairs)
    text = "&".join([method, percent(address), percent(joined)])
    key = f"{percent(keys['consumer_secret'])}&{percent(keys['token_secret'])}"
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha1")).decode()


def authorization(method: str, target: str, keys: Mapping[str, str]) -> str:
    """The header that signs a request; one that is tried again needs another.

    Args:
        method: HTTP method, in capitals.
        target: Where it goes, whole.
        keys: `consumer_key`, `consumer_secret`, `token` and `token_secret`.
    """
    own = {
        "oauth_consumer_key": keys["consumer_key"],
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": keys["token"],
        "oauth_version": "1.0",
    }
    address, _, query = target.partition("?")
    own["oauth_signature"] = signature(method, address, {**dict(parse_qsl(query)), **own}, keys)
    pairs = ", ".join(f'{name}="{percent(value)}"' for name, value in sorted(own.items()))
    return f"OAuth {pairs}"
