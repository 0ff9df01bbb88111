"""A Karbot that answers as it is told: Gupshup's answers behind a login."""

from itertools import count

from tests.adapters.cloud.provider import Request
from tests.adapters.gupshup.provider import GupshupProvider


class KarbotProvider(GupshupProvider):
    """Lets everyone in, with a new token each time."""

    def __init__(self) -> None:
        super().__init__()
        self._tokens = count(1)

    @property
    def logins(self) -> list[Request]:
        """The logins that came."""
        return [request for request in self.requests if request.path == "/v1/users/auth/"]

    @property
    def sends(self) -> list[Request]:
        """All else."""
        return [request for request in self.requests if request.path != "/v1/users/auth/"]

    def _accepted(self, request: Request) -> dict[str, object]:
        if request.path == "/v1/users/auth/":
            return {"token": f"token-{next(self._tokens)}"}
        return super()._accepted(request)
