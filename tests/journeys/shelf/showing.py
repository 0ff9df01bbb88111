"""Shows one of everything that is more than a text, in both directions of writing, and tells the provider of it."""

from parley import (
    END,
    Actions,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Chat,
    Dial,
    Flow,
    Media,
    OpenUrl,
    Option,
    Product,
    Products,
    ProductSection,
    To,
    ask,
    say,
    step,
    to,
)

CUPS = {"blue": "The blue cup", "tall": "The tall cup", "wide": "The wide cup"}
KUPA = {"blue": "الكوب الأزرق", "tall": "الكوب الطويل"}
CATALOG = "800001"


def picture(name: str) -> Media:
    return Media(kind="image", url=f"https://files.example/{name}.png")


def cards(cups: dict[str, str], take: str, words: str) -> tuple[Card, ...]:
    return tuple(
        Card(title=name, body=words, media=picture(key), actions=(Button(id=key, title=take),))
        for key, name in cups.items()
    )


class Showing(Flow, start=True, starts_on=["cups"]):
    @step
    async def show(self, chat: Chat) -> To:
        await chat.track("Shelf shown", {"cups": len(CUPS)})
        back = (Button(id="cups", title="Cups"),)
        await chat.say(Buttons(body="Where they are made", buttons=back, header=picture("oven")))
        await chat.say(
            CallToAction(
                body="How they are made",
                title="Read",
                url="https://shop.example/how",
                header=picture("wheel"),
            )
        )
        await chat.say(
            Actions(
                body="Any question?",
                actions=(Dial(id="call", title="Call", phone="+351210000000"),),
            )
        )
        await chat.say(Product(sku="blue", body="Our best", catalog_id=CATALOG))
        await chat.say(
            Products(
                header="Cups and plates",
                body="All of ours",
                sections=(
                    ProductSection(title="Cups", skus=("blue", "tall")),
                    ProductSection(title="Plates", skus=("flat",)),
                ),
                catalog_id=CATALOG,
            )
        )
        page = OpenUrl(id="see", title="See it", url="https://shop.example/one")
        await chat.say(
            Carousel(cards=(Card(title="One alone", body="It stands by itself", actions=(page,)),))
        )
        await chat.say(
            Carousel(body="Made by hand", cards=cards(CUPS, "I take it", "Stoneware, *350 ml*"))
        )
        return to.cup

    cup: str = ask("Which one?", options=[Option(key, name) for key, name in CUPS.items()])

    @step
    async def add(self, chat: Chat) -> None:
        await chat.track("Product added", {"sku": self.cup})

    done = say("{cup}: good choice.", then=END)


class Arabic(Flow, starts_on=["أكواب"]):
    @step
    async def show(self, chat: Chat) -> To:
        await chat.say(Carousel(body="صنعت يدويا", cards=cards(KUPA, "سآخذ هذا", "فخار، ٣٥٠ مل")))
        return to.cup

    cup: str = ask("أي كوب؟", options=[Option(key, name) for key, name in KUPA.items()])
    done = say("{cup}: اختيار جيد.", then=END)
