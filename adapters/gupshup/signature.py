"""Who sent a webhook: Gupshup signs nothing.

What proves it is the line's `webhook_secret`, in the URL or in a header; `web.doors` checks it for every provider.
Source: Gupshup, webhooks and types of payload, read 2026-08.
"""

from engine.ports import WebhookRequest


def verify(request: WebhookRequest) -> None:
    """Check nothing: there is nothing in the request to check."""
