"""Who sent a webhook: Meta signs the raw bytes; the GET check proves that the URL is ours.

Source: Meta webhooks, "Getting started", read 2026-08.
"""

import hmac
from collections.abc import Mapping

from adapters.signing import check, key_of
from engine.core.errors import PayloadInvalid, SignatureInvalid

__all__ = ["HEADER", "challenge", "key_of", "verify"]

HEADER = "x-hub-signature-256"


def verify(body: bytes, headers: Mapping[str, str], *, key: hmac.HMAC | None) -> None:
    """Check the signature over the bytes as received; `headers` are asked for by names in lower case.

    Raises:
        SignatureInvalid: The header is missing, malformed, or made with another secret.
    """
    check(body, headers.get(HEADER, ""), key=key)


def challenge(query: dict[str, str], *, verify_token: bytes) -> str:
    """Return the challenge that answers Meta's check of the URL.

    Raises:
        SignatureInvalid: The verify token is not the one configured.
        PayloadInvalid: The request is no such check.
    """
    if query.get("hub.mode") != "subscribe" or not query.get("hub.challenge"):
        raise PayloadInvalid(
            "this address answers Meta's check and takes its webhooks, nothing else"
        )
    given = query.get("hub.verify_token", "").encode(errors="surrogateescape")
    if not verify_token or not hmac.compare_digest(given, verify_token):
        raise SignatureInvalid("the verify token is not this line's; check verify_token")
    return query["hub.challenge"]
