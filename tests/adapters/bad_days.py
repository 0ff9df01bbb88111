"""What each provider does on its bad days, as its documents say; a provider is added to `LINES`.

`test_bad_days.py` lets each of them happen to a running application.
"""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from engine.core.value import Json
from tests.web.replays.base import Payload, Replay
from tests.web.replays.cbot import CBOT
from tests.web.replays.cloud import CLOUD
from tests.web.replays.gupshup import GUPSHUP
from tests.web.replays.interakt import INTERAKT
from tests.web.replays.karbot import KARBOT
from tests.web.replays.sobot import SOBOT
from tests.web.support import SANDBOX, line_table, signature, text_body

ANY = Payload(file="", type="", expected={}, body=b"{}")
"""For providers whose lines are alike whatever body they are for."""

NUMBER = "301000000000001"


class BadLine(NamedTuple):
    """One provider's line, and what its provider answers."""

    name: str
    """Of the line."""
    table: str
    """Its TOML; `{base_url}` stands for where its calls go."""
    door: str
    """What the webhook's address ends in, with the secret where the line has one."""
    text: Callable[[str], bytes]
    """Returns the webhook body in which this phone writes; the message's id holds the phone."""
    signed: Callable[[bytes], Mapping[str, str]]
    """Returns the headers of a body from who has the secret."""
    forged: Callable[[bytes], Mapping[str, str]]
    """Returns those of who has another; where the address is the secret, it is another one."""
    accepted: Callable[[str], Json]
    """Returns what the provider answers to a message, given the id it gets."""
    wrong_key: tuple[int, Json]
    """What it answers to a key that it does not know: status and body."""
    check: str
    """What the message's error then tells to look at."""
    login: tuple[str, Json] = ("", None)
    """The path that gives a token before any call, and its answer."""


def line_of(
    replay: Replay,
    *,
    wrong_key: tuple[int, Json],
    check: str,
    login: tuple[str, Json] = ("", None),
    forged: Callable[[bytes], Mapping[str, str]] | None = None,
) -> BadLine:
    """Return the line that the provider's documented webhooks are replayed to."""
    return BadLine(
        name=replay.line.partition("/")[0],
        table=replay.tables((), "{base_url}"),
        door=replay.line,
        text=lambda phone: replay.text(ANY, phone),
        signed=replay.headers,
        forged=forged or replay.headers,
        accepted=replay.accepted,
        wrong_key=wrong_key,
        check=check,
        login=login,
    )


def _altered(signed: Callable[[bytes], Mapping[str, str]]) -> Callable[[bytes], Mapping[str, str]]:
    """Return headers as of a body that is not the one sent."""
    return lambda body: signed(b"another " + body)


CLOUD_LINE = BadLine(
    name="cloud",
    table=line_table("cloud", NUMBER, base_url="{base_url}"),
    door="cloud",
    text=lambda phone: json.dumps(
        text_body("hi", id=f"hi.{phone}", sender=phone, number=NUMBER)
    ).encode(),
    signed=signature,
    forged=lambda body: signature(body, f"not {SANDBOX.app_secret}"),
    accepted=CLOUD.accepted,
    wrong_key=(401, {"error": {"code": 190, "message": "Invalid OAuth access token"}}),
    check="the access token has expired",
)

DIALOG_LINE = CLOUD_LINE._replace(
    name="dialog",
    table="""
[lines.dialog]
provider = "360dialog"
api_key = "test-line-key"
webhook_secret = "hidden-path"
base_url = "{base_url}"
""",
    door="dialog/hidden-path",
    signed=lambda body: {},
    forged=lambda body: {},
    wrong_key=(
        401,
        {"meta": {"httpCode": 404, "developerMessage": "Invalid api key", "success": False}},
    ),
    check="check api_key, api_key_header and base_url",
)

CBOT_LINE = line_of(
    CBOT,
    wrong_key=(401, {"errors": [{"code": 1005, "title": "Access denied"}]}),
    check="access denied",
    forged=lambda body: {"Authorization": "Basic cGFybGV5Om5v"},
)

GUPSHUP_LINE = line_of(
    GUPSHUP,
    wrong_key=(401, {"message": "Authentication Failed", "status": "error"}),
    check="check api_key",
)

KARBOT_LINE = line_of(
    KARBOT,
    wrong_key=(401, {"message": "Unauthorized", "statusCode": 401}),
    check="email",
    login=("/v1/users/auth/", {"token": "test-session"}),
)

SOBOT_LINE = line_of(
    SOBOT,
    wrong_key=(401, {"message": "Unauthorized", "code": 401}),
    check="put the latest into api_key and api_secret",
)

INTERAKT_LINE = line_of(
    INTERAKT,
    wrong_key=(401, {"result": False, "message": "Unauthorized"}),
    check="check api_key",
    forged=_altered(INTERAKT.headers),
)


def _rcs_text(phone: str) -> bytes:
    entity: Json = {"messageId": f"hi.{phone}", "text": "hi"}
    message: Json = {
        "userPhoneNumber": f"+{phone}",
        "botId": "shop-bot",
        "entityType": "USER_MESSAGE",
        "entity": entity,
    }
    return json.dumps(message).encode()


RCS_LINE = INTERAKT_LINE._replace(
    name="rcs",
    table=INTERAKT_LINE.table.replace("[lines.interakt]", '[lines.rcs]\nchannel = "rcs"'),
    door="rcs",
    text=_rcs_text,
)

LINES: tuple[BadLine, ...] = (
    CBOT_LINE,
    CLOUD_LINE,
    DIALOG_LINE,
    GUPSHUP_LINE,
    INTERAKT_LINE,
    KARBOT_LINE,
    RCS_LINE,
    SOBOT_LINE,
)
"""One a provider, and a second where it speaks in two ways."""
