"""A Gupshup that answers as it is told: the server on loopback that every adapter's tests use, with its answers."""

from itertools import count
from urllib.parse import parse_qsl

import orjson

from engine.core.value import Json
from tests.adapters.cloud.provider import Provider, Request


def form_of(request: Request) -> dict[str, str]:
    """Return a form as it came."""
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True))


def said_in(request: Request, field: str = "message") -> Json:
    """Return the JSON in one field of a form."""
    value: Json = orjson.loads(form_of(request)[field])
    return value


class GupshupProvider(Provider):
    """Takes every form and lists one template."""

    base_path = ""

    def __init__(self) -> None:
        super().__init__()
        self._taken = count(1)

    def _accepted(self, request: Request) -> dict[str, object]:
        match request.method:
            case "GET":
                return {"status": "success", "templates": [TEMPLATE]}
            case "PUT":
                return {}
            case _:
                return {"status": "submitted", "messageId": f"gs-{next(self._taken)}"}


TEMPLATE: dict[str, Json] = {
    "id": "7d1c9c1e-0000-4000-8000-000000000001",
    "elementName": "order_ready",
    "languageCode": "en_US",
    "status": "APPROVED",
    "category": "UTILITY",
    "externalId": "900001",
    "namespace": "space-1",
    "data": "{{1}}, order {{2}} is ready",
    "containerMeta": '{"data": "{{1}}, order {{2}} is ready", "sampleText": "Ana, order 17 is ready"}',
}
