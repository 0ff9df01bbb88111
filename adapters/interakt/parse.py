"""An Interakt webhook body -> what it says. Pure; one odd item never spoils the rest.

Source: Interakt resource center, "Interakt's webhooks", and bodies that clients published, read 2026-08.
"""

from datetime import datetime

from adapters.interakt.errors import WINDOW_WORDS
from adapters.interakt.payloads import CLICKED, RECEIVED, STATUS_TIMES, STATUSES
from adapters.interakt.settings import Channel
from adapters.rcs.parse import read_callback
from adapters.rcs.payloads import ENTITY
from adapters.whatsapp.changes import (
    Found,
    external_id_of,
    hash_of,
    our_id_of,
    parcels_of,
    read_report,
    short_key,
)
from adapters.whatsapp.errors import closes_window
from adapters.whatsapp.inbound import read_content, read_context, read_referral
from adapters.wire import Wire, iso_time_of, load_object, load_text, part_of, text_in, text_of, tidy
from engine.core.content import (
    ButtonReply,
    Context,
    Inbound,
    ListReply,
    Media,
    MediaKind,
    ProviderError,
    Reaction,
    TemplateButton,
    Text,
    Unsupported,
)
from engine.core.ids import ExternalId, LineId
from engine.core.signals import (
    DeliveryReported,
    LineReported,
    MessageReceived,
    Sender,
    Status,
)
from engine.ports import Parcel

FILES: dict[str, MediaKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
}
"""By `message_content_type` in lower case."""

STRUCTURED = ("location", "contacts", "reaction", "order")
"""Contents that nobody has published a body of; read in WhatsApp's own form, as the interactive ones come."""

_PHONE_DIGITS = range(5, 16)


