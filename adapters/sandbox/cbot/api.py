"""The HTTP face that the business talks to: the provider's paths, key and answers.

Source: CBOT, "Basics"; 360dialog, messaging API reference: webhook, media, templates, health status; On-Premises API
reference, contacts and media, read 2026-08.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from aiohttp import web
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from adapters.sandbox.cbot.refusals import META, ProviderRefusal
from adapters.sandbox.cloud.uploads import UPLOAD_BYTES
from adapters.sandbox.face import answered, file_reply, form_body, json_body
from adapters.sandbox.ledger import Request
from adapters.sandbox.media import StoredFile
from adapters.sandbox.reply import Reply
from adapters.sandbox.sandbox import Registered
from adapters.sandbox.wire import NonEmpty, Object, Url, Wire

if TYPE_CHECKING:
    from adapters.sandbox.cbot.sandbox import CbotSandbox

ATTACHMENTS = "/whatsapp_business/attachments/"
"""Where Meta keeps files; the provider serves the same path."""

META_HOST = "https://lookaside.example"
"""Stands for Meta's own host, which does not know the provider's key."""


class Webhook(Wire):
    """`POST /v1/configs/webhook`."""

    url: Url
    headers: dict[str, str] | None = None


class Contacts(Wire):
    """`POST /v1/contacts`."""

    contacts: tuple[NonEmpty, ...]
    blocking: str = "no_wait"
    force_check: bool = False


class Draft(BaseModel):
    """`POST /v1/configs/templates`; what else stands in it is Meta's to check."""

    name: NonEmpty
    language: NonEmpty
    category: Literal["AUTHENTICATION", "MARKETING", "UTILITY"]
    components: tuple[Object, ...]


