"""WhatsApp's error codes: what each means and what to do about it. The codes decide, never the texts.

Source: Cloud API, error codes, read 2026-01; the later ones as seen in public clients, 2026-08.
"""

from datetime import timedelta
from typing import Literal, NamedTuple, assert_never

from engine.core.errors import (
    AddressRejected,
    ContentRejected,
    LineRejected,
    PairLimited,
    ProviderUnreachable,
    RateLimited,
    SendError,
    WindowClosed,
)

Action = Literal[
    "retry",  # passing trouble at the provider: the same message again
    "throttle",  # the line sends too fast
    "slow",  # the line is throttled for quality or volume: minutes to hours
    "later",  # this message alone has to wait: minutes
    "pair",  # too many messages to this contact
    "wait_day",  # a marketing ceiling of this contact: not for a day
    "template",  # the window is closed
    "optout",  # the contact wants no marketing
    "drop",  # this contact cannot get it
    "bug",  # our body is wrong
    "config",  # somebody has to change something at the provider: a template, a flow, a setting
    "account",  # the line's account may not send
    "auth",  # the line's credentials are refused
]


class ErrorCode(NamedTuple):
    """One code of the table."""

    action: Action
    meaning: str


CODES: dict[int, ErrorCode] = {
    0: ErrorCode("auth", "the token has expired or was revoked"),
    1: ErrorCode("retry", "invalid request or trouble at the provider"),
    2: ErrorCode("retry", "the provider is down or overloaded"),
    3: ErrorCode("auth", "the app lacks a capability or a permission"),
    4: ErrorCode("throttle", "too many calls of this app"),
    10: ErrorCode("auth", "permission denied"),
    33: ErrorCode("account", "the number was deleted at the provider"),
    100: ErrorCode("bug", "a parameter is invalid"),
    190: ErrorCode("auth", "the access token has expired"),
    368: ErrorCode("account", "blocked for a while for breaking a policy"),
    80007: ErrorCode("throttle", "too many calls of this account"),
    130429: ErrorCode("throttle", "more messages a second than the number may send"),
    130472: ErrorCode("drop", "the contact is part of an experiment without marketing messages"),
    130497: ErrorCode("drop", "the account may not write to contacts of this country"),
    131000: ErrorCode("retry", "something went wrong at the provider"),
    131005: ErrorCode("auth", "access denied"),
    131008: ErrorCode("bug", "a required parameter is missing"),
    131009: ErrorCode("bug", "a parameter's value is not valid"),
    131016: ErrorCode("retry", "the service is unavailable"),
    131021: ErrorCode("bug", "the contact's number is the line's own"),
    131026: ErrorCode("drop", "the contact cannot receive the message"),
    131030: ErrorCode("drop", "the contact is not on the test number's list of recipients"),
    131031: ErrorCode("account", "the account is locked"),
    131037: ErrorCode("account", "the number's display name is not approved"),
    131042: ErrorCode("account", "the account's payment does not work"),
    131045: ErrorCode("account", "the number is not registered"),
    131047: ErrorCode("template", "more than 24 hours since the contact last wrote"),
    131048: ErrorCode("slow", "too many of the number's messages were reported as spam"),
    131049: ErrorCode("wait_day", "the contact has had enough marketing messages for now"),
    131050: ErrorCode("optout", "the contact stopped this business's marketing messages"),
    131051: ErrorCode("bug", "the message type is not supported"),
    131052: ErrorCode("bug", "the contact's file cannot be fetched"),
    131053: ErrorCode("retry", "the file to send cannot be fetched"),
    131055: ErrorCode("config", "the number may not use this method"),
    131056: ErrorCode("pair", "too many messages to this contact in a short time"),
    131057: ErrorCode("retry", "the account is in maintenance"),
    131062: ErrorCode("drop", "this message cannot go to a business-scoped id"),
    131063: ErrorCode("config", "marketing templates are switched off for the number"),
    131064: ErrorCode("slow", "the messaging limit is reached"),
    132000: ErrorCode("bug", "the template takes another number of variables"),
    132001: ErrorCode("config", "the template does not exist in this language or is not approved"),
    132005: ErrorCode("bug", "the template's text becomes too long"),
    132007: ErrorCode("bug", "a template variable breaks the format policy"),
    132008: ErrorCode("bug", "a template variable is not valid"),
    132012: ErrorCode("bug", "a template variable has the wrong format"),
    132015: ErrorCode("config", "the template is paused for low quality"),
    132016: ErrorCode("config", "the template is disabled"),
    132068: ErrorCode("config", "the form is blocked"),
    132069: ErrorCode("later", "the form is throttled"),
    133000: ErrorCode("account", "an earlier deregistration did not finish"),
    133004: ErrorCode("retry", "the server is unavailable for a moment"),
    133005: ErrorCode("account", "the two-step PIN is wrong"),
    133006: ErrorCode("account", "the number has to be verified again"),
    133008: ErrorCode("account", "too many guesses of the PIN"),
    133009: ErrorCode("account", "the PIN was entered too fast"),
    133010: ErrorCode("account", "the number is not registered"),
    133015: ErrorCode("account", "the number was deregistered a moment ago"),
    133016: ErrorCode("slow", "the number was registered too often"),
    134011: ErrorCode("account", "the terms of payments are not accepted"),
    134100: ErrorCode("config", "the number sends marketing messages alone"),
    134101: ErrorCode("later", "the template is still being copied"),
    134102: ErrorCode("config", "the template cannot be used here"),
    135000: ErrorCode("bug", "the request's parameters are wrong in an unknown way"),
    137000: ErrorCode("drop", "the contact's identity has changed"),
    1752041: ErrorCode("bug", "the same request was made before"),
    2593107: ErrorCode("config", "the account was synchronised too often"),
    2593108: ErrorCode("config", "the time for synchronising the account is over"),
}

