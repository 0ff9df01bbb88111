"""What `parley lines check` tries, one thing after the other; each failure says what to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import NamedTuple

import orjson
from multidict import CIMultiDict
from yarl import URL

from adapters.http import Answer, call
from cli.database import opened
from cli.reach import Reached
from engine.core.content import Outbound, Template, Text
from engine.core.errors import ParleyError, SendError
from engine.core.ids import ConversationId, LineId, MessageId
from engine.core.signals import Sender
from engine.ports.services import ManualSetup
from storage.people import put_message
from storage.queries import Queries, TranscriptMessage
from web.greeting import webhook_address

TEXT = "This is a test message from Parley."

LOOK_EVERY_S = 0.2

TAKEN_WITHIN_S = 5.0
"""A running server notices what a command wrote within a second."""

ADVICE = {
    "line_rejected": "is it still the one on the provider's page? a new key ends the old one",
    "provider_unreachable": "look at the line's base_url, and whether this machine reaches the internet",
    "answer_lost": "try again; if it stays so, look at the line's base_url",
    "rate_limited": "wait a minute and try again",
    "window_closed": "write to the line from that phone first, or send a --template",
    "address_rejected": "write the number with its country code, and look whether it has WhatsApp",
}
"""By an error's code: what to do."""


class Looked(NamedTuple):
    """One thing that was tried."""

    what: str
    well: bool | None
    """None where it could not be tried."""
    said: str


async def check_line(
    there: Reached, *, to: str | None, template: str | None, language: str, wait_s: float
) -> AsyncIterator[Looked]:
    """Try the line's key, sender and webhook, and send a test message where a number is named.

    Args:
        there: The line.
        to: Whom to send a message, in digits; None sends none.
        template: The template to send instead of a text.
        language: Its language.
        wait_s: How long to wait for the message's status.
    """
    probe = there.adapter.services.probe
    if probe is None:
        yield Looked("key", None, "the provider has no call to try it without sending")
    else:
        looked = await _tried("key", probe.check_key)
        yield looked
        if looked.well:
            yield await _tried("sender", probe.check_sender)
    yield await _reaches(there)
    if to is not None:
        async for looked in _send(there, to, template, language, wait_s):
            yield looked


async def _tried(what: str, probe: Callable[[], Awaitable[str]]) -> Looked:
    try:
        return Looked(what, True, await probe())
    except ManualSetup as untold:
        return Looked(what, None, str(untold))
    except SendError as error:
        return Looked(what, False, with_advice(str(error), error.code))


def with_advice(said: str, code: str | None) -> str:
    """Return what went wrong, and what to do."""
    advice = ADVICE.get(code or "")
    return f"{said}; {advice}" if advice else said


# --- reachability -----------------------------------------------------------------------------------------


async def _reaches(there: Reached) -> Looked:
    """Ask the webhook's public address, as the provider will; a GET changes nothing there."""
    public_url = there.settings.server.public_url
    if public_url is None:
        said = "set server.public_url to where the provider reaches this server"
        return Looked("webhook", False, said)
    url = URL(webhook_address(public_url, there.line, there.table))
    answer, _ = await call(there.session, "GET", url, headers=CIMultiDict())
    shown = f"{public_url}/webhooks/{there.line}"  # without the secret
    if isinstance(answer, SendError):
        said = f"{shown} does not answer ({answer}); does `parley serve` run, and the proxy or tunnel lead to it?"
        return Looked("webhook", False, said)
    wrong = _wrong_there(answer)
    if wrong is not None:
        return Looked("webhook", False, f"{shown}: {wrong}")
    note = "" if url.scheme == "https" else "; most providers call by https alone"
    return Looked("webhook", True, f"{shown} is this line's{note}")