class Api:
    """The provider's endpoints of one sandbox.

    Args:
        sandbox: Whose number it is.
        prefix: What stands before each path.
    """

    def __init__(self, sandbox: "CbotSandbox", prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix
        self._templates: list[Object] = []
        """Those that were handed in by a call."""
        self._checked: set[str] = set()
        """Numbers that were asked about."""

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints of the form that is spoken, and what both have."""
        both = self._prefix + "/v1/configs"
        shared = [
            web.post(both + "/webhook", self._set_webhook),
            web.get(both + "/webhook", self._get_webhook),
            web.post(both + "/templates", self._add_template),
            web.get(both + "/templates", self._list_templates),
        ]
        own = self._onpremise() if self._sandbox.is_onpremise else self._cloud()
        return [*shared, *own]

    def _onpremise(self) -> list[web.RouteDef]:
        v1 = self._prefix + "/v1"
        return [
            web.post(v1 + "/messages", self._message),
            web.put(v1 + "/messages/{message}", self._mark_read),
            web.post(v1 + "/contacts", self._check_contacts),
            web.post(v1 + "/media", self._upload_bytes),
            web.get(v1 + "/media/{media}", self._file),
        ]

    def _cloud(self) -> list[web.RouteDef]:
        return [
            web.post(self._prefix + "/messages", self._message),
            web.post(self._prefix + "/media", self._upload_form),
            web.get(self._prefix + "/health_status", self._health),
            web.get(self._prefix + ATTACHMENTS, self._download),
            web.get(self._prefix + r"/{media:\d+}", self._media),
        ]

    # --- messages

    async def _message(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def accept(request: Request) -> Object:
            if not isinstance(body, dict):
                raise self._sandbox.refusal(100, "The body is not a JSON object.")
            if self._sandbox.is_onpremise:
                self._know(str(body.get("to")))
            return self._sandbox.answer(body, request)

        return await self._answered(http, body, accept)

    def _know(self, to: str) -> None:
        """Refuse a number that nobody asked about and that never wrote. Raises CloudRefusal."""
        contact = self._sandbox.contact_at(to)
        known = contact.last_wrote_at is not None or contact.address in self._checked
        if self._sandbox.settings.asks_about_contacts and not known:
            raise self._sandbox.refusal(1006, "unknown contact")

    async def _mark_read(self, http: web.Request) -> web.StreamResponse:
        body, id_ = await json_body(http), http.match_info["message"]

        def mark(_: Request) -> Object:
            if body != {"status": "read"}:
                raise self._sandbox.refusal(1009, "status must be read")
            contact = self._sandbox.authors.get(id_)
            if contact is None:
                raise self._sandbox.refusal(1009, f"message {id_} is not one to mark")
            contact.mark_read(id_)
            self._sandbox.notice()
            return {"meta": META}

        return await self._answered(http, body, mark)

    async def _check_contacts(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def check(_: Request) -> Object:
            asked = Contacts.model_validate(body).contacts
            return {"contacts": [self._found(one) for one in asked], "meta": META}

        return await self._answered(http, body, check)

    def _found(self, asked: str) -> JsonValue:
        contact = self._sandbox.contact_at(re.sub(r"[^0-9A-Za-z.]", "", asked))
        if contact.refuses is not None and int(contact.refuses) == 1013:
            return {"input": asked, "status": "invalid"}
        self._checked.add(contact.address)
        return {"input": asked, "status": "valid", "wa_id": contact.address}

    # --- files

    async def _upload_form(self, http: web.Request) -> web.StreamResponse:
        form, file = await form_body(self._sandbox, http)
        about: JsonValue = {**form, "file": None if file is None else len(file.data)}

        def take(_: Request) -> Object:
            if form.get("messaging_product") != "whatsapp" or file is None:
                raise self._sandbox.refusal(100, "messaging_product and file are required.")
            return {"id": self._kept(file)}

        return await self._answered(http, about, take)

    async def _upload_bytes(self, http: web.Request) -> web.StreamResponse:
        data = await http.read()
        file = StoredFile(self._sandbox.ids.uuid(), data, http.content_type)

        def take(_: Request) -> Object:
            return {"media": [{"id": self._kept(file)}], "meta": META}

        return await self._answered(http, {"bytes": len(data)}, take)

    def _kept(self, file: StoredFile) -> str:
        most = UPLOAD_BYTES.get(file.mime_type.partition(";")[0].strip())
        if most is None or not 0 < len(file.data) <= most:
            raise self._sandbox.refusal(131009, f"a file of {file.mime_type} is not taken so")
        self._sandbox.shelf.add(file)
        return file.id

    async def _file(self, http: web.Request) -> web.StreamResponse:
        def find(_: Request) -> Reply:
            file = self._sandbox.shelf.files.get(http.match_info["media"])
            if file is None:
                raise self._sandbox.refusal(1006, "no such media", status=404)
            return file_reply(file)

        return await self._answered(http, None, find)

    async def _media(self, http: web.Request) -> web.StreamResponse:
        def find(_: Request) -> Object:
            file = self._sandbox.shelf.files.get(http.match_info["media"])
            if file is None:
                raise self._sandbox.refusal(100, "Object does not exist.", status=404)
            ticket = self._sandbox.ids.number()
            self._sandbox.shelf.issue(file.id, ticket, self._sandbox.now())
            return {
                "messaging_product": "whatsapp",
                "url": f"{META_HOST}{self._prefix}{ATTACHMENTS}?mid={ticket}",
                "mime_type": file.mime_type,
                "sha256": file.hex_digest,
                "file_size": len(file.data),
                "id": file.id,
            }

        return await self._answered(http, None, find)

    async def _download(self, http: web.Request) -> web.StreamResponse:
        def find(_: Request) -> Reply:
            file = self._sandbox.shelf.open(http.query.get("mid", ""), self._sandbox.now())
            if file is None:
                raise self._sandbox.refusal(100, "The address has run out.", status=404)
            return file_reply(file)

        return await self._answered(http, None, find)

    # --- the account

    async def _set_webhook(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def register(_: Request) -> Object:
            wanted = Webhook.model_validate(body)
            self._sandbox.registered = Registered(wanted.url, wanted.headers or {})
            return wanted.model_dump(exclude_none=True)

        return await self._answered(http, body, register)

    async def _get_webhook(self, http: web.Request) -> web.StreamResponse:
        def show(_: Request) -> Object:
            set_ = self._sandbox.registered
            if set_ is None:
                return {"url": self._sandbox.settings.webhook_url or ""}
            return {"url": set_.url, "headers": dict(set_.headers)}

        return await self._answered(http, None, show)

    async def _add_template(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def add(_: Request) -> Object:
            Draft.model_validate(body)
            assert isinstance(body, dict)
            made: Object = {
                **body,
                "status": "submitted",
                "id": self._sandbox.ids.number(),
                "namespace": self._sandbox.settings.namespace,
            }
            self._templates.append(made)
            return made

        return await self._answered(http, body, add)

    async def _list_templates(self, http: web.Request) -> web.StreamResponse:
        def show(_: Request) -> Object:
            known = [*self._approved(), *self._templates]
            offset, limit = _number(http, "offset", 0), _number(http, "limit", 1000)
            page: list[JsonValue] = list(known[offset : offset + limit])
            return {
                "waba_templates": page,
                "count": len(page),
                "total": len(known),
                "offset": offset,
                "limit": limit,
            }

        return await self._answered(http, None, show)

    def _approved(self) -> list[Object]:
        return [
            {
                "name": one.name,
                "language": one.language,
                "category": one.category.upper(),
                "status": "approved",
                "namespace": self._sandbox.settings.namespace,
                "components": one.components,
                "rejected_reason": "NONE",
            }
            for one in self._sandbox.settings.templates or ()
        ]

    async def _health(self, http: web.Request) -> web.StreamResponse:
        def show(_: Request) -> Object:
            number = self._sandbox.settings.phone_number_id
            state: Object = {
                "entity_type": "PHONE_NUMBER",
                "id": number,
                "can_send_message": "AVAILABLE",
            }
            health: Object = {"can_send_message": "AVAILABLE", "entities": [state]}
            return {"health_status": health, "id": number}

        return await self._answered(http, None, show)

    # --- how

    async def _answered(
        self, http: web.Request, body: JsonValue, work: Callable[[Request], Object | Reply]
    ) -> web.StreamResponse:
        """Answer as the provider does: its key first, whose refusal names another code than its status."""

        def done(request: Request) -> Reply:
            settings = self._sandbox.settings
            if http.headers.get(settings.api_key_header) != settings.api_key:
                raise ProviderRefusal(404, "Invalid api key", status=401)
            try:
                made = work(request)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                where = ".".join(map(str, first["loc"]))
                raise ProviderRefusal(400, f"{where}: {first['msg']}") from error
            return made if isinstance(made, Reply) else Reply(made)

        return await answered(self._sandbox, http, body, done)


_NUMBER: TypeAdapter[int] = TypeAdapter(int)


def _number(http: web.Request, key: str, otherwise: int) -> int:
    return _NUMBER.validate_python(http.query.get(key, otherwise))
