"""What Meta, or who passes Meta's answers on, said to a call -> the id it gave, or the error it means. Pure."""

from collections.abc import Callable
from typing import NamedTuple

from adapters.http import Answer
from adapters.whatsapp.errors import ErrorCode, error_of, find_code
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


CREDENTIALS = "token, phone_number_id and base_url"
"""What to look at on a Cloud line whose calls are refused."""

TOO_FAST = frozenset({429})


class Dialect(NamedTuple):
    """How the answers of who passes WhatsApp's on are read, where they differ from Meta's own."""

    find_code: Callable[[int], ErrorCode | None] = find_code
    """What a code means."""
    check: str = CREDENTIALS
    """The keys of the line to look at where the provider refuses the line itself."""
    throttled: frozenset[int] = TOO_FAST
    """The HTTP statuses that mean: too fast."""

    def by_status(self, answer: Answer, *, code: str | None = None, said: str = "") -> SendError:
        """Return what an answer means whose body says nothing that we know."""
        return by_status(answer, code=code, said=said, check=self.check, throttled=self.throttled)


META = Dialect()


def read_sent(answer: Answer, dialect: Dialect = META) -> ExternalId:
    """Return the id of the message that the provider took.

    Raises:
        SendError: It was refused; AnswerLost where the answer does not say what became of it.
    """
    return sent_id(read_success(answer, dialect))


def sent_id(body: Wire) -> ExternalId:
    """Return the id that a success names. Raises AnswerLost where it names none."""
    messages = objects_of(body, "messages")
    external_id = text_of(messages[0], "id") if messages else None
    if external_id is None:
        raise AnswerLost("the provider took the call but named no message")
    return ExternalId(external_id)


def read_success(answer: Answer, dialect: Dialect = META) -> Wire:
    """Return the body of a call that succeeded.

    Raises:
        SendError: It failed; AnswerLost where a success cannot be read.
    """
    body = answer.json_object()
    if body is not None and ("error" in body or "errors" in body):
        for error in (part_of(body, "error"), *objects_of(body, "errors")):
            if error:
                raise read_error(answer, error, dialect)
    if not 200 <= answer.status < 300:
        raise dialect.by_status(answer)
    if body is None:
        raise AnswerLost("the provider took the call, but its answer cannot be read")
    return body


def read_error(answer: Answer, error: Wire, dialect: Dialect = META) -> SendError:
    """Return what an error object means, by its code; by the HTTP status where the table does not know it."""
    number = int_of(error, "code")
    details = text_of(part_of(error, "error_data"), "details")
    said = details or text_of(error, "message") or text_of(error, "title") or ""
    code = None if number is None else str(number)
    if number == 100 and int_of(error, "error_subcode") == UNKNOWN_OBJECT:
        return LineRejected(
            f"the provider knows no such object, or the key may not see it; check {dialect.check}: {said}",
            provider_code=code,
        )
    known = None if number is None else dialect.find_code(number)
    if known is None:
        return dialect.by_status(answer, code=code, said=said)
    message = f"{known.meaning} ({code}): {said}" if said else f"{known.meaning} ({code})"
    return error_of(known.action, message, code=code, retry_after=answer.retry_after)


def by_status(
    answer: Answer,
    *,
    code: str | None = None,
    said: str = "",
    check: str = CREDENTIALS,
    throttled: frozenset[int] = TOO_FAST,
) -> SendError:
    """Return what an answer means whose body says nothing that we know.

    Args:
        answer: What came.
        code: The provider's own code, if it gave one.
        said: Its own words, if it gave any.
        check: The keys of the line to look at where the provider refuses the line itself.
        throttled: The HTTP statuses that mean: too fast.
    """
    message = f"HTTP {answer.status}" + (f": {said}" if said else "")
    match answer.status:
        case status if status in throttled:
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
