"""Answers each message with its number; a code step counts, so that a turn lost or done twice shows."""

from parley import Chat, Flow, ask, say, step, to


class Count(Flow, start=True):
    count: int = 0
    text: str = ask("Ready.")

    @step
    async def tally(self, chat: Chat) -> None:
        self.count = self.count + 1

    heard = say("{count}: heard {text}", then=to.text.fresh)
