"""Every call that Sobot's page documents, made through our own types. Collected where the page is present."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

import aiohttp
import pytest

from adapters.sandbox.sobot import SobotSandbox, SobotSettings, served
from adapters.sobot.adapter import Sobot
from adapters.sobot.render import render_message
from adapters.sobot.services import render_customer
from engine.core.content import (
    Button,
    Buttons,
    ButtonValue,
    List,
    Location,
    Media,
    Outbound,
    Product,
    Products,
    ProductSection,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.ports import Accepted
from engine.ports.services import ButtonDraft, HeaderDraft, Profile, TemplateDraft, TemplateStatus
from tests.adapters.examples import Call, Found, differences
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import outgoing
from tests.adapters.sobot.conftest import API_KEY, API_SECRET
from tests.adapters.sobot.documented import DOCUMENTED
from tests.adapters.sobot.page import PAGE, read_page
from tests.adapters.sobot.provider import SobotProvider

EXAMPLES = read_page(PAGE.read_text(encoding="utf-8"))

Body = Mapping[str, Any]


# --- free-flow and template messages ---------------------------------------------------------------


def expressed(body: Body) -> Outbound:
    """Return the content that an example's body stands for."""
    if "template_name" in body:
        return expressed_template(body)
    frame: dict[str, Any] = {"body": body.get("message"), "footer": body.get("caption")}
    match body["type"]:
        case "text":
            return Text(body=body["message"])
        case "image" | "video" | "document" as kind:
            return Media(
                kind="sticker" if body["mime_type"].endswith("/webp") else kind,
                url=body["url"],
                mime_type=body["mime_type"],
                filename=body.get("filename"),
                caption=body.get("caption"),
            )
        case "location":
            return Location(
                latitude=float(body["latitude"]),
                longitude=float(body["longitude"]),
                name=body["location_name"],
                address=body["address"],
            )
        case "quick_reply":
            buttons = tuple(
                Button(id=str(index), title=title) for index, title in enumerate(body["buttons"])
            )
            return Buttons(buttons=buttons, header=body["header"], **frame)
        case "list":
            menu = body["list_obj"]
            sections = tuple(
                Section(title=part["title"], rows=tuple(Row(**row) for row in part["rows"]))
                for part in menu["sections"]
            )
            return List(label=menu["button"], sections=sections, header=body["header"], **frame)
        case "product" if "sections" in body["product_list"]:
            shelves = tuple(
                ProductSection(
                    title=part["title"],
                    skus=tuple(item["product_retailer_id"] for item in part["product_items"]),
                )
                for part in body["product_list"]["sections"]
            )
            return Products(sections=shelves, header=body["header"], **frame)
        case "product":
            return Product(sku=body["product_list"]["product_retailer_id"], **frame)
        case other:
            raise AssertionError(f"an example of a type that nobody expressed: {other}")


def expressed_template(body: Body) -> Template:
    """Return the template that an example's body stands for."""
    header: Media | None = None
    variables: tuple[str, ...] = ()
    buttons: list[ButtonValue] = []
    for part in body.get("params", []):
        first = part["parameters"][0]
        match part["type"]:
            case "header":
                kind = first["type"]
                given = first[kind]
                header = Media(kind=kind, url=given["link"], filename=given.get("filename"))
            case "body":
                variables = tuple(parameter["text"] for parameter in part["parameters"])
            case "button":
                buttons.append(
                    ButtonValue(index=part["index"], value=first["text"], use=part["sub_type"])
                )
    return Template(
        name=body["template_name"],
        language=body["template_lang"],
        header=header,
        body=variables,
        buttons=tuple(buttons),
    )


async def send(sobot: Sobot, body: Body) -> None:
    contact = Contact(id=ContactId(1), phone=body["customer_number"], name=body["customer_name"])
    assert isinstance(await sobot.send(outgoing(expressed(body), contact=contact)), Accepted)


# --- customers ---------------------------------------------------------------------------------------

MOBILE = "525550000001"
"""Stands for the placeholder in the address."""


def expressed_profile(body: Body) -> Profile:
    """Return the person that an example's body stands for."""
    return Profile(
        phone=body.get("mobile", MOBILE),
        name=body["name"],
        email=body["email"],
        gender=body["gender"].lower(),
        born_on=date(*map(int, reversed(body["date_of_birth"].split("-")))),
        links={
            site: body[f"{site}_profile"]
            for site in ("facebook", "linkedin", "twitter")
            if f"{site}_profile" in body
        },
        traits=body["extra_fields"],
        tags=tuple(body["labels"]),
    )


async def save(sobot: Sobot, body: Body) -> None:
    assert sobot.services.contacts is not None
    await sobot.services.contacts.save(expressed_profile(body))


async def list_customers(sobot: Sobot, body: Body) -> None:
    assert sobot.services.contacts is not None
    await sobot.services.contacts.list()


# --- templates ---------------------------------------------------------------------------------------


def expressed_draft(body: Body) -> TemplateDraft:
    """Return the draft that an example's body stands for."""
    buttons = [ButtonDraft(kind="quick_reply", text=text) for text in body.get("buttons", [])]
    for phone in body.get("phone_numbers", []):
        number = phone["phone_number"]
        buttons.append(ButtonDraft(kind="phone", text=phone["text"], phone=number))
    if "url" in body:
        example = body["example_webiste"]
        buttons.append(
            ButtonDraft(kind="url", text=body["url_name"], url=body["url"], example=example)
        )
    header = None
    if "header_type" in body:
        header = HeaderDraft(format=body["header_type"].lower(), url=body["example"])
    return TemplateDraft(
        name=body["entity_name"],
        language="en_US",  # "Default is en_US"
        category=body["category"].lower(),
        body=body["body"],
        examples=tuple(body.get("example_body_param", {"body_text": [[]]})["body_text"][0]),
        header=header,
        buttons=tuple(buttons),
    )


