"""What the inbox refuses; its code names the text that the page shows."""

from engine.core.errors import ParleyError


class InboxError(ParleyError):
    """The request is refused."""

    status = 400
    code = "request_invalid"


class SignInNeeded(InboxError):
    """Sign in first."""

    status = 401
    code = "sign_in_needed"


class RoleMissing(InboxError):
    """Your role does not allow this."""

    status = 403
    code = "role_missing"


class ForeignPage(InboxError):
    """Another site asked for this."""

    status = 403
    code = "foreign_page"


class TokenMissing(InboxError):
    """The page is out of date; load it again."""

    status = 403
    code = "page_outdated"


class NotFound(InboxError):
    """There is nothing here, or not for you."""

    status = 404
    code = "not_found"


class FormInvalid(InboxError):
    """A field is wrong: says which."""

    status = 422
    code = "form_invalid"
