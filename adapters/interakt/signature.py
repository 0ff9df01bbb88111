"""Who sent a webhook: Interakt signs the raw bytes with the secret key given beside the webhook's URL.

Source: Interakt resource center, "Interakt's webhooks", read 2026-08.
"""

import hmac
from collections.abc import Mapping

from adapters.signing import check, key_of

__all__ = ["HEADERS", "key_of", "verify"]

HEADERS = ("interakt-signature", "x-interakt-signature")
"""The documented name, and the one that proxies and clients also know."""


def verify(body: bytes, headers: Mapping[str, str], *, key: hmac.HMAC | None) -> None:
    """Check the signature over the bytes as received; `headers` are asked for by names in lower case.

    Raises:
        SignatureInvalid: The header is missing, malformed, or made with another secret.
    """
    check(body, next((headers[name] for name in HEADERS if name in headers), ""), key=key)
