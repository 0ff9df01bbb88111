"""What is known of templates: asked of providers in time, told by them, and looked at before a message goes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.fake import FakeAdapter
from adapters.fake_services import FakeServices, FakeTemplates
from engine.core.content import Outbound, Template
from engine.core.errors import ContentRejected, ProviderUnreachable, SendError
from engine.core.ids import LineId, MessageId
from engine.core.signals import Arrival, LineReported, MessageRequested, Sender
from engine.core.templates import KnownTemplate, TemplateChange, TemplateShape
from engine.loops.templates import SOON_S, Templates
from engine.ports.services import Services, TemplateInfo, TemplateStatus
from storage import Database
from storage.templates import SqlTemplates
from tests.builders import NOW
from tests.loops.world import LINE, World, engine_world, until
from tests.ready import ready

COUNT = Path(__file__).parents[1] / "faults" / "bot"

READY = TemplateInfo(
    name="ready",
    language="en_US",
    status="approved",
    category="utility",
    shape=TemplateShape(body="{{1}}, order {{2}} is ready."),
)
GOOD = Template(name="ready", language="en", body=("Ana", "7"))
SHORT = Template(name="ready", language="en", body=("Ana",))


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.passed_s = 1000.0

    def now(self, line: LineId | None = None) -> datetime:
        return NOW + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s


class Book(FakeTemplates):
    """A provider's list that counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.refuses: SendError | None = None

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        self.asked += 1
        if self.refuses is not None:
            raise self.refuses
        return await super().list(name=name, status=status)


@dataclass
class Shop:
    """One line with its provider's list; `start` is what a new process would be."""

    store: SqlTemplates
    book: Book = field(default_factory=Book)
    clock: Clock = field(default_factory=Clock)

    async def start(
        self, *, hours: float | None = 6, written: Sequence[KnownTemplate] = ()
    ) -> Templates:
        templates = Templates(
            adapters={LINE: FakeAdapter(LINE, services=Services(templates=self.book))},
            store=self.store,
            clock=self.clock,
            language="en",
            every=None if hours is None else timedelta(hours=hours),
            written=written,
        )
        await templates.load()
        return templates


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    database = Database(f"sqlite:///{ready(tmp_path / 'parley.db')}")
    shop = Shop(SqlTemplates(database))
    shop.book.templates.append(READY)
    yield shop
    await database.close()


async def test_a_provider_is_asked_at_start_and_every_few_hours(shop: Shop) -> None:
    templates = await shop.start(hours=6)

    with capture_logs() as logged:
        await templates.look()
        await templates.look()
        shop.clock.passed_s += 5.9 * 3600
        await templates.look()
        asked_before = shop.book.asked
        shop.clock.passed_s += 0.2 * 3600
        await templates.look()

    assert (asked_before, shop.book.asked) == (1, 2)
    assert [one["event"] for one in logged] == ["templates_synced"] * 2
    assert [one.name for one in templates.known(LINE, "ready")] == ["ready"]
    words = templates.words(LINE, GOOD)
    assert words is not None
    assert words.body == "Ana, order 7 is ready."
    assert templates.words(LINE, GOOD.model_copy(update={"name": "late"})) is None
    assert (await shop.store.stored(LINE)).templates == [READY]


async def test_without_hours_only_the_command_asks(shop: Shop) -> None:
    templates = await shop.start(hours=None)

    await templates.look()
    templates.heard(LINE, TemplateChange(name="ready", status="paused"))
    await templates.look()

    assert shop.book.asked == 0
    assert templates.fitted(LINE, GOOD) == GOOD


async def test_what_was_synced_a_moment_ago_is_taken_up_and_not_asked_for_again(shop: Shop) -> None:
    await (await shop.start()).look()
    shop.clock.passed_s += 60

    again = await shop.start()
    known_at_once = again.known(LINE, "ready")
    await again.look()

    assert known_at_once
    assert shop.book.asked == 1


async def test_a_list_that_cannot_be_had_is_asked_for_again_later_and_later(shop: Shop) -> None:
    templates = await shop.start()
    shop.book.refuses = ProviderUnreachable()

    tries = []
    with capture_logs() as logged:
        for _ in range(8):
            await templates.look()
            tries.append(shop.book.asked)
            shop.clock.passed_s += 60
    shop.book.refuses = None
    shop.clock.passed_s += 600
    await templates.look()

    assert tries == [1, 2, 2, 3, 3, 3, 3, 4]
    assert {(one["event"], one["code"]) for one in logged} == {
        ("templates_not_synced", "provider_unreachable")
    }
    assert templates.known(LINE, "ready")


async def test_an_unknown_template_passes_with_one_line_in_the_log(shop: Shop) -> None:
    templates = await shop.start()
    await templates.look()
    other = GOOD.model_copy(update={"name": "late"})

    with capture_logs() as logged:
        passed = [templates.fitted(LINE, other), templates.fitted(LINE, other)]

    assert passed == [other, other]
    assert [(one["event"], one["template"]) for one in logged] == [("template_unknown", "late")]
    assert templates.fitted(LineId("gone"), GOOD) == GOOD


