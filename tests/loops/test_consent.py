"""What of an opt-out only the loops know: read marks, and a provider's refusal in the answer to a send."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from adapters.fake import FakeAdapter
from engine.core.content import Template
from engine.core.errors import OptedOut
from engine.core.ids import ConversationId, LineId, MessageId
from engine.core.languages import ENGLISH
from engine.core.templates import KnownTemplate
from engine.loops.refusals import as_known
from engine.ports import OutboxEntry
from tests.builders import NOW, make_contact
from tests.loops.world import LINE, World, engine_world

FLOWS = Path(__file__).parent / "bots"
CONSENTS = "SELECT change, told_by, source FROM consent"


async def test_the_last_message_is_marked_as_read_with_its_confirmation(tmp_path: Path) -> None:
    world = World(tmp_path, FLOWS)
    world.adapter = FakeAdapter(LINE, read_marks=True)
    await world.start()
    try:
        await world.says("stop")
        assert await world.sees(2) == ["read_mark", ENGLISH.texts["opted_out"]]
        await world.says("hello?")
        assert await world.rows("SELECT count(*) FROM message WHERE status = 'cancelled'") == [(0,)]
    finally:
        await world.stop()


async def test_a_refusal_for_want_of_consent_is_remembered_and_silences_the_bot(
    tmp_path: Path,
) -> None:
    async with engine_world(tmp_path, FLOWS) as world:
        world.adapter.refuse(OptedOut("on their list", provider_code="1012"))
        await world.says("hi")
        await told(world)
        await world.says("hi")
        assert world.adapter.sent == []


async def told(world: World) -> None:
    """Wait until the refusal has been taken in."""
    async with asyncio.timeout(30):
        while await world.rows(CONSENTS) != [("opted_out", "provider", "1012")]:
            await asyncio.sleep(0.005)


class OneSale:
    """Knows one template, which was approved as marketing."""

    def known(self, line: LineId, name: str) -> list[KnownTemplate]:
        sale = KnownTemplate(name="sale", language="en", status="approved", category="marketing")
        return [sale] if name == sale.name else []

    def fitted(self, line: LineId, template: Template) -> Template:
        return template


@pytest.mark.parametrize(
    ("name", "stopped_at", "answer"),
    [
        pytest.param("sale", NOW, "marketing_stopped", id="known as marketing"),
        pytest.param("ready", NOW, "go", id="not known"),
        pytest.param("sale", None, "go", id="wanted"),
    ],
)
def test_a_template_that_does_not_say_its_category_is_looked_up(
    name: str, stopped_at: datetime | None, answer: str
) -> None:
    content = Template(name=name, language="en")
    entry = OutboxEntry(MessageId(1), LINE, ConversationId(1), content, "api", 1, False, None, NOW)
    contact = make_contact(marketing_stopped_at=stopped_at)
    assert as_known("go", contact, entry, OneSale()) == answer
