"""Who may post a Sobot webhook: whoever knows its address, which the web compares."""

import pytest

from adapters.sobot.adapter import Sobot
from engine.core.errors import LineUnknown, PayloadInvalid, SignatureInvalid
from engine.ports import WebhookRequest
from web.doors import Door, Doors
from web.greeting import UNSIGNED


async def test_a_request_carries_nothing_to_check(sobot: Sobot) -> None:
    sobot.verify(WebhookRequest(body=b"[]", headers={}))


async def test_an_address_without_the_lines_secret_is_refused(sobot: Sobot) -> None:
    doors = Doors([Door(sobot.line, sobot, "sobot", secret="a-long-word")])
    assert doors.find("shop", "a-long-word").adapter is sobot
    for wrong in (None, "", "another"):
        with pytest.raises(SignatureInvalid):
            doors.find("shop", wrong)
    with pytest.raises(LineUnknown):
        doors.find("elsewhere", "a-long-word")


def test_the_operator_is_warned_of_an_address_without_a_secret() -> None:
    assert "sobot" in UNSIGNED


async def test_sobot_makes_no_check_of_the_address(sobot: Sobot) -> None:
    with pytest.raises(PayloadInvalid):
        sobot.challenge({"hub.mode": "subscribe", "hub.challenge": "1"})
