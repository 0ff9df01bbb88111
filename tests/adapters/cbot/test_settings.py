"""The tables of CBOT and 360dialog."""

import aiohttp
import pytest
from pydantic import TypeAdapter, ValidationError

from adapters.cbot.adapter import Cbot
from adapters.cbot.settings import CbotLine
from adapters.registry import AnyLine, LineConfig, build_adapter
from engine.ports import NoLinks
from tests.adapters.cbot.conftest import KEY
from tests.adapters.samples import LINE, MemoryMedia

LINES: TypeAdapter[AnyLine] = TypeAdapter(LineConfig)
CBOT: dict[str, object] = {
    "provider": "cbot",
    "base_url": "https://cbot.example/wa",
    "api_key": KEY,
}
D360: dict[str, object] = {"provider": "360dialog", "api_key": KEY}


def read(table: dict[str, object], **changes: object) -> CbotLine:
    line = LINES.validate_python(table | changes)
    assert isinstance(line, CbotLine)
    return line


def test_cbot_needs_an_address_and_a_key() -> None:
    line = read(CBOT)
    assert (line.api, line.api_key_header) == ("cloud", "D360-API-KEY")
    assert line.url == "https://cbot.example/wa"


@pytest.mark.parametrize(
    ("api", "url"),
    [
        ("cloud", "https://waba-v2.360dialog.io"),
        ("onpremise", "https://waba.360dialog.io"),
    ],
)
def test_360dialog_has_addresses_of_its_own(api: str, url: str) -> None:
    assert read(D360, api=api).url == url
    sandbox = "http://127.0.0.1:8090"
    assert read(D360, api=api, base_url=sandbox).url == sandbox


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        (CBOT, {"base_url": None}, "base_url is missing: CBOT gives it to you"),
        (CBOT, {"api_key": None}, "api_key is missing: give api_key, api_key_file or api_key_env"),
        (CBOT, {"api": "graph"}, "'onpremise' or 'cloud'"),
        (CBOT, {"api_key_header": "two words"}, "api_key_header"),
        (CBOT, {"webhook_user": "parley"}, "webhook_user and webhook_password belong together"),
        (CBOT, {"webhook_password_env": "P"}, "webhook_user and webhook_password belong together"),
        (D360, {"webhook_user": "a:b", "webhook_password": "x"}, "webhook_user"),
        (D360, {"token": "x"}, "token"),
    ],
    ids=str,
)
def test_a_wrong_table_is_refused_with_what_is_wrong(
    table: dict[str, object], changes: dict[str, object], said: str
) -> None:
    given = {key: value for key, value in (table | changes).items() if value is not None}
    with pytest.raises(ValidationError) as refused:
        CbotLine.model_validate(given)
    assert said in str(refused.value)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("table", "api", "pace"),
    [(CBOT, "cloud", 80), (D360, "onpremise", 50)],
    ids=["cbot", "360dialog on-premise"],
)
async def test_each_table_becomes_its_line(
    session: aiohttp.ClientSession, table: dict[str, object], api: str, pace: float
) -> None:
    line = build_adapter(
        LINE,
        read(table, api=api, read_marks=True),
        session=session,
        media_store=MemoryMedia(),
        media_links=NoLinks(),
        environ={},
    )
    assert isinstance(line, Cbot)
    assert (line.line, line.account, line.read_marks) == (LINE, None, True)
    assert line.capabilities.messages_per_second == pace
