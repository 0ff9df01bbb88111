"""Interakt keeps to the contract of all adapters."""

from pathlib import Path
from typing import ClassVar

import aiohttp
import orjson
import pytest

from adapters.interakt.adapter import Interakt
from adapters.interakt.capabilities import CAPABILITIES
from engine.ports import Adapter, NoLinks
from tests.adapters.contract import CallingContract
from tests.adapters.interakt.conftest import make_settings
from tests.adapters.samples import LINE

TEXT = (Path(__file__).parent / "payloads" / "text.json").read_bytes()


class TestInterakt(CallingContract):
    by_link: ClassVar[bool] = True

    @pytest.fixture
    def adapter(self, interakt: Interakt) -> Adapter:
        return interakt

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        body["data"]["message"].update(id=id, message=text)
        return orjson.dumps(body)


async def test_the_pace_is_the_smallest_plans_unless_the_line_says_more(
    interakt: Interakt, session: aiohttp.ClientSession
) -> None:
    assert interakt.capabilities.messages_per_second * 60 == 300
    advanced = Interakt(
        LINE, make_settings(rate_per_second=10), session=session, media_links=NoLinks()
    )
    assert advanced.capabilities.messages_per_second * 60 == 600


def test_nothing_is_delivered_again() -> None:
    assert not CAPABILITIES.redelivers
