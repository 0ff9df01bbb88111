"""Gupshup keeps to the contract of all adapters."""

import orjson
import pytest

from adapters.gupshup.adapter import Gupshup
from engine.ports import Adapter
from tests.adapters.contract import CallingContract
from tests.adapters.gupshup.parsed import PAYLOADS

TEXT = (PAYLOADS / "text.json").read_bytes()


class TestGupshup(CallingContract):
    by_link = True

    @pytest.fixture
    def adapter(self, gupshup: Gupshup) -> Adapter:
        return gupshup

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        body["payload"].update(id=id, payload={"text": text})
        return orjson.dumps(body)
