"""What the provider said to a call -> its body, or the error it means. Pure.

Three shapes: the provider's own `{"meta": {...}}`, Meta's envelope, and the On-Premises API's `{"errors": [...]}`,
which may come with HTTP 200.
Source: 360dialog, API errors; On-Premises API errors as public clients read them, 2026-08.
"""

from adapters.cbot.payloads import UNKNOWN_CONTACT
from adapters.cbot.settings import Api
from adapters.http import Answer
from adapters.whatsapp.answers import TOO_FAST, Dialect
from adapters.whatsapp.answers import read_success as read_whatsapp
from adapters.whatsapp.errors import ErrorCode, error_of, find_any_code
from adapters.wire import Wire, int_of, items_of, objects_of, part_of, text_of
from engine.core.errors import SendError

CHECK = "api_key, api_key_header and base_url"

DIALECTS: dict[Api, Dialect] = {
    "cloud": Dialect(find_any_code, CHECK),
    "onpremise": Dialect(find_any_code, CHECK, TOO_FAST | {503}),
}

SAID: tuple[tuple[str, ErrorCode], ...] = (
    ("rate limit", ErrorCode("throttle", "the endpoint was called too often")),
    ("limit of 1 request", ErrorCode("throttle", "the endpoint was called too often")),
    ("disabled", ErrorCode("account", "the account is disabled")),
    ("unpaid", ErrorCode("account", "an invoice is unpaid")),
    ("payment", ErrorCode("account", "an invoice is unpaid")),
)
"""What the provider's own refusals with HTTP 400 say; they have no codes."""


def read_success(answer: Answer, dialect: Dialect) -> Wire:
    """Return the body of a call that succeeded.

    Raises:
        SendError: It failed; AnswerLost where a success cannot be read.
    """
    meta = part_of(answer.json_object() or {}, "meta")
    said = text_of(meta, "developerMessage") or text_of(meta, "developer_message")
    if said is not None or meta.get("success") is False:
        raise _refusal(answer, meta, said or "", dialect)
    return read_whatsapp(answer, dialect)


def knows_no_contact(answer: Answer | SendError) -> bool:
    """Tell whether the On-Premises API wants to be asked about the number first; files have the same code."""
    body = answer.json_object() if isinstance(answer, Answer) else None
    return any(
        int_of(error, "code") == UNKNOWN_CONTACT
        and "contact" in (text_of(error, "details") or "contact").lower()
        for error in objects_of(body or {}, "errors")
    )


def _refusal(answer: Answer, meta: Wire, said: str, dialect: Dialect) -> SendError:
    details = (text for text in items_of(meta, "details") if isinstance(text, str))
    said = "; ".join(filter(None, (said, *details)))
    status = answer.status
    if 200 <= status < 300:
        status = int_of(meta, "httpCode") or int_of(meta, "http_code") or 500
    if status == 400:
        for words, known in SAID:
            if words in said.lower():
                message = f"{known.meaning}: {said}"
                return error_of(known.action, message, code=None, retry_after=answer.retry_after)
    return dialect.by_status(Answer(status, b"", answer.retry_after), said=said)
