"""Each provider's list of templates, asked of its sandbox: the same shape, and what fits it is taken."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import aiohttp
import pytest
from pydantic import TypeAdapter

from adapters.registry import LineConfig, build_adapter
from adapters.sandbox.providers import SANDBOXES
from adapters.sandbox.sandbox import Sandbox
from adapters.sandbox.server import served
from adapters.sandbox.settings import ApprovedTemplate
from engine.core.content import Media, Template
from engine.core.conversation import Contact
from engine.core.errors import ContentRejected
from engine.core.ids import ContactId, MessageId
from engine.core.templates import ButtonShape, HeaderShape, TemplateShape, fit
from engine.ports import Accepted, Adapter, NoLinks, Outgoing
from tests.adapters.samples import LINE, MemoryMedia

ANA = Contact(id=ContactId(1), phone="5215550000001", name="Ana")
CAKE = Media(kind="image", url="https://shop.example/cake.png")

OFFER = ApprovedTemplate(
    name="offer",
    language="en",
    body="{{1}}, today we have {{2}}.",
    category="marketing",
    id="3f0b6c1e-0000-4000-8000-000000000001",
    buttons=("Order", "Not today"),
    header="image",
)
SHAPE = TemplateShape(
    header=HeaderShape(format="image"),
    body=OFFER.body,
    buttons=tuple(ButtonShape(kind="quick_reply", title=title) for title in OFFER.buttons),
)
WHOLE = Template(name="offer", language="en_US", body=("Ana", "cake"), header=CAKE)


class World(NamedTuple):
    sandbox: Sandbox
    line: Adapter


@pytest.fixture(params=sorted(SANDBOXES))
async def world(
    request: pytest.FixtureRequest, session: aiohttp.ClientSession
) -> AsyncIterator[World]:
    kind = SANDBOXES[request.param]
    sandbox = kind(kind.settings_type.model_validate({"templates": (OFFER,)}))
    async with served(sandbox) as address:
        table = TypeAdapter[LineConfig](LineConfig).validate_python(dict(sandbox.line(address)))
        line = build_adapter(
            LINE, table, session=session, media_store=MemoryMedia(), media_links=NoLinks()
        )
        yield World(sandbox, line)
        await line.close()


async def test_what_is_listed_has_its_shape_and_what_fits_it_is_taken(world: World) -> None:
    book = world.line.services.templates
    assert book is not None

    known = [one.known for one in await book.list()]
    sent = fit(known, WHOLE, language=None)
    result = await world.line.send(Outgoing(MessageId(7), ANA, sent))

    assert [(one.name, one.language, one.status, one.category) for one in known] == [
        ("offer", "en", "approved", "marketing")
    ]
    assert known[0].shape == SHAPE
    assert isinstance(result, Accepted), result
    for wrong in ({"body": ("Ana",)}, {"header": None}, {"header": "cake"}):
        with pytest.raises(ContentRejected):
            fit(known, WHOLE.model_copy(update=wrong), language=None)
