"""What Meta, or who passes Meta's answers on, said to a call -> the id it gave, or the error it means. Pure."""

from collections.abc import Mapping

import orjson

from adapters.http import Answer
from adapters.whatsapp.errors import error_of, find_code
from adapters.wire import Wire, int_of, objects_of, part_of, text_of
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    LineRejected,
    ProviderUnreachable,
    RateLimited,
    SendError,
)
from engine.core.ids import ExternalId

UNKNOWN_OBJECT = 33
"""The subcode of code 100 where the object in the URL does not exist: a wrong number id, or a file that is gone.

Meta asks to decide by code alone; this is the one place where the code does not tell the body from the line.
"""


def read_sent(answer: Answer) -> ExternalId:
    """Return the id of the message that the provider took.

    Raises:
        SendError: It was refused; AnswerLost where the answer does not say what became of it.
    """
    body = read_success(answer)
    messages = objects_of(body, "messages")
    external_id = text_of(messages[0], "id") if messages else None
    if external_id is None:
        raise AnswerLost("the provider took the call but named no message")
    return ExternalId(external_id)


def read_success(answer: Answer) -> Wire:
    """Return the body of a call that succeeded.

    Raises:
        SendError: It failed; AnswerLost where a success cannot be read.
    """
    body = _load(answer.body)
    if body is not None and ("error" in body or "errors" in body):
        for error in (part_of(body, "error"), *objects_of(body, "errors")):
            if error:
                raise read_error(answer, error)
    if not 200 <= answer.status < 300:
        raise by_status(answer)
    if body is None:
        raise AnswerLost("the provider took the call, but its answer cannot be read")
    return body


def read_error(answer: Answer, error: Wire) -> SendError:
    """Return what an error object means, by its code; by the HTTP status where the table does not know it."""
    number = int_of(error, "code")
    details = text_of(part_of(error, "error_data"), "details")
    said = details or text_of(error, "message") or text_of(error, "title") or ""
    code = None if number is None else str(number)
    if number == 100 and int_of(error, "error_subcode") == UNKNOWN_OBJECT:
        return LineRejected(
            f"the provider knows no such object, or the token may not see it; check phone_number_id: {said}",
            provider_code=code,
        )
    known = None if number is None else find_code(number)
    if known is None:
        return by_status(answer, code=code, said=said)
    message = f"{known.meaning} ({code}): {said}" if said else f"{known.meaning} ({code})"
    return error_of(known.action, message, code=code, retry_after=answer.retry_after)


CREDENTIALS = "token, phone_number_id and base_url"
"""What to look at on a Cloud line whose calls are refused."""


def by_status(
    answer: Answer, *, code: str | None = None, said: str = "", check: str = CREDENTIALS
) -> SendError:
    """Return what an answer means whose body says nothing that we know.

    Args:
        answer: What came.
        code: The provider's own code, if it gave one.
        said: Its own words, if it gave any.
        check: The keys of the line to look at where the provider refuses the line itself.
    """
    message = f"HTTP {answer.status}" + (f": {said}" if said else "")
    match answer.status:
        case 429:
            return RateLimited(message, provider_code=code, retry_after=answer.retry_after)
        case 401 | 403 | 404 | 405:
            return LineRejected(f"{message}; check {check}", provider_code=code)
        case 504:
            # Something in between gave up waiting; the provider itself may have taken the message.
            return AnswerLost(message, provider_code=code)
        case 408 | 425:
            return ProviderUnreachable(message, provider_code=code)
        case status if status >= 500:
            return ProviderUnreachable(message, provider_code=code, retry_after=answer.retry_after)
        case status if 300 <= status < 400:
            return LineRejected(f"{message}; base_url redirects elsewhere", provider_code=code)
        case _:
            return ContentRejected(message, provider_code=code)


def _load(body: bytes) -> Mapping[str, object] | None:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