ONPREMISE: dict[int, ErrorCode] = {
    400: ErrorCode("retry", "the file to send cannot be fetched"),
    402: ErrorCode("account", "the account's payment does not work"),
    408: ErrorCode("drop", "the message was not valid or took too long"),
    410: ErrorCode("drop", "the message expired before it could be delivered"),
    429: ErrorCode("throttle", "too many messages"),
    430: ErrorCode("account", "the number's certificate is not valid"),
    432: ErrorCode("account", "the number's certificate is not valid"),
    433: ErrorCode("account", "the number's certificate is not valid"),
    470: ErrorCode("template", "more than 24 hours since the contact last wrote"),
    471: ErrorCode("slow", "the number's messaging limit is reached, or it was reported as spam"),
    472: ErrorCode("drop", "the contact is part of an experiment without such messages"),
    500: ErrorCode("retry", "something went wrong at the provider"),
    1000: ErrorCode("retry", "something went wrong at the provider"),
    1001: ErrorCode("bug", "the message is too long"),
    1002: ErrorCode("bug", "the kind of recipient is not valid"),
    1004: ErrorCode("bug", "it exists already"),
    1005: ErrorCode("auth", "access denied"),
    1006: ErrorCode("bug", "something that the message names was not found"),
    1007: ErrorCode("drop", "the contact is blocked"),
    1008: ErrorCode("bug", "a required parameter is missing"),
    1009: ErrorCode("bug", "a parameter's value is not valid"),
    1010: ErrorCode("bug", "a parameter does not belong there"),
    1011: ErrorCode("retry", "the service is not ready"),
    1013: ErrorCode("drop", "the contact has no WhatsApp"),
    1014: ErrorCode("retry", "something went wrong inside the provider"),
    1015: ErrorCode("throttle", "too many requests"),
    1021: ErrorCode("drop", "the contact cannot be written to"),
    1022: ErrorCode("config", "no webhook is configured: run parley lines register"),
    1023: ErrorCode("retry", "the provider's database is being migrated"),
    1025: ErrorCode("retry", "something went wrong inside the provider"),
    1026: ErrorCode("drop", "the contact's phone cannot show this message"),
    2000: ErrorCode("bug", "the template takes another number of variables"),
    2001: ErrorCode("config", "the template does not exist in this language"),
    2002: ErrorCode("retry", "the template could not be fetched"),
    2003: ErrorCode("config", "the template's package does not exist"),
}
"""The On-Premises API's own codes, which never meet Cloud's. Source: Twilio's table of WhatsApp codes, public
clients of the On-Premises API, read 2026-08; Meta's own page is gone."""

PERMISSIONS = range(200, 300)
"""Codes of a permission that is missing or was removed."""

THROTTLED_FOR = timedelta(minutes=10)
"""How long what is throttled for quality or volume waits, where the answer names no time."""


def find_code(code: int) -> ErrorCode | None:
    """Return the table's entry of a code, None if it knows none."""
    if code in PERMISSIONS:
        return ErrorCode("auth", "a permission is missing or was removed")
    return CODES.get(code)


def closes_window(code: str | None) -> bool:
    """Tell whether a code of either API says that the window is closed."""
    known = find_any_code(int(code)) if code is not None and code.isdecimal() else None
    return known is not None and known.action == "template"


def find_any_code(code: int) -> ErrorCode | None:
    """Return what a code of either API means, None if neither knows it."""
    return ONPREMISE.get(code) or find_code(code)


def error_of(
    action: Action, message: str, *, code: str | None, retry_after: timedelta | None
) -> SendError:
    """Return the error that an action stands for."""
    match action:
        case "retry":
            return ProviderUnreachable(message, provider_code=code, retry_after=retry_after)
        case "throttle":
            return RateLimited(message, provider_code=code, retry_after=retry_after)
        case "slow":
            wait = retry_after or THROTTLED_FOR
            return RateLimited(message, provider_code=code, retry_after=wait)
        case "later":
            # The line itself may go on, so this is no RateLimited.
            wait = retry_after or THROTTLED_FOR
            return ProviderUnreachable(message, provider_code=code, retry_after=wait)
        case "pair":
            return PairLimited(message, provider_code=code, retry_after=retry_after)
        case "template":
            return WindowClosed(message, provider_code=code)
        case "wait_day" | "optout" | "drop":
            return AddressRejected(message, provider_code=code)
        case "bug" | "config":
            return ContentRejected(message, provider_code=code)
        case "account" | "auth":
            return LineRejected(message, provider_code=code, retry_after=retry_after)
        case _:
            assert_never(action)
