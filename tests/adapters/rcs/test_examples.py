"""Interakt's documented RCS requests, made again through our own content. Collected where the documents are present."""

import json
from typing import Any, TypeAlias

import pytest

from adapters.rcs.adapter import Rcs
from engine.core.content import (
    Action,
    Actions,
    AddEvent,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Dial,
    Media,
    MediaKind,
    OpenUrl,
    Outbound,
    ShowLocation,
    Sms,
    Template,
    TemplateCard,
    Text,
)
from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.ports import Accepted
from tests.adapters.examples import Call, Found, differences
from tests.adapters.interakt.provider import InteraktProvider
from tests.adapters.published import PAYLOADS
from tests.adapters.rcs.documented import DOCUMENTED
from tests.adapters.samples import outgoing

Doc: TypeAlias = dict[str, Any]

HOST = "https://api.interakt.ai"

EXAMPLES: dict[str, Doc] = {
    example["name"]: example
    for example in json.loads(
        (PAYLOADS.parent / "interakt-examples.json").read_text(encoding="utf-8")
    )
    if "/rcs/" in example["url"]
}


def expressed(body: Doc) -> Outbound:
    """Return the example's content as ours says it."""
    match body["type"]:
        case "Template":
            return template_of(body)
        case "Image":
            info = body["contentInfo"]
            return Media(kind="image", url=info["fileUrl"], thumbnail_url=info["thumbnailUrl"])
        case "CAROUSEL" | "STANDALONE_CAROUSEL":
            return cards_of(body)
        case kind:
            return words_of(kind, body["message"])


def words_of(kind: str, message: Doc) -> Outbound:
    text, actions = message["plainText"], actions_of(message)
    match kind, actions:
        case "Text", ():
            return Text(body=text)
        case "QR", _:
            buttons = tuple(action for action in actions if isinstance(action, Button))
            return Buttons(body=text, buttons=buttons)
        case "BUTTON_URL", (OpenUrl(id=id, title=title, url=url),):
            return CallToAction(body=text, title=title, url=url, id=id)
        case _:
            return Actions(body=text, actions=actions)


def actions_of(holder: Doc) -> tuple[Action, ...]:
    return tuple(action_of(suggestion) for suggestion in holder.get("suggestions", ()))


def action_of(suggestion: Doc) -> Action:
    said = suggestion.get("reply") or suggestion["action"]
    named = {"id": said["postBack"]["data"], "title": said["plainText"]}
    match said:
        case {"openUrl": does}:
            return OpenUrl(**named, url=does["url"])
        case {"dialerAction": does}:
            return Dial(**named, phone=does["phoneNumber"])
        case {"showLocation": does}:
            return ShowLocation(**named, **does["coordinAtes"], label=does["label"])
        case {"createCalendarEvent": does}:
            return AddEvent.model_validate(
                {
                    **named,
                    "event": does["title"],
                    "starts_at": does["startTime"],
                    "ends_at": does["endTime"],
                    "description": does["description"],
                }
            )
        case _:
            return Button(**named)


def cards_of(body: Doc) -> Carousel:
    details, actions, sms = (
        body["message"]["richCardDetails"],
        actions_of(body["message"]),
        sms_of(body),
    )
    if alone := details.get("standalone"):
        return Carousel(
            cards=(card_of(alone["content"]),),
            orientation=alone["cardOrientation"].lower(),
            actions=actions,
            sms=sms,
        )
    row = details["carousel"]
    return Carousel(
        cards=tuple(map(card_of, row["contents"])),
        width=row["cardWidth"].removesuffix("_WIDTH").lower(),
        actions=actions,
        sms=sms,
    )


def card_of(card: Doc) -> Card:
    media = card["cardMedia"]
    url = media["contentInfo"]["fileUrl"]
    kind: MediaKind = "document" if url.endswith(".pdf") else "image"
    return Card(
        title=card["cardTitle"],
        body=card["cardDescription"],
        media=Media(kind=kind, url=url),
        media_height=media["mediaHeight"].lower(),
        actions=actions_of(card),
    )


def template_of(body: Doc) -> Template:
    filled = body["template"]
    return Template(
        name=filled["name"],
        language=filled["languageCode"],
        body=tuple(filled.get("bodyValues", ())),
        cards=tuple(
            TemplateCard(body=tuple(card["bodyValues"])) for card in filled.get("carouselCards", ())
        ),
        campaign=body.get("campaignId"),
        sms=sms_of(body),
    )


def sms_of(body: Doc) -> Sms | None:
    if "fallback" not in body:
        return None
    (fallback,) = body["fallback"]
    content = fallback["content"]
    return Sms(
        message=content["message"],
        sender_id=fallback["sender_id"],
        entity_id=fallback["pe_id"],
        template_id=content["dlt_te_id"],
        variables=tuple(content["variables"]),
        provider_name=fallback["provider_name"],
    )


async def compare(rcs: Rcs, provider: InteraktProvider, name: str) -> Found:
    """Make an example of its values and return where ours differs."""
    example = EXAMPLES[name]
    body = example["body"]
    phone = f"{body['countryCode']}{body['phoneNumber']}".removeprefix("+")
    contact = Contact(id=ContactId(1), phone=phone)
    (answer,) = example["responses"]
    provider.answers(answer["code"] or 201, answer["body"])
    result = await rcs.send(outgoing(expressed(body), contact=contact))
    assert isinstance(result, Accepted)
    assert result.external_id == answer["body"]["id"], "the documented answer is taken"
    request = provider.requests[-1]
    ours = Call(request.method, request.path, json.loads(request.body))
    wanted, given = example["headers"], request.headers
    assert given["authorization"].partition(" ")[0] == wanted["Authorization"].partition(" ")[0]
    assert given["content-type"] == wanted["Content-Type"]
    return differences(ours, Call(example["method"], example["url"].removeprefix(HOST), body))


def test_every_documented_example_is_in_the_table() -> None:
    assert len(EXAMPLES) == 14
    assert list(DOCUMENTED.made_by) == list(EXAMPLES)


@pytest.mark.parametrize("name", DOCUMENTED.made_by)
async def test_an_example_is_made_as_documented(
    rcs: Rcs, provider: InteraktProvider, name: str
) -> None:
    assert DOCUMENTED.unlisted(name, await compare(rcs, provider, name)) == {}


async def test_every_listed_deviation_occurs(rcs: Rcs, provider: InteraktProvider) -> None:
    found = {name: await compare(rcs, provider, name) for name in EXAMPLES}
    assert DOCUMENTED.idle(found) == []