async def test_one_that_does_not_fit_is_asked_for_anew_once_a_minute_at_most(shop: Shop) -> None:
    templates = await shop.start()
    await templates.look()
    shop.book.templates[0] = READY.model_copy(update={"shape": TemplateShape(body="{{1}}!")})

    for _ in range(3):
        with pytest.raises(ContentRejected):
            templates.fitted(LINE, SHORT)
        await templates.look()
    asked_before = shop.book.asked
    shop.clock.passed_s += SOON_S
    await templates.look()

    assert (asked_before, shop.book.asked) == (1, 2)
    assert templates.fitted(LINE, SHORT).language == "en_US"


async def test_what_a_webhook_tells_counts_at_once_and_is_kept(shop: Shop) -> None:
    templates = await shop.start()
    await templates.look()

    templates.heard(LINE, TemplateChange(name="ready", status="paused", reason="blocked"))
    templates.heard(LineId("gone"), TemplateChange(name="ready", status="approved"))

    with pytest.raises(ContentRejected, match=r"it is paused \(blocked\)"):
        templates.fitted(LINE, GOOD)
    await templates.look()
    assert (await shop.store.stored(LINE)).templates[0].status == "paused"
    assert shop.book.asked == 1
    shop.clock.passed_s += SOON_S  # the provider has the last word: it is approved again by now
    await templates.look()
    assert templates.fitted(LINE, GOOD).language == "en_US"


async def test_a_webhook_that_names_none_asks_for_all(shop: Shop) -> None:
    templates = await shop.start()
    await templates.look()
    shop.clock.passed_s += SOON_S

    templates.heard(LINE, TemplateChange())
    await templates.look()

    assert shop.book.asked == 2


async def test_what_another_process_synced_is_taken_up(shop: Shop) -> None:
    templates = await shop.start()
    await templates.look()
    promo = READY.model_copy(update={"name": "promo"})
    await shop.store.save(LINE, [READY, promo], now=shop.clock.now())
    await shop.store.save(LineId("gone"), [promo], now=shop.clock.now())

    await templates.look()
    known_before = templates.known(LINE, "promo")
    shop.clock.passed_s += 60
    await templates.look()

    assert (known_before, len(templates.known(LINE, "promo"))) == ((), 1)


async def test_what_the_author_wrote_stands_in_until_the_line_is_synced(shop: Shop) -> None:
    written = READY.known.model_copy(update={"shape": TemplateShape(body="{{1}}!")})
    templates = await shop.start(written=[written])

    before = templates.fitted(LINE, SHORT)
    await templates.look()

    assert before.language == "en_US"
    with pytest.raises(ContentRejected, match="2 variables"):
        templates.fitted(LINE, SHORT)


# --- in the engine ----------------------------------------------------------------------------------


def requested(content: Outbound, number: int, world: World) -> Arrival:
    """Return what the business's own systems ask for."""
    signal = MessageRequested(message=MessageId(number), content=content, origin="api")
    return Arrival(
        line=LINE,
        key=f"request-{number}",
        signal=signal,
        received_at=world.clock.now(),
        sender=Sender(phone="5215550001"),
    )


async def test_a_template_that_does_not_fit_never_reaches_the_provider(tmp_path: Path) -> None:
    fake = FakeServices()
    fake.templates.templates.append(READY)
    async with engine_world(tmp_path, COUNT, services=fake.services) as world:
        await until(lambda: bool(world.templates.known(LINE, "ready")))
        wanted = [requested(SHORT, 1, world), requested(GOOD, 2, world)]
        await world.engine.accept(wanted)
        await world.sees(1)

        rows = await world.rows("SELECT id, status, error_code, error FROM message ORDER BY id")

    assert [one.content for one in world.adapter.tried] == [
        GOOD.model_copy(update={"language": "en_US"})
    ]
    assert rows[0][:3] == (1, "failed", "content_rejected")
    assert "2 variables ({{1}}, {{2}}) to fill, 1 given" in str(rows[0][3])


async def test_a_template_is_looked_at_again_before_it_leaves(tmp_path: Path) -> None:
    fake = FakeServices()
    fake.templates.templates.append(READY)
    async with engine_world(tmp_path, COUNT, services=fake.services) as world:
        await until(lambda: bool(world.templates.known(LINE, "ready")))
        world.adapter.hold()
        await world.says("hello")
        await until(lambda: len(world.adapter.tried) == 1)
        await world.engine.accept([requested(GOOD, 2, world)])  # waits behind the reply
        paused = LineReported(
            field="told", data={}, template=TemplateChange(name="ready", status="paused")
        )
        told = Arrival(line=LINE, key="told-1", signal=paused, received_at=world.clock.now())
        await world.engine.accept([told])
        world.adapter.release()

        rows: list[tuple[object, ...]] = []
        async with asyncio.timeout(30):
            while not rows:
                rows = await world.rows("SELECT error FROM message WHERE id = 2 AND error != ''")

    assert "it is paused" in str(rows[0][0])
    assert all(not isinstance(one.content, Template) for one in world.adapter.tried)
