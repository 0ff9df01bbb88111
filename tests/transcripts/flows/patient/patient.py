"""Questions that wait for all of an answer, and one that gives up by itself."""

from parley import END, Audio, Flow, after, ask, choose, handoff, say, to


class Patient(Flow, start=True, expires="2h"):
    story: str = ask("What happened?", join=after("2s"))
    note: str | None = ask("Anything else?", skip="No, thanks", join=after("5s"))
    pages: int = ask("How many pages?", lost=to.unknown)
    done = say("{story} / {note} / {pages}", then=END)
    unknown = choose("I will write that down.", {"Good": END, "A person": to.person}, lost=END)
    person = handoff("One moment.", then=to.story)


class Spoken(Flow, starts_on=["speak"]):
    voice: Audio = ask("Say it, please.")
