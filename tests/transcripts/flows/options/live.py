"""Options that a service lists, which takes its time."""

from parley import END, Flow, Option, ask, say


class Live(Flow, starts_on=["live"]):
    async def _list(self) -> list[Option]:
        return [Option(7, "Seven"), Option(9, "Nine")]

    number: int = ask("Which one is live?", options=_list)
    done = say("Number {number.value}.", then=END)
