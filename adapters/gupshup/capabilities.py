"""What a Gupshup line can show and carry. Source of all figures: Gupshup, message reference, read 2026-08."""

from adapters.cloud.capabilities import CAPABILITIES as CLOUD
from adapters.cloud.capabilities import MEDIA_FETCHED_BYTES

__all__ = ["CAPABILITIES", "MEDIA_FETCHED_BYTES"]

CAPABILITIES = CLOUD.model_copy(
    update={
        # Its pages name buttons that open pages and requests for a place too, but print no body of them.
        "kinds": CLOUD.kinds
        - {"voice", "cta_url", "location_request", "product", "products", "carousel"},
        # One page says 20 for the header above buttons; WhatsApp's own 60, which stands, decides in the end.
        "typing": False,
        "callback_length": 0,
        "messages_per_second": 20,
        "media_bytes": {
            kind: most
            for kind, most in CLOUD.media_bytes.items()
            if kind not in ("voice", "sticker")
        }
        | {"sticker": 100 * 1024},
    }
)
