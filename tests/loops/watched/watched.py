"""A flow that waits for what becomes of its messages."""

from parley import END, Chat, Flow, To, ask, say, step, to


class Watched(Flow, start=True):
    name: str = ask("Your name?", on_failed=to.lost)
    notice = say("It is on its way, {name}.", wait="delivered", then=to.rate, on_failed=to.tried)

    @step
    async def tried(self, chat: Chat) -> To:
        await chat.say("We tried.", now=True)
        return END

    rate: int = ask("How many stars?")
    thanks = say("Thank you!", then=END)
    lost = say("Sorry, once more.", then=to.name)
