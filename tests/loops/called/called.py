"""A code step that calls a service, once, and says that it did."""

from parley import Chat, Flow, ask, say, step, to

CALLS: list[str] = []


def served() -> object:
    """Do what a test puts in its place."""


def serve(key: str) -> int:
    """Count how often it was asked."""
    CALLS.append(key)
    served()
    return len(CALLS)


class Called(Flow, start=True):
    word: str = ask("Say a word.")
    times: int | None = None

    @step
    async def call(self, chat: Chat) -> None:
        """Call it."""
        await chat.say("One moment.", now=True)
        self.times = await chat.once(serve, chat.key)

    heard = say("Served {times}.", then=to.word.fresh)
