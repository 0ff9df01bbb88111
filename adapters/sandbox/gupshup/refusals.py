"""What Gupshup answers to a request it does not take, and the codes of its `failed` events.

Source: https://docs.gupshup.io/reference/msg and https://docs.gupshup.io/docs/error-and-status-messages, read 2026-08.
"""

from dataclasses import dataclass

from adapters.sandbox.reply import Refusal, Reply
from adapters.sandbox.wire import Object

AUTHENTICATION = 401
TOO_MANY = 429

MESSAGES: dict[int, str] = {
    AUTHENTICATION: "Authentication Failed",
    TOO_MANY: "Too Many Requests",
    500: "Internal Server Error",
}
"""The words of an HTTP status."""

REASONS: dict[int, str] = {
    470: "Message failed to send because more than 24 hours have passed since the last reply of the contact",
    1002: "Number does not exist on WhatsApp",
    1003: "Unable to send message: wallet balance is low",
    1008: "User is not opted in and inactive",
    1012: "Number has opted out",
    4003: "No template matches",
    131026: "Message undeliverable",
    132000: "Number of parameters does not match the expected number of params",
}
"""The `reason` of a `failed` event; clients match the code, as the words vary."""


@dataclass
class GupshupRefusal(Refusal):
    """A request that Gupshup would not take, or a message it tells to have failed.

    `code` is the HTTP status of an answer, or the code of a `failed` event: Gupshup's own or Meta's.
    """

    code: int

    @property
    def reason(self) -> str:
        """The words of a `failed` event."""
        return REASONS.get(self.code, self.details)

    @property
    def is_told_at_once(self) -> bool:
        """Whether the failure is Gupshup's own: its event comes before WhatsApp ever gave an id."""
        return 1000 <= self.code < 5000

    def reply(self, number: int) -> Reply:
        """Return the JSON answer."""
        del number
        if self.code in MESSAGES:
            words = MESSAGES[self.code]
            return Reply({"message": words, "status": "error"}, status=self.status or self.code)
        if self.code == 400:
            return Reply({"status": "error", "message": self.details}, status=self.status or 400)
        body: Object = {"status": "error", "code": self.code, "message": self.reason}
        return Reply(body, status=self.status or 400)
