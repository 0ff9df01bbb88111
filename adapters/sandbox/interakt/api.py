"""The HTTP face that the business talks to: Interakt's paths, its key, its answers."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

from aiohttp import web
from pydantic import JsonValue, TypeAdapter

from adapters.sandbox.face import answered, file_reply, form_body, json_body
from adapters.sandbox.interakt.book import Customer, KnownTemplate, iso, meets, take_tracked
from adapters.sandbox.interakt.wire import Assigned, Campaign, Draft, Happened, Search, Tracked
from adapters.sandbox.ledger import Request
from adapters.sandbox.reply import Reply
from adapters.sandbox.wire import Object

if TYPE_CHECKING:
    from adapters.sandbox.interakt.sandbox import InteraktSandbox

PAGE = 100
"""Customers of a page where the request names no limit."""

TRACKED = TypeAdapter(Tracked)
HAPPENED = TypeAdapter(Happened)
CAMPAIGN = TypeAdapter(Campaign)
SEARCH = TypeAdapter(Search)
ASSIGNED = TypeAdapter(Assigned)
DRAFT = TypeAdapter(Draft)

Work = Callable[[JsonValue, Request, web.Request], Reply]


class Api:
    """The endpoints of one sandbox.

    Args:
        sandbox: Whose account it is.
        prefix: What stands before `/v1/public`, such as `/sandbox`.
    """

    def __init__(self, sandbox: "InteraktSandbox", prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints, with and without a slash at the end."""
        sandbox = self._sandbox
        posts: dict[str, Work] = {
            "message": lambda body, request, _: sandbox.take(body, request),
            "rcs/message": lambda body, request, _: sandbox.take_rcs(body, request),
            "track/users": self._track_user,
            "track/events": self._track_event,
            "create-campaign": self._create_campaign,
            "apis/users": self._search,
            "track/templates": self._create_template,
            "assignment": self._assign,
        }
        gets: dict[str, Work] = {
            "apis/users/phone_number/{phone}": self._by_phone,
            "apis/users/id/{user}": self._by_id,
            "track/organization/templates": self._list_templates,
        }
        root = f"{self._prefix}/v1/public/"
        found = [
            add(root + path + end, self._handler(work))
            for add, works in ((web.post, posts), (web.get, gets))
            for path, work in works.items()
            for end in ("", "/")
        ]
        found += [
            web.post(root + "track/files/upload_to_fb" + end, self._upload) for end in ("", "/")
        ]
        return [*found, web.get(self._prefix + "/_media/{ticket}", self._download)]

    def _handler(self, work: Work) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(http: web.Request) -> web.StreamResponse:
            body = await json_body(http) if http.method == "POST" else None

            def accept(request: Request) -> Reply:
                self._authorise(http)
                return work(body, request, http)

            return await answered(self._sandbox, http, body, accept)

        return handle

    def _authorise(self, http: web.Request) -> None:
        if http.headers.get("Authorization", "") != f"Basic {self._sandbox.settings.api_key}":
            raise self._sandbox.refused("key")
        if self._sandbox.is_too_fast():
            raise self._sandbox.refused("rate")

    # --- customers, events, chats

    def _track_user(self, body: JsonValue, _: Request, __: web.Request) -> Reply:
        tracked = self._sandbox.checked(TRACKED, body)
        customer = self._sandbox.customer_of(self._sandbox.contact_of(tracked))
        take_tracked(customer, tracked, self._sandbox.now())
        said = f"Customer with {customer.id} updated successfully"
        return Reply({"result": True, "message": said}, status=202)

    def _track_event(self, body: JsonValue, _: Request, __: web.Request) -> Reply:
        happened = self._sandbox.checked(HAPPENED, body)
        customer = self._sandbox.customer_of(self._sandbox.contact_of(happened))
        customer.events.append((happened.event, happened.traits))
        event: Object = {"result": True, "message": "Event created successfully"}
        return Reply(event | {"id": self._sandbox.ids.uuid()}, status=201)

    def _search(self, body: JsonValue, _: Request, http: web.Request) -> Reply:
        search = self._sandbox.checked(SEARCH, body or {})
        found = [one for one in self._sandbox.customers.values() if meets(one, search.filters)]
        offset, limit = self._number(http, "offset", 0), self._number(http, "limit", PAGE)
        page: Object = {
            "total_customers": len(found),
            "offset": offset,
            "limit": limit,
            "has_next_page": offset + limit < len(found),
        }
        return _customers(found[offset : offset + limit], page)

    def _by_phone(self, _: JsonValue, __: Request, http: web.Request) -> Reply:
        phone = http.match_info["phone"]
        book = self._sandbox.customers.values()
        return _customers([one for one in book if one.phone_number == phone], {})

    def _by_id(self, _: JsonValue, __: Request, http: web.Request) -> Reply:
        user, book = http.match_info["user"], self._sandbox.customers.values()
        return _customers([one for one in book if one.user_id == user], {})

    def _assign(self, body: JsonValue, _: Request, __: web.Request) -> Reply:
        assigned = self._sandbox.checked(ASSIGNED, body)
        customer = self._sandbox.customers.get(assigned.user_phone_number)
        if customer is None:
            raise self._sandbox.refused("body", " - user_phone_number: nobody has this number")
        customer.agent = assigned.agent_email
        return Reply({"result": True, "message": "Chat Assigned Successfully"})

    # --- campaigns, templates, files

    def _create_campaign(self, body: JsonValue, _: Request, __: web.Request) -> Reply:
        campaign = self._sandbox.checked(CAMPAIGN, body)
        made: Object = {
            "campaignId": self._sandbox.ids.uuid(),
            "name": campaign.campaign_name,
            "type": campaign.campaign_type,
        }
        self._sandbox.campaigns[str(made["campaignId"])] = made
        said = "Api Campaign created successfully"
        return Reply({"result": True, "message": said, "data": made}, status=201)

    def _create_template(self, body: JsonValue, _: Request, __: web.Request) -> Reply:
        sandbox = self._sandbox
        known = KnownTemplate(
            id=sandbox.ids.uuid(),
            draft=sandbox.checked(DRAFT, body),
            created_at=iso(sandbox.now()),
            organization_id=sandbox.settings.organization_id,
            wa_id=sandbox.ids.number(),
        )
        key = known.name, known.language
        if key in sandbox.templates:
            raise sandbox.refused("body", " - a template of this name and language exists")
        sandbox.templates[key] = known
        said = "Message Template resource created successfully"
        reply = Reply({"result": True, "message": said, "data": known.shown()})
        known.status = "APPROVED" if sandbox.settings.approves else known.status
        return reply

    def _list_templates(self, _: JsonValue, __: Request, http: web.Request) -> Reply:
        offset = self._number(http, "offset", 0)
        asked = {
            key: http.query.get(name, "")
            for key, name in (
                ("name", "template_name"),
                ("approval_status", "approval_status"),
                ("language", "language"),
                ("variable_present", "variable_present"),
            )
        }
        wanted = {key: value for key, value in asked.items() if value not in ("", "all", "Yes/No")}
        shown = [known.shown() for known in self._sandbox.listed]
        found = [one for one in shown if all(one[key] == value for key, value in wanted.items())]
        page = cast("list[JsonValue]", found[offset : offset + PAGE])
        body: Object = {"count": len(found), "has_next": offset + PAGE < len(found)}
        return Reply(body | {"results": {"templates": page}})

    async def _upload(self, http: web.Request) -> web.StreamResponse:
        form, file = await form_body(self._sandbox, http, file="uploadFile")
        about: JsonValue = {**form, "uploadFile": None if file is None else len(file.data)}

        def take(_: Request) -> Reply:
            self._authorise(http)
            if file is None or not file.data:
                raise self._sandbox.refused("body", " - uploadFile: a file is required")
            self._sandbox.shelf.add(file)
            stored: Object = {
                "file_url": self._sandbox.download_url(file.id),
                "file_handle": f"4::{self._sandbox.ids.digest().hex()}",
                "file_name": file.filename,
            }
            said = "Media file uploaded successfully"
            return Reply({"result": True, "message": said, "data": stored})

        return await answered(self._sandbox, http, about, take)

    async def _download(self, http: web.Request) -> web.StreamResponse:
        def open_file(_: Request) -> Reply:
            file = self._sandbox.shelf.open(http.match_info["ticket"], self._sandbox.now())
            if file is None:
                raise self._sandbox.refused("unknown")
            return file_reply(file)

        return await answered(self._sandbox, http, None, open_file)

    def _number(self, http: web.Request, key: str, default: int) -> int:
        given = http.query.get(key, "")
        if given and not given.isdecimal():
            raise self._sandbox.refused("body", f" - {key}: a number is needed")
        return int(given) if given else default


def _customers(found: list[Customer], page: Object) -> Reply:
    shown: list[JsonValue] = [customer.shown() for customer in found]
    data: Object = {**page, "customers": shown}
    return Reply({"result": True, "message": "Customers", "data": data})
