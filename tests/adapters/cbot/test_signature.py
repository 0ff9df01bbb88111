"""Who may post a webhook: whoever brings the user and password that were given with its address."""

from base64 import b64encode

import aiohttp
import pytest

from adapters.cbot.signature import header_of, verify
from engine.core.errors import SignatureInvalid
from engine.ports import WebhookRequest
from tests.adapters.cbot.conftest import PASSWORD, USER, make_line, make_settings
from tests.adapters.cbot.provider import KeyedProvider
from tests.adapters.samples import MemoryMedia

GUARDED = make_settings(webhook_user=USER, webhook_password=PASSWORD)


def header(user: str = USER, password: str = PASSWORD) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


async def test_the_configured_header_is_taken(
    session: aiohttp.ClientSession, provider: KeyedProvider
) -> None:
    guard = {"webhook_user": USER, "webhook_password": PASSWORD}
    line = make_line(session, provider, MemoryMedia(), **guard)
    line.verify(WebhookRequest(b"{}", {"authorization": header()}))
    with pytest.raises(SignatureInvalid):
        line.verify(WebhookRequest(b"{}", {}))


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="no header"),
        pytest.param("", id="empty"),
        pytest.param(header(password="another"), id="another password"),
        pytest.param(header(user="another"), id="another user"),
        pytest.param(header().removeprefix("Basic "), id="no scheme"),
        pytest.param(header().lower(), id="lower case"),
        pytest.param(header()[:-1], id="cut"),
        pytest.param(header() + "é", id="not ASCII"),
        pytest.param("Basic \udcff", id="stray byte"),
    ],
)
def test_anything_else_is_refused(given: str | None) -> None:
    headers = {} if given is None else {"authorization": given}
    with pytest.raises(SignatureInvalid, match="webhook_user"):
        verify(headers, wanted=header_of(GUARDED))


def test_a_line_without_user_and_password_asks_for_none() -> None:
    assert header_of(make_settings()) is None
    verify({}, wanted=None)
    verify({"authorization": header()}, wanted=None)
