"""Shows a photo before it goes on."""

from parley import END, Chat, Flow, Media, ask, say, step


class Files(Flow, start=True):
    word: str = ask("Say a word.")

    @step
    async def show(self, chat: Chat) -> None:
        """Send a photo, then a text."""
        await chat.say(Media(kind="image", url="https://shop.test/pizza.jpg"))
        await chat.say("Here it is.")

    done = say("Bye.", then=END)
