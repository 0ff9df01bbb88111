"""The talk as first published; chats stand at each of its steps while the next version is put in place."""

from parley import Chat, Flow, ask, choose, say, step, to


class Visit(Flow, start=True):
    laps: int = 0
    name: str = ask("Your name?")
    city: str = ask("Which city?")
    food: str = ask("Which food?")
    summary = choose("{name} eats {food}. Right?", {"Yes": to.count, "No": to.food})

    @step
    async def count(self, chat: Chat) -> None:
        self.laps = self.laps + 1

    done = say("Noted, number {laps}.", then=to.name.fresh)
