"""Who sent a webhook: Sobot signs nothing and sends no header of ours, so its address is the secret.

The web compares the address with the line's `webhook_secret` before a body comes here.
Source: Sobot API documentation, "Webhook", read 2026-08.
"""

from engine.ports import WebhookRequest


def verify(request: WebhookRequest) -> None:
    """Find nothing to check in the request itself."""
