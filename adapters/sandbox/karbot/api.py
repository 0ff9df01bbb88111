"""The calls that Karbot has of its own: the login and the template message.

No page of the vendor prints them; they are as public clients make them, and their answers and errors follow Gupshup's.
"""

from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from adapters.sandbox.face import answered, json_body
from adapters.sandbox.gupshup.refusals import AUTHENTICATION, GupshupRefusal
from adapters.sandbox.ledger import Request
from adapters.sandbox.reply import Reply
from adapters.sandbox.wire import NonEmpty, Object, Wire

if TYPE_CHECKING:
    from adapters.sandbox.karbot.sandbox import KarbotSandbox


class TemplateSend(Wire):
    """The body of a template message."""

    countryCode: NonEmpty
    to: NonEmpty
    templateId: NonEmpty
    variables: tuple[str, ...] = ()

    @property
    def destination(self) -> str:
        """The whole phone; some write the country code twice."""
        code, to = (one.lstrip("+") for one in (self.countryCode, self.to))
        return to if to.startswith(code) and len(to) > 10 else code + to


TEMPLATE_SEND: TypeAdapter[TemplateSend] = TypeAdapter(TemplateSend)


class OwnApi:
    """Karbot's own endpoints of one sandbox.

    Args:
        sandbox: Whose line it is.
        prefix: Stands before each path, such as `/sandbox`.
    """

    def __init__(self, sandbox: "KarbotSandbox", prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        return [
            web.post(self._prefix + "/v1/users/auth/", self._login),
            web.post(self._prefix + "/v1/messages/send-template", self._template),
        ]

    async def _login(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def enter(_: Request) -> Reply:
            settings = self._sandbox.settings
            if body != {"email": settings.email, "password": settings.password}:
                raise GupshupRefusal(AUTHENTICATION, "")
            token = self._sandbox.issue_token()
            answer: Object = {settings.login_answer: token}
            if settings.login_answer == "session":
                answer = {"session": {"access_token": token}}
            return Reply(answer)

        # The ledger shows no password, not even a pretended one.
        return await answered(self._sandbox, http, None, enter)

    async def _template(self, http: web.Request) -> web.StreamResponse:
        body = await json_body(http)

        def accept(request: Request) -> Reply:
            self._sandbox.authorise(http)
            try:
                send = TEMPLATE_SEND.validate_python(body, strict=False)
            except ValidationError as invalid:
                first = invalid.errors(include_url=False, include_input=False)[0]
                at = ".".join(str(step) for step in first["loc"])
                raise GupshupRefusal(400, f"{at or 'body'}: {first['msg']}") from None
            id_ = self._sandbox.take_template_send(send, request)
            return Reply({"status": "submitted", "messageId": id_})

        return await answered(self._sandbox, http, body, accept)
