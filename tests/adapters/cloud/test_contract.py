"""Cloud keeps to the contract of all adapters."""

from pathlib import Path

import orjson
import pytest

from adapters.cloud.adapter import Cloud
from engine.ports import Adapter
from tests.adapters.contract import CallingContract

TEXT = (Path(__file__).parent / "payloads" / "text.json").read_bytes()


class TestCloud(CallingContract):
    @pytest.fixture
    def adapter(self, cloud: Cloud) -> Adapter:
        return cloud

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        message = body["entry"][0]["changes"][0]["value"]["messages"][0]
        message.update(id=id, text={"body": text})
        return orjson.dumps(body)
