"""Who may post a webhook, and what answers Meta's check of the URL."""

import hashlib
import hmac

import pytest

from adapters.cloud import signature
from adapters.cloud.adapter import Cloud
from engine.core.errors import PayloadInvalid, SignatureInvalid
from engine.ports import WebhookRequest
from tests.adapters.cloud.conftest import APP_SECRET, VERIFY_TOKEN

BODY = b'{"entry": [], "note": "\\u00e9clair"}'


def sign(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def request(header: str | None, body: bytes = BODY) -> WebhookRequest:
    headers = {} if header is None else {"x-hub-signature-256": header}
    return WebhookRequest(body=body, headers=headers)


async def test_the_apps_signature_over_the_raw_bytes_is_taken(cloud: Cloud) -> None:
    cloud.verify(request(sign(BODY)))


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(request(None), id="no header"),
        pytest.param(request(""), id="empty header"),
        pytest.param(request(sign(BODY, "another")), id="another secret"),
        pytest.param(request(sign(BODY).removeprefix("sha256=")), id="no prefix"),
        pytest.param(request(sign(BODY).replace("sha256", "sha1")), id="wrong prefix"),
        pytest.param(request(sign(BODY).upper()), id="upper case"),
        pytest.param(request(sign(BODY)[:-1]), id="cut"),
        pytest.param(request(sign(BODY) + "é"), id="not ASCII"),
        pytest.param(request("sha256=\udcff"), id="stray byte"),
        pytest.param(request(sign(BODY), BODY.replace(b"[]", b"[ ]")), id="tampered"),
        pytest.param(
            request(sign(BODY), BODY.replace(b"\\u00e9", "é".encode())), id="written anew"
        ),
        pytest.param(request(sign(BODY), b""), id="body taken out"),
    ],
)
async def test_anything_else_is_refused(cloud: Cloud, given: WebhookRequest) -> None:
    with pytest.raises(SignatureInvalid):
        cloud.verify(given)


def test_without_a_secret_nothing_is_taken() -> None:
    with pytest.raises(SignatureInvalid):
        signature.verify(BODY, {"x-hub-signature-256": sign(BODY, "")}, key=signature.key_of(b""))


CHECK = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN}


async def test_metas_check_is_answered_with_its_challenge(cloud: Cloud) -> None:
    assert cloud.challenge(CHECK) == "1158201444"


@pytest.mark.parametrize("token", ["", "another", "our-wör"])
async def test_a_check_with_another_token_is_refused(cloud: Cloud, token: str) -> None:
    with pytest.raises(SignatureInvalid):
        cloud.challenge(CHECK | {"hub.verify_token": token})


def test_without_a_verify_token_no_check_is_answered() -> None:
    with pytest.raises(SignatureInvalid):
        signature.challenge(CHECK | {"hub.verify_token": ""}, verify_token=b"")


@pytest.mark.parametrize("key", ["hub.mode", "hub.challenge"])
async def test_a_check_that_is_none_is_refused(cloud: Cloud, key: str) -> None:
    with pytest.raises(PayloadInvalid):
        cloud.challenge({name: value for name, value in CHECK.items() if name != key})
