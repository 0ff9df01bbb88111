"""What each provider does on its bad days, as its documents say; a provider is added to `LINES`.

`test_bad_days.py` lets each of them happen to a running application.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import NamedTuple

from engine.core.value import Json
from tests.web.support import SANDBOX, line_table, signature, text_body


class BadLine(NamedTuple):
    """One provider's line, and what its provider answers."""

    name: str
    """Of the line; also the first part of its webhook's address."""
    table: str
    """Its TOML; `{base_url}` stands for where its calls go."""
    text: Callable[[str], bytes]
    """Returns the webhook body in which this phone writes; the message's id holds the phone."""
    accepted: Callable[[str, str], Json]
    """Returns what the provider answers to a call: its path, and the id that a message gets."""
    wrong_key: tuple[int, Json]
    """What it answers to a key that it does not know: status and body."""
    check: str
    """The setting to look at then; the message's error names it."""
    right: tuple[str, Callable[[bytes], Mapping[str, str]]]
    """What follows the name in the webhook's address, and the headers, of who has the secret."""
    wrong: tuple[str, Callable[[bytes], Mapping[str, str]]]
    """The same of who has another one."""


def _bare(body: bytes) -> Mapping[str, str]:
    return {}


def _sent(path: str, id: str) -> Json:
    return {"messages": [{"id": id}]}


# --- Cloud -------------------------------------------------------------------------------------------

CLOUD = BadLine(
    name="cloud",
    table=line_table("cloud", "301000000000001", base_url="{base_url}"),
    text=lambda phone: json.dumps(
        text_body("hi", id=f"hi.{phone}", sender=phone, number="301000000000001")
    ).encode(),
    accepted=_sent,
    wrong_key=(401, {"error": {"code": 190, "message": "Invalid OAuth access token"}}),
    check="the access token has expired",
    right=("", signature),
    wrong=("", lambda body: signature(body, f"not {SANDBOX.app_secret}")),
)

# --- CBOT and 360dialog ------------------------------------------------------------------------------


def _basic(password: str) -> Callable[[bytes], Mapping[str, str]]:
    coded = b64encode(f"parley:{password}".encode()).decode()
    return lambda body: {"Authorization": f"Basic {coded}"}


def _onpremise_text(phone: str) -> bytes:
    message: Json = {"id": f"hi.{phone}", "from": phone, "type": "text", "text": {"body": "hi"}}
    return json.dumps({"messages": [message]}).encode()


def _keyed(name: str, more: str) -> str:
    return f'\n[lines.{name}]\napi_key = "test-line-key"\nbase_url = "{{base_url}}"\n{more}\n'


CBOT = BadLine(
    name="cbot",
    table=_keyed(
        "cbot",
        'provider = "cbot"\napi = "onpremise"\nwebhook_user = "parley"\nwebhook_password = "word"',
    ),
    text=_onpremise_text,
    accepted=_sent,
    wrong_key=(401, {"errors": [{"code": 1005, "title": "Access denied"}]}),
    check="access denied",
    right=("", _basic("word")),
    wrong=("", _basic("another word")),
)

DIALOG = BadLine(
    name="dialog",
    table=_keyed("dialog", 'provider = "360dialog"\nwebhook_secret = "hidden-path"'),
    text=lambda phone: json.dumps(text_body("hi", id=f"hi.{phone}", sender=phone)).encode(),
    accepted=_sent,
    wrong_key=(
        401,
        {"meta": {"httpCode": 404, "developerMessage": "Invalid api key", "success": False}},
    ),
    check="check api_key, api_key_header and base_url",
    right=("/hidden-path", _bare),
    wrong=("/another-path", _bare),
)

# --- Interakt ----------------------------------------------------------------------------------------


def _interakt_text(phone: str) -> bytes:
    message: Json = {"id": f"hi.{phone}", "message_content_type": "Text", "message": "hi"}
    data: Json = {"customer": {"channel_phone_number": phone}, "message": message}
    return json.dumps({"type": "message_received", "data": data}).encode()


def _interakt_signed(secret: str) -> Callable[[bytes], Mapping[str, str]]:
    key = secret.encode()
    return lambda body: {
        "Interakt-Signature": f"sha256={hmac.new(key, body, 'sha256').hexdigest()}"
    }


INTERAKT = BadLine(
    name="interakt",
    table=_keyed("interakt", 'provider = "interakt"\nsigning_secret = "word"'),
    text=_interakt_text,
    accepted=lambda path, id: {"result": True, "message": "Message created", "id": id},
    wrong_key=(401, {"result": False, "message": "Unauthorized"}),
    check="check api_key",
    right=("", _interakt_signed("word")),
    wrong=("", _interakt_signed("another word")),
)

LINES: tuple[BadLine, ...] = (CBOT, CLOUD, DIALOG, INTERAKT)
"""One a provider."""
