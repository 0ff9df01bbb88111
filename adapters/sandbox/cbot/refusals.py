"""How the provider says no: in words of its own, and with the On-Premises API's codes.

Source: 360dialog, API errors; Twilio's table of WhatsApp codes for the On-Premises ones, whose own page is gone;
read 2026-08.
"""

from dataclasses import dataclass

from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.reply import Refusal, Reply
from adapters.sandbox.wire import Object

META: Object = {"version": "2.55.1", "api_status": "stable"}
"""Stands in every On-Premises answer."""

CODES: dict[int, tuple[int, str]] = {
    400: (400, "Media failed to download"),
    402: (400, "Payment issue"),
    429: (429, "Rate limit hit"),
    470: (400, "Message failed to send because more than 24 hours have passed"),
    471: (400, "Spam rate limit hit"),
    472: (400, "User is part of an experiment"),
    1000: (500, "Generic error"),
    1001: (400, "Message is too long"),
    1005: (403, "Access denied"),
    1006: (404, "Resource not found"),
    1008: (400, "Required parameter is missing"),
    1009: (400, "Parameter value is not valid"),
    1010: (400, "Parameter is not required"),
    1011: (503, "Service not ready"),
    1013: (400, "User is not valid"),
    1014: (500, "Internal error"),
    1015: (429, "Too many requests"),
    1026: (400, "Receiver is incapable of receiving this message"),
    2000: (400, "Template param count mismatch"),
    2001: (404, "Template missing"),
}
"""Code -> HTTP status and title."""

OF_CLOUD = {
    100: 1008,
    130429: 1015,
    131008: 1008,
    131009: 1009,
    131026: 1013,
    131047: 470,
    131048: 471,
    131056: 1015,
    132000: 2000,
    132001: 2001,
}
"""The On-Premises code that says what a code of Cloud's says."""


@dataclass
class OnPremiseRefusal(CloudRefusal):
    """A request that the On-Premises API would not take."""

    with_200: bool = False

    @property
    def title(self) -> str:
        """The code's short name."""
        return CODES.get(self.code, (400, "Generic error"))[1]

    @property
    def http_status(self) -> int:
        """The status line of the answer."""
        return 200 if self.with_200 else self.status or CODES.get(self.code, (400, ""))[0]

    def reply(self, number: int) -> Reply:
        """Return the JSON answer."""
        error: Object = {"code": self.code, "title": self.title, "details": self.details}
        return Reply({"errors": [error], "meta": META}, status=self.http_status)


@dataclass
class ProviderRefusal(Refusal):
    """A request that the provider itself would not pass on."""

    code: int

    def reply(self, number: int) -> Reply:
        """Return the JSON answer; the code in it is not always the status."""
        meta: Object = {
            "success": False,
            "httpCode": self.code,
            "developerMessage": self.details,
        }
        return Reply({"meta": meta}, status=self.status or self.code)


def onpremise_code(code: int) -> int:
    """Return a code as the On-Premises API has it; its own ones are as they are."""
    return code if code in CODES else OF_CLOUD.get(code, 1000)
