"""The tree of errors. Behaviour hangs on their fields; the docstring is the default message.

ParleyError
├─ DefinitionError       a flow or setting is wrong: raised at start, never in the middle of a talk
├─ InboundError          SignatureInvalid 401 · LineUnknown 404 · PayloadTooLarge 413 · PayloadInvalid 400
├─ FlowError             a flow broke its own rules: the conversation goes to a person
├─ StorageError          ConcurrentUpdate (redo) · StoreUnavailable (503, the provider redelivers) · ValueRefused
└─ SendError             ProviderUnreachable · RateLimited · PairLimited · WindowClosed · AddressRejected
                         OptedOut · MarketingStopped · ContentRejected · LineRejected · AnswerLost
"""

from datetime import timedelta
from typing import ClassVar, Literal


class ParleyError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    """Stable, snake_case; what metrics count and pages show."""
    status: ClassVar[int] = 500
    """The HTTP status where the error answers a request."""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class DefinitionError(ParleyError):
    """A flow or a setting is wrong."""

    code = "definition_invalid"


class InboundError(ParleyError):
    """A request cannot be accepted."""

    status = 400
    code = "request_invalid"


class SignatureInvalid(InboundError):
    """The signature does not match the body; check the line's secret."""

    status = 401
    code = "signature_invalid"


class LineUnknown(InboundError):
    """No line of this name is configured."""

    status = 404
    code = "line_unknown"


class PayloadTooLarge(InboundError):
    """The body is larger than any provider sends."""

    status = 413
    code = "payload_too_large"


class PayloadInvalid(InboundError):
    """The body is not what this provider sends."""

    code = "payload_invalid"


class FlowError(ParleyError):
    """A flow broke its own rules."""

    code = "flow_error"


class StorageError(ParleyError):
    """The database could not do what was asked."""

    code = "storage_error"
    status = 503
    retryable = True


class ConcurrentUpdate(StorageError):
    """Another writer changed the same rows first; do it again."""

    code = "concurrent_update"


class StoreUnavailable(StorageError):
    """The database does not answer; nothing was stored."""

    code = "store_unavailable"


class ValueRefused(StorageError):
    """The database refuses a value of this batch; doing it again would not help."""

    code = "value_refused"
    retryable = False


class SendError(ParleyError):
    """A message was not accepted by the provider."""

    code = "send_failed"
    scope: ClassVar[Literal["message", "contact", "line"]] = "message"
    """What has to wait: this message, all messages to this contact, or the whole line."""

    def __init__(
        self,
        message: str | None = None,
        *,
        provider_code: str | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.provider_code = provider_code
        self.retry_after = retry_after
        """When the provider named one."""


class ProviderUnreachable(SendError):
    """The provider could not be reached, or said that it is down; nothing was sent."""

    code = "provider_unreachable"
    retryable = True


class RateLimited(SendError):
    """The line sends faster than the provider allows."""

    code = "rate_limited"
    retryable = True
    scope = "line"


class PairLimited(SendError):
    """Too many messages to this contact in a short time."""

    code = "pair_limited"
    retryable = True
    scope = "contact"


class WindowClosed(SendError):
    """The contact has not written within the window; only a template may be sent."""

    code = "window_closed"


class AddressRejected(SendError):
    """The provider cannot deliver to this contact."""

    code = "address_rejected"


class OptedOut(SendError):
    """The contact wants no messages of this line."""

    code = "opted_out"


class MarketingStopped(SendError):
    """The contact wants no marketing messages of this line."""

    code = "marketing_stopped"


class ContentRejected(SendError):
    """The provider refuses this message; sending it again would not help."""

    code = "content_rejected"


class LineRejected(SendError):
    """The provider refuses the line itself: its credentials, its account or its permission."""

    code = "line_rejected"
    retryable = True
    scope = "line"


class AnswerLost(SendError):
    """The request left, but no answer came: whether the message was accepted is unknown."""

    code = "answer_lost"
