"""Live chats survive a change of their flow and a restart: each answers its next message sensibly."""

import shutil
from pathlib import Path

from tests.faults.harness import Bench, running

HERE = Path(__file__).parent


async def talk(bench: Bench, phone: str, *texts: str) -> list[str]:
    """Say one text after the other and return the answers to the last."""
    contact = bench.sandbox.contact(phone)
    shown: list[str] = []
    for text in texts:
        delivery = await contact.says(text)
        assert delivery.accepted
        shown = [bubble.text for bubble in await contact.receives(timeout_s=20)]
    return shown


async def test_each_live_chat_answers_sensibly_after_the_change(tmp_path: Path) -> None:
    flows = tmp_path / "bots"
    shutil.copytree(HERE / "bot_before", flows)
    async with running(tmp_path, flows=flows) as bench:
        before = {
            "renamed field": await talk(bench, "5215550000001", "book", "2"),
            "renamed step": await talk(bench, "5215550000002", "book", "2", "Breakfast", "a cot"),
            "narrowed, answered": await talk(
                bench, "5215550000003", "book", "2", "Everything", "a cot"
            ),
            "narrowed, open": await talk(bench, "5215550000004", "book", "2"),
            "deleted flow": await talk(bench, "5215550000005", "survey"),
            "old tap": await talk(bench, "5215550000006", "hello"),
        }
        assert before["renamed step"] == ["2 guests, Breakfast. Book it?"]
        assert await bench.server.stop() == 0
        shutil.rmtree(flows)
        shutil.copytree(HERE / "bot_after", flows)
        await bench.server.start()

        assert await talk(bench, "5215550000001", "Breakfast") == ["Any wishes at all?"]
        assert await talk(bench, "5215550000001", "a cot") == ["2 people, Breakfast. Shall we?"]
        assert await talk(bench, "5215550000002", "Yes") == ["Booked for 2: a cot."]
        (again,) = await talk(bench, "5215550000003", "Yes")
        assert "Which meals, please?" in again
        assert await talk(bench, "5215550000003", "Half board") == [
            "2 people, Half board. Shall we?"
        ]
        (meals,) = await talk(bench, "5215550000004", "Everything")
        assert "Which meals, please?" in meals
        (asked,) = bench.sandbox.contact("5215550000004").answers()
        assert [option.title for option in asked.options] == ["Breakfast", "Half board"]
        (gone,) = await talk(bench, "5215550000005", "5")
        assert "Let us go on from here" in gone
        assert "What shall it be today?" in gone
        await bench.sandbox.contact("5215550000006").taps("Survey")
        (asked,) = await bench.sandbox.contact("5215550000006").receives(timeout_s=20)
        assert "What shall it be today?" in asked.text
        assert await talk(bench, "5215550000006", "Book") == ["How many people?"]
        assert "Traceback" not in bench.server.log()
        assert "step_given_up" not in bench.server.log()
