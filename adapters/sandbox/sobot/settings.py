"""How the Sobot sandbox behaves; every value has a default that suits a test."""

from typing import Literal

from adapters.sandbox.settings import SandboxSettings


class SobotSettings(SandboxSettings):
    """One business number at the sandbox, and what the page leaves open of its Sobot."""

    display_phone_number: str = "911255501000"
    """The business's own number, which webhooks name and nothing else."""
    api_key: str = "sandbox-access-key"
    """The access key to ask for; `POST /_sandbox/keys` makes a new pair."""
    api_secret: str = "sandbox-secret-key"  # noqa: S105 - opens the sandbox alone
    """The secret key to ask for."""
    errors_with_200: bool = False
    """Whether errors come with HTTP 200, their `code` in the body alone; the page does not say."""
    tap_id: Literal["title", "index"] = "title"
    """What stands as the id of a tapped reply button, which a business cannot choose; the page does not say."""
    taps_name_message: bool = True
    """Whether a tap names the message it was made on (`context`); the page does not say."""
    video_under_image: bool = True
    """Whether a video's file stands under `image`, as the page prints it."""
