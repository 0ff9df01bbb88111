"""A packer takes her time: what is said when she is done may find the window closed, each flow with another plan."""

from typing import Literal

from parley import END, Chat, Flow, ask, choose, handoff, say, step, template, to

NEWS = template("news_waiting", "{contact.name|there}")


class Held(Flow, starts_on=["held"]):
    street: str = ask("Where does it go?")

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        await chat.say("It is packed.")

    sent = say("It is on its way to {street}.", then=END)


class Failing(Flow, starts_on=["failing"]):
    street: str = ask("Where does it go?")

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        await chat.say("It is packed.", closed="fail")

    sent = say("It is on its way to {street}.", then=END)


class Filled(Flow, starts_on=["filled"]):
    street: str = ask("Where does it go?")
    parts: int | None = None

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        self.parts = 2
        await chat.say("It is packed.", closed=template("packed", self.parts, language="en_US"))

    sent = say(
        "It is on its way to {street}.",
        closed=template("on_its_way", street="{street}", parts="{parts} parts"),
    )
    told = say(template("receipt", 17, "{street}"), then=END)


class Question(Flow, starts_on=["question"]):
    street: str = ask("Where does it go?")

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        await chat.say("It is packed.")

    when: Literal["Today", "Tomorrow"] = ask("When shall it come?")
    sent = say("{when}, then.", then=END)


class Reply(Flow, starts_on=["reply"]):
    street: str = ask("Where does it go?")

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        pass

    when: Literal["Today", "Tomorrow"] = ask(
        "When shall it come?", closed=template("when_to_come", "{street}")
    )
    sent = say("{when}, then.", then=END)


class Nudged(Flow, starts_on=["nudged"], closed=NEWS):
    street: str = ask("Where does it go?")

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        await chat.say("It is packed.")
        await chat.say(template("receipt", "17"))
        await chat.say("It weighs a lot.")

    again = choose("One more?", {"Yes": to.street, "No": to.person})
    person = handoff("Ask her yourself.", team="packers", closed="fail")


class Urgent(Flow, starts_on=["urgent"]):
    street: str = ask("Where does it go?")

    @step(timeout="9d")
    async def wait(self, chat: Chat) -> None:
        pass

    @step(timeout="9d")
    async def pack(self, chat: Chat) -> None:
        await chat.say("It is being packed.", now=True)
        await chat.say("Look out.", now=True, closed=template("look_out"))
        await chat.say("Nobody reads this.", now=True, closed="fail")

    sent = say("It is on its way to {street}.", then=END)
