"""What a WhatsApp line of Interakt's can show and carry. Source: Interakt Public APIs, read 2026-08.

Where its documents name no limit, WhatsApp's own stands: Interakt hands the message on.
"""

from adapters.cloud.capabilities import CAPABILITIES as CLOUD
from adapters.cloud.capabilities import MEDIA_FETCHED_BYTES

__all__ = ["CAPABILITIES", "MEDIA_FETCHED_BYTES"]

CAPABILITIES = CLOUD.model_copy(
    update={
        "kinds": CLOUD.kinds
        - {"voice", "location", "contacts", "reaction", "cta_url", "location_request"}
        - {"product", "products", "carousel", "read_mark"}
        | {"event", "contact_update", "assignment"},
        # A webhook is sent once, and switched off after 5 failures in 10 minutes.
        "redelivers": False,
        "typing": False,
        "own_catalog": True,
        # Growth has 300 requests a minute, Advanced 600, Enterprise its own, Starter none: the smallest is safe.
        "messages_per_second": 5,
        "media_bytes": {kind: most for kind, most in CLOUD.media_bytes.items() if kind != "voice"},
    }
)
