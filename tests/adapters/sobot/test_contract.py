"""Sobot keeps to the contract of all adapters."""

from pathlib import Path

import orjson
import pytest

from adapters.sobot.adapter import Sobot
from engine.ports import Adapter
from tests.adapters.contract import CallingContract

TEXT = (Path(__file__).parent / "payloads" / "text.json").read_bytes()


class TestSobot(CallingContract):
    by_link = True

    @pytest.fixture
    def adapter(self, sobot: Sobot) -> Adapter:
        return sobot

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        body[0]["value"]["messages"][0].update(id=id, text={"body": text})
        return orjson.dumps(body)
