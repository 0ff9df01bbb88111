"""What people often ask: a menu of faq.toml's titles, or their own words; one answer after another."""

from parley import END, Flow, Topic, ask, choose, say, to


class Faq(
    Flow, starts_on=["faq", "questions", "I have a question", "help me choose"], expires="1h"
):
    """One question at a time; choosing or asking says the answer, which stands in faq.toml."""

    topic: Topic = ask(
        "What would you like to know? Choose, or ask in your own words.", button="Questions"
    )
    more = choose(
        "Anything else?",
        {
            "Another question": to.topic,
            "Order a pizza": to["order"],
            "No, thanks": to.bye,
        },
    )
    bye = say("You are welcome. Write to us whenever you like. 🍕", then=END)
