"""Code steps: one that takes its time, one that raises, one that calls a service once."""

from parley import END, Chat, Flow, To, ask, say, step, to

orders: list[str] = []


async def place_order(what: str) -> int:
    """The shop's service: it counts its orders."""
    orders.append(what)
    return len(orders)


async def charge(what: str) -> int:
    """A service that is down."""
    raise ConnectionError(f"no charge for {what}")


class Steps(Flow, start=True):
    what: str = ask("What do you need?")
    number: int | None = None

    @step
    async def place(self, chat: Chat) -> To:
        await chat.say("Placing your order.", now=True)
        self.number = await chat.once(place_order, self.what)
        if self.what == "fail":
            await chat.once(charge, self.what)
        return to.done

    done = say("Order {number}: {what}.")
    more: str = ask("And what else?")
    bye = say("Noted: {more}.", then=END)
