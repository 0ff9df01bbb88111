"""What CBOT and the On-Premises form document, what makes it, and where ours differs, with the reason."""

from tests.adapters.examples import Deviation, Documented

DOCUMENTED = Documented(
    title="CBOT",
    folder="cbot",
    made_by={
        "Sending Messages": "`Text`",
        "Set your callback URL": "`services.webhook.register`",
        "cbot-outbound/onprem-text-1": "`Text`",
        "onprem-outbound/text-17": "`Text(preview_url=True)`",
    },
    deviations=(
        Deviation(
            "Set your callback URL",
            "body.url",
            "the page announces a body and prints none; the address stands where 360dialog's own call has it",
        ),
        Deviation(
            "onprem-outbound/text-17",
            "body.render_mentions",
            "nothing of ours mentions members of a group",
        ),
        Deviation(
            "onprem-outbound/text-17",
            "body.random",
            "the example's own stray key, which says nothing",
        ),
    ),
)
