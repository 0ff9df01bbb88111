"""What Interakt said to a call: its body, or the error it means. `result` decides, never the status alone.

A refusal is documented with the status 400 and with 201, an accepted message with 201 and, once, with 401. There are
no codes: a refusal is known by its words, and by the status where these say nothing.
Source: Interakt Public APIs, read 2026-08.
"""

from adapters.http import Answer
from adapters.whatsapp.answers import by_status
from adapters.wire import Wire, text_of
from engine.core.errors import AnswerLost, ContentRejected, RateLimited, SendError, WindowClosed

CHECK = "api_key (Settings > Developer Settings; the Starter plan has no APIs) and base_url"

NOBODY = "404"
"""The provider code of a call that asked for somebody who is not there."""


def read_answer(answer: Answer) -> Wire:
    """Return the body of a call that succeeded.

    Raises:
        SendError: It failed; AnswerLost where a success cannot be read.
    """
    body = answer.json_object()
    taken = 200 <= answer.status < 300
    if body is None:
        if taken:
            raise AnswerLost("the provider took the call, but its answer cannot be read")
        raise by_status(answer, check=CHECK)
    if body.get("result") is True or (taken and "result" not in body):
        return body
    raise _read_refusal(answer, text_of(body, "message") or "")


WINDOW_WORDS = "not messaged within last 24 hours"
"""In texts about a closed window, in lower case. Source: Interakt, send session messages, read 2026-08."""


def _read_refusal(answer: Answer, said: str) -> SendError:
    words = said.lower()
    if WINDOW_WORDS in words:
        return WindowClosed(said)
    if "template category mismatch" in words:
        return ContentRejected(
            f"{said} Meta has put it into another category: change the template, or ask for no category"
        )
    if "rate limit exceeded" in words:
        return RateLimited(said, retry_after=answer.retry_after)
    return by_status(answer, code=str(answer.status), said=said, check=CHECK)
