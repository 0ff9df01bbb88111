"""The HTTP face that the business talks to: Meta's paths, auth and answers."""

from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.cloud.uploads import UPLOAD_BYTES
from adapters.sandbox.face import answered, file_reply, form_body, json_body
from adapters.sandbox.ledger import Request
from adapters.sandbox.media import StoredFile
from adapters.sandbox.reply import Reply
from adapters.sandbox.sandbox import Registered
from adapters.sandbox.wire import Object

if TYPE_CHECKING:
    from adapters.sandbox.cloud.sandbox import CloudSandbox


class Graph:
    """The provider's endpoints of one sandbox.

    Args:
        sandbox: Whose number it is.
        prefix: What stands before the version in the path, such as `/sandbox`.
    """

    def __init__(self, sandbox: "CloudSandbox", prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints: messages, media up and down, the number, the account's templates and webhook."""
        version = self._prefix + r"/{version:v\d+\.\d+}"
        return [
            web.post(version + "/{number}/messages", self._messages),
            web.post(version + "/{number}/media", self._upload),
            web.get(version + "/{account}/message_templates", self._templates),
            web.post(version + "/{account}/message_templates", self._hand_in),
            web.post(version + "/{account}/subscribed_apps", self._subscribe),
            web.get(version + r"/{id:\d+}", self._object),
            web.delete(version + r"/{id:\d+}", self._forget),
            web.get(self._prefix + "/_media/{ticket}", self._download),
        ]

    async def _messages(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def accept(request: Request) -> Reply:
            self._authorise(http)
            self._check_number(http)
            if not isinstance(body, dict):
                raise CloudRefusal(100, "The body is not a JSON object.")
            return Reply(self._sandbox.answer(body, request))

        return await answered(self._sandbox, http, body, accept)

    async def _templates(self, http: web.Request) -> web.StreamResponse:
        def tell(_: Request) -> Reply:
            self._authorise(http)
            self._check_account(http)
            asked = {key: http.query.get(key) for key in ("name", "limit", "after")}
            return Reply(self._sandbox.account.templates(**asked))

        return await answered(self._sandbox, http, None, tell)

    async def _hand_in(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def take(_: Request) -> Reply:
            self._authorise(http)
            self._check_account(http)
            if not isinstance(body, dict):
                raise CloudRefusal(100, "The body is not a JSON object.")
            return Reply(self._sandbox.account.hand_in(body, self._sandbox.ids.number()))

        return await answered(self._sandbox, http, body, take)

    async def _subscribe(self, http: web.Request) -> web.StreamResponse:
        """Take the account's own webhook address, once the business has answered the check of it."""
        body = await json_body(http)
        url, word = (
            (body.get("override_callback_uri"), body.get("verify_token"))
            if isinstance(body, dict)
            else (None, None)
        )
        checked = (
            isinstance(url, str)
            and isinstance(word, str)
            and await self._sandbox.verify_webhook(url, verify_token=word)
        )

        def take(_: Request) -> Reply:
            self._authorise(http)
            self._check_account(http)
            if isinstance(url, str):
                if not checked:
                    raise CloudRefusal(2200, "Callback verification failed.", 400)
                self._sandbox.registered = Registered(url)
            return Reply({"success": True})

        return await answered(self._sandbox, http, body, take)

    async def _upload(self, http: web.Request) -> web.StreamResponse:
        form, file = await form_body(self._sandbox, http)
        about: JsonValue = {**form, "file": None if file is None else len(file.data)}

        def take(_: Request) -> Reply:
            self._authorise(http)
            self._check_number(http)
            return Reply(self._keep(form, file))

        return await answered(self._sandbox, http, about, take)

    def _keep(self, form: dict[str, str], file: StoredFile | None) -> Object:
        if form.get("messaging_product") != "whatsapp":
            raise CloudRefusal(100, "The parameter messaging_product is required.")
        if file is None:
            raise CloudRefusal(100, "The parameter file is required.")
        most = UPLOAD_BYTES.get(file.mime_type.partition(";")[0].strip())
        if most is None:
            kinds = ", ".join(sorted(UPLOAD_BYTES))
            raise CloudRefusal(
                100, f"Param file must be a file with one of the following types: {kinds}."
            )
        if not 0 < len(file.data) <= most:
            raise CloudRefusal(131053, f"The file is empty or larger than {most} bytes.")
        self._sandbox.shelf.add(file)
        return {"id": file.id}

    async def _object(self, http: web.Request) -> web.StreamResponse:
        """Answer what stands behind an id: the number itself, or a file."""

        def look_up(_: Request) -> Reply:
            self._authorise(http)
            if http.match_info["id"] == self._sandbox.settings.phone_number_id:
                return Reply(self._sandbox.account.number())
            file = self._sandbox.shelf.files.get(http.match_info["id"])
            if file is None:
                raise _unknown_object(http.match_info["id"])
            ticket = self._sandbox.ids.number()
            self._sandbox.shelf.issue(file.id, ticket, self._sandbox.now())
            return Reply(
                {
                    "messaging_product": "whatsapp",
                    "url": f"{http.url.origin()}{self._prefix}/_media/{ticket}",
                    "mime_type": file.mime_type,
                    "sha256": file.hex_digest,
                    "file_size": len(file.data),
                    "id": file.id,
                }
            )

        return await answered(self._sandbox, http, None, look_up)

    async def _forget(self, http: web.Request) -> web.StreamResponse:
        def forget(_: Request) -> Reply:
            self._authorise(http)
            if not self._sandbox.shelf.remove(http.match_info["id"]):
                raise _unknown_object(http.match_info["id"])
            return Reply({"success": True})

        return await answered(self._sandbox, http, None, forget)

    async def _download(self, http: web.Request) -> web.StreamResponse:
        def open_file(_: Request) -> Reply:
            self._authorise(http)
            file = self._sandbox.shelf.open(http.match_info["ticket"], self._sandbox.now())
            if file is None:
                raise CloudRefusal(100, "The address has run out.", status=404)
            return file_reply(file)

        return await answered(self._sandbox, http, None, open_file)

    def _authorise(self, http: web.Request) -> None:
        given = http.headers.get("Authorization", "")
        if given != f"Bearer {self._sandbox.settings.token}":
            raise CloudRefusal(190, "Invalid OAuth access token - Cannot parse access token")

    def _check_number(self, http: web.Request) -> None:
        if http.match_info["number"] != self._sandbox.settings.phone_number_id:
            raise _unknown_object(http.match_info["number"])

    def _check_account(self, http: web.Request) -> None:
        if http.match_info["account"] != self._sandbox.settings.account_id:
            raise _unknown_object(http.match_info["account"])


def _unknown_object(id_: str) -> CloudRefusal:
    return CloudRefusal(
        100,
        f"Unsupported request. Object with ID '{id_}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation",
        subcode=33,
    )
