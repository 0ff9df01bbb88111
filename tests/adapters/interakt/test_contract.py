"""Interakt keeps to the contract of all adapters."""

from pathlib import Path
from typing import ClassVar

import orjson
import pytest

from adapters.interakt.adapter import Interakt
from engine.ports import Adapter
from tests.adapters.contract import AdapterContract

TEXT = (Path(__file__).parent / "payloads" / "text.json").read_bytes()


class TestInterakt(AdapterContract):
    by_link: ClassVar[bool] = True

    @pytest.fixture
    def adapter(self, interakt: Interakt) -> Adapter:
        return interakt

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        body["data"]["message"].update(id=id, message=text)
        return orjson.dumps(body)
