"""Who sent a webhook: nothing is signed, but the provider sends along the header that it was given with the address.

Source: CBOT, "Basics", callback URL header authentication, read 2026-08.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping

from adapters.cbot.settings import CbotLine
from engine.core.errors import SignatureInvalid

HEADER = "authorization"


def header_of(settings: CbotLine) -> str | None:
    """Return the header that webhooks must bring, None where the line has no user and password for them."""
    if settings.webhook_user is None:
        return None
    both = f"{settings.webhook_user}:{settings.secret('webhook_password')}"
    return f"Basic {b64encode(both.encode()).decode()}"


def verify(headers: Mapping[str, str], *, wanted: str | None) -> None:
    """Check the header in constant time; without a wanted one the secret in the address is all there is.

    Raises:
        SignatureInvalid: The header is missing or another one.
    """
    if wanted is None:
        return
    # As bytes: comparing texts raises on a header that is not ASCII.
    given = headers.get(HEADER, "").encode(errors="surrogateescape")
    if not hmac.compare_digest(given, wanted.encode()):
        raise SignatureInvalid(
            "The Authorization header is not made of this line's webhook_user and webhook_password."
        )
