"""What Sobot said to a call -> its body, or the error it means. Pure.

The `code` in the body decides, whatever the HTTP status. The page of errors that Sobot published is its tool's
untouched sample, so beyond the texts that the calls themselves show, words are read as WhatsApp's own.
Source: Sobot API documentation, read 2026-08.
"""

from adapters.http import Answer
from adapters.whatsapp.answers import by_status
from adapters.whatsapp.errors import error_of, find_code
from adapters.wire import Wire, int_of, text_of
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    LineRejected,
    SendError,
    WindowClosed,
)

KEYS = "api_key, api_secret and base_url"

META_CODES_FROM = 1000
"""Codes below are HTTP's."""

WINDOW_WORDS = ("24 hour", "24hour", "re-engagement", "reengagement", "session expired")
"""In texts about a closed window; WhatsApp's own words, as Sobot documents none."""


class CustomerExists(ContentRejected):
    """The number is in the address book already."""


def read_answer(answer: Answer) -> Wire | SendError:
    """Return the body of a call that succeeded, or what its failure means."""
    body = answer.json_object()
    said = "" if body is None else text_of(body, "message") or ""
    code = None if body is None else int_of(body, "code")
    if not 200 <= answer.status < 300:
        return _read_error(answer, code, said)
    if code is not None and not 200 <= code < 300:
        status = code if 100 <= code < 600 else 400  # HTTP's, or one of WhatsApp's own
        return _read_error(answer._replace(status=status), code, said)
    if body is None:
        return AnswerLost("Sobot took the call, but its answer cannot be read")
    return body


def _read_error(answer: Answer, code: int | None, said: str) -> SendError:
    lowered = said.lower()
    shown = None if code is None else str(code)
    if answer.status in {401, 403}:
        told = f": {said}" if said else ""
        return LineRejected(
            f"Sobot refuses the keys{told}; a pair dies when an admin generates a new one: "
            "put the latest into api_key and api_secret",
            provider_code=shown,
        )
    if "already exist" in lowered:
        return CustomerExists(said, provider_code=shown)
    if "invalid mobile number" in lowered:
        return AddressRejected(
            "Sobot knows no such number; it wants the country code", provider_code=shown
        )
    if any(word in lowered for word in WINDOW_WORDS):
        return WindowClosed(said, provider_code=shown)
    known = find_code(code) if code is not None and code >= META_CODES_FROM else None
    if known is not None:
        message = f"{known.meaning} ({code}): {said}"
        return error_of(known.action, message, code=shown, retry_after=answer.retry_after)
    return by_status(answer, code=shown, said=said, check=KEYS)
