"""Who may post a webhook."""

import hashlib
import hmac

import pytest

from adapters.interakt import signature
from adapters.interakt.adapter import Interakt
from engine.core.errors import PayloadInvalid, SignatureInvalid
from engine.ports import WebhookRequest
from tests.adapters.interakt.conftest import SIGNING_SECRET

BODY = b'{"type": "Webhook Test", "note": "\\u00e9clair"}'


def sign(body: bytes, secret: str = SIGNING_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def request(given: str | None, *, header: str = "interakt-signature") -> WebhookRequest:
    return WebhookRequest(body=BODY, headers={} if given is None else {header: given})


@pytest.mark.parametrize("header", signature.HEADERS)
async def test_the_signature_over_the_raw_bytes_is_taken(interakt: Interakt, header: str) -> None:
    interakt.verify(request(sign(BODY), header=header))


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(request(None), id="no header"),
        pytest.param(request(""), id="empty header"),
        pytest.param(request(sign(BODY, "another")), id="another secret"),
        pytest.param(request(sign(BODY + b" ")), id="another body"),
        pytest.param(request(sign(BODY).removeprefix("sha256=")), id="no prefix"),
        pytest.param(request(sign(BODY)[:-1]), id="cut"),
        pytest.param(request(sign(BODY) + "é"), id="not ASCII"),
        pytest.param(request(sign(BODY), header="x-hub-signature-256"), id="another's header"),
    ],
)
async def test_anything_else_is_refused(interakt: Interakt, given: WebhookRequest) -> None:
    with pytest.raises(SignatureInvalid):
        interakt.verify(given)


def test_without_a_secret_nothing_is_taken() -> None:
    with pytest.raises(SignatureInvalid):
        signature.verify(BODY, {"interakt-signature": sign(BODY, "")}, key=signature.key_of(b""))


async def test_there_is_no_check_of_the_url_by_get(interakt: Interakt) -> None:
    with pytest.raises(PayloadInvalid):
        interakt.challenge({"hub.mode": "subscribe", "hub.challenge": "1"})