async def hand_in(sobot: Sobot, body: Body) -> None:
    assert sobot.services.templates is not None
    await sobot.services.templates.create(expressed_draft(body))


def listing(status: TemplateStatus | None) -> Callable[[Sobot, Body], Awaitable[None]]:
    async def list_templates(sobot: Sobot, body: Body) -> None:
        assert sobot.services.templates is not None
        await sobot.services.templates.list(status=status)

    return list_templates


MAKERS: dict[str, Callable[[Sobot, Body], Awaitable[None]]] = {
    "Add Customer": save,
    "Update Customer": save,
    "Get All Customers": list_customers,
    "Text Message": send,
    "Image Message": send,
    "Sticker Message": send,
    "Video Message": send,
    "Document Message": send,
    "Location Message": send,
    "Button Message": send,
    "List Message": send,
    "Single Product Message": send,
    "Multi-product Message": send,
    "Add Text Template": hand_in,
    "Add Text Template with Variables": hand_in,
    "Add Button Template": hand_in,
    "Add Template with CTA": hand_in,
    "Add Image Template": hand_in,
    "Add Video Template": hand_in,
    "Add document Template": hand_in,
    "Get All Templates": listing(None),
    "Get Pending Templates": listing("pending"),
    "Get Approved Templates": listing("approved"),
    "Get Rejected Templates": listing("rejected"),
    "Send Text Message": send,
    "Send Text Message with Variables": send,
    "Send Text Message with CTA": send,
    "Send Image Message": send,
    "Send Video Message": send,
    "Send Document Message": send,
}
"""How each example is made again."""


async def compare(sobot: Sobot, provider: SobotProvider, name: str) -> Found:
    """Make one call again and return where ours differs."""
    documented, headers = EXAMPLES[name]
    path = re.sub(r"<\w+>", MOBILE, documented.path)
    if documented.method == "PUT":  # who is added a second time is updated
        provider.answers(400, {"message": "Customer already exists", "code": 400})
    await MAKERS[name](sobot, documented.body if isinstance(documented.body, dict) else {})
    request = provider.requests[-1]
    sent = {"x-api-key": API_KEY, "x-api-secret": API_SECRET, "content-type": "application/json"}
    assert headers.keys() == sent.keys()
    assert request.headers.items() >= sent.items()
    body = json.loads(request.body) if request.body else None
    made = Call(request.method, request.path, body, query=request.query)
    provider.requests.clear()
    return differences(made, documented._replace(path=path))


def test_every_documented_example_is_in_the_table() -> None:
    assert len(EXAMPLES) == 30
    assert list(DOCUMENTED.made_by) == list(MAKERS) == list(EXAMPLES)


@pytest.mark.parametrize("name", DOCUMENTED.made_by)
async def test_an_example_is_made_as_documented(
    sobot: Sobot, provider: SobotProvider, name: str
) -> None:
    assert DOCUMENTED.unlisted(name, await compare(sobot, provider, name)) == {}


async def test_every_listed_deviation_occurs(sobot: Sobot, provider: SobotProvider) -> None:
    found = {name: await compare(sobot, provider, name) for name in EXAMPLES}
    assert DOCUMENTED.idle(found) == []


PUBLISHED = sorted(path.name for path in (PAYLOADS / "sobot-outbound").glob("*.json"))


@pytest.mark.parametrize("file", PUBLISHED)
def test_a_published_request_is_written_as_it_was(file: str) -> None:
    body = json.loads((PAYLOADS / "sobot-outbound" / file).read_bytes())
    if "customer_number" in body:
        name = body["customer_name"]
        contact = Contact(id=ContactId(1), phone=body["customer_number"], name=name)
        assert render_message(expressed(body), contact=contact) == body
    else:
        body.pop("mobile", None)  # stands in the address of an update
        assert render_customer(expressed_profile(body)) == body


async def test_the_sandbox_takes_the_pages_own_calls(session: aiohttp.ClientSession) -> None:
    refused: list[str] = []
    sandbox = SobotSandbox(SobotSettings(window=False))
    keys = {"x-api-key": sandbox.settings.api_key, "x-api-secret": sandbox.settings.api_secret}
    bodies = [call.body for call, _ in EXAMPLES.values() if isinstance(call.body, dict)]
    added = next(str(body["mobile"]) for body in bodies if "mobile" in body)
    async with served(sandbox) as address:
        for name, (call, _) in EXAMPLES.items():
            body = call.body
            if isinstance(body, dict) and "entity_name" in body:
                body = body | {"entity_name": name}  # the page gives all of them one name
            if isinstance(body, dict) and "example_webiste" in body:
                body = body | {"example_website": body["example_webiste"]}
                del body["example_webiste"]
            path = re.sub(r"<\w+>", added, call.path)
            async with session.request(
                call.method, address + path, params=dict(call.query), json=body, headers=keys
            ) as answer:
                if answer.status != 200:
                    refused.append(f"{name}: {await answer.text()}")
    assert refused == []
