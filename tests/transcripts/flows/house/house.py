"""A reception that calls one flow and leaves for another; says that fall through; a code step without an exit."""

from parley import END, Chat, Flow, ask, choose, say, step, to


class Reception(Flow, start=True):
    hello = choose(
        "Hello {contact.name|there}! What can we do for you?",
        {"Book a room": to["room"].then(to.more), "Complain": to["complaint"], "Nothing": END},
    )
    more = choose("Anything else?", {"Yes": to.hello, "No": END})


class Room(Flow):
    nights: int = ask("How many nights?")
    thanks = say("Noted: {nights} nights.")

    @step
    async def save(self, chat: Chat) -> None:
        await chat.say("The room is yours.")

    bye = say("See you soon.")


class Complaint(Flow):
    words: str = ask("We are sorry. What happened?")
    thanks = say("Thank you for telling us.")
