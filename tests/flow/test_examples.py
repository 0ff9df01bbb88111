"""The two example flows work as they are written, with the business's own module beside them."""

from pathlib import Path

import pytest

from engine.flow.talk import Talk
from tests.talk import PHONE_LINE, load

EXAMPLES = Path(__file__).parent / "examples"


@pytest.fixture
def user() -> Talk:
    return Talk(load(("flows",), EXAMPLES), capabilities=PHONE_LINE)


async def test_order(user: Talk) -> None:
    await user.says("order")
    user.sees("Which pizza?")
    await user.taps("Margherita")
    await user.taps("Large")
    await user.says("two hundred")
    user.sees("A number from 1 to 20")
    await user.says("2")
    await user.taps("Delivery")
    await user.says("Rua Augusta 12")
    await user.taps("No, thanks")
    user.sees("2 × Large Margherita, Delivery. Shall we make it?")
    await user.taps("Yes, order")
    user.sees("Thank you! Order MA-1, about 30 minutes.")


async def test_a_sold_out_pizza_is_asked_for_again(user: Talk) -> None:
    await user.says("pizza")
    await user.taps("Tartufo")
    await user.taps("Small")
    await user.says("1")
    await user.taps("Pick up")
    await user.taps("No, thanks")
    await user.taps("Yes, order")
    user.sees("Sorry, the last Tartufo has just gone.")
    user.sees("Which pizza?")
    await user.taps("Margherita")
    user.sees("1 × Small Margherita, Pick up.")


async def test_the_faq_calls_the_order_and_goes_on_after_it(user: Talk) -> None:
    await user.says("hello")
    user.sees("Hi Ana! 👋 How can we help?")
    await user.taps("Order a pizza")
    for answer in ("Margherita", "Small", "1", "Pick up", "No, thanks", "Yes, order"):
        await user.says(answer)
    user.sees("Thank you! Order MA-1")
    user.sees("Anything else?")


async def test_a_person_gives_the_order_back_at_its_summary(user: Talk) -> None:
    await user.says("order")
    for answer in ("Margherita", "Small", "1", "Pick up", "No, thanks", "Ask a person"):
        await user.says(answer)
    user.sees("One moment, a colleague is joining.")
    assert user.conversation.team == "kitchen"
    await user.agent_takes_over()
    await user.agent_releases()
    user.sees("1 × Small Margherita, Pick up. Shall we make it?")
