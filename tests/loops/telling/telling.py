"""Tells its provider what the contact does, before, between and after what it says."""

from parley import END, Chat, Flow, To, ask, step, to


class Telling(Flow, start=True):
    product: str = ask("What shall it be?")

    @step
    async def add(self, chat: Chat) -> To:
        await chat.track("Product added", {"product": self.product})
        await chat.say(f"Added {self.product}.")
        await chat.save_contact({"likes": self.product}, tags=["buyer"])
        return to.more

    more: str = ask("What else?")

    @step
    async def give(self, chat: Chat) -> To:
        await chat.assign("kim@shop.example")
        return END
