"""The HTTP face that the business talks to: Gupshup's paths, auth and answers.

Source: https://docs.gupshup.io/reference/msg, read 2026-08.
"""

from typing import TYPE_CHECKING, cast

import orjson
from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.face import answered, file_reply, form_body
from adapters.sandbox.gupshup.refusals import AUTHENTICATION, GupshupRefusal
from adapters.sandbox.ledger import Request
from adapters.sandbox.reply import Reply
from adapters.sandbox.settings import ApprovedTemplate
from adapters.sandbox.wire import Object

if TYPE_CHECKING:
    from adapters.sandbox.gupshup.sandbox import GupshupSandbox


class Api:
    """The provider's endpoints of one sandbox.

    Args:
        sandbox: Whose app it is.
        prefix: Stands before each path, such as `/sandbox`.
    """

    def __init__(self, sandbox: "GupshupSandbox", prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints: both kinds of message, templates, read marks, files of contacts."""
        app = self._prefix + "/wa/app/{app}"
        return [
            web.post(self._prefix + "/wa/api/v1/msg", self._session),
            web.post(self._prefix + "/wa/api/v1/template/msg", self._template),
            web.get(app + "/{templates:templates?}", self._templates),
            web.put(app + "/msg/{message}/read", self._read),
            web.get(self._prefix + "/_media/{ticket}", self._download),
        ]

    async def _session(self, http: web.Request) -> web.StreamResponse:
        fields, _ = await form_body(self._sandbox, http)

        def accept(request: Request) -> Reply:
            self._check(http, fields)
            return self._submitted(self._sandbox.take_session(fields, request))

        return await answered(self._sandbox, http, cast("JsonValue", fields), accept)

    async def _template(self, http: web.Request) -> web.StreamResponse:
        fields, _ = await form_body(self._sandbox, http)

        def accept(request: Request) -> Reply:
            self._check(http, fields)
            return self._submitted(self._sandbox.take_template(fields, request))

        return await answered(self._sandbox, http, cast("JsonValue", fields), accept)

    async def _templates(self, http: web.Request) -> web.StreamResponse:
        def listed(_: Request) -> Reply:
            self._sandbox.authorise(http)
            self._check_app(http)
            templates = self._sandbox.settings.templates or ()
            found: list[JsonValue] = [
                _template_entry(one, place) for place, one in enumerate(templates)
            ]
            return Reply({"status": "success", "templates": found})

        return await answered(self._sandbox, http, None, listed)

    async def _read(self, http: web.Request) -> web.StreamResponse:
        def mark(_: Request) -> Reply:
            self._sandbox.authorise(http)
            self._check_app(http)
            contact = self._sandbox.authors.get(http.match_info["message"])
            if contact is not None:
                contact.mark_read(http.match_info["message"])
                self._sandbox.notice()
            return Reply({"status": "success"})

        return await answered(self._sandbox, http, None, mark)

    async def _download(self, http: web.Request) -> web.StreamResponse:
        def open_file(_: Request) -> Reply:
            file = self._sandbox.shelf.open(http.match_info["ticket"], self._sandbox.now())
            if file is None:
                raise GupshupRefusal(400, "The address has run out.", status=404)
            return file_reply(file)

        return await answered(self._sandbox, http, None, open_file)

    def _check(self, http: web.Request, fields: dict[str, str]) -> None:
        """Check who sends, and from what to what."""
        self._sandbox.authorise(http)
        settings = self._sandbox.settings
        if fields.get("channel") != "whatsapp":
            raise GupshupRefusal(400, "channel: the parameter must be whatsapp")
        if (fields.get("source"), fields.get("src.name")) != (settings.source, settings.app):
            raise GupshupRefusal(400, "Invalid App Details")
        destination = fields.get("destination", "")
        if not (destination.isdecimal() and 7 <= len(destination) <= 15):
            raise GupshupRefusal(400, "Invalid Destination")

    def _check_app(self, http: web.Request) -> None:
        settings = self._sandbox.settings
        if http.match_info["app"] not in (settings.app_id, settings.app):
            raise GupshupRefusal(400, "Invalid App Details")

    def _submitted(self, id_: str) -> Reply:
        return Reply(
            {"status": "submitted", "messageId": id_},
            status=202,
            content_type=self._sandbox.settings.answer_content_type,
        )


def authorise_by_key(http: web.Request, api_key: str) -> None:
    """Check the `apikey` header. Raises GupshupRefusal."""
    if http.headers.get("apikey") != api_key:
        raise GupshupRefusal(AUTHENTICATION, "")


def _template_entry(template: ApprovedTemplate, place: int) -> Object:
    buttons: list[JsonValue] = [{"type": "QUICK_REPLY", "text": one} for one in template.buttons]
    return {
        "id": template.id or template.name,
        "externalId": str(10**15 + place),
        "elementName": template.name,
        "languageCode": template.language,
        "category": template.category.upper(),
        "templateType": (template.header or "text").upper(),
        "status": "APPROVED",
        "data": template.body,
        "containerMeta": orjson.dumps({"data": template.body, "buttons": buttons}).decode(),
    }
