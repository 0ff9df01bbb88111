"""Gupshup signs nothing: whoever comes through the line's secret address is heard."""

import pytest

from adapters.gupshup.adapter import Gupshup
from engine.core.errors import PayloadInvalid
from engine.ports import WebhookRequest


async def test_a_webhook_needs_no_signature(gupshup: Gupshup) -> None:
    gupshup.verify(WebhookRequest(body=b"{}", headers={}))


async def test_a_get_of_the_address_is_refused(gupshup: Gupshup) -> None:
    with pytest.raises(PayloadInvalid):
        gupshup.challenge({"hub.mode": "subscribe", "hub.challenge": "1"})
