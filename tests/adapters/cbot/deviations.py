"""Where we do not send what a documented request of CBOT or of the On-Premises form shows, and why."""

from tests.adapters.examples import Deviation

DEVIATIONS = (
    Deviation("onprem-outbound/text-17.json", "body.render_mentions", "nothing of ours mentions members of a group"),
    Deviation("onprem-outbound/text-17.json", "body.random", "the example's own stray key, which says nothing"),
)  # fmt: skip
