"""Gupshup's error codes and answers: what each means and what to do about it. Codes decide where there are any.

Source: Gupshup, error and status messages, read 2026-08. Codes that it does not know itself are Meta's.
"""

from adapters.http import Answer
from adapters.whatsapp.answers import by_status
from adapters.whatsapp.errors import ErrorCode, error_of, find_code
from adapters.whatsapp.errors import closes_window as is_for_window
from adapters.wire import Wire, int_of, objects_of, text_of
from engine.core.errors import AddressRejected, AnswerLost, LineRejected, SendError
from engine.core.ids import ExternalId

CODES: dict[int, ErrorCode] = {
    470: ErrorCode("template", "more than 24 hours since the contact last wrote"),
    500: ErrorCode("retry", "something went wrong at Gupshup"),
    1001: ErrorCode("config", "the sandbox's last bot failed"),
    1002: ErrorCode("drop", "the number is not on WhatsApp"),
    1003: ErrorCode("account", "the wallet's balance is too low; top it up at Gupshup"),
    1004: ErrorCode("template", "the contact has not written within the window"),
    1005: ErrorCode("template", "the window is closed and no template matches"),
    1006: ErrorCode("template", "the window is closed and the contact has not opted in"),
    1007: ErrorCode("template", "the window is closed and no template matches"),
    1008: ErrorCode("template", "the window is closed and the contact has not opted in"),
    1009: ErrorCode("bug", "a required parameter is missing"),
    1010: ErrorCode("bug", "the file's link cannot be used"),
    1011: ErrorCode("bug", "the file is too large"),
    1012: ErrorCode("optout", "the contact has opted out"),
    4001: ErrorCode("slow", "too many calls; ask Gupshup before sending on"),
    4002: ErrorCode("retry", "WhatsApp's answer to Gupshup was invalid"),
    4003: ErrorCode("config", "no template matches"),
    4004: ErrorCode("config", "this kind of message needs a number hosted at Meta's cloud"),
    4005: ErrorCode("config", "the template is paused"),
}

CREDENTIALS = "api_key, app, source and base_url"
"""What to look at on a line whose calls are refused."""


def code_of(number: int) -> ErrorCode | None:
    """Return the entry of a code, Gupshup's or Meta's; None if neither knows it."""
    return CODES.get(number) or find_code(number)


def closes_window(code: str) -> bool:
    """Tell whether a code of a failed message says that the window is closed."""
    known = CODES.get(int(code)) if code.isdecimal() else None
    return known.action == "template" if known is not None else is_for_window(code)


def meaning_of(code: str) -> str | None:
    """Return what a code of a failed message means, None if nobody knows it."""
    known = code_of(int(code)) if code.isascii() and code.isdigit() and len(code) < 10 else None
    return None if known is None else known.meaning


def read_sent(answer: Answer, *, check: str = CREDENTIALS) -> ExternalId:
    """Return Gupshup's id of the message that it took; what becomes of it comes as events.

    Raises:
        SendError: It was refused; AnswerLost where the answer does not say what became of it.
    """
    body = read_success(answer, check=check)
    messages = objects_of(body, "messages")
    external_id = text_of(body, "messageId") or (text_of(messages[0], "id") if messages else None)
    if external_id is None:
        raise AnswerLost("Gupshup took the call but named no message")
    return ExternalId(external_id)


def read_success(answer: Answer, *, check: str = CREDENTIALS) -> Wire:
    """Return the body of a call that succeeded: 2xx, and no status `error` in it.

    Raises:
        SendError: It failed; AnswerLost where a success cannot be read.
    """
    body = answer.json_object()
    if not 200 <= answer.status < 300 or (body is not None and text_of(body, "status") == "error"):
        raise read_error(answer, body or {}, check=check)
    if body is None:
        raise AnswerLost("Gupshup took the call, but its answer cannot be read")
    return body


def read_error(answer: Answer, body: Wire, *, check: str = CREDENTIALS) -> SendError:
    """Return what a refusal means: by its code, else by its HTTP status and the two texts that have no code."""
    number, said = int_of(body, "code"), text_of(body, "message") or ""
    known = None if number is None else code_of(number)
    code = None if number is None else str(number)
    if known is not None:
        message = f"{known.meaning} ({code}): {said}" if said else f"{known.meaning} ({code})"
        return error_of(known.action, message, code=code, retry_after=answer.retry_after)
    message = f"HTTP {answer.status}: {said}" if said else f"HTTP {answer.status}"
    match answer.status, said.lower():
        case (400 | 200 | 202, "invalid destination"):
            return AddressRejected(message, provider_code=code)
        case (400 | 200 | 202, "invalid app details"):
            return LineRejected(f"{message}; check {check}", provider_code=code)
        case _:
            return by_status(answer, code=code, said=said, check=check)
