"""The contract on a line's templates."""

from datetime import timedelta

from engine.core.ids import LineId
from engine.core.templates import HeaderShape, TemplateChange, TemplateShape
from engine.ports.services import TemplateInfo
from engine.ports.templates import StoredTemplates
from storage.templates import SqlTemplates, save_templates, stored_templates
from tests.builders import NOW
from tests.storage.world import SHOP, World

RECEIPT = TemplateInfo(
    name="receipt",
    language="en",
    status="approved",
    body="Thanks, {{1}}",
    shape=TemplateShape(header=HeaderShape(format="image"), body="Thanks, {{1}}"),
)
RECIBO = RECEIPT.model_copy(update={"language": "es", "status": "pending", "raw": {"id": [1, "ñ"]}})
PROMO = TemplateInfo(name="promo", language="en", status="rejected", reason="too loud\0")
LATER = NOW + timedelta(hours=1)


class TemplateContract:
    """What `parley templates` keeps."""

    async def test_templates_come_back_as_they_were_kept(self, world: World) -> None:
        await save_templates(world.database, SHOP, [RECIBO, RECEIPT], now=NOW)

        found = await stored_templates(world.database, SHOP)

        assert found == StoredTemplates([RECEIPT, RECIBO], NOW)

    async def test_what_the_provider_has_no_more_is_forgotten(self, world: World) -> None:
        changed = RECEIPT.model_copy(update={"status": "paused"})
        await save_templates(world.database, SHOP, [RECEIPT, RECIBO], now=NOW)
        await save_templates(world.database, SHOP, [changed, PROMO], now=LATER)

        found = await stored_templates(world.database, SHOP)

        assert [(one.name, one.language, one.status) for one in found.templates] == [
            ("promo", "en", "rejected"),
            ("receipt", "en", "paused"),
        ]
        assert found.synced_at == LATER

    async def test_they_are_found_by_name_and_by_status(self, world: World) -> None:
        await save_templates(world.database, SHOP, [RECEIPT, RECIBO, PROMO], now=NOW)

        named = await stored_templates(world.database, SHOP, name="receipt")
        pending = await stored_templates(world.database, SHOP, status="pending")

        assert named.templates == [RECEIPT, RECIBO]
        assert pending.templates == [RECIBO]

    async def test_each_line_has_its_own(self, world: World) -> None:
        await save_templates(world.database, SHOP, [RECEIPT], now=NOW)
        await save_templates(world.database, LineId("desk"), [PROMO], now=LATER)
        await save_templates(world.database, LineId("desk"), [], now=LATER)

        assert (await stored_templates(world.database, SHOP)).templates == [RECEIPT]
        assert await stored_templates(world.database, LineId("desk")) == StoredTemplates([], None)

    async def test_what_a_provider_tells_of_one_is_kept(self, world: World) -> None:
        store = SqlTemplates(world.database)
        await store.save(SHOP, [RECEIPT, RECIBO, PROMO], now=NOW)
        paused = TemplateChange(name="receipt", language="EN", status="paused", reason="blocked")

        await store.change(SHOP, paused)
        await store.change(SHOP, TemplateChange(name="receipt", category="marketing"))
        await store.change(SHOP, TemplateChange(name="gone", status="approved"))
        await store.change(SHOP, TemplateChange())
        await store.change(LineId("desk"), paused)

        found = await store.stored(SHOP)
        assert [
            (one.language, one.status, one.category, one.reason) for one in found.templates
        ] == [
            ("en", "rejected", None, "too loud\ufffd"),
            ("en", "paused", "marketing", "blocked"),
            ("es", "pending", "marketing", None),
        ]
        assert found.synced_at == NOW
        assert found.templates[1].shape == RECEIPT.shape

    async def test_another_sync_of_a_line_can_be_noticed(self, world: World) -> None:
        store = SqlTemplates(world.database)
        await store.save(SHOP, [RECEIPT], now=NOW)
        before = await store.marks()
        await store.save(LineId("desk"), [RECEIPT], now=NOW)
        await store.save(SHOP, [RECEIPT, RECIBO], now=NOW)
        after = await store.marks()
        await store.save(SHOP, [RECEIPT, RECIBO], now=LATER)

        assert before.keys() == {SHOP}
        assert after.keys() == {SHOP, LineId("desk")}
        assert len({str(one[SHOP]) for one in (before, after, await store.marks())}) == 3
