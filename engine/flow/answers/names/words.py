"""What a language's module says of how its speakers tell their names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameWords:
    """Patterns are alternatives between `|`; a space stands for any spaces. The rest are words between spaces."""

    frame: str
    """Around a name, which stands where `{}` is: "du kannst {} zu mir sagen"."""
    call: str
    """Before the name one wants to be called: "call me ..."."""
    name: str
    """Before a name and nothing else: "my name is ..."."""
    am: str
    """Before a name or before anything else that one is: "I'm ..."."""
    weak: str
    """Before a name, but more often before something else: "for ...", "it's ..."."""
    seeks: str
    """Words before such a one that look for somebody else: "I'm looking for ..."."""
    tail: str
    """Behind a name: "... is my name", "... here"."""
    given: str
    """Before the first of the names where they are told apart: "first name: ..., last name: ..."."""
    family: str
    """The same, before the last."""
    aside: str
    """How a name is spelt, told behind it: "... with a K"."""
    back: str
    """How the same is asked back behind a name: "and you"."""
    trade: str
    """What behind "I'm" is what one does, not a name, where it is not in capitals."""
    after: str
    """Words between one of these and the name: "ich bin *der* ..."."""
    around: str
    """What is said around a name that stands alone, out of politeness; `_` joins what belongs together."""
    titles: str
    """Titles beside those that nameparser knows."""
    binders: str
    """Words that the next one belongs to, whatever that is, or the one behind the `_`: "نصر الله"."""
    stops: str
    """Words that are no names and end one: where one of them stands, there is no name, or it is over."""
