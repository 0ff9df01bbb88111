"""The same order in three languages: typed, tapped, interrupted, corrected; Arabic runs from right to left."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.async_api import Browser, expect

from engine.core.language import Language
from engine.core.languages import LANGUAGES
from tests.journeys.phone import NARROW, WIDE, phone
from tests.journeys.server import ROOT, serving

SIZES = [pytest.param(WIDE, id="1280"), pytest.param(NARROW, id="390")]
WHERE = "Where to? Send your location 📍 or type the address."
DONE = "Thank you! Order {number}, {at|about 30 minutes}. 🛵"


def language_of(code: str) -> Language:
    """Return the engine's own words in a language."""
    return next(language for language in LANGUAGES if language.code == code)


def said_in(language: str) -> Callable[[str], str]:
    """Return what says a text of the welcome and the order in a language, up to its first placeholder."""
    said: dict[str, str] = {}
    if language == "en":
        return lambda text: text.partition("{")[0].strip()
    for flow in ("welcome", "order"):
        with (ROOT / "flows" / f"{flow}.{language}.po").open("rb") as file:
            said |= {str(entry.id): str(entry.string) for entry in read_po(file)}
    return lambda text: said[text].partition("{")[0].strip()


@pytest.mark.parametrize("size", SIZES)
async def test_an_order_is_typed_in_english(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with serving(tmp_path) as server, phone(browser, "order-english", size) as ana:
        await ana.open(server.simulator)
        await ana.says("pizza")
        await ana.sees("Which pizza?")
        await ana.says("margherita")
        await ana.sees("Which size?")
        await ana.says("small")
        await ana.sees("How many?")
        await ana.says("when do you open?")
        await ana.sees(re.compile("11:00 to 23:00.*How many?", re.DOTALL))
        await ana.picture("asked-in-between")
        await ana.says("two")
        await ana.sees("Delivery or pick up?")
        await ana.says("change the size to large")
        await ana.sees("Delivery or pick up?")
        await ana.says("help")
        await ana.sees("Delivery or pick up?")
        await ana.says("pick up")
        await ana.sees(re.compile("2 × Large Margherita.*Shall we make it?", re.DOTALL))
        await ana.picture("corrected")
        await ana.says("yes, order")
        await ana.sees("Thank you! Order")
        await ana.picture("ordered")


@pytest.mark.parametrize("size", SIZES)
async def test_an_order_is_typed_in_spanish(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    es = said_in("es")
    async with serving(tmp_path) as server, phone(browser, "order-spanish", size) as ana:
        await ana.open(server.simulator)
        await ana.says(es("order"))
        await ana.sees(es("Which pizza? 🍕"))
        await ana.says("margarita")
        await ana.sees(es("Which size?"))
        await ana.says(es("Small"))
        await ana.sees(es("How many?"))
        await ana.says("¿a qué hora abren?")
        await ana.sees("11:00 a 23:00")
        await ana.sees(es("How many?"))
        await ana.picture("asked-in-between")
        await ana.says("dos")
        await ana.sees(es("Delivery or pick up?"))
        await ana.says(f"cambia el tamaño a {es('Large')}")
        await ana.sees(es("Delivery or pick up?"))
        await ana.says("ayuda")
        await ana.sees("idioma")
        await ana.sees(es("Delivery or pick up?"))
        await ana.says(es("Delivery"))
        await ana.sees(es(WHERE))
        await ana.says("Calle Mayor 5")
        await ana.sees("Calle Mayor 5")
        await ana.sees(es("Large"))
        await ana.picture("corrected")
        await ana.says(es("Yes, order"))
        await ana.sees(es(DONE))
        await ana.picture("ordered")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["en", "es", "ar"])
async def test_an_order_is_tapped(
    browser: Browser, tmp_path: Path, code: str, size: tuple[int, int]
) -> None:
    """Nothing is typed but what a page without a keyboard's language cannot offer: the word for it, and a greeting."""
    say, own = said_in(code), language_of(code)
    async with serving(tmp_path) as server, phone(browser, f"order-taps-{code}", size) as ana:
        sees = ana.sees_from_the_right if code == "ar" else ana.sees
        await ana.open(server.simulator)
        if code == "en":
            await ana.page.get_by_role("button", name="Hi", exact=True).click()
        else:
            await ana.says(own.words["language"][0])
            await ana.taps(own.name)
            await sees(own.texts["language_set"])
            await ana.says({"es": "hola", "ar": "مرحبا"}[code])
        await sees(say("Hi {contact.name|there}! 👋 How can we help?"))
        await ana.picture("reply-buttons")
        await ana.taps(say("Order a pizza"))
        await sees(say("Which pizza? 🍕"))
        await ana.opens_list(say("Our pizzas"))
        if code == "ar":
            await ana.begins_at_the_right("#sheet h2")
            await ana.begins_at_the_right("#sheet small")
        await ana.picture("list-as-a-sheet")
        await ana.page.keyboard.press("Escape")
        await ana.chooses(say("Our pizzas"), say("Margherita"))
        await sees(say("Which size?"))
        await ana.taps(say("Large"))
        await sees(say("How many?"))

        await ana.taps(say("Opening hours"))  # an interruption: a button of the greeting
        await sees(own.texts["tap_unknown"])
        await sees(say("How many?"))
        await ana.sends_place("Old Town Square")  # another: nobody asked where yet
        await sees(say("A number from 1 to 20, please."))
        await ana.taps(say("Small"))  # a correction
        await sees(say("How many?"))
        await expect(ana.bot.last).to_be_in_viewport()  # whoever taps far above sees the answer
        await ana.picture("interrupted-and-corrected")

        await ana.taps("2")
        await sees(say("Delivery or pick up?"))
        await ana.taps(say("Delivery"))
        await sees(say(WHERE))
        await ana.bot.get_by_role("button", name="Send location").last.click()
        await ana.sheet.get_by_role("button").filter(has_text="Old Town Square").click()
        await sees("Old Town Square")
        await sees(say("Small"))
        await ana.picture("summary")
        await ana.taps(say("Yes, order"))
        await sees(say(DONE))
        await ana.picture("ordered")


@pytest.mark.parametrize("size", SIZES)
async def test_an_order_is_typed_in_arabic(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    ar = said_in("ar")
    async with serving(tmp_path) as server, phone(browser, "order-arabic-typed", size) as ana:
        await ana.open(server.simulator)
        await ana.says("اللغة")
        await ana.sees_from_the_right("أي لغة تفضل؟")
        await ana.says("العربية")
        await ana.sees_from_the_right("حسنًا، نكمل بالعربية.")
        await ana.says(ar("order"))
        await ana.sees_from_the_right(ar("Which pizza? 🍕"))
        await ana.says("١")
        await ana.sees_from_the_right(ar("Which size?"))
        await ana.says(ar("Small"))
        await ana.sees_from_the_right(ar("How many?"))
        await ana.says("متى تفتحون؟")
        await ana.sees_from_the_right("11:00 إلى 23:00")
        await ana.picture("asked-in-between")
        await ana.says("اثنين")
        await ana.sees_from_the_right(ar("Delivery or pick up?"))
        await ana.writes(f"غيّر الحجم إلى {ar('Large')}")
        await ana.picture("being-written")
        await ana.says(f"غيّر الحجم إلى {ar('Large')}")
        await ana.sees_from_the_right(ar("Delivery or pick up?"))
        await ana.says("مساعدة")
        await ana.sees_from_the_right(ar("Delivery or pick up?"))
        await ana.says(ar("Pick up"))
        await ana.sees_from_the_right(ar("Large"))
        await ana.picture("corrected")
        await ana.says(ar("Yes, order"))
        await ana.sees_from_the_right(ar(DONE))
        await ana.picture("ordered")
