"""The contract on what contacts want of us."""

from datetime import timedelta

from engine.core.conversation import Conversation
from engine.core.effects import Origin, RecordConsent
from engine.core.ids import ContactId
from engine.core.signals import ConsentChange, ConsentChanged, Sender
from engine.ports import ConsentRow
from storage.consents import consents_of
from storage.people import contacts_after, tell_consent
from tests.builders import NOW
from tests.storage.world import ANA, BEN, SHOP, World

ORIGINS: tuple[Origin, ...] = ("flow", "agent", "api", "broadcast")


async def record(world: World, who: Conversation, change: ConsentChange, source: str = "m") -> None:
    """Store one change as a step's commit does."""
    record = RecordConsent(change, "contact", source, NOW - timedelta(seconds=3))
    row = ConsentRow(world.ids(), who.line, who.id, who.contact.id, record)
    async with world.store.write() as batch:
        await batch.record_consents([row], now=NOW)


async def outbox(world: World, who: Conversation) -> list[tuple[str, str | None]]:
    """Return what became of each message to a contact, and why."""
    story = await world.queries.story(SHOP, who.id)
    assert story is not None
    return [(message.status, message.error_code) for message in story.messages]


class ConsentContract:
    """Stops are kept for good, and take back what waits."""

    async def test_every_change_is_kept_in_order(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        await record(world, ana, "opted_out", "wamid.1\x00")
        await record(world, ben, "marketing_stopped", "131050")
        await record(world, ana, "opted_in", "wamid.2")
        told = await consents_of(world.database, SHOP, ana.contact.id)
        assert [(one.change, one.by, one.source) for one in told] == [
            ("opted_out", "contact", "wamid.1\ufffd"),
            ("opted_in", "contact", "wamid.2"),
        ]
        assert (told[0].at, told[0].recorded_at) == (NOW - timedelta(seconds=3), NOW)

    async def test_an_opt_out_takes_back_all_that_waits_whoever_said_it(self, world: World) -> None:
        ana, ben = await world.conversation(ANA), await world.conversation(BEN)
        for origin in ORIGINS:
            await world.say(ana, origin=origin)
        await world.say(ana, origin="agent", status="held")
        await world.say(ana, origin="flow", status="sent")
        await world.say(ben)
        await record(world, ben, "marketing_stopped")
        await record(world, ana, "opted_out")
        assert await outbox(world, ana) == [*[("cancelled", "opted_out")] * 5, ("sent", None)]
        assert await outbox(world, ben) == [("queued", None)]

    async def test_both_times_come_back_with_the_contact(self, world: World) -> None:
        before = await world.conversation(ANA)
        changes = {"opted_out_at": NOW, "marketing_stopped_at": NOW + timedelta(seconds=1)}
        contact = before.contact.model_copy(update=changes)
        await world.change(before, contact=contact)
        assert (await world.stored(before.id)).contact == contact
        assert await contacts_after(world.database, SHOP, ContactId(0), limit=9) == [contact]

    async def test_one_person_who_opted_out_under_either_address_has_opted_out(
        self, world: World
    ) -> None:
        phone = await world.conversation(Sender(phone="5215550009999"))
        known = await world.conversation(Sender(user_id="MX.900"))
        await world.change(phone, contact=phone.contact.model_copy(update={"opted_out_at": NOW}))
        await record(world, phone, "opted_out")
        await world.change(known, last_inbound_at=NOW)
        one = await world.conversation(Sender(phone="5215550009999", user_id="MX.900"))
        assert (one.id, one.contact.opted_out_at) == (known.id, NOW)
        told = await consents_of(world.database, SHOP, one.contact.id)
        assert [consent.change for consent in told] == ["opted_out"]

    async def test_what_a_command_tells_waits_for_the_server_but_nothing_else_does(
        self, world: World
    ) -> None:
        ana = await world.conversation(ANA)
        await world.say(ana, origin="agent")
        told = ConsentChanged(change="opted_out", by="agent", source="command line", at=NOW)
        other = await world.another()
        await tell_consent(other.database, SHOP, ANA, told, now=NOW)
        (waiting,) = await world.store.waiting_signals([SHOP], limit=9)
        assert (waiting.arrival.signal, waiting.arrival.conversation) == (told, ana.id)
        assert await outbox(world, ana) == [("cancelled", "opted_out")]
