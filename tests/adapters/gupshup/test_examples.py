"""Every request that Gupshup documents, made through our own types. Collected where the documents are present."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import pytest

from adapters.gupshup.adapter import Gupshup
from engine.core.content import (
    Button,
    Buttons,
    ContactCard,
    Contacts,
    List,
    Location,
    Media,
    Outbound,
    Phone,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.core.value import Json
from engine.ports import Accepted, NoLinks
from tests.adapters.examples import Call, Found, differences
from tests.adapters.gupshup.conftest import make_settings
from tests.adapters.gupshup.documented import DOCUMENTED
from tests.adapters.gupshup.provider import GupshupProvider, form_of
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import LINE, outgoing

EXAMPLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_bytes())
    for path in sorted((PAYLOADS / "gupshup-outbound").glob("*.json"))
}
"""What the reference prints: a whole form, or what stands in its `message`."""

FORMS = {"form-session-1": "/wa/api/v1/msg", "form-template-1": "/wa/api/v1/template/msg"}
"""The whole ones, and where each goes."""

Body = Mapping[str, Any]


# --- an example's values as our content ----------------------------------------------------------------


def expressed(name: str, body: Body) -> Outbound:
    """Return the content that an example stands for."""
    if name in FORMS:
        return expressed_form(body)
    return EXPRESSED[body["type"]](body)


def expressed_form(form: Body) -> Outbound:
    if "template" in form:
        template = json.loads(form["template"])
        return Template(name="-", language="-", id=template["id"], body=tuple(template["params"]))
    message = json.loads(form["message"])
    return Text(body=message["text"], preview_url=form["disablePreview"] == "false")


def _media(body: Body) -> Outbound:
    kind: Any = "document" if body["type"] == "file" else body["type"]
    return Media(
        kind=kind,
        url=body.get("originalUrl") or body["url"],
        caption=body.get("caption"),
        filename=body.get("filename"),
    )


def _buttons(body: Body) -> Outbound:
    content = body["content"]
    header = content.get("header")
    if content["type"] != "text":
        header = _media({key: content.get(key) for key in ("type", "url", "filename")})
    return Buttons(
        body=content["text"],
        header=header,
        footer=content.get("caption"),
        buttons=tuple(
            Button(id=option["postbackText"], title=option["title"]) for option in body["options"]
        ),
    )


def _list(body: Body) -> Outbound:
    (button,) = body["globalButtons"]
    used: set[str] = set()

    def row(option: Body) -> Row:
        id_ = option["postbackText"]
        if id_ in used:  # rows of ours are told apart by their ids
            id_ = f"{id_} again"
        used.add(id_)
        return Row(id=id_, title=option["title"], description=option["description"])

    sections = tuple(
        Section(title=item["title"], rows=tuple(map(row, item["options"])))
        for item in body["items"]
    )
    return List(
        body=body["body"],
        label=button["title"],
        header=body["title"],
        footer=body["footer"],
        sections=sections,
    )


def _location(body: Body) -> Outbound:
    return Location.model_validate({key: body[key] for key in body if key != "type"})


def _contacts(body: Body) -> Outbound:
    card, name = body["contact"], body["contact"]["name"]
    shown = ContactCard(
        name=name["formattedName"],
        first_name=name["firstName"],
        last_name=name["lastName"],
        phones=tuple(
            Phone(phone=one["phone"], type=one["type"], address=one.get("wa_id"))
            for one in card["phones"]
        ),
        emails=tuple(one["email"] for one in card["emails"]),
        urls=tuple(one["url"] for one in card["urls"]),
        addresses=tuple(
            ", ".join(one[key] for key in ("street", "city", "state", "zip", "country"))
            for one in card["addresses"]
        ),
        organization=card["org"]["company"],
        birthday=card["birthday"],
    )
    return Contacts(cards=(shown,))


EXPRESSED: dict[str, Callable[[Body], Outbound]] = {
    "text": lambda body: Text(body=body["text"]),
    "image": _media,
    "video": _media,
    "audio": _media,
    "sticker": _media,
    "file": _media,
    "quick_reply": _buttons,
    "list": _list,
    "location": _location,
    "contact": _contacts,
}


# --- made again ----------------------------------------------------------------------------------------


async def compare(session: aiohttp.ClientSession, provider: GupshupProvider, name: str) -> Found:
    """Send what an example stands for and return where ours differs."""
    body = EXAMPLES[name]
    settings = make_settings(base_url=provider.url)
    contact = Contact(id=ContactId(1), phone="525550000001")
    if name in FORMS:
        changes = {"base_url": provider.url, "source": body["source"], "app": body["src.name"]}
        settings = make_settings(**changes)
        contact = Contact(id=ContactId(1), phone=body["destination"])
    gupshup = Gupshup(LINE, settings, session=session, media_links=NoLinks())
    provider.requests.clear()
    result = await gupshup.send(outgoing(expressed(name, body), contact=contact))
    assert isinstance(result, Accepted), result
    (request,) = provider.requests
    came: Json = {key: _read(value) for key, value in form_of(request).items()}
    documented: Json
    if name in FORMS:
        documented = {key: _read(value) for key, value in body.items()}
    else:
        assert isinstance(came, dict)
        came, documented = {"message": came["message"]}, {"message": dict(body)}
    path = FORMS.get(name, FORMS["form-session-1"])
    return differences(Call(request.method, request.path, came), Call("POST", path, documented))


def _read(value: str) -> Json:
    read: Json = json.loads(value) if value.startswith(("{", "[")) else value
    return read


def test_every_documented_example_is_in_the_table() -> None:
    assert len(EXAMPLES) == 15
    assert list(DOCUMENTED.made_by) == list(EXAMPLES)


@pytest.mark.parametrize("name", DOCUMENTED.made_by)
async def test_an_example_is_made_as_documented(
    session: aiohttp.ClientSession, provider: GupshupProvider, name: str
) -> None:
    assert DOCUMENTED.unlisted(name, await compare(session, provider, name)) == {}


async def test_every_listed_deviation_occurs(
    session: aiohttp.ClientSession, provider: GupshupProvider
) -> None:
    found = {name: await compare(session, provider, name) for name in EXAMPLES}
    assert DOCUMENTED.idle(found) == []
