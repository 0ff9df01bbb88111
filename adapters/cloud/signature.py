"""Who sent a webhook: Meta signs the raw bytes; the GET check proves that the URL is ours.

Source: Meta webhooks, "Getting started", read 2026-08.
"""

import hmac
from collections.abc import Mapping

from engine.core.errors import PayloadInvalid, SignatureInvalid

HEADER = "x-hub-signature-256"
PREFIX = b"sha256="


def key_of(app_secret: bytes) -> hmac.HMAC | None:
    """Return what signs with this secret, made once: its copies save a fifth of each check. None for an empty one."""
    return hmac.new(app_secret, digestmod="sha256") if app_secret else None


def verify(body: bytes, headers: Mapping[str, str], *, key: hmac.HMAC | None) -> None:
    """Check the signature over the bytes as received, in constant time.

    Args:
        body: The raw body; written anew it would no longer match.
        headers: Asked for by names in lower case.
        key: Of the app's secret; without one nothing is taken.

    Raises:
        SignatureInvalid: The header is missing, malformed, or made with another secret.
    """
    if key is None:
        raise SignatureInvalid
    signing = key.copy()
    signing.update(body)
    # As bytes: comparing texts raises on a header that is not ASCII.
    given = headers.get(HEADER, "").encode(errors="surrogateescape")
    wanted = PREFIX + signing.hexdigest().encode()
    if not hmac.compare_digest(given, wanted):
        raise SignatureInvalid


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
