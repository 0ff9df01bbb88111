"""What the public API refuses, each with its status and its code; the shape is that of every error here."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.core.errors import ParleyError


class ApiError(ParleyError):
    """The request is refused."""

    status = 400
    code = "request_invalid"

    @property
    def headers(self) -> Mapping[str, str]:
        """What the answer tells beside its body."""
        return {}


class TokenInvalid(ApiError):
    """Show a token that counts: `Authorization: Bearer TOKEN`, made by `parley tokens create`."""

    status = 401
    code = "token_invalid"

    @property
    def headers(self) -> Mapping[str, str]:
        """How to show one."""
        return {"WWW-Authenticate": "Bearer"}


class ScopeMissing(ApiError):
    """The token may not do this."""

    status = 403
    code = "scope_missing"


class LineForbidden(ApiError):
    """The token may not use this line."""

    status = 403
    code = "line_forbidden"


class RateExceeded(ApiError):
    """The token asks too often."""

    status = 429
    code = "rate_limited"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"This token asks too often; wait {retry_after_s} s.")
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.retry_after_s)}


class BodyUnreadable(ApiError):
    """The body is not JSON."""

    code = "body_unreadable"


class BodyTooLarge(ApiError):
    """The body is too large."""

    status = 413
    code = "payload_too_large"


class BodyInvalid(ApiError):
    """The body is not what this address takes."""

    status = 422
    code = "body_invalid"


class KeyInvalid(ApiError):
    """An Idempotency-Key has 1 to 128 printable ASCII characters and no spaces."""

    code = "idempotency_key_invalid"


class KeyReused(ApiError):
    """Another request came with this Idempotency-Key; a new request needs a new key."""

    status = 422
    code = "idempotency_key_reused"


class FlowUnknown(ApiError):
    """There is no flow of this name."""

    status = 404
    code = "flow_unknown"


class LineMissing(ApiError):
    """No line of this name is configured."""

    status = 404
    code = "line_unknown"


class MessageUnknown(ApiError):
    """There is no such message."""

    status = 404
    code = "message_unknown"


class BroadcastUnknown(ApiError):
    """There is no such broadcast."""

    status = 404
    code = "broadcast_unknown"


class WindowIsClosed(ApiError):
    """The contact has not written within the window; send a template, or say in `closed` what to do."""

    status = 409
    code = "window_closed"


class ContactOptedOut(ApiError):
    """The contact wants no messages, or none of this kind."""

    status = 409
    code = "contact_opted_out"


class TemplateRefused(ApiError):
    """The template cannot be sent or handed in like this; the text says what to do."""

    status = 409
    code = "template_refused"


class TemplatesUnavailable(ApiError):
    """The line's provider takes no templates by a call, or the line lacks what that needs."""

    status = 409
    code = "templates_unavailable"


class TemplateUnknown(ApiError):
    """Nothing is known of this template; its provider is asked every few hours, or by `parley templates sync`."""

    status = 404
    code = "template_unknown"


class ProviderFailed(ApiError):
    """The provider does not answer; nothing is known to be done, so ask again with the same key."""

    status = 503
    code = "provider_unreachable"


class SmsUnavailable(ApiError):
    """The line's provider sends no SMS in place of a message."""

    status = 409
    code = "sms_unavailable"


class ConversationBusy(ApiError):
    """A talk goes on with this contact, or too many flows wait for its end."""

    status = 409
    code = "conversation_busy"


class ChatUnknown(ApiError):
    """There is no such conversation on this line."""

    status = 404
    code = "chat_unknown"


class ChatHeld(ApiError):
    """Somebody else has the chat; `error` says who."""

    status = 409
    code = "chat_held"


class NobodyHoldsChat(ApiError):
    """The flows have the chat already."""

    status = 409
    code = "chat_not_held"


class ErrorAnswer(BaseModel):
    """Why a request was refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    ok: Literal[False]
    error: str
    """For people."""
    code: str
    """For programs; it does not change."""
    status: int
