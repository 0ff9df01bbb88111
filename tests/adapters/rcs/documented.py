"""What Interakt documents of RCS and what makes it; nothing of ours differs."""

from tests.adapters.examples import Documented

DOCUMENTED = Documented(
    title="Interakt, RCS",
    folder="rcs",
    made_by={
        "Text Message": "`Text`",
        "Quick Reply Message": "`Buttons`",
        "Button URL": "`CallToAction`",
        "Dialer Action": "`Actions`, `Dial`",
        "Location Action": "`Actions`, `ShowLocation`",
        "Calender Action": "`Actions`, `AddEvent`",
        "Carousel Message": "`Carousel`",
        "Carousel Standalone": "`Carousel` of one `Card`",
        "Carousel (PDF)": "`Carousel`, cards with documents",
        "RichCard (PDF)": "`Carousel` of one `Card` with a document",
        "Send Media Message": "`Media`, image",
        "Send Template API": "`Template`",
        "RCS With SMS Fallback": "`Carousel(sms=...)`",
        "RCS Send Carousel with SMS Fallback Template": "`Template(cards=..., sms=...)`",
    },
)
