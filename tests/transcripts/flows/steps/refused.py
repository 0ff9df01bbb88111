"""A service that says no, and is not asked twice."""

from parley import END, Chat, Flow, To, ask, say, step, to

questions: list[str] = []


class Refused(Exception):
    """The service says no."""


async def reserve(name: str) -> None:
    """The service: it refuses, and counts how often it was asked."""
    questions.append(name)
    raise Refused(f"no table for {name}, asked {len(questions)} time(s)")


class Reserve(Flow, starts_on=["reserve"]):
    name: str = ask("For whom?")
    tries: int | None = None

    @step
    async def hold(self, chat: Chat) -> To:
        for _ in range(2):
            try:
                await chat.once(reserve, self.name, raises=(Refused,))
            except Refused as no:
                await chat.say(str(no))
        return to.bye

    bye = say("Another day, perhaps.", then=END)