def parse_body(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    """Return what a body of either channel says, the parcel's account being the channel.

    Interakt names no account. What is about neither channel, or both, has none: reports of the line.

    Raises:
        PayloadInvalid: The body is no JSON object.
    """
    read = load_object(body)
    channel: Channel = "rcs" if ENTITY in read else "whatsapp"
    found = (
        read_callback(read, received_at) if channel == "rcs" else [_read_body(read, received_at)]
    )
    return parcels_of(
        ((None if isinstance(one[1], LineReported) else channel, [one]) for one in found),
        line=line,
        received_at=received_at,
    )


def _read_body(body: Wire, received_at: datetime) -> Found:
    kind, data = text_of(body, "type") or "unknown", part_of(body, "data")
    message, sender = part_of(data, "message"), sender_of(part_of(data, "customer"))
    told_at = iso_time_of(body, "timestamp", otherwise=received_at)
    status = STATUSES.get(kind)
    if kind in RECEIVED and message and sender is not None:
        return _read_message(message, sender, told_at)
    if status is not None and text_of(message, "id") is not None:
        return _read_status(status, message, sender, told_at)
    if kind == CLICKED and sender is not None:
        tap = _read_tap(body, message, sender, told_at)
        if tap is not None:
            return tap
    # All else is about the account, or of a form that nobody has documented: the test of the URL, templates'
    # approvals, alerts, opened links, fallbacks by other channels.
    return read_report(kind, body)


# --- who ---------------------------------------------------------------------------------------------


def sender_of(customer: Wire) -> Sender | None:
    """Return who a customer is, None where nothing tells. A masked number is none; the customer's id stays."""
    phone = _digits(text_of(customer, "channel_phone_number") or "")
    if phone is None:
        code = _digits(text_of(customer, "country_code") or "", of=range(1, 4))
        rest = _digits(text_of(customer, "phone_number") or "", of=range(4, 15))
        phone = f"{code}{rest}" if code and rest else None
    user_id = text_of(customer, "id")
    if phone is None and user_id is None:
        return None
    return Sender(
        phone=phone,
        user_id=None if user_id is None else short_key(user_id),
        name=text_in(customer, "traits", "name"),
    )


def _digits(number: str, *, of: range = _PHONE_DIGITS) -> str | None:
    """Return the digits of a number that is whole: one with dots, stars or x in it is masked."""
    digits = number.removeprefix("+").replace(" ", "").replace("-", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) in of else None


# --- what they sent ----------------------------------------------------------------------------------


def _read_message(message: Wire, sender: Sender, told_at: datetime) -> Found:
    external_id = external_id_of(message)
    signal = MessageReceived(
        external_id=external_id,
        content=_read_content(message),
        sent_at=iso_time_of(message, "received_at_utc", otherwise=told_at),
        context=read_context({"context": part_of(message, "message_context")}),
        referral=read_referral(message),
    )
    return external_id, signal, sender


def _read_content(message: Wire) -> Inbound:
    kind = (text_of(message, "message_content_type") or "").replace("_", "").lower()
    said = text_of(message, "message")
    if kind in FILES:
        return Media(kind=FILES[kind], url=text_of(message, "media_url"), caption=said)
    if kind.startswith("interactive"):
        return _read_interactive(kind, message)
    if tapped := _button_text(part_of(message, "meta_data")):
        return TemplateButton(payload=None, title=tapped)
    if kind in STRUCTURED:
        return _read_structured(kind, message)
    if kind in ("text", "") and said is not None:
        return Text(body=said)
    return Unsupported(type=text_of(message, "message_content_type") or "")


def _read_interactive(kind: str, message: Wire) -> Inbound:
    """Read a tap or a form: WhatsApp's own object as text or as it is; in older forms the title alone."""
    match _unpacked(message):
        case dict() as reply if "title" not in reply:
            return read_content({"type": "interactive", "interactive": reply})
        case dict() as reply:
            id_, title = text_of(reply, "id"), text_of(reply, "title")
        case _:  # a title such as "2" or "true" is JSON too
            said = text_of(message, "message")
            id_, title = None, said or _button_text(part_of(message, "meta_data"))
    if title is None:
        return Unsupported(type="interactive", reason="unreadable: no title")
    return (ListReply if "list" in kind else ButtonReply)(id=id_, title=title)


def _read_structured(kind: str, message: Wire) -> Inbound:
    said = _unpacked(message)
    if isinstance(said, dict) and kind not in said:
        said = {kind: [said] if kind == "contacts" else said}
    if isinstance(said, dict | list):
        inner = said if isinstance(said, dict) else {kind: said}
        return read_content({"type": kind, kind: inner.get(kind)})
    original = text_in(message, "message_context", "id")
    if kind == "reaction" and original is not None:
        return Reaction(to=ExternalId(original), emoji=text_of(message, "message"))
    return Unsupported(type=kind)


def _unpacked(message: Wire) -> object:
    said = message.get("message")
    return load_text(said) if isinstance(said, str) else tidy(said)


def _button_text(told: Wire) -> str | None:
    """Return the title of the template's button that was tapped."""
    payload = part_of(part_of(told, "button_payload"), "payload")
    return text_of(payload, "text") or text_of(told, "button_text")


# --- taps on templates, told as clicks ---------------------------------------------------------------


def _read_tap(body: Wire, message: Wire, sender: Sender, told_at: datetime) -> Found | None:
    """Return a quick reply of a template as the message it is; None for a link that was opened."""
    data = part_of(body, "data")
    for told in (part_of(message, "meta_data"), part_of(data, "event"), part_of(body, "event")):
        title = _button_text(told)
        if text_of(told, "click_type") == "QR" and title is not None:
            break
    else:
        return None
    template = text_of(message, "id")
    tapped_at = iso_time_of(told, "click_timestamp", otherwise=told_at)
    external_id = ExternalId(
        short_key(f"{template or hash_of(tidy(message))}:tap:{tapped_at.isoformat()}")
    )
    signal = MessageReceived(
        external_id=external_id,
        content=TemplateButton(payload=None, title=title),
        sent_at=tapped_at,
        context=None if template is None else Context(reply_to=ExternalId(short_key(template))),
    )
    return external_id, signal, sender


# --- what became of ours -----------------------------------------------------------------------------


def _read_status(status: Status, message: Wire, sender: Sender | None, told_at: datetime) -> Found:
    external_id = external_id_of(message)
    signal = DeliveryReported(
        external_id=external_id,
        message=our_id_of(part_of(part_of(message, "meta_data"), "source_data"), "callback_data"),
        status=status,
        at=iso_time_of(message, STATUS_TIMES.get(status, ""), otherwise=told_at),
        recipient=sender,
        errors=_read_errors(message) if status == "failed" else (),
    )
    return short_key(f"{external_id}:{status}"), signal, None


def _read_errors(message: Wire) -> tuple[ProviderError, ...]:
    code, reason = (
        text_of(message, "channel_error_code"),
        text_of(message, "channel_failure_reason"),
    )
    if code is None and reason is None:
        return ()
    closed = closes_window(code) or WINDOW_WORDS in (reason or "").lower()
    return (ProviderError(code=code or "", title=reason, window_closed=closed),)
