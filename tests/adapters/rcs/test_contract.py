"""RCS keeps to the contract of all adapters."""

from pathlib import Path
from typing import ClassVar

import orjson
import pytest

from adapters.rcs.adapter import Rcs
from engine.ports import Adapter
from tests.adapters.contract import CallingContract

TEXT = (Path(__file__).parent / "payloads" / "text.json").read_bytes()


class TestRcs(CallingContract):
    by_link: ClassVar[bool] = True

    @pytest.fixture
    def adapter(self, rcs: Rcs) -> Adapter:
        return rcs

    @staticmethod
    def text_body(text: str, *, id: str) -> bytes:
        body = orjson.loads(TEXT)
        body["entity"].update(messageId=id, text=text)
        return orjson.dumps(body)
