"""The next version of the talk: a question added, one renamed, one removed, and the summary under another name."""

from parley import Chat, Flow, ask, choose, say, step, to


class Visit(Flow, start=True, moved={"summary": to.confirm, "city": to.dish}):
    laps: int = 0
    name: str = ask("Your name, please?")
    dish: str = ask("Which dish?", was="food")
    drink: str = ask("Which drink?")
    confirm = choose("{name} has {dish}. All right?", {"Yes": to.count, "No": to.dish})

    @step
    async def count(self, chat: Chat) -> None:
        self.laps = self.laps + 1

    done = say("Written down, number {laps}.", then=to.name.fresh)
