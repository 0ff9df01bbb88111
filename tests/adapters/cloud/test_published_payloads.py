"""Second opinions: what others published of Cloud's wire, read and written as we do. Collected where it is present."""

import json
from functools import cache
from typing import Any, TypeAlias

import jsonschema
import orjson
import pytest

from adapters.cloud.capabilities import CAPABILITIES
from adapters.cloud.parse import parse_body
from adapters.cloud.render import render_message, render_read_mark
from adapters.whatsapp.errors import error_of, find_code
from adapters.whatsapp.limits import problem_of
from engine.core.content import (
    Button,
    Buttons,
    CallToAction,
    Contacts,
    FormReply,
    List,
    Location,
    LocationRequest,
    Media,
    Outbound,
    Reaction,
    ReadMark,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.ids import ExternalId, MessageId
from engine.core.signals import Arrival, BusinessReplied, DeliveryReported, MessageReceived
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import ANA, ANA_WITHOUT_PHONE, EVERY_OUTBOUND, LINE, NOW

Doc: TypeAlias = dict[str, Any]

ITEMS = {
    item["file"]: item
    for item in json.loads((PAYLOADS / "index.json").read_text(encoding="utf-8"))["items"]
    if item["provider"] == "cloud"
}
INBOUND = [file for file, item in ITEMS.items() if item["direction"] == "inbound"]
OUTBOUND = [file for file, item in ITEMS.items() if item["direction"] == "outbound"]

KINDS = {
    "audio-voice": "voice",
    "button": "template_button",
    "edit": "edited",
    "interactive-button_reply": "button_reply",
    "interactive-call_permission_reply": "interaction",
    "interactive-list_reply": "list_reply",
    "interactive-nfm_reply": "form_reply",
    "interactive-none": "interaction",
    "interactive-payment_method": "interaction",
    "malformed-docs-artifact": "text",
    "revoke": "revoked",
    "system-customer_identity_changed": "system",
    "system-user_changed_number": "system",
}
"""The content's kind by the index's type, where the two words differ."""

ASPECTS = (
    "-bsuid-only",
    "-bsuid",
    "-reply",
    "-forwarded",
    "-referral",
    "-referred-product",
    "-group",
)


def arrivals_of(file: str) -> list[Arrival]:
    parcels = parse_body((PAYLOADS / file).read_bytes(), line=LINE, received_at=NOW)
    return [arrival for parcel in parcels for arrival in parcel.arrivals]


def said_by(arrival: Arrival) -> str:
    match arrival.signal:
        case MessageReceived(content=content):
            return content.kind
        case DeliveryReported(status=status):
            return f"status-{status}"
        case signal:
            return signal.kind


def expected_of(type_: str) -> str | None:
    """Return what one body of the index's type says first, None where it says nothing."""
    for aspect in ASPECTS:
        type_ = type_ if type_ in KINDS else type_.removesuffix(aspect)
    if type_ == "event-smb_message_echoes":
        return "business_replied"
    if type_ == "event-user_preferences":
        return "consent_changed"
    if type_ == "empty-entry":
        return None
    if type_.startswith(("event-", "error-", "empty")) or type_ == "image-with-errors":
        return "line_reported"
    return KINDS.get(type_, type_)


def test_there_are_as_many_as_the_index_says() -> None:
    assert len(INBOUND) == 200
    assert len(OUTBOUND) > 70


@pytest.mark.parametrize("file", INBOUND)
def test_every_published_webhook_is_what_its_index_says(file: str) -> None:
    first = next(iter(arrivals_of(file)), None)
    assert (None if first is None else said_by(first)) == expected_of(ITEMS[file]["type"])


@pytest.mark.parametrize("file", [file for file in INBOUND if "expected" in ITEMS[file]])
def test_what_others_expect_of_a_webhook_is_met(file: str) -> None:
    arrivals = arrivals_of(file)
    for what, value in ITEMS[file]["expected"].items():
        match what:
            case "raises":
                assert arrivals == []
            case "messages_created":
                assert [a for a in arrivals if isinstance(a.signal, MessageReceived)] == []
            case "outgoing_echo":
                assert isinstance(arrivals[0].signal, BusinessReplied)
            case _:
                signal = arrivals[0].signal
                assert isinstance(signal, MessageReceived)
                assert told(what, signal) == value


def told(what: str, signal: MessageReceived) -> object:
    match what, signal.content:
        case "text", Text(body=body):
            return body
        case "text", Media(caption=caption):
            return caption
        case "text", Contacts(cards=cards):
            return cards[0].name
        case "filename", Media(filename=filename):
            return filename
        case "flow_name", FormReply(name=name):
            return name
        case "not_dropped", FormReply():
            return True
        case "reply_to", _:
            return signal.context and signal.context.reply_to
        case _:
            return None


# --- outbound ----------------------------------------------------------------------------------------


@cache
def schema() -> jsonschema.Draft202012Validator:
    path = PAYLOADS / "meta-openapi" / "message.patched.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("contact", [ANA, ANA_WITHOUT_PHONE], ids=["phone", "user id"])
@pytest.mark.parametrize("kind", sorted(CAPABILITIES.kinds - {"read_mark"}))
def test_what_we_write_fits_the_published_schema(kind: str, contact: Contact) -> None:
    content = EVERY_OUTBOUND[kind]
    assert not isinstance(content, ReadMark)
    body = orjson.loads(render_message(content, contact=contact, message=MessageId(7)))
    assert [error.message for error in schema().iter_errors(body)] == []


def expressed(body: Doc) -> Outbound | None:
    """Return an example's content, None where ours cannot say it (yet)."""
    if body.get("status") == "read":
        return ReadMark(message=body["message_id"], typing="typing_indicator" in body)
    kind = body.get("type", "text")
    part: Any = body.get(kind)
    if part is None:
        return None
    match kind:
        case "text":
            return Text(body=part["body"], preview_url=part.get("preview_url", False))
        case "image" | "video" | "audio" | "document" | "sticker":
            return Media(
                kind="voice" if part.get("voice") else kind,
                external_id=part.get("id"),
                url=part.get("link"),
                caption=part.get("caption"),
                filename=part.get("filename"),
            )
        case "location":
            return Location.model_validate(part)
        case "reaction":
            return Reaction(to=part["message_id"], emoji=part["emoji"])
        case "template":
            return expressed_template(part)
        case "interactive":
            return expressed_interactive(part)
        case _:
            return None


def expressed_template(part: Doc) -> Outbound | None:
    components = part.get("components", [])
    variables = [p for c in components for p in c.get("parameters", [])]
    plain = [v for v in variables if v.keys() == {"type", "text"} and v["type"] == "text"]
    if [c["type"] for c in components] not in ([], ["body"]) or plain != variables:
        return None
    return Template(
        name=part["name"],
        language=part["language"]["code"],
        body=tuple(v["text"] for v in variables),
    )


def expressed_interactive(part: Doc) -> Outbound | None:
    frame = {"body": part.get("body", {}).get("text"), "footer": part.get("footer", {}).get("text")}
    header = part.get("header", {"type": "text"})
    if header["type"] != "text":
        return None
    frame["header"] = header.get("text")
    action = part["action"]
    match part["type"]:
        case "button":
            buttons = tuple(Button(**button["reply"]) for button in action["buttons"])
            return Buttons(buttons=buttons, **frame)
        case "list":
            sections = tuple(
                Section(title=s.get("title"), rows=tuple(Row(**row) for row in s["rows"]))
                for s in action["sections"]
            )
            return List(label=action["button"], sections=sections, **frame)
        case "cta_url":
            given = action["parameters"]
            return CallToAction(title=given["display_text"], url=given["url"], **frame)
        case "location_request_message":
            return LocationRequest(body=frame["body"])
        case _:
            return None


EXPRESSIBLE = {
    file: content
    for file in OUTBOUND
    if (content := expressed(orjson.loads((PAYLOADS / file).read_bytes()))) is not None
}


def test_our_content_can_say_most_examples() -> None:
    assert len(EXPRESSIBLE) >= 45


@pytest.mark.parametrize("file", EXPRESSIBLE)
def test_an_example_read_as_ours_is_written_as_it_was(file: str) -> None:
    example, content = orjson.loads((PAYLOADS / file).read_bytes()), EXPRESSIBLE[file]
    if isinstance(content, ReadMark):
        assert orjson.loads(render_read_mark(content)) == example
        return
    reply_to = example.get("context", {}).get("message_id")
    ours = orjson.loads(
        render_message(
            content,
            contact=ANA,
            message=MessageId(7),
            reply_to=None if reply_to is None else ExternalId(reply_to),
        )
    )
    kind = example.setdefault("type", "text")
    assert ours["type"] == kind
    assert ours.get("context") == example.get("context")
    assert plain(ours[kind]) == plain(example[kind])
    if "<" not in str(
        example[kind]
    ):  # placeholders of a manual are longer than what they stand for
        assert problem_of(content, CAPABILITIES) is None


def plain(part: Doc) -> Doc:
    """Return a body's part as two ways of writing the same have it in common."""
    part = {"preview_url": False, **part} if "body" in part and "type" not in part else dict(part)
    for axis in ("latitude", "longitude"):
        if axis in part:
            part[axis] = float(part[axis])
    if "language" in part:
        part["language"] = {"code": part["language"]["code"]}
    return part


# --- error codes -------------------------------------------------------------------------------------

RETRIED = {
    "retry",
    "retry-slow",
    "retry-pair",
    "retry-limited",
    "check-then-retry",
    "account",
    "auth",
}

READ_OTHERWISE = {"33": "a deleted number concerns the line, and somebody may bring it back"}
"""Codes that we read otherwise than the table does, and why."""


@pytest.mark.parametrize(
    "entry",
    json.loads((PAYLOADS / "errors" / "cloud_error_codes.json").read_text(encoding="utf-8"))[
        "codes"
    ],
    ids=lambda entry: entry["code"],
)
def test_every_published_error_code_is_known(entry: Doc) -> None:
    known = find_code(int(entry["code"].partition("-")[0]))
    assert known is not None
    error = error_of(known.action, known.meaning, code=entry["code"], retry_after=None)
    if entry["code"] not in READ_OTHERWISE:
        assert error.retryable == (entry["action"] in RETRIED)
