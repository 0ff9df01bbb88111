"""Shows cards, ways to reach the shop and a picture above buttons, and tells the provider what happens."""

from parley import (
    END,
    Actions,
    Button,
    Buttons,
    Card,
    Carousel,
    Chat,
    Dial,
    Flow,
    Media,
    OpenUrl,
    Option,
    To,
    ask,
    say,
    step,
    to,
)

CUPS = {"blue": "The blue cup", "tall": "The tall cup"}
PICTURE = Media(kind="image", url="https://shop.example/cup.jpg")
PAGE = OpenUrl(id="page", title="Read", url="https://shop.example/cups")


class Shelf(Flow, start=True):
    @step
    async def show(self, chat: Chat) -> To:
        await chat.say("Welcome.")
        await chat.track("Shelf shown", {"cups": len(CUPS)})
        await chat.say("Look around.")
        await chat.say(
            Buttons(body="New", buttons=(Button(id="help", title="Help"),), header=PICTURE)
        )
        await chat.say(
            Actions(
                body="Reach us", actions=(Dial(id="call", title="Call", phone="+351210000000"),)
            )
        )
        await chat.say(Carousel(cards=(Card(title="One alone", media=PICTURE, actions=(PAGE,)),)))
        await chat.say(
            Carousel(
                body="Made by hand",
                cards=tuple(
                    Card(title=name, media=PICTURE, actions=(Button(id=key, title=f"Take {key}"),))
                    for key, name in CUPS.items()
                ),
            )
        )
        return to.cup

    cup: str = ask("Which one?", options=[Option(key, name) for key, name in CUPS.items()])

    @step
    async def add(self, chat: Chat) -> None:
        await chat.save_contact({"likes": self.cup}, name="Ana", tags=["buyer"])
        await chat.assign("kim@shop.example")

    done = say("{cup}: good choice.", then=END)
