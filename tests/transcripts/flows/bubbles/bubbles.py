"""What shares a bubble and what ends one."""

from parley import END, Chat, Flow, Media, ask, say, step


class Bubbles(Flow, start=True):
    hello = say("Hello!")
    intro = say("We bake pizza.")
    word: str = ask("What is your favourite?")

    @step
    async def show(self, chat: Chat) -> None:
        """Say two texts around a photo, and one at once."""
        await chat.say("Let me look.", now=True)
        await chat.say("A good choice.")
        await chat.say(Media(kind="image", url="https://shop.test/pizza.jpg"))
        await chat.say("That is it.")

    known = say("We have it.")
    bye = say("See you.", then=END)