def _wrong_there(answer: Answer) -> str | None:
    """Return what is wrong with the answer to a webhook's address; None where Parley has the line there."""
    try:
        told = orjson.loads(answer.body or b"{}")
    except orjson.JSONDecodeError:
        told = None
    code = told.get("code") if isinstance(told, dict) else None
    if answer.status == 200 or (answer.status == 400 and code):
        return None
    if code == "line_unknown":
        return "the server there has no such line; start it with this configuration"
    if code == "signature_invalid":
        return "the server there has another webhook_secret; start it with this configuration"
    return f"it is not Parley that answers {answer.status}; let the proxy pass /webhooks/ on to it"


# --- a test message -----------------------------------------------------------------------------------------


async def _send(
    there: Reached, to: str, template: str | None, language: str, wait_s: float
) -> AsyncIterator[Looked]:
    """Put a message into the outbox and follow it."""
    try:
        content = await _content(there, template, language)
        async with opened(there.settings) as database:
            conversation, message = await put_message(
                database,
                there.line,
                Sender(phone=to, is_typed=True),
                content,
                now=datetime.now(UTC),
            )
            follow = _Follow(Queries(database), there.line, conversation, message)
            reports = there.adapter.capabilities.reports_delivery
            sent = await follow.until({"queued", "sending", "uncertain"}, wait_s)
            looked = _sent(sent)
            yield looked
            if looked.well and reports:
                left_s = max(1.0, wait_s)
                yield _delivered(await follow.until({"sent"}, left_s), wait_s)
    except ParleyError as error:
        yield Looked("message", False, with_advice(str(error), error.code))


async def _content(there: Reached, template: str | None, language: str) -> Outbound:
    """Return the message; a template gets what its provider knows it by, where the provider can be asked."""
    if template is None:
        return Text(body=TEXT)
    book = there.adapter.services.templates
    found = [] if book is None else await book.list(name=template)
    known = next((one for one in found if one.language == language), None)
    return Template(
        name=template,
        language=language,
        id=None if known is None else known.id,
        namespace=None if known is None else known.namespace,
    )


class _Follow(NamedTuple):
    """One message on its way."""

    queries: Queries
    line: LineId
    conversation: ConversationId
    message: MessageId

    async def until(self, passing: set[str], wait_s: float) -> TranscriptMessage:
        """Return the message once its status is none of these, or the time is over."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + wait_s
        gives_up = loop.time() + TAKEN_WITHIN_S
        while True:
            now = await self._look()
            untaken = now.status == "queued" and not now.attempts and loop.time() > gives_up
            if now.status not in passing or untaken or loop.time() > ends:
                return now
            await asyncio.sleep(LOOK_EVERY_S)

    async def _look(self) -> TranscriptMessage:
        before = MessageId(self.message - 1)
        (found,) = await self.queries.messages(self.line, self.conversation, after=before, limit=1)
        return found


def _sent(message: TranscriptMessage) -> Looked:
    match message.status:
        case "sent" | "delivered" | "read" | "played":
            return Looked("message", True, f"the provider took it as {message.external_id}")
        case "held":
            said = with_advice("the window of that number is closed", "window_closed")
        case "failed":
            said = with_advice(f"{message.error_code}: {message.error}", message.error_code)
        case "queued" if not message.attempts:
            said = "no server took it up: start `parley serve` with this configuration"
        case "queued":
            said = with_advice(
                f"it is tried again: {message.error_code}: {message.error}", message.error_code
            )
        case "cancelled":
            said = "that contact has opted out"
        case status:
            said = f"it is {status}: {message.error or 'no answer came'}; see `parley outbox`"
    return Looked("message", False, said)


def _delivered(message: TranscriptMessage, wait_s: float) -> Looked:
    match message.status:
        case "delivered" | "read" | "played":
            return Looked("status", True, message.status)
        case "failed":
            said = with_advice(f"{message.error_code}: {message.error}", message.error_code)
            return Looked("status", False, said)
        case _:
            said = (
                f"none came within {wait_s:g} s: is that phone on, and the webhook registered "
                "(`parley lines register`) with its status events?"
            )
            return Looked("status", False, said)
