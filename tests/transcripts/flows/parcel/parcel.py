"""Tell of a parcel: wait until the contact has heard of it, call where no message reaches them."""

from parley import END, Chat, Flow, To, ask, choose, handoff, say, step, to


class Parcel(Flow, start=True, on_failed=to.person):
    number: int = ask("Which parcel? Type its number.")
    notice = say(
        "Parcel {number} is at your door.", wait="delivered", then=to.rate, on_failed=to.ring
    )

    @step
    async def ring(self, chat: Chat) -> To:
        await chat.say(f"We tried to reach you about parcel {self.number} and shall ring you.")
        return END

    rate = choose("How was the courier?", {"Good": to.thanks, "Bad": to.person})
    thanks = say("Thank you!", wait="read", then=to.bye)
    bye = say("See you with the next one.", then=END)
    person = handoff("A colleague will look at it.", team="parcels")
