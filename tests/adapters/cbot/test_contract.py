"""Both forms keep to the contract of all adapters."""

from pathlib import Path

import orjson
import pytest

from adapters.cbot.adapter import Cbot
from engine.ports import Adapter
from tests.adapters.contract import CallingContract

PAYLOADS = Path(__file__).parent / "payloads"


class TestCloudForm(CallingContract):
    @pytest.fixture
    def adapter(self, cloud_line: Cbot) -> Adapter:
        return cloud_line

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads((PAYLOADS / "cloud_text.json").read_bytes())
        message = body["entry"][0]["changes"][0]["value"]["messages"][0]
        message.update(id=id, text={"body": text})
        return orjson.dumps(body)


class TestOnPremiseForm(CallingContract):
    @pytest.fixture
    def adapter(self, onpremise_line: Cbot) -> Adapter:
        return onpremise_line

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads((PAYLOADS / "text.json").read_bytes())
        body["messages"][0].update(id=id, text={"body": text})
        return orjson.dumps(body)
