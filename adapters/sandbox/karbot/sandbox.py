"""One line at a pretended Karbot: Gupshup behind a login."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import orjson
from aiohttp import web
from pydantic import JsonValue

from adapters.sandbox.courier import Post
from adapters.sandbox.gupshup.refusals import AUTHENTICATION, GupshupRefusal
from adapters.sandbox.gupshup.sandbox import GupshupSandbox
from adapters.sandbox.karbot.api import OwnApi, TemplateSend
from adapters.sandbox.karbot.settings import KarbotSettings
from adapters.sandbox.ledger import Request


class KarbotSandbox(GupshupSandbox):
    """One line at a pretended Karbot. See the package's docstring for what of it is known."""

    settings: KarbotSettings
    settings_type = KarbotSettings

    def __init__(
        self,
        settings: KarbotSettings | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        post: Post | None = None,
    ) -> None:
        super().__init__(settings, now=now, monotonic=monotonic, post=post)
        self.tokens: dict[str, datetime] = {}
        """The tokens given out and when each ends."""

    def provider_routes(self, prefix: str) -> list[web.RouteDef]:
        """Return Karbot's own endpoints and Gupshup's behind them."""
        return [*OwnApi(self, prefix).routes(), *super().provider_routes(prefix)]

    def line(self, address: str) -> Mapping[str, str]:
        """Return the keys of a line."""
        return {
            "provider": "karbot",
            "email": self.settings.email,
            "password": self.settings.password,
            "app": self.settings.app,
            "source": self.settings.source,
            "base_url": address,
        }

    def named_in(self, body: JsonValue) -> tuple[str | None, str | None]:
        """Return whom a template message or a form is for, and the `msgid` of a form."""
        match body:
            case {"countryCode": str(code), "to": str(to), "templateId": str(id_)}:
                return TemplateSend(countryCode=code, to=to, templateId=id_).destination, None
            case _:
                return super().named_in(body)

    def issue_token(self) -> str:
        """Return a fresh token for someone who logged in."""
        token = self.ids.digest().hex()
        self.tokens[token] = self.now() + timedelta(minutes=self.settings.token_minutes)
        return token

    def authorise(self, http: web.Request) -> None:
        """Check the Bearer token. Raises GupshupRefusal."""
        token = http.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, self.now()) <= self.now():
            raise GupshupRefusal(AUTHENTICATION, "")

    def take_template_send(self, send: TemplateSend, request: Request) -> str:
        """Take a template message and return its id. Raises GupshupRefusal."""
        template = {"id": send.templateId, "params": send.variables}
        fields = {"destination": send.destination, "template": orjson.dumps(template).decode()}
        return self.take_template(fields, request)
