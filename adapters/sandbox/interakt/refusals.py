"""What Interakt answers to what it does not take: words, no codes. Source: Interakt Public APIs, read 2026-08."""

from dataclasses import dataclass

from adapters.sandbox.reply import Refusal, Reply

RETRY_AFTER_S = 20
"""The wait that the documented 429 names."""

REASONS: dict[str, tuple[int, str]] = {
    "window": (
        0,
        "Please correct the following error - Customer has not messaged within last 24 hours",
    ),
    "category": (0, "Message not sent. Template category mismatch"),
    "rate": (429, "Rate limit exceeded for this resource"),
    "body": (400, "Please correct the following error"),
    "key": (401, "Invalid API key"),
    "unknown": (404, "Not found"),
    "trouble": (500, "Something went wrong"),
}
"""Name -> HTTP status and words. 0 is what `refusal_status` says; the bodies of the last four are not documented."""

FAILURES: dict[str, str] = {
    "1013": "Recipient is not a valid WhatsApp user",
    "131026": "Message undeliverable",
    "131047": "Re-engagement message",
    "TTL_EXPIRATION_REVOKED": "Not delivered in time",
}
"""What a `failed` webhook may tell, by its code."""

STATUSES = {401: "key", 404: "unknown", 429: "rate", 500: "trouble"}
"""The refusal that an HTTP status asked for by a test stands for."""


@dataclass
class InteraktRefusal(Refusal):
    """A request that Interakt would not take."""

    code: str

    def reply(self, number: int) -> Reply:
        """Return the answer: `result` and words."""
        del number
        headers = {"Retry-After": str(RETRY_AFTER_S)} if self.code == "rate" else {}
        status = self.status or REASONS[self.code][0] or 400
        return Reply({"result": False, "message": self.details}, status=status, headers=headers)


def refusal_of(reason: str, details: str = "", *, status: int = 0) -> InteraktRefusal:
    """Return a refusal in its documented words, with what more there is to say behind them."""
    words = REASONS[reason][1]
    return InteraktRefusal(reason, f"{words}{details}", status)
