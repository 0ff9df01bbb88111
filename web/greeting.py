"""What the operator reads at start: where the server is, each line's webhook address, and what is amiss."""

from collections.abc import Iterator
from itertools import combinations

from adapters.interakt.settings import InteraktLine
from adapters.registry import LineConfig
from adapters.settings import LineSettings
from web.settings import Settings

PASTE_AT = {
    "cloud": "App Dashboard > WhatsApp > Configuration > Callback URL, with the line's verify_token; "
    "subscribe to the field `messages`",
    "gupshup": "Gupshup's dashboard > the app > Webhooks > Add; payload format v2; switch on sent, delivered and read",
    "interakt": "Settings > Developer Settings > Webhook URL, with the line's signing_secret as Secret Key",
    "karbot": "Karbot's platform > the business line's details > webhook; an administrator of Karbot sets it",
    "sobot": "app.sobot.in > Settings > Developers tools, as the webhook",
}
"""Where each provider that calls by webhook wants the address. Source: their set-up pages, read 2026-08."""

CALLBACKS = "ask Interakt's team to send the RCS assistant's callbacks there"
"""The same of Interakt's other channel."""

REGISTERED: frozenset[str] = frozenset({"360dialog", "cbot"})
"""Providers that are told the address by a call alone."""

UNSIGNED: frozenset[str] = frozenset({"360dialog", "cbot", "gupshup", "karbot", "sobot"})
"""Providers that sign nothing: only a `webhook_secret` in the address keeps strangers out."""


def webhook_address(base: str, name: str, line: LineSettings) -> str:
    """Return where a line's webhooks come in; its secrets have been read.

    Args:
        base: Where the server is reached.
        name: The line's name.
        line: Its table.
    """
    secret = line.secret("webhook_secret")
    return f"{base}/webhooks/{name}/{secret}" if secret else f"{base}/webhooks/{name}"


def _account(line: LineConfig) -> tuple[object, ...]:
    return line.provider, *line.account


def _told_by(name: str, line: LineConfig) -> str:
    """Return how the provider comes to know the address."""
    if isinstance(line, InteraktLine) and line.channel == "rcs":
        return CALLBACKS
    if line.provider in REGISTERED:
        return f"set it with: parley lines register {name}"
    return f"paste it at: {PASTE_AT[line.provider]}"


def greeting(settings: Settings, *, origin: str, simulator: bool) -> Iterator[str]:
    """Yield the lines to print.

    Args:
        settings: What is configured.
        origin: The address that is really listened on, such as `http://127.0.0.1:8080`.
        simulator: Whether the simulator's page is served.
    """
    yield f"Parley listens on {origin}"
    reached = {name: line for name, line in settings.lines.items() if line.provider != "console"}
    for name, line in reached.items():
        address = webhook_address(settings.server.public_url or origin, name, line)
        yield f"Line {name} ({line.provider}): webhook {address}"
        yield f"  {_told_by(name, line)}"
        if not line.is_guarded and line.provider in UNSIGNED:
            yield f"  warning: anyone can post to it; set lines.{name}.webhook_secret"
    for one, other in combinations(reached, 2):
        if reached[one].account and _account(reached[one]) == _account(reached[other]):
            yield (
                f"warning: lines.{one} and lines.{other} are one account, "
                "which calls one address alone: remove one of them"
            )
    if reached and settings.server.public_url is None:
        yield "warning: providers cannot reach this address; set server.public_url to the one they can"
    if not settings.lines and not simulator:
        yield "warning: no line is configured; add [lines.NAME], or run with --dev for the simulator"
    if reached or simulator:
        yield f"Inbox for agents: {settings.server.public_url or origin}/inbox"
    if simulator:
        yield f"Simulator: {origin}/simulator"
