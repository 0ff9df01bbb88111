"""The HTTP face that the business talks to: Sobot's paths, keys and answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import JsonValue, ValidationError

from adapters.sandbox.face import answered, file_reply, json_body
from adapters.sandbox.ledger import Request
from adapters.sandbox.reply import Reply
from adapters.sandbox.sobot.books import Customer, Draft, Profile, page
from adapters.sandbox.sobot.refusals import EXISTS, NUMBER, SobotRefusal, refused
from adapters.sandbox.wire import Object

if TYPE_CHECKING:
    from adapters.sandbox.sobot.sandbox import SobotSandbox

STATUSES = ("0", "1", "2")
"""Pending, approved, rejected."""


class Api:
    """The provider's endpoints of one sandbox.

    Args:
        sandbox: Whose number it is.
        prefix: What stands before each path.
    """

    def __init__(self, sandbox: "SobotSandbox", prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix
        self.customers: dict[str, Object] = {}
        """By number, those that were added or updated by a call."""
        self.templates: dict[str, Object] = {}
        """By name, those that were handed in by a call."""

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints: messages, customers, templates; and the contacts' files."""
        book, templates = self._prefix + "/api/customer", self._prefix + "/api/template/"
        return [
            web.post(self._prefix + "/message/", self._message),
            web.post(book, self._add_customer),
            web.get(book, self._list_customers),
            web.put(book + "/{mobile}", self._update_customer),
            web.post(templates, self._add_template),
            web.get(templates, self._list_templates),
            web.get(self._prefix + "/_media/{ticket}", self._download),
            web.post(self._prefix + "/_sandbox/keys", self._new_keys),
        ]

    async def _message(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)
        return await self._answered(http, body, lambda request: self._sandbox.answer(body, request))

    # --- customers

    async def _add_customer(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def add(_: Request) -> Object:
            mobile = Customer.model_validate(body).mobile
            if mobile in self._known():
                raise self._sandbox.refusal(400, EXISTS)
            assert isinstance(body, dict)
            self.customers[mobile] = body
            return {"message": "Customer added successfully", "code": 201}

        return await self._answered(http, body, add)

    async def _update_customer(self, http: web.Request) -> web.StreamResponse:
        body, mobile = await json_body(http), http.match_info["mobile"]

        def update(_: Request) -> Object:
            Profile.model_validate(body)
            known = self._known()
            if mobile not in known:
                raise self._sandbox.refusal(400, NUMBER)
            assert isinstance(body, dict)
            self.customers[mobile] = known[mobile] | body
            return {"message": "Customer updated successfully", "code": 201}

        return await self._answered(http, body, update)

    async def _list_customers(self, http: web.Request) -> web.StreamResponse:
        def show(_: Request) -> Object:
            shown = [_customer(number, one) for number, one in enumerate(self._known().values(), 1)]
            return page(shown, _page_asked(http), str(http.url.with_query(None)))

        return await self._answered(http, None, show)

    def _known(self) -> dict[str, Object]:
        """Return all customers: who ever wrote is one without any call."""
        wrote: dict[str, Object] = {
            contact.address: {"mobile": contact.address, "name": contact.name}
            for contact in self._sandbox.contacts.values()
            if contact.last_wrote_at is not None
        }
        return wrote | self.customers

    # --- templates

    async def _add_template(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def add(_: Request) -> Object:
            draft = Draft.model_validate(body)
            name = draft.entity_name.replace(" ", "_")
            if name in self._all_templates():
                raise self._sandbox.refusal(400, "Template already exists")
            kept: Object = draft.model_dump(mode="json") | {"entity_name": name}
            self.templates[name] = _stored(kept, len(self.templates) + 1, status=0)
            return {"message": "Template created successfully", "code": 201}

        return await self._answered(http, body, add)

    async def _list_templates(self, http: web.Request) -> web.StreamResponse:
        def show(_: Request) -> Object:
            status = http.query.get("status")
            if status not in (None, *STATUSES):
                raise self._sandbox.refusal(400, "status must be 0, 1 or 2")
            shown = [
                one
                for one in self._all_templates().values()
                if status in (None, str(one["status"]))
            ]
            query = None if status is None else {"status": status}
            return page(shown, _page_asked(http), str(http.url.with_query(query)))

        return await self._answered(http, None, show)

    def _all_templates(self) -> dict[str, Object]:
        approved = {
            one.name: _stored(
                {
                    "entity_name": one.name,
                    "lang_code": one.language,
                    "body": one.body,
                    "category": one.category.upper(),
                    "template_type": "MEDIA" if one.header else "TEXT",
                    "header_type": one.header and one.header.upper(),
                    "buttons": [*one.buttons] or None,
                },
                10_000 + number,
                status=1,
            )
            for number, one in enumerate(self._sandbox.settings.templates or ())
        }
        return approved | self.templates

    # --- the rest

    async def _download(self, http: web.Request) -> web.StreamResponse:
        def open_(_: Request) -> Reply:
            file = self._sandbox.shelf.open(http.match_info["ticket"], self._sandbox.now())
            if file is None:
                raise SobotRefusal(403, "The address has expired.")
            return file_reply(file)

        return await answered(self._sandbox, http, None, open_)

    async def _new_keys(self, http: web.Request) -> web.StreamResponse:
        key, secret = self._sandbox.new_keys()
        return web.json_response({"api_key": key, "api_secret": secret})

    async def _answered(
        self, http: web.Request, body: JsonValue, work: Callable[[Request], Object]
    ) -> web.StreamResponse:
        """Answer as Sobot does: keys first, then the body; successes are HTTP 200 with a code of their own."""

        def done(request: Request) -> Reply:
            settings = self._sandbox.settings
            given = http.headers.get("x-api-key"), http.headers.get("x-api-secret")
            if given != (settings.api_key, settings.api_secret):
                raise self._sandbox.refusal(401, "Unauthorized")
            try:
                return Reply(work(request))
            except ValidationError as error:
                raise self._refused(error) from error
            except SobotRefusal as refusal:
                if settings.errors_with_200:
                    refusal.status = 200
                raise

        return await answered(self._sandbox, http, body, done)

    def _refused(self, error: ValidationError) -> SobotRefusal:
        refusal = refused(error)
        return self._sandbox.refusal(refusal.code, refusal.details)


def _page_asked(http: web.Request) -> int:
    asked = http.query.get("page", "1")
    return int(asked) if asked.isdecimal() and int(asked) else 1


def _customer(number: int, customer: Object) -> Object:
    name = str(customer["name"])
    first, _, last = name.partition(" ")
    mobile = customer.get("mobile")
    return {"id": number, "name": name, "first_name": first, "last_name": last, "mobile": mobile}


def _stored(template: Object, number: int, *, status: int) -> Object:
    """Return a template as lists show it."""
    absent: Object = dict.fromkeys(_MAY_BE_NULL)
    shown = {key: value for key, value in template.items() if key in absent or key in _SHOWN}
    return (
        absent
        | shown
        | {
            "id": number,
            "template": template["body"],
            "template_id": str(9 * 10**14 + number),
            "status": status,
        }
    )


_SHOWN = frozenset({"entity_name", "category", "template_type", "lang_code"})

_MAY_BE_NULL = (
    "phone_numbers",
    "header",
    "header_type",
    "sub_type",
    "buttons",
    "footer",
    "url",
    "example",
    "example_website",
    "url_name",
    "updated_at",
    "rejected_reason",
)
