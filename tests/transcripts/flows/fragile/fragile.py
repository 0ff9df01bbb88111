"""Code steps that raise: one with a place to go, one without."""

from parley import END, Chat, Flow, choose, say, step, to


class Fragile(Flow, start=True):
    which = choose("Which one shall break?", {"With a way out": to.caught, "Without": to.bare})

    @step(on_error=to.sorry)
    async def caught(self, chat: Chat) -> None:
        raise ConnectionError("the till does not answer")

    sorry = say("The till is down, please come back later.", then=END)

    @step(exits=[END])
    async def bare(self, chat: Chat) -> None:
        raise ConnectionError("the till does not answer")
