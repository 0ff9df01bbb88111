"""Promises something for later, and asks after what nobody answers."""

from parley import END, Chat, Flow, after, ask, say, step, to


class Timed(Flow, start=True):
    @step
    async def promise(self, chat: Chat) -> None:
        await chat.later("1h", "As promised.")

    size: str = ask(
        "Which size?",
        remind=[after("2h", "Still there?"), after("3h", "Nobody?")],
        expires="1d",
        then=to.gone,
    )
    done = say("Thank you.", then=END)
    gone = say("Another time.", then=END)
