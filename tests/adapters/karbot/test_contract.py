"""Karbot keeps to the contract of all adapters."""

from pathlib import Path

import orjson
import pytest

from adapters.karbot.adapter import Karbot
from engine.core.content import Text
from engine.ports import Accepted, Adapter
from tests.adapters.contract import CallingContract
from tests.adapters.samples import outgoing

TEXT = (Path(__file__).parent / "payloads" / "text.json").read_bytes()


class TestKarbot(CallingContract):
    by_link = True

    @pytest.fixture
    def adapter(self, karbot: Karbot) -> Adapter:
        return karbot

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        body["payload"].update(id=id, payload={"text": text})
        return orjson.dumps(body)

    async def begin(self, adapter: Adapter) -> None:
        assert isinstance(await adapter.send(outgoing(Text(body="Let me in"))), Accepted)
