"""What a sandbox answers to a request: taken, or refused in the provider's own words."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request."""

    body: JsonValue | bytes
    status: int = 200
    content_type: str = "application/json"
    """Of `bytes`; everything else leaves as JSON under this name."""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Refusal(Exception, ABC):
    """A request that the provider would not take; each provider's own subclass knows the body that says so."""

    code: int | str
    details: str
    status: int = 0
    """The HTTP status; 0 means the one the provider gives for the code."""

    @abstractmethod
    def reply(self, number: int) -> Reply:
        """Return the documented answer.

        Args:
            number: The request's number in the ledger, for ids of errors.
        """
