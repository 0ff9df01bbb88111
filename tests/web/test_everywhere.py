"""The order flow talks whole on every provider, unchanged, against the provider's sandbox and in its own forms."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.registry import SETTINGS
from adapters.sandbox.contact import Contact
from adapters.sandbox.providers import SANDBOXES
from adapters.sandbox.sandbox import Sandbox
from adapters.sandbox.server import served
from engine.core.value import Json
from tests.loops.world import until
from tests.ports import free_port
from tests.ready import ready
from tests.web.support import rows
from web.app import build_app
from web.settings import Settings, load_settings

FLOWS = Path(__file__).parents[2] / "flows"
PHONE = "525550000001"


@dataclass(frozen=True)
class Provider:
    """One way a provider may carry the talk."""

    name: str
    """As `provider` of a line and the sandboxes' table name it."""
    form: str = ""
    """What is special about it, of the forms its webhooks may take."""
    sandbox: Mapping[str, Json] = field(default_factory=dict)
    """The sandbox's own settings."""
    secret: str = ""
    """The line's `webhook_secret`, where nothing is signed."""
    tells_card: bool = True
    """Whether a tap on a card tells which it was: by its id, or by its title and the message."""
    place: str = "Zócalo"
    """What the summary says of the place that was sent."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.form) if part)


HIDDEN = "hidden-path"
"""Ends the address of webhooks that nobody signs."""

GUARD: Mapping[str, Json] = {"webhook_user": "parley", "webhook_password": "word"}
"""What webhooks bring of a provider that sends a header along."""

PROVIDERS = (
    Provider("360dialog", secret=HIDDEN),
    Provider("360dialog", "on-premise", sandbox={"api": "onpremise"}, secret=HIDDEN),
    Provider("cbot", sandbox=GUARD),
    Provider("cbot", "on-premise", sandbox={"api": "onpremise", **GUARD}),
    Provider("cloud"),
    Provider("gupshup", secret=HIDDEN),
    Provider("gupshup", "by title", sandbox={"postbacks": False}, secret=HIDDEN),
    Provider("gupshup", "late statuses", sandbox={"gs_ids": False}, secret=HIDDEN),
    Provider("gupshup", "quick replies", sandbox={"button_type": "quick_reply"}, secret=HIDDEN),
    Provider("interakt"),
    Provider("interakt", "as objects", sandbox={"taps": "object"}),
    Provider("interakt", "by title", sandbox={"taps": "title"}),
    Provider("interakt", "rcs", sandbox={"channel": "rcs"}, place="19.4326, -99.1332"),
    Provider(
        "interakt",
        "rcs base64",
        sandbox={"channel": "rcs", "postbacks": "base64"},
        place="19.4326, -99.1332",
    ),
    Provider("karbot", secret=HIDDEN),
    Provider("sobot", secret=HIDDEN),
    Provider("sobot", "by index", sandbox={"tap_id": "index"}, secret=HIDDEN),
    Provider(
        "sobot", "nameless", sandbox={"taps_name_message": False}, secret=HIDDEN, tells_card=False
    ),
)


@dataclass(frozen=True)
class Shop:
    """A running application with one line, and the pretended provider it talks to."""

    sandbox: Sandbox
    settings: Settings

    def deeds(self) -> list[tuple[object, ...]]:
        """Return what became of each thing that the provider was to be told."""
        return rows(self.settings, "SELECT status FROM message WHERE direction = 'beside'")

    async def all_told(self) -> None:
        """Wait until every message to the contact is known to have come."""
        try:
            # Not by the sandbox's news: what a send became is written a moment after its last status came.
            await until(
                lambda: set(self.statuses()) <= {("read", 1), ("delivered", 1)}, timeout_s=15
            )
        except TimeoutError:
            told = [one.body for one in self.sandbox.courier.book if one.about == "status"]
            raise AssertionError(
                f"the statuses name none of what was sent: {self.statuses()}, told: {told[-3:]}"
            ) from None

    def statuses(self) -> list[tuple[object, ...]]:
        """Return what is known of each message to the contact."""
        asked = "SELECT status, external_id IS NOT NULL FROM message WHERE direction = 'out'"
        return rows(self.settings, asked)


@asynccontextmanager
async def open_shop(folder: Path, provider: Provider, flows: Path = FLOWS) -> AsyncIterator[Shop]:
    port, kind = free_port(), SANDBOXES[provider.name]
    path = f"shop/{provider.secret}" if provider.secret else "shop"
    told = {
        "webhook_url": f"http://127.0.0.1:{port}/webhooks/{path}",
        "messages_per_second": 0,
        **provider.sandbox,
    }
    sandbox = kind(kind.settings_type.model_validate(told))
    async with served(sandbox) as address:
        keys = dict(sandbox.line(address)) | {"rate_per_second": 50}
        if provider.secret:
            keys["webhook_secret"] = provider.secret
        table = "\n".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())
        file = folder / "parley.toml"
        file.write_text(f'[flows]\npaths = ["{flows}"]\n\n[lines.shop]\n{table}\n', "utf-8")
        ready(folder / "parley.db")
        settings = load_settings(file)
        async with TestClient(TestServer(build_app(settings), port=port)):
            yield Shop(sandbox, settings)


class Guest:
    """Somebody who orders: taps what can be tapped, and types what cannot."""

    def __init__(self, contact: Contact) -> None:
        self.contact = contact
        self.tapped: list[str] = []

    async def sees(self, words: str) -> None:
        """Wait for an answer that holds these words."""

        def came() -> bool:
            return any(words in bubble.text for bubble in self.contact.answers())

        try:
            await self.contact._sandbox.until(came, timeout_s=15)
        except TimeoutError:
            raise AssertionError(f"{words!r} did not come: {self.contact.shown}") from None

    async def chooses(self, title: str) -> None:
        """Tap the option where the newest messages show it, else type its title."""
        shown = [option.title for bubble in self.contact.answers() for option in bubble.options]
        if title in shown:
            self.tapped.append(title)
            delivery = await self.contact.taps(title)
        else:
            delivery = await self.contact.says(title)
        assert delivery.accepted, delivery


@pytest.mark.parametrize("provider", PROVIDERS, ids=str)
async def test_the_order_flow_talks_whole(provider: Provider, tmp_path: Path) -> None:
    async with open_shop(tmp_path, provider) as shop:
        contact = shop.sandbox.contact(PHONE, name="Ana Prueba")
        guest = Guest(contact)
        await contact.says("order")
        await guest.sees("Which pizza?")
        await guest.chooses("Diavola")
        await guest.sees("Which size?")
        await guest.chooses("Large")
        await guest.sees("How many?")
        await guest.chooses("2")
        await guest.sees("Delivery or pick up?")
        await guest.chooses("Delivery")
        await guest.sees("Where to?")
        await contact.sends_location(19.4326, -99.1332, name="Zócalo")
        await guest.sees("2 × Large Diavola")
        await guest.sees(provider.place)
        await guest.chooses("Change or add")
        await guest.sees("What should change?")
        await guest.chooses("Note")
        await guest.sees("Anything the kitchen should know?")
        await contact.says("Ring twice")
        await guest.sees("📝 Ring twice")
        await guest.chooses("Yes, order")
        await guest.sees("Thank you! Order")

        assert {"Large", "2", "Delivery", "Yes, order"} <= set(guest.tapped)
        await contact.reads()
        await shop.all_told()


SHOWING = '''"""Shows one of everything, and tells the provider of it."""

from datetime import timedelta

from parley import (
    END,
    Actions,
    AddEvent,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Chat,
    Dial,
    Flow,
    Location,
    Media,
    OpenUrl,
    Option,
    Product,
    Products,
    ProductSection,
    ShowLocation,
    To,
    ask,
    say,
    step,
    to,
)

CUPS = {"blue": "The blue cup", "tall": "The tall cup"}
PICTURE = Media(kind="image", url="https://files.example/cup.jpg")


def cards() -> tuple[Card, ...]:
    return tuple(
        Card(title=name, media=PICTURE, actions=(Button(id=key, title=f"I take {key}"),))
        for key, name in CUPS.items()
    )


class Showing(Flow, start=True):
    @step
    async def show(self, chat: Chat) -> To:
        await chat.track("Shelf shown", {"cups": 2})
        now = chat.now()
        see = OpenUrl(id="see", title="See", url="https://shop.example/cups")
        ways = (
            Dial(id="call", title="Call", phone="+525550000009"),
            ShowLocation(id="map", title="Map", latitude=19.4326, longitude=-99.1332),
            AddEvent(
                id="fair",
                title="Remind me",
                event="Fair",
                starts_at=now,
                ends_at=now + timedelta(hours=2),
            ),
            Button(id="later", title="Later"),
        )
        for content in (
            Actions(body="How to reach us", actions=ways),
            Product(sku="blue", body="Our best", catalog_id="800001"),
            Products(
                header="Cups",
                body="All of ours",
                sections=(ProductSection(title="Cups", skus=("blue", "tall")),),
                catalog_id="800001",
                url="https://shop.example/cups",
            ),
            CallToAction(body="How they are made", title="Read", url=see.url, header=PICTURE),
            Buttons(body="A cup?", buttons=(Button(id="more", title="More"),), header=PICTURE),
            Media(kind="document", url="https://files.example/cups.pdf", filename="Cups.pdf"),
            Location(latitude=19.4326, longitude=-99.1332, name="The shop"),
            Carousel(cards=(Card(title="One alone", body="Made here", media=PICTURE, actions=(see,)),)),
            Carousel(body="Made by hand", cards=cards()),
        ):
            await chat.say(content)
        return to.cup

    cup: str = ask("Which one?", options=[Option(key, name) for key, name in CUPS.items()])

    @step
    async def add(self, chat: Chat) -> None:
        await chat.save_contact({"likes": self.cup}, tags=["buyer"])
        await chat.assign("kim@shop.example")

    done = say("{cup}: good choice.", then=END)
'''


@pytest.mark.parametrize("provider", PROVIDERS, ids=str)
async def test_one_of_everything_is_shown(provider: Provider, tmp_path: Path) -> None:
    flows = tmp_path / "shown"
    flows.mkdir()
    (flows / "showing.py").write_text(SHOWING, "utf-8")
    async with open_shop(tmp_path, provider, flows) as shop:
        contact = shop.sandbox.contact(PHONE, name="Ana Prueba")
        guest = Guest(contact)
        await contact.says("hi")
        await guest.sees("How to reach us")
        await guest.sees("Made by hand")
        await guest.sees("Which one?")
        await guest.chooses("I take tall" if provider.tells_card else "The tall cup")
        await guest.sees("The tall cup: good choice.")
        await contact.reads()
        await shop.all_told()
        await until(lambda: set(shop.deeds()) <= {("sent",), ("noted",)}, timeout_s=15)
        assert len(shop.deeds()) == 3


def test_every_sandbox_has_its_talk() -> None:
    assert {provider.name for provider in PROVIDERS} == set(SANDBOXES)
    assert set(SANDBOXES) <= set(SETTINGS) - {"console"}
