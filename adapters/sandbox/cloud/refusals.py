"""Meta's error table as far as the sandbox needs it, and the body that carries one.

Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-08.
The page prints 400 for 130429; the Graph API's throttling answers arrive as 429, which is what a client must survive.
"""

from dataclasses import dataclass

from adapters.sandbox.reply import Refusal, Reply
from adapters.sandbox.wire import Object

HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"

CODES: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    2200: (400, "Callback verification failed"),
    80007: (400, "Rate limit issues"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131031: (403, "Account has been locked"),
    131037: (400, "Display name approval is needed"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "Pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user id is not supported for this message"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132068: (400, "Flow is blocked"),
    132069: (400, "Flow is throttled"),
    133004: (503, "Server temporarily unavailable"),
    133010: (400, "Phone number not registered"),
    135000: (400, "Generic user error"),
}
"""Code -> HTTP status and title."""


@dataclass
class CloudRefusal(Refusal):
    """A request that Meta would not take."""

    code: int
    subcode: int | None = None

    @property
    def title(self) -> str:
        """Meta's short name of the code."""
        return CODES.get(self.code, (400, "Generic user error"))[1]

    @property
    def http_status(self) -> int:
        """The status line of the answer."""
        return self.status or CODES.get(self.code, (400, ""))[0]

    def reply(self, number: int) -> Reply:
        """Return the JSON answer."""
        error: Object = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return Reply({"error": error | {"fbtrace_id": f"A{number:021d}"}}, status=self.http_status)


def status_error(error: Refusal) -> Object:
    """Return the entry of a `failed` status, where the refusal comes after the answer."""
    code = int(error.code)
    title = CODES.get(code, (400, "Generic user error"))[1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": error.details},
        "href": HREF,
    }
