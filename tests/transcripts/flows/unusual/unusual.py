"""Questions that meet photos, reactions and silence."""

from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Flow, Image, ask, say


class Unusual(Flow, start=True):
    size: Literal["Small", "Large"] = ask("Which size?")
    quantity: Annotated[int, Interval(ge=1, le=20)] = ask("How many?")
    photo: Image = ask("A photo of your door, please.")
    note: str | None = ask("A note?", skip="No, thanks")
    done = say("{quantity} x {size}. {note}", then=END)
